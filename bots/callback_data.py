"""What a button carries: a verb, a public id, a revision and a short argument, in 64 bytes.

Nothing in it is trusted: whoever presses is looked up by the platform's sender, and the core
decides again. The form is "1.verb.subject.revision.argument"; the leading 1 is its version.
"""

import re

from bots.chat import Press
from scheduling.messages import Action

LIMIT_BYTES = 64
_FORM = re.compile(
    r"1\.([a-z]{1,8})\.([A-Za-z0-9_-]{0,24})\.([0-9]{1,7})\.([A-Za-z0-9_.-]{0,20})", re.ASCII
)


def encode(action: Action) -> str:
    """Return the button's payload; a ValueError when it does not fit its form."""
    payload = f"1.{action.verb}.{action.subject}.{action.revision}.{action.argument}"
    if len(payload.encode()) > LIMIT_BYTES or decode(payload) is None:
        raise ValueError(f"a button that cannot come back: {payload!r}")
    return payload


def decode(payload: str) -> Press | None:
    """Return what was pressed, or None for anything we never wrote."""
    found = _FORM.fullmatch(payload)
    if found is None:
        return None
    return Press(found[1], found[2], int(found[3]), found[4])
