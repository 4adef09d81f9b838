"""Which flow answers a turn, on every platform alike."""

from bots.chat import Command, Press, Turn
from bots.flows.desk import Desk
from bots.flows.turns import reader_of
from bots.router import Handler, Router
from scheduling.errors import SchedulingError
from scheduling.ports import Clock, DraftChanged
from wording.catalogue import say
from wording.refusals import refused


class Switch:
    """Hands each turn to the flow that registered for it, and answers what the core refuses."""

    def __init__(self, router: Router, desk: Desk, clock: Clock) -> None:
        self._router, self._desk, self._clock = router, desk, clock

    async def answer(self, turn: Turn) -> None:
        """Let the right flow answer; a refusal that it did not word itself is worded here."""
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
            case _:
                draft = await self._desk.awaiting(turn)
                reads = self._router.find_text(draft.awaits) if draft else None
                if draft is None or reads is None:
                    return self._otherwise

                async def read(turn: Turn) -> None:
                    await reads(turn, draft)

                return read

    @property
    def _otherwise(self) -> Handler:
        handler = self._router.find_otherwise()
        if handler is None:
            raise LookupError("nobody is registered for what nobody else reads")
        return handler
