import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bots.intake import PARK_AFTER, InboxWorker, new_error_code
from doubles import FakeClock
from persistence.database import Database
from scheduling.errors import DeliveryDeferred, RecipientUnreachable, StoreUnavailable
from scheduling.people import Platform
from scheduling.ports import ConversationClaim, Inbound
from tasks import a_moment, until

NOW = datetime(2030, 1, 7, 9, tzinfo=UTC)
Reaction = Callable[[Inbound], Awaitable[None]]


class Scripted:
    """An adapter that does what the test says and keeps a list of what it saw."""

    def __init__(self, react: Reaction | None = None) -> None:
        self._react = react
        self.seen: list[str] = []
        self.told: list[str] = []

    async def handle(self, inbound: Inbound) -> None:
        self.seen.append(inbound.key)
        if self._react is not None:
            await self._react(inbound)

    async def apologize(self, inbound: Inbound, code: str) -> None:
        assert len(code) == 4
        self.told.append(inbound.key)


def an_inbound(key: str, conversation: str = "1", received_at: datetime = NOW) -> Inbound:
    return Inbound(Platform.TELEGRAM, "7", key, conversation, "{}", received_at)


def a_worker(database: Database, clock: FakeClock, adapter: Scripted) -> InboxWorker:
    return InboxWorker(database.inbox, clock, {Platform.TELEGRAM: adapter})


def handled(adapter: Scripted) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return len(adapter.seen)

    return count


def handled_rows(database: Database, *, of: int) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return of - await database.inbox.waiting()

    return count


class TestOrder:
    async def test_given_updates_when_worked_off_then_each_chat_sees_them_in_order_and_once(
        self, database: Database, clock: FakeClock
    ) -> None:
        rows = [an_inbound(f"{n:02}", str(n % 3)) for n in range(30)]
        await database.inbox.put(rows)
        await database.inbox.put(rows[::-1])
        adapter = Scripted()

        await a_worker(database, clock, adapter).work_off()

        for chat in range(3):
            mine = [key for key in adapter.seen if int(key) % 3 == chat]
            assert mine == sorted(mine)
        assert len(adapter.seen) == 30
        assert await database.inbox.waiting() == 0

    async def test_given_a_stuck_chat_when_another_writes_then_it_is_answered_meanwhile(
        self, database: Database, clock: FakeClock
    ) -> None:
        stuck, answered = asyncio.Event(), asyncio.Event()

        async def react(inbound: Inbound) -> None:
            if inbound.conversation == "A":
                await stuck.wait()
            answered.set()

        worker = a_worker(database, clock, Scripted(react))
        async with worker.running():
            await database.inbox.put([an_inbound("1", "A"), an_inbound("2", "B")])
            worker.wake()
            async with asyncio.timeout(10):
                await answered.wait()
            await until(handled_rows(database, of=2), 1)
            stuck.set()

        assert await database.inbox.waiting() == 0

    async def test_given_two_workers_when_both_run_then_nothing_is_done_twice(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_inbound(str(n), str(n % 7)) for n in range(60)])
        adapter = Scripted()

        await asyncio.gather(
            a_worker(database, clock, adapter).work_off(),
            a_worker(database, clock, adapter).work_off(),
        )

        assert sorted(adapter.seen, key=int) == [str(n) for n in range(60)]

    async def test_given_a_restart_when_something_waits_then_it_is_handled(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_inbound("1")])
        adapter = Scripted()

        async with a_worker(database, clock, adapter).running():
            await until(handled(adapter), 1)

        assert await database.inbox.waiting() == 0


