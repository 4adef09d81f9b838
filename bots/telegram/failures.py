"""What Telegram's and the network's refusals mean for a message: the errors of the core."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.telegram.answers import Garbled, NotTelegram
from scheduling.errors import (
    ChatMoved,
    DeliveryDeferred,
    DeliveryError,
    DeliveryUnknown,
    MessageRefused,
    RecipientUnreachable,
)

SOON = timedelta(seconds=1)
LATER = timedelta(seconds=2)
TOKEN_TROUBLE = timedelta(minutes=1)

# The request had not left when these happened, so repeating it can never make two messages.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_UNREACHABLE = {
    "chat not found": "no such chat",
    "user not found": "no such chat",
    "peer_id_invalid": "no such chat",
    "deactivated": "deactivated",
    "blocked": "blocked",
    "no rights": "no rights",
    "not enough rights": "no rights",
    "chat_write_forbidden": "no rights",
    "can't initiate": "not started",
    "kicked": "removed",
    "not a member": "removed",
}
_SAME = "message is not modified"
_ADDRESS = ("url", "wrong http")


def delivery_error(error: TelegramError) -> DeliveryError:
    """Return what the failure of a send or an edit means to whoever asked for it."""
    match error:
        case RetryAfter():
            return DeliveryDeferred(wait_of(error))
        case ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case Forbidden():
            return RecipientUnreachable(_unreachable(error) or "forbidden")
        case InvalidToken():
            return DeliveryDeferred(TOKEN_TROUBLE, whole_bot=True)
        case BadRequest():
            reason = _unreachable(error)
            return RecipientUnreachable(reason) if reason else MessageRefused(error.message)
        case Garbled():
            return DeliveryUnknown(error.message)
        case NotTelegram() | Conflict():
            return DeliveryDeferred(LATER)
        case _:
            return _of_network(error)


def _of_network(error: TelegramError) -> DeliveryError:
    causes = tuple(_chain(error))
    if any(isinstance(cause, _NEVER_SENT) for cause in causes):
        return DeliveryDeferred(SOON)
    if any(isinstance(cause, httpx.HTTPError) for cause in causes):
        return DeliveryUnknown(str(error))
    if isinstance(error, NetworkError):
        return DeliveryDeferred(LATER)  # Telegram's own 5xx
    return DeliveryUnknown(str(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def wait_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks us to wait, at least a second."""
    given = error.retry_after
    length = given if isinstance(given, timedelta) else timedelta(seconds=given)
    return max(length, timedelta(seconds=1))


def in_short(error: TelegramError) -> str:
    """Return what went wrong in words that can never hold an address, and so never the token."""
    if isinstance(error, NotTelegram | Garbled):
        return error.message
    return type(error.__cause__ or error).__name__


def _unreachable(error: TelegramError) -> str | None:
    said = error.message.lower()
    return next((word for sign, word in _UNREACHABLE.items() if sign in said), None)


def shows_it_already(error: TelegramError) -> bool:
    """Say whether an edit was refused because nothing would change, which is success."""
    return _SAME in error.message.lower()


def may_be_sent_anew(error: BadRequest | InvalidToken) -> bool:
    """Say whether a refused edit may be tried as a new message.

    The message is gone, too old, of another kind than we thought, or the server does not know
    how to edit it, which it says with the very code of a wrong token.
    """
    return _unreachable(error) is None


def cannot_be_parsed(error: BadRequest) -> bool:
    """Say whether Telegram did not understand our marks."""
    return "can't parse" in error.message.lower()


def is_about_an_address(error: BadRequest) -> bool:
    """Say whether Telegram dislikes the address of a button."""
    return any(sign in error.message.lower() for sign in _ADDRESS)
