"""Odd moments: what was typed that nobody knows."""

from scheduling.messages import Action, ChatMessage
from wording.lines import card
from wording.times import Reader


def unknown_command(reader: Reader, name: str, near: str | None) -> ChatMessage:
    """Say that there is no such command, and which was likely meant."""
    key = "odd.near_command" if near else "odd.unknown_command"
    words = reader.say(key, name=name[:32], near=near)
    return card(words, rows=((Action(reader.say("nav.help"), "help"),),))
