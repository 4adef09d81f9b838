"""Group sessions with their people, votes and seats, valid by default."""

from dataclasses import replace
from datetime import datetime, timedelta

from builders.people import a_person
from builders.scheduling import a_booking, an_event_type
from builders.times import at
from scheduling.ids import (
    DEFAULT_ORGANIZATION,
    AttendanceId,
    BookingId,
    EventTypeId,
    OptionId,
    PersonId,
    RequestId,
    SessionId,
)
from scheduling.model import Attendance, Booking, BookingDetails, SeatStatus
from scheduling.moments import Interval
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.model import (
    Answer,
    Member,
    Option,
    Session,
    SessionDetails,
    SessionStatus,
    Vote,
)

CHANNEL = Recipient(Platform.SLACK, "T1", "C1")
GROUP = Recipient(Platform.TELEGRAM, "4242", "-1001")
ASKED_AT = at("2026-11-24 10:00", "Europe/Berlin")
BO = a_person("Bo Lind", id="bo", zone="Europe/Berlin")
ANA = a_person("Ana Ruiz", id="ana", zone="Europe/Berlin")
CEM = a_person("Cem Kaya", id="cem", zone="Europe/Berlin")
DIA = a_person("Dia Roy", id="dia", zone="Asia/Kolkata")
ELI = a_person("Eli Noor", id="eli", zone="Europe/Lisbon")
FAY = a_person("Fay Wu", id="fay", zone="America/New_York")
GUS = a_person("Gus Berg", id="gus", zone="Europe/Berlin")
TEAM = (ANA, CEM, DIA, ELI, FAY)
_ANSWERS = {"y": Answer.YES, "m": Answer.IF_NEED_BE, "n": Answer.NO}


def a_poll(
    people: tuple[Person, ...] = TEAM,
    *,
    votes: str = "",
    times: tuple[str, ...] = ("2026-12-01 10:00", "2026-12-01 15:00", "2026-12-03 11:00"),
    missing: dict[str, tuple[Person, ...]] | None = None,
    status: SessionStatus = SessionStatus.ASKING,
    group: Recipient = CHANNEL,
    minutes: int = 45,
) -> SessionDetails:
    """Return Bo's question to the team; ``votes`` such as "bo:A=y,B=y ana:A=y"."""
    length = timedelta(minutes=minutes)
    lost = missing or {}
    options = tuple(
        Option(
            OptionId(f"option-{letter}"),
            letter,
            Interval(start, start + length),
            tuple(each.id for each in lost.get(letter, ())),
        )
        for letter, time in zip("ABCDEFGH", times, strict=False)
        for start in (at(time, "Europe/Berlin"),)
    )
    everybody = {each.id: each for each in (BO, *people)}
    cast = tuple(
        Vote(OptionId(f"option-{letter}"), everybody[PersonId(name)].id, _ANSWERS[answer])
        for said in votes.split()
        for name, _, answers in (said.partition(":"),)
        for letter, _, answer in (each.partition("=") for each in answers.split(","))
    )
    session = Session(
        organization_id=DEFAULT_ORGANIZATION,
        id=SessionId("retro"),
        organizer_id=BO.id,
        title="Retro",
        duration=length,
        status=status,
        group=group,
        request_id=RequestId("request"),
        created_at=ASKED_AT,
        capacity=len(people) + 1,
        decide_by=at("2026-11-27 12:00", "Europe/Berlin"),
        members=tuple(Member(each.id) for each in (BO, *people)),
        options=options,
        votes=cast,
    )
    return SessionDetails(session, BO, people)


def settled(poll: SessionDetails, letter: str, *seated: Person) -> SessionDetails:
    """Return the poll with that time taken, and these people in."""
    time = next(each.time for each in poll.session.options if each.letter == letter)
    booking = _booking(poll.session.title, time, poll.session.capacity, seated)
    session = replace(poll.session, status=SessionStatus.ON, booking_id=booking.id)
    return replace(poll, session=session, booking=_details(booking, seated))


def an_open_session(
    *seated: Person,
    waiting: tuple[Person, ...] = (),
    seats: int = 4,
    minimum: int | None = 2,
    start: str = "2026-11-26 16:00",
    status: SessionStatus = SessionStatus.ON,
    group: Recipient = CHANNEL,
    reason: str | None = None,
) -> SessionDetails:
    """Return Bo's portfolio hour."""
    begin = at(start, "Europe/Berlin")
    time = Interval(begin, begin + timedelta(hours=1))
    booking = _booking("Portfolio hour", time, seats, seated, waiting)
    session = Session(
        organization_id=DEFAULT_ORGANIZATION,
        id=SessionId("portfolio"),
        organizer_id=BO.id,
        title="Portfolio hour",
        duration=timedelta(hours=1),
        status=status,
        group=group,
        request_id=RequestId("request"),
        created_at=ASKED_AT,
        capacity=seats,
        minimum=minimum,
        decide_by=begin - timedelta(days=1) if minimum else None,
        booking_id=booking.id,
    )
    people = (*seated, *waiting)
    booking = replace(booking, reason=reason)
    return SessionDetails(session, BO, people, _details(booking, people))


def _booking(
    title: str,
    time: Interval,
    capacity: int,
    seated: tuple[Person, ...],
    waiting: tuple[Person, ...] = (),
) -> Booking:
    seats = tuple(
        Attendance(AttendanceId(f"seat-{each.id}"), BookingId("booking"), each.id, status)
        for people, status in (
            (seated, SeatStatus.ACCEPTED),
            (waiting, SeatStatus.WAITLISTED),
        )
        for each in people
    )
    return replace(
        a_booking(id=BookingId("booking"), time=time),
        host_id=BO.id,
        title=title,
        capacity=capacity,
        seats=seats,
        video=None,
        place=None,
    )


def _details(booking: Booking, people: tuple[Person, ...]) -> BookingDetails:
    kind = replace(an_event_type(id=EventTypeId("type")), host_id=BO.id, title=booking.title)
    return BookingDetails(booking, kind, BO, people)


def moment(text: str) -> datetime:
    """Return a moment of Bo's clock."""
    return at(text, "Europe/Berlin")
