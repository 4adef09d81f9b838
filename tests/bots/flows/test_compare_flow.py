"""/compare: when several people are all free, and on to a session with them."""

from bots.chat import Command
from phones import Phone
from scheduling.messages import CopyText
from team import Team


async def cast(team: Team) -> tuple[Phone, Phone]:
    """Return Bo and Ana, who offers time on some mornings."""
    bo = await team.phone("Bo Lind")
    ana, _ = await team.coach("Ana Ruiz", line="mon,wed 9-12; tue 14-16")
    return bo, ana


async def compare(team: Team, phone: Phone, line: str) -> str:
    return await team.in_group(phone, Command("compare", line))


async def test_given_a_coach_when_compared_then_common_time_is_told_and_drawn(team: Team) -> None:
    bo, _ = await cast(team)

    text = await compare(team, bo, "@ana next week")

    assert text.split("\n") == [
        "When Bo and Ana are all free. Berlin time.",
        "Mon 30 Nov   09:00-12:00",
        "Tue 1 Dec   14:00-16:00",
        "Wed 2 Dec   09:00-12:00",
        "Bo has set no hours: I took 09:00-17:00 their time.",
    ]
    assert bo.card.picture is not None
    assert "Bo and Ana" in bo.card.picture.alt


async def test_given_somebody_without_a_calendar_when_compared_then_they_are_left_out(
    team: Team,
) -> None:
    bo, _ = await cast(team)
    await team.phone("Cem Kaya")

    text = await compare(team, bo, "@ana @cem @zoe next week")

    assert "Cem shares no calendar with you, so I left them out." in text
    assert "I do not know @zoe here yet." in text
    assert text.startswith("When Bo and Ana are all free.")


async def test_given_nobody_to_look_at_when_compared_then_it_says_how_to_ask(team: Team) -> None:
    bo, _ = await cast(team)
    await team.phone("Cem Kaya")

    assert (await compare(team, bo, "")).startswith("Whose time shall I compare?")
    assert (await compare(team, bo, "@cem")).startswith("Cem shares no calendar with you")


async def test_given_the_result_when_asked_then_a_session_begins_with_them(team: Team) -> None:
    bo, _ = await cast(team)
    await compare(team, bo, "@ana next week")

    await bo.tap("Ask them for a time")
    assert bo.text == "What is it about? Just type it."
    await bo.type("Launch copy")
    await bo.tap("45 min")
    await team.post()

    assert team.text.startswith("Launch copy · 45 min · Bo asks Ana: which times work?")
    assert "30 Nov" in team.text


async def test_given_the_private_chat_when_compared_then_the_line_for_a_group_is_copied(
    team: Team,
) -> None:
    bo, _ = await cast(team)

    await bo.type("/compare @ana next week")

    copies = [button for button in bo.buttons() if isinstance(button, CopyText)]
    assert [each.text for each in copies] == ['/session "Meeting" 45m @ana']


async def test_given_the_week_after_when_pressed_then_it_is_seven_days_later(team: Team) -> None:
    bo, _ = await cast(team)
    await compare(team, bo, "@ana next week")

    await bo.tap("Week after")

    assert "Mon 7 Dec   09:00-12:00" in bo.text


async def test_given_a_slip_when_compared_then_the_part_is_told(team: Team) -> None:
    bo, _ = await cast(team)

    assert 'Not "25:00"' in await compare(team, bo, "@ana tue 25:00")
    assert "That time is over" in await compare(team, bo, "@ana today 8:00")
