"""One line that asks for a group session: a title, how long, when, who, and how many."""

import re
from dataclasses import dataclass
from datetime import datetime

from scheduling.grammar.lexer import normalized
from scheduling.grammar.refusal import NotUnderstood, shortened
from scheduling.grammar.when import When, WhenNotUnderstood, parse_when
from scheduling.grammar.words import ENGLISH

_LONGEST_LINE = 800
_MOST = 999
_EXAMPLE = '"Retro" 45m next week @ana'

# Each opening mark with those that may close it; people type what their keyboard gives them.
_QUOTES = {
    '"': '"”“', "“": '”"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "‹": "›", "›": "‹",
    "'": "'’", "‘": "’'", "‚": "‘’'", "「": "」", "『": "』", "《": "》", "`": "`",
}  # fmt: skip
_SLACK_PERSON = re.compile(r"<@([A-Z0-9]{2,30})(?:\|[^<>]*)?>")
_NAMED_PERSON = re.compile(r"(?<![\w@])@([^\W\d_][\w.-]*\w|[^\W\d_])")
_BEFORE_PERSON = re.compile(r"(?:\b(?:and|with|for)|&|\+)\s*$", re.IGNORECASE)
_COUNT = "[0-9]{1,3}|" + "|".join(
    phrase for phrase, meaning in ENGLISH.items() if meaning.kind == "number"
)
# "seats 45 min" has a length after the word, "seats 4 min 2" has not.
_NO_LENGTH = rf"(?!\s*(?:[:.][0-9]|h\b|m\b|hour|min(?!\w*\s*[:=]?\s*(?:{_COUNT})\b)))"
_SEATS = (
    re.compile(rf"\bseats?\s*[:=]?\s*(?P<n>{_COUNT})\b{_NO_LENGTH}", re.IGNORECASE),
    re.compile(rf"(?<![\w:.])(?P<n>{_COUNT})\s+seats?\b", re.IGNORECASE),
)
# "45 min" is a length: a number before it belongs to it, unless that is a time of day.
_MINIMUM = (
    re.compile(
        r"(?:(?<![0-9])(?<![0-9]\s)|(?<=[:.][0-9]{2}\s))\b(?:min(?:imum)?|at\s+least)"
        rf"\s*[:=]?\s*(?P<n>{_COUNT})\b{_NO_LENGTH}",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """What was typed; empty or None where nothing was said.

    ``people`` are as typed without labels: "<@U123>" or "@ana", each once, in order. ``duration``
    is in minutes and also tells what a range of times says ("16:00-16:45").
    """

    title: str = ""
    duration: int | None = None
    when: When | None = None
    people: tuple[str, ...] = ()
    seats: int | None = None
    minimum: int | None = None


class SessionNotUnderstood(NotUnderstood):
    """Some of the line says nothing that belongs to a session."""


def parse_session(text: str, *, now: datetime) -> SessionLine:
    """Read a line such as '"Retro" 45m next week @ana @bo'; parts come in any order.

    ``now`` is the aware local time of whoever typed it. Without quotes the words before the
    first other part are the title.

    Raises:
        SessionNotUnderstood: with the part that was not, and a line that reads.
    """
    if len(text) > _LONGEST_LINE:
        raise SessionNotUnderstood("", shortened(text), _EXAMPLE)
    return _Reading(text, now).line()


class _Reading:
    """Takes the parts out of the line one by one; what is left must speak of time."""

    def __init__(self, text: str, now: datetime) -> None:
        self._text, self._now = text, now
        self._rest = text.replace("\n", " ")
        self._quoted = ""
        self._people: list[str] = []
        self._seats: int | None = None
        self._minimum: int | None = None
        self._odd: list[str] = []

    def line(self) -> SessionLine:
        self._take_quoted()
        self._take_people()
        self._seats = self._take_count(_SEATS)
        self._minimum = self._take_count(_MINIMUM)
        when = self._read_when()
        title = self._bare_title(when) or self._quoted
        if self._odd:
            raise self._refused(title, when, self._said(when))
        if when and not any((when.on, when.at is not None, when.part)):
            return SessionLine(title, when.duration, None, *self._counted)
        return SessionLine(title, _length(when), when, *self._counted)

    @property
    def _counted(self) -> tuple[tuple[str, ...], int | None, int | None]:
        return tuple(dict.fromkeys(self._people)), self._seats, self._minimum

    # --- taking parts out ---

    def _blank(self, start: int, end: int) -> None:
        """Take a part out; a comma keeps the words on its sides from reading as one phrase."""
        self._rest = self._rest[:start] + ",".ljust(end - start) + self._rest[end:]

    def _take_quoted(self) -> None:
        text = self._rest
        for start, mark in enumerate(text):
            closing = _QUOTES.get(mark)
            begins = start == 0 or text[start - 1].isspace()
            if closing is None or not begins:
                continue
            ends = [at for at in range(start + 1, len(text)) if text[at] in closing]
            # An apostrophe inside a word ends nothing: 'Bo's retro'.
            ends = [at for at in ends if at + 1 == len(text) or not text[at + 1].isalnum()]
            if not ends or not text[start + 1 : ends[0]].strip():
                continue
            self._quoted = " ".join(text[start + 1 : ends[0]].split())
            self._blank(start, ends[0] + 1)
            return

    def _take_people(self) -> None:
        placed: list[tuple[int, str]] = []
        for pattern, form in ((_SLACK_PERSON, "<@{}>"), (_NAMED_PERSON, "@{}")):
            while found := pattern.search(self._rest):
                start, end = found.span()
                placed.append((start, form.format(found[1])))
                before = _BEFORE_PERSON.search(self._rest[:start])
                self._blank(before.start() if before else start, end)
        self._people = [name for _, name in sorted(placed)]

    def _take_count(self, patterns: tuple[re.Pattern[str], ...]) -> int | None:
        found = next((found for each in patterns if (found := each.search(self._rest))), None)
        if found is None:
            return None
        word = found["n"].lower()
        count = int(word) if word.isdecimal() else ENGLISH[word].numbers[0]
        if not 1 <= count <= _MOST:
            self._odd.append(found[0])
        self._blank(*found.span())
        return count

    # --- the rest ---

    def _read_when(self) -> When | None:
        words = _tidy(self._rest)
        if not words:
            return None
        try:
            return parse_when(words, now=self._now)
        except WhenNotUnderstood as error:
            bare = not self._quoted and not error.understood and not re.search(r"[0-9]", words)
            if bare:
                return When(leftover=words)  # a title and nothing else
            self._odd.append(error.not_understood or error.understood)
            raise self._refused(
                self._quoted, None, error.understood, suggestion=error.suggestion
            ) from None

    def _bare_title(self, when: When | None) -> str:
        """Return the words that begin the line, where no quotes do; others are not understood."""
        left = when.leftover if when else ""
        if not left:
            return ""
        named = any(letter.isalnum() for letter in left)
        if self._quoted or not named or not _starts_with(self._text, left):
            self._odd.append(left)
            return ""
        return left

    # --- refusing ---

    def _said(self, when: When | None) -> str:
        """Return what of the rest was understood: the words that are no leftover."""
        words = _tidy(self._rest)
        if when is None or not when.leftover:
            return words
        for word in when.leftover.split():
            words = words.replace(word, " ", 1)
        return _tidy(words)

    def _refused(
        self, title: str, when: When | None, understood: str, *, suggestion: str | None = None
    ) -> SessionNotUnderstood:
        said = [f'"{title}"'] if title else []
        people = [*self._people]
        counts = [f"seats {self._seats}"] if self._seats and self._seats <= _MOST else []
        counts += [f"min {self._minimum}"] if self._minimum and self._minimum <= _MOST else []
        time = understood if suggestion is None else suggestion
        whole = " ".join([*(said or ['"Retro"']), *([time] if time else []), *people, *counts])
        try:
            parse_session(whole, now=self._now)
        except SessionNotUnderstood:
            whole = _EXAMPLE
        understood = " ".join([*said, *([understood] if understood else []), *people, *counts])
        return SessionNotUnderstood(understood, _tidy(" ".join(self._odd)), whole)


def _length(when: When | None) -> int | None:
    if when is None:
        return None
    if when.duration is None and when.at is not None and when.until is not None:
        return when.until - when.at
    return when.duration


def _starts_with(text: str, words: str) -> bool:
    plain = " ".join(normalized(text).split()).strip(" ,;").lower()
    return plain.startswith(" ".join(normalized(words).split()).lower())


def _tidy(text: str) -> str:
    """Return the words without the commas that stand where parts were taken out."""
    return " ".join(re.sub(r"(?:\s*,)+\s*", " , ", f" {text} ").strip(" ,;").split())
