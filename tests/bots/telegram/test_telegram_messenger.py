from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.messenger import TelegramMessenger, file_name
from playground.client import PlaygroundClient, TelegramUser
from playground.serving import Playground
from scheduling.errors import (
    ChatMoved,
    DeliveryDeferred,
    DeliveryError,
    DeliveryUnknown,
    MessageRefused,
    RecipientUnreachable,
)
from scheduling.messages import (
    Action,
    Ask,
    ChatMessage,
    File,
    OpenUrl,
    Picture,
    Plain,
    Quote,
    Strong,
)
from scheduling.people import Card, Recipient

HELLO = ChatMessage((Strong("Tue"), Plain(" <3 & so on"), Quote("<b>hi</b>")))
ICS = File("piano-lesson.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar")


def a_picture(colour: str = "red") -> Picture:
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return Picture(written.getvalue(), f"A week, {colour}")


@pytest.fixture
def messenger(bot: TelegramBot) -> TelegramMessenger:
    return TelegramMessenger(bot)


class TestSend:
    async def test_given_a_message_when_sent_then_its_reader_sees_words_marks_and_buttons(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        message = HELLO.with_rows((Action("Book it", "book", "abc", 1),))

        card = await messenger.send(chat, message)

        seen = await mia.newest()
        assert seen.text == "Tue <3 & so on<b>hi</b>"
        assert [e["type"] for e in seen.entities] == ["bold", "blockquote"]
        assert seen.labels == [["Book it"]]
        assert card == Card(chat, str(seen.id))
        assert not seen.silent

    async def test_given_a_silent_message_with_a_picture_when_sent_then_both_hold(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        message = ChatMessage((Plain("Your week"),), picture=a_picture(), silent=True)

        card = await messenger.send(chat, message)

        seen = await mia.newest()
        assert seen.photo_id is not None
        assert seen.text == "Your week"
        assert seen.silent
        assert card.message_id == f"{seen.id}p"

    async def test_given_marks_telegram_refuses_when_sent_then_the_bare_words_arrive(
        self,
        messenger: TelegramMessenger,
        client: PlaygroundClient,
        mia: TelegramUser,
        chat: Recipient,
    ) -> None:
        refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "b"'
        await client.fault("error", method="sendMessage", description=refusal)

        await messenger.send(chat, HELLO)

        seen = await mia.newest()
        assert (seen.text, seen.entities) == (HELLO.text, ())

    async def test_given_an_address_telegram_refuses_when_sent_then_the_rest_arrives(
        self,
        messenger: TelegramMessenger,
        client: PlaygroundClient,
        mia: TelegramUser,
        chat: Recipient,
    ) -> None:
        refusal = "Bad Request: BUTTON_URL_INVALID"
        await client.fault("error", method="sendMessage", description=refusal)
        rows = ((OpenUrl("Join", "https://x.example"),), (Action("Move", "move"),))

        await messenger.send(chat, HELLO.with_rows(*rows))

        assert (await mia.newest()).labels == [["Move"]]

    async def test_given_a_question_for_the_phone_when_sent_then_the_app_asks(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        asking = ChatMessage((Plain("Your number?"),), ask=Ask.PHONE, ask_label="Send mine")

        await messenger.send(chat, asking)

        keyboard = (await mia.chat())["keyboard"]
        assert "Send mine" in str(keyboard)


class TestEdit:
    async def test_given_a_card_when_edited_then_it_shows_the_new_words_in_place(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        card = await messenger.send(chat, HELLO.with_rows((Action("A", "a"),)))

        again = await messenger.edit(card, ChatMessage((Plain("Booked."),)))

        seen = await mia.newest()
        assert again == card
        assert (seen.text, seen.labels, seen.edits) == ("Booked.", [], 1)

    async def test_given_the_same_words_when_edited_then_it_is_success(
        self, messenger: TelegramMessenger, chat: Recipient
    ) -> None:
        card = await messenger.send(chat, HELLO)

        assert await messenger.edit(card, HELLO) == card

    async def test_given_a_message_that_is_gone_when_edited_then_it_is_sent_anew(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        gone = Card(chat, "987654")

        card = await messenger.edit(gone, HELLO)

        assert card == Card(chat, str((await mia.newest()).id))

    async def test_given_words_when_a_picture_follows_then_the_message_becomes_it(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        old = await messenger.send(chat, HELLO.with_rows((Action("A", "a"),)))

        week = ChatMessage((Plain("Week"),), picture=a_picture(), rows=((Action("B", "b"),),))
        new = await messenger.edit(old, week)

        (seen,) = [m for m in await mia.messages() if m.from_bot]
        assert (seen.text, seen.labels, seen.edits) == ("Week", [["B"]], 1)
        assert seen.photo_id is not None
        assert new.message_id == f"{old.message_id}p"

    async def test_given_words_telegram_keeps_when_a_picture_follows_then_it_is_a_new_message(
        self,
        messenger: TelegramMessenger,
        client: PlaygroundClient,
        mia: TelegramUser,
        chat: Recipient,
    ) -> None:
        old = await messenger.send(chat, HELLO.with_rows((Action("A", "a"),)))
        refusal = "Bad Request: message media can't be edited"
        await client.fault("error", method="editMessageMedia", description=refusal)

        new = await messenger.edit(old, ChatMessage((Plain("Week"),), picture=a_picture()))

        labels = [m.labels for m in await mia.messages() if m.from_bot]
        assert labels == [[], []]
        assert new.message_id == f"{(await mia.newest()).id}p"

    async def test_given_a_picture_when_words_follow_then_they_are_new_and_the_old_is_closed(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        week = ChatMessage((Plain("Week"),), picture=a_picture(), rows=((Action("B", "b"),),))
        old = await messenger.send(chat, week)

        new = await messenger.edit(old, HELLO.with_rows((Action("C", "c"),)))

        labels = [m.labels for m in await mia.messages() if m.from_bot]
        assert labels == [[], [["C"]]]
        assert new.message_id == str((await mia.newest()).id)

    async def test_given_a_picture_when_another_follows_then_it_changes_in_place(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        week = ChatMessage((Plain("Week 1"),), picture=a_picture())
        card = await messenger.send(chat, week)
        first = await mia.newest()

        same = await messenger.edit(
            card, ChatMessage((Plain("Week 2"),), picture=a_picture("blue"))
        )

        second = await mia.newest()
        assert same == card
        assert (second.text, second.edits) == ("Week 2", 1)
        assert second.photo_id != first.photo_id

    async def test_given_a_card_we_took_for_a_text_when_it_is_a_photo_then_it_is_sent_anew(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        photo = await messenger.send(chat, ChatMessage((), picture=a_picture()))

        card = await messenger.edit(Card(chat, photo.message_id.rstrip("p")), HELLO)

        assert card.message_id == str((await mia.newest()).id)
        assert (await mia.newest()).text == HELLO.text


class TestFiles:
    async def test_given_a_calendar_file_when_sent_then_phones_can_open_it(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        await messenger.send_file(chat, ICS, replacing=None)

        seen = await mia.newest()
        assert seen.document is not None
        assert (seen.document.name, seen.document.mime) == ("piano-lesson.ics", "text/calendar")
        assert await mia.download(seen) == ICS.content
        assert seen.silent

    async def test_given_an_earlier_file_when_replaced_then_it_changes_in_its_place(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        card = await messenger.send_file(chat, ICS, replacing=None)
        moved = File("moved.ics", ICS.content + b"\r\n", "text/calendar")

        again = await messenger.send_file(chat, moved, replacing=card)

        seen = await mia.newest()
        assert again == card
        assert seen.document is not None
        assert seen.document.name == "moved.ics"

    async def test_given_an_earlier_file_that_is_gone_when_replaced_then_it_is_sent_anew(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        card = await messenger.send_file(chat, ICS, replacing=Card(chat, "4711d"))

        assert card.message_id == f"{(await mia.newest()).id}d"

    def test_given_a_long_name_when_cut_then_the_ending_stays(self) -> None:
        name = file_name(File("x" * 200 + ".ics", b"", "text/calendar"))

        assert len(name) == limits.FILE_NAME
        assert name.endswith(".ics")


class TestRefusals:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ({"kind": "429", "retry_after": 7}, DeliveryDeferred),
            ({"kind": "500"}, DeliveryDeferred),
            ({"kind": "502"}, DeliveryDeferred),
            ({"kind": "html"}, DeliveryDeferred),
            ({"kind": "html", "status": 403}, DeliveryDeferred),
            ({"kind": "html", "status": 200}, DeliveryDeferred),
            ({"kind": "ok_false"}, MessageRefused),
            ({"kind": "ok_false", "status": 403, "description": "Forbidden"}, RecipientUnreachable),
            ({"kind": "403"}, RecipientUnreachable),
            (
                {"kind": "error", "description": "Bad Request: chat not found"},
                RecipientUnreachable,
            ),
            (
                {"kind": "error", "status": 403, "description": "Forbidden: user is deactivated"},
                RecipientUnreachable,
            ),
            (
                {"kind": "error", "status": 401, "description": "Unauthorized"},
                DeliveryDeferred,
            ),
            ({"kind": "reset"}, DeliveryUnknown),
            ({"kind": "drop_after_accept"}, DeliveryUnknown),
            ({"kind": "truncated"}, DeliveryUnknown),
            ({"kind": "stall", "seconds": 3}, DeliveryUnknown),
            ({"kind": "stall_after_accept", "seconds": 3}, DeliveryUnknown),
            (
                {
                    "kind": "error",
                    "description": "group chat was upgraded to a supergroup chat",
                    "parameters": {"migrate_to_chat_id": -1001234567890},
                },
                ChatMoved,
            ),
            ({"kind": "error", "description": "Bad Request: something new"}, MessageRefused),
        ],
        ids=lambda value: str(value.get("kind")) if isinstance(value, dict) else value.__name__,
    )
    async def test_given_a_fault_when_sending_or_editing_then_the_core_hears_what_it_means(
        self,
        messenger: TelegramMessenger,
        client: PlaygroundClient,
        chat: Recipient,
        fault: dict[str, object],
        expected: type[DeliveryError],
    ) -> None:
        card = await messenger.send(chat, HELLO)
        kind = str(fault.pop("kind"))

        await client.fault(kind, method="sendMessage", **fault)
        with pytest.raises(expected):
            await messenger.send(chat, HELLO)

        # What cannot be edited is sent anew, and the fault is met there again.
        await client.fault(kind, method="editMessageText", **fault)
        await client.fault(kind, method="sendMessage", **fault)
        with pytest.raises(expected):
            await messenger.edit(card, ChatMessage((Plain("new"),)))

        await client.fault(kind, method="sendDocument", **fault)
        with pytest.raises(expected):
            await messenger.send_file(chat, ICS, replacing=None)

    async def test_given_a_flooded_chat_when_sending_then_telegrams_wait_is_kept(
        self, messenger: TelegramMessenger, client: PlaygroundClient, chat: Recipient
    ) -> None:
        await client.fault("429", method="sendMessage", retry_after=17)

        with pytest.raises(DeliveryDeferred) as raised:
            await messenger.send(chat, HELLO)

        assert raised.value.retry_after == timedelta(seconds=17)
        assert not raised.value.whole_bot

    async def test_given_a_group_that_moved_when_sending_then_its_new_id_is_told(
        self, messenger: TelegramMessenger, client: PlaygroundClient, chat: Recipient
    ) -> None:
        await client.fault(
            "error", method="sendMessage", parameters={"migrate_to_chat_id": -1001234567890}
        )

        with pytest.raises(ChatMoved) as raised:
            await messenger.send(chat, HELLO)

        assert raised.value.new_chat_id == "-1001234567890"

    async def test_given_nobody_listening_when_sending_then_it_was_certainly_not_sent(
        self, messenger: TelegramMessenger, chat: Recipient, playground: Playground
    ) -> None:
        await playground.__aexit__(None, None, None)

        with pytest.raises(DeliveryDeferred):
            await messenger.send(chat, HELLO)

    async def test_given_a_blocked_bot_when_sending_then_the_reader_is_unreachable(
        self, messenger: TelegramMessenger, mia: TelegramUser, chat: Recipient
    ) -> None:
        await mia.block()

        with pytest.raises(RecipientUnreachable, match="blocked"):
            await messenger.send(chat, HELLO)

    async def test_given_a_wrong_token_when_sending_then_the_whole_bot_waits(
        self, messenger: TelegramMessenger, client: PlaygroundClient, chat: Recipient
    ) -> None:
        await client.fault("error", method="sendMessage", status=401, description="Unauthorized")

        with pytest.raises(DeliveryDeferred) as raised:
            await messenger.send(chat, HELLO)

        assert raised.value.whole_bot


class TestSecrets:
    async def test_given_a_bot_when_shown_then_its_token_is_not(self, bot: TelegramBot) -> None:
        assert bot.token not in f"{bot!r} {bot}"
        assert bot.tenant == bot.token.split(":")[0]
