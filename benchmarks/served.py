"""A playground in a process of its own, and figures of what its clock saw."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import quantiles

from playground.config import PlaygroundConfig
from playground.serving import Playground


@contextmanager
def playground(config: Callable[[], PlaygroundConfig]) -> Iterator[str]:
    """Serve a playground from another process and give its address."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(theirs, config), daemon=True)
    process.start()
    theirs.close()  # so that its end is noticed
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(pipe: Connection, config: Callable[[], PlaygroundConfig]) -> None:
    async def serve() -> None:
        async with Playground(config()) as served:
            pipe.send(served.base_url)
            await asyncio.to_thread(pipe.recv)

    asyncio.run(serve())


def part(times: list[float], percent: int) -> float:
    """Return the time that so many percent stay within."""
    return quantiles(times, n=100)[percent - 1]
