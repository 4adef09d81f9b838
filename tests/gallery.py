"""A town whose open cards are kept right: the real keeper before everybody's screen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Self

from bots.live.keeper import CardKeeper, KeeperLimits, KeeperParts
from phones import Phone
from reminders.pace import Gate, Pace
from scheduling.errors import CardGone
from scheduling.messages import ChatMessage, File
from scheduling.people import Card, Platform, Recipient
from town import Town

UNHURRIED = Pace(
    chat_interval=timedelta(),
    bot_interval=timedelta(),
    bot_burst=100_000,
    refresh_interval=timedelta(),
    refresh_burst=100_000,
)


class Screens:
    """The messenger of everybody's phone: a refresh shows on the screen."""

    platform = Platform.TELEGRAM

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.refreshed: list[Card] = []
        self.failing: Callable[[Card], Exception | None] = lambda _: None
        self.before: Callable[[Card], object] = lambda _: None

    async def refresh(self, card: Card, message: ChatMessage) -> None:
        self.before(card)
        if error := self.failing(card):
            raise error
        phone = self.phones.get(card.chat.chat_id)
        if phone is None or card.message_id not in phone.screen.messages:
            raise CardGone("no such message")
        # In its place: an edit moves nothing to the bottom.
        phone.screen.messages[card.message_id] = message
        self.refreshed.append(card)

    async def send(self, to: Recipient, message: ChatMessage) -> Card:
        raise AssertionError("a card is never sent anew")

    async def edit(self, card: Card, message: ChatMessage) -> Card:
        raise AssertionError("a card is refreshed, silently")

    async def send_file(self, to: Recipient, file: File, *, replacing: Card | None) -> Card:
        raise AssertionError("a card has no file")


class Gallery:
    """One keeper over a town."""

    def __init__(
        self, town: Town, *, pace: Pace = UNHURRIED, limits: KeeperLimits | None = None
    ) -> None:
        self.town, self.screens = town, Screens()
        self.gate = Gate({Platform.TELEGRAM: pace})
        self.keeper = CardKeeper(
            KeeperParts(
                cards=town.database.live_cards,
                changes=town.database.changes,
                renderers=town.renderers,
                messengers={Platform.TELEGRAM: self.screens},
                pacing=self.gate,
                watch=town.watch,
                clock=town.clock,
            ),
            limits,
        )

    @classmethod
    async def of(cls, town: Town, *phones: Phone) -> Self:
        """Return a gallery that sees these phones, with everything on them right."""
        gallery = cls(town)
        gallery.hang(*phones)
        await gallery.settle()
        return gallery

    def hang(self, *phones: Phone) -> None:
        """Let these phones' cards be seen by the keeper."""
        self.screens.phones |= {phone.chat.chat_id: phone for phone in phones}

    async def settle(self) -> list[Card]:
        """Draw until nothing is stale, and return what was refreshed."""
        self.screens.refreshed.clear()
        while await self.keeper.run_once():
            pass
        return list(self.screens.refreshed)
