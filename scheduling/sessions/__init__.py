"""Group sessions: a time a team agrees on, or a time with seats that people join."""
