"""Answers to candidate times, and what the organizer does with a question."""

from typing import TypeVar

from bots.chat import Turn
from bots.flows.sessions.parts import (
    SessionParts,
    card_answers,
    on_everybodys_card,
    tell,
    view_of,
)
from bots.flows.turns import press_of
from bots.router import Router
from scheduling.errors import NotAllowed, NotOrganizer, SessionChanged, SlotRefused, UndoGone
from scheduling.sessions.commands import (
    CallOff,
    CastVotes,
    ChangeSession,
    SettleSession,
    UndoSession,
)
from scheduling.sessions.model import Answer, Option, Session, SessionDetails, SessionStatus
from wording import session_answers as words
from wording.session_news import unsettled_rows
from wording.session_view import ANSWER_OF, SessionView
from wording.sessions import card

_Command = TypeVar("_Command", bound=ChangeSession)


class Voting:
    """Votes, settling, calling off, taking back: each one press, one command."""

    def __init__(self, parts: SessionParts) -> None:
        self._parts = parts

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.press("svote", self.on_vote, in_groups=True)
        router.press("svall", self.on_vote_all, in_groups=True)
        router.press("sshow", self.on_show)
        router.press("sview", self.on_show)
        router.press("ssettle", self.on_settle, in_groups=True)
        router.press("soff", self.on_call_off, in_groups=True)
        router.press("soffyes", self.on_sure)
        router.press("sundo", self.on_undo)
        router.press("spost", self.on_post_again)

    # --- votes ---

    async def on_vote(self, turn: Turn) -> None:
        """Take one answer to one time; the same again changes nothing."""
        view = await view_of(turn, self._parts)
        argument = press_of(turn).argument
        option, answer = _option(view, argument[:1]), ANSWER_OF.get(argument[1:])
        if option is None or answer is None:
            await turn.toast(view.say("session.option_gone", letter=argument[:1]))
            return
        same = view.session.answer_of(turn.incoming.person.id, option.id) is answer
        if await self._cast(turn, view, ((option, answer),)):
            await self._say_voted(turn, same=same)

    async def on_vote_all(self, turn: Turn) -> None:
        """Take one answer to all times."""
        view = await view_of(turn, self._parts)
        letter = "n" if press_of(turn).argument == "n" else "y"
        answers = tuple((option, ANSWER_OF[letter]) for option in view.session.options)
        if not answers or not await self._cast(turn, view, answers):
            return
        message = words.voted_all(await view_of(turn, self._parts), letter)
        if not on_everybodys_card(turn):
            await turn.show(message)
        elif not card_answers(turn):
            await turn.toast(message.text)

    async def _cast(
        self, turn: Turn, view: SessionView, answers: tuple[tuple[Option, Answer], ...]
    ) -> bool:
        """Vote, and say whether it counts; why it does not is told."""
        command = CastVotes(
            actor=turn.incoming.actor,
            session_id=view.session.id,
            request_id=turn.incoming.request_id,
            answers=tuple((option.id, answer) for option, answer in answers),
        )
        try:
            await self._parts.sessions.vote(command)
        except NotAllowed:
            await turn.toast(view.say("session.not_asked"), alert=True)
        except SessionChanged as error:
            await self._say_changed(turn, view, error)
        else:
            return True
        return False

    async def _say_voted(self, turn: Turn, *, same: bool) -> None:
        view = await view_of(turn, self._parts)
        if not on_everybodys_card(turn):
            await turn.show(card(view.details, view.person, view.reader.now))
        elif same or not card_answers(turn):
            await turn.toast(words.voted(view, turn.incoming.person, same=same))

    async def on_show(self, turn: Turn) -> None:
        """Show the session to one person, with their own answers."""
        view = await view_of(turn, self._parts)
        await tell(turn, card(view.details, view.person, view.reader.now))

    # --- the organizer's ---

    async def on_settle(self, turn: Turn) -> None:
        """Take one time now, or ask which."""
        view, press = await view_of(turn, self._parts), press_of(turn)
        if await self._not_organizer(turn, view, "session.only_settles"):
            return
        if not view.session.is_open:
            await turn.toast(words.stands(view), alert=True)
            return
        option = _option(view, press.argument)
        if not press.argument or option is None:
            await tell(turn, words.which_settle(view))
            return
        command = SettleSession(
            actor=turn.incoming.actor,
            session_id=view.session.id,
            request_id=turn.incoming.request_id,
            seen_version=press.revision or None,
            option_id=option.id,
        )
        try:
            await self._parts.sessions.settle(command)
        except SessionChanged as error:
            await self._say_changed(turn, view, error)
        except SlotRefused:
            await self._say_gone(turn, option)
        else:
            time = view.reader.day_time(option.time.start)
            await tell(turn, words.plain(view, "session.settling", time=time))

    async def _say_gone(self, turn: Turn, option: Option) -> None:
        """Say that somebody got booked then, with the times that are left."""
        view = await view_of(turn, self._parts)
        await tell(turn, words.option_taken(view, option, unsettled_rows(view)))

    async def on_call_off(self, turn: Turn) -> None:
        """Ask whether everybody shall be told that it is off."""
        view = await view_of(turn, self._parts)
        if await self._not_organizer(turn, view, "session.only"):
            return
        if view.session.status is SessionStatus.CALLED_OFF or view.is_over:
            await turn.toast(words.stands(view), alert=True)
            return
        await tell(turn, words.sure(view))

    async def on_sure(self, turn: Turn) -> None:
        """End it."""
        view = await view_of(turn, self._parts)
        try:
            await self._parts.sessions.call_off(_as_pressed(CallOff, turn, view))
        except SessionChanged as error:
            await self._say_changed(turn, view, error)
        except NotOrganizer:
            await turn.toast(view.say("session.only", organizer=view.organizer), alert=True)
        else:
            await tell(turn, words.plain(view, "session.called_off_you"))

    async def on_undo(self, turn: Turn) -> None:
        """Take the posting back."""
        view = await view_of(turn, self._parts)
        try:
            await self._parts.sessions.undo(_as_pressed(UndoSession, turn, view))
        except UndoGone:
            row = (view.button("session.call_off", "soff"),)
            await tell(turn, words.plain(view, "session.undo_gone", *row))
        except SessionChanged as error:
            await self._say_changed(turn, view, error)
        else:
            await tell(turn, words.plain(view, "session.undone"))

    async def on_post_again(self, turn: Turn) -> None:
        """Try once more to put the card where it belongs."""
        view = await view_of(turn, self._parts)
        try:
            await self._parts.sessions.post_again(_as_pressed(ChangeSession, turn, view))
        except SessionChanged as error:
            await self._say_changed(turn, view, error)
        else:
            await tell(turn, words.posting(view))

    # --- small things ---

    async def _not_organizer(self, turn: Turn, view: SessionView, key: str) -> bool:
        """Say whether the press is not theirs to make, which is told."""
        person = turn.incoming.person
        if view.is_organizer or person.is_admin:
            return False
        await turn.toast(view.say(key, organizer=view.organizer), alert=True)
        return True

    async def _say_changed(self, turn: Turn, view: SessionView, error: SessionChanged) -> None:
        """Say how it stands; the card itself is kept right by others."""
        now = await self._now(view, error.session)
        if now.session.is_open and now.session.status is view.session.status:
            # The times on the button were replaced by others.
            await turn.toast(now.say("session.times_changed"), alert=True)
        else:
            await turn.toast(words.stands(now), alert=True)

    async def _now(self, view: SessionView, session: Session) -> SessionView:
        details: SessionDetails = await self._parts.reads.session(
            session.organization_id, session.id
        )
        return SessionView(details, view.reader, view.person)


def _as_pressed(kind: type[_Command], turn: Turn, view: SessionView) -> _Command:
    """Return the command that takes nothing but the press."""
    return kind(
        actor=turn.incoming.actor,
        session_id=view.session.id,
        request_id=turn.incoming.request_id,
    )


def _option(view: SessionView, letter: str) -> Option | None:
    return next((each for each in view.session.options if each.letter == letter), None)