class TestFailures:
    async def test_given_an_update_that_breaks_when_tried_thrice_then_it_is_set_aside_and_told(
        self, database: Database, clock: FakeClock
    ) -> None:
        async def react(inbound: Inbound) -> None:
            if inbound.key == "1":
                raise LookupError

        adapter = Scripted(react)
        worker = a_worker(database, clock, adapter)
        await database.inbox.put([an_inbound("1"), an_inbound("2")])

        for _ in range(PARK_AFTER + 1):
            await worker.work_off()
            clock.advance(timedelta(seconds=5))

        assert adapter.seen == ["1"] * PARK_AFTER + ["2"]
        assert adapter.told == ["1"]
        assert await database.inbox.waiting() == 0

    async def test_given_no_database_when_handling_then_the_update_waits_and_nobody_is_blamed(
        self, database: Database, clock: FakeClock
    ) -> None:
        lost = 10

        async def react(_: Inbound) -> None:
            nonlocal lost
            lost -= 1
            if lost >= 0:
                raise StoreUnavailable

        adapter = Scripted(react)
        worker = a_worker(database, clock, adapter)
        await database.inbox.put([an_inbound("1")])

        for _ in range(11):
            await worker.work_off()
            clock.advance(timedelta(seconds=5))

        assert adapter.seen == ["1"] * 11
        assert adapter.told == []
        assert await database.inbox.waiting() == 0

    async def test_given_telegram_asks_to_wait_when_handling_then_the_chat_waits_that_long(
        self, database: Database, clock: FakeClock
    ) -> None:
        calls = 0

        async def react(_: Inbound) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise DeliveryDeferred(timedelta(seconds=20))

        worker = a_worker(database, clock, Scripted(react))
        await database.inbox.put([an_inbound("1")])

        await worker.work_off()
        clock.advance(timedelta(seconds=19))
        await worker.work_off()
        before = calls
        clock.advance(timedelta(seconds=2))
        await worker.work_off()

        assert (before, calls) == (1, 2)
        assert await database.inbox.waiting() == 0

    async def test_given_no_way_to_answer_when_half_an_hour_has_passed_then_the_update_is_let_go(
        self, database: Database, clock: FakeClock
    ) -> None:
        async def react(_: Inbound) -> None:
            raise DeliveryDeferred(timedelta(seconds=1))

        adapter = Scripted(react)
        worker = a_worker(database, clock, adapter)
        await database.inbox.put([an_inbound("1", received_at=NOW - timedelta(hours=5))])

        for _ in range(60):
            await worker.work_off()
            clock.advance(timedelta(seconds=61))
            if not await database.inbox.waiting():
                break

        assert clock.now() - NOW > timedelta(minutes=30)
        assert 25 < len(adapter.seen) < 40
        assert adapter.told == []

    async def test_given_a_person_who_left_when_answered_then_the_update_is_done(
        self, database: Database, clock: FakeClock
    ) -> None:
        async def react(_: Inbound) -> None:
            raise RecipientUnreachable("blocked")

        adapter = Scripted(react)
        await database.inbox.put([an_inbound("1")])

        await a_worker(database, clock, adapter).work_off()

        assert adapter.seen == ["1"]
        assert await database.inbox.waiting() == 0

    async def test_given_a_platform_nobody_speaks_when_worked_off_then_the_row_is_set_aside(
        self, database: Database, clock: FakeClock
    ) -> None:
        await database.inbox.put([an_inbound("1")])

        await InboxWorker(database.inbox, clock, {}).work_off()

        assert await database.inbox.waiting() == 0


class TestLeases:
    async def test_given_a_long_answer_when_the_lease_would_end_then_it_is_renewed(
        self, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        going_on, renewals = asyncio.Event(), 0
        renew = database.inbox.renew

        async def counted(claim: ConversationClaim, until: datetime) -> bool:
            nonlocal renewals
            ours = await renew(claim, until)
            renewals += 1
            return ours

        async def renewed() -> int:
            return renewals

        async def react(_: Inbound) -> None:
            await going_on.wait()

        monkeypatch.setattr(type(database.inbox), "renew", lambda _, *given: counted(*given))
        adapter, other = Scripted(react), Scripted()
        worker = a_worker(database, clock, adapter)
        await database.inbox.put([an_inbound("1")])
        async with worker.running():
            await until(handled(adapter), 1)
            for times in range(1, 7):
                clock.advance(timedelta(seconds=6))
                await until(renewed, times)

            await a_worker(database, clock, other).work_off()
            going_on.set()

        assert other.seen == []

    async def test_given_work_in_hand_when_stopping_then_it_is_finished_first(
        self, database: Database, clock: FakeClock
    ) -> None:
        begun, done = asyncio.Event(), asyncio.Event()

        async def react(_: Inbound) -> None:
            begun.set()
            await a_moment()
            done.set()

        worker = a_worker(database, clock, Scripted(react))
        await database.inbox.put([an_inbound("1")])

        async with worker.running():
            await begun.wait()

        assert done.is_set()
        assert await database.inbox.waiting() == 0


class TestTrouble:
    async def test_given_a_worker_when_it_runs_or_not_then_it_says_so(
        self, database: Database, clock: FakeClock
    ) -> None:
        worker = a_worker(database, clock, Scripted())
        before = worker.trouble(NOW)

        async with worker.running():
            during = worker.trouble(NOW)

        assert (before, during, worker.trouble(NOW)) == ("not running", None, "not running")

    def test_given_error_codes_when_made_then_they_differ_and_can_be_read_aloud(self) -> None:
        codes = {new_error_code() for _ in range(50)}

        assert len(codes) > 40
        assert not set("".join(codes)) & set("01OIL")
