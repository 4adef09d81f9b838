"""Messages from the edge of a chat, before or after any flow."""

from scheduling.messages import Action, ChatMessage, OpenUrl, Plain
from wording.catalogue import say


def broken(locale: str, code: str, again: Action | None = None) -> ChatMessage:
    """Say that something broke; ``code`` is what the log calls it.

    ``again`` is the button that was pressed, where pressing it again is harmless.
    """
    message = ChatMessage((Plain(say(locale, "edge.broken", code=code)),))
    return message if again is None else message.with_rows((again,))


def try_again(
    locale: str, verb: str, subject: str = "", revision: int = 0, argument: str = ""
) -> Action:
    """Return a button that asks once more for what broke."""
    return Action(say(locale, "edge.again"), verb, subject, revision, argument)


def later(locale: str) -> str:
    """Say that the answer has to wait, short enough for the answer to a press."""
    return say(locale, "edge.later")


def in_private(locale: str, name: str, link: str) -> ChatMessage:
    """Ask somebody in a group to go on in the private chat behind ``link``."""
    message = ChatMessage((Plain(say(locale, "edge.private", name=name)),), silent=True)
    return message.with_rows((OpenUrl(say(locale, "edge.private_button"), link),))
