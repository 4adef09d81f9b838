"""What commands do, in a few words: for menus, for help, for the bot's own page."""

from collections.abc import Sequence

from scheduling.messages import Action, ChatMessage, CopyText
from scheduling.people import Person
from wording.catalogue import catalogue, language_for, say
from wording.lines import card, in_rows
from wording.times import Reader

TOPICS = ("booking", "group", "hours", "time", "sessions", "me")
_COACH_TOPICS = ("hours", "time", "sessions")
_TOPIC_OF = {
    "book": "booking", "my": "booking", "coaches": "booking", "start": "booking",
    "session": "group", "compare": "group",
    "availability": "hours", "coach": "sessions",
    "open": "time", "extra": "time", "off": "time", "agenda": "time",
    "link": "sessions", "types": "sessions",
    "feed": "me", "zone": "me", "phone": "me", "reminders": "me",
    "connect": "me",
}  # fmt: skip


def description(verb: str, locale: str) -> str:
    """Return what a command does, for the command menu.

    Raises:
        KeyError: the command has no description in the catalogue.
    """
    return say(locale, f"commands.{verb}")


def bot_description(locale: str) -> str:
    """Return what an empty chat with the bot says (Telegram: at most 512 characters)."""
    return say(locale, "commands.bot_description")


def bot_short_description(locale: str) -> str:
    """Return what the bot's page and shared links say (Telegram: at most 120 characters)."""
    return say(locale, "commands.bot_short_description")


def topic_named(word: str) -> str | None:
    """Return the help topic of a word, which may be a command's name."""
    plain = word.lower().strip().lstrip("/")
    return plain if plain in TOPICS else _TOPIC_OF.get(plain)


def help_card(
    reader: Reader, person: Person, verbs: Sequence[str], *, note: str = ""
) -> ChatMessage:
    """Tell the commands of this person's role, with help on each subject."""
    known = catalogue(language_for(reader.locale))
    lines = [
        reader.say("help.command", verb=verb, what=description(verb, reader.locale))
        for verb in verbs
        if f"commands.{verb}" in known
    ]
    topics = [
        Action(reader.say(f"help.topic_{topic}"), "help", argument=topic)
        for topic in TOPICS
        if person.is_coach or topic not in _COACH_TOPICS
    ]
    offer = [] if person.is_coach else [(Action(reader.say("hosting.offer"), "offer"),)]
    return card(note, reader.say("help.title"), *lines, rows=[*in_rows(topics, 3), *offer])


def help_topic(reader: Reader, topic: str) -> ChatMessage:
    """Tell how to do the things of one subject, with examples to type."""
    back = Action(reader.say("nav.back"), "help")
    return card(reader.say(f"help.about_{topic}"), rows=[(*_ways_in(reader, topic), back)])


def _ways_in(reader: Reader, topic: str) -> tuple[Action, ...]:
    ways = {
        "booking": ("help.book", "newbook"),
        "hours": ("hosting.hours", "hours"),
        "time": ("hosting.agenda", "agenda"),
        "sessions": ("hosting.types", "mytypes"),
        "me": ("hosting.me", "me"),
    }
    if topic not in ways:
        return ()
    key, verb = ways[topic]
    return (Action(reader.say(key), verb, argument="show" if verb == "hours" else ""),)


def unknown_topic(reader: Reader, text: str) -> str:
    """Return the line that says there is no help on a word."""
    return reader.say("help.unknown", text=text)


def feed_card(reader: Reader) -> ChatMessage:
    """Tell what a calendar feed is, and that there may be one."""
    make = Action(reader.say("feed.make"), "feedgo", argument="new")
    stop = Action(reader.say("feed.stop"), "feedgo", argument="stop")
    return card(reader.say("feed.about"), rows=[(make, stop)])


def feed_address(reader: Reader, address: str, *, public: bool) -> ChatMessage:
    """Show a feed's new address, once."""
    again = Action(reader.say("feed.make_new"), "feedgo", argument="new")
    stop = Action(reader.say("feed.stop"), "feedgo", argument="stop")
    return card(
        reader.say("feed.address"),
        address,
        "" if public else reader.say("feed.local"),
        reader.say("feed.secret"),
        rows=[(CopyText(reader.say("hosting.copy"), address),), (again, stop)],
    )


def feed_stopped(reader: Reader, *, found: bool) -> ChatMessage:
    """Say that the feed's address leads nowhere any more."""
    make = Action(reader.say("feed.make"), "feedgo", argument="new")
    return card(reader.say("feed.stopped" if found else "feed.none"), rows=[(make,)])
