import asyncio

import pytest

from scheduling.shared_reads import SharedReads
from tasks import a_moment


class Source:
    """Counts reads; each waits until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        await self.gate.wait()
        return number


class TestSharedReads:
    async def test_given_many_who_ask_at_once_when_read_then_one_read_serves_all(self) -> None:
        reads, source = SharedReads[int](), Source()
        source.gate.set()

        answers = await asyncio.gather(*(reads.get("day", source.read) for _ in range(50)))

        assert (answers, source.begun) == ([1] * 50, 1)

    async def test_given_a_read_that_runs_when_others_ask_then_they_get_the_next_one(self) -> None:
        reads, source = SharedReads[int](), Source()
        first = asyncio.create_task(reads.get("day", source.read))
        await a_moment()

        later = [asyncio.create_task(reads.get("day", source.read)) for _ in range(9)]
        await a_moment()
        assert source.begun == 1
        source.gate.set()

        assert await first == 1
        assert await asyncio.gather(*later) == [2] * 9

    async def test_given_other_questions_when_asked_then_they_do_not_wait(self) -> None:
        reads, stuck, quick = SharedReads[int](), Source(), Source()
        quick.gate.set()
        waiting = asyncio.create_task(reads.get("day", stuck.read))
        await a_moment()

        assert await reads.get("night", quick.read) == 1

        stuck.gate.set()
        assert await waiting == 1

    async def test_given_a_read_that_fails_when_asked_again_then_it_is_read_again(self) -> None:
        reads, source = SharedReads[int](), Source()
        source.gate.set()

        async def fail() -> int:
            raise ConnectionError

        with pytest.raises(ConnectionError):
            await reads.get("day", fail)

        assert await reads.get("day", source.read) == 1

    async def test_given_one_who_gives_up_when_read_then_the_others_get_their_answer(self) -> None:
        reads, source = SharedReads[int](), Source()
        leaving = asyncio.create_task(reads.get("day", source.read))
        staying = asyncio.create_task(reads.get("day", source.read))
        await a_moment()

        leaving.cancel()
        source.gate.set()

        assert await staying == 1
        assert source.begun == 1
