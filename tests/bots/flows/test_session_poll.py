"""S4: a question about times, from the line to the time that is settled."""

import asyncio
from datetime import timedelta

from bots.chat import Command, Press
from builders.times import at
from phones import Phone
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.sessions.model import SessionStatus
from team import Team

LINE = '"Retro" 45m next week @ana @cem'


async def three(team: Team) -> tuple[Phone, Phone, Phone]:
    """Return Bo, Ana and Cem; Ana offers time, the others have set no hours."""
    bo = await team.phone("Bo Lind")
    ana, _ = await team.coach("Ana Ruiz")
    cem = await team.phone("Cem Kaya")
    return bo, ana, cem


class TestAsking:
    async def test_given_a_whole_line_when_typed_then_it_is_asked_at_once(self, team: Team) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, LINE)

        assert team.text.startswith("Retro · 45 min · Bo asks Ana, Cem: which times work?\nA  ")
        assert "Missing: Ana, Cem." in team.text
        assert answer.startswith("Asked in the group. Bo and Cem have set no hours: ")
        assert "Other calendars I cannot see." in answer
        assert bo.labels == [["Book A now", "Other times", "Undo"]]

    async def test_given_the_times_found_then_all_of_them_suit_everybody(self, team: Team) -> None:
        bo, _, _ = await three(team)

        await team.command(bo, LINE)

        session = await team.session()
        assert len(session.options) == 3
        days = {option.time.start.astimezone().date() for option in session.options}
        assert len(days) > 1
        for option in session.options:
            assert not option.missing
            assert option.time.length == timedelta(minutes=45)
            assert option.time.start >= at("2026-11-30 09:00", "Europe/Berlin")

    async def test_given_the_afternoon_when_asked_then_every_time_lies_in_it(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        await team.command(bo, '"Retro" 45m next week afternoon @ana @cem')

        for option in (await team.session()).options:
            assert 12 <= option.time.start.hour + 1 < 18

    async def test_given_one_time_when_asked_then_it_is_the_only_candidate(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        await team.command(bo, '"Retro" 45m thu 16:00 @ana @cem')

        (option,) = (await team.session()).options
        assert option.time.start == at("2026-11-26 16:00", "Europe/Berlin")
        assert "does this time work?" in team.text

    async def test_given_undo_when_pressed_at_once_then_nothing_is_asked(self, team: Team) -> None:
        bo, _, _ = await three(team)
        await team.command(bo, LINE)

        await bo.tap("Undo")
        await team.redraw()

        assert bo.text == "Taken back. Nothing is asked any more."
        assert (await team.session()).status is SessionStatus.CALLED_OFF
        assert team.labels == []

    async def test_given_somebody_nobody_knows_when_named_then_the_rest_is_asked(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, f"{LINE} @zoe")

        assert "I do not know @zoe here yet." in answer
        assert "Bo asks Ana, Cem" in team.text

    async def test_given_a_slip_when_typed_then_the_rest_is_one_tap_away(self, team: Team) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Retro" 45m next week banana @ana @cem')
        assert 'Not "banana"' in answer
        await bo.tap(bo.labels[0][0])
        await team.post()

        assert team.text.startswith("Retro · 45 min · Bo asks Ana, Cem")

    async def test_given_nobody_fits_when_asked_then_the_next_best_is_offered(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Retro" 45m sat @ana @cem')
        assert answer.startswith("Nothing fits all three then. ")
        assert bo.labels[-1][-1] == "Week after"
        await bo.tap("Week after")

        assert bo.text.startswith("Nothing fits all three then. ")

    async def test_given_a_time_outside_anas_hours_when_asked_anyway_then_it_says_so(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Retro" 45m wed 11:00 @ana @cem')
        assert answer == ("Nothing fits all three then. Two can: Wed 25 Nov, 11:00, without Ana.")
        await bo.tap("Ask anyway")
        await team.post()

        assert "A  Wed 25 Nov, 11:00 Berlin   yes: Bo" in team.text

    async def test_given_a_line_in_the_private_chat_when_typed_then_it_says_where(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        await bo.type(f"/session {LINE}")

        assert bo.text.startswith("A group session lives in a group or channel.")

    async def test_given_a_line_that_lacks_much_when_typed_then_each_thing_is_asked(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        await team.command(bo, "")
        assert bo.text == "What is it about? Just type it."
        await bo.type("Launch copy")
        assert bo.text == "How long is Launch copy?"
        await bo.tap("30 min")
        assert bo.text.startswith("Who should come to Launch copy?")
        await bo.type("@ana and @cem")
        await team.post()

        assert team.text.startswith("Launch copy · 30 min · Bo asks Ana, Cem")

    async def test_given_a_time_that_is_over_when_typed_then_another_is_asked(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Retro" 45m today 9:00 @ana @cem')
        assert answer.startswith("That time is over.")
        await bo.type("thu 16:00")
        await team.post()

        assert "Thu 26 Nov, 16:00" in team.text


class TestVoting:
    async def test_given_votes_when_all_can_make_one_then_it_is_on(self, team: Team) -> None:
        bo, ana, cem = await three(team)
        await team.command(bo, LINE)

        assert await team.press(ana, "A yes") == "Noted: A yes."
        assert "yes: Bo, Ana" in team.text
        await team.press(cem, "A if need be")
        await team.post(bo, ana, cem)

        assert team.text.startswith("Retro is on: ")
        assert team.text.endswith("all three are in")
        assert team.channel.thread[0].startswith("Settled by the last vote: ")

    async def test_given_the_same_vote_twice_when_pressed_then_nothing_changes(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)
        await team.press(ana, "B no")
        before = await team.session()

        again = await team.press(ana, "B no")

        assert again == "That is what you said already: B no."
        assert (await team.session()).votes == before.votes

    async def test_given_another_vote_when_pressed_then_it_replaces_the_first(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)
        await team.press(ana, "B no")

        await team.press(ana, "B yes")

        assert "no: Ana" not in team.text
        assert team.text.split("\n")[2].endswith("yes: Bo, Ana")

    async def test_given_none_works_when_pressed_then_every_time_has_the_no(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)

        assert await team.press(ana, "None works") == "Noted: none works for you."

        assert team.text.count("no: Ana") == 3

    async def test_given_somebody_who_is_not_asked_when_they_vote_then_it_does_not_count(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)
        gus = await team.phone("Gus Berg")
        await team.command(bo, LINE)

        answer = await team.press(gus, "A yes")

        assert answer == "Only those who are asked vote on this one."
        assert "Gus" not in team.text

    async def test_given_a_forged_letter_when_pressed_then_nothing_happens(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)
        session = await team.session()

        answer = await team.in_group(ana, Press("svote", session.id, 1, "Zy"))

        assert answer == "Z is not among the times any more."

    async def test_given_silence_when_half_the_time_is_over_then_they_are_asked_once(
        self, team: Team
    ) -> None:
        bo, ana, cem = await three(team)
        await team.command(bo, LINE)
        await team.press(ana, "A yes")
        decide_by = (await team.session()).decide_by
        assert decide_by is not None

        await team.later((decide_by - team.clock.now()) / 2 + timedelta(minutes=1), ana, cem)

        assert cem.text.startswith("Retro needs your answer by ")
        assert "needs your answer" not in ana.text
        await cem.tap("All work for me")
        assert cem.text == "Noted: all work for you."
        await team.post()
        assert team.text.startswith("Retro is on: ")


class TestSettling:
    async def test_given_book_a_now_when_pressed_then_it_is_on_at_once(self, team: Team) -> None:
        bo, ana, cem = await three(team)
        await team.command(bo, LINE)

        await bo.tap("Book A now")
        await team.post(ana, cem)

        assert bo.text.startswith("Settled: ")
        assert team.text.startswith("Retro is on: ")
        assert team.channel.thread[0].startswith("Bo settled it: ")

    async def test_given_somebody_else_when_they_settle_then_their_vote_counts(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)

        answer = await team.press(ana, "Settle now")

        assert answer == "Only Bo can settle this. Your vote counts."
        assert (await team.session()).status is SessionStatus.ASKING

    async def test_given_settle_now_when_pressed_then_letters_are_offered_privately(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)
        await team.command(bo, LINE)

        await team.press(bo, "Settle now")

        assert bo.text.startswith("Which time shall it be?")
        assert bo.labels == [["Take A", "Take B", "Take C"]]
        await bo.tap("Take B")
        await team.post()
        assert team.text.startswith("Retro is on: ")

    async def test_given_two_presses_at_once_when_settling_then_one_wins(self, team: Team) -> None:
        bo, _, _ = await three(team)
        await team.command(bo, LINE)
        session = await team.session()

        await asyncio.gather(
            team.in_group(bo, Press("ssettle", session.id, session.version, "A")),
            team.in_group(bo, Press("ssettle", session.id, session.version, "B")),
        )
        await team.post()

        assert (await team.session()).status is SessionStatus.ON
        assert len([line for line in team.channel.thread if "settled it" in line]) == 1

    async def test_given_it_is_called_off_when_somebody_votes_then_they_hear_so(
        self, team: Team
    ) -> None:
        bo, ana, _ = await three(team)
        await team.command(bo, LINE)
        vote = team.group_button("A yes")

        await team.press(bo, "Call off")
        await bo.tap("Call it off")
        await team.post(ana)
        answer = await team.in_group(ana, Press(vote.verb, vote.subject, 1, vote.argument))

        assert answer == "Retro is called off."
        assert team.text == "Called off: Retro. Bo asks no more."

    async def test_given_a_further_time_when_added_then_it_is_one_more_letter(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)
        await team.command(bo, LINE)

        await team.press(bo, "Add a time")
        await bo.type("fri 4 dec 15:00")
        await team.redraw()

        assert bo.text == "Done. The card shows it."
        assert "D  Fri 4 Dec, 15:00" in team.text

    async def test_given_other_times_when_asked_then_they_take_the_place_of_all(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)
        await team.command(bo, LINE)
        before = {option.time for option in (await team.session()).options}

        await bo.tap("Other times")
        await bo.tap("Ask for the first 3")
        await team.redraw()

        after = {option.time for option in (await team.session()).options}
        assert len(after) == 3
        assert not before & after

    async def test_given_no_time_for_all_when_the_deadline_comes_then_bo_decides(
        self, team: Team
    ) -> None:
        bo, ana, cem = await three(team)
        await team.command(bo, LINE)
        await team.press(ana, "None works")
        await team.press(cem, "All work for me")
        decide_by = (await team.session()).decide_by
        assert decide_by is not None

        await team.later(decide_by - team.clock.now() + timedelta(minutes=1), bo)

        assert "no time works for all three" in team.text
        assert bo.text.startswith("Retro: no time works for all three.")
        assert "Ask with new times" in bo.labels[-1]


class TestBadInput:
    async def test_given_an_oversized_title_when_typed_then_only_the_title_is_asked_again(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, f'"{"x" * 120}" 45m next week @ana @cem')
        assert answer.startswith("That is too long: ")
        await bo.type("Retro")
        await team.post()

        assert team.text.startswith("Retro · 45 min · Bo asks Ana, Cem")

    async def test_given_a_length_nobody_has_when_typed_then_only_that_is_asked_again(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Retro" 2m next week @ana @cem')
        assert answer.startswith("A session lasts 5 minutes to 24 hours.")
        await bo.tap("15 min")
        await team.post()

        assert team.text.startswith("Retro · 15 min · Bo asks Ana, Cem")

    async def test_given_a_crowd_when_asked_then_the_limit_is_told(self, team: Team) -> None:
        bo, _, _ = await three(team)
        names = []
        for number in range(21):
            await team.phone(f"Guest{number} Q")
            names.append(f"@guest{number}")

        answer = await team.command(bo, f'"Retro" 45m next week {" ".join(names)}')

        assert answer.startswith("20 people at most, you among them.")

    async def test_given_only_oneself_when_named_then_somebody_else_is_asked_for(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        assert (await team.command(bo, '"Retro" 45m @bo')).startswith("Who should come to Retro?")

    async def test_given_more_needed_than_seats_when_opened_then_it_says_so(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        answer = await team.command(bo, '"Hour" 60m thu 16:00 seats 2 min 5')

        assert answer.startswith("2 to 200 seats, and no more people needed")

    async def test_given_marks_in_the_title_when_posted_then_they_stay_plain_words(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        await team.command(bo, '"<!channel> *x* <b>y</b>" 45m next week @ana @cem')

        assert team.text.startswith("<!channel> *x* <b>y</b> · 45 min · Bo asks")

    async def test_given_the_same_delivery_twice_when_typed_then_one_question_is_asked(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)

        for _ in range(2):
            await team.in_group(bo, Command("session", LINE), request="telegram:1:7")
        await team.post()

        questions = await team.database.sessions.open_questions(
            DEFAULT_ORGANIZATION, team.person(bo).id
        )
        assert len(questions) <= 1
        assert (await team.session()).status is SessionStatus.ASKING

    async def test_given_a_card_that_could_not_be_posted_when_tried_again_then_it_is_out(
        self, team: Team
    ) -> None:
        bo, _, _ = await three(team)
        await team.in_group(bo, Command("session", LINE))
        await team.lose()

        session_id = bo.button("Undo")[0].subject
        await bo.say(Press("spost", session_id, 1))
        assert bo.text == "One moment, I put it into the group."
        await team.post()

        assert team.text.startswith("Retro · 45 min")
