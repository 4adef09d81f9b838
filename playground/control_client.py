"""What driving either platform from Python stands on: calls of the control API, and its events."""

from types import TracebackType
from typing import Any, Self

import httpx

API = "/playground/api"
_DEADLINE = 10.0


class ControlClient:
    """The control API of a playground at ``base_url``; use it as an async context manager."""

    prefix = API
    """What ``call`` puts before each path."""

    def __init__(self, base_url: str, *, deadline: float = _DEADLINE) -> None:
        self.deadline = deadline
        self._http = httpx.AsyncClient(base_url=base_url, timeout=70.0, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def call(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of the control API.

        Raises:
            RuntimeError: the playground refused it; the text says why.
        """
        return await self._call(verb, self.prefix + path, body, query)

    async def events(self, after: int, within: float) -> dict[str, Any]:
        """Events younger than ``after``, waiting up to ``within`` seconds for the first."""
        query = {"after": after, "within": within}
        found: dict[str, Any] = await self._call("GET", f"{API}/events", None, query)
        return found

    async def fetch(self, address: str) -> bytes:
        """The bytes of a file at an address of the playground."""
        response = await self._http.get(address)
        response.raise_for_status()
        return response.content

    async def _call(self, verb: str, path: str, body: Any, query: dict[str, Any]) -> Any:
        wanted = {name: value for name, value in query.items() if value is not None}
        response = await self._http.request(verb, path, json=body, params=wanted)
        if response.is_error:
            raise RuntimeError(f"{verb} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None
