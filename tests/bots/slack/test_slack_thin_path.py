"""From a signed slash command to an answer, and from a press to an edited answer."""

import time

from slack_desk import Desk, buttons, words


class TestThinPath:
    async def test_given_slack_alone_when_help_is_typed_then_it_is_acknowledged_and_answered(
        self, desk: Desk
    ) -> None:
        begun = time.perf_counter()

        answer = await desk.command("help")
        took = time.perf_counter() - begun
        await desk.settled()

        assert (answer.status_code, answer.text) == (200, "")
        assert took < 1
        (said,) = desk.slack.responses
        assert said["response_type"] == "ephemeral"
        assert not said["replace_original"]
        assert "/slotbook my" in words(said)
        assert "/book " in words(said)
        assert said["text"]
        assert "Booking" in buttons(said)

    async def test_given_help_when_a_button_is_pressed_then_the_same_message_changes(
        self, desk: Desk
    ) -> None:
        await desk.command("help")
        await desk.settled()
        button = buttons(desk.slack.responses[-1])["Booking"]

        answer = await desk.press(button)
        await desk.settled()

        assert (answer.status_code, answer.text) == (200, "")
        said = desk.slack.responses[-1]
        assert said["replace_original"] is True
        assert said["url"].endswith("/press")
        assert "/book Ana tue 15:00" in words(said)
