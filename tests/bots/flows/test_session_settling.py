"""S4: how a question about times ends."""

import asyncio
from datetime import timedelta

from bots.chat import Press
from scheduling.sessions.model import SessionStatus
from team import Team, three

LINE = '"Retro" 45m next week @ana @cem'


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
