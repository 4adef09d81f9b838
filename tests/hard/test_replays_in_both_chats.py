"""Everything delivered five times, shuffled and at once, in both chats: one effect each."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from both_desk import BothDesk, acting, both_chats
from bots.callback_data import encode
from builders.times import at
from fake_slack import TEAM
from persistence.tables import inbox, outbox, session_votes
from scheduling.commands import BookSlot
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.messages import Action
from scheduling.model import SeatStatus
from scheduling.moments import Interval
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.commands import AskTimes, OpenSession
from scheduling.sessions.model import Session

TIMES = 5
PEOPLE = 20
HOUR = timedelta(hours=1)
FIRST = at("2027-01-05 10:00")
NEWS = (
    select(outbox.c.kind, outbox.c.booking_id, outbox.c.person_id, func.count())
    .where(outbox.c.kind.in_(["booked", "running_late", "cancelled", "session_settled"]))
    .group_by(outbox.c.kind, outbox.c.booking_id, outbox.c.person_id)
)
CHANNEL = Recipient(Platform.SLACK, TEAM, "C0DESIGN")
Deliver = Callable[[], Awaitable[httpx.Response]]


class Town:
    """People with something to press, in both chats."""

    def __init__(self, desk: BothDesk) -> None:
        self.desk = desk
        self.deliveries: list[Deliver] = []

    async def prepare(self) -> None:
        """Make bookings, a poll and an open session, and one delivery of each input."""
        desk = self.desk
        host = await desk.in_slack("U0ANA", "Ana Ruiz")
        kind = await desk.offers(host, "Piano lesson")
        users = [f"USAM{each}" for each in range(PEOPLE)]
        members = [await desk.in_slack(user, f"Sam {user}") for user in users]
        half = PEOPLE // 2
        polls = [await self._poll(each) for each in (members[:half], members[half:])]
        self.polls, self.open = polls, await self._open()
        phones = [9000 + each for each in range(PEOPLE)]
        for number, (phone, user, member) in enumerate(zip(phones, users, members, strict=True)):
            mia = await desk.in_telegram(phone, f"Mia {phone}")
            for person, day in ((mia, 1), (member, 12)):
                start = at(f"2026-12-{day + number // 5:02} {8 + 2 * (number % 5):02}:00")
                booking = await desk.slotbook.services.booking.book(
                    BookSlot(
                        actor=acting(person),
                        event_type_id=kind.id,
                        start=start,
                        request_id=RequestId(new_id()),
                    )
                )
                late = Action("x", "late", booking.id, booking.plan_revision, "10")
                if person is mia:
                    self._telegram(desk.pressed(phone, encode(late)))
                    undone = Action("x", "undo", booking.id)
                    self._telegram(desk.pressed(phone, encode(undone)))
                    self._telegram(desk.typed(phone, "/my"))
                else:
                    self._slack(user, encode(late))
            self._slack(user, encode(Action("x", "svote", polls[number // half].id, 0, "Ay")))
            self._slack(user, encode(Action("x", "sjoin", self.open.id)))
            self._slack_command(user, "my")
            self._home(user)
        await desk.calm()

    async def _poll(self, members: list[Person]) -> Session:
        bo = await self.desk.in_slack("U0BO", "Bo Lind")
        times = (Interval(FIRST, FIRST + HOUR), Interval(FIRST + 2 * HOUR, FIRST + 3 * HOUR))
        return await self.desk.slotbook.services.sessions.ask(
            AskTimes(
                actor=acting(bo),
                title="Retro",
                duration=HOUR,
                members=tuple(each.id for each in members),
                times=times,
                group=CHANNEL,
                request_id=RequestId(new_id()),
            )
        )

    async def _open(self) -> Session:
        bo = await self.desk.in_slack("U0BO", "Bo Lind")
        return await self.desk.slotbook.services.sessions.open(
            OpenSession(
                actor=acting(bo),
                title="Portfolio hour",
                start=FIRST + 5 * HOUR,
                duration=HOUR,
                group=CHANNEL,
                request_id=RequestId(new_id()),
                seats=PEOPLE,
            )
        )

    def _telegram(self, body: str) -> None:
        self.deliveries.append(lambda: self.desk.update(body))

    def _slack(self, user: str, value: str) -> None:
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": user, "username": "x", "team_id": TEAM},
            "container": {"type": "message", "message_ts": "1.1", "channel_id": f"D{user[1:]}"},
            "channel": {"id": f"D{user[1:]}", "name": "directmessage"},
            "message": {"ts": "1.1", "type": "message", "text": "x"},
            "trigger_id": self.desk.trigger(),
            "response_url": self.desk.slack.response_url(user),
            "actions": [{"type": "button", "action_id": f"{value}~0", "block_id": "b",
                         "value": value, "action_ts": "1.2"}],
        }  # fmt: skip
        self._post(urlencode({"payload": json.dumps(payload)}).encode())

    def _slack_command(self, user: str, text: str) -> None:
        fields = {
            "command": "/slotbook", "text": text, "user_id": user, "team_id": TEAM,
            "channel_id": "C0DESIGN", "response_url": self.desk.slack.response_url(f"c{user}"),
            "trigger_id": self.desk.trigger(),
        }  # fmt: skip
        self._post(urlencode(fields).encode())

    def _home(self, user: str) -> None:
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"}
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{user}", "event": event}
        self._post(json.dumps(body).encode(), "application/json")

    def _post(self, body: bytes, content: str = "application/x-www-form-urlencoded") -> None:
        signed: dict[str, str] = {}

        def deliver() -> Awaitable[httpx.Response]:
            if not signed:  # once: what comes again is the same to the last byte
                signed.update({**self.desk.signed(body), "Content-Type": content})
            return self.desk.post(body, signed)

        self.deliveries.append(deliver)

    async def count(self, table: object, **where: str) -> int:
        """Return how many rows there are."""
        statement = select(func.count()).select_from(table)  # type: ignore[arg-type]
        for name, value in where.items():
            statement = statement.where(table.c[name] == value)  # type: ignore[attr-defined]
        row = await self.desk.slotbook.database.reader.first(statement)
        return int(row[0]) if row else 0


@pytest.mark.slow
async def test_given_inputs_of_both_chats_when_each_comes_five_times_then_each_counts_once(
    database_url: str,
) -> None:
    async with both_chats(database_url) as desk:
        town = Town(desk)
        await town.prepare()
        every = town.deliveries * TIMES
        random.Random(20261123).shuffle(every)

        answers = []
        for start in range(0, len(every), 100):
            answers += await asyncio.gather(*(one() for one in every[start : start + 100]))
        await desk.calm()

        assert {answer.status_code for answer in answers} == {200}
        assert len(town.deliveries) == 8 * PEOPLE
        assert await town.count(inbox) == len(town.deliveries)
        firsts = [poll.options[0].id for poll in town.polls]
        votes = [await town.count(session_votes, option_id=each) for each in firsts]
        assert votes == [PEOPLE // 2 + 1] * 2  # the organizer's with them
        news = await desk.slotbook.database.reader.rows(NEWS)
        assert sum(row[0] == "running_late" for row in news) >= PEOPLE
        assert [tuple(row) for row in news if tuple(row)[-1] != 1] == []
        lists = [call for call in desk.slack.calls if str(call.arguments.get("url", ""))
                 .endswith(tuple(f"/cUSAM{each}" for each in range(PEOPLE)))]  # fmt: skip
        assert len(lists) == PEOPLE
        assert len(desk.slack.said("views.publish")) >= PEOPLE
        session = await desk.slotbook.database.sessions.session(DEFAULT_ORGANIZATION, town.open.id)
        assert session.booking is not None
        seated = [each.person_id for each in session.booking.booking.seats
                  if each.status is SeatStatus.ACCEPTED]  # fmt: skip
        assert len(seated) == len(set(seated)) == PEOPLE
