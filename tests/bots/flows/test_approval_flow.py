"""T9: the coach's yes and no; and "I'll wait"."""

from datetime import timedelta

from builders.people import acting
from builders.times import at
from office import Office
from phones import Phone
from scheduling.commands import SayLate
from scheduling.ids import RequestId
from scheduling.model import BookingDetails, BookingStatus, Question

BERLIN = "Europe/Berlin"


async def a_request(office: Office) -> tuple[Phone, Phone, BookingDetails]:
    """Return Ana, Mia and what Mia asked for on Thursday at 16:00."""
    ana, kind = await office.coach()
    kind = await office.change(
        kind, approval=True, questions=(Question("q", "What would you like to work on?"),)
    )
    mia = await office.phone("Mia Costa", zone="Europe/Lisbon")
    details = await office.books(
        mia, kind, at("2026-11-26 16:00", BERLIN), answer="I'd like to finish the Satie."
    )
    await office.deliver(ana, mia)
    return ana, mia, details


async def status(office: Office, details: BookingDetails) -> BookingStatus:
    """Return how the booking stands now."""
    return (await office.details(details)).booking.status


class TestApprove:
    async def test_given_a_request_when_it_arrives_then_it_says_all_one_needs(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_request(office)

        assert ana.text.startswith(
            "Thu 26 Nov, 16:00-17:00 · Mia Costa asks for Piano lesson.\n"
            '"I\'d like to finish the Satie."\n'
        )
        assert ana.text.endswith("Answer by Tue 24 Nov, 10:02, or it goes.")
        assert ana.labels == [["Approve", "Decline", "Message Mia"]]

    async def test_given_a_request_when_approved_then_both_cards_say_so(
        self, office: Office
    ) -> None:
        ana, mia, details = await a_request(office)

        await ana.tap("Approve")
        await office.deliver(ana, mia)

        assert await status(office, details) is BookingStatus.CONFIRMED
        assert ana.text == "Approved. Thu 26 Nov, 16:00 · Mia knows."
        assert len(ana.screen.messages) == 1
        assert "Thu 26 Nov, 15:00-16:00 Lisbon" in mia.text

    async def test_given_an_approval_when_undone_then_the_request_waits_again(
        self, office: Office
    ) -> None:
        ana, mia, details = await a_request(office)
        await ana.tap("Approve")
        await office.deliver(ana, mia)

        await ana.tap("Undo")
        await office.deliver(ana, mia)

        assert await status(office, details) is BookingStatus.PENDING
        assert ["Approve", "Decline", "Message Mia"] in ana.labels

    async def test_given_approve_pressed_twice_when_the_second_arrives_then_the_truth_is_shown(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)
        approve, message_id = ana.button("Approve")
        await ana.press(approve, message_id)

        await ana.press(approve, message_id)

        assert await status(office, details) is BookingStatus.CONFIRMED
        assert ana.toast == "This is booked: Thu 26 Nov, 16:00."

    async def test_given_the_coachs_button_when_the_student_presses_then_it_is_refused(
        self, office: Office
    ) -> None:
        ana, mia, details = await a_request(office)
        approve, message_id = ana.button("Approve")

        await mia.press(approve, message_id)

        assert await status(office, details) is BookingStatus.PENDING
        assert mia.toast

    async def test_given_the_agenda_when_answering_from_its_list_then_the_request_is_approved(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)
        await ana.type("/agenda")
        await ana.tap("1 request")
        listed = ana.text

        await ana.tap("Approve Thu 16:00")

        assert listed == (
            "1 request\nThu 26 Nov, 16:00-17:00 · Mia Costa asks for Piano lesson. "
            "Answer by Tue 24 Nov, 10:02."
        )
        assert await status(office, details) is BookingStatus.CONFIRMED


class TestDecline:
    async def test_given_a_request_when_declining_then_one_may_say_why(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)

        await ana.tap("Decline")

        assert ana.text == "Anything to tell Mia? Type it, or:"
        assert ana.labels == [["Not free after all", "Just decline", "Back"]]
        assert await status(office, details) is BookingStatus.PENDING

    async def test_given_ready_made_words_when_declined_then_mia_reads_them(
        self, office: Office
    ) -> None:
        ana, mia, details = await a_request(office)
        await ana.tap("Decline")

        await ana.tap("Not free after all")
        await office.deliver(ana, mia)

        assert await status(office, details) is BookingStatus.DECLINED
        assert ana.text == "Declined. Thu 26 Nov, 16:00 · Mia knows."
        assert mia.text.startswith('Thu 26 Nov, 15:00 does not work for Ana. "Not free after all."')

    async def test_given_typed_words_when_declined_then_the_card_is_the_same_one(
        self, office: Office
    ) -> None:
        ana, mia, details = await a_request(office)
        await ana.tap("Decline")

        await ana.type("I am at a concert then.")
        await office.deliver(ana, mia)

        assert await status(office, details) is BookingStatus.DECLINED
        assert len(ana.screen.messages) == 1
        assert '"I am at a concert then."' in mia.text

    async def test_given_words_too_long_when_typed_then_they_are_asked_for_again(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)
        await ana.tap("Decline")

        await ana.type("x" * 301)

        assert await status(office, details) is BookingStatus.PENDING
        assert "300" in ana.text

    async def test_given_the_question_when_going_back_then_the_request_is_there_again(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)
        request = ana.text
        await ana.tap("Decline")

        await ana.tap("Back")
        shown = ana.text
        await ana.type("never mind")

        assert shown == request
        assert await status(office, details) is BookingStatus.PENDING

    async def test_given_a_request_approved_meanwhile_when_declining_then_the_truth_is_shown(
        self, office: Office
    ) -> None:
        ana, _, details = await a_request(office)
        decline, message_id = ana.button("Decline")
        await ana.tap("Approve")

        await ana.press(decline, message_id)

        assert await status(office, details) is BookingStatus.CONFIRMED
        assert ana.toast == "This is booked: Thu 26 Nov, 16:00."


class TestWaiting:
    async def test_given_somebody_late_when_the_coach_waits_then_they_hear_it(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        mia = await office.phone("Mia Costa", zone="Europe/Lisbon")
        details = await office.books(mia, kind, at("2026-11-24 16:00", BERLIN))
        office.clock.set(at("2026-11-24 15:50", BERLIN))
        await office.booking.late(
            SayLate(
                actor=acting(office.person(mia)),
                booking_id=details.booking.id,
                request_id=RequestId("late"),
                by=timedelta(minutes=10),
            )
        )
        await office.deliver(ana)

        await ana.tap("I'll wait")
        await office.deliver(ana, mia)

        assert mia.text == "Ana waits for you."
