from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.grammar.session_line import SessionNotUnderstood, parse_session

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # a Tuesday


def test_given_a_whole_line_when_read_then_every_part_is_known() -> None:
    line = parse_session('"Retro" 45m next week @ana @cem @dia', now=NOW)

    assert line.title == "Retro"
    assert line.duration == 45
    assert line.when is not None
    assert (line.when.on, line.when.last) == (date(2026, 11, 30), date(2026, 12, 6))
    assert line.people == ("@ana", "@cem", "@dia")
    assert (line.seats, line.minimum) == (None, None)


def test_given_seats_and_a_minimum_when_read_then_they_are_no_length() -> None:
    line = parse_session('"Portfolio hour" 60m thu 16:00 seats 4 min 2', now=NOW)

    assert (line.title, line.duration, line.seats, line.minimum) == ("Portfolio hour", 60, 4, 2)
    assert line.when is not None
    assert (line.when.on, line.when.at) == (date(2026, 11, 26), 16 * 60)


@pytest.mark.parametrize(
    "text",
    [
        '"Retro" @ana seats 4 45m thu 16:00 min 2',
        '@ana "Retro" min 2, thu 16:00, 4 seats 45 min',
        'seats 4 min 2 thu 16:00 45 minutes "Retro" @ana',
        "“Retro” 45m thu 16:00 @ana seats: 4 minimum 2",
        "„Retro“ 45m thu 16:00 @ana seats four at least two",
        "«Retro» 45m thu 16:00 @ana seats=4 min=2",
        "'Retro' 45m thu 16:00 @ana seats 4 min 2",
        "‘Retro’ 45m thu 16:00-16:45 @ana seats 4 min 2",
        "Retro thu 16:00-16:45 @ana seats 4 min 2",
        "Retro 45 min min 2 thu 16:00 @ana seats 4",
    ],
)
def test_given_the_parts_in_any_order_when_read_then_it_is_the_same_session(text: str) -> None:
    line = parse_session(text, now=NOW)

    assert (line.title, line.duration, line.people) == ("Retro", 45, ("@ana",))
    assert (line.seats, line.minimum) == (4, 2)
    assert line.when is not None
    assert (line.when.on, line.when.at) == (date(2026, 11, 26), 16 * 60)


def test_given_slack_mentions_when_read_then_ids_stay_and_labels_go() -> None:
    line = parse_session('"Retro" 30m <@U2|cem> <@U1|ana> and <@U2>', now=NOW)

    assert line.people == ("<@U2>", "<@U1>")
    assert line.duration == 30
    assert line.when is None


def test_given_an_apostrophe_inside_when_read_then_the_title_is_whole() -> None:
    assert parse_session("'Bo's retro' 45m @ana", now=NOW).title == "Bo's retro"
    assert parse_session("Bo's retro 45m @ana", now=NOW).title == "Bo's retro"


def test_given_a_title_with_words_of_time_when_quoted_then_they_are_no_time() -> None:
    line = parse_session('"Friday 5 at 9" 45m next week', now=NOW)

    assert line.title == "Friday 5 at 9"
    assert line.when is not None
    assert line.when.on == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["", "   ", '""'])
def test_given_nothing_when_read_then_everything_is_missing(text: str) -> None:
    if text == '""':
        with pytest.raises(SessionNotUnderstood):
            parse_session(text, now=NOW)
        return
    line = parse_session(text, now=NOW)
    assert (line.title, line.duration, line.when, line.people) == ("", None, None, ())


def test_given_only_a_title_when_read_then_that_is_all() -> None:
    assert parse_session("Launch copy", now=NOW).title == "Launch copy"
    assert parse_session('"Launch copy"', now=NOW).title == "Launch copy"


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ('"Retro" 45m nxet week @ana', "nxet week"),
        ('"Retro" 45m next week banana @ana', "banana"),
        ('"Retro" 45m 25:00 @ana', "25:00"),
        ('"Retro" 45x next week @ana', "45x"),
        ('"Retro" 45m next week seats 0', "seats 0"),
    ],
)
def test_given_a_slip_when_read_then_it_is_told_with_a_line_that_reads(text: str, odd: str) -> None:
    with pytest.raises(SessionNotUnderstood) as refused:
        parse_session(text, now=NOW)

    assert odd in refused.value.not_understood
    assert refused.value.suggestion
    parse_session(refused.value.suggestion, now=NOW)


def test_given_a_slip_when_told_then_what_was_understood_is_kept() -> None:
    with pytest.raises(SessionNotUnderstood) as refused:
        parse_session('"Retro" 45m next week banana @ana seats 4', now=NOW)

    assert refused.value.understood == '"Retro" 45m next week @ana seats 4'
    assert refused.value.suggestion == '"Retro" 45m next week @ana seats 4'


@given(st.text(max_size=120))
def test_given_any_text_when_read_then_it_reads_or_says_why(text: str) -> None:
    suggestion = text
    try:
        parse_session(text, now=NOW)
    except SessionNotUnderstood as error:
        suggestion = error.suggestion

    parse_session(suggestion, now=NOW)
