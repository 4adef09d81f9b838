"""Presses: the update a bot gets, and answering it once and in time."""

from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from playground.client import NothingSuch, TelegramUser

TOO_OLD = "(?i)query is too old and response timeout expired or query id is invalid"


@pytest.fixture
async def card(bot: Bot, mia: TelegramUser) -> int:
    """A message with a callback button; everything before it is confirmed."""
    (start,) = await bot.get_updates()
    await bot.get_updates(offset=start.update_id + 1)
    keys = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Book it", callback_data="b:1")],
            [InlineKeyboardButton("Join", url="https://e.org")],
        ]
    )
    return (await bot.send_message(await mia.id(), "Card", reply_markup=keys)).message_id


class TestPresses:
    async def test_given_a_button_when_pressed_then_the_bot_learns_all_of_it(
        self, bot: Bot, mia: TelegramUser, card: int
    ) -> None:
        pressed = await mia.press("Book")

        (update,) = await bot.get_updates()
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        assert (query.id, query.data, query.message.message_id) == (pressed, "b:1", card)
        assert query.from_user.id == await mia.id()
        assert query.chat_instance

    async def test_given_an_answer_when_sent_then_the_person_sees_it_once(
        self, bot: Bot, mia: TelegramUser, card: int
    ) -> None:
        pressed = await mia.press("Book it")

        await bot.answer_callback_query(pressed, "Booked.", show_alert=True)

        toast = await mia.wait_for_toast("Booked")
        assert (toast.text, toast.alert, toast.message_id) == ("Booked.", True, card)
        with pytest.raises(BadRequest, match=TOO_OLD):
            await bot.answer_callback_query(pressed)

    async def test_given_a_late_answer_when_sent_then_the_query_is_too_old(
        self, bot: Bot, mia: TelegramUser, card: int, clock: Any
    ) -> None:
        pressed = await mia.press("Book it")
        clock.advance(151)

        with pytest.raises(BadRequest, match=TOO_OLD):
            await bot.answer_callback_query(pressed)

        assert await bot.get_updates() == ()

    @pytest.mark.parametrize(
        ("values", "description"),
        [
            ({"text": "t" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
            ({"url": "https://t.me/other_bot?start=x"}, "Bad Request: URL_INVALID"),
            ({"callback_query_id": "7"}, "Bad Request: query is too old and response timeout"),
        ],
    )
    async def test_given_a_bad_answer_when_sent_then_it_is_refused(
        self, ask: Any, mia: TelegramUser, card: int, values: dict[str, str], description: str
    ) -> None:
        pressed = await mia.press("Book it")

        status, body = await ask("answerCallbackQuery", **({"callback_query_id": pressed} | values))

        assert status == 400
        assert body["description"].startswith(description)

    async def test_given_a_start_link_as_answer_when_sent_then_it_reaches_the_person(
        self, bot: Bot, mia: TelegramUser, card: int
    ) -> None:
        pressed = await mia.press("Book it")

        await bot.answer_callback_query(pressed, url="https://t.me/parrot_bot?start=x")

        toasts = (await mia.chat())["toasts"]
        assert toasts[0]["url"] == "https://t.me/parrot_bot?start=x"

    async def test_given_forged_data_when_pressed_then_it_arrives_as_it_is(
        self, bot: Bot, mia: TelegramUser, card: int
    ) -> None:
        await mia.press_data(card, "b:999")

        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        assert update.callback_query.data == "b:999"

    async def test_given_a_link_button_when_pressed_then_the_client_says_no(
        self, mia: TelegramUser, card: int
    ) -> None:
        with pytest.raises(NothingSuch, match="not a callback button"):
            await mia.press("Join")
