"""The window "Find a time together": first what is wanted, then the times that were found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from bots.flows.sessions.planning import Plan, Stretch
from bots.slack.modals import choices, elements
from bots.slack.modals.elements import Choice, Json
from bots.slack.places import read_place
from scheduling.errors import NotFound
from scheduling.ids import PersonId
from scheduling.moments import Interval, from_seconds, local_day, seconds
from scheduling.ports import Draft
from scheduling.sessions.model import CommonTimes
from scheduling.text import TITLE_LIMIT
from wording.session_answers import unseen
from wording.times import Reader

ASK, FOUND = "sb.session", "sb.session.found"
"""The two steps."""
PEOPLE, TITLE, LENGTH = "sb.session.people", "sb.session.title", "sb.session.length"
WHEN, AT, WHERE = "sb.session.when", "sb.session.at", "sb.session.where"
SEATS, MINIMUM = "sb.session.seats", "sb.session.minimum"
TIME, HOW = "sb.session.time", "sb.session.how"
WEEK, CHANGE = "sb.session.week", "sb.session.change"
VOTE, NOW = "vote", "now"
SAID = "said"
"""The stretch of time that a typed line named."""
LENGTHS = (15, 30, 45, 60)
SEATS_LIMITS = (2, 200)
_USUAL = 45
_SHORT = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the window."""

    plan: Plan | None
    """None while no channel is known; its other facts are kept all the same."""
    users: tuple[str, ...] = ()
    """Accounts chosen, as Slack names them."""
    when: str = "week"
    at: str = ""
    """An exact start, as typed."""
    origin: str = ""
    """The channel, or the thread in it, that the window was opened from."""
    times: tuple[Interval, ...] = ()
    missing: tuple[str, ...] = field(default=())
    """For each of them, the names of who cannot come then."""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Read it back."""
        data = draft.data
        plan = Plan.of(draft) if data.get("group") else None
        return cls(
            plan=plan,
            users=tuple(_texts(data.get("users"))),
            when=str(data.get("when", "week")),
            at=str(data.get("at", "")),
            origin=str(data.get("origin", "")),
            times=tuple(
                Interval(from_seconds(int(begin)), from_seconds(int(end)))
                for begin, end in (each.split("-") for each in _texts(data.get("times")))
            ),
            missing=tuple(_texts(data.get("missing"))),
        )

    @property
    def data(self) -> dict[str, object]:
        """Return it as the draft keeps it."""
        return {
            **(self.plan.data if self.plan else {}),
            "users": list(self.users),
            "when": self.when,
            "at": self.at,
            "origin": self.origin,
            "times": [f"{seconds(t.start)}-{seconds(t.end)}" for t in self.times],
            "missing": list(self.missing),
        }

    @property
    def sure(self) -> Plan:
        """Return the plan of a window that was sent once.

        Raises:
            NotFound: it never was; somebody made this up.
        """
        if self.plan is None:
            raise NotFound
        return self.plan

    @property
    def fits(self) -> bool:
        """Say whether at least one of the times suits all."""
        return any(not names for names in self.missing)


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def stretch_of(name: str, reader: Reader, said: Stretch | None) -> Stretch:
    """Return the stretch of time behind an option of "When"."""
    today = reader.today
    monday = today - today.weekday() * _DAY
    begin, length = {
        "today": (today, 1),
        "tomorrow": (today + _DAY, 1),
        "week": (monday, 7),
        "next": (monday + 7 * _DAY, 7),
        "after": (monday + 14 * _DAY, 7),
        "month": (today, 28),
    }.get(name, (monday, 7))
    if name == SAID and said is not None:
        return said
    first = local_day(begin, reader.zone).start
    last = local_day(begin + (length - 1) * _DAY, reader.zone).end
    soon = reader.now + timedelta(hours=1)
    return Stretch(Interval(min(max(first, soon), last - timedelta(minutes=1)), last))


def wanted_view(wanted: Wanted, reader: Reader, *, draft_id: str, fault: str = "") -> Json:
    """Return the first step: who, what, how long, when, and where it is posted."""
    say, plan = reader.say, wanted.plan
    minutes = plan.minutes if plan else 0
    lengths = sorted({*LENGTHS, *([minutes] if minutes else [])})
    length = choices.radio(
        LENGTH,
        [Choice(reader.short_length(timedelta(minutes=each)), str(each)) for each in lengths],
        str(minutes or _USUAL),
    )
    hint = say("slack.session_people_hint")
    people = choices.people(PEOPLE, say("slack.session_people_pick"), wanted.users)
    title = elements.line(TITLE, initial=plan.title if plan else "", most=TITLE_LIMIT)
    blocks = [
        *([elements.section(fault, block_id="fault")] if fault else []),
        elements.field("people", say("slack.session_people"), people, hint=hint, optional=True),
        elements.field("title", say("slack.session_name"), title),
        elements.field("length", say("slack.session_length"), length),
        elements.field("when", say("slack.session_when"), _when(wanted, reader)),
        elements.field(
            "at",
            say("slack.session_at"),
            elements.line(AT, initial=wanted.at, most=_SHORT),
            hint=say("slack.session_at_hint"),
            optional=True,
        ),
        elements.field(
            "seats",
            say("slack.session_seats"),
            elements.line(SEATS, initial=_number(plan.seats if plan else 0), most=3),
            hint=say("slack.session_seats_hint"),
            optional=True,
        ),
        elements.field(
            "minimum",
            say("slack.session_minimum"),
            elements.line(MINIMUM, initial=_number(plan.minimum if plan else 0), most=3),
            optional=True,
        ),
        elements.field("where", say("slack.session_where"), _where(wanted, reader)),
    ]
    return elements.modal(
        ASK,
        say("slack.session_title"),
        blocks,
        close=say("slack.not_now"),
        submit=say("slack.session_find"),
        metadata=draft_id,
    )


def _when(wanted: Wanted, reader: Reader) -> Json:
    names = ("today", "tomorrow", "week", "next", "after", "month")
    options = [Choice(reader.say(f"slack.session_when_{name}"), name) for name in names]
    said = wanted.plan.stretch if wanted.plan else None
    if said is not None:
        last = said.span.end - timedelta(seconds=1)
        label = reader.say(
            "slack.session_when_said", first=reader.day(said.span.start), last=reader.day(last)
        )
        options.insert(0, Choice(label, SAID))
    return choices.select(WHEN, reader.say("slack.what_pick"), options, wanted.when)


def channel_of(wanted: Wanted) -> str:
    """Return the channel it is meant for so far; empty while none is, or only people talk there."""
    place = wanted.plan.group.chat_id if wanted.plan else wanted.origin
    channel = read_place(place).channel if place else ""
    return channel if channel.startswith(("C", "G")) else ""


def _where(wanted: Wanted, reader: Reader) -> Json:
    return choices.channels(WHERE, reader.say("slack.session_where_pick"), channel_of(wanted))


def _number(value: int) -> str:
    return str(value) if value else ""


def found_view(
    wanted: Wanted,
    found: CommonTimes | None,
    reader: Reader,
    *,
    draft_id: str,
    away_from: str = "",
) -> Json:
    """Return the second step: which times there are, and what becomes of them.

    ``away_from`` is the channel that the bot has not been invited to yet.
    """
    say = reader.say
    blocks: list[Json] = []
    if away_from:
        channel = f"<#{away_from}>"  # its name is for Slack to write
        blocks.append(elements.marked_section(say("slack.session_not_in", channel=channel)))
    people = found.people if found else ()
    blocks.append(elements.section(_heading(wanted, len(people) or 0, reader)))
    if wanted.times:
        options = [
            Choice(_time(reader, time, names), str(number))
            for number, (time, names) in enumerate(zip(wanted.times, wanted.missing, strict=True))
        ]
        key = "slack.session_which"
        blocks.append(elements.field("time", say(key), choices.radio(TIME, options, "0")))
        ways = [Choice(say("slack.session_vote"), VOTE), Choice(say("slack.session_now"), NOW)]
        blocks.append(
            elements.field("how", say("slack.session_how"), choices.radio(HOW, ways, VOTE))
        )
    if found is not None:
        blocks.append(elements.context(unseen(reader, found)))
    blocks += elements.actions(
        [
            elements.own_button(say("slack.session_change"), CHANGE),
            elements.own_button(say("slack.session_week_after"), WEEK),
        ]
    )
    return elements.modal(
        FOUND,
        say("slack.session_title"),
        blocks,
        close=say("slack.not_now"),
        submit=_submit(wanted, reader, again=bool(away_from)) if wanted.times else "",
        metadata=draft_id,
    )


def _heading(wanted: Wanted, number: int, reader: Reader) -> str:
    if not wanted.times:
        return reader.say("slack.session_nothing")
    counts = reader.say("session.counts").split()
    if number == 0:
        return reader.say("slack.session_choose", city=reader.city)
    count = counts[number] if number < len(counts) else str(number)
    everybody = reader.say("session.both" if number == 2 else "session.all", count=count)
    fitting = sum(not names for names in wanted.missing)
    if not fitting:
        return reader.say("slack.session_fits_none", people=everybody, city=reader.city)
    return reader.say("slack.session_fits", count=fitting, people=everybody, city=reader.city)


def _time(reader: Reader, time: Interval, names: str) -> str:
    span = reader.range(time.start, time.end)
    return reader.say("slack.session_time_missing", range=span, names=names) if names else span


def _submit(wanted: Wanted, reader: Reader, *, again: bool) -> str:
    if again:
        return reader.say("slack.session_again")
    if not wanted.fits:
        return reader.say("slack.session_ask_anyway")
    thread = wanted.plan is not None and read_place(wanted.plan.group.chat_id).thread_ts
    return reader.say("slack.session_post_thread" if thread else "slack.session_post")


def names_of(found: CommonTimes, reader: Reader, missing: Sequence[PersonId]) -> str:
    """Return the first names of who cannot come."""
    return reader.listing([p.first_name for p in found.people if p.id in missing])
