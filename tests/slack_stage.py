"""The stage with a workspace beside Telegram: a coach and her team in Slack, a student outside.

Slotbook reaches Slack by Socket Mode or is reached over HTTP; nothing else differs.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from app.demo import demo_settings
from app.demo_cast import BOT, TEAM, playground_config, tour, workspace
from app.settings import Settings
from app.slack_manifest import registered
from app.wiring import Role, Slotbook
from bots.slack.manifest import manifest
from playground.client import PlaygroundClient, TelegramUser
from playground.serving import Playground
from playground.slack.client import SlackClient, SlackMessage, SlackPerson
from running_clock import RunningClock
from stage import LESSON, Stage, seeded

ALL = frozenset(Role)
DESIGN = "design"


@dataclass
class TwoChats(Stage):
    """A stage on which slotbook runs in both chats."""

    slack: SlackClient
    by_socket: bool = True

    def settings(self) -> Settings:
        """Return the settings of a demo with Slack."""
        return demo_settings(
            self.url,
            self.playground.bot_api_url,
            self.playground.slack_api_url,
            by_socket=self.by_socket,
        )

    @asynccontextmanager
    async def running(
        self, *, roles: frozenset[Role] = ALL, **changes: Any
    ) -> AsyncIterator[Slotbook]:
        """Run slotbook inside the block, connected with Slack."""
        async with super().running(roles=roles, **changes) as slotbook:
            if not self.by_socket:
                assert slotbook.web is not None
                await self.slack.events_url(f"{slotbook.web.address}/slack/events")
            await self.slack.wait_connected("socket" if self.by_socket else "http")
            yield slotbook

    def person(self, key: str) -> SlackPerson:
        """Return somebody in Slack."""
        return self.slack.as_user(key)

    async def mia_books(self, *taps: str) -> TelegramUser:
        """Let Mia book a piano lesson in Telegram by these taps, from START on."""
        mia = self.people.user("mia")
        await self.opens(mia, LESSON)
        for label in taps:
            await mia.press(label)
        await mia.wait_for("Booked.")
        return mia


async def tap(person: SlackPerson, label: str) -> None:
    """Press a button in #design, once more where its card was just edited under the finger."""
    while True:
        try:
            await person.press_newest(label, channel=DESIGN)
            return
        except RuntimeError as error:
            if "There is no element" not in str(error):
                raise


async def vote(person: SlackPerson, letter: str, answer: str) -> None:
    """Press an answer beside one option of the poll in #design."""
    card = await person.wait_for("which times work?", channel=DESIGN, since=0)
    at_option = next(n for n, b in enumerate(card.blocks) if f"*{letter}*" in str(b.get("text")))
    button = next(
        element
        for block in card.blocks[at_option + 1 :]
        for element in block.get("elements", ())
        if element["type"] == "button" and element["text"]["text"] == answer
    )
    block = next(b for b in card.blocks if button in b.get("elements", ()))
    await person.act(card.container, button["action_id"], block_id=block["block_id"])


def shown_to(message: SlackMessage) -> str:
    """Return the words of a message, dates as who cannot resolve them reads them."""
    return re.sub(r"<!date\^[^|]+\|([^>]+)>", r"\1", message.words)


@asynccontextmanager
async def two_chats(
    url: str, clock: RunningClock, *, by_socket: bool = True, panes: tuple[str, ...] = ()
) -> AsyncIterator[TwoChats]:
    """Serve the demo's page with both chats on the test's clock; slotbook is not running yet.

    ``panes`` are the people of the workspace whom the page shows, the demo's by default.
    """
    types = await seeded(url, clock, TEAM)
    links = {
        title: f"https://t.me/{BOT.username}?start={each.code}" for title, each in types.items()
    }
    seed = workspace(manifest(await registered()), by_socket=by_socket)
    slack = replace(
        seed,
        panes=panes or seed.panes,
        # A machine that is busy with other tests opens a window later than Slack's 3 s.
        trigger_life=30.0,
        ack_within=30.0,
        retry_pauses=(0.05, 0.05, 0.05),
        signed_at=clock.seconds,
    )
    config = replace(playground_config(tour(links), slack), now=clock.seconds, webhook_retry=0.05)
    async with (
        Playground(config) as playground,
        PlaygroundClient(playground.base_url, deadline=45) as people,
        SlackClient(playground.base_url, deadline=45) as client,
    ):
        yield TwoChats(playground, people, clock, url, types, slack=client, by_socket=by_socket)
