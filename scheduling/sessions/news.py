"""Who is told what of group sessions and their seats, and when; see scheduling/plan.py."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from scheduling.ids import PersonId, SessionId
from scheduling.model import Attendance, Booking
from scheduling.moments import seconds
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import Card, Person, Recipient
from scheduling.plan import new_notification_id
from scheduling.sessions.model import Session

THREAD_LEAD = timedelta(minutes=10)
"""How long before the start the thread is reminded."""


# --- dedupe keys: the same cause tells the same place once -------------------------------------


def posted_key(session: Session, cause: str) -> str:
    """Return the key of posting the card: once per place, or per wish to try again."""
    return f"session_posted:{session.id}:{cause}"


def settled_key(booking: Booking) -> str:
    """Return the key of telling the thread which time it is."""
    return f"session_settled:{booking.id}:{booking.plan_revision}"


def thread_reminder_key(booking: Booking) -> str:
    """Return the key of the thread's reminder."""
    return f"session_reminder:{booking.id}:{booking.plan_revision}"


def vote_nudge_key(session: Session, person_id: PersonId) -> str:
    """Return the key of asking a silent member once more: once for each question."""
    return f"session_nudge:{session.id}:{session.version}:{person_id}"


def unsettled_key(session: Session) -> str:
    """Return the key of telling the organizer that no time suits."""
    return f"session_unsettled:{session.id}:{session.version}"


def called_off_key(session: Session, to: str) -> str:
    """Return the key of telling one person, or the thread, that it does not take place."""
    return f"session_called_off:{session.id}:{session.version}:{to}"


def seat_offered_key(seat: Attendance) -> str:
    """Return the key of one offer of one seat; ``seat`` is as offered, with its end."""
    return f"seat_offered:{seat.id}:{_end(seat)}"


def seat_lapsed_key(seat: Attendance) -> str:
    """Return the key of telling that the same offer ended; ``seat`` still is as offered."""
    return f"seat_lapsed:{seat.id}:{_end(seat)}"


def seat_waiting_key(seat: Attendance, cause: str) -> str:
    """Return the key of answering somebody who joined the line."""
    return f"seat_waiting:{seat.id}:{cause}"


# --- the channel or group, and the thread below the card ---------------------------------------


def thread_of(session: Session) -> Recipient:
    """Return where news of the session go: below its card, or to the group until there is one."""
    return session.card.thread if session.card else session.group


def posted(session: Session, now: datetime, cause: str = "first") -> Notification:
    """Plan the card itself; it answers what the organizer asked for."""
    return _of_session(
        session,
        NotificationKind.SESSION_POSTED,
        session.organizer_id,
        posted_key(session, cause),
        now,
        chat=session.group,
        urgency=Urgency.ANSWER,
    )


def settled(
    session: Session, booking: Booking, now: datetime, how: str, by: Person | None
) -> Notification:
    """Plan to tell the thread the time; ``how`` is votes, deadline or organizer."""
    facts: dict[str, str | int] = {"how": how}
    if by:
        facts |= {"by": by.id, "by_name": by.name}
    return _of_session(
        session,
        NotificationKind.SESSION_SETTLED,
        session.organizer_id,
        settled_key(booking),
        now,
        chat=thread_of(session),
        booking=booking,
        facts=facts,
    )


