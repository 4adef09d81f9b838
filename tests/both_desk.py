"""slotbook on both chats in one process, and hands to act in either."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import bindparam, select

from builders.telegram_updates import a_chat, a_message, a_press, a_user, an_update
from builders.times import at
from fake_slack import TEAM, FakeSlack, fake_slack, member
from fake_telegram import BOT_ID, TELEGRAM_TOKEN, WEBHOOK_SECRET, FakeTelegram, fake_telegram
from persistence.tables import outbox
from running_clock import RunningClock
from scheduling.event_type_change import EventTypeChange
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, DraftId, RequestId, new_id
from scheduling.model import EventType
from scheduling.people import AccountKey, Actor, Person, Platform, Recipient, Role
from scheduling.people_service import AccountFacts
from scheduling.ports import Draft
from slack_desk import Desk, running_desk

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_TICK = timedelta(seconds=5)


@dataclass
class BothDesk(Desk):
    """A desk with a Telegram beside Slack."""

    telegram: FakeTelegram = field(kw_only=True)
    _updates: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def update(self, body: str) -> httpx.Response:
        """Deliver an update."""
        return await self.client.post(
            "/telegram/webhook", content=body, headers={_HEADER: WEBHOOK_SECRET}
        )

    def typed(self, user: int, text: str, name: str = "Mia") -> str:
        """Return the update of something typed in a private chat."""
        sender = a_user(id=user, first_name=name, last_name=None, username=f"u{user}")
        said = a_message(**{"chat": a_chat(id=user), "from": sender, "text": text})
        return an_update(next(self._updates), message=said)

    def pressed(self, user: int, data: str, message_id: int = 7, name: str = "Mia") -> str:
        """Return the update of a press in a private chat."""
        sender = a_user(id=user, first_name=name, last_name=None, username=f"u{user}")
        message = a_message(
            **{"chat": a_chat(id=user), "message_id": message_id,
               "from": a_user(id=BOT_ID, is_bot=True)}
        )  # fmt: skip
        number = next(self._updates)
        press = a_press(data, **{"id": str(number), "from": sender, "message": message})
        return an_update(number, callback_query=press)

    async def calm(self) -> None:
        """Wait until everything is handled, and nothing that is due waits to be sent.

        The clock goes faster meanwhile: chats are written to at a pace.
        """
        due = select(outbox.c.id).where(
            outbox.c.state.in_(["waiting", "claimed"]), outbox.c.due_at <= bindparam("now")
        )
        await self.settled()
        async with asyncio.timeout(60):
            while await self.slotbook.database.reader.first(due, {"now": self.clock.now()}):
                self.clock.advance(timedelta(milliseconds=500))
                await self.pause()
        await self.settled()

    # --- people and what is theirs ---

    async def in_slack(self, user: str, name: str) -> Person:
        """Return somebody of the workspace."""
        self.slack.users[user] = member(user, name)
        key = AccountKey(Platform.SLACK, TEAM, user)
        facts = AccountFacts(
            key, f"D{user[1:]}", name, None, "en-US", zone="Europe/Berlin", is_profile=True
        )
        return (await self.slotbook.services.people.meet(DEFAULT_ORGANIZATION, facts))[1]

    async def in_telegram(self, user: int, name: str) -> Person:
        """Return somebody who has started the bot and told their zone."""
        key = AccountKey(Platform.TELEGRAM, str(BOT_ID), str(user))
        people = self.slotbook.services.people
        facts = AccountFacts(key, str(user), name, f"u{user}", "en")
        person = (await people.meet(DEFAULT_ORGANIZATION, facts))[1]
        return await people.set_zone(acting(person), "Europe/Lisbon")

    async def offers(self, person: Person, title: str, **changes: Any) -> EventType:
        """Let somebody offer an hour at a time, all week from 8 to 20."""
        services, actor = self.slotbook.services, acting(person)
        await services.people.grant(DEFAULT_ORGANIZATION, person.id, Role.COACH, None)
        week = parse_hours_line("mon-sun 8-20", today=self.clock.now().date())
        kind = await services.hosting.become_coach(
            actor, week, timedelta(hours=1), RequestId(new_id()), title=title
        )
        return await services.hosting.change(actor, kind.id, EventTypeChange(**changes))

    async def drafts(self, person: Person, chat: Recipient, flow: str, data: Any) -> Draft:
        """Return a draft as a flow would have kept it."""
        draft = Draft(
            organization_id=DEFAULT_ORGANIZATION,
            id=DraftId(new_id()),
            person_id=person.id,
            chat=chat,
            flow=flow,
            data=data,
        )
        return await self.slotbook.database.drafts.save(draft, self.clock.now())


def acting(person: Person) -> Actor:
    return Actor(DEFAULT_ORGANIZATION, person.id)


@asynccontextmanager
async def both_chats(
    database_url: str, clock: RunningClock | None = None, **more: Any
) -> AsyncIterator[BothDesk]:
    """Run slotbook on both chats, Telegram by webhook and Slack over HTTP."""
    clock = clock or RunningClock(at("2026-11-23 09:02"))
    async with (
        fake_slack() as slack,
        fake_telegram() as telegram,
        running_desk(
            database_url,
            slack,
            clock,
            **{"tick": _TICK, **more},
            telegram_token=SecretStr(TELEGRAM_TOKEN),
            telegram_api_url=telegram.url,
            telegram_webhook_url="https://bot.example/telegram/webhook",
            telegram_webhook_secret=SecretStr(WEBHOOK_SECRET),
        ) as desk,
    ):
        yield BothDesk(desk.slack, desk.slotbook, clock, desk.client, telegram=telegram)
        assert slack.refused == []


__all__ = ["BothDesk", "FakeSlack", "FakeTelegram", "acting", "both_chats"]
