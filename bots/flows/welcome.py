"""The first steps: /start, alone or with what a link carries."""

from bots.chat import Turn
from bots.flows.finding import Finding
from bots.flows.journey import Journey
from bots.flows.parts import BookingParts
from bots.flows.turns import typed_line
from bots.router import Router
from scheduling.errors import NotFound
from scheduling.ids import PersonId, StartCode
from scheduling.messages import Action, ChatMessage, Plain
from scheduling.model import EventType, Listing
from scheduling.people import Person
from wording import my as words
from wording.lines import card


class Welcome:
    """Opens what a link names; without one, says what this is for."""

    def __init__(self, parts: BookingParts, journey: Journey, finding: Finding) -> None:
        self._parts, self._journey, self._finding = parts, journey, finding
        self._router: Router | None = None

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        self._router = router
        router.command("start", self.on_start)
        self._parts.zones.continue_with("start", self._open)

    async def on_start(self, turn: Turn) -> None:
        """Begin, or open a link."""
        code = typed_line(turn)
        if self._router is not None and (found := self._router.find_start(code)):
            opens, rest = found
            await opens(turn, rest)
            return
        if code:
            await self._open(turn, code)
            return
        person = turn.incoming.person
        reader = self._journey.reader(turn)
        message = words.first_words(reader, person.first_name, is_coach=person.is_coach)
        await turn.show(message)

    async def _open(self, turn: Turn, code: str) -> None:
        """Open the type or the coach of a code; the zone is asked before its times are shown."""
        kind = await self._kind(turn, code)
        host = await self._host(turn, kind.host_id if kind else PersonId(code))
        if host is None:
            await turn.show(self._unknown(turn))
        elif host.id == turn.incoming.person.id:
            await turn.show(self._own(turn))
        elif await self._zone_known(turn, host, code):
            await self._open_for(turn, host, kind)

    async def _zone_known(self, turn: Turn, host: Person, code: str) -> bool:
        reader = self._journey.reader(turn)
        hello = reader.say("welcome.link", name=turn.incoming.person.first_name, host=host.name)
        return await self._parts.zones.known(
            turn, then="start", text=code, near=host.zone, greeting=(Plain(hello),)
        )

    async def _open_for(self, turn: Turn, host: Person, kind: EventType | None) -> None:
        if kind is None:
            offered = await self._parts.queries.event_types_of(
                turn.incoming.organization_id, host.id
            )
            listed = tuple(each for each in offered if each.listing is Listing.LISTED)
            await self._finding.open_host(turn, host, listed, via_link=True)
        elif kind.listing is Listing.OFF:
            await self._finding.open_ended(turn, kind)
        else:
            await self._finding.open_host(turn, host, (kind,), via_link=True)

    async def _kind(self, turn: Turn, code: str) -> EventType | None:
        return await self._parts.queries.by_code(
            turn.incoming.organization_id, StartCode(code[:64])
        )

    async def _host(self, turn: Turn, person_id: PersonId) -> Person | None:
        try:
            person = await self._parts.queries.person(turn.incoming.organization_id, person_id)
        except NotFound:
            return None
        return person if person.is_coach else None

    def _unknown(self, turn: Turn) -> ChatMessage:
        reader = self._journey.reader(turn)
        book = Action(reader.say("welcome.book"), "newbook")
        return card(reader.say("welcome.unknown_link"), rows=((book,),))

    def _own(self, turn: Turn) -> ChatMessage:
        reader = self._journey.reader(turn)
        link = Action(reader.say("welcome.share"), "link")
        return card(reader.say("welcome.own_link"), rows=((link,),))
