"""Cancelling a booking, or taking a request back."""

from scheduling.messages import Action, ButtonStyle, ChatMessage, Part, Plain
from scheduling.model import BookingStatus
from wording import buttons
from wording.moving import back_to_card
from wording.view import View
from wording.zones import Target


def ask(view: View, target: Target, *, reason: str = "", problem: str = "") -> ChatMessage:
    """Ask whether to cancel; ``reason`` is what was typed, ``problem`` what is wrong with it."""
    parts: list[Part] = [Plain(f"{problem}\n")] if problem else []
    parts.append(Plain(_question(view, reason)))
    pending = view.booking.status is BookingStatus.PENDING
    label = (
        view.reader.say("cancel.withdraw_go")
        if pending
        else view.reader.say("cancel.go", noun=view.noun)
    )
    row: list[Action] = []
    if not needs_reason(view) or reason:
        row.append(target.button(label, "cancelgo", style=ButtonStyle.DANGER))
    if not pending and (view.is_host or view.booking.capacity == 1):
        row.append(buttons.on_booking(view, view.reader.say("cancel.move"), "move"))
    row.append(target.button(view.reader.say("cancel.keep"), "keep"))
    return ChatMessage(tuple(parts), (tuple(row),))


def _question(view: View, reason: str) -> str:
    if view.booking.status is BookingStatus.PENDING and not view.is_host:
        return view.reader.say("cancel.withdraw", time=view.day_time, other=view.others)
    key = "cancel.ask_reason" if needs_reason(view) else "cancel.ask"
    key = "cancel.reason" if reason else key
    return view.reader.say(key, time=view.day_time, other=view.others, reason=reason)


def needs_reason(view: View) -> bool:
    """Say whether this person has to give a reason."""
    asks = view.details.event_type.reason_required and not view.is_host
    return asks and view.booking.status is BookingStatus.CONFIRMED


def too_late(view: View) -> ChatMessage:
    """Say that only the host can cancel now, and offer to tell that one can't come."""
    words = view.reader.say(
        "cancel.too_late",
        cut_off=view.reader.short_length(view.details.event_type.cut_off),
        host=view.host,
    )
    row = (buttons.cannot_come(view), buttons.message(view), back_to_card(view))
    return ChatMessage((Plain(words),), (row,))
