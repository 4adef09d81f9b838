"""Every refusal has its own words, and a way on."""

from datetime import timedelta

import pytest

from builders.scheduling import a_booking
from builders.sessions import a_poll
from builders.times import at
from scheduling import errors
from scheduling.errors import SchedulingError
from scheduling.grammar.refusal import NotUnderstood
from scheduling.ids import BookingId, EventTypeId, PersonId
from scheduling.messages import Action
from scheduling.model import BookingStatus
from scheduling.moments import Interval
from scheduling.people import Standing
from wording.refusals import not_understood, refused, sentence, slot_refused, stands
from wording.times import Reader
from wording.zones import Target

READER = Reader("Europe/Lisbon", "en", at("2026-11-23 09:02"))
START = at("2026-11-24 15:00")
BOOKING = a_booking(time=Interval(START, at("2026-11-24 16:00")))
TARGET = Target("draft", 3)
POLL = a_poll().session

SAID = [
    (errors.SlotTaken(START), "Tue 24 Nov, 15:00 has just gone."),
    (errors.InThePast(START), "Tue 24 Nov, 15:00 is over already."),
    (
        errors.NoticeTooShort(START, timedelta(hours=12)),
        "Tue 24 Nov, 15:00 is too soon: it takes 12 h notice.",
    ),
    (
        errors.BeyondHorizon(START, timedelta(days=60)),
        "Tue 24 Nov, 15:00 is too far off: bookings open 60 days ahead.",
    ),
    (errors.OutsideAvailability(START), "Tue 24 Nov, 15:00 is not one of the free times."),
    (errors.CapReached(START, "day", 3), "That day is full."),
    (errors.CapReached(START, "week", 9), "That week is full."),
    (
        errors.TooManyBookings(30),
        "You have 30 coming bookings, which is the most one person may have.",
    ),
    (
        errors.TooManyHolds(200),
        "You looked at very many times today. Please go on tomorrow.",
    ),
    (errors.OwnTime(START), "This is your own time: others book it."),
    (errors.AlreadyIn(START, BookingId("b")), "You are in already: Tue 24 Nov, 15:00."),
    (errors.EventTypeOff(EventTypeId("t"), PersonId("p")), "This is not offered any more."),
    (errors.HoldGone(START, still_free=True), "I let 15:00 go. It is still free."),
    (
        errors.HoldGone(START, still_free=False),
        "I let 15:00 go, and it has been booked since.",
    ),
    (errors.AnswerMissing("wish"), "One answer is still missing."),
    (errors.BookingChanged(BOOKING), "This is booked: Tue 24 Nov, 15:00."),
    (
        errors.PastCutOff(BOOKING, timedelta(hours=4)),
        "Too late to change this one yourself: until 4 h before.",
    ),
    (errors.ReasonMissing(BOOKING), "Please say why: this takes a reason."),
    (errors.UndoGone(), "The time to undo is over."),
    (errors.NotAllowed(), "That is not yours to change. Yours: /my"),
    (errors.NotFound(), "I cannot find that any more. See /my"),
    (errors.UnknownZone("Mars"), 'I know no time zone "Mars". Set yours with /me'),
    (
        errors.CoachSignUpClosed("invite"),
        "Becoming a coach takes an invite code: /coach CODE",
    ),
    (errors.StudentsClosed("link"), "Booking here takes a link from a coach."),
    (errors.HoursRefused("past"), "That time is over already."),
    (
        errors.HoursRefused("gap"),
        "That time does not exist: the clocks go forward then.",
    ),
    (
        errors.InputRefused("name", "too_long", 64),
        "That is too long: at most 64 letters. Please shorten it.",
    ),
    (errors.SessionChanged(POLL), "Retro is not open for that any more."),
    (errors.SessionFull(POLL), "Retro is full."),
    (errors.NotOrganizer(PersonId("bo")), "Only who asked for it can do that."),
    (errors.OfferGone(waiting=False), "That seat went to somebody else."),
    (
        errors.OfferGone(waiting=True),
        "That seat went to the next in line. You are still waiting.",
    ),
    (
        errors.EntryRefused(Standing.GUEST),
        "Booking here is for members. An admin can open this channel for guests.",
    ),
    (
        errors.CodeGone(),
        "That code was used already, or its 10 minutes are over. Take a new one.",
    ),
    (errors.SamePerson(), "Both chats are you already."),
    (
        errors.CannotConnect("overlap"),
        "Your two chats have bookings with each other, or at the same time, so they cannot "
        "become one. Cancel or move one of them, then try again.",
    ),
    (errors.InputRefused("note", "empty"), "There is nothing in it. Please type it again."),
    (
        errors.InputRefused("email", "not_valid"),
        "That is not an e-mail address. It looks like mia@example.org.",
    ),
]


