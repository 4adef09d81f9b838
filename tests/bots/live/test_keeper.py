"""The keeper of cards: newest first, at the platforms' pace, once for many changes."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bots.live.announcing import APART, Announcer, TellingStore
from bots.live.drawing import Rendered
from bots.live.keeper import KeeperLimits
from doubles import FakeClock
from gallery import UNHURRIED, Gallery
from reminders.pace import Pace
from scheduling.errors import CardGone, DeliveryDeferred, DeliveryUnknown, StoreUnavailable
from scheduling.ids import DEFAULT_ORGANIZATION, NotificationId
from scheduling.messages import ChatMessage, Live, Plain
from scheduling.people import Card, Platform, Recipient
from scheduling.ports import LiveCard, Transaction
from tasks import a_moment
from town import Town

TOPIC = "host:ana"
MINUTE = timedelta(minutes=1)


class Board:
    """A gallery of plain cards about one thing that changes when told to."""

    def __init__(self, town: Town, *, pace: Pace = UNHURRIED, one_by_one: bool = True) -> None:
        limits = KeeperLimits(parallel=1) if one_by_one else None
        self.gallery = Gallery(town, pace=pace, limits=limits)
        self.town, self.number, self.drawn = town, 0, 0
        self.edits: list[str] = []
        screens = self.gallery.screens
        screens.refresh = self._refresh  # type: ignore[method-assign]
        town.renderers.put("plain", self._draw)

    def message(self) -> ChatMessage:
        live = Live("plain", "thing", frozenset({TOPIC}))
        return ChatMessage((Plain(f"number {self.number}"),), live=live)

    async def open(self, *chats: str) -> None:
        """Show the thing in chats, one after another."""
        for chat in chats:
            await self.town.watch.shown(DEFAULT_ORGANIZATION, None, a_card(chat), self.message())
            self.town.clock.advance(timedelta(microseconds=1))

    async def change(self) -> None:
        """Let the thing be another one."""
        self.number += 1
        await self.town.database.store.transact(DEFAULT_ORGANIZATION, _touch)

    async def _draw(self, live: LiveCard) -> Rendered | None:
        self.drawn += 1
        return Rendered(self.message())

    async def _refresh(self, card: Card, message: ChatMessage) -> None:
        self.gallery.screens.before(card)
        if error := self.gallery.screens.failing(card):
            raise error
        self.edits.append(card.chat.chat_id)

    async def settle(self) -> list[str]:
        """Draw what may go now; return the chats edited, in order."""
        self.edits.clear()
        await self.gallery.settle()
        return list(self.edits)


async def until(true: Callable[[], bool], *, clock: FakeClock | None = None) -> None:
    """Wait until it holds; with a clock, let time pass meanwhile."""
    async with asyncio.timeout(20):
        while not true():
            if clock is not None:
                clock.advance(timedelta(milliseconds=50))
            await a_moment()


def _touch(tx: Transaction) -> None:
    tx.topics.touch(TOPIC)


def a_card(chat: str) -> Card:
    return Card(Recipient(Platform.TELEGRAM, "4242", chat), "7")


@pytest.fixture
def board(town: Town) -> Board:
    return Board(town)


class TestOrderAndPace:
    async def test_given_several_cards_when_changed_then_the_newest_is_drawn_first(
        self, board: Board
    ) -> None:
        await board.open("1", "2", "3")
        await board.change()

        assert await board.settle() == ["3", "2", "1"]

    async def test_given_many_changes_then_each_card_is_edited_once(self, board: Board) -> None:
        await board.open("1", "2")
        for _ in range(5):
            await board.change()

        assert await board.settle() == ["2", "1"]
        assert await board.settle() == []

    async def test_given_200_cards_when_drawn_at_the_platforms_pace_then_newest_first_exactly(
        self, town: Town
    ) -> None:
        board = Board(town, pace=Pace())
        chats = [str(number) for number in range(200)]
        await board.open(*chats)
        town.clock.advance(MINUTE)
        await board.change()
        steps: list[list[str]] = [await board.settle()]

        while sum(map(len, steps)) < 200:
            town.clock.advance(timedelta(milliseconds=40))
            steps.append(await board.settle())

        # A burst of 25, of which ten are left to answers and news; then one every 40 ms.
        assert [len(step) for step in steps] == [15] + [1] * 185
        assert [chat for step in steps for chat in step] == chats[::-1]

    async def test_given_cards_waiting_for_their_turn_when_somebody_is_to_be_answered_then_at_once(
        self, town: Town
    ) -> None:
        board = Board(town, pace=Pace())
        await board.open(*[str(number) for number in range(40)])
        town.clock.advance(MINUTE)
        await board.change()
        await board.settle()
        now, gate = town.clock.now(), board.gallery.gate

        answers = [
            gate.admit(NotificationId(f"a{n}"), a_card(f"9{n}").chat, now, answer=True)
            for n in range(10)
        ]

        assert answers == [None] * 10

    async def test_given_a_chat_that_was_just_written_to_then_its_last_place_is_left_to_news(
        self, town: Town
    ) -> None:
        board = Board(town, pace=Pace())
        await board.open("1")
        town.clock.advance(MINUTE)
        now, gate = town.clock.now(), board.gallery.gate
        for number in range(2):
            gate.admit(NotificationId(f"n{number}"), a_card("1").chat, now, answer=False)
        await board.change()

        at_once = await board.settle()
        news = gate.admit(NotificationId("n2"), a_card("1").chat, now, answer=False)
        town.clock.advance(timedelta(seconds=2))
        later = await board.settle()

        assert (at_once, news, later) == ([], None, ["1"])


class TestTrouble:
    async def test_given_a_platform_that_asks_to_wait_when_it_is_over_then_the_card_is_drawn(
        self, board: Board
    ) -> None:
        await board.open("1")
        await board.change()
        board.gallery.screens.failing = lambda _: DeliveryDeferred(timedelta(seconds=5))
        waited = await board.settle()
        board.gallery.screens.failing = lambda _: None

        too_soon = await board.settle()
        board.town.clock.advance(timedelta(seconds=5))

        assert (waited, too_soon) == ([], [])
        assert await board.settle() == ["1"]

    async def test_given_no_answer_then_it_is_tried_again(self, board: Board) -> None:
        await board.open("1")
        await board.change()
        board.gallery.screens.failing = lambda _: DeliveryUnknown("no answer")
        await board.settle()
        board.gallery.screens.failing = lambda _: None
        board.town.clock.advance(timedelta(seconds=5))

        assert await board.settle() == ["1"]

    async def test_given_a_card_that_is_gone_then_it_is_forgotten(self, board: Board) -> None:
        await board.open("1")
        await board.change()
        board.gallery.screens.failing = lambda _: CardGone("deleted")
        await board.settle()
        board.gallery.screens.failing = lambda _: None
        await board.change()

        assert await board.settle() == []

    async def test_given_a_card_that_cannot_be_drawn_then_others_are_and_it_is_given_up(
        self, board: Board
    ) -> None:
        board.gallery.screens.failing = lambda card: (
            ZeroDivisionError() if card.chat.chat_id == "1" else None
        )
        await board.open("1", "2")
        await board.change()

        first = await board.settle()
        await board.change()

        assert (first, await board.settle()) == (["2"], ["2"])

    async def test_given_a_restart_when_the_change_was_before_then_the_card_is_drawn(
        self, board: Board
    ) -> None:
        await board.open("1")
        await board.change()

        again = Gallery(board.town)
        again.screens.refresh = board._refresh  # type: ignore[method-assign]  # noqa: SLF001
        await again.settle()

        assert board.edits == ["1"]

    async def test_given_cards_older_than_a_day_when_tidied_then_they_are_kept_no_longer(
        self, board: Board
    ) -> None:
        await board.open("1")
        board.town.clock.advance(timedelta(hours=25))
        await board.town.database.live_cards.tidy(board.town.clock.now() - timedelta(days=1))
        await board.change()

        assert await board.settle() == []


class TestCrossing:
    async def test_given_an_answer_under_way_then_the_card_is_left_alone_until_it_is_out(
        self, board: Board
    ) -> None:
        await board.open("1")
        await board.change()

        with board.town.watch.writing(a_card("1")):
            during = await board.settle()
        board.town.clock.advance(timedelta(seconds=1))

        assert (during, await board.settle()) == ([], ["1"])

    async def test_given_an_answer_while_the_card_is_drawn_then_the_drawing_is_thrown_away(
        self, board: Board
    ) -> None:
        await board.open("1")
        await board.change()
        draw = board._draw  # noqa: SLF001

        async def overtaken(live: LiveCard) -> Rendered | None:
            with board.town.watch.writing(live.card):
                return await draw(live)

        board.town.renderers._renderers["plain"] = overtaken  # noqa: SLF001

        assert await board.settle() == []

    async def test_given_a_draft_pressed_in_another_process_while_edited_then_it_is_drawn_again(
        self, board: Board
    ) -> None:
        await board.open("1")
        await board.change()
        answers = [False, True]

        async def still() -> bool:
            return answers.pop(0)

        async def draw(live: LiveCard) -> Rendered | None:
            return Rendered(board.message(), still)

        board.town.renderers._renderers["plain"] = draw  # noqa: SLF001

        assert await board.settle() == ["1", "1"]


class TestRunning:
    async def test_given_a_change_when_woken_then_the_card_is_drawn_after_a_moment(
        self, board: Board
    ) -> None:
        await board.open("1")
        keeper, clock = board.gallery.keeper, board.town.clock
        store = TellingStore(board.town.database.store, keeper.wake)
        async with keeper.running():
            await until(lambda: keeper.trouble(clock.now()) is None)
            board.number += 1
            await store.transact(DEFAULT_ORGANIZATION, _touch)
            await until(lambda: board.edits == ["1"], clock=clock)

            assert keeper.trouble(clock.now()) is None
        assert keeper.trouble(clock.now()) == "not running"

    async def test_given_many_commits_then_they_are_announced_as_one(self, town: Town) -> None:
        words: list[str] = []

        class Told:
            async def announce(self) -> None:
                words.append("changed")

            async def heard(self) -> None:
                raise AssertionError

        announcer = Announcer(Told(), town.clock)
        async with announcer.running():
            announcer.note()
            await until(lambda: len(words) == 1)
            for _ in range(20):
                announcer.note()
            town.clock.advance(APART)
            await until(lambda: len(words) == 2)
            town.clock.advance(APART)

        assert words == ["changed", "changed"]

    async def test_given_a_database_away_when_announcing_then_it_is_said_later(
        self, town: Town
    ) -> None:
        words: list[str] = []

        class Away:
            async def announce(self) -> None:
                words.append("tried")
                if len(words) == 1:
                    raise StoreUnavailable

            async def heard(self) -> None:
                raise AssertionError

        announcer = Announcer(Away(), town.clock)
        async with announcer.running():
            announcer.note()
            await until(lambda: len(words) == 1)
            town.clock.advance(timedelta(seconds=1))
            await until(lambda: len(words) == 2)
