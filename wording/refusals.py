"""What the core refuses, in words: what happened, and one thing to tap or type."""

from datetime import datetime
from functools import singledispatch

from scheduling import errors
from scheduling.errors import SchedulingError, SlotRefused
from scheduling.grammar.refusal import NotUnderstood
from scheduling.messages import Action, Button, ChatMessage, Plain
from scheduling.model import Booking
from scheduling.moments import seconds
from wording.times import Reader
from wording.zones import Target


@singledispatch
def sentence(error: SchedulingError, reader: Reader) -> str:
    """Return what happened, in one or two sentences."""
    return reader.say("refused.other")


def refused(error: SchedulingError, reader: Reader) -> ChatMessage:
    """Return the refusal with a way on that needs no draft; flows that have one say more."""
    rows: tuple[tuple[Button, ...], ...] = ()
    match error:
        case errors.StudentsClosed() | errors.CoachSignUpClosed() | errors.InputRefused():
            pass
        case errors.EventTypeOff() | SlotRefused() | errors.HoldGone():
            rows = ((Action(reader.say("welcome.book"), "newbook"),),)
        case _:
            rows = ((Action(reader.say("my.mine"), "mine"),),)
    return ChatMessage((Plain(sentence(error, reader)),), rows)


def slot_refused(
    error: SlotRefused,
    reader: Reader,
    target: Target,
    number: int,
    *,
    other_day: bool = False,
    just: bool = True,
) -> ChatMessage:
    """Return a time that cannot be had, with the nearest free ones as buttons (T4).

    ``number`` is the event type's place in the draft's offer; ``other_day`` adds the same time of
    day on another day. ``just``: it was shown as free a moment ago.
    """
    words = sentence(error, reader)
    if isinstance(error, errors.SlotTaken) and not just:
        words = reader.say("refused.is_taken", time=_time(error.start, reader))
    near = [
        target.button(reader.near_with_day(start), "time", f"{seconds(start)}.{number}")
        for start in error.alternatives
    ]
    days = [target.button(reader.say("nav.days"), "day")]
    if other_day and error.start is not None:
        label = reader.say("refused.other_day", time=reader.time(error.start))
        days.insert(0, target.button(label, "same", str(seconds(error.start))))
    if near:
        words += reader.say("refused.near")
    rows = (tuple(near), tuple(days)) if near else (tuple(days),)
    return ChatMessage((Plain(words),), rows)


def hold_gone(reader: Reader, draft_id: str, start: datetime, *, free: bool = True) -> ChatMessage:
    """Say that a kept time was let go, with one tap to take it again."""
    time = reader.time(start)
    again = Action(
        reader.say("refused.retake", time=time), "retake", draft_id, argument=str(seconds(start))
    )
    days = Action(reader.say("nav.days"), "retake", draft_id, argument="days")
    words = reader.say("refused.hold_gone" if free else "refused.hold_ended", time=time)
    return ChatMessage((Plain(words),), ((again, days),))


def not_understood(error: NotUnderstood, reader: Reader, *, use: Action | None) -> ChatMessage:
    """Return what was understood, what was not, and a line to try (T11).

    ``use`` takes the suggestion with one tap; its label is set here.
    """
    key = "refused.when"
    if not error.understood:
        key = "refused.when_all"
    elif not error.not_understood:
        key = "refused.when_more"
    words = reader.say(
        key,
        understood=error.understood,
        not_understood=error.not_understood,
        suggestion=error.suggestion,
    )
    row: tuple[Button, ...] = (use,) if use else ()
    return ChatMessage((Plain(words),), ((*row, Action(reader.say("nav.help"), "help")),))


def stands(booking: Booking, reader: Reader) -> str:
    """Return how a booking stands now, for a button that is too old to act."""
    moved = booking.moved_from is not None and booking.status.is_live
    key = "refused.changed_moved" if moved else f"refused.changed_{booking.status}"
    return reader.say(key, time=reader.day_time(booking.time.start))


def _time(moment: datetime | None, reader: Reader) -> str:
    return reader.day_time(moment) if moment else ""


@sentence.register
def _taken(error: errors.SlotTaken, reader: Reader) -> str:
    return reader.say("refused.taken", time=_time(error.start, reader))


@sentence.register
def _closed(error: SlotRefused, reader: Reader) -> str:
    return reader.say("refused.closed", time=_time(error.start, reader))


@sentence.register
def _past(error: errors.InThePast, reader: Reader) -> str:
    return reader.say("refused.past", time=_time(error.start, reader))


@sentence.register
def _notice(error: errors.NoticeTooShort, reader: Reader) -> str:
    return reader.say(
        "refused.notice",
        time=_time(error.start, reader),
        length=reader.short_length(error.notice),
    )


