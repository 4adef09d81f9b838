"""Sending, editing and deleting as a bot does it, and what Telegram refuses."""

import struct
import zlib
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden

from playground.client import PlaygroundClient, TelegramUser

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


def png(width: int = 2, height: int = 3) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\0" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class TestSending:
    async def test_given_html_when_sent_then_the_person_sees_it_formatted(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_message(
            await mia.id(), "  <b>Tue</b> &lt;15:00&gt; ", parse_mode="HTML", reply_markup=KEYS
        )

        seen = await mia.wait_for("Tue")
        assert (sent.text, sent.message_id) == ("Tue <15:00>", seen.id)
        assert seen.html == "<b>Tue</b> &lt;15:00&gt;"
        assert seen.labels == [["Go"]]

    async def test_given_a_document_when_sent_then_name_type_and_bytes_arrive(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        data = b"BEGIN:VCALENDAR\r\n--\r\n\x00\xff"

        sent = await bot.send_document(
            await mia.id(), data, filename="le çon.ics", caption="Here", disable_notification=True
        )

        seen = await mia.wait_for_document(".ics")
        assert seen.document is not None
        assert (seen.document.name, seen.document.mime) == ("le çon.ics", "text/calendar")
        assert seen.silent
        assert await mia.download(seen) == data
        assert sent.document is not None
        file = await bot.get_file(sent.document.file_id)
        assert bytes(await file.download_as_bytearray()) == data

    async def test_given_a_photo_when_sent_then_its_size_is_read(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_photo(await mia.id(), png(40, 30))

        assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)

    async def test_given_a_known_file_id_when_sent_again_then_nothing_is_uploaded(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        first = await bot.send_document(await mia.id(), b"x", filename="x.ics")
        assert first.document is not None

        second = await bot.send_document(await mia.id(), first.document.file_id)

        assert second.document is not None
        assert second.document.file_name == "x.ics"

    async def test_given_other_kinds_when_sent_then_each_arrives(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        chat = await mia.id()

        await bot.send_location(chat, 52.5, 13.4)
        await bot.send_contact(chat, "+49151", "Ana")
        text = await bot.send_message(chat, "copied", reply_markup=KEYS)
        await bot.copy_message(chat, chat, text.message_id)
        await bot.forward_message(chat, chat, text.message_id)
        await bot.pin_chat_message(chat, text.message_id)
        await bot.set_message_reaction(chat, text.message_id, "👍")
        await bot.send_chat_action(chat, "typing")

        view = await mia.chat()
        said = [message for message in view["messages"] if message["from_bot"]]
        assert said[0]["location"] == {"latitude": 52.5, "longitude": 13.4}
        assert said[1]["contact"] == {"phone_number": "+49151", "first_name": "Ana"}
        assert [one["text"] for one in said[2:]] == ["copied"] * 3
        assert [one["forwarded"] for one in said[2:]] == [False, False, True]
        assert said[2]["reactions"] == ["👍"]
        assert view["pinned"] == [text.message_id]
        assert view["action"] == "typing"


REFUSED_TEXTS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": "  \n "}, "Bad Request: text must be non-empty"),
    ({"text": "a" * 4097}, "Bad Request: message is too long"),
    ({"text": "a", "parse_mode": "rtf"}, "Bad Request: unsupported parse_mode"),
    ({"text": "a", "chat_id": 1}, "Bad Request: chat not found"),
    ({"text": "a", "chat_id": "@ana_ruiz"}, "Bad Request: chat not found"),
    ({"text": "a", "chat_id": ""}, "Bad Request: chat_id is empty"),
    (
        {"text": "a", "reply_parameters": {"message_id": 7}},
        "Bad Request: message to be replied not found",
    ),
]


class TestRefusals:
    @pytest.mark.parametrize(("values", "description"), REFUSED_TEXTS)
    async def test_given_a_bad_text_when_sent_then_telegrams_words_come_back(
        self, ask: Any, mia: TelegramUser, values: dict[str, Any], description: str
    ) -> None:
        status, body = await ask("sendMessage", **({"chat_id": await mia.id()} | values))

        assert (status, body["ok"], body["error_code"]) == (400, False, 400)
        assert body["description"] == description

    async def test_given_4096_characters_behind_markup_when_sent_then_it_fits(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_message(
            await mia.id(), "<b>" + "é" * 4096 + "</b>", parse_mode="HTML"
        )

        assert sent.text == "é" * 4096

    async def test_given_a_person_who_never_started_when_written_to_then_forbidden(
        self, bot: Bot, client: PlaygroundClient
    ) -> None:
        ana = await client.user("ana").id()

        with pytest.raises(Forbidden, match=r"(?i)bot can't initiate conversation with a user"):
            await bot.send_message(ana, "hello")

    async def test_given_a_block_when_written_to_then_forbidden_until_unblocked(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await mia.block()

        with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
            await bot.send_message(await mia.id(), "hello")

        changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
        assert [change.new_chat_member.status for change in changes] == ["kicked"]
        await mia.unblock()
        assert (await bot.send_message(await mia.id(), "hello")).text == "hello"

    async def test_given_files_telegram_refuses_when_sent_then_it_says_why(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        chat = await mia.id()

        with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
            await bot.send_document(chat, b"", filename="x.ics")
        with pytest.raises(BadRequest, match=r"(?i)file is too big"):
            await bot.send_document(chat, b"x" * 100_001, filename="x.ics")
        with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
            await bot.send_photo(chat, b"no picture")
        with pytest.raises(BadRequest, match=r"(?i)PHOTO_INVALID_DIMENSIONS"):
            await bot.send_photo(chat, png(9000, 2000))
        with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
            await bot.send_document(chat, b"x", filename="x.ics", caption="c" * 1025)
        with pytest.raises(BadRequest, match=r"(?i)wrong remote file identifier"):
            await bot.send_document(chat, "BQACAgnothing")


class TestEditing:
    async def test_given_a_text_when_edited_then_it_changes_in_place(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_message(await mia.id(), "old", reply_markup=KEYS)

        edited = await sent.edit_text("new")

        assert not isinstance(edited, bool)
        assert edited.edit_date is not None
        assert edited.reply_markup is None
        seen = await mia.newest()
        assert (seen.id, seen.text, seen.edits, seen.labels) == (sent.message_id, "new", 1, [])

    async def test_given_the_same_content_when_edited_then_it_is_not_modified(
        self, ask: Any, mia: TelegramUser
    ) -> None:
        chat = await mia.id()
        _, sent = await ask("sendMessage", chat_id=chat, text="same")

        status, body = await ask(
            "editMessageText", chat_id=chat, message_id=sent["result"]["message_id"], text=" same "
        )

        assert status == 400
        assert body["description"] == (
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )

    async def test_given_media_when_edited_then_caption_and_file_change(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_document(await mia.id(), b"one", filename="one.ics", caption="1")

        await sent.edit_caption("2", reply_markup=KEYS)
        await sent.edit_media(
            InputMediaDocument(b"two", filename="two.ics", caption="<i>3</i>", parse_mode="HTML")
        )

        seen = await mia.newest()
        assert seen.document is not None
        assert (seen.document.name, seen.html, seen.labels) == ("two.ics", "<i>3</i>", [])
        assert await mia.download(seen) == b"two"
        await sent.edit_media(InputMediaPhoto(png()))
        assert (await mia.newest()).photo_id is not None

    async def test_given_what_cannot_be_edited_when_tried_then_each_has_its_answer(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        chat = await mia.id()
        document = await bot.send_document(chat, b"x", filename="x.ics")
        keyboard = await bot.send_message(chat, "k", reply_markup=ReplyKeyboardMarkup([["a"]]))
        text = await bot.send_message(chat, "t")
        own = await mia.send("mine")

        with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
            await document.edit_text("no")
        with pytest.raises(BadRequest, match=r"(?i)there is no caption in the message to edit"):
            await text.edit_caption("no")
        with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
            await keyboard.edit_text("no")
        with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
            await bot.edit_message_text("no", chat, own)
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await bot.edit_message_text("no", chat, 1)
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await text.edit_reply_markup(None)


class TestDeleting:
    async def test_given_a_message_when_deleted_then_it_is_gone_for_all(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        sent = await bot.send_message(await mia.id(), "gone")

        await sent.delete()

        assert "gone" not in [message.text for message in await mia.messages()]
        with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
            await sent.delete()
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await sent.edit_text("back")

    async def test_given_many_when_deleted_then_unknown_ones_do_not_matter(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        chat = await mia.id()
        sent = [await bot.send_message(chat, f"m{number}") for number in range(3)]

        await bot.delete_messages(chat, [1, *(message.message_id for message in sent)])

        assert [message.text for message in await mia.messages()] == ["/start"]

    async def test_given_a_message_of_two_days_when_deleted_then_it_is_too_late(
        self, bot: Bot, mia: TelegramUser, clock: Any
    ) -> None:
        sent = await bot.send_message(await mia.id(), "old")
        clock.advance(48 * 3600 + 1)

        with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
            await sent.delete()
