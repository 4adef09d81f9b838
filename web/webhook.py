"""Reading a webhook's request without trusting it."""

from fastapi import Request


class TooLong(Exception):
    """The body is longer than it may be; the rest of it was not read."""


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body, holding never more than the limit in memory.

    Raises:
        TooLong: by its own word, or by what came.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise TooLong
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLong
    return bytes(body)


def single_header(request: Request, name: str) -> tuple[str | None, bool]:
    """Return the header's value, and whether it stands there at most once.

    Of two values a proxy may have checked one and we the other.
    """
    values = request.headers.getlist(name)
    return (values[0] if values else None), len(values) <= 1
