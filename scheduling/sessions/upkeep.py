"""What time does to sessions: nudges, deadlines, head-counts, offers that lapse.

Each is found without a lock and done behind it, looked at anew: whatever a vote, a join or another
process did in between is seen, and what is not due any more is left alone.
"""

from dataclasses import replace

from scheduling.ground import Ground
from scheduling.ids import BookingId, SessionId
from scheduling.model import BookingStatus, SeatStatus
from scheduling.ports import Transaction
from scheduling.sessions.deadlines import nudge_time
from scheduling.sessions.ending import Ending, end_session
from scheduling.sessions.missing import with_missing
from scheduling.sessions.model import TOO_FEW, Session, SessionStatus
from scheduling.sessions.news import vote_nudge
from scheduling.sessions.settling import decide
from scheduling.sessions.stage import lock_open, lock_timed
from scheduling.waitlist import lapse_offers


def attend_to(tx: Transaction, ground: Ground, session_id: SessionId) -> bool:
    """Do what is due of one session; say whether something was."""
    session = lock_open(tx, session_id)
    if session.status is SessionStatus.ASKING:
        return _attend_to_question(tx, ground, session)
    if session.status is SessionStatus.ON:
        return _count_heads(tx, ground, session)
    return False


def look_again(tx: Transaction, ground: Ground, session_id: SessionId) -> bool:
    """Note who was booked since the candidates were offered; say whether that changed."""
    session = lock_open(tx, session_id)
    if session.status is not SessionStatus.ASKING:
        return False
    seen = with_missing(tx, session, ground.clock.now())
    if seen == session:
        return False
    tx.sessions.update(seen)
    return True


def lapse(tx: Transaction, ground: Ground, booking_id: BookingId) -> bool:
    """End the overdue offers of one booking; say whether there were any."""
    booking = tx.bookings.get(booking_id)
    tx.lock_hosts([booking.host_id])
    before = tx.bookings.get(booking_id)
    return lapse_offers(tx, ground, before, ground.clock.now()) != before


def _attend_to_question(tx: Transaction, ground: Ground, session: Session) -> bool:
    now = ground.clock.now()
    if session.decide_by is None:
        return False
    if session.decide_by <= now:
        decide(tx, ground, session, now)
        return True
    if nudge_time(session.created_at, session.decide_by) > now:
        return False
    silent = set(session.silent)
    nudged = [m.person_id for m in session.members if m.person_id in silent and not m.nudged_at]
    if not nudged:
        return False
    members = tuple(
        replace(m, nudged_at=now) if m.person_id in nudged else m for m in session.members
    )
    session = replace(session, members=members)
    tx.sessions.update(session)
    tx.outbox.add(*(vote_nudge(session, person, now) for person in nudged))
    tx.audit.add(None, "session_nudged", session.id, {"people": len(nudged)})
    return True


def _count_heads(tx: Transaction, ground: Ground, session: Session) -> bool:
    now = ground.clock.now()
    if session.decide_by is None or session.decide_by > now:
        return False
    session, booking = lock_timed(tx, session)
    over = session.decide_by is not None and session.decide_by <= now
    if session.status is not SessionStatus.ON or booking is None or not over:
        return False
    booking = lapse_offers(tx, ground, booking, now)
    heads = sum(seat.status is SeatStatus.ACCEPTED for seat in booking.seats)
    wanted = session.minimum or 0
    if heads >= wanted or booking.status is not BookingStatus.CONFIRMED:
        # It takes place: from now on nobody's leaving calls it off.
        tx.sessions.update(replace(session, decide_by=None))
        tx.audit.add(None, "session_confirmed", session.id, {"heads": heads})
        return True
    facts: dict[str, str | int] = {"reason": TOO_FEW, "came": heads, "wanted": wanted}
    end_session(tx, session, booking, Ending(None, f"{TOO_FEW} {heads}", now, facts))
    return True
