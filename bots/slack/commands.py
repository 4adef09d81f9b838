"""Slash commands: three stand alone, everything else is said to /slotbook."""

import re
from dataclasses import dataclass

from bots.router import CommandEntry, Router
from wording.catalogue import FALLBACK, catalogue

MAIN = "slotbook"
ALONE = ("book", "availability", "session")
"""Verbs with a slash command of their own; it is the whole line after it that they get."""
# Sentences name commands the way one types them where each has its own.
_NAMED = re.compile(r"(?<![\w/:.<])/([a-z_]{2,20})\b(?![/.\w])")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as typed: its verb, and the rest of the line."""

    verb: str
    text: str


def read_command(command: str, text: str, router: Router) -> Asked:
    """Return what a slash command asks for; /slotbook alone asks for help.

    A command of another name than ours (an app may have been installed under one) is taken
    for the main one.
    """
    name = command.lstrip("/").lower()
    alone = name if name in ALONE else _suffixed(name)
    if alone is not None:
        return Asked(alone, text.strip())
    verb, _, rest = text.strip().partition(" ")
    word = verb.lstrip("/").lower()
    if not word:
        return Asked("help", "")
    known = router.find_command(word)
    return Asked(known.verb if known else word, rest.strip())


def _suffixed(name: str) -> str | None:
    """Return the verb of a command like /book-dev, as a second installation may call it."""
    stem = re.split(r"[-_]", name)[0]
    return stem if stem in ALONE else None


def as_typed_here(text: str) -> str:
    """Return a sentence with its commands named as they are typed in Slack: /slotbook my."""
    return _NAMED.sub(_rename, text) if "/" in text else text


def _rename(found: re.Match[str]) -> str:
    verb = found[1]
    is_ours = f"commands.{verb}" in catalogue(FALLBACK)
    return f"/{MAIN} {verb}" if is_ours and verb not in ALONE else found[0]


def offered(router: Router) -> list[CommandEntry]:
    """Return the commands that help and the manifest tell of."""
    return [entry for entry in router.commands() if entry.in_menu]
