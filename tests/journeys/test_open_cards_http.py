"""Open cards over real HTTP: what one person does shows in the others' chats."""

from datetime import timedelta

import pytest

from app.wiring import Role
from playground.client import SeenMessage, TelegramUser
from running_clock import RunningClock
from stage import LESSON, TUESDAY_8, Stage, a_stage


async def follows(stage: Stage, user: TelegramUser, message: SeenMessage, without: str) -> None:
    """Wait until the card has no button of that label any more."""

    async def gone() -> bool:
        shown = next(m for m in await user.messages() if m.id == message.id)
        return without not in [label for row in shown.labels for label in row]

    await stage.eventually(gone)


class TestOpenCards:
    async def test_given_two_open_days_when_a_third_books_then_the_time_goes_from_both(
        self, stage: Stage
    ) -> None:
        lena = await stage.newcomer("lena", "Lena")
        evi = await stage.newcomer("evi", "Evi")
        cards = []
        for viewer in (lena, evi):
            await stage.opens(viewer, LESSON)
            await viewer.press("24")
            cards.append(await viewer.wait_for("Which time?"))
        mia = stage.people.user("mia")

        await stage.books(mia, *TUESDAY_8)

        for viewer, card in zip((lena, evi), cards, strict=True):
            assert "08:00" in [label for row in card.labels for label in row]
            await follows(stage, viewer, card, "08:00")

    async def test_given_a_booking_when_its_minute_to_undo_is_over_then_the_button_goes(
        self, sqlite_stage: Stage
    ) -> None:
        mia = sqlite_stage.people.user("mia")
        card = await sqlite_stage.books(mia, *TUESDAY_8)

        await sqlite_stage.later(timedelta(seconds=61))

        await follows(sqlite_stage, mia, card, "Undo")

    async def test_given_a_restart_when_the_cards_were_opened_before_then_they_follow(
        self, dark_sqlite_stage: Stage
    ) -> None:
        stage = dark_sqlite_stage
        lena = await stage.newcomer("lena", "Lena")
        async with stage.running():
            await stage.welcome_coaches()
            await stage.opens(lena, LESSON)
            await lena.press("24")
            card = await lena.wait_for("Which time?")

        async with stage.running():
            await stage.books(stage.people.user("mia"), *TUESDAY_8)
            await follows(stage, lena, card, "08:00")

    @pytest.mark.postgres
    async def test_given_two_workers_when_one_answers_then_the_other_keeps_the_cards(
        self, postgres_url: str, clock: RunningClock
    ) -> None:
        async with (
            a_stage(postgres_url, clock) as stage,
            stage.running(roles=frozenset({Role.DISPATCH})),
            stage.running(roles=frozenset({Role.TELEGRAM})),
        ):
            await stage.welcome_coaches()
            lena = await stage.newcomer("lena", "Lena")
            await stage.opens(lena, LESSON)
            await lena.press("24")
            card = await lena.wait_for("Which time?")

            await stage.books(stage.people.user("mia"), *TUESDAY_8)

            await follows(stage, lena, card, "08:00")
