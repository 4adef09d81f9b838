"""Reads of sessions, out of the writers' way; and the card, which only the dispatcher learns."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.booking_mapping import booking_of
from persistence.booking_rows import seats_by_booking
from persistence.details import people_of, with_people
from persistence.mapping import event_type_of
from persistence.prepared import all_of_async
from persistence.reader import Reader
from persistence.session_mapping import session_card_values
from persistence.session_rows import (
    PARTS,
    assembled,
    busy_by_person,
    in_span,
    soft_busy_of,
)
from persistence.session_statements import (
    BUSY_OR_AWAY,
    DETAILS,
    REMEMBER_CARD,
    SESSION_OF_BOOKING,
    SOFT_BUSY,
    UNANSWERED,
)
from persistence.store import Writer
from persistence.topics import SqlTopicRows
from scheduling.errors import NotFound
from scheduling.ids import BookingId, OrganizationId, PersonId, SessionId
from scheduling.model import BookingDetails
from scheduling.moments import Interval
from scheduling.people import Card, Person
from scheduling.ports import Clock, about_session
from scheduling.sessions.model import Session, SessionDetails


class SqlSessions:
    """See scheduling.ports.SessionReads."""

    def __init__(self, writer: Writer, reader: Reader, clock: Clock) -> None:
        self._writer, self._reader, self._clock = writer, reader, clock

    async def session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> SessionDetails:
        """Return it with its people and its booking; NotFound when there is none."""
        async with self._reader.snapshot() as connection:
            found = await _details(connection, organization_id, [session_id])
        if not found:
            raise NotFound(session_id)
        return found[0]

    async def session_of_booking(
        self, organization_id: OrganizationId, booking_id: BookingId
    ) -> SessionDetails | None:
        """Return the session that the booking came of."""
        values = {"org": organization_id, "booking": booking_id}
        async with self._reader.snapshot() as connection:
            rows = await SESSION_OF_BOOKING.all_async(connection, values)
            found = await _details(connection, organization_id, [row.id for row in rows])
        return found[0] if found else None

    async def open_questions(
        self, organization_id: OrganizationId, person_id: PersonId
    ) -> list[SessionDetails]:
        """Return questions still open in which the person is a member without an answer."""
        values = {"org": organization_id, "person": person_id}
        async with self._reader.snapshot() as connection:
            rows = await UNANSWERED.all_async(connection, values)
            return await _details(connection, organization_id, [row.id for row in rows])

    async def soft_busy(
        self, organization_id: OrganizationId, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        """Return candidate times of questions still open that concern these people."""
        if not person_ids:
            return {}
        values = in_span(organization_id, person_ids, span)
        return soft_busy_of(await self._reader.all(SOFT_BUSY, values), person_ids)

    async def busy_of(
        self, organization_id: OrganizationId, person_ids: Sequence[PersonId], span: Interval
    ) -> dict[PersonId, list[Interval]]:
        """Return live occupied spans, seats in bookings (accepted, pending, held) and time off."""
        if not person_ids:
            return {}
        values = {**in_span(organization_id, person_ids, span), "now": self._clock.now()}
        return busy_by_person(await self._reader.all(BUSY_OR_AWAY, values), person_ids)

    async def remember_card(
        self, organization_id: OrganizationId, session_id: SessionId, card: Card
    ) -> None:
        """Note which message shows the session; harmless to repeat."""
        values = {"org": organization_id, "this": session_id, **session_card_values(card)}

        def work(connection: Connection) -> None:
            if REMEMBER_CARD.run(connection, values):
                # It shows what held when it was composed; sending it took a while.
                topics = SqlTopicRows(connection, organization_id)
                topics.touch(about_session(session_id))
                topics.append()

        await self._writer.run(work)


async def _details(
    connection: AsyncConnection, organization_id: OrganizationId, ids: Sequence[str]
) -> list[SessionDetails]:
    """Return the sessions with bookings and people, in the order of the ids."""
    if not ids:
        return []
    rows = await all_of_async(connection, DETAILS, {"org": organization_id, "ids": list(ids)})
    found = assembled(rows["sessions"], {name: rows[name] for name in PARTS})
    found.sort(key=lambda session: ids.index(session.id))
    people = people_of(rows["people"])
    types = {row.id: event_type_of(row) for row in rows["types"]}
    seats = seats_by_booking(rows["seats"])
    bookings = {}
    for row in rows["bookings"]:
        booking = booking_of(row, seats.get(row.id, ()))
        bookings[booking.id] = with_people(booking, types[row.event_type_id], people)
    return [_of(each, bookings, people) for each in found]


def _of(
    session: Session,
    bookings: Mapping[BookingId, BookingDetails],
    people: Mapping[PersonId, Person],
) -> SessionDetails:
    booking = None if session.booking_id is None else bookings.get(session.booking_id)
    seats = booking.booking.seats if booking else ()
    ids = dict.fromkeys((*_concerned(session), *(seat.person_id for seat in seats)))
    others = tuple(people[each] for each in ids if each in people and each != session.organizer_id)
    return SessionDetails(session, people[session.organizer_id], others, booking)


def _concerned(session: Session) -> list[PersonId]:
    members = (member.person_id for member in session.members)
    voters = (vote.person_id for vote in session.votes)
    return list(dict.fromkeys((session.organizer_id, *members, *voters)))
