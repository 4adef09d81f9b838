"""The core: what can be booked, and what booking does. Knows no framework."""
