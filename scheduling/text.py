"""Words people type: taken as meant, without the marks that would trick a reader or a sink."""

import re
import unicodedata

from scheduling.errors import InputRefused

NAME_LIMIT = 64
TITLE_LIMIT = 80
NOTE_LIMIT = 500
REASON_LIMIT = 300
ANSWER_LIMIT = 500
PLACE_LIMIT = 200
DESCRIPTION_LIMIT = 300
QUESTION_LIMIT = 200
LINK_LIMIT = 500

_BLANK = re.compile(r"\s+")
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[^@\s<>\"(),:;\\\[\]]{1,190}\.[^@\s.]{2,63}")
_LINK = re.compile(r"https://[^\s/@\"'<>\\]{3,253}(/[^\s\"'<>\\]*)?")
# Invisible, and only good for making a name look like another one, or read backwards. Joiners
# (U+200C, U+200D) and direction marks (U+200E, U+200F) stay: scripts and emoji need them.
_TRICKS = frozenset(
    [*range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x061C, 0x200B, 0xFEFF, 0x180E, 0xFFFE, 0xFFFF]
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Mn", "Me", "Zs", "Zl", "Zp"})


def clean(field: str, text: str, limit: int) -> str:
    """Return the text on one line, composed (NFC), without control and trick characters.

    Raises:
        InputRefused: nothing visible is left ("empty"), or more than ``limit`` characters are
            ("too_long"); ``field`` says of what.
    """
    tidy = _tidy(text)
    if not tidy:
        raise InputRefused(field, "empty")
    if len(tidy) > limit:
        raise InputRefused(field, "too_long", limit)
    return tidy


def clean_or_none(field: str, text: str | None, limit: int) -> str | None:
    """Return the cleaned text, or None where there is none or nothing of it is visible."""
    if text is None or not _tidy(text):
        return None
    return clean(field, text, limit)


def cut(text: str, limit: int) -> str:
    """Return cleaned text shortened to the limit, for names that come from elsewhere."""
    return _tidy(_tidy(text)[:limit])


def clean_phone(text: str) -> str:
    """Return a phone number as + and digits (digits alone where no + was given).

    Raises:
        InputRefused: it is not one.
    """
    number = re.sub(r"[\s().\-/]", "", _tidy(text))
    if not _PHONE.fullmatch(number) or not number.isascii():
        raise InputRefused("phone", "not_valid")
    return number


def clean_email(text: str) -> str:
    """Return an e-mail address.

    Raises:
        InputRefused: it is not one.
    """
    address = _tidy(text)
    if not _EMAIL.fullmatch(address):
        raise InputRefused("email", "not_valid")
    return address


def clean_link(field: str, text: str) -> str:
    """Return an https address without a user in it.

    Raises:
        InputRefused: it is not one.
    """
    address = _tidy(text)
    if len(address) > LINK_LIMIT:
        raise InputRefused(field, "too_long", LINK_LIMIT)
    if not _LINK.fullmatch(address):
        raise InputRefused(field, "not_valid")
    return address


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(mark for mark in composed if _keeps(mark))
    line = _BLANK.sub(" ", kept).strip()
    return line if any(unicodedata.category(mark) not in _UNSEEN for mark in line) else ""


def _keeps(mark: str) -> bool:
    if mark.isspace():
        return True  # becomes a blank
    return unicodedata.category(mark) not in {"Cc", "Cs"} and ord(mark) not in _TRICKS