def kinds(root: type[SchedulingError]) -> set[type[SchedulingError]]:
    return {root} | {each for child in root.__subclasses__() for each in kinds(child)}


class TestSentences:
    @pytest.mark.parametrize(("error", "words"), SAID, ids=lambda each: type(each).__name__)
    def test_given_a_refusal_then_it_says_what_happened(
        self, error: SchedulingError, words: str
    ) -> None:
        assert sentence(error, READER) == words

    def test_given_every_kind_of_refusal_then_none_is_left_to_the_general_words(self) -> None:
        roots = {SchedulingError, errors.SlotRefused}

        said = {type(error) for error, _ in SAID}

        ours = {each for each in kinds(SchedulingError) if each.__module__ == "scheduling.errors"}
        assert ours - roots - said == set()

    @pytest.mark.parametrize("status", list(BookingStatus))
    def test_given_any_state_then_an_old_button_says_how_it_stands(
        self, status: BookingStatus
    ) -> None:
        booking = a_booking(status=status, time=BOOKING.time)

        assert "Tue 24 Nov, 15:00" in stands(booking, READER)

    def test_given_a_moved_booking_then_an_old_button_says_where_to(self) -> None:
        earlier = Interval(at("2026-11-20 15:00"), at("2026-11-20 16:00"))
        booking = a_booking(time=BOOKING.time, moved_from=earlier)

        assert stands(booking, READER) == "This moved to Tue 24 Nov, 15:00."


class TestWaysOn:
    def test_given_a_lost_time_then_three_near_it_and_the_days_are_buttons(self) -> None:
        error = errors.SlotTaken(START)
        error.alternatives = tuple(at(f"2026-11-24 {hour}:00") for hour in ("14", "12", "09"))

        message = slot_refused(error, READER, TARGET, 0, other_day=True)

        assert message.text == "Tue 24 Nov, 15:00 has just gone. Near it, free now:"
        assert [[button.label for button in row] for row in message.rows] == [
            ["Tue 14:00", "Tue 12:00", "Tue 09:00"],
            ["15:00 on another day", "Days"],
        ]

    def test_given_nothing_near_then_the_days_are_left(self) -> None:
        message = slot_refused(errors.SlotTaken(START), READER, TARGET, 0)

        assert [[button.label for button in row] for row in message.rows] == [["Days"]]

    @pytest.mark.parametrize(("error", "words"), SAID, ids=lambda each: type(each).__name__)
    def test_given_a_refusal_outside_a_flow_then_its_words_are_the_message(
        self, error: SchedulingError, words: str
    ) -> None:
        assert refused(error, READER).text == words

    def test_given_a_line_half_understood_then_three_parts_are_answered(self) -> None:
        error = NotUnderstood("tue", "14-1x", "tue 14-18")
        use = Action("Use: tue 14-18", "use", "draft", 1)

        message = not_understood(error, READER, use=use)

        assert message.text == 'I understood "tue". Not "14-1x". Try: tue 14-18'
        assert [button.label for button in message.rows[0]] == ["Use: tue 14-18", "Help"]
