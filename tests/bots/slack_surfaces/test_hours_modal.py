"""The window "Your weekly hours"."""

import pytest

from bots.slack.modals.hours_view import DAY, DAYS, LENGTH
from bots.slack.surface import Errors, Update
from builders.people import acting
from scheduling.messages import Action
from slack_person import SlackPerson
from windows import SlackOffice

EDIT = Action("Edit", "hours")
MON, WED = f"{DAY}0", f"{DAY}2"


async def bo(office: SlackOffice) -> SlackPerson:
    """Return Bo, who offers time already."""
    person = await office.in_slack("Bo Lind")
    await office.offers(person, "Review", line="mon,tue 9-12 13-17; fri 9-12")
    return person


class TestHours:
    async def test_given_hours_when_opened_then_each_open_day_has_its_line(
        self, office: SlackOffice
    ) -> None:
        person = await bo(office)

        await person.press(EDIT)

        assert person.window.fields == [DAYS, MON, f"{DAY}1", f"{DAY}4"]
        assert person.window.field(MON)[1]["initial_value"] == "09:00-12:00, 13:00-17:00"
        assert "The week stays as it is." in person.window.text

    async def test_given_a_line_when_typed_then_the_preview_follows(
        self, office: SlackOffice
    ) -> None:
        person = await bo(office)
        await person.press(EDIT)

        await person.writes(MON, "9-12, 14-18")
        assert "New: Mon 09:00-12:00, 14:00-18:00 (was 09:00-12:00, 13:00-17:00)." in (
            person.window.text
        )
        await person.writes(MON, "9-12, 14-1x")
        assert 'Mon: "14-1x" is not a time.' in person.window.text

    async def test_given_a_fault_when_sent_then_it_stands_under_its_day(
        self, office: SlackOffice
    ) -> None:
        person = await bo(office)
        await person.press(EDIT)
        await person.writes(MON, "9-12, 14-1x")

        answer = await person.send()

        assert isinstance(answer, Errors)
        ((block, fault),) = answer.by_block.items()
        assert block.startswith("day.0.")
        assert fault.startswith('"14-1x" is not a time. Try ')

    async def test_given_a_tick_when_set_then_its_line_comes_with_hours_and_the_rest_stays(
        self, office: SlackOffice
    ) -> None:
        person = await bo(office)
        await person.press(EDIT)
        await person.writes(MON, "10-12")

        await person.ticks(DAYS, "Mon", "Tue", "Wed", "Fri")

        assert person.window.field(WED)[1]["initial_value"] == "09:00-12:00"
        assert person.window.state["day.0.0"][MON]["value"] == "10-12"
        await person.ticks(DAYS, "Mon", "Tue", "Fri")
        assert WED not in person.window.fields
        assert "Wed" in person.window.text  # closed, in the preview

    async def test_given_new_hours_when_sent_twice_then_they_count_once_with_undo(
        self, office: SlackOffice
    ) -> None:
        person = await bo(office)
        await person.press(EDIT)
        await person.writes(MON, "10-12")

        answer = await person.send(times=2)

        assert isinstance(answer, Update)
        assert "Saved. People can book this from now on." in person.window.text
        overview = await office.hours.overview(acting(person.person))
        assert overview is not None
        assert [r.start for r in overview.schedule.weekly[0]] == [600]
        await person.push("Undo")
        overview = await office.hours.overview(acting(person.person))
        assert overview is not None
        assert [r.start for r in overview.schedule.weekly[0]] == [540, 780]

    async def test_given_no_tick_when_sent_then_it_asks_for_one(self, office: SlackOffice) -> None:
        person = await bo(office)
        await person.press(EDIT)
        await person.ticks(DAYS)

        assert await person.send(checked=False) == Errors({"days": "Tick at least one day."})

    @pytest.mark.parametrize("text", ["tue 9-12", "9-12 until 20 dec", "24 dec off"])
    async def test_given_more_than_this_days_hours_when_sent_then_it_is_refused(
        self, office: SlackOffice, text: str
    ) -> None:
        person = await bo(office)
        await person.press(EDIT)
        await person.writes(MON, text)

        assert isinstance(await person.send(), Errors)

    async def test_given_somebody_new_when_sent_then_they_offer_time_and_get_their_link(
        self, office: SlackOffice
    ) -> None:
        dia = await office.in_slack("Dia Roy")
        await dia.press(Action("Offer my time", "offer"))
        assert "60 min each, 40 a week." in dia.window.text

        await dia.choose(LENGTH, "30 min")
        assert "30 min each, 80 a week." in dia.window.text
        await dia.send()

        assert "t.me/pianobot" in dia.window.text
        kinds = await office.database.queries.event_types_of(
            dia.person.organization_id, dia.person.id
        )
        assert [kind.duration.seconds for kind in kinds] == [1800]
