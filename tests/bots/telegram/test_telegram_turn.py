import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from app.clock import SystemClock
from bots.chat import Incoming, Press, Turn, Typed
from bots.telegram.api import TelegramBot
from bots.telegram.messenger import TelegramMessenger
from bots.telegram.turn import TelegramTurn
from playground.client import PlaygroundClient, TelegramUser
from scheduling.errors import DeliveryDeferred, DeliveryUnknown
from scheduling.ids import DEFAULT_ORGANIZATION, PersonId, RequestId
from scheduling.messages import Action, ChatMessage, Plain
from scheduling.people import AccountKey, Card, ChatAccount, Person, Platform, Recipient

NOW = datetime(2030, 1, 7, tzinfo=UTC)
CARD = ChatMessage((Plain("Which day?"),)).with_rows((Action("Tue", "day", "abc", 1),))


def said(text: str) -> ChatMessage:
    return ChatMessage((Plain(text),))


class Stage:
    """Mia and a bot whose flow is whatever the test says."""

    def __init__(self, bot: TelegramBot, mia: TelegramUser, chat: Recipient) -> None:
        self.bot, self.mia, self.chat = bot, mia, chat
        self.messenger = TelegramMessenger(bot)
        self.card: Card | None = None

    async def shows_a_card(self) -> Card:
        self.card = await self.messenger.send(self.chat, CARD)
        return self.card

    async def plays(self, flow: Callable[[Turn], Awaitable[object]], *, press: bool) -> None:
        query_id = await self.mia.press("Tue") if press else None
        person = Person(DEFAULT_ORGANIZATION, PersonId("mia"), "Mia", "UTC", "en")
        key = AccountKey(Platform.TELEGRAM, self.chat.tenant, self.chat.chat_id)
        turn = TelegramTurn(
            Incoming(
                organization_id=DEFAULT_ORGANIZATION,
                account=ChatAccount(key, person.id, self.chat.chat_id, None, None, True, NOW),
                person=person,
                chat=self.chat,
                private=True,
                said=Press("day", "abc", 1) if press else Typed("hi"),
                request_id=RequestId("r1"),
                card=self.card if press else None,
                received_at=NOW,
            ),
            self.messenger,
            self.bot,
            SystemClock(),
            query_id=query_id,
        )
        try:
            await flow(turn)
        finally:
            await turn.finish()


@pytest.fixture
async def stage(bot: TelegramBot, mia: TelegramUser, chat: Recipient) -> Stage:
    made = Stage(bot, mia, chat)
    await made.shows_a_card()
    return made


class TestTypedWords:
    async def test_given_an_answer_that_stands_there_already_then_it_comes_as_a_new_message(
        self, stage: Stage
    ) -> None:
        card = await stage.shows_a_card()

        async def flow(turn: Turn) -> None:
            await turn.redraw(card, CARD)

        await stage.plays(flow, press=False)

        said_last = await stage.mia.newest()
        assert said_last.text == "Which day?"
        assert str(said_last.id) != card.message_id

    async def test_given_a_press_that_changes_nothing_then_nothing_is_said_twice(
        self, stage: Stage
    ) -> None:
        card = await stage.shows_a_card()

        async def flow(turn: Turn) -> None:
            await turn.show(CARD)

        await stage.plays(flow, press=True)

        assert str((await stage.mia.newest()).id) == card.message_id