@sentence.register
def _horizon(error: errors.BeyondHorizon, reader: Reader) -> str:
    return reader.say(
        "refused.horizon",
        time=_time(error.start, reader),
        length=reader.short_length(error.horizon),
    )


@sentence.register
def _cap(error: errors.CapReached, reader: Reader) -> str:
    return reader.say("refused.cap_week" if error.per == "week" else "refused.cap_day")


@sentence.register
def _too_many(error: errors.TooManyBookings, reader: Reader) -> str:
    return reader.say("refused.too_many", limit=error.limit)


@sentence.register
def _too_many_holds(error: errors.TooManyHolds, reader: Reader) -> str:
    return reader.say("refused.too_many_holds")


@sentence.register
def _own_time(error: errors.OwnTime, reader: Reader) -> str:
    return reader.say("refused.own_time")


@sentence.register
def _already_in(error: errors.AlreadyIn, reader: Reader) -> str:
    return reader.say("refused.already_in", time=_time(error.start, reader))


@sentence.register
def _type_off(error: errors.EventTypeOff, reader: Reader) -> str:
    return reader.say("refused.type_off")


@sentence.register
def _hold_gone(error: errors.HoldGone, reader: Reader) -> str:
    key = "refused.hold_gone" if error.still_free else "refused.hold_taken"
    return reader.say(key, time=reader.time(error.start))


@sentence.register
def _answer_missing(error: errors.AnswerMissing, reader: Reader) -> str:
    return reader.say("refused.answer_missing")


@sentence.register
def _changed(error: errors.BookingChanged, reader: Reader) -> str:
    return stands(error.booking, reader)


@sentence.register
def _past_cut_off(error: errors.PastCutOff, reader: Reader) -> str:
    return reader.say("refused.past_cut_off", length=reader.short_length(error.cut_off))


@sentence.register
def _reason_missing(error: errors.ReasonMissing, reader: Reader) -> str:
    return reader.say("refused.reason_missing")


@sentence.register
def _undo_gone(error: errors.UndoGone, reader: Reader) -> str:
    return reader.say("refused.undo_gone")


@sentence.register
def _not_allowed(error: errors.NotAllowed, reader: Reader) -> str:
    return reader.say("refused.not_allowed")


@sentence.register
def _not_found(error: errors.NotFound, reader: Reader) -> str:
    return reader.say("refused.not_found")


@sentence.register
def _unknown_zone(error: errors.UnknownZone, reader: Reader) -> str:
    return reader.say("refused.zone", name=error.name)


@sentence.register
def _coach_closed(error: errors.CoachSignUpClosed, reader: Reader) -> str:
    return reader.say(f"refused.coach_{error.mode}")


@sentence.register
def _students_closed(error: errors.StudentsClosed, reader: Reader) -> str:
    by_link = error.mode == "link"
    return reader.say("refused.students_link" if by_link else "refused.students_approved")


@sentence.register
def _session_changed(error: errors.SessionChanged, reader: Reader) -> str:
    return reader.say("refused.session_changed", title=error.session.title)


@sentence.register
def _session_full(error: errors.SessionFull, reader: Reader) -> str:
    return reader.say("refused.session_full", title=error.session.title)


@sentence.register
def _not_organizer(error: errors.NotOrganizer, reader: Reader) -> str:
    return reader.say("refused.not_organizer")


@sentence.register
def _offer_gone(error: errors.OfferGone, reader: Reader) -> str:
    return reader.say("refused.offer_waiting" if error.waiting else "refused.offer_gone")


@sentence.register
def _entry(error: errors.EntryRefused, reader: Reader) -> str:
    return reader.say("refused.entry")


@sentence.register
def _code_gone(error: errors.CodeGone, reader: Reader) -> str:
    return reader.say("connect.gone")


@sentence.register
def _same_person(error: errors.SamePerson, reader: Reader) -> str:
    return reader.say("refused.same_person")


@sentence.register
def _cannot_connect(error: errors.CannotConnect, reader: Reader) -> str:
    two = error.problem == "two_accounts"
    return reader.say("connect.two_accounts" if two else "connect.overlap")


@sentence.register
def _hours(error: errors.HoursRefused, reader: Reader) -> str:
    known = {"past", "gap", "too_long", "overlap"}
    return reader.say(
        f"refused.hours_{error.problem}" if error.problem in known else "refused.hours"
    )


@sentence.register
def _input(error: errors.InputRefused, reader: Reader) -> str:
    match error.problem, error.field:
        case "empty", _:
            return reader.say("refused.empty")
        case "too_long", _:
            return reader.say("refused.too_long", count=error.limit or 0)
        case _, ("phone" | "email") as field:
            return reader.say(f"refused.{field}")
        case _, ("video" | "link"):
            return reader.say("refused.link")
        case _:
            return reader.say("refused.input")
