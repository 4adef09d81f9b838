"""What a typed line asks for: whose time, which type, and when."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.model import EventType
from scheduling.ports import CoachEntry

_ANYBODY = frozenset({"any", "anybody", "anyone"})
_FILLERS = frozenset({"with", "a", "an", "the", "and", "for", "me", "please", "book", "at", "on"})


@dataclass(frozen=True, slots=True)
class Wish:
    """A line read: ``words`` name a coach or a type, ``when`` is None when no time was typed."""

    words: tuple[str, ...] = ()
    when: When | None = None
    anybody: bool = False

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return " ".join(self.words)


def read_wish(text: str, *, now: datetime) -> Wish:
    """Read a line such as "ana piano tue 15:00"; ``now`` is the asker's local time.

    Raises:
        WhenNotUnderstood: some of it speaks of a time that cannot be read.
    """
    try:
        when = parse_when(text, now=now) if text.strip() else None
        rest = when.leftover if when else ""
    except WhenNotUnderstood as error:
        if error.understood or re.search(r"\d", text):
            raise
        when, rest = None, text
    words = [word for word in _words(rest) if word not in _FILLERS]
    named = tuple(word for word in words if word not in _ANYBODY)
    return Wish(named, when, anybody=len(named) < len(words))


def matching(entries: Iterable[CoachEntry], wish: Wish) -> list[CoachEntry]:
    """Return the coaches the words mean, each with the types they mean.

    Words that fit the name choose the coach, the others have to fit the title.
    """
    found = []
    for entry in entries:
        rest = [word for word in wish.words if not _begins(word, _words(entry.person.name))]
        kinds = tuple(kind for kind in entry.event_types if _fits(kind, rest, wish))
        if kinds:
            found.append(replace(entry, event_types=kinds))
    named = [entry for entry in found if _named(entry, wish)]
    return named or found


def _named(entry: CoachEntry, wish: Wish) -> bool:
    return any(_begins(word, _words(entry.person.name)) for word in wish.words)


def _fits(kind: EventType, words: Iterable[str], wish: Wish) -> bool:
    title = _words(kind.title)
    return all(_begins(word, title) for word in words) and _lasts(kind, wish)


def _lasts(kind: EventType, wish: Wish) -> bool:
    minutes = wish.when.duration if wish.when else None
    return minutes is None or kind.duration.total_seconds() == minutes * 60


def _begins(word: str, known: Iterable[str]) -> bool:
    return any(each.startswith(word) for each in known)


def _words(text: str) -> list[str]:
    """Return the words without case, accents and marks."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = (mark if mark.isalnum() else " " for mark in bare if not unicodedata.combining(mark))
    return "".join(letters).split()
