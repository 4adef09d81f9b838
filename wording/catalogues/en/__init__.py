"""English: complete, and what every other language falls back to."""
