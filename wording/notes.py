"""Asking what to tell the other side."""

from scheduling.messages import ChatMessage, Plain
from wording import buttons
from wording.view import View
from wording.zones import Target


def ask(view: View, target: Target, *, problem: str = "") -> ChatMessage:
    """Ask for the words of a note; ``problem`` says what was wrong with what was typed."""
    words = view.reader.say("note.ask", name=view.others)
    drop = target.button(view.reader.say("nav.back"), "unnote")
    return ChatMessage((Plain(f"{problem}\n{words}" if problem else words),), ((drop,),))


def too_late(view: View) -> ChatMessage:
    """Say that the booking is too long ago to write about."""
    return ChatMessage((Plain(view.reader.say("note.not_now")),), ((buttons.my_bookings(view),),))
