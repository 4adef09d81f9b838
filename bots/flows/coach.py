"""Becoming a coach: from nothing to a link, by invite or with an admin's yes; the coach's menu."""

from bots.chat import Turn
from bots.flows.hosting_parts import HostingParts, coaches_only
from bots.flows.hours import HoursFlow
from bots.flows.turns import press_of, reader_of, typed_text, with_person
from bots.router import Router
from scheduling.ids import PersonId
from scheduling.ports import Draft
from wording import hosting as words
from wording import people as people_words

FLOW = "invite"
AWAITS = "invite.code"


class CoachFlow:
    """What stands between somebody and offering their time."""

    def __init__(self, parts: HostingParts, hours: HoursFlow) -> None:
        self._parts, self._hours = parts, hours
        self._desk = parts.desk

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("coach", self.on_coach)
        router.press("offer", self.on_offer)
        router.press("hostmenu", self.on_menu)
        router.press("coachok", self.on_decision)
        router.press("coachno", self.on_decision)
        router.text(AWAITS, self.on_code)
        self._parts.zones.continue_with("offer", self._offer)

    async def on_coach(self, turn: Turn) -> None:
        """Show a coach the menu, anybody else the way to become one."""
        if turn.incoming.person.is_coach and await self._has_hours(turn):
            await self.on_menu(turn)
        else:
            await self.on_offer(turn)

    async def on_menu(self, turn: Turn) -> None:
        """Show the coach's menu."""
        if await coaches_only(turn, self._parts):
            await turn.show(words.menu(reader_of(turn, self._parts.clock)))

    async def on_offer(self, turn: Turn) -> None:
        """Begin, or show what is there already."""
        if await self._parts.zones.known(turn, then="offer"):
            await self._offer(turn, "")

    async def _offer(self, turn: Turn, _: str) -> None:
        if turn.incoming.person.is_coach and await self._has_hours(turn):
            await self.on_menu(turn)
        elif await self._parts.hosting.sign_up(turn.incoming.actor) == "invite":
            draft = await self._desk.open(turn, FLOW, {}, awaits=AWAITS)
            await self._ask_code(turn, draft, wrong=False)
        else:
            await self._hours.begin(turn, new=True)

    async def _has_hours(self, turn: Turn) -> bool:
        return await self._parts.hours.overview(turn.incoming.actor) is not None

    # --- by invite ---

    async def on_code(self, turn: Turn, draft: Draft) -> None:
        """Redeem an invite code and go on to the hours."""
        code = typed_text(turn).strip()
        actor = turn.incoming.actor
        if not code or not await self._parts.hosting.redeem_invite(actor, code):
            await self._ask_code(turn, draft, wrong=True)
            return
        person = await self._parts.queries.person(actor.organization_id, actor.person_id)
        await self._hours.begin(with_person(turn, person), new=True)

    async def _ask_code(self, turn: Turn, draft: Draft, *, wrong: bool) -> None:
        reader = reader_of(turn, self._parts.clock)
        await self._desk.show(turn, draft, words.ask_invite(reader, wrong=wrong))

    # --- by an admin ---

    async def on_decision(self, turn: Turn) -> None:
        """Let an admin decide who may offer time; pressing again changes nothing."""
        press, incoming = press_of(turn), turn.incoming
        person_id, approve = PersonId(press.subject), press.verb == "coachok"
        await self._parts.hosting.decide_coach(
            incoming.actor, person_id, approve, incoming.request_id
        )
        # Read afterwards: another admin may have been quicker, and decided otherwise.
        asked = await self._parts.queries.person(incoming.organization_id, person_id)
        reader = reader_of(turn, self._parts.clock)
        message = people_words.coach_decided(reader, asked.name, approved=asked.is_coach)
        await turn.show(message)
