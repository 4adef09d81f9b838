"""A Bot API that answers what a test writes down, byte by byte."""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

Answer = tuple[int, bytes]
UNKNOWN: Answer = (
    404,
    b'{"ok":false,"error_code":404,"description":"Not Found: method not found"}',
)


class CannedApi:
    """Answers each method with what it was given for it; of several answers, the last stays."""

    def __init__(self, answers: dict[str, Answer | list[Answer]]) -> None:
        self._answers = {
            method: list(given) if isinstance(given, list) else [given]
            for method, given in answers.items()
        }
        self.calls: list[tuple[str, dict[str, str]]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def asked(self, method: str) -> list[dict[str, str]]:
        return [fields for name, fields in self.calls if name == method]

    async def count(self, method: str) -> int:
        return len(self.asked(method))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        body = await reader.readexactly(length)
        method = path.rpartition("/")[2]
        fields = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
        self.calls.append((method, fields))
        waiting = self._answers.get(method, [UNKNOWN])
        status, answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        writer.write(
            b"HTTP/1.1 %d Said\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (status, len(answer), answer)
        )
        await writer.drain()
        writer.close()
