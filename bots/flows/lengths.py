"""Lengths and numbers as people type them: "45", "1h30", "2 days", "1 day, 1 h, 10 min"."""

import re
from datetime import timedelta

_UNITS = {
    "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1,
    "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60,
    "d": 1440, "day": 1440, "days": 1440,
    "w": 10080, "week": 10080, "weeks": 10080,
}  # fmt: skip
_PIECE = re.compile(r"\s*(\d{1,5})(?:[.,](5))?\s*([a-z]*)\.?", re.IGNORECASE)
_WORDS = {"half an hour": "30 min", "an hour": "1 h", "a day": "1 day", "a week": "1 week"}
_PARTED = re.compile(r"\s*(?:,|;|\band\b|\+)\s*")
NOTHING_WORDS = frozenset({"0", "none", "no", "off", "nothing", "never", "-"})


def read_length(text: str, *, unit: int = 1) -> timedelta | None:
    """Return the length typed; a bare number counts in ``unit`` minutes. None if it is none."""
    plain = " ".join(text.lower().split())
    for words, meaning in _WORDS.items():
        plain = plain.replace(words, meaning)
    minutes, end, last = 0.0, 0, 0
    while found := _PIECE.match(plain, end):
        amount = int(found[1]) + (0.5 if found[2] else 0)
        scale = _UNITS.get(found[3]) if found[3] else (1 if last == 60 else unit)
        if scale is None:
            return None
        minutes, end, last = minutes + amount * scale, found.end(), scale
    if not end or plain[end:].strip() or minutes != int(minutes):
        return None
    return timedelta(minutes=int(minutes))


def read_lengths(text: str) -> tuple[timedelta, ...] | None:
    """Return several lengths, the longest first and each once; () for a word that means none."""
    if text.strip().lower() in NOTHING_WORDS:
        return ()
    lengths = [read_length(piece) for piece in _PARTED.split(text.strip()) if piece]
    known = {length for length in lengths if length}
    if not lengths or len(known) != len(lengths):
        return None
    return tuple(sorted(known, reverse=True))


def read_number(text: str) -> int | None:
    """Return a whole number typed alone, 0 for a word that means none."""
    plain = text.strip().lower()
    if plain in NOTHING_WORDS:
        return 0
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 5 else None
