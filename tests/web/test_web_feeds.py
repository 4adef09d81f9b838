"""Calendar feeds: whose they are, what stands in them, and who learns nothing from asking."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
import vobject

from builders.people import acting
from builders.times import at
from postroom import PostRoom
from reminders.ics import IcsFiles
from scheduling.model import BookingDetails
from scheduling.people import Person

START = at("2030-01-09 10:00")


class TestWhatIsInIt:
    async def test_given_host_and_student_when_read_then_each_has_their_own_title(
        self, browse: Any, room: PostRoom
    ) -> None:
        host, _, kind = await room.coach()
        student, _ = await room.meet()
        await room.people.set_phone(acting(student), "+351912345678")
        await room.book(student, kind, START)

        async with browse(database=room.database) as client:
            of_host = await client.get(await _path(room, host))
            of_student = await client.get(await _path(room, student))

        assert _summaries(of_host.text) == ["Piano lesson: Mia Costa"]
        assert _summaries(of_student.text) == ["Piano lesson with Ana"]
        assert "912345678" not in of_host.text + of_student.text
        assert "VALARM" not in of_host.text
        assert of_host.headers["content-type"] == "text/calendar; charset=utf-8"
        assert of_host.headers["cache-control"] == "private, no-store"
        assert of_host.headers["referrer-policy"] == "no-referrer"

    async def test_given_bookings_weeks_apart_when_read_then_each_stands_once_by_start(
        self, browse: Any, room: PostRoom
    ) -> None:
        host, _, kind = await room.coach()
        student, _ = await room.meet()
        days = ["2030-01-21 09:00", "2030-01-08 09:00", "2030-02-20 09:00"]
        for day in days:
            await room.book(student, kind, at(day))

        async with browse(database=room.database) as client:
            answer = await client.get(await _path(room, host))

        starts = [event.dtstart.value for event in vobject.readOne(answer.text).vevent_list]
        assert starts == sorted(at(day) for day in days)

    async def test_given_a_tag_when_nothing_changed_then_304_and_after_a_move_it_is_new(
        self, browse: Any, room: PostRoom
    ) -> None:
        _, _, kind = await room.coach()
        student, _ = await room.meet()
        booking = await room.book(student, kind, START)
        path = await _path(room, student)

        async with browse(database=room.database) as client:
            first = await client.get(path)
            headers = {"If-None-Match": f'"other", {first.headers["etag"]}'}
            same = await client.get(path, headers=headers)
            await room.move(student, booking, at("2030-01-10 10:00"))
            moved = await client.get(path, headers=headers)

        assert (same.status_code, same.content) == (304, b"")
        assert moved.status_code == 200
        assert "20300110T100000Z" in moved.text

    async def test_given_a_feed_when_only_its_head_is_asked_for_then_it_is_answered(
        self, browse: Any, room: PostRoom
    ) -> None:
        student, _ = await room.meet()

        async with browse(database=room.database) as client:
            answer = await client.head(await _path(room, student))

        assert (answer.status_code, answer.content) == (200, b"")

    async def test_given_a_feed_when_composed_then_that_is_done_beside_the_loop_and_once(
        self, browse: Any, room: PostRoom
    ) -> None:
        student, _ = await room.meet()
        files = Watched()
        path = await _path(room, student)

        async with browse(files=files, database=room.database) as client:
            for _ in range(3):
                await client.get(path)

        assert len(files.threads) == 1
        assert files.threads[0] != threading.get_ident()


class TestWhoLearnsNothing:
    async def test_given_anything_wrong_when_asked_then_every_answer_is_the_same(
        self, browse: Any, room: PostRoom
    ) -> None:
        student, _ = await room.meet()
        revoked = await _path(room, student)
        await room.people.revoke_feed(acting(student))
        wrong = [
            revoked,
            f"/feeds/{'a' * 43}.ics",
            "/feeds/short.ics",
            f"/feeds/{'a' * 43}",
            f"/feeds/{'%00' * 43}.ics",
            f"/feeds/{'é' * 43}.ics",
            "/nowhere",
        ]

        async with browse(database=room.database) as client:
            answers = [await client.get(path) for path in wrong]

        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({_without_date(answer.headers) for answer in answers}) == 1

    async def test_given_a_new_secret_when_the_old_is_asked_for_then_it_is_gone_at_once(
        self, browse: Any, room: PostRoom
    ) -> None:
        student, _ = await room.meet()

        async with browse(database=room.database) as client:
            old = await _path(room, student)
            before = await client.get(old)
            new = await _path(room, student)
            after, fresh = await client.get(old), await client.get(new)

        assert [a.status_code for a in (before, after, fresh)] == [200, 404, 200]

    async def test_given_feeds_read_when_the_log_is_searched_then_no_secret_is_in_it(
        self,
        browse: Any,
        room: PostRoom,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        student, _ = await room.meet()
        path = await _path(room, student)
        caplog.set_level(logging.DEBUG)
        for name in ("httpx", "httpcore"):
            caplog.set_level(logging.CRITICAL, name)  # the client of this test, not slotbook

        async with browse(database=room.database) as client:
            await client.get(path)

        assert path.removeprefix("/feeds/") not in caplog.text
        assert path.removeprefix("/feeds/") not in "".join(capsys.readouterr())


class Watched(IcsFiles):
    """Notes in which thread feeds are composed."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def feed(self, owner: Person, bookings: Sequence[BookingDetails], *, now: datetime) -> bytes:
        self.threads.append(threading.get_ident())
        return super().feed(owner, bookings, now=now)


async def _path(room: PostRoom, person: Person) -> str:
    return f"/feeds/{await room.people.issue_feed(acting(person))}.ics"


def _summaries(text: str) -> list[str]:
    return [event.summary.value for event in vobject.readOne(text).vevent_list]


def _without_date(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((k, v) for k, v in headers.items() if k != "date"))
