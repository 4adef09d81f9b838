"""The list of a coach's event types, the card of one, and the question for each of its parts."""

from collections.abc import Sequence
from datetime import timedelta

from scheduling.messages import Action, Button, ChatMessage
from scheduling.model import EventType, Listing, Question
from wording.lines import card, in_rows
from wording.times import Reader
from wording.zones import Target

NEW_LENGTHS = (15, 30, 60, 120)
"""Minutes of the lengths a new event type can begin with."""

_MOST_TYPES = 20

FIELDS = (
    "title", "length", "step", "before", "after", "notice", "horizon", "day", "week", "seats",
    "where", "text", "questions", "cutoff", "reminders", "listing",
)  # fmt: skip
"""What can be edited by a question, in the order of its buttons."""


def type_list(reader: Reader, event_types: Sequence[EventType]) -> ChatMessage:
    """List the event types, with the lengths to add."""
    shown = [
        (Action(_in_list(reader, kind), "type", kind.id),) for kind in event_types[:_MOST_TYPES]
    ]
    new = tuple(
        Action(
            reader.say("types.add", length=reader.short_length(timedelta(minutes=minutes))),
            "typeadd",
            revision=len(event_types),
            argument=str(minutes),
        )
        for minutes in NEW_LENGTHS
    )
    back = Action(reader.say("nav.back"), "hostmenu")
    key = "types.list" if event_types else "types.none"
    return card(reader.say(key), rows=[*shown, *in_rows(new, 2), (back,)])


def _in_list(reader: Reader, event_type: EventType) -> str:
    key = "types.in_list" if event_type.listing is Listing.LISTED else "types.in_list_state"
    return reader.say(
        key,
        title=event_type.title,
        length=reader.short_length(event_type.duration),
        state=reader.say(f"types.listing_{event_type.listing}"),
    )


def type_card(
    reader: Reader,
    event_type: EventType,
    setting: Sequence[timedelta],
    *,
    note: str = "",
) -> ChatMessage:
    """Show everything about one event type; ``setting`` are the reminders it has by default."""
    return card(
        note,
        event_type.title,
        *_facts(reader, event_type, setting),
        rows=[*in_rows(_edits(reader, event_type), 3), *_ways_out(reader, event_type)],
    )


def _facts(reader: Reader, kind: EventType, setting: Sequence[timedelta]) -> list[str]:
    short = reader.short_length
    facts = [
        reader.say("types.fact_length", length=short(kind.duration), step=short(kind.step)),
        reader.say(
            "types.fact_breaks",
            before=length_or_none(reader, kind.buffer_before),
            after=length_or_none(reader, kind.buffer_after),
        ),
        reader.say(
            "types.fact_notice",
            notice=length_or_none(reader, kind.minimum_notice),
            horizon=short(kind.horizon),
        ),
    ]
    if kind.cap_per_day or kind.cap_per_week:
        facts.append(
            reader.say(
                "types.fact_caps",
                day=kind.cap_per_day or reader.say("types.no_limit"),
                week=kind.cap_per_week or reader.say("types.no_limit"),
            )
        )
    if kind.capacity > 1:
        facts.append(reader.say("types.fact_seats", count=kind.capacity))
    if where := kind.place or kind.video:
        facts.append(reader.say("types.fact_where", where=where))
    if kind.description:
        facts.append(kind.description)
    facts += [
        reader.say("types.fact_approval" if kind.approval else "types.fact_at_once"),
        reader.say(
            "types.fact_cut_off" if kind.cut_off else "types.fact_no_cut_off",
            length=short(kind.cut_off),
        ),
    ]
    if kind.reason_required:
        facts.append(reader.say("types.fact_reason"))
    facts += [
        reader.say("types.fact_questions", questions=" / ".join(q.text for q in kind.questions))
        if kind.questions
        else "",
        reader.say("types.fact_reminders", times=reminders_text(reader, kind.reminders, setting)),
        reader.say(f"types.fact_{kind.listing}"),
    ]
    return facts


def _edits(reader: Reader, kind: EventType) -> list[Button]:
    edits: list[Button] = [
        Action(reader.say(f"types.edit_{field}"), "type", kind.id, argument=field)
        for field in FIELDS
    ]
    for field, on in (("approval", kind.approval), ("reason", kind.reason_required)):
        key = f"types.{field}_{'on' if on else 'off'}"
        edits.append(Action(reader.say(key), "typeflip", kind.id, kind.version, field))
    return edits


def _ways_out(reader: Reader, kind: EventType) -> list[tuple[Button, ...]]:
    back = Action(reader.say("nav.back"), "mytypes")
    if kind.listing is Listing.OFF:
        return [(back,)]
    return [(Action(reader.say("types.link"), "link", kind.id), back)]


def length_or_none(reader: Reader, length: timedelta) -> str:
    """Return "10 min", or "none" for nothing."""
    return reader.short_length(length) if length else reader.say("types.none_of_it")


def reminders_text(
    reader: Reader, own: Sequence[timedelta] | None, setting: Sequence[timedelta]
) -> str:
    """Return the lead times in words: their own, or the usual ones."""
    leads = setting if own is None else own
    if not leads:
        return reader.say("types.no_reminders")
    return reader.say(
        "types.reminders_before",
        times=reader.listing([reader.short_length(lead) for lead in leads]),
    )


# --- one question per part ---


def ask_part(
    reader: Reader,
    field: str,
    present: str,
    choices: Sequence[tuple[str, str]],
    target: Target,
    *,
    problem: str = "",
) -> ChatMessage:
    """Ask for one part of an event type; ``choices`` are labels with what they stand for."""
    buttons = [target.button(label, "typeset", value) for label, value in choices]
    back = target.button(reader.say("nav.back"), "typeset", "back")
    return card(
        problem,
        reader.say(f"types.ask_{field}"),
        reader.say("types.now", value=present) if present else "",
        rows=[*in_rows(buttons, 3), (back,)],
    )


def question_list(
    reader: Reader, event_type: EventType, target: Target, *, problem: str = ""
) -> ChatMessage:
    """List what attendees are asked; a new question is typed."""
    rows: list[tuple[Button, ...]] = []
    lines = []
    for number, question in enumerate(event_type.questions, 1):
        lines.append(_question_line(reader, number, question))
        flip = "types.make_optional" if question.required else "types.make_required"
        rows.append(
            (
                target.button(reader.say(flip, number=number), "typeset", f"req.{question.key}"),
                target.button(
                    reader.say("types.remove", number=number), "typeset", f"del.{question.key}"
                ),
            )
        )
    back = target.button(reader.say("nav.back"), "typeset", "back")
    return card(problem, reader.say("types.ask_questions"), *lines, rows=[*rows, (back,)])


def _question_line(reader: Reader, number: int, question: Question) -> str:
    key = "types.question_required" if question.required else "types.question_optional"
    return reader.say(key, number=number, text=question.text)
