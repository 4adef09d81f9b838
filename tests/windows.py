"""Everybody's flows, and Slack's windows over the same services."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from bots.live.watch import Watch
from bots.slack.modals.message import ViewMessage
from bots.slack.modals.parts import SurfaceParts
from bots.slack.surface import SlackSurfaces
from builders.people import acting
from doubles import RecordingMessenger
from scheduling.commands import ApproveBooking, BookSlot
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId, new_id
from scheduling.model import BookingDetails, EventType
from scheduling.people import AccountKey, Card, ChatAccount, Person, Platform, Recipient, Role
from scheduling.people_service import AccountFacts
from scheduling.ports import LiveCard
from scheduling.sessions.service import SessionService
from slack_person import SlackPerson
from slack_rules import every_fault
from slack_window import TEAM
from town import Town


class NobodyWatches:
    """Takes note of no card."""

    def __init__(self) -> None:
        self.kept: dict[Card, LiveCard] = {}

    async def watch(self, live: LiveCard, now: object) -> None:
        self.kept[live.card] = live

    async def forget(self, card: Card) -> None:
        self.kept.pop(card, None)


class SlackOffice(Town):
    """Everybody's flows, and Slack's windows over the same services."""

    def slack(self, register: Callable[[SlackSurfaces, SurfaceParts], None]) -> None:
        """Bring Slack's surfaces in."""
        self.cards = NobodyWatches()
        self.messenger = RecordingMessenger(Platform.SLACK)
        self.sessions = SessionService(
            self.database.store,
            self.database.queries,
            self.database.sessions,
            self.finder,
            self.clock,
            self.policy,
            _nobody,
        )
        self.posts_in: dict[str, bool] = {}
        self.parts = SurfaceParts(
            booking=self.booking_parts,
            hosting=self.hosting_parts,
            sessions=self.sessions,
            session_reads=self.database.sessions,
            drafts=self.database.drafts,
            watch=Watch(self.cards, self.clock),  # type: ignore[arg-type]
            router=self.router,
            messenger=self.messenger,
            resolve=self._resolve,
            posts_in=self._posts_in,
        )
        self.surfaces = SlackSurfaces()
        register(self.surfaces, self.parts)

    async def meet(self, user_id: str, name: str) -> tuple[ChatAccount, Person]:
        """Meet an account of the workspace."""
        key = AccountKey(Platform.SLACK, TEAM, user_id)
        facts = AccountFacts(key, f"D{user_id}", name, None, "en")
        return await self.people.meet(DEFAULT_ORGANIZATION, facts)

    async def in_slack(
        self, name: str, *, zone: str = "Europe/Berlin", roles: tuple[Role, ...] = ()
    ) -> SlackPerson:
        """Return somebody of the workspace."""
        first = "".join(mark for mark in name.split()[0].upper() if mark.isalnum())
        user_id = f"U{first}"
        _, person = await self.meet(user_id, name)
        person = await self.people.set_zone(acting(person), zone)
        for role in roles:
            await self.people.grant(DEFAULT_ORGANIZATION, person.id, role, None)
        self.names = {**getattr(self, "names", {}), user_id: name}
        return SlackPerson(self, user_id, name, person)

    async def books_as(
        self, person: SlackPerson, kind: EventType, start: datetime
    ) -> BookingDetails:
        """Let somebody book a time, as from elsewhere."""
        command = BookSlot(
            actor=acting(person.person),
            event_type_id=kind.id,
            start=start,
            request_id=RequestId(new_id()),
        )
        booking = await self.booking.book(command)
        return await self.database.queries.booking(DEFAULT_ORGANIZATION, booking.id)

    async def offers(
        self,
        person: SlackPerson,
        title: str,
        *,
        line: str = "mon-fri 9-12 13-17",
        minutes: int = 60,
        **changes: object,
    ) -> EventType:
        """Let somebody in Slack offer time."""
        kind = await self.hosting.become_coach(
            acting(person.person),
            parse_hours_line(line, today=self.clock.now().date()),
            timedelta(minutes=minutes),
            RequestId(new_id()),
            title=title,
        )
        return await self.change(kind, **changes)

    def approval(self, host: SlackPerson, details: BookingDetails) -> ApproveBooking:
        """Return the host's yes to a request."""
        return ApproveBooking(
            actor=acting(host.person),
            booking_id=details.booking.id,
            request_id=RequestId(new_id()),
        )

    async def rows(self, statement: str) -> list[Any]:
        """Return the rows of a plain select."""

        def select(connection: Connection) -> list[Any]:
            return [dict(row) for row in connection.execute(text(statement)).mappings()]

        return await self.database.writer.run(select)

    async def redrawn(self, person: SlackPerson) -> None:
        """Let the keeper draw every open window of somebody anew."""
        for card, live in list(self.cards.kept.items()):
            renderer = self.parts.booking.renderers.find(live.kind)
            number = card.message_id.removeprefix("view:")
            if renderer is None or card.chat.chat_id != person.user_id:
                continue
            rendered = await renderer(live)
            message = rendered.message if rendered else None
            if not isinstance(message, ViewMessage):
                continue
            view = message.view
            if number in person.windows:
                person.windows[number].show(view)
            elif number == "home":
                assert every_fault(view) == []
                person.home = view

    async def _resolve(self, team_id: str, user_id: str) -> Person | None:
        names: dict[str, str] = getattr(self, "names", {})
        if user_id not in names:
            return None
        return (await self.meet(user_id, names[user_id]))[1]

    async def _posts_in(self, group: Recipient) -> bool:
        return self.posts_in.get(group.chat_id.partition("#")[0], True)


def _nobody() -> None:
    """Wake nobody."""
