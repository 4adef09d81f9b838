"""Secrets and contacts in a busy run of both chats, with faults: none where they do not belong."""

import io
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import structlog

from app.logs import configure_logging
from both_desk import BothDesk, acting, both_chats
from bots.callback_data import encode
from builders.times import at
from fake_slack import SECRET, TEAM, TOKEN
from fake_telegram import TELEGRAM_TOKEN, WEBHOOK_SECRET
from scheduling.commands import BookSlot, CancelBooking, SayLate, SendNote
from scheduling.event_type_change import EventTypeChange
from scheduling.ids import RequestId, new_id
from scheduling.messages import Action
from scheduling.model import Question
from scheduling.moments import Interval
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.commands import AskTimes, JoinSession, OpenSession

PHONES = ("+351 912 345 678", "+49 30 901820123")
EMAIL, NOTE = "canary.mia@example.org", "NOTE-CANARY knee surgery"
ANSWER, REASON = "ANSWER-CANARY allergies", "REASON-CANARY hospital"
REPLIES = "canary-reply"
SECRETS = (TOKEN, SECRET, TELEGRAM_TOKEN, TELEGRAM_TOKEN.partition(":")[2], WEBHOOK_SECRET)
PERSONAL = (*PHONES, *(re.sub(r"\D", "", phone)[-9:] for phone in PHONES), EMAIL, NOTE[:11],
            ANSWER[:13], REASON[:13])  # fmt: skip
