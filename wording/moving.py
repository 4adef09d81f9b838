"""Moving a booking to another time."""

from datetime import datetime

from scheduling.messages import Action, ButtonStyle, ChatMessage, Plain
from wording import buttons
from wording.view import View
from wording.zones import Target


def confirm(view: View, target: Target, start: datetime) -> ChatMessage:
    """Ask whether to move it there (T5)."""
    words = view.reader.say("move.confirm", old=view.day_time, new=view.reader.day_time(start))
    go = target.button(view.reader.say("move.go"), "movego", style=ButtonStyle.PRIMARY)
    return ChatMessage((Plain(words),), ((go, target.button(view.reader.say("nav.back"), "back")),))


def too_late(view: View) -> ChatMessage:
    """Say that only the host can move it now, and offer to ask."""
    words = view.reader.say(
        "move.too_late",
        cut_off=view.reader.short_length(view.details.event_type.cut_off),
        host=view.host,
    )
    ask = buttons.on_booking(view, view.reader.say("move.ask", host=view.host), "askmove")
    return ChatMessage((Plain(words),), ((ask, back_to_card(view)),))


def back_to_card(view: View) -> Action:
    """Return the way back to the booking's card."""
    return buttons.on_booking(view, view.reader.say("nav.back"), "show")
