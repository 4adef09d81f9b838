"""Seats of a session: join, leave, wait, take, pass; each one press, in a group or from a link."""

from bots.chat import Turn
from bots.flows.sessions.parts import (
    SessionParts,
    on_everybodys_card,
    speaks_in_group,
    tell,
    view_of,
)
from bots.flows.turns import press_of
from bots.router import Router
from scheduling.errors import (
    AlreadyIn,
    NotAllowed,
    OfferGone,
    OwnTime,
    SchedulingError,
    SessionChanged,
    SessionFull,
)
from scheduling.ids import AttendanceId
from scheduling.people import Card
from scheduling.sessions.commands import AnswerOffer, JoinSession, LeaveSession
from scheduling.sessions.model import SessionStatus
from wording import session_answers as words
from wording.session_view import SessionView

CODE = "j_"
"""Begins the start code that joins: t.me/bot?start=j_<session id>."""


class Seating:
    """Seats people; what is done is told by the notification it causes, in their own chat."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("sjoin", self.on_join, in_groups=True, private=CODE)
        router.press("swait", self.on_wait, in_groups=True, private=CODE)
        router.press("sleave", self.on_leave, in_groups=True)
        router.press("soffer", self.on_offer)
        router.press("sunjoin", self.on_undo)
        router.start(CODE, self.on_link)

    async def on_join(self, turn: Turn) -> None:
        """Take a seat."""
        await self._join(turn, await view_of(turn, self._parts), waiting=False)

    async def on_wait(self, turn: Turn) -> None:
        """Take a place in the line; a seat that is free meanwhile is better."""
        await self._join(turn, await view_of(turn, self._parts), waiting=True)

    async def on_link(self, turn: Turn, session_id: str) -> None:
        """Take a seat by a link: one START ends in a seat."""
        await self._join(turn, await view_of(turn, self._parts, session_id[:24]), waiting=False)

    async def _join(self, turn: Turn, view: SessionView, *, waiting: bool) -> None:
        command = JoinSession(
            actor=turn.incoming.actor,
            session_id=view.session.id,
            request_id=turn.incoming.request_id,
            card=_own_card(turn),
            waiting=waiting,
        )
        try:
            await self._parts.sessions.join(command)
        except SessionFull:
            await tell(turn, words.full(view))
        except (AlreadyIn, OwnTime, SessionChanged) as error:
            await turn.toast(await self._refusal(turn, view, error), alert=True)
        else:
            await self._say_joined(turn, view)

    async def _say_joined(self, turn: Turn, before: SessionView) -> None:
        """Answer where the card stands; the booking itself arrives in the person's own chat."""
        if not on_everybodys_card(turn):
            return  # that is this chat
        view = await view_of(turn, self._parts, before.session.id)
        if turn.incoming.person.id in view.line:
            place = view.line.index(turn.incoming.person.id) + 1
            key = "session.you_wait" if place == 1 else "session.you_wait_far"
            await turn.toast(view.say(key, count=place))
        elif speaks_in_group(turn) and turn.incoming.private:
            await turn.show(words.you_are_in(view, file=True))
        else:
            await turn.toast(words.you_are_in(view, file=True).text)

    async def on_leave(self, turn: Turn) -> None:
        """Give the seat, the offer or the place in the line back."""
        view = await view_of(turn, self._parts)
        waited = turn.incoming.person.id in view.line
        try:
            await self._parts.sessions.leave(_leaving(turn, view))
        except (NotAllowed, SessionChanged) as error:
            await turn.toast(await self._refusal(turn, view, error), alert=True)
            return
        key = "session.you_stopped" if waited else "session.you_left"
        if on_everybodys_card(turn) or not waited:
            await turn.toast(view.say(key, title=view.title))
        else:
            await turn.show(words.plain(view, key))

    async def on_offer(self, turn: Turn) -> None:
        """Take the offered seat, or pass it on."""
        view, argument = await view_of(turn, self._parts), press_of(turn).argument
        command = AnswerOffer(
            actor=turn.incoming.actor,
            session_id=view.session.id,
            request_id=turn.incoming.request_id,
            card=_own_card(turn),
            seat_id=AttendanceId(argument[1:]),
            take=argument.startswith("t"),
        )
        try:
            await self._parts.sessions.answer_offer(command)
        except OfferGone as error:
            await tell(turn, words.offer_gone(view, waiting=error.waiting))
        except (NotAllowed, SessionChanged) as error:
            await turn.toast(await self._refusal(turn, view, error), alert=True)
        else:
            if not command.take:
                await tell(turn, words.plain(view, "session.passed"))

    async def on_undo(self, turn: Turn) -> None:
        """Take the joining back; the person's own message tells that it is off."""
        view = await view_of(turn, self._parts)
        await self._parts.sessions.undo_join(_leaving(turn, view))

    async def _refusal(self, turn: Turn, view: SessionView, error: SchedulingError) -> str:
        """Return why it cannot be, as the session stands now."""
        now = await view_of(turn, self._parts, view.session.id)
        match error:
            case AlreadyIn():
                return words.already_in(now)
            case OwnTime():
                return now.say("session.own")
            case SessionChanged() if now.session.status is not SessionStatus.ON or now.has_begun:
                return words.stands(now)
            case _:
                return now.say("session.not_in", title=now.title)


def _leaving(turn: Turn, view: SessionView) -> LeaveSession:
    return LeaveSession(
        actor=turn.incoming.actor,
        session_id=view.session.id,
        request_id=turn.incoming.request_id,
        card=_own_card(turn),
    )


def _own_card(turn: Turn) -> Card | None:
    """Return the person's own message, which the answer edits; never the group's card."""
    return turn.incoming.card if turn.incoming.private else None
