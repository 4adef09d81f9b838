"""The windows through Slack's own protocol: signed requests in, Web API calls out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bots.callback_data import encode
from bots.slack.modals.book_view import DAY, TIME
from bots.slack.modals.hours_view import DAY as HOURS_OF
from bots.slack.modals.session_view import PEOPLE, TITLE, WHERE
from builders.people import acting
from builders.times import at
from fake_slack import TEAM, FakeSlack, fake_slack, member
from running_clock import RunningClock
from scheduling.grammar.hours_line import parse_hours_line
from scheduling.ids import DEFAULT_ORGANIZATION, RequestId
from scheduling.messages import Action
from scheduling.model import EventType
from scheduling.people import AccountKey, Platform
from scheduling.people_service import AccountFacts
from slack_desk import Desk, running_desk
from slack_window import Window


@pytest.fixture
def clock() -> RunningClock:
    """Monday, 23 November 2026: 10:02 in Berlin."""
    return RunningClock(at("2026-11-23 09:02"))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack of our own, with Bo, Cem and Dia in it."""
    async with fake_slack() as fake:
        for user_id, name in (("U0BO", "Bo Lind"), ("U0CEM", "Cem Kaya"), ("U0DIA", "Dia Roy")):
            fake.users[user_id] = member(user_id, name, locale="en-GB")
        yield fake
        assert fake.refused == []


@pytest.fixture
async def desk(sqlite_url: str, slack: FakeSlack, clock: RunningClock) -> AsyncIterator[Desk]:
    """Slotbook running on Slack alone, in HTTP mode."""
    async with running_desk(sqlite_url, slack, clock) as running:
        yield running


class Person:
    """Somebody with one window open at a time, as Slack's client keeps it."""

    def __init__(self, desk: Desk, user: str) -> None:
        self._desk, self._user = desk, user
        self.window = Window("V0NEW", {})
        self._seen = 0

    def look(self) -> Window:
        """Read what was drawn into the window since."""
        shown = ("views.open", "views.update")
        calls = [call for call in self._desk.slack.calls if call.method in shown]
        for call in calls[self._seen :]:
            self.window.show(call.arguments["view"])
        self._seen = len(calls)
        return self.window

    async def eventually(self, true: Callable[[], bool]) -> None:
        """Wait until something can be seen."""
        async with asyncio.timeout(10):
            while not true():
                await self._desk.pause()
                self.look()

    async def types(self, command: str, text: str = "") -> Window:
        """Type a command."""
        await self._desk.command(text, command=command, user=self._user)
        await self._desk.settled()
        return self.look()

    def _view(self) -> dict[str, Any]:
        window = self.window
        return {
            "id": window.id,
            "type": "modal",
            "team_id": TEAM,
            "hash": f"{window.hash}.h",
            "callback_id": window.view["callback_id"],
            "private_metadata": window.view["private_metadata"],
            "root_view_id": window.id,
            "state": {"values": window.state},
        }

    def _payload(self, kind: str, **more: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": self._user, "username": "x", "team_id": TEAM},
            "api_app_id": "A0",
            "token": "deprecated",
            "trigger_id": self._desk.trigger(),
            "view": self._view(),
            **more,
        }

    def fill(self, action_id: str, **value: Any) -> None:
        """Fill a field in."""
        block, _ = self.window.field(action_id)
        self.window.filled[block["block_id"], action_id] = value

    def option(self, action_id: str, label: str) -> dict[str, Any]:
        """Return an option of a list."""
        every = self.window.options(action_id).items()
        name, value = next(each for each in every if each[0].startswith(label))
        return {"text": {"type": "plain_text", "text": name}, "value": value}

    async def choose(self, action_id: str, label: str) -> Window:
        """Choose an option, of which slotbook is told at once."""
        option = self.option(action_id, label)
        self.fill(action_id, selected_option=option)
        return await self.tell(action_id, selected_option=option)

    async def tell(self, action_id: str, **value: Any) -> Window:
        """Tell slotbook of a change, or of a button pressed."""
        action = {"action_id": action_id, "block_id": "b", "action_ts": "1.1", **value}
        payload = self._payload("block_actions", actions=[action])
        payload["container"] = {"type": "view", "view_id": self.window.id}
        await self._desk.interact(payload)
        await self._desk.settled()
        return self.look()

    async def send(self) -> dict[str, Any]:
        """Send the window; what Slack is answered is shown in it."""
        response = await self._desk.interact(self._payload("view_submission"))
        assert response.status_code == 200
        answer: dict[str, Any] = response.json() if response.content else {}
        if answer.get("response_action") == "update":
            self.window.show(answer["view"])
        return answer

    async def presses_home(self, element: dict[str, Any]) -> Window:
        """Press a button of App Home."""
        home = {"id": "V0HOME", "type": "home", "hash": "1.h", "state": {"values": {}}}
        action = {**element, "block_id": "b", "action_ts": "1.1"}
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": self._user, "username": "x", "team_id": TEAM},
            "api_app_id": "A0",
            "token": "deprecated",
            "trigger_id": self._desk.trigger(),
            "container": {"type": "view", "view_id": "V0HOME"},
            "view": home,
            "actions": [action],
        }
        await self._desk.interact(payload)
        await self._desk.settled()
        return self.look()

    async def close(self) -> None:
        """Close the window half-way."""
        payload = self._payload("view_closed", is_cleared=False)
        await self._desk.interact(payload)
        await self._desk.settled()


