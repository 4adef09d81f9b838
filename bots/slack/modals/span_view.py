"""The windows "Time off" and "Extra time": one line about time, and what it means."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bots.flows.spans import off_span, opening_span
from bots.flows.time_off import USUAL_OPENING
from bots.slack.modals import choices, elements
from bots.slack.modals.elements import Choice, Json
from scheduling.errors import HoursRefused
from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.messages import Action
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from wording import time_off as words
from wording.refusals import not_understood, sentence
from wording.times import Reader
from wording.week_text import span_text
from wording.zones import Target

OFF, OPEN = "off", "open"
"""Verbs of the flows; the windows are "sb.off" and "sb.open"."""
_EXAMPLES = {OPEN: "sat 10:00 2h", OFF: "24 dec - 2 jan"}
_LINE = "line"
_MOST = 200
TELL, KEEP = "tell", "keep"


def callback(kind: str) -> str:
    """Return the window's callback id, which begins its action ids too."""
    return f"sb.{kind}"


@dataclass(frozen=True, slots=True)
class SpanRead:
    """What a line about time was read as."""

    span: Interval | None = None
    readings: tuple[Interval, ...] = ()
    """Two that it may mean, while none of them is chosen."""
    problem: str = ""


def read_span(kind: str, text: str, chosen: str, reader: Reader) -> SpanRead:
    """Read a line; ``chosen`` is the number of one of two readings."""
    if not text.strip():
        return SpanRead()
    try:
        when = parse_when(text, now=reader.local(reader.now))
        if when.leftover:
            tidy = text.replace(when.leftover, "").strip()
            rest = WhenNotUnderstood(tidy, when.leftover, tidy or _EXAMPLES[kind])
            return SpanRead(problem=_not_understood(kind, rest, reader))
        if when.readings:
            spans = [_span(kind, each, reader) for each in when.readings]
            known = tuple(span for span in spans if span is not None)
            number = int(chosen) if chosen.isdecimal() else -1
            if 0 <= number < len(known):
                return SpanRead(known[number], known)
            return SpanRead(readings=known)
        span = _span(kind, when, reader)
    except WhenNotUnderstood as error:
        return SpanRead(problem=_not_understood(kind, error, reader))
    except HoursRefused as refused:
        backwards = refused.problem == "backwards"
        return SpanRead(problem=words.backwards(reader) if backwards else sentence(refused, reader))
    return SpanRead(span) if span else SpanRead(problem=words.no_time(reader))


def _not_understood(kind: str, error: WhenNotUnderstood, reader: Reader) -> str:
    suggestion = error.suggestion if error.understood else _EXAMPLES[kind]
    shown = WhenNotUnderstood(error.understood, error.not_understood, suggestion)
    return not_understood(shown, reader, use=None).text


def _span(kind: str, when: When, reader: Reader) -> Interval | None:
    return opening_span(when, reader, USUAL_OPENING) if kind == OPEN else off_span(when, reader)


def preview_of(kind: str, read: SpanRead, hit: Sequence[BookingDetails], reader: Reader) -> str:
    """Return what the line means, in a sentence."""
    if read.problem:
        return read.problem
    if read.span is None:
        return reader.say("slack.which_time") if read.readings else reader.say(f"slack.{kind}_hint")
    if hit:
        return words.off_over_bookings(reader, read.span, hit, Target("", 0)).text
    return reader.say(f"slack.{kind}_preview", time=span_text(reader, read.span))


def key_of(text: str) -> str:
    """Return what the ids of questions about a line end in: another line asks them anew."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def span_view(
    kind: str,
    text: str,
    read: SpanRead,
    hit: Sequence[BookingDetails],
    reader: Reader,
    *,
    draft_id: str,
    closed: Sequence[Action] = (),
) -> Json:
    """Return the window; ``closed`` opens again what is closed already."""
    say, prefix, key = reader.say, callback(kind), key_of(text)
    line = elements.line(f"{prefix}.{_LINE}", initial=text, most=_MOST, follows=True)
    hint = say(f"slack.{kind}_hint")
    blocks = [elements.field("line", say(f"slack.{kind}"), line, hint=hint, follows=True)]
    if read.readings:
        options = [
            Choice(span_text(reader, span), str(number))
            for number, span in enumerate(read.readings)
        ]
        label = say("slack.which_time")
        radio = choices.radio(f"{prefix}.reading", options)
        blocks.append(elements.field(f"reading.{key}", label, radio, follows=True))
    if hit:
        options = [
            Choice(say("hours.tell_all", count=len(hit)), TELL),
            Choice(say("hours.keep_them", count=len(hit)), KEEP),
        ]
        radio = choices.radio(f"{prefix}.hit", options)
        blocks.append(elements.field(f"hit.{key}", say("slack.off_what"), radio))
    shown = preview_of(kind, read, hit, reader)
    blocks.append(elements.section(shown, block_id="preview"))
    drawn = (elements.button(action, number) for number, action in enumerate(closed))
    blocks += elements.actions(each for each in drawn if each)
    return elements.modal(
        prefix,
        say(f"slack.{kind}_title"),
        blocks,
        close=say("slack.not_now"),
        submit=say(f"slack.{kind}_go"),
        metadata=draft_id,
    )
