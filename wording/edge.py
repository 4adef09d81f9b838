"""Messages from the edge of a chat, before or after any flow."""

from scheduling.messages import Action, ChatMessage, OpenUrl, Plain
from wording.catalogue import FALLBACK, say


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


def your_answer(locale: str) -> str:
    """Return the label of the line to type an answer into."""
    return say(locale, "edge.your_answer")


def type_instead(locale: str, asked: str) -> str:
    """Say what to type where a chat has no button that tells it: "phone" or "location"."""
    return say(locale, f"edge.type_{asked}")


def no_files(locale: str = FALLBACK) -> str:
    """Say that a file cannot be sent here."""
    return say(locale, "edge.no_files")


def picture_elsewhere(locale: str = FALLBACK) -> str:
    """Say that the picture comes where only its reader looks."""
    return say(locale, "edge.picture_elsewhere")


def file_by_link(locale: str = FALLBACK) -> str:
    """Introduce the link that stands in the place of a file."""
    return say(locale, "edge.file_by_link")


def file_button(locale: str = FALLBACK) -> str:
    """Return the label of the button that opens a calendar file."""
    return say(locale, "edge.file_button")


def not_now(locale: str) -> str:
    """Say that something could not be taken now, and that nothing happened."""
    return say(locale, "edge.not_now")


def too_slow(locale: str) -> str:
    """Say that Slack would not wait any longer, above a button that tries again."""
    return say(locale, "edge.too_slow")


def open_it(locale: str) -> str:
    """Return the label of the button that opens what could not be opened at once."""
    return say(locale, "edge.open_it")


def send_again(locale: str) -> str:
    """Say under a form that sending it once more is safe."""
    return say(locale, "edge.send_again")


def not_for_you(locale: str, standing: str, team: str) -> ChatMessage:
    """Say whom booking here is for: to guests, people of other companies, and unknown ones."""
    known = standing in {"guest", "stranger", "other_team"}
    key = "edge.members_only" if known else "edge.not_known_here"
    return ChatMessage((Plain(say(locale, key, team=team or say(locale, "edge.this_team"))),))


def not_in_channel(locale: str) -> str:
    """Say that we cannot write in a channel, and how to bring us in."""
    return say(locale, "edge.not_in_channel")


def not_between_you(locale: str) -> str:
    """Say that where people talk among themselves there is no way in for us."""
    return say(locale, "edge.not_between_you")


def again(locale: str) -> str:
    """Return the label of a button that asks once more."""
    return say(locale, "edge.again")


def hello_channel(locale: str) -> ChatMessage:
    """Greet whoever brought us into a channel."""
    return ChatMessage((Plain(say(locale, "edge.hello_channel")),))


def did_you_mean(locale: str, name: str, near: str | None) -> str:
    """Say that there is no such command, and which was likely meant."""
    key = "edge.near_command" if near else "edge.unknown_command"
    return say(locale, key, name=name, near=near)


def help_label(locale: str) -> str:
    """Return the label of the button to the help."""
    return say(locale, "nav.help")


def guests(locale: str, *, is_open: bool) -> str:
    """Say who may book in a channel."""
    return say(locale, "edge.guests_may" if is_open else "edge.guests_may_not")


def guests_button(locale: str, to: str) -> str:
    """Return the label of the button that opens ("open") or closes a channel to guests."""
    return say(locale, f"edge.guests_{to}")


def guests_where(locale: str) -> str:
    """Say that guests are let in channel by channel."""
    return say(locale, "edge.guests_where")
