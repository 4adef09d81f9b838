"""The window "Find a time together"."""

from datetime import timedelta

import pytest

from bots.slack.modals.session_view import (
    AT,
    HOW,
    LENGTH,
    MINIMUM,
    PEOPLE,
    SEATS,
    TIME,
    TITLE,
    WHEN,
    WHERE,
)
from bots.slack.shortcuts import SESSION, SHORTCUTS
from bots.slack.surface import Errors
from scheduling.people import Platform, Recipient
from scheduling.sessions.model import SessionStatus
from slack_person import SlackPerson
from slack_window import TEAM
from windows import SlackOffice

DESIGN = Recipient(Platform.SLACK, TEAM, "CDESIGN")


async def team(office: SlackOffice) -> tuple[SlackPerson, SlackPerson, SlackPerson]:
    """Return Bo in #design, Ana and Cem."""
    bo = await office.in_slack("Bo Lind")
    bo.group = DESIGN
    return bo, await office.in_slack("Ana Ruiz"), await office.in_slack("Cem Kaya")


async def posted(office: SlackOffice) -> list[dict[str, object]]:
    """Return the sessions there are."""
    return await office.rows("SELECT * FROM sessions ORDER BY title")


class TestFinding:
    async def test_given_a_message_when_used_then_writer_and_mentioned_are_prefilled(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        message = {
            "user": "UANA",
            "text": "Who is in with <@UCEM|cem> and <@UBOT>? <@UBO>",
            "ts": "1700.1",
        }

        await bo.shortcut(SESSION, {"message": message})

        assert bo.window.field(PEOPLE)[1]["initial_users"] == ["UANA", "UCEM"]
        assert bo.window.field(WHERE)[1]["initial_conversation"] == "CDESIGN"

    async def test_given_what_is_wanted_when_sent_then_three_times_and_a_vote_in_the_thread(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        message = {"user": "UANA", "text": "<@UCEM>", "ts": "1700.1"}
        await bo.shortcut(SESSION, {"message": message})
        await bo.writes(TITLE, "Launch copy")
        await bo.choose(WHEN, "This week")

        await bo.send()
        assert "3 times fit all three. Berlin time." in bo.window.text
        assert "Bo, Ana and Cem have set no hours" in bo.window.text
        assert len(bo.window.options(TIME)) == 3
        assert bo.window.view["submit"]["text"] == "Post to thread"
        await bo.send(times=2)

        (session,) = await posted(office)
        assert (session["title"], session["status"]) == ("Launch copy", SessionStatus.ASKING)
        assert "Asked in" in bo.window.text
        assert "Undo" in bo.window.buttons

    async def test_given_a_time_when_booked_now_then_it_is_on_and_all_have_a_seat(
        self, office: SlackOffice
    ) -> None:
        bo, _, cem = await team(office)
        await bo.types("session", '"Retro" next week <@UANA|ana> <@UCEM|cem>')
        assert bo.window.field(TITLE)[1]["initial_value"] == "Retro"
        assert bo.window.chosen(WHEN).startswith("Mon 30 Nov")
        await bo.choose(LENGTH, "30 min")
        await bo.send()

        label = list(bo.window.options(TIME))[1]
        await bo.choose(TIME, label)
        await bo.choose(HOW, "Book it now")
        await bo.send()

        (session,) = await posted(office)
        assert session["status"] == SessionStatus.ON
        now = office.clock.now()
        (mine,) = await office.database.queries.bookings_of(
            cem.person.organization_id, cem.person.id, now=now
        )
        assert mine.booking.time.length == timedelta(minutes=30)
        reader_label = f"{mine.booking.time.start.astimezone():%d}"
        assert reader_label.lstrip("0") in label

    async def test_given_the_bot_is_not_in_the_channel_when_posting_then_it_says_how_to_invite_it(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        office.posts_in["CDESIGN"] = False
        await bo.types("session", '"Retro" <@UANA>')
        await bo.send()

        await bo.send()
        assert "I am not in <#CDESIGN> yet. Type /invite @slotbook there" in bo.window.text
        assert bo.window.view["submit"]["text"] == "Try again"
        assert await posted(office) == []
        office.posts_in["CDESIGN"] = True
        await bo.send()

        assert len(await posted(office)) == 1

    async def test_given_nothing_that_fits_all_when_found_then_it_says_whom_it_misses(
        self, office: SlackOffice
    ) -> None:
        bo, ana, cem = await team(office)
        await office.offers(ana, "A", line="mon-fri 9-12")
        await office.offers(cem, "B", line="mon-fri 14-17")
        await bo.types("session", '"Retro" 45m')
        await bo.picks(PEOPLE, "UANA", "UCEM")
        await bo.send()

        assert "Nothing fits all three." in bo.window.text
        assert any("without" in label for label in bo.window.options(TIME))
        assert bo.window.view["submit"]["text"] == "Ask anyway"
        await bo.push("Week after")
        assert "30 Nov" in " ".join(bo.window.options(TIME)) or "Dec" in bo.window.text
        await bo.push("Change")
        assert bo.window.field(TITLE)[1]["initial_value"] == "Retro"
        assert bo.window.field(PEOPLE)[1]["initial_users"] == ["UANA", "UCEM"]


class TestOpenSession:
    async def test_given_seats_and_a_start_when_sent_then_it_is_posted_at_once(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        await bo.types("session", '"Portfolio hour" thu 16:00 seats 4 min 2')
        assert bo.window.field(AT)[1]["initial_value"] == "Thu 26 Nov, 16:00"

        await bo.choose(LENGTH, "60 min")
        await bo.send()

        (session,) = await posted(office)
        assert (session["status"], session["capacity"], session["minimum"]) == ("on", 4, 2)
        (hosted,) = await office.rows("SELECT * FROM bookings")
        assert "Posted in" in bo.window.text
        assert hosted["title"] == "Portfolio hour"


class TestWhen:
    async def test_given_a_weekend_when_opened_then_next_week_is_meant(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        office.clock.advance(timedelta(days=5))

        await bo.types("session", '"Retro"')

        assert bo.window.chosen(WHEN) == "Next week"


class TestBadInput:
    async def test_given_home_when_nobody_is_chosen_then_it_asks_for_them(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        bo.group = None
        await bo.opens_home()
        await bo.home_press("Find a time together")
        await bo.writes(TITLE, "Retro")
        await bo.picks_channel(WHERE, "CDESIGN")

        answer = await bo.send()

        assert answer == Errors(
            {"people": "Choose who should be there, or how many seats there are."}
        )

    @pytest.mark.parametrize(
        ("action", "text", "block"),
        [(TITLE, "​", "title"), (SEATS, "one", "seats"), (SEATS, "999", "seats"),
         (MINIMUM, "0x", "minimum"), (AT, "yesterday 10:00", "at"), (AT, "blue", "at")],
    )  # fmt: skip
    async def test_given_a_field_that_cannot_be_read_when_sent_then_its_fault_stands_under_it(
        self, office: SlackOffice, action: str, text: str, block: str
    ) -> None:
        bo, _, _ = await team(office)
        await bo.types("session", '"Retro"')
        await bo.picks(PEOPLE, "UANA")
        await bo.writes(action, text)

        answer = await bo.send()

        assert isinstance(answer, Errors)
        assert set(answer.by_block) == {block}

    @pytest.mark.parametrize("channel", ["", "UANA", "DANA", "C1/U1", "C1#1.1"])
    async def test_given_a_place_that_is_no_channel_when_sent_then_it_is_refused(
        self, office: SlackOffice, channel: str
    ) -> None:
        bo, _, _ = await team(office)
        await bo.types("session", '"Retro"')
        await bo.picks(PEOPLE, "UANA")
        await bo.picks_channel(WHERE, channel)

        answer = await bo.send(checked=False)

        assert answer == Errors({"where": "Choose a channel"})
        assert await posted(office) == []

    async def test_given_somebody_who_may_not_be_asked_when_sent_then_it_says_so(
        self, office: SlackOffice
    ) -> None:
        bo, _, _ = await team(office)
        await bo.types("session", '"Retro"')
        await bo.picks(PEOPLE, "UANA", "UROBOT")

        answer = await bo.send()

        assert isinstance(answer, Errors)
        assert "people" in answer.by_block

    async def test_given_a_complete_line_when_typed_then_it_is_the_routers(
        self, office: SlackOffice
    ) -> None:
        find = office.surfaces.find_command

        assert find("session", '"Retro" 45m next week <@UANA>') is None
        assert find("session", '"Portfolio hour" 60m thu 16:00 seats 4') is None
        assert find("session", '"Retro" 45m florp') is None
        for line in ("", '"Retro"', '"Retro" 45m', '"Retro" 60m seats 4', "45m <@UANA>"):
            assert find("session", line) is not None, line


def test_given_the_shortcuts_then_slack_takes_them() -> None:
    for entry in SHORTCUTS:
        assert len(entry.name) <= 24
        assert len(entry.description) <= 150
