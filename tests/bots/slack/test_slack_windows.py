"""What Slack waits for: submissions and options, in time whatever happens; triggers too old."""

from datetime import timedelta
from typing import Any

import pytest

from bots.slack.surface import Answer, Clear, Close, Errors, Push, SlackSurfaces, Surface, Update
from fake_slack import TEAM
from scheduling.errors import NotAllowed, StoreUnavailable
from slack_desk import Desk, buttons

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "t"},
        "blocks": [{"type": "divider"}]}  # fmt: skip


def _payload(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "U0BO", "username": "bo", "team_id": TEAM},
        "api_app_id": "A0",
        "trigger_id": "9.9.9",
        **more,
    }


def _view(callback_id: str) -> dict[str, Any]:
    state = {"values": {"when": {"line": {"type": "plain_text_input", "value": "tue 9"}}}}
    return {"id": "V1", "type": "modal", "callback_id": callback_id, "hash": "1.a",
            "private_metadata": "m", "state": state}  # fmt: skip


def _surfaces(desk: Desk) -> SlackSurfaces:
    return desk.slotbook.surfaces


class TestSubmissions:
    @pytest.mark.parametrize(
        ("answer", "body"),
        [
            (Close(), None),
            (Clear(), {"response_action": "clear"}),
            (Errors({"when": "no"}), {"response_action": "errors", "errors": {"when": "no"}}),
            (Update(VIEW), {"response_action": "update", "view": VIEW}),
            (Push(VIEW), {"response_action": "push", "view": VIEW}),
        ],
    )
    async def test_given_an_answer_when_submitted_then_slack_hears_it_in_the_acknowledgement(
        self, desk: Desk, answer: Answer, body: dict[str, Any] | None
    ) -> None:
        seen: list[str] = []

        async def handler(surface: Surface) -> Answer:
            assert surface.view is not None
            seen.append(surface.view.text("when") + surface.incoming.person.name)
            return answer

        _surfaces(desk).submission("sb.test", handler)
        got = await desk.interact(_payload("view_submission", view=_view("sb.test")))

        assert seen == ["tue 9Bo Lind"]
        assert got.status_code == 200
        assert (got.json() if got.text else None) == body

    async def test_given_a_slow_handler_when_submitted_then_answered_in_time(
        self, desk: Desk
    ) -> None:
        async def handler(surface: Surface) -> Answer:
            await desk.clock.sleep(timedelta(minutes=1))
            return Close()

        _surfaces(desk).submission("sb.test", handler)
        got = await desk.interact(_payload("view_submission", view=_view("sb.test")))

        assert got.elapsed < timedelta(seconds=2.9)
        assert "counts once" in got.json()["errors"]["when"]

    @pytest.mark.parametrize("error", [NotAllowed(), StoreUnavailable("x"), KeyError("defect")])
    async def test_given_a_failing_handler_when_submitted_then_it_is_said_under_the_field(
        self, desk: Desk, error: Exception
    ) -> None:
        async def handler(surface: Surface) -> Answer:
            raise error

        _surfaces(desk).submission("sb.test", handler)
        got = await desk.interact(_payload("view_submission", view=_view("sb.test")))

        assert got.status_code == 200
        assert got.json()["errors"]["when"]

    async def test_given_a_guest_when_submitting_then_nothing_is_done(self, desk: Desk) -> None:
        async def handler(surface: Surface) -> Answer:
            raise AssertionError

        _surfaces(desk).submission("sb.test", handler)
        payload = _payload("view_submission", view=_view("sb.test"))
        payload["user"] = {"id": "U0GUEST", "team_id": TEAM}
        got = await desk.interact(payload)

        assert got.json()["response_action"] == "update"


class TestOptions:
    async def test_given_something_typed_when_asked_then_options_are_returned(
        self, desk: Desk
    ) -> None:
        async def handler(surface: Surface, typed: str) -> list[tuple[str, str]]:
            return [(f"{typed} {n}", str(n)) for n in range(150)]

        _surfaces(desk).options("sb.who", handler)
        got = await desk.interact(_payload("block_suggestion", action_id="sb.who", value="an"))

        options = got.json()["options"]
        assert len(options) == 100
        assert options[0] == {"text": {"type": "plain_text", "text": "an 0"}, "value": "0"}

    async def test_given_a_failing_handler_when_asked_then_there_are_none(self, desk: Desk) -> None:
        async def handler(surface: Surface, typed: str) -> list[tuple[str, str]]:
            raise KeyError(typed)

        _surfaces(desk).options("sb.who", handler)
        got = await desk.interact(_payload("block_suggestion", action_id="sb.who", value="an"))

        assert got.json() == {"options": []}


class TestTriggers:
    async def test_given_an_old_trigger_when_opening_then_a_button_opens_it(
        self, desk: Desk
    ) -> None:
        opened: list[str] = []

        async def handler(surface: Surface) -> None:
            opened.append(await surface.open(VIEW))

        _surfaces(desk).command("quick", handler)
        desk.slack.faults["views.open"] = [{"error": "expired_trigger_id"}]
        await desk.command("quick now")
        await desk.settled()
        button = buttons(desk.slack.responses[-1])["Open"]
        await desk.press(button)
        await desk.settled()

        assert opened == ["", "V0NEW"]

    async def test_given_a_shortcut_when_chosen_then_its_handler_gets_the_message(
        self, desk: Desk
    ) -> None:
        texts: list[str] = []

        async def handler(surface: Surface) -> None:
            texts.append(surface.payload["message"]["text"])
            assert surface.channel_id == "C0DESIGN"

        _surfaces(desk).shortcut("sb.mine", handler)
        message = {"ts": "1.1", "user": "U0ANA", "text": "lunch?", "type": "message"}
        await desk.interact(
            _payload("message_action", callback_id="sb.mine", message=message,
                     channel={"id": "C0DESIGN", "name": "design"})
        )  # fmt: skip
        await desk.settled()

        assert texts == ["lunch?"]