VOTE = {"type": "plain_text", "text": "Vote", "emoji": False}


def everything(value: object) -> Iterator[dict[str, Any]]:
    """Return every object in a view."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from everything(each)
    elif isinstance(value, list):
        for each in value:
            yield from everything(each)


async def coach(desk: Desk, user: str = "U0BO", name: str = "Bo Lind") -> EventType:
    """Let somebody of the workspace offer time."""
    services = desk.slotbook.services
    key = AccountKey(Platform.SLACK, TEAM, user)
    facts = AccountFacts(key, user, name, None, "en")
    _, person = await services.people.meet(DEFAULT_ORGANIZATION, facts)
    person = await services.people.set_zone(acting(person), "Europe/Berlin")
    line = parse_hours_line("mon-fri 9-12 13-17", today=at("2026-11-23 09:00").date())
    return await services.hosting.become_coach(
        acting(person), line, timedelta(hours=1), RequestId(f"coach-{user}"), title="Review"
    )


async def bookings(desk: Desk, user: str) -> list[str]:
    """Return the times somebody has booked."""
    database = desk.slotbook.database
    found = await database.queries.account(AccountKey(Platform.SLACK, TEAM, user))
    assert found is not None
    several = await database.queries.bookings_of(
        DEFAULT_ORGANIZATION, found[1].id, now=desk.clock.now()
    )
    return [f"{details.booking.time.start:%d %H:%M}" for details in several]


class TestBooking:
    async def test_given_a_command_when_a_time_is_chosen_and_sent_then_it_is_booked_once(
        self, desk: Desk
    ) -> None:
        await coach(desk)
        cem = Person(desk, "U0CEM")
        window = await cem.types("/book")
        assert window.chosen(DAY) == "Mon 23 Nov"

        await cem.choose(DAY, "Tue 24 Nov")
        window = await cem.choose(TIME, "11:00")
        assert "Kept for you until 10:07." in window.text
        answers = [await cem.send() for _ in range(3)]

        assert answers == [{"response_action": "clear"}] * 3
        assert await bookings(desk, "U0CEM") == ["24 10:00"]
        said = desk.slack.said
        await cem.eventually(
            lambda: any("Booked." in str(call) for call in said("chat.postEphemeral"))
        )

    async def test_given_an_open_window_when_the_coach_closes_a_time_then_it_is_drawn_anew(
        self, desk: Desk
    ) -> None:
        await coach(desk)
        cem = Person(desk, "U0CEM")
        await cem.types("/book")
        await cem.choose(DAY, "Tue 24 Nov")
        assert "11:00-12:00 Berlin" in cem.window.options(TIME)

        await desk.command("off tue 11:00-12:00", user="U0BO")

        await cem.eventually(lambda: "11:00-12:00 Berlin" not in cem.window.options(TIME))

    async def test_given_a_kept_time_when_the_window_is_closed_then_it_is_free_again(
        self, desk: Desk
    ) -> None:
        await coach(desk)
        cem = Person(desk, "U0CEM")
        await cem.types("/book")
        await cem.choose(TIME, "11:00")

        await cem.close()

        assert await bookings(desk, "U0CEM") == []
        again = await cem.types("/book")
        assert any(label.startswith("11:00") for label in again.options(TIME))

    async def test_given_nothing_filled_in_when_sent_by_a_made_up_client_then_it_is_refused_calmly(
        self, desk: Desk
    ) -> None:
        await coach(desk)
        cem = Person(desk, "U0CEM")
        await cem.types("/book")

        answer = await cem.send()

        assert answer["response_action"] == "update"
        assert "Choose a time first." in cem.window.text


class TestHome:
    async def test_given_home_when_opened_then_it_is_published_and_follows_a_booking(
        self, desk: Desk
    ) -> None:
        kind = await coach(desk)
        event = {"type": "app_home_opened", "user": "U0CEM", "tab": "home", "channel": "D0CEM"}
        await desk.event(event)
        await desk.settled()
        (first,) = desk.slack.said("views.publish")
        assert first["user_id"] == "U0CEM"
        assert "Nothing booked." in str(first["view"])

        book = {"action_id": "x", "value": encode(Action("x", "pick", kind.id))}
        await desk.press(book, user="U0CEM")
        await desk.settled()
        cem = Person(desk, "U0CEM")
        cem.look()
        await cem.choose(TIME, "14:00")
        await cem.send()

        said = desk.slack.said
        await cem.eventually(lambda: "Next: Mon 23 Nov, 14:00" in str(said("views.publish")[-1]))


class TestHours:
    async def test_given_a_fault_when_sent_then_slack_shows_it_under_its_day(
        self, desk: Desk
    ) -> None:
        await coach(desk)
        bo = Person(desk, "U0BO")
        await desk.press({"action_id": "x", "value": encode(Action("x", "hours"))}, user="U0BO")
        await desk.settled()
        bo.look()
        bo.fill(f"{HOURS_OF}0", value="14-1x")
        await bo.tell(f"{HOURS_OF}0", value="14-1x")
        assert 'Mon: "14-1x" is not a time.' in bo.window.text

        answer = await bo.send()

        assert answer["response_action"] == "errors"
        assert answer["errors"] == {"day.0.0": '"14-1x" is not a time. Try 14-18.'}


class TestSession:
    async def test_given_a_line_without_a_length_when_completed_then_it_is_posted(
        self, desk: Desk
    ) -> None:
        bo = Person(desk, "U0BO")
        window = await bo.types("/session", '"Retro" next week <@U0CEM|cem> <@U0DIA|dia>')
        assert window.field(PEOPLE)[1]["initial_users"] == ["U0CEM", "U0DIA"]
        assert window.field(TITLE)[1]["initial_value"] == "Retro"
        assert window.field(WHERE)[1]["initial_conversation"] == "C0DESIGN"

        await bo.send()
        assert "times fit all three" in bo.window.text
        await bo.send()

        assert "Asked in" in bo.window.text
        said = desk.slack.said
        await bo.eventually(lambda: any("Retro" in str(call) for call in said("chat.postMessage")))

    async def test_given_a_poll_when_voted_on_from_home_then_a_window_takes_the_vote(
        self, desk: Desk
    ) -> None:
        bo, cem = Person(desk, "U0BO"), Person(desk, "U0CEM")
        await desk.command('"Retro" 45m next week <@U0CEM|cem>', command="/session", user="U0BO")
        await desk.settled()
        assert bo.window.view == {}
        await desk.event({"type": "app_home_opened", "user": "U0CEM", "tab": "home"})
        await desk.settled()
        page = desk.slack.said("views.publish")[-1]["view"]
        (vote,) = (each for each in everything(page) if each.get("text", {}) == VOTE)

        await cem.presses_home(vote)
        assert "Retro" in cem.window.text
        yes = next(each for label, each in cem.window.buttons.items() if "work" in label)
        await cem.tell(yes["action_id"], value=yes["value"], type="button")

        said = desk.slack.said
        await cem.eventually(lambda: "answer is missing" not in str(said("views.publish")[-1]))
