"""Who can be booked: pages of coaches, and the subjects they can be narrowed to."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from scheduling.messages import Button, ChatMessage
from scheduling.ports import CoachEntry
from wording.lines import card, in_rows
from wording.times import Reader
from wording.zones import Target

COACHES_A_PAGE = 6
_MOST_SUBJECTS = 6
_SHORTEST = 4
_FEWEST_COACHES = 3
"""Fewer are looked through faster than they are narrowed down."""


def coaches(
    reader: Reader,
    target: Target,
    entries: Sequence[CoachEntry],
    *,
    page: int = 0,
    text: str = "",
) -> ChatMessage:
    """List coaches, six a page, each with what may be booked."""
    everybody = target.button(reader.say("pick.all_coaches"), "coaches", "all")
    if not entries:
        found_none = reader.say("pick.no_coaches_found", text=text)
        return (
            card(found_none, rows=((everybody,),)) if text else card(reader.say("pick.no_coaches"))
        )
    begin = page * COACHES_A_PAGE
    rows = [
        (target.button(_label(reader, entry), "coach", entry.person.id),)
        for entry in entries[begin : begin + COACHES_A_PAGE]
    ]
    more: list[Button] = []
    if page:
        more.append(target.button(reader.say("nav.earlier"), "coaches", str(page - 1)))
    if begin + COACHES_A_PAGE < len(entries):
        more.append(target.button(reader.say("nav.later"), "coaches", str(page + 1)))
    narrow = [] if text else _narrow(reader, target, entries)
    last = [target.button(reader.say("pick.any"), "length")] if len(entries) > 1 else []
    if text:
        last.append(everybody)
    key = "pick.coaches_found" if text else "pick.coaches"
    return card(reader.say(key, text=text), rows=(*rows, more, *narrow, last))


def _narrow(
    reader: Reader, target: Target, entries: Sequence[CoachEntry]
) -> list[tuple[Button, ...]]:
    """Return a button for each subject; it carries the subject's place among them."""
    named = [
        target.button(subject, "coaches", f"s{number}")
        for number, subject in enumerate(subjects(reader, entries))
    ]
    return in_rows(named, 3)


def subjects(reader: Reader, entries: Sequence[CoachEntry]) -> list[str]:
    """Return what the coaches differ in, by the words of their titles, the commonest first.

    Words for any meeting (lesson, session, ...) tell nothing apart, nor do those everybody has.
    """
    if len(entries) < _FEWEST_COACHES:
        return []
    common = set(reader.say("booking.nouns").split())
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for entry in entries:
        words = {word for kind in entry.event_types for word in _words(kind.title)}
        for word in sorted(words):
            folded = _fold(word)
            if len(folded) >= _SHORTEST and not common & {folded, folded.removesuffix("s")}:
                shown.setdefault(folded, word[0].upper() + word[1:])
                counts[folded] += 1
    telling = [folded for folded, count in counts.items() if count < len(entries)]
    telling.sort(key=lambda folded: (-counts[folded], folded))
    return [shown[folded] for folded in telling[:_MOST_SUBJECTS]]


def _words(title: str) -> list[str]:
    return [word for word in "".join(c if c.isalpha() else " " for c in title).split() if word]


def _fold(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def _label(reader: Reader, entry: CoachEntry) -> str:
    more = len(entry.event_types) - 1
    key = "pick.coach_more" if more else "pick.coach"
    return reader.say(key, name=entry.person.name, title=entry.event_types[0].title, count=more)
