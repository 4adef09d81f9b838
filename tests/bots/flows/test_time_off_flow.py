"""/open and /off: words to time, what is booked in it, and the way back."""

from datetime import datetime

import pytest

from builders.times import at, between
from office import Office
from phones import Phone
from scheduling.model import BookingStatus, EventType
from scheduling.moments import zone

BERLIN = "Europe/Berlin"


def _wall(moment: datetime) -> str:
    return f"{moment.astimezone(zone(BERLIN)):%d %H:%M}"


async def off_times(office: Office, phone: Phone) -> list[str]:
    """Return the coach's time off as stored, in Berlin time."""
    person = office.person(phone)
    overview = await office.database.queries.hours(
        person.organization_id, person.id, office.clock.now()
    )
    assert overview is not None
    return [f"{_wall(off.time.start)}-{_wall(off.time.end)}" for off in overview.time_off]


async def opening_times(office: Office, phone: Phone) -> list[str]:
    """Return the coach's openings as stored, in Berlin time."""
    person = office.person(phone)
    overview = await office.database.queries.hours(
        person.organization_id, person.id, office.clock.now()
    )
    assert overview is not None
    return [_wall(one.time.start) for one in overview.openings]


async def three_sessions(office: Office, kind: EventType) -> list[Phone]:
    """Let Leo, Kira and Mia book on Tuesday (T10)."""
    phones = []
    for name, hour in (("Leo Brandt", 11), ("Kira Novak", 14), ("Mia Costa", 16)):
        phone = await office.phone(name)
        await office.books(phone, kind, at(f"2026-11-24 {hour}:00", BERLIN))
        phones.append(phone)
    return phones


