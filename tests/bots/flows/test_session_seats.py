"""S5: an open session, its seats, its line, and the count of heads."""

import asyncio
from datetime import timedelta

from bots.chat import Press
from builders.times import at
from phones import Phone
from scheduling.ids import SessionId
from scheduling.sessions.model import SessionStatus
from team import Team

LINE = '"Portfolio hour" 60m thu 16:00 seats 2 min 2'


async def opened(team: Team, line: str = LINE) -> Phone:
    """Return Bo, whose portfolio hour is in the group."""
    bo = await team.phone("Bo Lind")
    await team.command(bo, line)
    return bo


class TestOpening:
    async def test_given_a_whole_line_when_typed_then_the_card_reads_as_in_the_script(
        self, team: Team
    ) -> None:
        bo = await opened(team, '"Portfolio hour" 60m thu 16:00 seats 4 min 2')

        assert team.text.split("\n") == [
            "Portfolio hour · Thu 26 Nov, 16:00 Berlin · 60 min · with Bo",
            "4 of 4 seats left · nobody is in yet"
            " · takes place with 2, by Wed 25 Nov, 16:00 Berlin",
        ]
        assert bo.text == "Posted in the group."
        assert bo.labels == [["Undo", "Call off"]]

    async def test_given_no_start_when_typed_then_it_is_asked(self, team: Team) -> None:
        bo = await team.phone("Bo Lind")

        answer = await team.command(bo, '"Portfolio hour" 60m seats 4')
        assert answer == "When is Portfolio hour? Type it, such as: thu 16:00"
        await bo.type("thu 16:00")
        await team.post()

        assert "Thu 26 Nov, 16:00 Berlin" in team.text

    async def test_given_bo_is_booked_then_when_opened_then_near_times_are_offered(
        self, team: Team
    ) -> None:
        bo = await opened(team)

        answer = await team.command(bo, '"Second" 60m thu 16:00 seats 3')

        assert "has just gone. Near it, free now:" in answer
        taps = [label for row in bo.labels for label in row]
        assert taps
        await bo.tap(taps[0])
        await team.post()
        assert "Second" in team.text


class TestSeats:
    async def test_given_a_seat_when_joined_then_the_card_and_the_private_chat_say_so(
        self, team: Team
    ) -> None:
        await opened(team)
        dia = await team.phone("Dia Roy")

        answer = await team.press(dia, "Join")
        await team.post(dia)

        assert answer.startswith("You are in. Thu 26 Nov, 16:00 Berlin.")
        assert "1 of 2 seats left · in: Dia" in team.text
        assert dia.text.startswith("Booked. Thu 26 Nov, 16:00-17:00 Berlin")

    async def test_given_a_second_tap_when_in_already_then_it_says_so(self, team: Team) -> None:
        await opened(team)
        dia = await team.phone("Dia Roy")
        await team.press(dia, "Join")

        assert (await team.press(dia, "Join")).startswith("You are in already. Thu 26 Nov")

    async def test_given_bo_when_joining_then_no_seat_is_needed(self, team: Team) -> None:
        bo = await opened(team)

        assert await team.press(bo, "Join") == "You lead this one, so you need no seat."

    async def test_given_a_seat_when_left_then_it_is_free_again(self, team: Team) -> None:
        await opened(team)
        dia = await team.phone("Dia Roy")
        await team.press(dia, "Join")

        answer = await team.press(dia, "Leave")

        assert answer == "You are out of Portfolio hour. Your seat is free for others."
        assert "2 of 2 seats left" in team.text

    async def test_given_no_seat_when_leaving_then_it_says_so(self, team: Team) -> None:
        await opened(team)
        gus = await team.phone("Gus Berg")

        assert await team.press(gus, "Leave") == "You have no seat in Portfolio hour."

    async def test_given_sixty_taps_on_the_last_seats_when_at_once_then_two_are_in(
        self, team: Team
    ) -> None:
        await opened(team)
        crowd = [await team.phone(f"P{number} Q") for number in range(8)]
        join = team.group_button("Join")

        await asyncio.gather(
            *(team.in_group(each, Press(join.verb, join.subject, 1)) for each in crowd)
        )
        await team.redraw()

        details = await team.details(SessionId(join.subject))
        assert details.booking is not None
        assert details.booking.booking.seats_used == 2
        assert "Full · in: " in team.text


