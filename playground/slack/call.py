"""One call of the Web API, read from any of the encodings Slack takes."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from playground.slack.errors import SlackError


@dataclass(slots=True)
class Call:
    """A method's name and its arguments: strings from forms, anything from JSON."""

    method: str
    values: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    basic: tuple[str, str] | None = None

    def text(self, name: str) -> str:
        """The argument as text; empty when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """The argument as text.

        Raises:
            SlackError: it is absent or empty.
        """
        value = self.text(name)
        if value:
            return value
        if error != "invalid_arguments":
            raise SlackError(error)
        told = f"[ERROR] missing required field: {name}"
        raise SlackError(error, response_metadata={"messages": [told]})

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value in (True, 1) or str(value).lower() in {"1", "true"}

    def integer(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def names(self, name: str) -> list[str]:
        """A list given as JSON or as one string with commas."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def json(self, name: str, error: str) -> Any:
        """The argument as JSON, parsed where it came as text; None when absent.

        Raises:
            SlackError: ``error``, when it is no JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None


def read_call(method: str, query: str, content_type: str, authorization: str, body: bytes) -> Call:
    """Merge query string and body, and find the token.

    Raises:
        SlackError: the body is not what its type says.
    """
    call = Call(method, dict(parse_qsl(query, keep_blank_values=True)))
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json" and body:
        call.values.update(_from_json(body))
    elif kind == "application/x-www-form-urlencoded":
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise SlackError("invalid_charset") from None
        call.values.update(parse_qsl(text, keep_blank_values=True))
    elif body:
        raise SlackError("invalid_post_type")
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        call.token = given.strip()
    elif scheme.lower() == "basic":
        call.basic = _basic(given)
    call.token = call.token or call.text("token")
    call.values.pop("token", None)
    return call


def _basic(given: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(given).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_auth") from None
    return name, secret


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(values, dict):
        raise SlackError("json_not_object")
    return {str(name): value for name, value in values.items() if value is not None}
