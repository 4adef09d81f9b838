"""Journey 3 over real HTTP: a team finds a time in its channel, and shares out seats."""

from datetime import timedelta

from builders.times import at
from calendars import read_event
from slack_stage import DESIGN, TwoChats, shown_to, tap, vote

POLL = '"Retro" 45m next week @ana @cem @dia'
SEATS = '"Portfolio hour" 60m thu 16:00 seats 2'


class TestPoll:
    async def test_given_a_line_when_all_vote_then_it_is_settled_and_the_thread_is_reminded(
        self, both_chats: TwoChats
    ) -> None:
        ana, bo, cem, dia = (both_chats.person(key) for key in ("ana", "bo", "cem", "dia"))

        await bo.command("/session", POLL, channel=DESIGN)
        note = await bo.wait_for("Asked in this channel.", channel=DESIGN)
        card = await bo.wait_for("which times work?", channel=DESIGN, since=0)
        await vote(cem, "A", "Yes")
        await bo.wait_for("yes: Bo, Cem", channel=DESIGN, since=0)
        await vote(dia, "A", "If need be")
        await bo.wait_for("if need be: Dia", channel=DESIGN, since=0)
        await tap(ana, "All work for me")
        settled = await cem.wait_for("Retro* is on:", channel=DESIGN, since=0)

        assert note.ephemeral
        assert note.labels == ["Book A now", "Other times", "Undo"]
        assert "Bo, Cem and Dia have set no hours: I took 09:00-17:00 their time." in note.words
        assert "<!date^" in card.words
        assert "Missing: Ana, Cem, Dia." in card.words
        assert settled.ts == card.ts
        assert "Mon 30 Nov, 15:00 Berlin · 45 min · all four are in" in shown_to(settled)
        told = await dia.wait_for(
            "Settled by the last vote:", channel=DESIGN, thread_ts=card.ts, since=0
        )
        assert "I remind this thread 10 min before." in told.words
        filed = await dia.wait_for_message(
            lambda message: bool(message.files), channel=DESIGN, thread_ts=card.ts, since=0
        )
        event = read_event(await both_chats.slack.download(filed.files[0]["url"]))
        assert (event.status, event.summary) == ("CONFIRMED", "Retro with Bo")
        await both_chats.until(at("2026-11-30 13:51"))
        await dia.wait_for("In 9 min", channel=DESIGN, thread_ts=card.ts, since=0)


class TestSeats:
    async def test_given_two_seats_when_more_want_in_then_each_is_offered_the_freed_one_alone(
        self, both_chats: TwoChats
    ) -> None:
        ana, bo, cem, dia = (both_chats.person(key) for key in ("ana", "bo", "cem", "dia"))

        await bo.command("/session", SEATS, channel=DESIGN)
        card = await bo.wait_for("2 of 2 seats left", channel=DESIGN)
        await tap(dia, "Join")
        joined = await dia.wait_for("You are in. Thu 26 Nov, 15:00 London.", channel=DESIGN)
        await tap(cem, "Join")
        await ana.wait_for("Full · in: Dia, Cem", channel=DESIGN, since=0)
        await tap(ana, "Join the waitlist")
        await ana.wait_for("You are next in line.", channel=DESIGN)
        await tap(dia, "Leave")
        offer = await ana.wait_for("A seat is free: Thu 26 Nov, 16:00 · Portfolio hour.", since=0)
        await ana.press(offer, "Take it")
        taken = await bo.wait_for("in: Cem, Ana", channel=DESIGN, since=0)

        assert joined.ephemeral
        assert offer.labels == ["Take it", "Pass"]
        assert taken.ts == card.ts
        await dia.wait_for_message(lambda message: bool(message.files), since=0)

    async def test_given_an_offered_seat_when_passed_or_ignored_then_the_next_in_line_has_it(
        self, chats: TwoChats
    ) -> None:
        ana, bo, cem, dia = (chats.person(key) for key in ("ana", "bo", "cem", "dia"))
        await bo.command("/session", SEATS.replace("seats 2", "seats 2 min 2"), channel=DESIGN)
        await bo.wait_for("takes place with 2, by", channel=DESIGN, since=0)
        eli = await chats.slack.create_user("eli", "Eli Park", tz="Europe/Berlin", locale="en-GB")
        await eli.join("C0DESIGN")
        for each in (cem, dia):
            await tap(each, "Join")
            await each.wait_for("You are in.", channel=DESIGN)
        for each in (ana, eli):
            await tap(each, "Join the waitlist")
            await each.wait_for(" in line. I write to you when a seat is yours.", channel=DESIGN)

        await tap(dia, "Leave")
        await ana.press(await ana.wait_for("A seat is free:", since=0), "Pass")
        await ana.wait_for("Passed on. Thank you for saying so.", since=0)
        await eli.wait_for("A seat is free: Thu 26 Nov, 16:00", since=0)
        await chats.later(timedelta(hours=2, minutes=1))

        await eli.wait_for("The seat is open to everybody now.", since=0)
        await bo.wait_for("1 of 2 seats left · in: Cem", channel=DESIGN, since=0)

    async def test_given_too_few_heads_when_their_time_is_up_then_it_is_called_off_and_told(
        self, chats: TwoChats
    ) -> None:
        bo, dia = chats.person("bo"), chats.person("dia")
        await bo.command("/session", SEATS + " min 2", channel=DESIGN)
        await tap(dia, "Join")
        await dia.wait_for("Booked. ", since=0)

        await chats.until(at("2026-11-25 15:01"))

        card = await bo.wait_for("Called off: ", channel=DESIGN, since=0)
        assert "1 of 2 came together. Dia knows." in card.words
        assert card.labels == ["New time"]
        await dia.wait_for("1 of 2 came together.", since=0)


