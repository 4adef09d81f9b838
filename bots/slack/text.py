"""Text on its way to Slack: escaped, so that nothing people write can ring or hide a link."""

import re

from bots.text import cut, sendable, width

__all__ = ["cut", "escape", "flat", "sendable", "tidy_url", "width"]

_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Slack finds these by itself in plain text, where nobody escaped anything.
_RINGING = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_GAP = "\u2060"


def escape(text: str) -> str:
    """Return the text as mrkdwn shows it: the three characters that mean something, as entities.

    With them gone no mention, no channel, no link and no date can be written; "@here" and its
    like are broken by a character nobody sees.
    """
    words = _UNSEEN.sub("", sendable(text))
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _RINGING.sub("@" + _GAP, words)


def flat(text: str) -> str:
    """Return the text in one line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub("", sendable(text)).split())


def tidy_url(url: str) -> str | None:
    """Return the address as it may stand in a link; None when it opens nothing."""
    if not url.startswith(("https://", "http://")) or len(url) > 3000:
        return None
    if not url.isprintable() or " " in url:
        return None
    return url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
