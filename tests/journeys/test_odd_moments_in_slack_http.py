"""What goes wrong between people, Slack and slotbook; each has an answer and nothing is lost."""

from datetime import timedelta

import pytest

from builders.times import at
from playground.slack.client import SlackPerson, SlackView
from slack_stage import DESIGN, TwoChats, tap
from stage import LESSON

SEATS = '"Portfolio hour" 60m thu 16:00 seats 2'


async def window_of(person: SlackPerson, time: str = "16:00") -> SlackView:
    """Return the window in which somebody has chosen a piano lesson of Ana's, today."""
    await person.command("/book")
    window = await person.modal("With whom")
    await person.choose(window, "With whom", "Ana Ruiz")
    await person.choose(await person.modal("Piano lesson, 60 min"), "What", "Piano lesson")
    await person.choose(await person.modal("Free times"), "Time", time)
    return await person.modal("Kept for you until")


class TestChannels:
    async def test_given_a_channel_without_slotbook_when_invited_then_try_again_posts(
        self, chats: TwoChats
    ) -> None:
        bo, cem = chats.person("bo"), chats.person("cem")

        await bo.command("/session", '"Retro" 45m next week @cem', channel="random")
        asked = await bo.wait_for("Type /invite @slotbook here, then tap again.", channel="random")
        await chats.slack.app_membership("C0RANDOM", member=True)
        await bo.press(asked, "Try again")

        card = await cem.wait_for("Bo asks", channel="random", since=0)
        assert "which times work?" in card.words

    async def test_given_a_channel_when_archived_then_its_people_are_told_directly(
        self, chats: TwoChats
    ) -> None:
        bo, dia = chats.person("bo"), chats.person("dia")
        await bo.command("/session", SEATS, channel=DESIGN)
        await tap(dia, "Join")
        await dia.wait_for("Booked. ", since=0)

        await chats.slack.archive("C0DESIGN")
        await chats.until(at("2026-11-26 14:01"))

        await dia.wait_for("In 59 min", since=0)

    @pytest.mark.parametrize(
        ("public_url", "instead"),
        [
            (None, "Files are not allowed here, so the calendar file stays with me."),
            (
                "https://book.example",
                "Your calendar file: a link instead, since files are not allowed here.",
            ),
        ],
    )
    async def test_given_files_forbidden_when_booked_then_words_or_a_link_come_instead(
        self, dark_chats: TwoChats, public_url: str | None, instead: str
    ) -> None:
        await dark_chats.slack.uploads(allowed=False)
        dia = dark_chats.person("dia")

        async with dark_chats.running(public_url=public_url):
            await dia.submit(await window_of(dia, "15:00"))
            await dia.wait_for("Booked. *Mon 23 Nov, 15:00-16:00 London*", since=0)
            told = await dia.wait_for(instead, since=0)

        links = [button.url for button in told.buttons]
        assert all(str(url).startswith("https://book.example/") for url in links)
        assert bool(links) is (public_url is not None)


class TestSlackItself:
    async def test_given_slack_asks_to_wait_when_told_then_nothing_is_sent_before(
        self, chats: TwoChats
    ) -> None:
        ana = chats.person("ana")
        await ana.command("/slotbook", "help")
        await ana.wait_for("This is what I can do:")
        await chats.slack.fault("chat.postMessage", retry_after=2, times=1)

        await chats.mia_books("24", "15:00", "Book it")
        await ana.wait_for("Mia Costa booked Piano lesson.", since=0)

        calls = await chats.slack.calls("chat.postMessage")
        refused, then = calls[-2], calls[-1]
        assert then["began"] - refused["ended"] >= 2

    async def test_given_a_revoked_token_when_it_is_good_again_then_what_waited_is_told(
        self, chats: TwoChats
    ) -> None:
        ana = chats.person("ana")
        await ana.command("/slotbook", "help")
        await ana.wait_for("This is what I can do:")
        await chats.slack.fault("chat.postMessage", error="invalid_auth", times=1)

        await chats.mia_books("24", "15:00", "Book it")
        await chats.eventually(lambda: _failed(chats, "chat.postMessage"))
        chats.clock.advance(timedelta(minutes=2))

        await ana.wait_for("Mia Costa booked Piano lesson.", since=0)

    async def test_given_a_trigger_that_expired_when_a_window_was_asked_for_then_a_button_opens_it(
        self, chats: TwoChats
    ) -> None:
        bo = chats.person("bo")
        await chats.slack.fault("views.open", error="expired_trigger_id", times=1)

        await bo.command("/book")
        again = await bo.wait_for_message(lambda message: bool(message.labels))
        await bo.press(again, again.labels[0])

        await bo.modal("With whom")

    async def test_given_a_command_when_delivered_four_times_then_it_has_one_effect(
        self, chats: TwoChats
    ) -> None:
        bo = chats.person("bo")
        ack = await bo.command("/session", SEATS, channel=DESIGN)
        card = await bo.wait_for("2 of 2 seats left", channel=DESIGN, since=0)
        assert ack.delivery is not None
        await tap(chats.person("dia"), "Join")
        await bo.wait_for("in: Dia", channel=DESIGN, since=0)
        joined = (await chats.slack.deliveries("interaction"))[-1]

        again = await chats.slack.replay(ack.delivery, times=3)
        again += await chats.slack.replay(int(joined["id"]), times=3)
        await chats.two_ticks()

        assert all(one.ok for one in again)
        shown = [m for m in await bo.messages(DESIGN) if "Portfolio hour" in m.words]
        assert [message.ts for message in shown] == [card.ts]
        assert "1 of 2 seats left · in: Dia" in shown[0].words
        told = [m for m in await chats.person("dia").messages() if "Booked." in m.said]
        assert len(told) == 1


