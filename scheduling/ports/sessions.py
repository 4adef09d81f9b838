"""Group sessions as rows, and what is read of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from scheduling.ids import BookingId, OrganizationId, PersonId, SessionId
from scheduling.model import Attendance
from scheduling.moments import Interval
from scheduling.people import Card, Recipient
from scheduling.sessions.model import Session, SessionDetails


class SessionRows(Protocol):
    """Sessions with their members, candidates and votes, inside a transaction."""

    def get(self, session_id: SessionId) -> Session: ...  # NotFound
    def lock(self, session_id: SessionId) -> Session:
        """Queue behind every other transaction on this session, and return it as it stands.

        Locks are taken in one order everywhere: sessions first, then hosts.
        """

    def add(self, session: Session) -> None:
        """Store it with its members and candidates."""

    def update(self, session: Session) -> None:
        """Store every field, members, candidates and votes as they are in the value."""

    def by_booking(self, booking_id: BookingId) -> Session | None:
        """Return the session whose time that booking is."""

    def due(self, now: datetime, limit: int) -> list[SessionId]:
        """Return sessions with something to do.

        That is: ``decide_by`` reached, or half the time to it gone with silent members who have
        not been nudged.
        """

    def overdue_offers(self, now: datetime, limit: int) -> list[Attendance]:
        """Return offered seats whose time is over."""

    def soft_busy(
        self, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        """Return candidate times of questions still open that concern these people."""

    def asking(self, limit: int) -> list[SessionId]:
        """Return questions still open, those that are decided soonest first."""

    def of_group(self, group: Recipient) -> list[Session]:
        """Return sessions of this chat that are not called off."""

    def busy_of(
        self, person_ids: Sequence[PersonId], span: Interval, now: datetime
    ) -> dict[PersonId, list[Interval]]:
        """Return what keeps these people busy and overlaps the span, time off aside.

        That is: occupied spans as claimed, those kept for an undo included, and seats that count
        in live bookings; what has expired by ``now`` is left out.
        """


class SessionReads(Protocol):
    """Reads of sessions that never wait for a writer."""

    async def session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> SessionDetails: ...  # NotFound
    async def session_of_booking(
        self, organization_id: OrganizationId, booking_id: BookingId
    ) -> SessionDetails | None: ...
    async def open_questions(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[SessionDetails]:
        """Return questions still open in which the person is a member without an answer."""

    async def soft_busy(
        self, organization_id: OrganizationId, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        """Return what SessionRows.soft_busy does."""

    async def busy_of(
        self, organization_id: OrganizationId, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        """Return live occupied spans, seats in bookings (accepted, pending, held) and time off."""

    async def remember_card(
        self, organization_id: OrganizationId, session_id: SessionId, card: Card
    ) -> None:
        """Note which message shows the session; the dispatcher calls it once the card is out."""
