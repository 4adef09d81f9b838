"""/types: listed, added, and each part changed by one question."""

from datetime import timedelta

import pytest

from office import Office
from phones import Phone
from scheduling.messages import Action
from scheduling.model import EventType, Listing


async def open_card(phone: Phone) -> None:
    """Open the card of the first event type."""
    await phone.type("/types")
    await phone.tap("Piano lesson · 60 min")


async def stored(office: Office, kind: EventType) -> EventType:
    """Return the event type as it is now."""
    return await office.database.queries.event_type(kind.organization_id, kind.id)


class TestList:
    async def test_given_a_coach_when_listing_then_types_and_lengths_to_add_are_there(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/types")

        assert ana.labels == [
            ["Piano lesson · 60 min"],
            ["Add: 15 min", "Add: 30 min"],
            ["Add: 60 min", "Add: 2 h"],
            ["Back"],
        ]

    async def test_given_a_length_when_added_twice_by_one_button_then_there_is_one_more(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/types")
        add, message_id = ana.button("Add: 30 min")
        await ana.press(add, message_id)
        assert ana.text.startswith("Added. People can book it from now on.")

        await ana.press(add, message_id)

        assert [row[0] for row in ana.labels[:3]] == [
            "Piano lesson · 60 min",
            "Session, 30 minutes · 30 min",
            "Add: 15 min",
        ]

    async def test_given_a_type_when_opened_then_its_facts_stand_in_lines(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await open_card(ana)

        assert ana.text == (
            "Piano lesson\n"
            "60 min, a start every 60 min\n"
            "Break before: none, after: none\n"
            "Notice: none · up to 60 days ahead\n"
            "Booked at once, without asking you\n"
            "Moved or cancelled by students until 4 h before\n"
            "Reminders: 1 day, 60 min and 10 min before\n"
            "Everybody here can find and book it"
        )


class TestParts:
    @pytest.mark.parametrize(
        ("label", "tap", "field", "value"),
        [
            ("Starts every", "30 min", "step", timedelta(minutes=30)),
            ("Break before", "15 min", "buffer_before", timedelta(minutes=15)),
            ("Break after", "5 min", "buffer_after", timedelta(minutes=5)),
            ("Notice", "1 day", "minimum_notice", timedelta(days=1)),
            ("How far ahead", "30 days", "horizon", timedelta(days=30)),
            ("Most a day", "4", "cap_per_day", 4),
            ("Most a week", "10", "cap_per_week", 10),
            ("Seats", "6", "capacity", 6),
            ("Cut-off", "None", "cut_off", timedelta()),
            ("Reminders", "None", "reminders", ()),
            ("Who finds it", "People with the link", "listing", Listing.LINK),
        ],
    )
    async def test_given_a_ready_made_answer_when_tapped_then_it_is_stored(
        self, office: Office, label: str, tap: str, field: str, value: object
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap(label)

        await ana.tap(tap)

        assert getattr(await stored(office, kind), field) == value
        assert ana.text.startswith("Saved.\nPiano lesson\n")

    @pytest.mark.parametrize(
        ("label", "typed", "field", "value"),
        [
            ("Title", "Organ lesson", "title", "Organ lesson"),
            ("Starts every", "20", "step", timedelta(minutes=20)),
            ("Notice", "36", "minimum_notice", timedelta(hours=36)),
            ("How far ahead", "2 weeks", "horizon", timedelta(days=14)),
            ("Most a day", "none", "cap_per_day", None),
            ("Seats", "12", "capacity", 12),
            ("Description", "Bring your notes.", "description", "Bring your notes."),
            (
                "Reminders",
                "1 h, 2 days",
                "reminders",
                (timedelta(days=2), timedelta(hours=1)),
            ),
        ],
    )
    async def test_given_a_typed_answer_when_it_can_be_then_it_is_stored(
        self, office: Office, label: str, typed: str, field: str, value: object
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap(label)

        await ana.type(typed)

        assert getattr(await stored(office, kind), field) == value

    @pytest.mark.parametrize(
        ("label", "typed", "answer"),
        [
            ("Length", "soon", 'I did not understand "soon". Try: 45 min'),
            ("Length", "3 days", "From 5 min to 12 h, please."),
            ("Notice", "whenever", "Try: 4 h"),
            ("How far ahead", "9999", "From 1 day to 365 days, please."),
            ("Seats", "0", "From 1 to 100, please."),
            ("Seats", "many", "Try a number, like 4"),
            ("Title", "x" * 81, "80"),
            ("Title", "\u202e\x00", ""),
            ("Reminders", "often", "Try: 1 day, 1 h, 10 min"),
            ("Who finds it", "my friends", "Try: People with the link"),
        ],
    )
    async def test_given_a_typed_answer_when_it_cannot_be_then_why_is_said_and_it_is_asked_again(
        self, office: Office, label: str, typed: str, answer: str
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap(label)
        question = ana.text

        await ana.type(typed)

        assert await stored(office, kind) == kind
        assert answer in ana.text
        assert ana.text.endswith(question)

    async def test_given_sessions_back_to_back_when_their_length_changes_then_they_stay_so(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Length")

        await ana.tap("45 min")

        changed = await stored(office, kind)
        assert changed.duration == changed.step == timedelta(minutes=45)

    async def test_given_a_question_when_going_back_then_the_card_is_there_unchanged(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        card = ana.text
        await ana.tap("Seats")

        await ana.tap("Back")
        shown = ana.text
        await ana.type("6")

        assert shown == card
        assert await stored(office, kind) == kind

    async def test_given_an_old_question_when_answered_then_the_present_card_is_shown(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Seats")
        six, message_id = ana.button("6")
        await ana.tap("4")

        await ana.press(six, message_id)

        assert (await stored(office, kind)).capacity == 4
        assert "4 seats" in ana.text


class TestSwitches:
    async def test_given_a_switch_when_pressed_twice_quickly_then_it_is_on_once(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        approve, message_id = ana.button("Approve each first")
        await ana.press(approve, message_id)

        await ana.press(approve, message_id)

        assert (await stored(office, kind)).approval
        assert "You approve each booking" in ana.text

    async def test_given_a_reason_when_switched_then_cancelling_takes_one(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)

        await ana.tap("Ask a reason")

        assert (await stored(office, kind)).reason_required
        assert "Cancelling takes a reason" in ana.text

    async def test_given_anothers_type_when_switched_then_it_is_refused(
        self, office: Office
    ) -> None:
        _, kind = await office.coach()
        bo, _ = await office.coach("Bo Lind")
        await bo.type("/types")

        await bo.press(Action("x", "typeflip", kind.id, kind.version, "approval"), bo.message_id)

        assert not (await stored(office, kind)).approval
        assert bo.toast


class TestQuestions:
    async def test_given_questions_when_typed_then_they_are_listed_and_asked_in_order(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Questions")

        await ana.type("What do you want to play?")
        await ana.type("Have you a piano?")
        await ana.tap("2 must be answered")

        asked = (await stored(office, kind)).questions
        assert [(q.text, q.required) for q in asked] == [
            ("What do you want to play?", False),
            ("Have you a piano?", True),
        ]
        assert "2. Have you a piano? (must be answered)" in ana.text

    async def test_given_two_questions_when_one_is_removed_then_the_other_stays(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Questions")
        await ana.type("First?")
        await ana.type("Second?")

        await ana.tap("Remove 1")

        assert [q.text for q in (await stored(office, kind)).questions] == ["Second?"]

    async def test_given_five_questions_when_a_sixth_is_typed_then_it_is_not_taken(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Questions")
        for number in range(5):
            await ana.type(f"Question {number}?")

        await ana.type("One more?")

        assert len((await stored(office, kind)).questions) == 5
        assert ana.text.startswith("Five questions are the most")

    async def test_given_words_that_look_like_a_button_when_typed_then_they_are_a_question(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        await open_card(ana)
        await ana.tap("Questions")

        await ana.type("del.all")

        assert [q.text for q in (await stored(office, kind)).questions] == ["del.all"]
