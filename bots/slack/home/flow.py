"""App Home on its way to Slack: drawn when it is opened, and after every change it shows."""

from bots.live.drawing import Rendered
from bots.router import Audience
from bots.slack.home.facts import HomeReader
from bots.slack.home.view import home_view
from bots.slack.modals.live import HOME
from bots.slack.modals.message import ViewMessage
from bots.slack.modals.parts import SurfaceParts
from bots.slack.places import HOME as HOME_MESSAGE
from bots.slack.surface import SlackSurfaces, Surface
from scheduling.messages import Live
from scheduling.people import Card, Person, Platform, Recipient
from scheduling.ports import LiveCard, about_host, about_person


class Home:
    """Everybody's page in Slack."""

    def __init__(self, parts: SurfaceParts) -> None:
        self._parts = parts
        self._reader = HomeReader(parts)

    def register(self, surfaces: SlackSurfaces) -> None:
        """Register what opens it, and who draws it anew."""
        surfaces.home(self.on_opened)
        self._parts.booking.renderers.put(HOME, self.drawn_again)

    async def on_opened(self, surface: Surface) -> None:
        """Publish it as it stands, and keep it right from now on."""
        incoming = surface.incoming
        message = await self.drawn(incoming.person)
        chat = Recipient(Platform.SLACK, surface.team_id, surface.user_id)
        card = Card(chat, HOME_MESSAGE)
        watch = self._parts.watch
        with watch.writing(card):
            await surface.publish_home(message.view)
            await watch.shown(incoming.organization_id, incoming.person.id, card, message)

    async def drawn_again(self, live: LiveCard) -> Rendered | None:
        """Return somebody's page as it stands; the keeper asks."""
        if live.person_id is None:
            return None
        queries = self._parts.booking.queries
        person = await queries.person(live.organization_id, live.person_id)
        return Rendered(await self.drawn(person))

    async def drawn(self, person: Person) -> ViewMessage:
        """Return somebody's page as it stands.

        Besides their own affairs it shows the first free time of others; it is looked at again
        when what comes next has begun.
        """
        facts = await self._reader.read(person)
        verbs = [
            entry.verb
            for entry in self._parts.router.commands()
            if entry.audience is Audience.ADMIN and entry.in_menu
        ]
        topics = {about_person(person.id), about_host(person.id)}
        topics |= {about_host(other.id) for other, _ in facts.people}
        ends = [view.booking.time.end for view in (*facts.hosted, *facts.attended)]
        live = Live(HOME, person.id, frozenset(topics), again_at=min(ends, default=None))
        return ViewMessage.of(home_view(facts, verbs), live)
