"""Posting what the window "Find a time together" has found: a question, or a session that is on."""

from bots.slack.modals import session_view as views
from bots.slack.modals.drafts import ModalDrafts, request_of, values_of
from bots.slack.modals.elements import Json
from bots.slack.modals.notices import notice, over
from bots.slack.modals.parts import SurfaceParts
from bots.slack.modals.session_view import Wanted
from bots.slack.places import read_place
from bots.slack.surface import Answer, Errors, Surface, Update
from scheduling.errors import InputRefused, SlotRefused
from scheduling.people import Person
from scheduling.ports import Draft
from scheduling.sessions.commands import AskTimes, OpenSession
from scheduling.sessions.model import CommonTimes, Session
from wording import session_answers as words
from wording.refusals import sentence
from wording.session_view import SessionView
from wording.times import Reader

_FIELDS = frozenset({"title", "seats", "minimum"})


class SessionPosting:
    """Asks for votes, or books; one window posts once."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts, self._sessions = parts, parts.sessions
        self._drafts = ModalDrafts(parts.drafts, parts.booking.clock)

    async def on_post(self, surface: Surface) -> Answer:
        """Ask, or book; sent again it is what was posted."""
        reader, values = self._reader(surface.incoming.person), values_of(surface)
        draft = await self._drafts.own(surface, views.ASK)
        wanted = Wanted.of(draft) if draft else None
        if draft is None or wanted is None or wanted.plan is None or not wanted.times:
            return Update(over(reader))
        chosen = values.chosen(views.TIME)
        number = int(chosen) if chosen.isdecimal() and int(chosen) < len(wanted.times) else 0
        how = views.NOW if values.chosen(views.HOW) == views.NOW else views.VOTE
        return await self.post(surface, draft, wanted, how, number)

    async def post(
        self, surface: Surface, draft: Draft, wanted: Wanted, how: str, number: int
    ) -> Answer:
        """Post it where the bot can write; else say how to invite it."""
        reader, plan = self._reader(surface.incoming.person), wanted.sure
        if not await self._parts.posts_in(plan.group):
            channel = read_place(plan.group.chat_id).channel
            if not wanted.times:
                return Errors({"where": reader.say("home.share_not_in")})
            view = views.found_view(wanted, None, reader, draft_id=draft.id, away_from=channel)
            return Update(view)
        try:
            session = (
                await self._open(surface, draft, wanted, number)
                if how == views.NOW
                else await self._ask(surface, draft, wanted)
            )
        except SlotRefused as error:
            return Errors({"time" if wanted.times else "at": sentence(error, reader)})
        except InputRefused as error:
            field = error.field if not wanted.times and error.field in _FIELDS else "time"
            return Errors({field: sentence(error, reader)})
        return Update(await self._answer(surface, session, how))

    async def _ask(self, surface: Surface, draft: Draft, wanted: Wanted) -> Session:
        plan = wanted.sure
        return await self._sessions.ask(
            AskTimes(
                actor=surface.incoming.actor,
                title=plan.title,
                duration=plan.duration,
                members=plan.people,
                times=wanted.times,
                group=plan.group,
                request_id=request_of(draft),
            )
        )

    async def _open(self, surface: Surface, draft: Draft, wanted: Wanted, number: int) -> Session:
        plan = wanted.sure
        start = wanted.times[number].start if wanted.times else plan.start
        return await self._sessions.open(
            OpenSession(
                actor=surface.incoming.actor,
                title=plan.title,
                start=start or self._parts.booking.clock.now(),
                duration=plan.duration,
                group=plan.group,
                request_id=request_of(draft),
                seats=plan.seats or max(len(plan.people), views.SEATS_LIMITS[0]),
                minimum=plan.minimum or None,
                members=plan.people,
            )
        )

    async def _answer(self, surface: Surface, session: Session, how: str) -> Json:
        """Return what the organizer reads, in the words of the chat."""
        person = surface.incoming.person
        reads, clock = self._parts.session_reads, self._parts.booking.clock
        details = await reads.session(person.organization_id, session.id)
        view = SessionView.of(details, person, clock.now())
        unknown = tuple(m.person_id for m in session.members if not m.hours_known)
        found = CommonTimes((details.organizer, *details.people), (), unknown)
        message = words.posted(view) if how == views.NOW else words.asked(view, found)
        reader = self._reader(person)
        return notice(reader, message, title=reader.say("slack.session_title"))

    def _reader(self, person: Person) -> Reader:
        return Reader.of(person, self._parts.booking.clock.now())
