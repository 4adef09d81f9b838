"""Buttons nobody ever drew: every verb of the coach's flows answers calmly and changes nothing."""

import pytest

from office import Office
from scheduling.messages import Action

DRAFT_VERBS = (
    "hours", "chghrs", "hrsback", "dur", "savehrs", "hrspic", "offgo", "spanuse",
    "typeset", "aboutset", "declgo", "meset",
)  # fmt: skip
OTHERS = (
    "undohrs", "openend", "offend", "qr", "nicer", "preview", "type", "typeadd", "typeflip",
    "link", "agenda", "week", "asks", "shutday", "off", "open", "mytypes", "hostmenu", "offer",
    "me", "help", "approve", "decline", "wait", "coachok", "coachno",
)  # fmt: skip
ARGUMENTS = ("", "9999-12-31", "0001-01-01", "99999999999999999999", "day.9999-12-31", "r9", "x")


async def state(office: Office) -> list[object]:
    """Return everything a press could have changed."""
    person = next(iter(office.known.values()))
    organization_id = person.organization_id
    queries = office.database.queries
    return [
        await queries.person(organization_id, person.id),
        await queries.hours(organization_id, person.id, office.clock.now()),
        await queries.event_types_of(organization_id, person.id),
    ]


@pytest.mark.parametrize("verb", [*DRAFT_VERBS, *OTHERS])
async def test_given_a_forged_button_when_pressed_then_it_is_answered_and_changes_nothing(
    office: Office, verb: str
) -> None:
    ana, _ = await office.coach()
    await ana.type("/agenda")
    before = await state(office)

    for argument in ARGUMENTS:
        for subject in ("", "nobodyknows1"):
            shown = ana.screen.changes
            await ana.press(Action("x", verb, subject, 3, argument), ana.message_id)
            assert ana.screen.changes > shown

    assert await state(office) == before


@pytest.mark.parametrize(
    "line",
    [
        "/agenda 9999-12-31",
        "/off 9999-12-31",
        "/off 2026-11-24 - 9999-12-31",
        "/open 9999-12-31 10:00",
        "/off 0001-01-01",
        "/availability 9999-12-31 off",
        "/open " + "9" * 400,
        "/off \x00\u202e",
    ],
)
async def test_given_a_year_nobody_means_when_typed_then_it_is_answered_and_changes_nothing(
    office: Office, line: str
) -> None:
    ana, _ = await office.coach()
    before = await state(office)

    await ana.type(line)

    assert ana.text
    assert await state(office) == before


async def test_given_quiet_hours_of_thousands_of_digits_when_typed_then_they_are_not_understood(
    office: Office,
) -> None:
    ana, _ = await office.coach()
    await ana.type("/me")
    await ana.tap("Quiet hours")

    await ana.type("9" * 4500 + "-8")

    assert ana.text.startswith("I did not understand")