class TestPresses:
    async def test_given_a_press_when_the_flow_shows_then_the_card_changes_and_one_answer_goes(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        async def flow(turn: Turn) -> None:
            await turn.show(said("Tue. Which time?"))
            await turn.show(said("Kept for you."))

        await stage.plays(flow, press=True)

        seen = await stage.mia.newest()
        assert (seen.text, seen.edits) == ("Kept for you.", 2)
        assert len(await client.calls("answerCallbackQuery")) == 1
        assert await stage.mia.toasts() == []

    async def test_given_a_press_when_the_flow_toasts_then_the_toast_is_the_answer(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        async def flow(turn: Turn) -> None:
            await turn.toast("x" * 300, alert=True)
            await turn.show(said("Days"))

        await stage.plays(flow, press=True)

        (toast,) = await stage.mia.toasts()
        assert toast.text == "x" * 199 + "…"
        assert toast.alert
        assert len(await client.calls("answerCallbackQuery")) == 1

    async def test_given_a_press_when_the_flow_says_nothing_then_it_is_answered_blank(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        async def flow(turn: Turn) -> None: ...

        await stage.plays(flow, press=True)

        assert len(await client.calls("answerCallbackQuery")) == 1

    async def test_given_a_press_when_the_flow_breaks_then_it_is_answered_all_the_same(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        async def flow(turn: Turn) -> None:
            raise LookupError

        with pytest.raises(LookupError):
            await stage.plays(flow, press=True)

        assert len(await client.calls("answerCallbackQuery")) == 1

    async def test_given_a_slow_flow_when_it_takes_longer_then_the_button_stops_spinning_before(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        async def flow(turn: Turn) -> None:
            async with asyncio.timeout(10):
                while not await client.calls("answerCallbackQuery"):
                    await client.events(0, 0.1)
            await turn.toast("Too late for a toast, so it is said.")

        await stage.plays(flow, press=True)

        assert len(await client.calls("answerCallbackQuery")) == 1
        assert (await stage.mia.newest()).text == "Too late for a toast, so it is said."

    async def test_given_a_press_too_old_when_answered_then_nobody_minds(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        await client.fault(
            "error",
            method="answerCallbackQuery",
            description="Bad Request: query is too old and response timeout expired",
        )

        await stage.plays(lambda turn: turn.show(said("Days")), press=True)

        assert (await stage.mia.newest()).text == "Days"


class TestAnswersAfterWords:
    async def test_given_words_when_the_flow_shows_twice_then_one_message_is_kept_up_to_date(
        self, stage: Stage
    ) -> None:
        before = (await stage.mia.newest()).id

        async def flow(turn: Turn) -> None:
            first = await turn.show(said("Looking"))
            assert first == await turn.show(said("Found"))
            await turn.toast("By the way")

        await stage.plays(flow, press=False)

        new = [m for m in await stage.mia.messages() if m.from_bot and m.id > before]
        assert [(m.text, m.edits) for m in new] == [("Found", 1), ("By the way", 0)]

    async def test_given_another_card_when_redrawn_then_it_changes_in_place(
        self, stage: Stage
    ) -> None:
        card = await stage.shows_a_card()

        await stage.plays(lambda turn: turn.redraw(card, said("Answered.")), press=False)

        assert (await stage.mia.newest()).text == "Answered."
        assert (await stage.mia.newest()).edits == 1

    async def test_given_something_slow_when_busy_then_the_bot_seems_to_write(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        await client.fault("500", method="sendChatAction", skip=1)

        async def flow(turn: Turn) -> None:
            await turn.busy()
            await turn.busy()

        await stage.plays(flow, press=False)

        assert len(await client.calls("sendChatAction")) == 2


class TestPatience:
    async def test_given_a_short_flood_limit_when_answering_then_it_is_waited_out(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        await client.fault("429", method="editMessageText", retry_after=1)

        await stage.plays(lambda turn: turn.show(said("Days")), press=True)

        calls = await client.calls("editMessageText")
        assert (await stage.mia.newest()).text == "Days"
        assert calls[1]["began"] - calls[0]["ended"] >= 1

    async def test_given_a_long_flood_limit_when_answering_then_it_is_put_off(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        await client.fault("429", method="editMessageText", retry_after=60)

        with pytest.raises(DeliveryDeferred):
            await stage.plays(lambda turn: turn.show(said("Days")), press=True)

    async def test_given_no_word_whether_it_arrived_when_answering_then_it_is_repeated_once(
        self, stage: Stage, client: PlaygroundClient
    ) -> None:
        await client.fault("drop_after_accept", method="sendMessage", times=None)

        with pytest.raises(DeliveryUnknown):
            await stage.plays(lambda turn: turn.say(said("Once more")), press=False)

        texts = [m.text for m in await stage.mia.messages()]
        assert texts.count("Once more") == 2
