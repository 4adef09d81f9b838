"""Text to tokens. Nothing is lost: every mark that is not blank is in some token."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scheduling.grammar.refusal import Stuck
from scheduling.grammar.words import ENGLISH, Meaning, Vocabulary

# One mark for one mark, so that positions stay those of the text as typed. Fullwidth forms
# have one reading; other exotic digits (9², ①, ٩) are left alone and hence not understood.
_SAME_LENGTH = (
    {0xFF01 + offset: 0x21 + offset for offset in range(94)}
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | {ord("\n"): ";"}
)
_SHAPES = r"""
    (?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}
        (?P<iso_time>t[0-9]{2}:[0-9]{2}(?::00)?(?:z|[+-][0-9]{2}:[0-9]{2})?)?(?![0-9\w:]))
  | (?P<dotted>[0-9]{1,2}\.(?:0?[1-9]|1[0-2])\.(?:20[0-9]{2})?(?![0-9\w]))
  | (?P<year>20[0-9]{2}(?![0-9\w:.]))
  | (?P<num>[0-9]{1,4}(?:[:.][0-9]{1,2})?(?![0-9]))
  | (?P<odd>[0-9]+)
  | (?P<phrase>%s)
  | (?P<word>(?<=[0-9])[^\W\d_]+|[^\W\d_](?:[\w'’])*)
  | (?P<dash>-) | (?P<comma>[,&/+]) | (?P<semi>;)
  | (?P<mark>[.:!?](?=\s|$|(?<=[^\W\d_]:)[0-9]))
  | (?P<unseen>[\u200b\u200e\u200f\u2060\ufeff]) | (?P<other>\S)
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the text: its kind, what it stands for, and where it stands."""

    kind: str
    text: str
    start: int
    end: int
    attached: bool  # no blank between this and the token before
    numbers: tuple[int, ...] = ()

    @property
    def number(self) -> int:
        """The first of its numbers."""
        return self.numbers[0]


def normalized(text: str) -> str:
    """Return the text with dashes, fullwidth forms and line ends made plain, length kept."""
    return text.translate(_SAME_LENGTH)


@lru_cache(maxsize=8)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    listed = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)
    # A unit may run into the next number ("1h30"); any other phrase ends where its word ends.
    phrase = rf"@(?=\s*[0-9])|(?<=[0-9])(?:{listed})(?![^\W\d_])|(?:{listed})(?![\w'’])"
    return re.compile(_SHAPES % phrase, re.VERBOSE | re.IGNORECASE)


def tokens(text: str, words: Vocabulary = ENGLISH) -> Iterator[Token]:
    """Yield the tokens of normalized text, in order."""
    end = 0
    for match in _pattern(tuple(words)).finditer(text):
        kind, found = match.lastgroup or "other", match.group()
        if match["iso"]:
            kind = "moment" if match["iso_time"] else "iso"
        meaning = Meaning(kind)
        if match["phrase"]:
            meaning = words.get(" ".join(found.lower().split()), Meaning("word"))
        elif kind in ("num", "dotted", "year", "iso"):
            meaning = Meaning(kind, tuple(map(int, re.findall("[0-9]+", found))))
        attached = match.start() == end and end > 0
        end = match.end()
        yield Token(meaning.kind, found, match.start(), end, attached, meaning.numbers)


class Cursor:
    """A place among the tokens that readers move on, or put back when they misread."""

    def __init__(self, text: str, skip: frozenset[str]) -> None:
        self.text = text
        self.tokens = [token for token in tokens(text) if token.kind not in skip]
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether all tokens were read."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """Return a token without moving on; beyond the ends, one of kind 'end'."""
        index = self.at + ahead
        if 0 <= index < len(self.tokens):
            return self.tokens[index]
        return Token("end", "", len(self.text), len(self.text), attached=False)

    def take(self, *kinds: str) -> Token | None:
        """Move over the next token if it is of one of these kinds, and return it."""
        token = self.peek()
        if token.kind not in kinds:
            return None
        self.at += 1
        return token

    def stuck(self, since: int, *hints: str, through: int | None = None) -> Stuck:
        """Return the refusal of the tokens from index `since` to `through` (or the next one).

        What is glued to them ("14-1x") is refused with them.
        """
        last = min(self.at if through is None else through, len(self.tokens) - 1)
        while last + 1 < len(self.tokens) and self._glued(self.tokens[last + 1]):
            last += 1
        return Stuck(self.tokens[since].start, self.tokens[last].end, hints)

    @staticmethod
    def _glued(token: Token) -> bool:
        return token.attached and token.kind not in ("comma", "semi")