def thread_reminder(session: Session, booking: Booking, now: datetime) -> list[Notification]:
    """Plan the thread's reminder, if there is still time for one."""
    due = booking.time.start - THREAD_LEAD
    if due <= now:
        return []
    return [
        _of_session(
            session,
            NotificationKind.SESSION_REMINDER,
            session.organizer_id,
            thread_reminder_key(booking),
            due,
            chat=thread_of(session),
            booking=booking,
            urgency=Urgency.REMINDER,
            useful_until=booking.time.start,
            facts={"lead": THREAD_LEAD // timedelta(seconds=1)},
        )
    ]


def called_off_in_thread(
    session: Session, booking: Booking | None, due: datetime, facts: Mapping[str, str | int]
) -> Notification:
    """Plan to tell the thread that it does not take place."""
    return _of_session(
        session,
        NotificationKind.SESSION_CALLED_OFF,
        session.organizer_id,
        called_off_key(session, "thread"),
        due,
        chat=thread_of(session),
        booking=booking,
        facts=facts,
    )


# --- one person ---------------------------------------------------------------------------------


def called_off_for(
    session: Session,
    booking: Booking,
    person_id: PersonId,
    now: datetime,
    facts: Mapping[str, str | int],
) -> Notification:
    """Plan to tell somebody with a part in it that it does not take place."""
    return _of_session(
        session,
        NotificationKind.SESSION_CALLED_OFF,
        person_id,
        called_off_key(session, person_id),
        now,
        booking=booking,
        facts=facts,
    )


def vote_nudge(session: Session, person_id: PersonId, now: datetime) -> Notification:
    """Plan to ask a silent member once more."""
    return _of_session(
        session,
        NotificationKind.SESSION_NUDGE,
        person_id,
        vote_nudge_key(session, person_id),
        now,
        useful_until=session.decide_by,
    )


def unsettled(session: Session, now: datetime) -> Notification:
    """Plan to tell the organizer, privately, that no time suits."""
    return _of_session(
        session,
        NotificationKind.SESSION_UNSETTLED,
        session.organizer_id,
        unsettled_key(session),
        now,
    )


# --- seats --------------------------------------------------------------------------------------


def seat_offered(
    booking: Booking, seat: Attendance, session_id: SessionId | None, now: datetime
) -> Notification:
    """Plan to tell the first in line that a seat is theirs until the offer ends."""
    return _of_seat(
        booking,
        seat,
        NotificationKind.SEAT_OFFERED,
        seat_offered_key(seat),
        now,
        session_id=session_id,
        useful_until=seat.expires_at,
        facts={"seat": seat.id, "until": _end(seat)},
    )


def seat_lapsed(
    booking: Booking, seat: Attendance, session_id: SessionId | None, now: datetime
) -> Notification:
    """Plan to tell the card of an offer that it ended; ``open``: anybody may join now."""
    is_open = booking.capacity > booking.seats_used
    return _of_seat(
        booking,
        seat,
        NotificationKind.SEAT_LAPSED,
        seat_lapsed_key(seat),
        now,
        session_id=session_id,
        facts={"seat": seat.id, "until": _end(seat), "open": int(is_open)},
    )


def seat_waiting(
    booking: Booking,
    seat: Attendance,
    session_id: SessionId | None,
    now: datetime,
    *,
    place: int,
    cause: str,
    card: Card | None,
) -> Notification:
    """Plan to answer somebody who joined the line; ``place`` is 1 for the next."""
    return _of_seat(
        booking,
        seat,
        NotificationKind.SEAT_WAITING,
        seat_waiting_key(seat, cause),
        now,
        session_id=session_id,
        urgency=Urgency.ANSWER,
        card=card,
        facts={"seat": seat.id, "place": place},
    )


def _of_session(
    session: Session,
    kind: NotificationKind,
    person_id: PersonId,
    key: str,
    due: datetime,
    *,
    chat: Recipient | None = None,
    booking: Booking | None = None,
    urgency: Urgency = Urgency.NEWS,
    useful_until: datetime | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> Notification:
    return Notification(
        organization_id=session.organization_id,
        id=new_notification_id(),
        kind=kind,
        person_id=person_id,
        dedupe_key=key,
        due_at=due,
        useful_until=useful_until,
        urgency=urgency,
        booking_id=booking.id if booking else None,
        plan_revision=booking.plan_revision if booking else None,
        chat=chat,
        session_id=session.id,
        payload=facts or {},
    )


def _of_seat(
    booking: Booking,
    seat: Attendance,
    kind: NotificationKind,
    key: str,
    now: datetime,
    *,
    session_id: SessionId | None,
    urgency: Urgency = Urgency.NEWS,
    useful_until: datetime | None = None,
    card: Card | None = None,
    facts: Mapping[str, str | int],
) -> Notification:
    return Notification(
        organization_id=booking.organization_id,
        id=new_notification_id(),
        kind=kind,
        person_id=seat.person_id,
        dedupe_key=key,
        due_at=now,
        useful_until=useful_until,
        urgency=urgency,
        booking_id=booking.id,
        plan_revision=booking.plan_revision,
        card=card,
        session_id=session_id,
        payload=facts,
    )


def _end(seat: Attendance) -> int:
    return seconds(seat.expires_at) if seat.expires_at else 0
