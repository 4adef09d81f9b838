"""What one person is told about a group session: answers to what they typed or pressed."""

from collections.abc import Sequence
from datetime import datetime, time

from scheduling.messages import Action, Button, ButtonStyle, ChatMessage, CopyText, Plain
from scheduling.moments import seconds
from scheduling.people import Person, Platform, Recipient
from scheduling.sessions.model import CommonTimes, Option, SessionStatus
from wording.lines import card, in_rows
from wording.session_news import stop
from wording.session_view import SessionView, all_of, counted
from wording.times import Reader
from wording.zones import Target

LENGTHS = (15, 30, 45, 60, 90)
"""Minutes that are offered where none were typed."""


def _place(reader: Reader, group: Recipient) -> str:
    here = group.platform is Platform.SLACK
    return reader.say("session.this_channel" if here else "session.the_group")


def asked(view: SessionView, found: CommonTimes) -> ChatMessage:
    """Tell the organizer what was posted, and what slotbook cannot see."""
    words = view.say("session.asked", group=_place(view.reader, view.session.group))
    first = view.session.options[0].letter
    row = (
        view.button("session.book_now", "ssettle", first, letter=first),
        view.button("session.other_times", "sadd", "new"),
        view.button("session.undo", "sundo"),
    )
    return card(words + " " + unseen(view.reader, found), rows=(row,))


def unseen(reader: Reader, found: CommonTimes) -> str:
    """Return "Dia and Eli have set no hours: I took 09:00-17:00. Other calendars I cannot see."."""
    without = [each for each in found.people if each.id in found.without_hours]
    lines = [reader.say("session.other_calendars")]
    if without:
        lines.insert(0, without_hours(reader, without))
    return " ".join(lines)


def without_hours(reader: Reader, people: Sequence[Person]) -> str:
    """Return "Bo has set no hours: I took 09:00-17:00 their time.", in their clock."""
    names, day = reader.listing([each.first_name for each in people]), reader.today
    begin, end = (datetime.combine(day, time(hour)) for hour in (9, 17))
    hours = reader.time_range(reader.at(begin), reader.at(end))
    return reader.say("session.no_hours", count=len(people), names=names, hours=hours)


def posted(view: SessionView) -> ChatMessage:
    """Tell the organizer that the open session is out."""
    words = view.say("session.posted", group=_place(view.reader, view.session.group))
    row = (view.button("session.undo", "sundo"), view.button("session.call_off", "soff"))
    return card(words, rows=(row,))


# --- what a line lacks ---


def only_in_groups(reader: Reader, line: str) -> ChatMessage:
    """Say where sessions live, with the line to type there."""
    typed = f"/session {line}".strip() if line else reader.say("session.example")
    rows = ((CopyText(reader.say("hosting.copy"), typed[:256]),),)
    return card(reader.say("session.in_group", line=typed), rows=rows)


def need_title(reader: Reader, problem: str = "") -> ChatMessage:
    """Ask what it is about; ``problem`` says why what was typed cannot be."""
    return card(problem, reader.say("session.need_title"))


def need_length(reader: Reader, target: Target, title: str, problem: str = "") -> ChatMessage:
    """Ask how long it is, with the usual lengths."""
    buttons = [
        target.button(reader.say("times.short_minutes", count=each), "slen", str(each))
        for each in LENGTHS
    ]
    return card(problem, reader.say("session.need_length", title=title), rows=[tuple(buttons)])


def need_people(
    reader: Reader, title: str, unknown: Sequence[str], problem: str = ""
) -> ChatMessage:
    """Ask whom it is for; ``unknown`` are names typed that nobody here has."""
    question = reader.say("session.need_people", title=title)
    return card(problem, _unknown(reader, unknown), question)


def _unknown(reader: Reader, names: Sequence[str]) -> str:
    if not names:
        return ""
    return reader.say("session.unknown_people", names=reader.listing(names))


def need_start(reader: Reader, title: str, problem: str = "") -> ChatMessage:
    """Ask when it is."""
    return card(problem, reader.say("session.need_start", title=title))


def start_taken(
    reader: Reader, target: Target, sentence: str, near: Sequence[datetime]
) -> ChatMessage:
    """Say that the organizer cannot then, with free times near it."""
    buttons = [
        target.button(reader.near_with_day(each), "sat", str(seconds(each))) for each in near
    ]
    words = sentence + (reader.say("refused.near") if buttons else "")
    return card(words, reader.say("session.need_times"), rows=in_rows(buttons, 3))


def span_problem(reader: Reader, problem: str) -> str:
    """Return what is wrong with a time that was typed."""
    key = {"past": "session.past_span", "gap": "session.gap_time"}.get(problem, "session.long_span")
    return reader.say(key)


def nothing_fits(reader: Reader, target: Target, found: CommonTimes) -> ChatMessage:
    """Say that no time suits all, with the one that suits most."""
    number = len(found.people)
    words = reader.say("session.nothing_fits", all=all_of(reader, number))
    week = target.button(reader.say("session.week_after"), "sweek")
    if not found.times:
        return card(words + reader.say("session.nobody_can"), rows=((week,),))
    best = found.times[0]
    missing = [each.first_name for each in found.people if each.id in best.missing]
    words += reader.say(
        "session.nearly",
        count=counted(reader, number - len(missing)).capitalize(),
        time=reader.day_time(best.time.start),
        names=reader.listing(missing),
    )
    ask = target.button(reader.say("session.ask_anyway"), "sask", style=ButtonStyle.PRIMARY)
    return card(words, rows=((ask, week),))


