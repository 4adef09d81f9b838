"""Buttons on a booking; what each one does is registered by the flows.

They carry the plan's revision (start, end, status): a seat taken by somebody else or a note makes
no button stale, a move does.
"""

from datetime import datetime

from scheduling.messages import Action, Button, ButtonStyle, OpenUrl
from scheduling.moments import seconds
from wording.view import View, may_change


def on_booking(
    view: View,
    label: str,
    verb: str,
    argument: str = "",
    *,
    style: ButtonStyle = ButtonStyle.NORMAL,
) -> Action:
    """Return a button on the booking as it is planned now."""
    booking = view.booking
    return Action(label, verb, booking.id, booking.plan_revision, argument, style)


def join(view: View) -> tuple[Button, ...]:
    """Return the way into the video, where there is one."""
    video = view.booking.video
    return (OpenUrl(view.reader.say("booking.join"), video),) if video else ()


def message(view: View) -> Action:
    """Return the button that writes to the other side."""
    return on_booking(view, view.reader.say("booking.message", name=view.others), "note")


def google(view: View) -> OpenUrl:
    """Return the link that adds it to a Google calendar."""
    return OpenUrl(view.reader.say("booking.google"), view.google_link)


def move(view: View) -> Action:
    return on_booking(view, view.reader.say("booking.move"), "move")


def cancel(view: View) -> Action:
    return on_booking(view, view.reader.say("booking.cancel"), "cancel")


def changing(view: View) -> tuple[Button, ...]:
    """Return Move and Cancel; a seat in a group cannot be moved, the others have plans too."""
    if view.booking.capacity > 1 and not view.is_host:
        return (cancel(view),)
    return (move(view), cancel(view))


def possible(view: View) -> tuple[Button, ...]:
    """Return what this person can change now; past the cut-off, what asks the host."""
    if may_change(view):
        return changing(view)
    if view.is_host or view.reader.now >= view.booking.time.end:
        return ()
    ask = on_booking(view, view.reader.say("booking.ask_move"), "askmove")
    return (*((ask,) if view.booking.capacity == 1 else ()), cannot_come(view))


def cannot_come(view: View) -> Action:
    return on_booking(view, view.reader.say("remind.cant"), "cantcome")


def undo(view: View, until: datetime | None) -> tuple[Button, ...]:
    """Return Undo while what this person did can still be taken back."""
    if until is None or until <= view.reader.now:
        return ()
    return (on_booking(view, view.reader.say("booking.undo"), "undo"),)


def another(view: View, key: str = "booking.another") -> Action:
    """Return the button that looks for another time of the same type."""
    return Action(view.reader.say(key), "pick", view.booking.event_type_id)


def days(view: View) -> Action:
    """Return the days of the same type."""
    return another(view, "nav.days")


def my_bookings(view: View) -> Action:
    return Action(view.reader.say("my.mine"), "mine")


def near(view: View, starts: tuple[datetime, ...]) -> tuple[Button, ...]:
    """Return a button for each free start near the booking's, to book the type then."""
    return tuple(
        Action(
            view.reader.near_with_day(start),
            "pick",
            view.booking.event_type_id,
            argument=str(seconds(start)),
        )
        for start in starts
    )