class TestLine:
    async def full(self, team: Team) -> tuple[Phone, Phone, Phone]:
        """Return Dia and Eli, who are in, and Gus, who waits."""
        await opened(team)
        dia, eli, gus = [await team.phone(each) for each in ("Dia Roy", "Eli Noor", "Gus Berg")]
        await team.press(dia, "Join")
        await team.press(eli, "Join")
        await team.press(gus, "Join the waitlist")
        await team.post(gus)
        return dia, eli, gus

    async def test_given_no_seat_left_when_waiting_then_the_place_is_told(self, team: Team) -> None:
        _, _, gus = await self.full(team)

        assert "Full · in: Dia, Eli · waiting: Gus" in team.text
        assert gus.text == "You are next in line. I write to you when a seat is yours."
        assert gus.labels == [["Stop waiting"]]

    async def test_given_an_old_button_when_joining_a_full_one_then_the_line_is_offered(
        self, team: Team
    ) -> None:
        await self.full(team)
        session_id = (await team.session()).id
        fay = await team.phone("Fay Wu")

        await team.in_group(fay, Press("sjoin", session_id, 1))

        assert fay.text.startswith("Portfolio hour, Thu 26 Nov, 16:00, is full.")
        assert fay.labels == [["Join the waitlist"]]

    async def test_given_a_freed_seat_when_offered_then_it_is_taken_with_one_tap(
        self, team: Team
    ) -> None:
        dia, _, gus = await self.full(team)

        await team.press(dia, "Leave")
        await team.post(gus)
        assert gus.text.startswith("A seat is free: Thu 26 Nov, 16:00 · Portfolio hour.")
        await gus.tap("Take it")
        await team.post(gus)

        assert gus.text.startswith("Booked. ")
        assert "Full · in: Eli, Gus" in team.text

    async def test_given_an_offer_when_passed_then_the_seat_is_free(self, team: Team) -> None:
        dia, _, gus = await self.full(team)
        await team.press(dia, "Leave")
        await team.post(gus)

        await gus.tap("Pass")
        await team.redraw()

        assert gus.text == "Passed on. Thank you for saying so."
        assert "1 of 2 seats left · in: Eli" in team.text

    async def test_given_an_offer_that_lapsed_when_taken_then_it_says_who_has_it(
        self, team: Team
    ) -> None:
        dia, _, gus = await self.full(team)
        fay = await team.phone("Fay Wu")
        await team.press(fay, "Join the waitlist")
        await team.press(dia, "Leave")
        await team.post(gus)
        take, message_id = gus.button("Take it")

        await team.later(timedelta(hours=3), gus, fay)
        assert gus.text.endswith("You are still waiting.")
        await gus.press(take, message_id)

        assert gus.text == "That seat went to the next in line. You are still waiting."
        assert fay.text.startswith("A seat is free: ")

    async def test_given_a_place_in_the_line_when_given_up_then_it_is_gone(
        self, team: Team
    ) -> None:
        _, _, gus = await self.full(team)

        await gus.tap("Stop waiting")
        await team.redraw()

        assert gus.text == "You are no longer in the line for Portfolio hour."
        assert "waiting" not in team.text


class TestHeads:
    async def test_given_too_few_when_heads_are_counted_then_it_is_called_off(
        self, team: Team
    ) -> None:
        await opened(team)
        dia = await team.phone("Dia Roy")
        await team.press(dia, "Join")
        await team.post(dia)

        await team.later(at("2026-11-25 16:01", "Europe/Berlin") - team.clock.now(), dia)

        assert (await team.session()).status is SessionStatus.CALLED_OFF
        assert team.text == (
            "Called off: Thu 26 Nov, 16:00 Berlin · Portfolio hour. "
            "1 of 2 came together. Dia knows."
        )
        assert "1 of 2 came together." in team.channel.thread[-1]
        assert dia.text.startswith("Called off: Thu 26 Nov, 16:00")

    async def test_given_it_was_called_off_when_bo_wants_a_new_time_then_he_types_it(
        self, team: Team
    ) -> None:
        bo = await opened(team)
        await team.later(at("2026-11-25 16:01", "Europe/Berlin") - team.clock.now(), bo)

        await team.press(bo, "New time")
        assert bo.text.startswith("When is Portfolio hour?")
        await bo.type("fri 16:00")
        await team.post()

        assert "Portfolio hour · Fri 27 Nov, 16:00 Berlin" in team.text

    async def test_given_ten_minutes_left_when_it_is_on_then_the_thread_is_reminded(
        self, team: Team
    ) -> None:
        await opened(team, '"Portfolio hour" 60m thu 16:00 seats 4')

        await team.later(at("2026-11-26 15:50", "Europe/Berlin") - team.clock.now())

        assert team.channel.thread == ["In 10 minutes · Portfolio hour · Thu 26 Nov, 16:00 Berlin"]


class TestLink:
    async def test_given_a_link_when_opened_then_start_ends_in_a_seat(self, team: Team) -> None:
        await opened(team)
        session = await team.session()
        dia = await team.phone("Dia Roy", zone=None)

        await dia.type(f"/start j_{session.id}")
        await team.post(dia)

        assert dia.text.startswith("Booked. Thu 26 Nov")
        assert "in: Dia" in team.text

    async def test_given_a_link_that_never_was_when_opened_then_it_says_so(
        self, team: Team
    ) -> None:
        dia = await team.phone("Dia Roy")

        await dia.type("/start j_nothing")

        assert dia.text

    async def test_given_no_private_chat_when_pressed_then_only_a_toast_answers(
        self, team: Team
    ) -> None:
        await opened(team)
        dia = await team.phone("Dia Roy")

        answer = await team.press(dia, "Join", private=False)

        assert answer.startswith("You are in. ")
