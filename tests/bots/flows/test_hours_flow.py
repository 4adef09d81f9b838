"""/availability: the week shown, a line looked at, saved and taken back; and half-read lines."""

from builders.times import at
from office import Office
from phones import Phone
from scheduling.people import Actor


async def monday(office: Office, phone: Phone) -> str:
    """Return the coach's hours on Mondays as stored."""
    overview = await office.database.queries.hours(
        office.person(phone).organization_id, office.person(phone).id, office.clock.now()
    )
    assert overview is not None
    return ", ".join(f"{r.start // 60}-{r.end // 60}" for r in overview.schedule.weekly.get(0, ()))


class TestShowing:
    async def test_given_hours_when_asked_for_then_the_week_has_its_ways_on(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/availability")

        assert ana.text == (
            "This is your week, in Berlin time:\n"
            "Mon, Tue, Thu, Fri  09:00-12:00, 13:00-17:00\n"
            "Wed, Sat, Sun  closed"
        )
        assert ana.labels == [["Edit", "Time off", "Extra time"], ["Week picture"]]

    async def test_given_a_coach_in_another_zone_now_when_shown_then_hours_keep_their_own(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await office.people.set_zone(_actor(office, ana), "America/New_York")

        await ana.type("/hours")

        assert ana.text.startswith("This is your week, in Berlin time:\nMon, Tue, Thu, Fri  09:00")

    async def test_given_extra_time_and_time_off_when_shown_then_both_are_named(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/open sat 10:00 2h")
        await ana.type("/off 24 dec - 2 jan")

        await ana.type("/availability")

        assert "Extra time: Sat 28 Nov, 10:00-12:00." in ana.text
        assert "Off: Thu 24 Dec - Sat 2 Jan 2027." in ana.text


class TestLookingAtALine:
    async def test_given_a_line_when_typed_then_changes_and_bookings_outside_are_marked(
        self, office: Office
    ) -> None:
        ana, kind = await office.coach(line="mon-fri 9-17")
        leo = await office.phone("Leo Brandt")
        await office.books(leo, kind, at("2026-11-25 11:00", "Europe/Berlin"))

        await ana.type("/availability mon,tue,thu,fri 9-12, 13-17; wed off")

        assert ana.text == (
            "This is your week, in Berlin time:\n"
            "Mon, Tue, Thu, Fri  09:00-12:00, 13:00-17:00\n"
            "Wed, Sat, Sun  closed\n"
            "28 hours a week. New: Mon, Tue, Thu, Fri 09:00-12:00, 13:00-17:00 "
            "(was 09:00-17:00); Wed closes (was 09:00-17:00).\n"
            "1 booking stays outside these hours: Wed 25 Nov, 11:00.\n"
            "First free: Mon 23 Nov, 11:00."
        )
        assert ana.labels == [["Save", "Edit", "Picture"]]

    async def test_given_a_preview_when_nothing_was_pressed_then_nothing_was_saved(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")

        await ana.type("/availability mon 9-10")

        assert await monday(office, ana) == "9-17"

    async def test_given_an_end_that_is_over_when_typed_then_it_is_said_and_left_out(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/availability mon-fri 9-17 until 1 jan 2026")
        said = ana.text
        await ana.tap("Use: mon-fri 09:00-17:00")

        assert said == (
            'I understood "mon-fri 09:00-17:00". Not "until Thu 1 Jan, which is over". '
            "Try: mon-fri 09:00-17:00"
        )

    async def test_given_a_last_day_when_looked_at_then_it_is_said(self, office: Office) -> None:
        ana, _ = await office.coach()

        await ana.type("/availability tue-thu 14-18 until 20 dec")

        assert "Until Sun 20 Dec, then closed." in ana.text

    async def test_given_a_preview_when_the_picture_is_asked_for_then_it_comes_below(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/availability mon 9-12")

        await ana.tap("Picture")

        assert ana.card.picture is not None
        assert "Mon  09:00-12:00" in ana.card.picture.alt
        assert len(ana.screen.messages) == 2

    async def test_given_a_preview_when_another_line_is_typed_then_that_one_is_looked_at(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/availability mon 9-12")

        await ana.type("tue 9-12")

        assert "Tue  09:00-12:00" in ana.text
        assert len(ana.screen.messages) == 1


class TestSaving:
    async def test_given_a_preview_when_saved_then_people_book_it_from_now_on(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")

        await ana.tap("Save")

        assert ana.text == "Saved. People can book this from now on."
        assert ana.labels == [["Undo", "Share my link"]]
        assert await monday(office, ana) == "9-12"

    async def test_given_saved_hours_when_undone_then_they_are_as_they_were(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")
        await ana.tap("Save")
        undo, message_id = ana.button("Undo")

        await ana.press(undo, message_id)
        await ana.press(undo, message_id)

        assert await monday(office, ana) == "9-17"
        assert ana.text == "Undone. Your hours are as they were."
        assert ana.toast.startswith("That was undone already")

    async def test_given_save_pressed_twice_when_undone_then_nothing_is_left_of_it(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")
        save, message_id = ana.button("Save")
        await ana.press(save, message_id)
        await ana.press(save, message_id)

        await ana.tap("Undo")

        assert await monday(office, ana) == "9-17"

    async def test_given_a_minute_later_when_undone_then_it_is_too_late(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")
        await ana.tap("Save")
        office.clock.advance(office.policy.undo_ttl)

        await ana.tap("Undo")

        assert await monday(office, ana) == "9-12"
        assert "too late" in ana.toast

    async def test_given_somebody_elses_preview_when_pressed_then_it_is_refused(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        bo, _ = await office.coach("Bo Lind", line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")
        save, message_id = ana.button("Save")

        await bo.press(save, message_id)

        assert bo.toast == "This one is Ana's. Yours: /my"
        assert await monday(office, ana) == "9-17"
        assert await monday(office, bo) == "9-17"

    async def test_given_an_old_preview_when_saved_then_the_newer_line_is_shown_instead(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability mon 9-12")
        save, message_id = ana.button("Save")
        await ana.type("tue 9-12")

        await ana.press(save, message_id)

        assert await monday(office, ana) == "9-17"
        assert "Tue  09:00-12:00" in ana.text

    async def test_given_the_editor_when_going_back_then_the_week_is_shown_and_words_are_free(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach(line="mon-fri 9-17")
        await ana.type("/availability")
        await ana.tap("Edit")

        await ana.tap("Back")
        shown = ana.text
        await ana.type("mon 9-10")

        assert shown.startswith("This is your week")
        assert await monday(office, ana) == "9-17"


class TestHalfUnderstood:
    async def test_given_half_a_line_when_typed_then_three_parts_answer_it(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/availability tue 14-1x")

        assert ana.text == 'I understood "tue". Not "14-1x". Try: tue 14-18'
        assert ana.labels == [["Use: tue 14-18", "Help"]]

    async def test_given_the_suggestion_when_used_then_its_week_is_looked_at(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()
        await ana.type("/availability tue 14-1x")

        await ana.tap("Use: tue 14-18")

        assert "Tue  14:00-18:00" in ana.text

    async def test_given_markup_and_nul_when_typed_then_it_is_answered_as_words(
        self, office: Office
    ) -> None:
        ana, _ = await office.coach()

        await ana.type("/availability <b>mon\x00</b> 9-17")

        assert "Try: " in ana.text


def _actor(office: Office, phone: Phone) -> Actor:
    return Actor(office.person(phone).organization_id, office.person(phone).id)
