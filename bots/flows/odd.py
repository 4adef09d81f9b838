"""What no command, button or question reads: free text, unknown commands, stickers."""

from bots.chat import Command, Press, Turn, Typed, Unreadable
from bots.flows.finding import Finding
from bots.flows.my import My
from bots.flows.parts import BookingParts
from bots.flows.turns import as_command, plain, reader_of
from bots.router import Router
from scheduling.grammar.when import WhenNotUnderstood, parse_when
from wording import my as words
from wording import odd as odd_words
from wording.times import Reader

_TAKE_A_LINE = frozenset(
    {"availability", "hours", "session", "compare", "off", "open", "coaches", "help", "connect"}
)
"""Commands known without their slash even when words follow: no sentence begins so by chance."""


class Odd:
    """Answers what nobody expected with what one can do."""

    def __init__(self, parts: BookingParts, my: My, finding: Finding, router: Router) -> None:
        self._parts, self._my, self._finding, self._router = parts, my, finding, router

    def register(self) -> None:
        """Register what this flow answers."""
        self._router.otherwise(self.on_odd)

    async def on_odd(self, turn: Turn) -> None:
        """Answer anything."""
        reader = reader_of(turn, self._parts.clock)
        match turn.incoming.said:
            case Press():
                await turn.toast(reader.say("odd.over"))
            case Command(verb=verb):
                near = self._router.nearest(verb, turn.incoming.person)
                await turn.say(odd_words.unknown_command(reader, verb, near))
            case Typed(text=text) if turn.incoming.private:
                await self._typed(turn, text.strip(), reader)
            case Unreadable() if turn.incoming.private:
                await turn.say(plain(reader.say("odd.unreadable")))
            case _ if turn.incoming.private:
                await turn.say(plain(reader.say("odd.no_question")))
            case _:
                pass  # in groups people talk to each other

    async def _typed(self, turn: Turn, text: str, reader: Reader) -> None:
        """Take a command without its slash as one, a time as a wish to book; else say what is next.

        Slack lets nobody type a slash where its own commands are not meant.
        """
        verb, _, rest = text.removeprefix("/").partition(" ")
        entry = self._router.find_command(verb)
        if entry is not None and (not rest or verb.lower() in _TAKE_A_LINE):
            await entry.handler(as_command(turn, entry.verb, rest.strip()))
            return
        if self._speaks_of_time(text, reader):
            await self._finding.on_book(as_command(turn, "book", text))
            return
        name = turn.incoming.person.first_name
        if turn.incoming.person.zone is None:
            is_coach = turn.incoming.person.is_coach
            await turn.say(words.first_words(reader, name, is_coach=is_coach))
            return
        await turn.say(words.greeting(reader, name, await self._my.next(turn)))

    @staticmethod
    def _speaks_of_time(text: str, reader: Reader) -> bool:
        try:
            parse_when(text, now=reader.local(reader.now))
        except WhenNotUnderstood as error:
            return bool(error.understood)
        return True
