"""One call of a method: its parameters and uploads, read the way the Bot API server reads them."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from playground.telegram.errors import bad_request

_INTEGER = re.compile(r"\s*[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Call:
    """A method name and what came with it."""

    method: str
    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int = 0) -> int:
        """The number at the beginning of the value; like the server, 0 for what is no number."""
        value = self.text(name)
        if not value:
            return default
        found = _INTEGER.match(value)
        return int(found.group()) if found else 0

    def clamped(self, name: str, default: int, least: int, most: int) -> int:
        return max(least, min(most, self.integer(name, default)))

    def json(self, name: str, failure: str) -> Any:
        """The decoded JSON value, or None when the parameter is absent.

        Raises:
            ApiError: 400 with ``failure`` when it is not JSON.
        """
        value = self.text(name)
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(failure) from None

    def upload(self, name: str) -> Upload | None:
        """The file sent as this parameter, directly or through ``attach://``."""
        if name in self.files:
            return self.files[name]
        return self.attached(self.text(name))

    def attached(self, reference: str) -> Upload | None:
        if not reference.startswith("attach://"):
            return None
        return self.files.get(reference.removeprefix("attach://"))


def read_call(method: str, query: str, content_type: str, body: bytes) -> Call:
    """Merge query string and body; a later value wins, as it does in the Bot API server."""
    call = Call(method.lower(), dict(parse_qsl(query, keep_blank_values=True)))
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/json" and body:
        call.values.update(_from_json(body))
    elif kind == "application/x-www-form-urlencoded":
        call.values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif kind == "multipart/form-data":
        _read_multipart(call, content_type, body)
    return call


def _from_json(body: bytes) -> dict[str, str]:
    try:
        values = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON in the request body") from None
    if not isinstance(values, dict):
        raise bad_request("object expected in the request body")
    return {
        str(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None
    }


_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(r'\bname="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_FILENAME = re.compile(r'\bfilename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_TYPE = re.compile(r"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def _read_multipart(call: Call, content_type: str, body: bytes) -> None:
    found = _BOUNDARY.search(content_type)
    if not found:
        raise bad_request("boundary field not found")
    delimiter = b"\r\n--" + found.group(1).encode("latin-1")
    for part in (b"\r\n" + body).split(delimiter)[1:]:
        if part.startswith(b"--"):
            break
        head, separator, content = part.partition(b"\r\n\r\n")
        if separator:
            _keep_part(call, head.decode("utf-8", "replace"), content)


def _keep_part(call: Call, head: str, content: bytes) -> None:
    name = _NAME.search(head)
    if not name:
        return
    filename, mime = _FILENAME.search(head), _TYPE.search(head)
    if filename is None:
        call.values[name.group(1)] = content.decode("utf-8", "replace")
        return
    call.files[name.group(1)] = Upload(
        name=_unquoted(filename.group(1)),
        mime=mime.group(1) if mime else "application/octet-stream",
        data=content,
    )


def _unquoted(name: str) -> str:
    return name.replace("%22", '"').replace('\\"', '"').replace("\\\\", "\\")
