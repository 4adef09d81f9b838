"""Ids with characters that PostgreSQL cannot hold: ours never have them, and nothing breaks."""

import logging
from typing import Any

import pytest

from both_desk import both_chats
from fake_slack import TEAM

ODD = "a\x00b"


def _payload(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "U0BO", "username": "bo", "team_id": TEAM},
        "trigger_id": f"1.{kind}.{more.get('mark', '')}",
        **more,
    }


@pytest.mark.postgres
async def test_given_odd_ids_when_acted_on_then_answered_without_a_fault(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    typed = {"type": "plain_text_input", "value": ODD}
    view = {"id": "V1", "type": "modal", "hash": "1.x", "private_metadata": ODD,
            "state": {"values": {"b": {"sb.x": typed}}}}  # fmt: skip
    async with both_chats(postgres_url) as desk:
        with caplog.at_level(logging.ERROR):
            for callback in ("sb.book", "sb.cancel", "sb.session", "sb.hours"):
                shown = {**view, "callback_id": callback}
                for kind in ("view_submission", "view_closed"):
                    sent = _payload(kind, view=shown, mark=callback)
                    assert (await desk.interact(sent)).status_code == 200
                action = {"type": "button", "action_id": callback, "block_id": "b", "value": ODD}
                acted = _payload("block_actions", view=shown, actions=[action], mark=callback)
                assert (await desk.interact(acted)).status_code == 200
            await desk.press({**typed, "action_id": f"type.{ODD}"})
            guest = {"id": "U0GUEST", "username": "g", "team_id": TEAM}
            sent = _payload("view_submission", view={**view, "callback_id": "sb.book"})
            assert (await desk.interact({**sent, "user": guest})).status_code == 200
            searched = _payload("block_suggestion", action_id="sb.book.who", value=ODD)
            assert (await desk.interact(searched)).status_code == 200
            await desk.command(f"coaches {ODD}".encode("utf-8", "replace").decode())
            await desk.settled()

    # By level, whatever other tests have let the loggers say.
    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert errors == []
