"""App Home: what is next, what waits for an answer, and a button for most things."""
