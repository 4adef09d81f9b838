"""A group session before whoever reads it: a channel in every zone, or one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from scheduling.ids import PersonId
from scheduling.messages import Action, Button, ButtonStyle, LocalTime, Part, Plain
from scheduling.model import Attendance, Booking, SeatStatus
from scheduling.moments import Interval
from scheduling.people import Person, Platform
from scheduling.sessions.model import Answer, Option, Session, SessionDetails
from wording.times import Reader
from wording.view import google_address

LETTER_OF = {Answer.YES: "y", Answer.IF_NEED_BE: "m", Answer.NO: "n"}
ANSWER_OF = {letter: answer for answer, letter in LETTER_OF.items()}
COMES = frozenset({Answer.YES, Answer.IF_NEED_BE})


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session, and the clock it is read by.

    ``person`` is the one reader; None for a channel, where every time is shown in each reader's
    own zone and the organizer's language is spoken.
    """

    details: SessionDetails
    reader: Reader
    person: Person | None = None

    @classmethod
    def of(cls, details: SessionDetails, person: Person | None, now: datetime) -> Self:
        """Return the session as the person, or the whole channel, sees it now."""
        return cls(details, Reader.of(person or details.organizer, now), person)

    @property
    def session(self) -> Session:
        return self.details.session

    @property
    def booking(self) -> Booking | None:
        return self.details.booking.booking if self.details.booking else None

    @property
    def title(self) -> str:
        return self.session.title

    @property
    def organizer(self) -> str:
        """Return the organizer's first name."""
        return self.details.organizer.first_name

    @property
    def is_organizer(self) -> bool:
        return self.person is not None and self.person.id == self.session.organizer_id

    @property
    def lettered(self) -> bool:
        """Say whether buttons are gathered below, where each has to name its time."""
        return self.session.group.platform is Platform.TELEGRAM or self.person is not None

    def say(self, key: str, **values: object) -> str:
        return self.reader.say(key, **values)

    # --- names ---

    def name(self, person_id: PersonId) -> str:
        """Return the first name, or the whole one where two share the first."""
        person = self.details.person(person_id)
        if person is None:
            return self.say("booking.someone")
        known = {each.id: each for each in (self.details.organizer, *self.details.people)}
        same = [each for each in known.values() if each.first_name == person.first_name]
        return person.first_name if len(same) < 2 else person.name

    def names(self, person_ids: Iterable[PersonId]) -> str:
        """Return "Bo, Ana, Cem"."""
        return self.say("times.comma").join(self.name(each) for each in person_ids)

    def listed(self, person_ids: Iterable[PersonId]) -> str:
        """Return "Bo, Ana and Cem"."""
        return self.reader.listing([self.name(each) for each in person_ids])

    def count(self, number: int) -> str:
        """Return a small number as a word: "six"."""
        return counted(self.reader, number)

    def all_of(self, number: int, *, for_them: bool = False) -> str:
        """Return "all six", "for both"."""
        return all_of(self.reader, number, for_them=for_them)

    # --- times ---

    def at(self, moment: datetime) -> Part:
        """Return a moment as everybody reads it in their own zone, or as the one reader does."""
        if self.person is not None:
            return Plain(self.reader.day_time(moment))
        return LocalTime(moment, self.named(moment))

    def named(self, moment: datetime) -> str:
        """Return "Tue 1 Dec, 10:00 Berlin": right for whoever reads it as plain text."""
        time = self.reader.day_time(moment)
        return self.say("booking.when", range=time, city=self.reader.city)

    @property
    def length(self) -> str:
        return self.reader.short_length(self.session.duration)

    @property
    def time(self) -> Interval | None:
        """Return when it is, once it has a time."""
        return self.booking.time if self.booking else None

    @property
    def is_over(self) -> bool:
        return self.time is not None and self.time.end <= self.reader.now

    @property
    def has_begun(self) -> bool:
        return self.time is not None and self.time.start <= self.reader.now

    # --- votes ---

    @property
    def members(self) -> tuple[PersonId, ...]:
        """Return who is asked, the organizer first."""
        ids = [member.person_id for member in self.session.members]
        return tuple(sorted(ids, key=lambda each: each != self.session.organizer_id))

    def who_said(self, option: Option, *answers: Answer) -> list[PersonId]:
        """Return the members with one of these answers, the organizer first."""
        return [each for each in self.members if self.session.answer_of(each, option.id) in answers]

    def best(self) -> Option | None:
        """Return the candidate that most can make, as they say; None while nobody can."""

        def rank(option: Option) -> tuple[int, int, float]:
            yes = len(self.who_said(option, Answer.YES))
            return (-len(self.who_said(option, *COMES)), -yes, option.time.start.timestamp())

        able = [each for each in self.session.options if len(self.who_said(each, *COMES)) > 1]
        return min(able, key=rank, default=None)

    def own_answers(self, person_id: PersonId) -> str:
        """Return "A yes, B no"; empty before the person said anything."""
        said = [
            self.say(
                "session.your_answer",
                letter=option.letter,
                answer=self.say(f"session.say_{LETTER_OF[answer]}"),
            )
            for option in self.session.options
            if (answer := self.session.answer_of(person_id, option.id))
        ]
        return self.say("times.comma").join(said)

    # --- seats ---

    def _seats(self, *states: SeatStatus) -> list[Attendance]:
        seats = self.booking.seats if self.booking else ()
        return [seat for seat in seats if seat.status in states]

    @property
    def seated(self) -> list[PersonId]:
        """Return who has a seat, in the order they came; never the organizer."""
        return [seat.person_id for seat in self._seats(SeatStatus.ACCEPTED)]

    @property
    def stood_up(self) -> list[PersonId]:
        """Return who had a seat that was cancelled, by them or with the session."""
        ids = dict.fromkeys(seat.person_id for seat in self._seats(SeatStatus.CANCELLED))
        return [each for each in ids if each not in self.seated]

    @property
    def line(self) -> list[PersonId]:
        """Return who waits for a seat, or decides on an offered one, the next one first."""
        offered = self._seats(SeatStatus.OFFERED)
        # Whose offer lapsed stands behind those who have not had one.
        waiting = sorted(
            self._seats(SeatStatus.WAITLISTED),
            key=lambda seat: seat.expires_at.timestamp() if seat.expires_at else 0.0,
        )
        return [seat.person_id for seat in (*offered, *waiting)]

    @property
    def seats_left(self) -> int:
        """Return the seats anybody may take now: none while somebody waits who was not asked."""
        if self.booking is None:
            return 0
        waiting = self._seats(SeatStatus.WAITLISTED)
        if any(seat.expires_at is None for seat in waiting):
            return 0
        return max(0, self.booking.capacity - self.booking.seats_used)

    @property
    def seats(self) -> str:
        """Return "3 of 4 seats left"."""
        capacity = self.booking.capacity if self.booking else self.session.capacity
        return self.say("session.seats", count=capacity, left=self.seats_left)

    # --- buttons ---

    def button(
        self,
        label: str,
        verb: str,
        argument: str = "",
        *,
        style: ButtonStyle = ButtonStyle.NORMAL,
        **values: object,
    ) -> Action:
        """Return a button on the session as it stands; ``label`` is a key."""
        words = self.say(label, **values)
        return Action(words, verb, self.session.id, self.session.version, argument, style)

    @property
    def google_link(self) -> str:
        """Return an address that adds the session to a Google calendar."""
        if self.booking is None:
            raise LookupError("a session without a time is in nobody's calendar")
        where = self.booking.place or self.booking.video or ""
        return google_address(self.title, self.booking.time, where)


def counted(reader: Reader, number: int) -> str:
    """Return a small number as a word: "six"."""
    words = reader.say("session.counts").split()
    return words[number] if number < len(words) else str(number)


def all_of(reader: Reader, number: int, *, for_them: bool = False) -> str:
    """Return "all six", "for both"."""
    both = "both" if number == 2 else "all"
    return reader.say(f"session.{'for_' if for_them else ''}{both}", count=counted(reader, number))


def vote_buttons(view: SessionView, option: Option) -> tuple[Button, ...]:
    """Return yes, if need be and no for one candidate."""
    key = "letter" if view.lettered else "vote"
    return tuple(
        view.button(
            f"session.{key}_{letter}", "svote", f"{option.letter}{letter}", letter=option.letter
        )
        for letter in ("y", "m", "n")
    )


def spoken(view: SessionView, pieces: Sequence[str]) -> str:
    """Return the pieces with dots between; empty ones are left out."""
    return view.say("session.dot").join(piece for piece in pieces if piece)
