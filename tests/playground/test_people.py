"""What people do: start links, contacts, places, and how a test waits for a bot."""

import pytest
from telegram import Bot, KeyboardButton, ReplyKeyboardMarkup

from playground.client import NothingSuch, PlaygroundClient, TelegramUser


class TestPeople:
    async def test_given_a_start_link_when_pressed_then_the_bot_gets_the_payload(
        self, bot: Bot, client: PlaygroundClient
    ) -> None:
        await client.user("mia").start("7Kq2m9")

        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "/start 7Kq2m9"
        assert update.message.entities[0].length == 6
        assert update.message.from_user is not None
        assert update.message.from_user.language_code == "pt"

    @pytest.mark.parametrize("payload", ["a b", "é", "x" * 65])
    async def test_given_an_impossible_payload_when_started_then_it_is_refused(
        self, client: PlaygroundClient, payload: str
    ) -> None:
        with pytest.raises(RuntimeError, match="409"):
            await client.user("mia").start(payload)

    async def test_given_own_and_foreign_contacts_when_shared_then_the_user_id_tells(
        self, bot: Bot, mia: TelegramUser, client: PlaygroundClient
    ) -> None:
        await mia.share_contact()
        await mia.share_contact(of="ana")
        await mia.share_stranger("+1555", "Sam")

        contacts = [u.message.contact for u in await bot.get_updates() if u.message][1:]

        assert [contact.user_id for contact in contacts if contact] == [
            await mia.id(), await client.user("ana").id(), None,
        ]  # fmt: skip

    async def test_given_a_city_when_shared_then_its_place_arrives(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.share_location("Berlin")

        place = (await bot.get_updates())[-1].message
        assert place is not None
        assert place.location is not None
        assert (place.location.latitude, place.location.longitude) == (52.52, 13.405)

    async def test_given_a_one_time_keyboard_when_used_then_it_goes(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        keyboard = ReplyKeyboardMarkup(
            [[KeyboardButton("Share", request_contact=True)]], one_time_keyboard=True
        )
        await bot.send_message(await mia.id(), "Your phone?", reply_markup=keyboard)
        assert (await mia.chat())["keyboard"]["keyboard"][0][0]["request_contact"]

        await mia.share_contact()

        assert (await mia.chat())["keyboard"] is None

    async def test_given_a_long_text_when_sent_then_it_goes_in_pieces(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.send("x" * 5000)

        texts = [u.message.text or "" for u in await bot.get_updates() if u.message]
        assert [len(text) for text in texts] == [6, 4096, 904]

    async def test_given_a_new_person_when_made_then_they_can_write(
        self, bot: Bot, client: PlaygroundClient
    ) -> None:
        leo = await client.create_user("leo", "Leo", language_code=None)

        await leo.send("hi")

        (update,) = await bot.get_updates()
        assert update.effective_user is not None
        assert update.effective_user.first_name == "Leo"
        assert update.effective_user.language_code is None


class TestWaiting:
    async def test_given_an_old_text_when_waited_for_then_only_a_new_one_counts(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await bot.send_message(await mia.id(), "Booked")
        await mia.wait_for("Booked")
        await mia.send("again")

        with pytest.raises(NothingSuch, match="mia waited for a message saying 'Booked'"):
            await mia.wait_for("Booked", within=0.05)

        assert (await mia.wait_for("Booked", since=0)).text == "Booked"

    async def test_given_an_edit_when_waited_for_then_it_counts_as_news(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_message(await mia.id(), "Card")
        await mia.send("go")

        await sent.edit_text("Booked")

        assert (await mia.wait_for("Booked")).edits == 1
