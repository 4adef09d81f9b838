"""The times and limits the host of slotbook may set; handed in by the wiring."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class CoachSignUp(StrEnum):
    """How one becomes a coach."""

    OPEN = "open"
    INVITE = "invite"
    APPROVAL = "approval"


class StudentsPolicy(StrEnum):
    """Who may book listed types."""

    OPEN = "open"
    LINK = "link"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Lives and limits that are the same for everybody; spec.md section 7 names the settings."""

    hold_ttl: timedelta = timedelta(minutes=5)
    pending_ttl: timedelta = timedelta(hours=24)
    pending_lead: timedelta = timedelta(hours=2)
    pending_least: timedelta = timedelta(minutes=15)
    pending_nudge: timedelta = timedelta(hours=20)
    cut_off: timedelta = timedelta(hours=4)
    undo_ttl: timedelta = timedelta(seconds=60)
    offer_ttl: timedelta = timedelta(minutes=15)
    """Waking time in which a freed seat is one person's alone."""
    early_offer_ttl: timedelta = timedelta(hours=2)
    """The same when the start is more than a day away."""
    reminders: tuple[timedelta, ...] = (
        timedelta(hours=24),
        timedelta(hours=1),
        timedelta(minutes=10),
    )
    bookings_per_person: int = 30
    """Coming bookings one person may have at once (T20)."""
    holds_per_day: int = 200
    """Holds one person may take in 24 hours (T20)."""
    coach_sign_up: CoachSignUp = CoachSignUp.OPEN
    students: StudentsPolicy = StudentsPolicy.OPEN

    def asks_host(self, *, approval: bool, via_link: bool) -> bool:
        """Say whether the host's yes is needed: the type wants it, or nobody let the asker in."""
        return approval or (self.students is StudentsPolicy.APPROVED and not via_link)
