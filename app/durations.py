"""Lengths of time as settings write them: 90s, 5m, 24h, 2d, or plain seconds."""

import re
from datetime import timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Return the length a setting names; a ValueError says what it takes."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is not a length of time; write it like 90s, 5m, 24h or 2d")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2] or "s"])
