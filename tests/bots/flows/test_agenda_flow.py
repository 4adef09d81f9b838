"""T10: the coach's day and week."""

from datetime import timedelta

from builders.people import acting
from builders.times import at
from office import Office
from phones import Phone
from scheduling.commands import SayComing, SayLate
from scheduling.ids import RequestId
from scheduling.messages import Action
from scheduling.model import BookingDetails, EventType

BERLIN = "Europe/Berlin"


async def a_tuesday(office: Office) -> tuple[Phone, EventType, dict[str, BookingDetails]]:
    """Return Ana with Leo, Kira and Mia on Tuesday 24 November; Leo and Mia are coming."""
    ana, kind = await office.coach()
    booked = {}
    for name, hour in (("Leo Brandt", 11), ("Kira Novak", 14), ("Mia Costa", 16)):
        phone = await office.phone(name)
        details = await office.books(phone, kind, at(f"2026-11-24 {hour}:00", BERLIN))
        booked[name] = details
        if name != "Kira Novak":
            await office.booking.coming(
                SayComing(
                    actor=acting(office.person(phone)),
                    booking_id=details.booking.id,
                    request_id=RequestId(f"coming {name}"),
                )
            )
    return ana, kind, booked


class TestDay:
    async def test_given_three_sessions_when_looked_at_then_it_reads_as_t10(
        self, office: Office
    ) -> None:
        ana, kind, _ = await a_tuesday(office)
        zoe = await office.phone("Zoe Zed")
        await office.books(
            zoe, await office.change(kind, approval=True), at("2026-11-26 16:00", BERLIN)
        )

        await ana.type("/agenda tomorrow")

        assert ana.text == (
            "Tue 24 Nov · 3 sessions, first at 11:00\n"
            "11:00-12:00  Leo Brandt · coming\n"
            "14:00-15:00  Kira Novak · no answer yet\n"
            "16:00-17:00  Mia Costa · coming\n"
            "Free: 09:00-11:00, 13:00-14:00, 15:00-16:00"
        )
        assert ana.labels == [
            ["1 request"],
            ["‹ Mon 23", "Wed 25 ›"],
            ["Week picture"],
            ["Close what is free", "Can't work on Tue 24"],
        ]

    async def test_given_that_very_day_when_looked_at_then_today_is_what_it_says(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        office.clock.set(at("2026-11-24 07:30", BERLIN))

        await ana.type("/agenda")

        assert ana.text.startswith("Tue 24 Nov · 3 sessions, first at 11:00")
        assert ana.labels[-1] == ["Close what is free", "Can't work today"]

    async def test_given_somebody_late_when_looked_at_then_about_when_is_said(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        mia = await office.phone("Mia Costa")
        details = await office.books(mia, kind, at("2026-11-24 16:00", BERLIN))
        office.clock.set(at("2026-11-24 15:50", BERLIN))
        await office.booking.late(
            SayLate(
                actor=acting(office.person(mia)),
                booking_id=details.booking.id,
                request_id=RequestId("late"),
                by=timedelta(minutes=10),
            )
        )

        await ana.type("/agenda")

        assert "16:00-17:00  Mia Costa · at about 16:10" in ana.text

    async def test_given_nothing_booked_when_looked_at_then_what_is_free_is_counted(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/agenda tomorrow")

        assert ana.text == "Tue 24 Nov · nothing booked. 7 times are free."
        assert ana.labels[0] == ["Share my link"]

    async def test_given_a_closed_day_when_looked_at_then_extra_time_is_the_way_on(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/agenda wed")

        assert ana.text == "Wed 25 Nov · nothing booked, and nothing is open."
        assert ana.labels[0] == ["Extra time"]

    async def test_given_a_group_when_looked_at_then_its_seats_are_counted(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach()
        group = await office.change(kind, capacity=4, title="Choir")
        for name in ("Leo Brandt", "Kira Novak"):
            await office.books(await office.phone(name), group, at("2026-11-24 11:00", BERLIN))

        await ana.type("/agenda tomorrow")

        assert "11:00-12:00  Choir, 2 of 4 seats · no answer yet" in ana.text

    async def test_given_days_when_stepping_then_each_is_read_anew(self, office: Office) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda")

        await ana.tap("Tue 24 ›")
        await ana.tap("Wed 25 ›")
        await ana.tap("‹ Tue 24")

        assert ana.text.startswith("Tue 24 Nov · 3 sessions")
        assert len(ana.screen.messages) == 1

    async def test_given_a_forged_day_when_pressed_then_today_is_shown(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/agenda")

        await ana.press(Action("x", "agenda", argument="9999-99-99"), ana.message_id)

        assert ana.text.startswith("Mon 23 Nov")

    async def test_given_words_that_are_no_day_when_typed_then_an_example_answers(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/agenda blorp")

        assert ana.text.startswith('I did not understand "blorp". Try: ')


class TestClosing:
    async def test_given_gaps_when_closed_then_sessions_stay_and_nothing_is_free(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda tomorrow")

        await ana.tap("Close what is free")
        closed = ana.text
        await ana.tap("Agenda")

        assert closed == "Closed: Tue 24 Nov takes no more bookings.\n3 sessions stay."
        assert "3 sessions" in ana.text
        assert "Free:" not in ana.text

    async def test_given_a_closed_day_when_undone_then_the_gaps_are_back(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda tomorrow")
        await ana.tap("Close what is free")

        await ana.tap("Undo")
        await ana.type("/agenda tomorrow")

        assert "Free: 09:00-11:00, 13:00-14:00, 15:00-16:00" in ana.text

    async def test_given_a_day_one_cannot_work_when_tapped_then_its_sessions_are_asked_about(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda tomorrow")

        await ana.tap("Can't work on Tue 24")

        assert "3 sessions are in it: Leo 11:00, Kira 14:00, Mia 16:00." in ana.text


class TestWeek:
    async def test_given_a_week_when_asked_for_then_it_is_picture_and_words(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda")

        await ana.tap("Week picture")

        assert ana.card.picture is not None
        assert ana.text == ana.card.picture.alt
        assert ana.text.splitlines()[:3] == [
            "23-29 Nov · 3 sessions · Berlin time",
            "Mon 23  free 11:00-12:00, 13:00-17:00",
            "Tue 24  3 booked · free 09:00-11:00, 13:00-14:00, 15:00-16:00",
        ]
        assert len(ana.screen.messages) == 2

    async def test_given_a_week_when_turning_pages_then_the_picture_changes_in_place(
        self, office: Office
    ) -> None:
        ana, _, _ = await a_tuesday(office)
        await ana.type("/agenda week")

        await ana.tap("30 Nov - 6 Dec ›")

        assert ana.text.startswith("30 Nov - 6 Dec · 0 sessions")
        assert len(ana.screen.messages) == 1

    async def test_given_a_whole_week_of_bookings_when_written_then_it_fits_a_caption(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach(line="mon-sun 0-24")
        for day in range(24, 30):
            leo = await office.phone(f"Leo {day}")
            for hour in (1, 5, 9, 13, 17, 21):
                await office.books(leo, kind, at(f"2026-11-{day} {hour:02}:00", BERLIN))

        await ana.type("/agenda week")

        assert len(ana.text) < 1024

    async def test_given_time_off_when_the_week_is_shown_then_it_is_said(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/off thu")

        await ana.type("/agenda week")

        assert "Thu 26  off" in ana.text
