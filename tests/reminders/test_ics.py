"""Calendar files: as written, and as another parser than ours reads them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject

from builders.details import ANA, MIA, some_details, with_booking
from builders.people import a_person
from builders.scheduling import an_event_type
from builders.times import at, between
from postroom import PostRoom
from reminders.ics import IcsFiles
from scheduling.messages import File
from scheduling.model import BookingDetails, BookingStatus, SeatStatus
from scheduling.people import Card, Person

GOLDEN = Path(__file__).parents[1] / "golden"
NOW = at("2026-11-23 09:02")
ODD = [
    "a\rX-EVIL:1",
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "nul\x00 bell\x07 escape\x1b[31m",
    "half \ud83d of a character",
    "line\u2028separator\x85next",
    'quote " semi ; comma , colon : back \\ slash',
    "עברית 🎹 " * 20,
]


def for_reader(details: BookingDetails, reader: Person = MIA, **options: Any) -> File:
    return IcsFiles().for_booking(details, reader, now=NOW, **options)


def read(content: bytes) -> Any:
    return vobject.readOne(content.decode())


def event_of(file: File) -> Any:
    return read(file.content).vevent


def lines(file: File) -> list[str]:
    return file.content.decode().replace("\r\n ", "").split("\r\n")


class TestAsWritten:
    @pytest.mark.parametrize(
        ("name", "details", "reader", "method"),
        [
            ("booked-attendee", some_details(), MIA, "PUBLISH"),
            ("booked-host", some_details(), ANA, "PUBLISH"),
            ("invitation", some_details(), MIA, "REQUEST"),
            (
                "cancelled",
                some_details(status=BookingStatus.CANCELLED, sequence=2),
                MIA,
                "PUBLISH",
            ),
            ("pending", some_details(status=BookingStatus.PENDING), MIA, "PUBLISH"),
            ("at-a-place", some_details(video=None, place="Rua Nova 5, Lisboa"), MIA, "PUBLISH"),
        ],
    )
    def test_given_a_booking_when_written_then_it_is_the_golden_file(
        self, name: str, details: BookingDetails, reader: Person, method: Any
    ) -> None:
        file = for_reader(details, reader, method=method)

        assert file.content == (GOLDEN / f"{name}.ics").read_bytes()

    def test_given_a_feed_when_written_then_it_is_the_golden_file(self) -> None:
        bookings = [
            some_details(),
            some_details(uid="other@slotbook", status=BookingStatus.CANCELLED, sequence=1),
        ]

        content = IcsFiles().feed(MIA, bookings, now=NOW)

        assert content == (GOLDEN / "feed.ics").read_bytes()

    def test_given_any_text_when_written_then_lines_are_folded_and_end_with_crlf(self) -> None:
        file = for_reader(some_details(title="Ünïcödé lesson " * 5))

        assert file.content.endswith(b"END:VCALENDAR\r\n")
        assert b"\n" not in file.content.replace(b"\r\n", b"")
        assert max(len(line) for line in file.content.split(b"\r\n")) <= 75

    @pytest.mark.parametrize(
        ("title", "zone", "name"),
        [
            ("Piano lesson", "Europe/Lisbon", "piano-lesson-24-nov.ics"),
            ("Piano lesson", "Pacific/Auckland", "piano-lesson-25-nov.ics"),
            ("Élan: l'été!", "UTC", "elan-l-ete-24-nov.ics"),
            ("Урок", "UTC", "booking-24-nov.ics"),
            ("../../etc/passwd", "UTC", "etc-passwd-24-nov.ics"),
            ("very long " * 20, "UTC", "very-long-very-long-very-long-very-long-24-nov.ics"),
        ],
    )
    def test_given_a_title_when_named_then_every_phone_can_store_it(
        self, title: str, zone: str, name: str
    ) -> None:
        file = for_reader(some_details(title=title), replace(MIA, zone=zone))

        assert file.name == name


class TestAsRead:
    def test_given_a_booking_when_another_parser_reads_it_then_it_says_the_same(self) -> None:
        event = event_of(for_reader(some_details()))

        assert event.uid.value == "7Kq2m9@slotbook"
        assert event.dtstart.value == at("2026-11-24 15:00")
        assert event.dtend.value == at("2026-11-24 16:00")
        assert event.summary.value == "Piano lesson with Ana"
        assert event.url.value == event.location.value == "https://meet.example/ana-mia"
        assert event.status.value == "CONFIRMED"

    def test_given_lead_times_when_written_then_the_calendar_reminds_like_the_chat(self) -> None:
        own = replace(MIA, reminders=(timedelta(minutes=5),))
        kind = an_event_type(reminders=(timedelta(hours=2), timedelta(days=1)))

        by_setting = _alarms(for_reader(some_details()))
        by_type = _alarms(for_reader(some_details(event_type=kind)))
        by_person = _alarms(for_reader(some_details(event_type=kind), own))
        of_host = _alarms(for_reader(some_details(), ANA))

        assert by_setting == [timedelta(days=-1), timedelta(hours=-1), timedelta(minutes=-10)]
        assert by_type == [timedelta(days=-1), timedelta(hours=-2)]
        assert by_person == [timedelta(minutes=-5)]
        assert of_host == [timedelta(minutes=-10)]

    def test_given_a_group_when_written_for_its_host_then_the_title_names_who_comes(self) -> None:
        people = tuple(a_person(f"P{n} Q") for n in range(5))

        event = event_of(for_reader(some_details(people=people), ANA))

        assert event.summary.value == "Piano lesson: P0 Q, P1 Q, P2 Q, +2"

    def test_given_somebody_who_left_a_group_when_written_then_it_is_cancelled_for_them(
        self,
    ) -> None:
        details = some_details(capacity=4)
        (seat,) = details.booking.seats
        left = with_booking(details, seats=(replace(seat, status=SeatStatus.CANCELLED),))

        assert event_of(for_reader(left)).status.value == "CANCELLED"
        assert event_of(for_reader(left, ANA)).status.value == "CONFIRMED"

    def test_given_a_thread_that_everybody_reads_when_written_then_it_is_as_the_session_is(
        self,
    ) -> None:
        details = some_details(capacity=4)
        off = with_booking(details, status=BookingStatus.CANCELLED)

        assert event_of(for_reader(details, a_person("Anybody"))).status.value == "CONFIRMED"
        assert event_of(for_reader(off, a_person("Anybody"))).status.value == "CANCELLED"

    def test_given_a_published_file_when_read_then_nobodys_address_or_phone_is_in_it(self) -> None:
        text = for_reader(some_details(), ANA).content.decode()

        assert "example.org" not in text
        assert "912" not in text
        assert "ATTENDEE" not in text

    def test_given_an_invitation_without_the_hosts_mailbox_then_nobody_is_invited(self) -> None:
        host = replace(ANA, email=None)

        text = for_reader(some_details(host=host), method="REQUEST").content.decode()

        assert "ORGANIZER" not in text
        assert "ATTENDEE" not in text


class TestOddValues:
    @pytest.mark.parametrize("text", ODD)
    def test_given_odd_words_when_read_back_then_there_is_one_event_and_nothing_foreign(
        self, text: str
    ) -> None:
        host = replace(ANA, name=text, email="ana@example.org")
        details = some_details(
            host=host,
            people=(replace(MIA, name=text),),
            title=text,
            place=text,
            video=None,
            event_type=an_event_type(description=text),
        )

        for reader, method in ((MIA, "PUBLISH"), (host, "REQUEST")):
            file = for_reader(details, reader, method=method)
            names = {line.split(":")[0].split(";")[0] for line in lines(file)}
            assert len(read(file.content).vevent_list) == 1
            assert "X-EVIL" not in names
            assert not set(file.content) & set(b"\x00\x07\x1b")

    @pytest.mark.parametrize(
        "address",
        ["https://x\r\nATTACH:evil", "javascript:alert(1)", "https://a b", "https://x/\x00", "x"],
    )
    def test_given_an_odd_address_when_written_then_it_is_left_out_and_the_event_stays(
        self, address: str
    ) -> None:
        event = event_of(for_reader(some_details(video=address, place="Room 5")))

        assert "url" not in event.contents
        assert event.location.value == "Room 5"

    def test_given_a_poisoned_booking_when_the_feed_is_written_then_the_others_are_complete(
        self,
    ) -> None:
        bookings = [some_details(uid=f"{n}@slotbook") for n in range(3)]
        bookings[1] = with_booking(bookings[1], sequence="poison")

        content = IcsFiles().feed(MIA, bookings, now=NOW)

        assert [event.uid.value for event in read(content).vevent_list] == [
            "0@slotbook",
            "2@slotbook",
        ]


class TestAtAPlace:
    @pytest.mark.parametrize(
        ("zone", "wall"),
        [
            ("Europe/Berlin", "2026-03-29 03:30"),
            ("Europe/Berlin", "2026-03-29 01:30"),
            ("Europe/Berlin", "2026-10-25 01:30"),
            ("Europe/Berlin", "2026-10-25 03:30"),
            ("America/Santiago", "2026-09-06 01:30"),
            ("Australia/Lord_Howe", "2026-10-04 02:45"),
            ("Africa/Casablanca", "2026-03-22 09:00"),
            ("Asia/Kolkata", "2026-06-01 09:00"),
            ("Europe/Dublin", "2026-07-01 09:00"),
            ("America/New_York", "2026-12-31 23:30"),
            ("Pacific/Auckland", "2027-01-01 00:30"),
        ],
    )
    def test_given_a_venue_when_another_parser_reads_it_then_it_is_the_same_instant(
        self, zone: str, wall: str
    ) -> None:
        start = at(wall, zone)
        time = between(wall, (datetime.fromisoformat(wall) + timedelta(hours=2)).isoformat(), zone)
        details = some_details(
            time=time, host_zone=zone, place="Rua Nova 5", video=None, uid=f"{zone}@slotbook"
        )

        # Under a name no library knows, so that nothing but our own rules can be read.
        content = for_reader(details).content.replace(
            zone.encode(), f"Venue{start:%Y%m%dT%H%M}".encode()
        )
        event = read(content).vevent

        assert event.dtstart.value == start
        assert event.dtend.value == time.end
        assert event.dtstart.value.replace(tzinfo=None) == datetime.fromisoformat(wall)

    def test_given_venues_in_two_years_when_fed_then_each_zone_stands_once_over_both(self) -> None:
        bookings = [
            some_details(
                time=between(f"{year}-07-01 09:00", f"{year}-07-01 10:00", "Europe/Berlin"),
                uid=f"{year}@slotbook",
                place="Rua Nova 5",
                video=None,
            )
            for year in (2026, 2028)
        ]

        text = IcsFiles().feed(MIA, bookings, now=NOW).decode()

        assert text.count("BEGIN:VTIMEZONE") == 1
        assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")
        assert "DTSTART:20270328T020000" in text


class TestOneLife:
    async def test_given_book_move_and_cancel_then_it_is_one_uid_with_rising_sequence(
        self, room: PostRoom
    ) -> None:
        _, _, kind = await room.coach()
        student, chat = await room.meet()
        booking = await room.book(student, kind, at("2030-01-09 10:00"), Card(chat, "7"))
        await room.dispatcher().run_once()
        for hour in (12, 14, 16):
            booking = await room.move(student, booking, at(f"2030-01-09 {hour}:00"))
            await room.dispatcher().run_once()
        await room.cancel(student, booking)

        await room.dispatcher().run_once()

        events = list(_sent_events(room))
        assert {event.uid.value for event in events} == {booking.uid}
        assert [int(event.sequence.value) for event in events] == [0, 1, 2, 3, 4]
        assert [event.status.value for event in events] == [*["CONFIRMED"] * 4, "CANCELLED"]


def _alarms(file: File) -> list[timedelta]:
    return [alarm.trigger.value for alarm in event_of(file).valarm_list]


def _sent_events(room: PostRoom) -> Iterator[Any]:
    for sent in room.messenger.log:
        if sent.file is not None:
            yield event_of(sent.file)