class TestWindows:
    async def test_given_a_time_kept_in_a_window_when_closed_half_way_then_it_is_free_at_once(
        self, chats: TwoChats
    ) -> None:
        bo, mia = chats.person("bo"), chats.people.user("mia")
        window = await window_of(bo)
        await chats.opens(mia, LESSON)
        kept = await mia.press_and_wait("23", "Which time?")

        await bo.close(window)

        async def free() -> bool:
            newest = await mia.newest()
            return "15:00" in [label for row in newest.labels for label in row]

        assert "15:00" not in [label for row in kept.labels for label in row]
        await chats.eventually(free)

    async def test_given_a_time_lost_after_its_keeping_when_sent_then_the_fault_stands_under_it(
        self, chats: TwoChats
    ) -> None:
        bo, dia = chats.person("bo"), chats.person("dia")
        window = await window_of(bo)
        await chats.later(timedelta(minutes=5, seconds=1))
        other = await window_of(dia, "15:00")
        assert (await dia.submit(other)).ok

        sent = await bo.submit(window)

        shown = "\n".join(each.words for each in sent.views) + str(sent.errors)
        assert not sent.closed
        assert "has just gone. Free near it:" in shown
        assert await chats.live_bookings() == [at("2026-11-23 15:00")]


class TestWhoMay:
    @pytest.mark.parametrize("restricted", ["is_restricted", "is_ultra_restricted", "is_stranger"])
    async def test_given_a_visitor_when_they_join_or_book_then_they_are_refused_in_private(
        self, chats: TwoChats, restricted: str
    ) -> None:
        visitor = await chats.slack.create_user("vic", "Vic Away", **{restricted: True})
        await visitor.join("C0DESIGN")
        await chats.person("bo").command("/session", SEATS, channel=DESIGN)

        await tap(visitor, "Join")
        refusal = await visitor.wait_for("Booking here is for members of Acme.", channel=DESIGN)

        assert refusal.ephemeral
        card = await visitor.wait_for("Portfolio hour", channel=DESIGN, since=0)
        assert "2 of 2 seats left" in card.words


class TestInterruptions:
    async def test_given_work_waiting_when_restarted_then_it_is_done_once(
        self, dark_chats: TwoChats
    ) -> None:
        stage = dark_chats
        bo, dia = stage.person("bo"), stage.person("dia")
        async with stage.running():
            await bo.command("/session", SEATS, channel=DESIGN)
            await bo.wait_for("2 of 2 seats left", channel=DESIGN, since=0)
            # Slack does not answer, so what the press causes cannot be told before the end.
            await stage.slack.fault("chat.postMessage", stall=0.1, times=None)
            await stage.slack.fault("chat.update", stall=0.1, times=None)
            await tap(dia, "Join")
        await stage.slack.clear_faults()

        async with stage.running():
            await dia.wait_for("Booked. ", since=0)
            await bo.wait_for("in: Dia", channel=DESIGN, since=0)
            await stage.two_ticks()
            booked = [m for m in await dia.messages() if "Booked. " in m.said]

        assert len(booked) == 1

    async def test_given_a_socket_cut_in_the_middle_when_typed_on_then_nothing_is_lost(
        self, sqlite_socket: TwoChats
    ) -> None:
        bo, ana = sqlite_socket.person("bo"), sqlite_socket.person("ana")
        await bo.command("/session", SEATS, channel=DESIGN)
        await bo.wait_for("2 of 2 seats left", channel=DESIGN, since=0)

        assert await sqlite_socket.slack.disconnect("cut") >= 1
        await sqlite_socket.slack.wait_connected("socket")
        await tap(ana, "Join")

        await bo.wait_for("in: Ana", channel=DESIGN, since=0)


async def _failed(chats: TwoChats, method: str) -> bool:
    return any(call["error"] for call in await chats.slack.calls(method))
