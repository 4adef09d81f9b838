"""Journey 3 over real HTTP: a team finds a time in its channel, and shares out seats."""

from builders.times import at
from calendars import read_event
from slack_stage import DESIGN, TwoChats, shown_to, vote

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
        await ana.press_newest("All work for me", channel=DESIGN)
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
        await dia.press_newest("Join", channel=DESIGN)
        joined = await dia.wait_for("You are in. Thu 26 Nov, 15:00 London.", channel=DESIGN)
        await cem.press_newest("Join", channel=DESIGN)
        await ana.wait_for("Full · in: Dia, Cem", channel=DESIGN, since=0)
        await ana.press_newest("Join the waitlist", channel=DESIGN)
        await ana.wait_for("You are next in line.", channel=DESIGN)
        await dia.press_newest("Leave", channel=DESIGN)
        offer = await ana.wait_for("A seat is free: Thu 26 Nov, 16:00 · Portfolio hour.", since=0)
        await ana.press(offer, "Take it")
        taken = await bo.wait_for("in: Cem, Ana", channel=DESIGN, since=0)

        assert joined.ephemeral
        assert offer.labels == ["Take it", "Pass"]
        assert taken.ts == card.ts
        await dia.wait_for_message(lambda message: bool(message.files), since=0)
