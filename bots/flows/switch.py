"""Which flow answers a turn, on every platform alike."""

from bots.chat import Command, Press, Said, Turn, Typed
from bots.flows.desk import Desk
from bots.flows.turns import reader_of
from bots.live.watch import Watch
from bots.router import Handler, Router
from scheduling.errors import SchedulingError
from scheduling.ports import Clock, Draft, DraftChanged
from wording.catalogue import say
from wording.refusals import refused


class Switch:
    """Hands each turn to the flow that registered for it, and answers what the core refuses."""

    def __init__(
        self, router: Router, desk: Desk, clock: Clock, watch: Watch | None = None
    ) -> None:
        self._router, self._desk, self._clock, self._watch = router, desk, clock, watch

    async def answer(self, turn: Turn) -> None:
        """Let the right flow answer; a refusal that it did not word itself is worded here."""
        if self._watch is not None:
            turn = self._watch.turn(turn)
        try:
            handler = await self._handler(turn)
            await handler(turn)
        except DraftChanged:
            # Another press on the same card was quicker; its answer is in the card already.
            await turn.toast(say(turn.incoming.person.locale, "odd.quicker"))
        except SchedulingError as error:
            message = refused(error, reader_of(turn, self._clock))
            if isinstance(turn.incoming.said, Press):
                await turn.toast(message.text, alert=True)
            else:
                await turn.say(message)

    async def _handler(self, turn: Turn) -> Handler:
        match turn.incoming.said:
            case Press(verb=verb):
                return self._router.find_press(verb) or self._otherwise
            case Command(verb=verb):
                await self._desk.hush(turn)
                entry = self._router.find_command(verb)
                return entry.handler if entry else self._otherwise
            case said:
                draft = await self._asking(turn, said)
                if draft is None and isinstance(said, Typed) and said.draft_id:
                    return _say_over
                reads = self._router.find_text(draft.awaits) if draft else None
                if draft is None or reads is None:
                    return self._otherwise

                async def read(turn: Turn) -> None:
                    await reads(turn, draft)

                return read

    async def _asking(self, turn: Turn, said: Said) -> Draft | None:
        """Return the draft that was answered: the one of the field, or the one asked last."""
        if isinstance(said, Typed) and said.draft_id:
            return await self._desk.answered(turn, said.draft_id)
        return await self._desk.awaiting(turn)

    @property
    def _otherwise(self) -> Handler:
        handler = self._router.find_otherwise()
        if handler is None:
            raise LookupError("nobody is registered for what nobody else reads")
        return handler


async def _say_over(turn: Turn) -> None:
    """Answer what was typed into the field of a question that is over, or another's."""
    await turn.toast(say(turn.incoming.person.locale, "odd.over"))