class TestAsking:
    async def test_given_silent_people_when_time_passes_then_nudged_once_and_settled_by_votes(
        self, chats: TwoChats
    ) -> None:
        bo, cem, dia = (chats.person(key) for key in ("bo", "cem", "dia"))
        await bo.command("/session", '"Retro" 45m next week @cem @dia', channel=DESIGN)
        await vote(cem, "B", "Yes")
        await bo.wait_for("yes: Bo, Cem", channel=DESIGN, since=0)

        await chats.until(at("2026-11-25 00:00"))
        await dia.wait_for("Retro needs your answer by Thu 26 Nov, 14:00.", since=0)
        await chats.until(at("2026-11-26 14:01"))

        await bo.wait_for("Retro* is on: ", channel=DESIGN, since=0)
        nudges = [m for m in await dia.messages() if "needs your answer" in m.said]
        assert len(nudges) <= 1
        assert not any("needs your answer" in m.said for m in await cem.messages())

    async def test_given_a_message_when_its_shortcut_is_used_then_the_poll_is_in_its_thread(
        self, chats: TwoChats
    ) -> None:
        bo, dia = chats.person("bo"), chats.person("dia")
        ts = await dia.say("Launch copy with @ana and @cem?", channel=DESIGN)
        shortcuts = (await chats.slack.state())["shortcuts"]
        (find,) = (one["callback_id"] for one in shortcuts if one["type"] == "message")

        await bo.message_shortcut(find, DESIGN, ts)
        window = await bo.modal("Post in")
        people = window.element("People")[1]["initial_users"]
        await bo.fill(window, "Title", "Launch copy")
        found = await bo.submit(window)
        await bo.submit(found.views[-1])

        card = await dia.wait_for("which times work?", channel=DESIGN, thread_ts=ts, since=0)
        assert people == ["U0DIA", "U0ANA", "U0CEM"]
        assert card.words.startswith("*Launch copy* · 45 min · Bo asks ")
        assert found.views[-1].submit == "Post to thread"

    async def test_given_somebody_else_when_they_settle_then_only_they_read_that_they_cannot(
        self, chats: TwoChats
    ) -> None:
        bo, dia = chats.person("bo"), chats.person("dia")
        await bo.command("/session", '"Retro" 45m next week @dia', channel=DESIGN)

        await tap(dia, "Settle now")

        answer = await dia.wait_for("Only Bo can settle this.", channel=DESIGN)
        assert answer.ephemeral
        card = await bo.wait_for("which times work?", channel=DESIGN, since=0)
        await bo.press(card, "Settle now")
        which = await bo.wait_for("Which time shall it be?", channel=DESIGN)
        await bo.press(which, "Take A")
        await dia.wait_for("Bo settled it: ", channel=DESIGN, thread_ts=card.ts, since=0)
