"""The tick: jobs run at intervals, one run at a time, whatever one of them does."""

import asyncio
from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest

from app.clock import SystemClock
from doubles import FakeClock
from reminders.timer import Job, Timer
from scheduling.errors import StoreUnavailable
from tasks import until

QUICK = timedelta(milliseconds=20)
SLOW = timedelta(hours=1)


class Counted:
    """A job that counts its runs, and may fail or hold."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs, self.ended, self.error = 0, 0, error
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> None:
        self.runs += 1
        await self.go.wait()
        if self.error:
            raise self.error
        self.ended += 1

    async def count(self) -> int:
        return self.runs


class TestTimer:
    async def test_given_jobs_when_running_then_each_begins_at_once_and_repeats(self) -> None:
        often, seldom = Counted(), Counted()
        timer = Timer(SystemClock(), [Job("often", QUICK, often), Job("seldom", SLOW, seldom)])

        async with timer.running():
            await until(often.count, 3)
            trouble = timer.trouble(SystemClock().now())

        assert seldom.runs == 1
        assert trouble is None
        assert timer.trouble(SystemClock().now()) == "not running"

    async def test_given_a_failing_job_when_running_then_it_is_tried_again_and_others_go_on(
        self,
    ) -> None:
        broken, away, sound = Counted(KeyError("x")), Counted(StoreUnavailable()), Counted()
        jobs = [Job("broken", QUICK, broken), Job("away", QUICK, away), Job("sound", QUICK, sound)]

        async with Timer(SystemClock(), jobs).running():
            for job in (broken, away, sound):
                await until(job.count, 2)

        assert broken.ended == away.ended == 0

    async def test_given_a_long_run_when_its_time_comes_again_then_it_is_left_out(self) -> None:
        long, other = Counted(), Counted()
        long.go.clear()
        jobs = [Job("long", QUICK, long), Job("other", QUICK, other)]

        async with Timer(SystemClock(), jobs).running():
            await until(other.count, 4)
            at_once = long.runs
            long.go.set()
            await until(long.count, 2)

        assert at_once == 1

    async def test_given_a_run_under_way_when_stopped_then_it_is_finished(self) -> None:
        job = Counted()
        job.go.clear()
        timer = Timer(SystemClock(), [Job("job", SLOW, job)])

        async with timer.running():
            await until(job.count, 1)
            asyncio.get_running_loop().call_later(0.05, job.go.set)

        assert job.ended == 1

    async def test_given_no_tick_for_half_a_minute_when_asked_then_it_is_trouble(
        self, clock: FakeClock
    ) -> None:
        job = Counted()
        timer = Timer(clock, [Job("job", SLOW / 360, job)])

        async with timer.running():
            await until(job.count, 1)
            clock.advance(timedelta(seconds=31))
            trouble = timer.trouble(clock.now())

        assert trouble == "no tick for 0:00:31"

    async def test_given_the_machines_clock_set_back_when_noticed_then_jobs_go_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        machine = Machine()
        for module in ("schedulers.base", "triggers.interval", "triggers.date"):
            monkeypatch.setattr(f"apscheduler.{module}.datetime", machine.datetime)
        job = Counted()

        async with Timer(machine, [Job("job", QUICK, job)]).running():
            await until(job.count, 2)
            machine.offset = -timedelta(hours=1)
            before = job.runs
            await until(job.count, before + 4)

        assert job.ended == job.runs


class Machine:
    """A machine whose wall clock can be set; its waiting is not touched by that, and short."""

    def __init__(self) -> None:
        self.offset = timedelta()
        machine = self

        class Datetime(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                moment = machine.now().astimezone(tz)
                return cls.fromtimestamp(moment.timestamp(), tz)

        self.datetime = Datetime

    def now(self) -> datetime:
        return SystemClock().now() + self.offset

    async def sleep(self, length: timedelta) -> None:
        await SystemClock().sleep(min(length, timedelta(milliseconds=50)))
