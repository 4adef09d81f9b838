"""S4 and S5 in a channel of Slack: the card, its buttons, what only one person sees."""

from typing import Any

from slack_desk import Desk, buttons, words


async def until(desk: Desk, method: str, fragment: str) -> dict[str, Any]:
    """Return the newest call of a method whose words hold the fragment; wait for it."""
    for _ in range(400):
        for call in reversed(desk.slack.said(method)):
            if fragment in f"{call.get('text', '')}\n{words(call)}":
                return dict(call)
        await desk.pause()
    said = [(c.method, c.arguments.get("text")) for c in desk.slack.calls]
    raise AssertionError(f"no {method} with {fragment!r}: {said}")


def every_button(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all buttons, those beside the words too, in their order."""
    return [
        element
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


class TestPoll:
    async def test_given_a_whole_line_when_typed_then_the_channel_votes_and_the_thread_hears(
        self, desk: Desk
    ) -> None:
        line = '"Retro" 45m next week <@U0ANA|ana>'

        await desk.command(line, command="/session")
        card = await until(desk, "chat.postMessage", "which times work?")
        private = await until(desk, "response", "Asked in this channel.")

        assert card["channel"] == "C0DESIGN"
        assert "<@U0ANA>" in words(card)
        assert "<!date^" in words(card)
        assert [b["text"]["text"] for b in every_button(card)[:3]] == ["Yes", "If need be", "No"]
        assert list(buttons(private)) == ["Book A now", "Other times", "Undo"]

        yes = every_button(card)[0]
        await desk.press(yes, user="U0ANA", ephemeral=False, ts="1796000001.000100")
        await until(desk, "chat.update", "Retro")
        settled = await until(desk, "chat.postMessage", "Settled by the last vote: ")
        assert settled["thread_ts"] == "1796000001.000100"

    async def test_given_somebody_else_when_they_settle_then_their_vote_counts(
        self, desk: Desk
    ) -> None:
        await desk.command('"Retro" 45m next week <@U0ANA|ana>', command="/session")
        card = await until(desk, "chat.postMessage", "which times work?")
        (menu,) = [
            element
            for block in card["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
            if element["type"] == "overflow"
        ]

        await desk.press(
            {"type": "overflow", "action_id": menu["action_id"],
             "selected_option": menu["options"][0]},
            user="U0ANA",
            ephemeral=False,
            ts="1796000001.000100",
        )  # fmt: skip

        for method in ("chat.postEphemeral", "response"):
            if any("Only Bo can settle this" in str(c) for c in desk.slack.said(method)):
                break
            await desk.settled()
        said = [*desk.slack.said("chat.postEphemeral"), *desk.slack.responses]
        assert any("Only Bo can settle this. Your vote counts." in str(each) for each in said)

    async def test_given_a_line_that_lacks_people_when_typed_then_a_window_opens(
        self, desk: Desk
    ) -> None:
        await desk.command('"Retro" 45m', command="/session")
        await desk.settled()

        assert desk.slack.said("views.open")


class TestSeats:
    async def test_given_seats_when_joined_then_only_the_joiner_reads_so_and_the_card_follows(
        self, desk: Desk
    ) -> None:
        await desk.command('"Portfolio hour" 60m thu 16:00 seats 2 min 2', command="/session")
        card = await until(desk, "chat.postMessage", "2 of 2 seats left")

        join = buttons(card)["Join"]
        await desk.press(join, user="U0ANA", ephemeral=False, ts="1796000001.000100")
        await until(desk, "chat.update", "in: Ana")
        await desk.settled()

        said = [*desk.slack.said("chat.postEphemeral"), *desk.slack.responses]
        assert any("You are in." in str(each) for each in said)
        booked = await until(desk, "chat.postMessage", "Booked.")
        assert str(booked["channel"]).startswith("D")

    async def test_given_a_channel_without_us_when_posting_then_inviting_is_told_privately(
        self, desk: Desk
    ) -> None:
        desk.slack.members["C0DESIGN"] = {"U0BO"}

        await desk.command('"Portfolio hour" 60m thu 16:00 seats 2', command="/session")

        told = await until(desk, "chat.postMessage", "/invite @slotbook")
        assert str(told["channel"]).startswith("D")
        assert "Try again" in buttons(told)


class TestCompare:
    async def test_given_a_coach_when_compared_then_the_times_are_for_the_asker_alone(
        self, desk: Desk
    ) -> None:
        await desk.command("coach", user="U0ANA")
        await until(desk, "response", "When can people book you?")
        offer = buttons(desk.slack.responses[-1])["Mon-Fri 9-17"]
        await desk.press(offer, user="U0ANA")
        await until(desk, "response", "How long is one session?")
        await desk.press(buttons(desk.slack.responses[-1])["60 min"], user="U0ANA")
        await until(desk, "response", "This is your week")
        await desk.press(buttons(desk.slack.responses[-1])["Save and get my link"], user="U0ANA")
        await desk.settled()

        await desk.command("compare <@U0ANA|ana> next week")
        await desk.settled()

        said = [*desk.slack.said("chat.postEphemeral"), *desk.slack.responses]
        assert any("When Bo and Ana are all free." in str(each) for each in said)
        assert not any("are all free" in str(each) for each in desk.slack.said("chat.postMessage"))
