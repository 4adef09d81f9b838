"""Visitors where an admin opened the channel: let in there, and in the windows opened there."""

import asyncio
from typing import Any

import pytest

from access_walk import (
    BACKGROUND,
    CHANNEL,
    NOBODY,
    Role,
    Walk,
    contents,
    refused_at_the_door,
)
from bots.access import Kind, Who, classified
from fake_slack import TEAM
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.people import Platform, Recipient

IN_CHANNELS = {Kind.COMMAND, Kind.PRESS, Kind.TEXT}
ROWS = [(kind, name, who) for (kind, name), who in classified().items() if kind in IN_CHANNELS]
TYPED = [row for row in ROWS if row[0] is Kind.COMMAND]
GUEST = "UGUEST999"


@pytest.fixture
async def opened(walk: Walk) -> Walk:
    """An admin has opened the channel."""
    await walk.people(Role.ADMIN, ["UADMIN999"])
    await walk.desk.command("guests open", user="UADMIN999")
    await walk.desk.settled()
    return walk


async def window(walk: Walk, channel: str = CHANNEL) -> dict[str, Any]:
    """Let the guest open the window to book, and return it as it stands then."""
    await walk.people(Role.GUEST, [GUEST])
    await walk.desk.command("", command="/book", user=GUEST, channel=channel)
    await walk.desk.settled()
    view: dict[str, Any] = walk.desk.slack.said("views.update")[-1]["view"]
    return {**view, "id": "V0NEW", "hash": "1.h", "state": {"values": {}}}


def act(view: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an interaction in a window: Slack names no channel then."""
    return {
        "user": {"id": GUEST, "username": "x", "team_id": TEAM},
        "team": {"id": TEAM, "domain": "acme"},
        "trigger_id": "77.1",
        "view": view,
        "container": {"type": "view", "view_id": view["id"]},
        **more,
    }


class TestOpenedChannel:
    @pytest.mark.slow
    async def test_given_it_is_open_when_visitors_use_anything_there_then_they_are_answered(
        self, opened: Walk
    ) -> None:
        wrong = []

        for role, rows in ((Role.GUEST, ROWS), (Role.STRANGER, TYPED), (Role.OTHER_TEAM, TYPED)):
            users = [f"U{role}{number:03}" for number in range(len(rows))]
            await opened.people(role, users)
            for start in range(0, len(rows), 40):
                both = list(zip(users, rows, strict=True))[start : start + 40]
                await asyncio.gather(*(opened.use(user, *row) for user, row in both))
            await opened.desk.settled()
            told = opened.heard()
            for user, (kind, name, who) in zip(users, rows, strict=True):
                heard = told.get(user, [])
                allowed = who is not Who.ADMIN
                if refused_at_the_door(heard) or (not heard and name != "noop" and allowed):
                    wrong.append(f"{role} {kind} {name}: {heard}")

        assert wrong == []

    async def test_given_it_is_open_when_bots_use_anything_there_then_nothing_is_said(
        self, opened: Walk
    ) -> None:
        before = contents(opened.desk, without=BACKGROUND)

        for role in NOBODY:
            await opened.people(role, [f"U{role}1"])
            await opened.use(f"U{role}1", Kind.COMMAND, "help", Who.ALL)
        await opened.desk.settled()

        assert not {"UROBOT1", "UGONE1"} & opened.heard().keys()
        assert contents(opened.desk, without=BACKGROUND) == before

    async def test_given_a_window_opened_there_when_a_guest_acts_in_it_then_they_are_let_in(
        self, opened: Walk
    ) -> None:
        view, desk = await window(opened), opened.desk

        found = await desk.interact(
            act(view, type="block_suggestion", action_id="sb.book.who", block_id="w", value="ana")
        )
        sent = await desk.interact(act(view, type="view_submission"))

        assert "Piano lesson" in found.text or "Ana" in found.text
        assert not refused_at_the_door([sent.text])

    async def test_given_it_was_closed_meanwhile_when_a_guest_acts_in_a_window_then_refused(
        self, opened: Walk
    ) -> None:
        view, desk = await window(opened), opened.desk
        channel = Recipient(Platform.SLACK, TEAM, CHANNEL)
        await desk.slotbook.database.guest_channels.set_open(
            DEFAULT_ORGANIZATION, channel, is_open=False, now=desk.clock.now()
        )

        sent = await desk.interact(act(view, type="view_submission"))

        assert refused_at_the_door([sent.text])

    async def test_given_anothers_window_when_a_guest_names_it_then_refused(
        self, opened: Walk
    ) -> None:
        view, desk = await window(opened), opened.desk
        await opened.people(Role.GUEST, ["UGUEST998"])

        other = {"id": "UGUEST998", "username": "x", "team_id": TEAM}
        sent = await desk.interact(act(view, type="view_submission", user=other))

        assert refused_at_the_door([sent.text])
