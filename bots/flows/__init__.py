"""The conversations themselves, told once for every platform."""
