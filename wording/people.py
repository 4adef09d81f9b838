"""What a person sees of what we know of them; and what an admin decided about a coach."""

from collections.abc import Sequence

from scheduling.messages import Action, Ask, Button, ChatMessage, Plain
from scheduling.people import Person, QuietHours
from wording.event_types import reminders_text
from wording.lines import card, in_rows
from wording.times import Reader
from wording.week_text import clock_text
from wording.zones import Target

QUIET_CHOICES = ((22 * 60, 8 * 60), (21 * 60, 9 * 60), (23 * 60, 7 * 60))
"""Ready-made quiet hours, as minutes of the local day."""
_HIDDEN_DIGITS = 4


def me_card(reader: Reader, person: Person, *, note: str = "") -> ChatMessage:
    """Show what is known of the person, with a button for each part."""
    fields = ("name", "zone", "language", "phone", "email", "quiet", "reminders")
    buttons: list[Button] = [
        Action(reader.say(f"me.edit_{field}"), "meset", argument=field) for field in fields
    ]
    return card(
        note,
        reader.say("me.name", name=person.name),
        _zone(reader, person),
        reader.say("me.language"),
        reader.say("me.phone", phone=_hidden(person.phone))
        if person.phone
        else reader.say("me.no_phone"),
        reader.say("me.email", email=person.email) if person.email else reader.say("me.no_email"),
        _quiet(reader, person.quiet),
        _reminders(reader, person),
        rows=in_rows(buttons, 2),
    )


def _zone(reader: Reader, person: Person) -> str:
    if person.zone is None:
        return reader.say("me.no_zone")
    return reader.say("me.zone", city=reader.city, time=reader.time(reader.now))


def _hidden(phone: str) -> str:
    """Return the number with only its last digits: the chat may be read over a shoulder."""
    return f"…{phone[-_HIDDEN_DIGITS:]}"


def _quiet(reader: Reader, quiet: QuietHours | None) -> str:
    if quiet is None:
        return reader.say("me.no_quiet")
    return reader.say("me.quiet", time=quiet_text(reader, quiet))


def quiet_text(reader: Reader, quiet: QuietHours) -> str:
    """Return "22:00-08:00"."""
    return f"{clock_text(reader, quiet.start)}-{clock_text(reader, quiet.end)}"


def _reminders(reader: Reader, person: Person) -> str:
    if person.reminders is None:
        return reader.say("me.reminders_usual")
    return reader.say("me.reminders", times=reminders_text(reader, person.reminders, ()))


# --- one question each ---


def ask_field(
    reader: Reader,
    field: str,
    choices: Sequence[tuple[str, str]],
    target: Target,
    *,
    problem: str = "",
) -> ChatMessage:
    """Ask for one part; ``choices`` are labels with what they stand for."""
    buttons = [target.button(label, "meset", value) for label, value in choices]
    back = target.button(reader.say("nav.back"), "meset", "back")
    return card(problem, reader.say(f"me.ask_{field}"), rows=[*in_rows(buttons, 2), (back,)])


def ask_contact(reader: Reader) -> ChatMessage:
    """Ask for the phone number by the platform's own keyboard."""
    return ChatMessage(
        (Plain(reader.say("me.share_phone_now")),),
        ask=Ask.PHONE,
        ask_label=reader.say("me.share_phone"),
    )


def contact_done(reader: Reader, key: str) -> ChatMessage:
    """Take the platform's keyboard away, saying what became of it."""
    return ChatMessage((Plain(reader.say(key)),), ask=Ask.DONE)


# --- becoming a coach ---


def coach_decided(reader: Reader, name: str, *, approved: bool) -> ChatMessage:
    """Tell the admin what was decided."""
    return card(
        reader.say(
            "people.coach_was_approved" if approved else "people.coach_was_declined", name=name
        )
    )