class TestOpen:
    async def test_given_a_day_and_time_when_opened_then_it_is_two_hours_and_bookable(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/open sat 10:00")

        assert ana.text == "Open: Sat 28 Nov, 10:00-12:00.\nPeople can book 2 times in it."
        assert ana.labels == [["Close it again", "Share my link"]]
        assert await opening_times(office, ana) == ["28 10:00"]

    async def test_given_an_opening_when_closed_twice_then_the_second_time_says_so(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/extra sat 10:00 2h")
        close, message_id = ana.button("Close it again")
        await ana.press(close, message_id)
        first = ana.text

        await ana.press(close, message_id)

        assert first == "Closed again. Nobody can book it any more."
        assert ana.text == "It was closed already."
        assert await opening_times(office, ana) == []

    async def test_given_no_words_when_asked_then_a_typed_answer_is_enough(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/open")

        await ana.type("sat 10-11")

        assert ana.text.startswith("Open: Sat 28 Nov, 10:00-11:00.")

    async def test_given_an_hour_with_two_readings_when_typed_then_a_tap_decides(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/open sat 5")
        assert ana.labels == [["Sat 28 Nov, 17:00", "Sat 28 Nov, 05:00"], ["Back"]]

        await ana.tap("Sat 28 Nov, 05:00")

        assert await opening_times(office, ana) == ["28 05:00"]

    @pytest.mark.parametrize(
        ("line", "answer"),
        [
            ("/open sat", "At what time? Try: sat 10:00 2h"),
            ("/open 28 mar 2027 02:30 1h", "does not exist"),
            ("/open today 09:00 30 min", "over already"),
            ("/open sat 10:00 with leo", 'I understood "sat 10:00". Not "with leo".'),
            ("/open blorp", 'I did not understand "blorp". Try: sat 10:00 2h'),
        ],
    )
    async def test_given_a_time_that_cannot_be_when_typed_then_a_calm_answer_and_no_opening(
        self, office: Office, line: str, answer: str
    ) -> None:
        ana, _ = await office.coach()

        await ana.type(line)

        assert answer in ana.text
        assert await opening_times(office, ana) == []

    async def test_given_nonsense_when_typed_then_no_button_opens_a_time_nobody_named(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/open banana")

        assert "banana" in ana.text
        assert not any(label.startswith("Use") for row in ana.labels for label in row)

    async def test_given_a_refusal_when_the_answer_is_typed_next_then_it_is_taken(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/open sat")

        await ana.type("sat 14:00")

        assert await opening_times(office, ana) == ["28 14:00"]


class TestOff:
    async def test_given_nothing_booked_when_off_then_it_is_closed_at_once_with_undo(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/off 24 dec - 2 jan")

        assert ana.text == "Closed for Thu 24 Dec - Sat 2 Jan 2027."
        assert await off_times(office, ana) == ["24 00:00-03 00:00"]
        await ana.tap("Undo")
        assert await off_times(office, ana) == []

    async def test_given_three_sessions_when_off_then_they_are_named_and_nothing_is_closed_yet(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await three_sessions(office, kind)

        await ana.type("/off tue")

        assert ana.text == ("Tue 24 Nov.\n3 sessions are in it: Leo 11:00, Kira 14:00, Mia 16:00.")
        assert ana.labels == [
            ["Tell all 3, offer new times"],
            ["Keep them, close the rest"],
            ["Back"],
        ]
        assert await off_times(office, ana) == []

    async def test_given_three_sessions_when_all_are_told_then_they_are_cancelled_and_hear_of_it(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        students = await three_sessions(office, kind)
        await office.deliver(*students)
        await ana.type("/off tue")

        await ana.tap("Tell all 3, offer new times")
        await office.deliver(*students)

        assert ana.text == "Told 3. Closed for Tue 24 Nov. I'll tell you who moved."
        assert await _live_on_tuesday(office, ana) == 0
        assert all("Cancelled: Tue 24 Nov" in phone.text for phone in students)

    async def test_given_all_told_when_undone_then_the_sessions_are_back_on(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        students = await three_sessions(office, kind)
        await ana.type("/off tue")
        await ana.tap("Tell all 3, offer new times")

        await ana.tap("Undo")
        await office.deliver(*students)

        assert await off_times(office, ana) == []
        assert await _live_on_tuesday(office, ana) == 3
        assert all("Back on: Tue 24 Nov" in phone.text for phone in students)

    async def test_given_three_sessions_when_kept_then_only_the_rest_is_closed(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await three_sessions(office, kind)
        await ana.type("/off tue")

        await ana.tap("Keep them, close the rest")

        assert ana.text == "Closed for Tue 24 Nov. 3 sessions stay."
        assert await off_times(office, ana) == ["24 00:00-25 00:00"]
        assert await _live_on_tuesday(office, ana) == 3

    async def test_given_the_question_when_going_back_then_nothing_was_closed(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await three_sessions(office, kind)
        await ana.type("/off tue")

        await ana.tap("Back")

        assert ana.text == "Nothing was closed."
        assert await off_times(office, ana) == []

    async def test_given_a_choice_pressed_twice_when_the_second_arrives_then_it_is_closed_once(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await three_sessions(office, kind)
        await ana.type("/off tue")
        keep, message_id = ana.button("Keep them, close the rest")
        await ana.press(keep, message_id)

        await ana.press(keep, message_id)

        assert await off_times(office, ana) == ["24 00:00-25 00:00"]
        assert ana.text == "Closed for Tue 24 Nov. 3 sessions stay."

    async def test_given_time_off_when_opened_again_then_the_usual_hours_count(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/off thu")
        await ana.type("/off")

        await ana.tap("Open again: Thu 26 Nov")

        assert ana.text == "Open again. Your usual hours count."
        assert await off_times(office, ana) == []

    async def test_given_the_same_day_twice_when_off_then_it_is_stored_once(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/off thu")

        await ana.type("/off thu")

        assert ana.text == "Closed for Thu 26 Nov."
        assert await off_times(office, ana) == ["26 00:00-27 00:00"]

    @pytest.mark.parametrize("line", ["/off yesterday", "/off today 8-9", "/off 1 nov 2026"])
    async def test_given_the_past_when_off_then_it_is_refused_and_asked_again(
        self, office: Office, line: str
    ) -> None:
        ana, _ = await office.coach()

        await ana.type(line)

        assert "over already" in ana.text
        assert "When are you off?" in ana.text
        assert await off_times(office, ana) == []


async def _live_on_tuesday(office: Office, phone: Phone) -> int:
    person = office.person(phone)
    span = between("2026-11-24 00:00", "2026-11-25 00:00", BERLIN)
    hosted = await office.database.queries.hosted(person.organization_id, person.id, span)
    return sum(details.booking.status is BookingStatus.CONFIRMED for details in hosted)
