"""Who may use what: one row for everything that is registered, and nothing else.

The rows say it once, for people and for tests. What decides is elsewhere: the door lets people
into slotbook at all (scheduling/access.py), and the core authorises every command by the
verified sender. ``docs/access.md`` is made from here; a test walks the rows with everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bots.router import Router
from bots.slack.again import AGAIN
from bots.slack.surface import SlackSurfaces


class Kind(StrEnum):
    """What somebody can do to slotbook."""

    COMMAND = "command"
    PRESS = "button"
    TEXT = "typed answer"
    START = "start code"
    OTHERWISE = "anything else"
    ACTION = "element in Slack"
    SUBMISSION = "window sent"
    CLOSED = "window closed"
    OPTIONS = "search in a select"
    SHORTCUT = "shortcut"
    HOME = "App Home"


class Who(StrEnum):
    """Whom the core lets do it, of those whom the door lets in."""

    ALL = "everybody"
    COACH = "coaches; others are shown how to become one"
    OWNER = "the coach whose it is"
    ADMIN = "admins"
    OWN = "whose question or window it is"
    SIDE = "host and attendees of the booking"
    ATTENDEE = "attendees of the booking"
    HOST = "the host of the booking"
    ASKED = "who is asked in the poll"
    SEATED = "who has a seat or a place in line"
    ORGANIZER = "the organizer"
    DECIDER = "the organizer and admins"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to use: who may, and on which chats it is."""

    kind: Kind
    name: str
    who: Who
    telegram: str
    slack: str


_EVERYWHERE, _ALONE = "chat and groups", "chat"
_SLACK, _WINDOW, _NOT = "anywhere", "windows", "—"

_WHO: Mapping[Kind, Mapping[Who, str]] = {
    Kind.COMMAND: {
        Who.ALL: """
            start book coaches my session compare availability coach me connect feed help""",
        Who.COACH: "agenda open off link types",
        Who.ADMIN: "guests",
    },
    Kind.PRESS: {
        Who.ALL: """
            noop newbook pick mine fewer sview sshow sjoin swait offer me connect disconn help
            feedgo""",
        Who.OWN: """
            zone coach coaches types length use month day part time same back book retake skip
            reask movego cancelgo keep unnote slen sat sask sweek suse saddt cmpweek cmpask
            chghrs hrsback dur savehrs hrspic offgo spanuse share aboutset typeset declgo meset""",
        Who.SIDE: "show file clear move cancel undo note fine",
        Who.ATTENDEE: "askmove coming late cantcome",
        Who.HOST: "approve decline wait",
        Who.ASKED: "svote svall",
        Who.SEATED: "sleave soffer sunjoin",
        Who.ORGANIZER: "snew sadd",
        Who.DECIDER: "ssettle soff soffyes sundo spost",
        Who.COACH: "agenda week asks shutday hours open off link mytypes typeadd hostmenu",
        Who.OWNER: "undohrs openend offend qr nicer type typeflip preview sharein",
        Who.ADMIN: "coachok coachno",
    },
    Kind.TEXT: {
        Who.OWN: """
            zone answer reason note stitle slen speople sstart saddt week.line week.length
            open.when off.when about.line type.part decline.reason invite.code me.part
            me.contact""",
    },
    Kind.START: {Who.ALL: "p_ j_ c_"},
    Kind.OTHERWISE: {Who.ALL: "words"},
    Kind.ACTION: {
        Who.ALL: f"{AGAIN} sb.together",
        Who.OWN: "sb.book sb.hours sb.off sb.open sb.session.change sb.session.week",
        Who.OWNER: "sb.share",
        Who.ADMIN: "sb.guests",
    },
    Kind.SUBMISSION: {
        Who.OWN: """
            sb.book sb.cancel sb.decline sb.hours sb.note sb.off sb.open sb.session
            sb.session.found sb.share sb.type""",
    },
    Kind.CLOSED: {Who.OWN: "sb.book"},
    Kind.OPTIONS: {Who.ALL: "sb.book.who"},
    Kind.SHORTCUT: {Who.ALL: "sb.book sb.session"},
    Kind.HOME: {Who.ALL: "home"},
}


def classified() -> dict[tuple[Kind, str], Who]:
    """Return who may use what, by kind and name; a ValueError for what stands there twice."""
    found: dict[tuple[Kind, str], Who] = {}
    for kind, by_who in _WHO.items():
        for who, names in by_who.items():
            for name in names.split():
                if (kind, name) in found:
                    raise ValueError(f"{kind} {name} is classified twice")
                found[kind, name] = who
    return found


def registered(router: Router, surfaces: SlackSurfaces) -> set[tuple[Kind, str]]:
    """Return everything that somebody can use, by kind and name."""
    return {*_of_router(router), *_of_slack(surfaces)}


def table(router: Router, surfaces: SlackSurfaces) -> list[Row]:
    """Return a row for everything registered, in the order of the classification.

    Raises:
        LookupError: something registered has no row, or a row stands for nothing.
    """
    known, there = classified(), registered(router, surfaces)
    if missing := sorted(f"{kind} {name}" for kind, name in there - known.keys()):
        raise LookupError(f"nobody has said in bots/access.py who may use: {', '.join(missing)}")
    if dead := sorted(f"{kind} {name}" for kind, name in known.keys() - there):
        raise LookupError(f"bots/access.py names what nobody registered: {', '.join(dead)}")
    neutral = set(_of_router(router))
    return [
        Row(kind, name, who, _telegram(kind, name, router, neutral), _slack(kind))
        for (kind, name), who in known.items()
    ]


def _of_router(router: Router) -> Iterator[tuple[Kind, str]]:
    yield from ((Kind.COMMAND, entry.verb) for entry in router.commands())
    yield from ((Kind.PRESS, entry.verb) for entry in router.presses())
    yield from ((Kind.TEXT, awaits) for awaits in router.texts())
    yield from ((Kind.START, prefix) for prefix in router.starts())
    if router.find_otherwise() is not None:
        yield Kind.OTHERWISE, "words"


def _of_slack(surfaces: SlackSurfaces) -> Iterator[tuple[Kind, str]]:
    kinds = {
        "command": Kind.COMMAND, "press": Kind.PRESS, "action": Kind.ACTION,
        "submission": Kind.SUBMISSION, "closed": Kind.CLOSED, "options": Kind.OPTIONS,
        "shortcut": Kind.SHORTCUT,
    }  # fmt: skip
    for kind, names in surfaces.names().items():
        yield from ((kinds[kind], name) for name in names)
    if surfaces.find_home() is not None:
        yield Kind.HOME, "home"
    yield Kind.ACTION, AGAIN  # the adapter's own


def _telegram(kind: Kind, name: str, router: Router, neutral: set[tuple[Kind, str]]) -> str:
    if (kind, name) not in neutral:
        return _NOT
    in_groups = (kind is Kind.COMMAND and router.group_command(name)) or (
        kind is Kind.PRESS and router.group_press(name)
    )
    return _EVERYWHERE if in_groups else _ALONE


def _slack(kind: Kind) -> str:
    match kind:
        case Kind.START:
            return _NOT
        case Kind.TEXT | Kind.OTHERWISE:
            return "chat, and the field under a message"
        case Kind.SUBMISSION | Kind.CLOSED | Kind.OPTIONS:
            return _WINDOW
        case Kind.HOME:
            return "App Home"
        case _:
            return _SLACK
