"""What Slack's and the network's refusals mean for a message: the errors of the core."""

from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from scheduling.errors import (
    DeliveryDeferred,
    DeliveryError,
    DeliveryUnknown,
    MessageRefused,
    RecipientUnreachable,
)

SOON = timedelta(seconds=1)
LATER = timedelta(seconds=2)
TOKEN_TROUBLE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)

FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError)
"""Everything a call may raise."""

_TOO_MANY = 429
_GONE = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "users_not_found",
    "user_not_in_channel", "user_disabled", "user_not_visible", "cannot_dm_bot",
    "cannot_dm_self", "messages_tab_disabled", "restricted_action",
    "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
    "no_permission", "not_in_dm", "invalid_user_combination", "channel_not_accessible",
    "posting_to_channel_denied", "access_denied", "cannot_find_channel", "invalid_channel",
    "account_inactive", "token_revoked", "token_expired", "org_login_required",
    "team_access_not_granted", "team_not_found", "enterprise_is_restricted", "ekm_access_denied",
})  # fmt: skip
_TOKEN = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope"})
_BUSY = frozenset({
    "service_unavailable", "team_added_to_org", "accesslimited", "external_channel_migrating",
    "internal_error", "request_timeout", "ratelimited", "rate_limited", "message_limit_exceeded",
})  # fmt: skip
_LOST_CARD = frozenset({
    "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive",
    "cant_broadcast_message", "update_failed",
})  # fmt: skip
_DRAWING = frozenset({
    "invalid_blocks", "invalid_blocks_format", "block_mismatch", "msg_blocks_too_long",
    "invalid_attachments", "slack_connect_blocked_file_type", "invalid_arguments",
})  # fmt: skip
_NO_UPLOADS = frozenset({
    "file_uploads_disabled", "file_uploads_except_images_disabled", "file_type_not_allowed",
    "slack_connect_file_upload_sharing_blocked", "slack_connect_file_uploads_disabled",
    "blocked_file_type", "slack_connect_blocked_file_type", "file_upload_size_restricted",
    "storage_limit_reached", "missing_scope", "unknown_method", "method_not_supported",
    "posting_to_general_channel_denied", "files_upload_disabled", "upload_not_allowed",
})  # fmt: skip


class NotSlack(SlackClientError):
    """Something on the way answered instead: a proxy's page, a gateway's error."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} and not an answer of Slack's")
        self.status = status


class Garbled(SlackClientError):
    """Slack answered "done" in words we cannot read: it has probably taken the request."""


class ResponseUrlOver(SlackClientError):
    """The address of an interaction takes nothing any more: 30 minutes, or 5 uses, are over."""


def code_of(error: BaseException) -> str:
    """Return Slack's own word for a refusal; empty where Slack said none."""
    if not isinstance(error, SlackApiError):
        return ""
    try:
        said = error.response.get("error")
    except AttributeError:
        return ""
    return said if isinstance(said, str) else ""


def status_of(error: BaseException) -> int:
    """Return the HTTP status of an answer; 0 where there was none."""
    if isinstance(error, NotSlack):
        return error.status
    status = getattr(getattr(error, "response", None), "status_code", 0)
    return status if isinstance(status, int) else 0


def delivery_error(error: BaseException) -> DeliveryError:
    """Return what the failure of a call means to whoever asked for it."""
    code, status = code_of(error), status_of(error)
    if status == _TOO_MANY or code in {"ratelimited", "rate_limited"}:
        return DeliveryDeferred(_wait_of(error))
    if code in _GONE:
        return RecipientUnreachable(code)
    if code in _TOKEN:
        return DeliveryDeferred(TOKEN_TROUBLE)
    if code == "fatal_error":
        return DeliveryUnknown(code)  # documented: some of it may have been done
    if code in _BUSY or status >= 500:
        return DeliveryDeferred(LATER)
    if code:
        return MessageRefused(code)
    return _of_network(error)


def _of_network(error: BaseException) -> DeliveryError:
    # The request had not left when these happened, so repeating it never makes two messages.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ServerTimeoutError | NotSlack):
        if isinstance(error, aiohttp.SocketTimeoutError):
            return DeliveryUnknown(type(error).__name__)
        return DeliveryDeferred(LATER if isinstance(error, NotSlack) else SOON)
    if isinstance(error, aiohttp.InvalidURL):
        return MessageRefused("address")
    return DeliveryUnknown(type(error).__name__)


def _wait_of(error: BaseException) -> timedelta:
    """Return how long Slack asks us to wait, at least a second."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name in ("Retry-After", "retry-after"):
        try:
            seconds = float(headers.get(name) or 0)
        except (TypeError, ValueError, AttributeError):
            continue
        if 0 < seconds < 1_000_000:
            return min(max(timedelta(seconds=seconds), SOON), _LONGEST_WAIT)
    return SOON


def in_short(error: BaseException) -> str:
    """Return what went wrong in words that can never hold a token or an address."""
    return code_of(error) or (str(error) if isinstance(error, NotSlack) else type(error).__name__)


def lost_card(error: BaseException) -> bool:
    """Say whether a message can no longer be edited, though its channel can be written to."""
    return code_of(error) in _LOST_CARD


def dislikes_blocks(error: BaseException) -> bool:
    """Say whether Slack refused how the message is drawn."""
    return code_of(error) in _DRAWING


def forbids_uploads(error: BaseException) -> bool:
    """Say whether files cannot be sent there."""
    return code_of(error) in _NO_UPLOADS


def wrong_token(error: BaseException) -> bool:
    """Say whether Slack does not know the token, or knows it no longer."""
    return code_of(error) in {
        "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
    }  # fmt: skip
