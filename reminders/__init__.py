"""The outbox's dispatcher, the clock that wakes it, and calendar files."""
