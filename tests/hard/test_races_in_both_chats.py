"""One time, sixty people in two chats at once: one gets it, the others hear why not."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from both_desk import BothDesk, acting, both_chats
from bots.callback_data import encode
from bots.flows.choices import Choices, Stage
from bots.slack.modals.book_view import TIME
from builders.times import at
from fake_slack import TEAM
from fake_telegram import BOT_ID
from persistence.tables import occupied_spans
from scheduling.commands import BookSlot
from scheduling.errors import SlotTaken
from scheduling.ids import RequestId, new_id
from scheduling.messages import Action
from scheduling.model import EventType
from scheduling.moments import seconds
from scheduling.people import Person, Platform, Recipient
from scheduling.ports import Draft

EACH = 20
HOURS = 3


class Race:
    """Twenty in Telegram, twenty in Slack's window and twenty without a chat, for one time."""

    def __init__(self, desk: BothDesk, kind: EventType, start: datetime, number: int) -> None:
        self._desk, self._kind, self._start = desk, kind, start
        self._first = number * EACH

    async def prepare(self, host: Person) -> None:
        """Bring everybody to the step before."""
        desk, kind = self._desk, self._kind
        choices = Choices(stage=Stage.TIMES, coach=host.id, types=(kind.id,))
        self.phones = [9000 + self._first + each for each in range(EACH)]
        self.users = [f"URACE{self._first + each}" for each in range(EACH)]
        self.others = [
            await desk.in_slack(f"UDIRECT{self._first + each}", f"Dan {each}")
            for each in range(EACH)
        ]
        self._cards: dict[int, Draft] = {}
        self._windows: dict[str, Draft] = {}
        for phone in self.phones:
            chat = Recipient(Platform.TELEGRAM, str(BOT_ID), str(phone))
            person = await desk.in_telegram(phone, f"Tess {phone}")
            self._cards[phone] = await desk.drafts(person, chat, "booking", choices.data)
        for user in self.users:
            chat = Recipient(Platform.SLACK, TEAM, f"D{user[1:]}")
            person = await desk.in_slack(user, f"Sam {user}")
            self._windows[user] = await desk.drafts(person, chat, "sb.book", choices.data)

    async def run(self) -> None:
        """Let all of them try at once."""
        self.answers: dict[str, str] = {}
        self.errors: list[SlotTaken | None] = []
        mixed = zip(self.phones, self.users, self.others, strict=True)
        await asyncio.gather(
            *(
                trying
                for phone, user, person in mixed
                for trying in (self._press(phone), self._send(user), self._book(person))
            )
        )
        await self._desk.calm()

    async def _press(self, phone: int) -> None:
        draft = self._cards[phone]
        button = Action("x", "time", draft.id, draft.revision, f"{seconds(self._start)}.0")
        body = self._desk.pressed(phone, encode(button))
        assert (await self._desk.update(body)).status_code == 200

    async def _send(self, user: str) -> None:
        """Send the window; on a busy machine it may ask to be sent again, which people do."""
        answer = await self._sent(user)
        for _ in range(9):
            if "Send it again" not in answer:
                break
            answer = await self._sent(user)
        self.answers[user] = answer

    async def _sent(self, user: str) -> str:
        option = {"text": {"type": "plain_text", "text": "x"},
                  "value": f"{seconds(self._start)}.0"}  # fmt: skip
        answer = await self._desk.interact({
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": user, "username": "x", "team_id": TEAM},
            "trigger_id": self._desk.trigger(),
            "view": {
                "id": f"V{user}", "type": "modal", "callback_id": "sb.book", "hash": "1.h",
                "private_metadata": self._windows[user].id, "root_view_id": f"V{user}",
                "state": {"values": {"t": {TIME: {"type": "static_select",
                                                  "selected_option": option}}}},
            },
        })  # fmt: skip
        assert answer.status_code == 200
        return answer.text

    async def _book(self, person: Person) -> None:
        command = BookSlot(
            actor=acting(person),
            event_type_id=self._kind.id,
            start=self._start,
            request_id=RequestId(new_id()),
        )
        try:
            await self._desk.slotbook.services.booking.book(command)
        except SlotTaken as taken:
            self.errors.append(taken)
        else:
            self.errors.append(None)

    def winners(self) -> list[str]:
        """Return who got it; everybody else must have heard why not, and what is free."""
        won = [f"direct {number}" for number, taken in enumerate(self.errors) if taken is None]
        assert all(taken.alternatives for taken in self.errors if taken is not None)
        for user, answer in self.answers.items():
            if not answer or json.loads(answer).get("response_action") == "clear":
                won.append(user)
            else:
                assert "has just gone" in answer, answer
                assert "Free near it" in answer, answer
        for phone in self.phones:
            heard = json.dumps(self._desk.telegram.said_to(phone)[-1], ensure_ascii=False)
            if "Kept for you" in heard:
                won.append(str(phone))
            else:
                assert "just gone" in heard or "is taken" in heard, heard
                assert "callback_data" in heard, heard
        return won


@pytest.mark.slow
async def test_given_one_time_when_sixty_in_two_chats_want_it_then_one_gets_it(
    database_url: str,
) -> None:
    async with both_chats(database_url) as desk:
        host = await desk.in_slack("U0ANA", "Ana Ruiz")
        kind = await desk.offers(host, "Piano lesson")
        begin = at("2026-11-26 08:00")
        starts = [begin + timedelta(hours=3 * each) for each in range(HOURS)]
        races = [Race(desk, kind, start, number) for number, start in enumerate(starts)]
        for race in races:
            await race.prepare(host)

        for race in races:
            await race.run()

        assert [len(race.winners()) for race in races] == [1] * HOURS
        spans = await desk.slotbook.database.reader.rows(select(occupied_spans.c.starts_at))
        assert sorted(row.starts_at for row in spans) == starts
