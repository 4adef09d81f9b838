"""Time off, extra time and event types in windows."""

import pytest

from bots.slack.modals.types import LISTING, TICKS, action_of
from bots.slack.surface import Errors
from builders.people import acting
from builders.times import at
from scheduling.messages import Action
from scheduling.model import BookingStatus, EventType
from slack_person import SlackPerson
from windows import SlackOffice

OFF, OPEN = "sb.off.line", "sb.open.line"


async def bo(office: SlackOffice) -> tuple[SlackPerson, EventType]:
    """Return Bo, who offers a review of 60 min."""
    person = await office.in_slack("Bo Lind")
    return person, await office.offers(person, "Review")


class TestTimeOff:
    async def test_given_a_line_when_typed_then_the_preview_says_what_closes(
        self, office: SlackOffice
    ) -> None:
        person, _ = await bo(office)
        await person.press(Action("Time off", "off"))

        await person.writes(OFF, "24 dec - 2 jan")
        assert "Closed: " in person.window.text
        await person.writes(OFF, "florp")
        assert 'I did not understand "florp".' in person.window.text
        assert isinstance(await person.send(), Errors)

    async def test_given_bookings_in_it_when_sent_then_it_asks_what_becomes_of_them(
        self, office: SlackOffice
    ) -> None:
        person, review = await bo(office)
        cem = await office.in_slack("Cem Kaya")
        details = await office.books_as(cem, review, at("2026-11-24 11:00", "Europe/Berlin"))
        await person.types("off")
        await person.writes(OFF, "tomorrow")
        assert "1 session is in it: Cem 11:00." in person.window.text

        await person.choose("sb.off.hit", "Tell them, offer new times")
        await person.send(times=2)

        assert "Told 1." in person.window.text
        assert (await office.details(details)).booking.status is BookingStatus.CANCELLED
        await person.push("Undo")
        assert (await office.details(details)).booking.status is BookingStatus.CONFIRMED

    async def test_given_another_line_when_typed_over_a_question_then_it_is_asked_anew(
        self, office: SlackOffice
    ) -> None:
        person, review = await bo(office)
        cem = await office.in_slack("Cem Kaya")
        await office.books_as(cem, review, at("2026-11-24 11:00", "Europe/Berlin"))
        await person.types("off")
        await person.writes(OFF, "tomorrow")
        await person.choose("sb.off.hit", "Tell them")

        await person.writes(OFF, "24 nov")

        block, _ = person.window.field("sb.off.hit")
        assert "selected_option" not in person.window.state[block["block_id"]]["sb.off.hit"]

    async def test_given_a_member_when_opened_then_it_says_how_to_offer_time(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")

        await cem.types("off")

        assert "submit" not in cem.window.view


class TestExtraTime:
    async def test_given_a_line_when_sent_then_people_can_book_in_it(
        self, office: SlackOffice
    ) -> None:
        person, _ = await bo(office)
        await person.press(Action("Extra time", "open"))
        await person.writes(OPEN, "sat 10:00 2h")
        assert "Open: Sat 28 Nov, 10:00-12:00." in person.window.text

        await person.send(times=2)

        assert "People can book 2 times in it." in person.window.text
        overview = await office.hours.overview(acting(person.person))
        assert overview is not None
        assert len(overview.openings) == 1

    async def test_given_a_line_without_a_time_when_sent_then_it_asks_for_it(
        self, office: SlackOffice
    ) -> None:
        person, _ = await bo(office)
        await person.types("open")
        await person.writes(OPEN, "saturday")

        assert await person.send() == Errors({"line": "At what time? Try: sat 10:00 2h"})


class TestEventType:
    async def test_given_new_parts_when_sent_then_they_count_and_the_rest_stays(
        self, office: SlackOffice
    ) -> None:
        person, review = await bo(office)
        await person.press(Action("Edit", "type", review.id), is_home=True)
        await person.writes(action_of("title"), "Design review")
        await person.writes(action_of("length"), "45 min")
        await person.writes(action_of("notice"), "4 h")
        await person.writes(action_of("where"), "https://meet.example/bo")
        await person.choose(LISTING, "People with the link")
        await person.ticks(TICKS, "I approve each booking first")

        await person.send(times=2)

        kind = await office.database.queries.event_type(review.organization_id, review.id)
        assert (kind.title, kind.duration.seconds, kind.step.seconds) == (
            "Design review",
            2700,
            2700,
        )
        assert (kind.minimum_notice.seconds, kind.video) == (14400, "https://meet.example/bo")
        assert (kind.listing, kind.approval, kind.capacity) == ("link", True, 1)
        assert kind.version == review.version + 1
        assert "Saved." in person.window.text

    async def test_given_nothing_changed_when_sent_then_nothing_changes(
        self, office: SlackOffice
    ) -> None:
        person, review = await bo(office)
        await person.press(Action("Edit", "type", review.id), is_home=True)

        await person.send()

        kind = await office.database.queries.event_type(review.organization_id, review.id)
        assert kind == review

    @pytest.mark.parametrize(
        ("part", "text"),
        [("length", "long"), ("length", "3 min"), ("seats", "many"), ("seats", "0"),
         ("notice", "soon"), ("where", "https://<evil>"), ("title", "​")],
    )  # fmt: skip
    async def test_given_a_part_that_cannot_be_when_sent_then_its_fault_stands_under_it(
        self, office: SlackOffice, part: str, text: str
    ) -> None:
        person, review = await bo(office)
        await person.press(Action("Title", "type", review.id, argument="title"))
        await person.writes(action_of(part), text)

        answer = await person.send()

        assert isinstance(answer, Errors)
        assert set(answer.by_block) == {part}

    async def test_given_somebody_elses_type_when_pressed_then_nothing_is_shown(
        self, office: SlackOffice
    ) -> None:
        _, review = await bo(office)
        cem = await office.in_slack("Cem Kaya")

        await cem.press(Action("Title", "type", review.id, argument="title"))

        assert "Review" not in cem.window.text
        assert "submit" not in cem.window.view
