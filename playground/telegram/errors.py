"""Telegram's refusals, in Telegram's words."""

from typing import Any


class ApiError(Exception):
    """A refusal as a bot receives it: code, description and optional parameters."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str) -> ApiError:
    """400 with the reason worded as the Bot API server words it.

    That server lowers the first letter unless the reason is a code such as ``BUTTON_DATA_INVALID``.
    """
    if reason[1:2] != "_" and not reason[1:2].isupper():
        reason = reason[:1].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized")


def invalid_token() -> ApiError:
    return ApiError(401, "Unauthorized: invalid token specified")


def method_not_found() -> ApiError:
    return ApiError(404, "Not Found: method not found")


def chat_not_found() -> ApiError:
    return bad_request("chat not found")


def blocked_by_the_user() -> ApiError:
    return forbidden("bot was blocked by the user")


def user_is_deactivated() -> ApiError:
    return forbidden("user is deactivated")


def cannot_initiate() -> ApiError:
    return forbidden("bot can't initiate conversation with a user")


def not_in_group(*, supergroup: bool) -> ApiError:
    return forbidden(f"bot is not a member of the {'supergroup' if supergroup else 'group'} chat")


def group_was_upgraded(moved_to: int) -> ApiError:
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": moved_to},
    )


def not_modified() -> ApiError:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )


def query_too_old() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
