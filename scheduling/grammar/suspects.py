"""What may not pass for a name beside a time: slips, and marks that nobody sees."""

import re
import unicodedata
from collections.abc import Set
from difflib import get_close_matches

from scheduling.grammar.clocks import likely_end
from scheduling.grammar.lexer import Cursor
from scheduling.grammar.words import ENGLISH, MONTH_NAMES

_EXAMPLE_TIME = "17:00"
_AFTER_NUMBER = ("clock half", "unit", "long unit", "month", "ordinal", "past")
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")  # reorder what is shown
_KNOWN = [phrase for phrase in ENGLISH if len(phrase) > 2]


def refuse_unreadable(cursor: Cursor) -> None:
    """Refuse a mark that cannot be seen or stored, and '24/12', whose order differs by country."""
    token, since = cursor.peek(), cursor.at
    if token.kind == "other" and (
        unicodedata.category(token.text) in ("Cc", "Cs")
        or unicodedata.bidirectional(token.text) in _TURNING
    ):
        raise cursor.stuck(since, "", through=since)
    month = cursor.peek(2)
    if token.kind != "num" or cursor.peek(1).text != "/" or month.kind != "num":
        return
    if token.number <= 31 and 1 <= month.number <= 12 and (token.number, month.number) != (1, 1):
        written = f"{token.number} {MONTH_NAMES[month.number - 1]}"
        year = cursor.peek(4) if cursor.peek(3).text == "/" else None
        if year and year.kind in ("year", "num"):
            written += f" {year.number + (0 if year.kind == 'year' else 2000)}"
        raise cursor.stuck(since, written, through=since + (4 if year else 2))


def refuse_times_among(cursor: Cursor, read: Set[int]) -> None:
    """Refuse what looks like a time but was not read; nobody is called '25:00'."""
    for index, token in enumerate(cursor.tokens):
        if index in read:
            continue
        cursor.at = index
        after, beyond = cursor.peek(1), cursor.peek(2)
        hour_range = token.kind == "num" and after.kind == "dash" and beyond.kind == "num"
        if hour_range and beyond.attached and len(token.text) == 2 and token.number < 24:
            raise cursor.stuck(index, f"{token.text}-{likely_end(token.number * 60)}")
        if token.kind == "num" and after.kind in _AFTER_NUMBER and index + 1 not in read:
            hint = _EXAMPLE_TIME if after.kind == "clock half" else ""
            raise cursor.stuck(index, hint, through=index + 1)
        if token.kind in ("dotted", "iso") or re.fullmatch(r"[0-9]{1,2}[:.][0-9]{2}", token.text):
            raise cursor.stuck(index, _EXAMPLE_TIME, through=index)


def spelled_right(cursor: Cursor) -> list[str]:
    """Return the text with each word put right that is nearly a word of time."""
    text = cursor.text
    words = [token for token in cursor.tokens if token.kind == "word"]
    near = [(one, get_close_matches(one.text.lower(), _KNOWN, 1, 0.75)) for one in words]
    return [text[: one.start] + found[0] + text[one.end :] for one, found in near if found]
