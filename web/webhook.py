"""Reading a webhook's request without trusting it."""

from fastapi import Request

_READ_AND_DROPPED = 20
"""So many times the limit is read for a sender to hear the refusal; then the line is cut."""


class TooLong(Exception):
    """The body is longer than it may be."""


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body, holding never more than the limit in memory.

    Raises:
        TooLong: it was longer; what was beyond the limit has been dropped.
    """
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length <= limit:
            body += chunk
        elif length > _READ_AND_DROPPED * limit:
            break
    if length > limit:
        raise TooLong
    return bytes(body)


def single_header(request: Request, name: str) -> tuple[str | None, bool]:
    """Return the header's value, and whether it stands there at most once.

    Of two values a proxy may have checked one and we the other.
    """
    values = request.headers.getlist(name)
    return (values[0] if values else None), len(values) <= 1
