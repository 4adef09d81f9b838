"""Moving, cancelling, writing and declining in windows."""

from datetime import timedelta

from bots.slack.modals.book_view import DAY, TIME
from bots.slack.modals.cancel import WHY
from bots.slack.modals.note import DECLINE_WHY, NOTE_TEXT
from bots.slack.surface import Clear, Errors, Update
from builders.times import at
from scheduling.messages import Action
from scheduling.model import BookingDetails, BookingStatus
from scheduling.people import Card
from slack_person import SlackPerson
from windows import SlackOffice


def on(details: BookingDetails, verb: str) -> Action:
    """Return the button of a booking's card."""
    return Action("x", verb, details.booking.id, details.booking.plan_revision)


async def booked(office: SlackOffice, person: SlackPerson, **changes: object) -> BookingDetails:
    """Let somebody have Tuesday 11:00."""
    _, lesson = await office.ana(**changes)
    start = at("2026-11-24 11:00", "Europe/Berlin")
    return await office.books_as(person, lesson, start)


async def planned(office: SlackOffice, person: SlackPerson) -> list[tuple[str, str | None]]:
    """Return what the outbox holds for somebody: kind, and the message it edits."""
    claimed = await office.database.outbox.claim_due(
        office.clock.now(), limit=50, lease=timedelta(seconds=1)
    )
    mine = [c.notification for c in claimed if c.notification.person_id == person.person.id]
    return [(n.kind.value, n.card.message_id if n.card else None) for n in mine]


class TestMoving:
    async def test_given_a_booking_when_moved_then_it_is_at_the_new_time_in_the_same_card(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)
        card = Card(cem.chat, "1700.1")

        await cem.press(on(details, "move"), card)
        assert "Now: Tue 24 Nov, 11:00-12:00." in cem.window.text
        assert "11:00-12:00 Berlin" not in cem.window.options(TIME)
        await cem.choose(DAY, "Thu 26 Nov")
        await cem.choose(TIME, "14:00")
        assert await cem.send(times=2) == Clear()

        now = await office.details(details)
        assert now.booking.time.start == at("2026-11-26 14:00", "Europe/Berlin")
        assert ("moved", "1700.1") in await planned(office, cem)

    async def test_given_home_when_moved_from_there_then_the_answer_is_a_new_message(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)

        await cem.press(on(details, "move"), is_home=True)
        await cem.choose(TIME, "14:00")
        await cem.send()

        assert ("moved", None) in await planned(office, cem)

    async def test_given_a_plan_that_changed_when_sent_then_it_is_shown_and_nothing_moves(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)
        await cem.press(on(details, "move"))
        await cem.choose(TIME, "14:00")
        await cem.press(on(details, "cancel"))
        await cem.send()

        answer = await cem.send()

        assert isinstance(answer, Update)
        assert "Cancelled: Tue 24 Nov, 11:00." in cem.window.text

    async def test_given_an_old_button_when_pressed_then_the_window_says_how_it_stands(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)
        await cem.press(on(details, "move"))
        await cem.choose(TIME, "14:00")
        await cem.send()

        await cem.press(on(details, "move"))

        assert "This moved to Tue 24 Nov, 14:00." in cem.window.text
        assert "submit" not in cem.window.view

    async def test_given_it_is_too_late_when_pressed_then_the_window_offers_to_ask(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)
        office.clock.set(at("2026-11-24 09:00", "Europe/Berlin"))

        await cem.press(on(details, "move"))

        assert "Too late to move this one yourself" in cem.window.text
        assert "Ask Ana" in cem.window.buttons

    async def test_given_somebody_elses_booking_when_pressed_then_nothing_of_it_is_shown(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        dia = await office.in_slack("Dia Roy")
        details = await booked(office, cem)

        for verb in ("move", "cancel", "note", "decline"):
            await dia.press(on(details, verb))
            assert "Piano" not in dia.window.text
            assert "submit" not in dia.window.view


class TestCancelling:
    async def test_given_a_reason_when_sent_then_it_is_cancelled_and_the_host_reads_why(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)

        await cem.press(on(details, "cancel"), Card(cem.chat, "1700.1"))
        assert "Cancel Tue 24 Nov, 11:00-12:00, Piano lesson with Ana?" in cem.window.text
        assert cem.window.view["submit"]["text"] == "Cancel the lesson"
        await cem.writes(WHY, "I am ill")
        assert await cem.send(times=2) == Clear()

        now = (await office.details(details)).booking
        assert (now.status, now.reason) == (BookingStatus.CANCELLED, "I am ill")
        assert ("cancelled", "1700.1") in await planned(office, cem)

    async def test_given_a_type_that_asks_why_when_only_blanks_are_typed_then_it_says_so(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem, reason_required=True)

        await cem.press(on(details, "cancel"))
        await cem.writes(WHY, "  ")
        answer = await cem.send()

        assert answer == Errors({"why": "Please say why: this takes a reason."})

    async def test_given_the_window_when_moving_instead_then_the_same_window_moves(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)
        await cem.press(on(details, "cancel"))

        await cem.push("Move instead")

        assert len(cem.windows) == 1
        assert "It stays yours until the new time is booked." in cem.window.text


class TestWords:
    async def test_given_a_note_when_sent_twice_then_it_is_passed_on_once(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)

        await cem.press(on(details, "note"), Card(cem.chat, "1700.1"))
        await cem.writes(NOTE_TEXT, "See you at the door")
        assert await cem.send(times=3) == Clear()

        notes = await office.rows("SELECT * FROM outbox WHERE kind = 'note'")
        assert len(notes) == 1

    async def test_given_nothing_visible_when_sent_then_the_fault_stands_under_the_field(
        self, office: SlackOffice
    ) -> None:
        cem = await office.in_slack("Cem Kaya")
        details = await booked(office, cem)

        await cem.press(on(details, "note"))
        await cem.writes(NOTE_TEXT, "​ ")

        assert isinstance(await cem.send(), Errors)

    async def test_given_a_request_when_declined_with_words_then_the_time_is_free(
        self, office: SlackOffice
    ) -> None:
        bo = await office.in_slack("Bo Lind")
        lesson = await office.offers(bo, "Review", approval=True)
        cem = await office.in_slack("Cem Kaya")
        start = at("2026-11-24 11:00", "Europe/Berlin")
        details = await office.books_as(cem, lesson, start)

        await bo.press(Action("x", "decline", details.booking.id, details.booking.version))
        assert "Cem Kaya asked for Tue 24 Nov, 11:00-12:00, Review." in bo.window.text
        await bo.writes(DECLINE_WHY, "I am away")
        assert await bo.send() == Clear()

        assert (await office.details(details)).booking.status is BookingStatus.DECLINED