def with_unknown(reader: Reader, message: ChatMessage, names: Sequence[str]) -> ChatMessage:
    """Return the message with a word on people who were named and are not known."""
    if not names:
        return message
    parts = (*message.parts, Plain("\n" + _unknown(reader, names)))
    return ChatMessage(parts, message.rows, live=message.live)


# --- other times ---


def offer_times(
    reader: Reader,
    target: Target,
    starts: Sequence[datetime],
    *,
    problem: str = "",
    several: bool = False,
) -> ChatMessage:
    """Let the organizer tap or type a further time; ``several`` offers the first ones at once."""
    buttons = [
        target.button(reader.near_with_day(each), "saddt", str(seconds(each))) for each in starts
    ]
    rows = in_rows(buttons, 3)
    if several and len(starts) > 1:
        label = reader.say("session.ask_these", count=min(len(starts), 3))
        rows.insert(0, (target.button(label, "saddt", "all", style=ButtonStyle.PRIMARY),))
    return card(problem, reader.say("session.need_times"), rows=rows)


def which_settle(view: SessionView) -> ChatMessage:
    """Let the organizer choose the time; times stand in the text, letters on the buttons."""
    open_ones = [each for each in view.session.options if each.time.start > view.reader.now]
    lines = [
        view.say(
            "session.option_line",
            letter=each.letter,
            time=view.reader.day_time(each.time.start),
        )
        for each in open_ones
    ]
    buttons = [
        view.button("session.take_option", "ssettle", each.letter, letter=each.letter)
        for each in open_ones
    ]
    return card(view.say("session.which_settle"), *lines, rows=in_rows(buttons, 4))


def option_taken(
    view: SessionView, option: Option, rows: Sequence[Sequence[Button]]
) -> ChatMessage:
    """Say that somebody got booked at that time meanwhile, with what is left."""
    time = view.reader.day_time(option.time.start)
    return card(view.say("session.option_taken", time=time), rows=rows)


def posting(view: SessionView) -> ChatMessage:
    """Say that the card is on its way."""
    group = _place(view.reader, view.session.group)
    return card(view.say("session.posting", group=group))


def sure(view: SessionView) -> ChatMessage:
    """Ask before everybody is told that it is off."""
    yes = view.button("session.yes_call_off", "soffyes", style=ButtonStyle.DANGER)
    keep = view.button("session.keep", "sshow")
    return card(view.say("session.sure", title=view.title), rows=((yes, keep),))


# --- votes ---


def voted(view: SessionView, person: Person, *, same: bool = False) -> str:
    """Return what is noted of the person now."""
    key = "session.voted_same" if same else "session.voted"
    return view.say(key, answers=view.own_answers(person.id))


def voted_all(view: SessionView, letter: str) -> ChatMessage:
    """Answer a vote for all times or for none, with the way to say more."""
    words = view.say("session.voted_all" if letter == "y" else "session.voted_none")
    return card(words, rows=((view.button("session.choose", "sshow"),),))


# --- seats ---


def you_are_in(view: SessionView, *, file: bool) -> ChatMessage:
    """Return "You are in. Thu 26 Nov, 16:00 Berlin. ..." with Undo."""
    words = _in(view, "session.you_are_in" if file else "session.you_are_in_short")
    return card(words, rows=((view.button("session.undo", "sunjoin"),),))


def already_in(view: SessionView) -> str:
    """Return that the person has a seat, and when it is."""
    return _in(view, "session.already_in")


def _in(view: SessionView, key: str) -> str:
    start = view.time.start if view.time else view.reader.now
    return view.say(key, time=view.reader.day_time(start), city=view.reader.city)


def full(view: SessionView) -> ChatMessage:
    """Say that no seat is left, with a place in the line."""
    start = view.time.start if view.time else view.reader.now
    words = view.say("session.full_wait", title=view.title, time=view.reader.day_time(start))
    return card(words, rows=((view.button("session.wait", "swait"),),))


def offer_gone(view: SessionView, *, waiting: bool) -> ChatMessage:
    """Say that an offered seat is no longer theirs."""
    if not waiting:
        return card(view.say("session.offer_gone"))
    return card(view.say("session.offer_gone_waiting"), rows=((stop(view),),))


def stands(view: SessionView) -> str:
    """Return how the session stands now, for a button that came too late."""
    session = view.session
    match session.status:
        case SessionStatus.CALLED_OFF:
            return view.say("session.already_off", title=view.title)
        case SessionStatus.UNSETTLED:
            return view.say("session.is_unsettled", organizer=view.organizer)
        case SessionStatus.ASKING:
            return view.say("session.still_asking")
        case SessionStatus.ON:
            if view.has_begun or view.time is None:
                return view.say("session.is_over", title=view.title)
            return view.say("session.already_on", time=view.named(view.time.start))


def plain(view: SessionView, key: str, *row: Button, **values: object) -> ChatMessage:
    """Return one sentence over a row of buttons."""
    return card(view.say(key, title=view.title, organizer=view.organizer, **values), rows=(row,))


def suggestion(reader: Reader, target: Target, line: str) -> Action:
    """Return the button that takes the line as it was suggested."""
    return target.button(reader.say("refused.use", suggestion=line)[:60], "suse")
