"""What the people on the page do, what tests ask, and the stream of what happens."""
