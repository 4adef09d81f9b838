"""The Bot API itself: state, methods, errors, delivery of updates."""