GROUP = Recipient(Platform.SLACK, TEAM, "C0DESIGN")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """A stream that takes every record of the process at DEBUG, written as in production."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    secrets = (TOKEN, SECRET, TELEGRAM_TOKEN, WEBHOOK_SECRET)
    configure_logging("DEBUG", "json", secrets=secrets, stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Day:
    """A busy day: bookings, notes, sessions, windows, feeds; and things that go wrong."""

    def __init__(self, desk: BothDesk) -> None:
        self.desk = desk
        self.bodies: list[str] = []

    async def passes(self) -> None:
        """Let it pass."""
        desk, people = self.desk, self.desk.slotbook.services.people
        ana = await desk.in_slack("U0ANA", "Ana Ruiz")
        bo = await desk.in_slack("U0BO", "Bo Lind")
        mia = await desk.in_telegram(9001, "Mia Costa")
        for person, phone in zip((ana, mia), PHONES, strict=True):
            await people.set_phone(acting(person), phone)
            await people.set_email(acting(person), EMAIL)
        self.feed = await people.issue_feed(acting(ana))
        await self._bookings(ana, bo, mia)
        await self._sessions(ana, bo, mia)
        self._break()
        await self._chat()
        await desk.calm()
        await self._forged()
        await desk.calm()

    async def _bookings(self, ana: Person, bo: Person, mia: Person) -> None:
        desk, booking = self.desk, self.desk.slotbook.services.booking
        kind = await desk.offers(ana, "Piano lesson")
        asked = EventTypeChange(questions=(Question("q", "Anything to know?", required=False),))
        kind = await desk.slotbook.services.hosting.change(acting(ana), kind.id, asked)
        self.kind = kind
        for number, person in enumerate((bo, mia, mia)):
            made = await booking.book(
                BookSlot(
                    actor=acting(person),
                    event_type_id=kind.id,
                    start=at("2026-11-24 10:00") + timedelta(days=number),
                    answers=(("q", ANSWER),),
                    request_id=_id(),
                )
            )
            whose: dict[str, Any] = {"actor": acting(person), "booking_id": made.id}
            await booking.note(SendNote(**whose, text=NOTE, request_id=_id()))
            await booking.late(SayLate(**whose, by=timedelta(minutes=5), request_id=_id()))
            if number == 2:
                await booking.cancel(CancelBooking(**whose, reason=REASON, request_id=_id()))
            self.booking = made

    async def _sessions(self, ana: Person, bo: Person, mia: Person) -> None:
        sessions, first = self.desk.slotbook.services.sessions, at("2026-12-10 10:00")
        hour = timedelta(hours=1)
        self.poll = await sessions.ask(
            AskTimes(
                actor=acting(bo),
                title="Retro",
                duration=hour,
                members=(ana.id, mia.id),
                times=(Interval(first, first + hour),),
                group=GROUP,
                request_id=_id(),
            )
        )
        opened = await sessions.open(
            OpenSession(
                actor=acting(bo),
                title="Portfolio hour",
                start=first + 5 * hour,
                duration=hour,
                group=GROUP,
                request_id=_id(),
                seats=3,
            )
        )
        for person in (ana, mia):
            join = JoinSession(actor=acting(person), session_id=opened.id, request_id=_id())
            await sessions.join(join)

    def _break(self) -> None:
        """Let both chats fail in their ways."""
        self.desk.slack.faults |= {
            "chat.postMessage": [500, {"error": "ratelimited"}, {"error": "invalid_auth"}, 503],
            "chat.update": [{"error": "message_not_found"}, 500],
            "users.info": [500, {"error": "ratelimited"}],
            "views.open": [{"error": "expired_trigger_id"}, 500],
            "views.publish": [{"error": "invalid_arguments"}],
            "response": [{"ok": False, "error": "expired_url"}, {"ok": False}],
            "files.getUploadURLExternal": [{"error": "access_denied"}],
        }
        self.desk.telegram.faults |= {
            "sendMessage": [
                (429, {"description": "Too Many Requests", "parameters": {"retry_after": 1}}),
                (500, {"description": f"boom {TELEGRAM_TOKEN}"}),
                (400, {"description": "Bad Request: can't parse entities"}),
            ],
            "editMessageText": [(400, {"description": "Bad Request: message not found"})],
            "answerCallbackQuery": [(400, {"description": "query is too old"})],
        }

    async def _chat(self) -> None:
        desk, number = self.desk, 0
        for user in ("U0ANA", "U0BO", "U0GUEST", "U0ROBOT", "U0CEM"):
            for text in ("my", "me", "agenda", "feed", "link", "types", "help", "connect"):
                number += 1
                url = desk.slack.response_url(f"{REPLIES}-{number}")
                await desk.command(text, user=user, response_url=url)
            for verb in ("show", "cancel", "note", "file", "move"):
                number += 1
                url = desk.slack.response_url(f"{REPLIES}-{number}")
                value = encode(Action("x", verb, self.booking.id, self.booking.plan_revision))
                button = {"action_id": f"{value}~0", "value": value}
                await desk.press(button, user=user, response_url=url)
            vote = encode(Action("x", "svote", self.poll.id, 0, "Ay"))
            await desk.press({"action_id": f"{vote}~0", "value": vote}, user=user, ephemeral=False)
            home = {"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}",
                    "tab": "home"}  # fmt: skip
            await desk.event(home, f"Ev{user}")
        for text in ("/my", "/me", "/feed", "/book", f"my number is {PHONES[1]}", "/connect"):
            await desk.update(desk.typed(9001, text))
        show = encode(Action("x", "show", self.booking.id))
        await desk.update(desk.pressed(9001, show))

    async def _forged(self) -> None:
        """Ask without the right, and spoilt: what comes back tells nothing."""
        desk = self.desk
        bad = {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}
        answers = [
            await desk.client.post("/slack/events", content=b"{", headers=bad),
            await desk.client.post("/slack/events", content=b"\xff\x00"),
            await desk.post(b"payload=%7Bbroken"),
            await desk.client.post("/telegram/webhook", content=b"{}"),
            await desk.client.post(
                "/telegram/webhook", content=b"{", headers={"X-Telegram-Bot-Api-Secret-Token": "x"}
            ),
            await desk.client.get("/feeds/not-a-token.ics"),
            await desk.client.get(f"/feeds/{self.feed}.ics"),
            await desk.client.get("/healthz"),
            await desk.client.get("/metrics"),
        ]
        self.bodies = [answer.text for answer in answers]


def _id() -> RequestId:
    return RequestId(new_id())


@pytest.mark.slow
async def test_given_a_busy_day_with_faults_when_logs_and_posts_are_read_then_nothing_leaks(
    sqlite_url: str, written: io.StringIO
) -> None:
    async with both_chats(sqlite_url) as desk:
        desk.slack.users["U0CEM"] = {**desk.slack.users["U0BO"], "id": "U0CEM"}
        day = Day(desk)

        await day.passes()

        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            audit = repr(connection.execute("SELECT * FROM audit").fetchall())
    logs = written.getvalue()
    posts = [
        str(call.arguments)
        for call in desk.slack.calls
        if call.method.startswith("chat.") and str(call.arguments.get("channel"))[0] in "CG"
        and "user" not in call.arguments
    ]  # fmt: skip
    assert len(logs.splitlines()) > 60
    assert len(posts) > 3
    assert found_in(logs, (*SECRETS, *PERSONAL, REPLIES, day.feed)) == []
    assert found_in("\n".join(posts), (*SECRETS, *PERSONAL, REPLIES)) == []
    assert found_in("\n".join(day.bodies), (*SECRETS, *PHONES, NOTE[:11], REPLIES)) == []
    assert found_in(audit, (*SECRETS, *PERSONAL, REPLIES, day.feed)) == []
    assert not [line for line in logs.splitlines() if '"level": "critical"' in line]


def found_in(text: str, canaries: tuple[str, ...]) -> list[str]:
    """Return which canaries stand in a text, with what stands around them."""
    return [
        f"{canary}: ...{text[max(0, at - 200) : at + 60]}"
        for canary in canaries
        for at in [text.find(canary)]
        if at >= 0
    ]
