"""The questions of an event type, asked one at a time while the time is kept."""

from dataclasses import replace

from bots.chat import Turn
from bots.flows.choices import FLOW, Choices, Stage
from bots.flows.journey import ANSWER, Journey
from bots.flows.parts import BookingParts
from bots.flows.turns import press_of, typed_text
from bots.router import Router
from scheduling.errors import InputRefused
from scheduling.ports import Draft
from scheduling.text import ANSWER_LIMIT, clean
from wording.refusals import sentence


class Questions:
    """Reads answers, skips what is optional, and opens answers again."""

    def __init__(self, parts: BookingParts, journey: Journey) -> None:
        self._parts, self._journey = parts, journey

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.text(ANSWER, self.on_typed)
        router.press("skip", self.on_skip)
        router.press("reask", self.on_reask)

    async def on_typed(self, turn: Turn, draft: Draft) -> None:
        """Take what was typed as the answer; what cannot be taken is said, and asked again."""
        choices = Choices.of(draft)
        if draft.flow != FLOW or choices.stage is not Stage.QUESTION:
            return
        try:
            text = clean("answer", typed_text(turn), ANSWER_LIMIT)
        except InputRefused as error:
            problem = sentence(error, self._journey.reader(turn))
            await self._journey.present(turn, draft, problem=problem)
            return
        answered = choices.answered(choices.asking, text)
        await self._journey.store(turn, draft, await self._next(turn, answered))

    async def on_skip(self, turn: Turn) -> None:
        """Go on without an answer, or with the one typed before ("keep")."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        if choices.stage is not Stage.QUESTION:
            await self._journey.present(turn, draft)
            return
        if press_of(turn).argument != "keep":
            choices = choices.answered(choices.asking, "")
        await self._journey.store(turn, draft, await self._next(turn, choices))

    async def _next(self, turn: Turn, choices: Choices) -> Choices:
        """Return the choices at the question after the open one, answered or not, or confirming.

        Whoever changes an answer passes the later ones again; whoever comes first sees each once.
        """
        kind = await self._parts.queries.event_type(turn.incoming.organization_id, choices.chosen)
        keys = [question.key for question in kind.questions]
        after = keys[keys.index(choices.asking) + 1 :] if choices.asking in keys else []
        if after:
            return replace(choices, asking=after[0])
        return await self._journey.next_step(turn, choices)

    async def on_reask(self, turn: Turn) -> None:
        """Open the answers again; each shows what was typed before."""
        found = await self._journey.fresh(turn)
        if found is None:
            return
        draft, choices = found
        kind = await self._parts.queries.event_type(turn.incoming.organization_id, choices.chosen)
        if choices.stage is Stage.CONFIRM and kind.questions:
            choices = replace(choices, stage=Stage.QUESTION, asking=kind.questions[0].key)
        await self._journey.store(turn, draft, choices)
