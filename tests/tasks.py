"""Waiting for what happens beside a test, without guessing how long it takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

_MOMENT = 0.005
_DEADLINE = 20.0


@asynccontextmanager
async def running(coroutine: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run it beside the block; a failure of its own fails the test."""
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def a_moment() -> None:
    """Let everything else run."""
    loop = asyncio.get_running_loop()
    passed = loop.create_future()
    loop.call_later(_MOMENT, passed.set_result, None)
    await passed


async def until(count: Callable[[], Awaitable[int]], least: int) -> None:
    """Wait until as many are counted; a TimeoutError after 20 seconds."""
    async with asyncio.timeout(_DEADLINE):
        while await count() < least:
            await a_moment()
