"""Looks for what must never be: the invariants of the stored data, one query each.

Every query walks the whole of its table: this is for the `doctor` command and for tests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import TextClause, text

from persistence.database import Database
from persistence.tables import micros

OVERDUE_AFTER = timedelta(seconds=60)
STALE_FOR_LONG = timedelta(minutes=10)
"""Refreshing goes after everything else and keeps to the platforms' pace, so it may take long."""
_MOST_TOLD = 20
"""Findings told of each kind; a broken table would otherwise fill the screen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be; ``code`` is the invariant's name, ``text`` says where."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class _Check:
    code: str
    says: str
    query: str


_CHECKS = (
    _Check(
        "I1",
        "bookings {one} and {other} of host {host} keep the same time",
        """
        SELECT a.booking_id AS one, b.booking_id AS other, a.host_id AS host
        FROM occupied_spans a JOIN occupied_spans b
          ON b.organization_id = a.organization_id AND b.host_id = a.host_id
         AND b.ends_at > a.starts_at AND b.ends_at <= a.ends_at
        WHERE b.ends_at < a.ends_at OR b.booking_id < a.booking_id
        """,
    ),
    _Check(
        "I1",
        "bookings {one} and {other} of host {host} are live at the same time",
        """
        SELECT a.id AS one, b.id AS other, a.host_id AS host
        FROM bookings a JOIN bookings b
          ON b.organization_id = a.organization_id AND b.host_id = a.host_id
         AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at
        WHERE a.status IN ('held', 'pending', 'confirmed')
          AND b.status IN ('held', 'pending', 'confirmed')
          AND (b.starts_at > a.starts_at OR b.id > a.id)
        """,
    ),
    _Check(
        "I1",
        "booking {one} is live but does not keep its time",
        """
        SELECT b.id AS one FROM bookings b LEFT JOIN occupied_spans s
          ON s.organization_id = b.organization_id AND s.booking_id = b.id
        WHERE b.status IN ('held', 'pending', 'confirmed') AND (
            s.booking_id IS NULL OR s.host_id <> b.host_id
            OR s.starts_at > b.starts_at OR s.ends_at < b.ends_at)
        """,
    ),
    _Check(
        "I1",
        "booking {one} is {status} but still keeps its time, for ever",
        """
        SELECT b.id AS one, b.status AS status FROM bookings b JOIN occupied_spans s
          ON s.organization_id = b.organization_id AND s.booking_id = b.id
        WHERE b.status IN ('cancelled', 'declined', 'expired') AND s.expires_at IS NULL
        """,
    ),
    _Check(
        "I1",
        "booking {one} has {used} people on {seats} seats",
        """
        SELECT b.id AS one, b.capacity AS seats, COUNT(*) AS used
        FROM bookings b JOIN attendances a
          ON a.organization_id = b.organization_id AND a.booking_id = b.id
        WHERE b.status IN ('held', 'pending', 'confirmed')
          AND a.status IN ('held', 'pending', 'accepted', 'offered')
          AND (a.status <> 'held' OR a.expires_at > :now)
        GROUP BY b.organization_id, b.id, b.capacity HAVING COUNT(*) > b.capacity
        """,
    ),
    _Check(
        "I3",
        "nobody was ever to be told of booking {one}",
        """
        SELECT b.id AS one FROM bookings b
        WHERE b.status IN ('pending', 'confirmed', 'completed') AND NOT EXISTS (
            SELECT 1 FROM outbox o
            WHERE o.organization_id = b.organization_id AND o.booking_id = b.id
              AND o.kind IN ('booked', 'pending'))
          AND NOT EXISTS (
            SELECT 1 FROM sessions s JOIN outbox o
              ON o.organization_id = s.organization_id AND o.session_id = s.id
            WHERE s.organization_id = b.organization_id AND s.booking_id = b.id
              AND o.kind IN ('session_posted', 'session_settled'))
        """,
    ),
    _Check(
        "I4",
        "the same reminder of booking {one} waits {rows} times for {person}",
        """
        SELECT o.booking_id AS one, o.person_id AS person, COUNT(*) AS rows FROM outbox o
        WHERE o.kind = 'reminder' AND o.state = 'waiting'
        GROUP BY o.organization_id, o.booking_id, o.person_id, o.plan_revision, o.payload
        HAVING COUNT(*) > 1
        """,
    ),
    _Check(
        "I5",
        "notification {one} ({kind}) is overdue and nobody is sending it",
        """
        SELECT o.id AS one, o.kind AS kind FROM outbox o
        WHERE o.state = 'waiting' AND o.next_attempt_at < :overdue
        """,
    ),
    _Check(
        "I7",
        "notification {one} is {state} in a way no dispatcher leaves behind",
        """
        SELECT o.id AS one, o.state AS state FROM outbox o
        WHERE (o.state = 'waiting' AND o.finished_at IS NOT NULL)
           OR (o.state IN ('sent', 'undeliverable') AND (o.finished_at IS NULL OR o.attempts < 1))
           OR o.state NOT IN ('waiting', 'sent', 'superseded', 'expired', 'undeliverable')
           OR o.token <> o.attempts
        """,
    ),
    _Check(
        "I8",
        "action {one} made {rows} bookings",
        """
        SELECT b.request_id AS one, COUNT(*) AS rows FROM bookings b
        GROUP BY b.organization_id, b.request_id HAVING COUNT(*) > 1
        """,
    ),
    _Check(
        "I9",
        "{rows} bookings share the calendar id {one}",
        "SELECT uid AS one, COUNT(*) AS rows FROM bookings GROUP BY uid HAVING COUNT(*) > 1",
    ),
    _Check(
        "I9",
        "a calendar file of booking {one} is ahead of the booking",
        """
        SELECT f.booking_id AS one FROM sent_files f JOIN bookings b
          ON b.organization_id = f.organization_id AND b.id = f.booking_id
        WHERE f.sequence > b.sequence OR NOT b.files_sent
        """,
    ),
    _Check(
        "I12",
        "booking {one} is {status}, and nothing is written down of who did that",
        """
        SELECT b.id AS one, b.status AS status FROM bookings b
        WHERE NOT EXISTS (
            SELECT 1 FROM audit a
            WHERE a.organization_id = b.organization_id AND a.subject = b.id
              AND (a.verb = b.status OR b.status NOT IN ('completed', 'cancelled', 'declined')))
          AND NOT EXISTS (
            SELECT 1 FROM sessions s JOIN audit a
              ON a.organization_id = s.organization_id AND a.subject = s.id
            WHERE s.organization_id = b.organization_id AND s.booking_id = b.id
              AND (a.verb = 'session_called_off'
                OR b.status NOT IN ('completed', 'cancelled', 'declined')))
        """,
    ),
    _Check(
        "S1",
        "session {one} is on, but has no booking that takes place",
        """
        SELECT s.id AS one FROM sessions s LEFT JOIN bookings b
          ON b.organization_id = s.organization_id AND b.id = s.booking_id
        WHERE s.status = 'on'
          AND (b.id IS NULL OR b.status NOT IN ('confirmed', 'completed'))
        """,
    ),
    _Check(
        "S1",
        "session {one} is {status}, but its booking {booking} takes place",
        """
        SELECT s.id AS one, s.status AS status, b.id AS booking FROM sessions s JOIN bookings b
          ON b.organization_id = s.organization_id AND b.id = s.booking_id
        WHERE s.status <> 'on' AND b.status IN ('held', 'pending', 'confirmed')
        """,
    ),
    _Check(
        "S2",
        "{person} has {rows} seats in booking {one}",
        """
        SELECT a.booking_id AS one, a.person_id AS person, COUNT(*) AS rows FROM attendances a
        WHERE a.status IN ('held', 'pending', 'accepted', 'offered', 'waitlisted')
        GROUP BY a.organization_id, a.booking_id, a.person_id HAVING COUNT(*) > 1
        """,
    ),
    _Check(
        "S2",
        "the seat offered in booking {one} is kept for {person} for ever",
        """
        SELECT a.booking_id AS one, a.person_id AS person FROM attendances a
        WHERE a.status = 'offered' AND a.expires_at IS NULL
        """,
    ),
    _Check(
        "S2",
        "booking {one} is {status}, but {person} still waits for a seat in it",
        """
        SELECT b.id AS one, b.status AS status, a.person_id AS person
        FROM bookings b JOIN attendances a
          ON a.organization_id = b.organization_id AND a.booking_id = b.id
        WHERE b.status IN ('cancelled', 'declined', 'expired')
          AND a.status IN ('offered', 'waitlisted')
        """,
    ),
    _Check(
        "S3",
        "session {one} asks, but of no time",
        """
        SELECT s.id AS one FROM sessions s
        WHERE s.status = 'asking' AND NOT EXISTS (
            SELECT 1 FROM session_options o
            WHERE o.organization_id = s.organization_id AND o.session_id = s.id)
        """,
    ),
    _Check(
        "S3",
        "a vote of {person} in session {one} is for a time of session {other}",
        """
        SELECT v.session_id AS one, o.session_id AS other, v.person_id AS person
        FROM session_votes v JOIN session_options o
          ON o.organization_id = v.organization_id AND o.id = v.option_id
        WHERE v.session_id <> o.session_id
        """,
    ),
    _Check(
        "S4",
        "card {one} ({kind}) is stale and nobody draws it",
        """
        SELECT c.id AS one, c.kind AS kind FROM live_cards c
        WHERE c.due_at IS NOT NULL AND c.due_at < :long_ago
        """,
    ),
)


async def check_invariants(database: Database, now: datetime) -> list[Finding]:
    """Return every breach of what must hold; an empty list is a healthy database.

    Of each kind at most twenty are told. While slotbook does not run, I5 and S4 only say what
    waits.
    """
    moments = {
        "now": micros(now),
        "overdue": micros(now - OVERDUE_AFTER),
        "long_ago": micros(now - STALE_FOR_LONG),
    }
    findings: list[Finding] = []
    for check in _CHECKS:
        rows = await database.reader.rows(_limited(check.query), moments)
        findings.extend(Finding(check.code, check.says.format(**row._asdict())) for row in rows)
    return findings


def _limited(query: str) -> TextClause:
    return text(f"{query} LIMIT {_MOST_TOLD}")
