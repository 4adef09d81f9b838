"""Help by role, and with examples by subject."""

from bots.chat import Press, Turn
from bots.flows.hosting_parts import HostingParts
from bots.flows.turns import press_of, reader_of, typed_line
from bots.router import Router
from wording import commands as words


class HelpFlow:
    """Tells what can be done; it never does anything."""

    def __init__(self, parts: HostingParts, router: Router) -> None:
        self._parts, self._router = parts, router

    def register(self, router: Router) -> None:
        """Register what this flow answers."""
        router.command("help", self.on_help)
        router.press("help", self.on_help)

    async def on_help(self, turn: Turn) -> None:
        """Show the commands of the person's role, or help on one subject."""
        reader, person = reader_of(turn, self._parts.clock), turn.incoming.person
        pressed = isinstance(turn.incoming.said, Press)
        word = press_of(turn).argument if pressed else typed_line(turn)
        topic = words.topic_named(word) if word else None
        if topic:
            await turn.show(words.help_topic(reader, topic))
            return
        verbs = [
            entry.verb
            for entry in self._router.commands()
            if entry.in_menu and entry.audience.includes(person)
        ]
        note = words.unknown_topic(reader, word[:40]) if word else ""
        await turn.show(words.help_card(reader, person, verbs, note=note))
