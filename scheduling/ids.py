"""Identities: random, short enough for a button, meaningless to whoever guesses."""

import hashlib
import secrets
from typing import NewType

OrganizationId = NewType("OrganizationId", str)
PersonId = NewType("PersonId", str)
ScheduleId = NewType("ScheduleId", str)
CalendarId = NewType("CalendarId", str)
OpeningId = NewType("OpeningId", str)
TimeOffId = NewType("TimeOffId", str)
EventTypeId = NewType("EventTypeId", str)
BookingId = NewType("BookingId", str)
AttendanceId = NewType("AttendanceId", str)
NotificationId = NewType("NotificationId", str)
DraftId = NewType("DraftId", str)
SessionId = NewType("SessionId", str)
OptionId = NewType("OptionId", str)
RequestId = NewType("RequestId", str)
"""Names one user action for life; the same action delivered again carries the same id."""
StartCode = NewType("StartCode", str)
"""What a booking link carries: names an event type, or a coach."""

DEFAULT_ORGANIZATION = OrganizationId("default")

# No 0/O or 1/l/I: codes are read aloud and typed from pictures.
_ALPHABET = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
# Bytes become letters by remainder; those of the last, incomplete round would favour some.
_LETTERS = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))
_UNEVEN = bytes(range(256 // len(_ALPHABET) * len(_ALPHABET), 256))
_ID_LENGTH = 12  # 56**12 is about 2**70: not guessable, and two ids fit into 64 bytes
_CODE_LENGTH = 8


def new_id() -> str:
    """Return a fresh random identity of 12 letters and digits."""
    return _random(_ID_LENGTH)


def new_code() -> StartCode:
    """Return a fresh booking-link code of 8 letters and digits."""
    return StartCode(_random(_CODE_LENGTH))


def _random(length: int) -> str:
    # One draw for all characters: a booking makes a dozen ids, and each draw is a system call.
    letters = b""
    while len(letters) < length:
        letters += secrets.token_bytes(2 * length).translate(_LETTERS, _UNEVEN)
    return letters[:length].decode()


def new_secret() -> str:
    """Return a fresh secret of 256 bits that fits into an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256, which does not lead back to it."""
    return hashlib.sha256(secret.encode()).hexdigest()
