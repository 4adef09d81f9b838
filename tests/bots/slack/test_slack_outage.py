"""While nothing can be written down: commands are told so, events are delivered again."""

from collections.abc import Sequence

from bots.slack.answers import SlackAnswers
from bots.slack.api import Connections
from bots.slack.intake import SlackIntake
from bots.slack.listeners import SlackListeners
from bots.slack.payloads import read_request
from bots.slack.workspaces import Workspaces
from builders.times import at
from doubles import FakeClock
from fake_slack import TEAM, FakeSlack
from running_clock import RunningClock
from scheduling.errors import StoreUnavailable
from scheduling.ports import Inbound, Inbox
from slack_desk import running_desk


class _Away:
    """An inbox whose database is away."""

    async def put(self, updates: Sequence[Inbound]) -> int:
        raise StoreUnavailable("away")


def _listeners(inbox: object, connections: Connections | None = None) -> SlackListeners:
    connections = connections or Connections("http://127.0.0.1:1/")
    workspaces = Workspaces(connections, has_token=True)
    intake = SlackIntake(_as_inbox(inbox), FakeClock(at("2026-11-23 09:00")), lambda: None)
    answers: SlackAnswers = None  # type: ignore[assignment]  # nothing is submitted here
    return SlackListeners(intake, answers, workspaces, connections)


def _as_inbox(inbox: object) -> Inbox:
    return inbox  # type: ignore[return-value]  # only what is asked for here


class TestOutage:
    async def test_given_no_database_when_a_command_comes_then_it_is_said_in_the_answer(
        self,
    ) -> None:
        request = read_request({"command": "/book", "user_id": "U1", "team_id": TEAM})

        response = await _listeners(_Away()).receive(request)

        assert response.status == 200
        assert "cannot write anything down" in response.body

    async def test_given_no_database_when_a_button_is_pressed_then_that_person_is_told_beside(
        self, slack: FakeSlack
    ) -> None:
        request = read_request(
            {
                "type": "block_actions",
                "user": {"id": "U1", "team_id": TEAM},
                "team": {"id": TEAM},
                "response_url": slack.response_url(),
                "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
                "actions": [{"type": "button", "action_id": "a", "block_id": "b", "value": "v"}],
            }
        )

        connections = Connections(slack.url)
        listeners = _listeners(_Away(), connections)
        response = await listeners.receive(request)
        await listeners.finish()
        await connections.close()

        (told,) = slack.responses
        assert response.status == 200
        assert "cannot write anything down" in told["text"]
        assert told["replace_original"] is False

    async def test_given_no_database_when_an_event_comes_then_slack_is_asked_to_repeat_it(
        self,
    ) -> None:
        event = {"type": "app_home_opened", "user": "U1", "tab": "home"}
        request = read_request({"type": "event_callback", "team_id": TEAM, "event": event})

        assert (await _listeners(_Away()).receive(request)).status == 503

    async def test_given_slack_is_away_when_starting_then_it_is_told_and_commands_wait(
        self, sqlite_url: str, slack: FakeSlack, clock: RunningClock
    ) -> None:
        slack.faults["auth.test"] = [503] * 3
        async with running_desk(sqlite_url, slack, clock) as desk:
            assert (await desk.command("help")).status_code == 200
            health = await desk.client.get("/healthz")
            await desk.settled()
            later = await desk.client.get("/healthz")

        assert "cannot be reached" in health.json()["parts"]["slack"]
        assert len(slack.responses) == 1
        assert later.status_code == 200
