"""S4: a question about times, from the line to the time that is settled."""

from datetime import timedelta

from bots.chat import Press
from builders.times import at
from scheduling.sessions.model import SessionStatus
from team import Team, three

LINE = '"Retro" 45m next week @ana @cem'


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
