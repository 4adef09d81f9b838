"""What of a session cannot be, each with its answer and nothing lost."""

from bots.chat import Command, Press
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.sessions.model import SessionStatus
from team import Team, three

LINE = '"Retro" 45m next week @ana @cem'


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
