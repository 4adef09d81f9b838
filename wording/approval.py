"""The question before a request is declined."""

from scheduling.messages import Action, ChatMessage
from scheduling.model import Booking
from wording.lines import card
from wording.refusals import stands
from wording.times import Reader
from wording.zones import Target


def ask_reason(reader: Reader, target: Target, name: str, *, problem: str = "") -> ChatMessage:
    """Ask what to tell the one who asked (T9)."""
    return card(
        problem,
        reader.say("approval.ask_reason", name=name),
        rows=[
            (
                target.button(reader.say("approval.not_free"), "declgo", "notfree"),
                target.button(reader.say("approval.just_decline"), "declgo", "plain"),
                target.button(reader.say("nav.back"), "declgo", "back"),
            )
        ],
    )


def not_free(reader: Reader) -> str:
    """Return the ready-made words, in the language of whom they are for."""
    return reader.say("approval.not_free_reason")


def ended(reader: Reader, booking: Booking) -> ChatMessage:
    """Return the host's card of a request that is over."""
    return card(stands(booking, reader), rows=[(Action(reader.say("agenda.back"), "agenda"),)])
