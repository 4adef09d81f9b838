"""App Home drawn: one place for coaches, members and admins."""

from collections import Counter
from collections.abc import Sequence

from bots.slack.home.facts import HomeFacts
from bots.slack.home.page import Page
from bots.slack.home.share import CALLBACK as SHARE
from bots.slack.modals.elements import (
    Json,
    context,
    home_tab,
    marked_section,
    own_button,
)
from bots.slack.modals.session import TOGETHER
from bots.slack.places import read_place
from bots.slack.text import escape
from scheduling.messages import Action, ButtonStyle
from scheduling.model import BookingStatus
from scheduling.people import Platform
from scheduling.sessions.model import SessionDetails
from wording import buttons
from wording.agenda import state_text, who_text
from wording.view import View, may_change, type_label
from wording.week_text import weekly_lines

_MOST = {"hosted": 12, "attended": 8, "requests": 8, "questions": 5, "kinds": 4}


def home_view(facts: HomeFacts, admin_commands: Sequence[str] = ()) -> Json:
    """Return the page; what does not fit is behind Agenda and My bookings."""
    page = Page(facts)
    if facts.person.is_coach and not facts.was_booked and not facts.requests:
        _first_steps(page)
    if facts.person.is_coach and facts.overview is not None:
        _hosting(page)
    _polls(page)
    _attending(page)
    _people(page)
    if facts.person.is_coach:
        _own_time(page)
    else:
        _offer(page)
    if facts.person.is_admin and admin_commands:
        commands = ", ".join(f"/slotbook {verb}" for verb in admin_commands)
        page.blocks.append(context(facts.reader.say("home.admin", commands=commands)))
    return home_tab(page.blocks)


# --- a coach's sessions ---


def _hosting(page: Page) -> None:
    facts, reader = page.facts, page.facts.reader
    days = Counter(reader.local(view.start).date() for view in facts.hosted)
    first = next(iter(days), None)
    if first is None:
        page.line(reader.say("home.free_day", city=reader.city))
    else:
        start = reader.time(facts.hosted[0].start)
        words = reader.say(
            "home.day",
            day=reader.date_name(first),
            count=days[first],
            first=start,
            city=reader.city,
        )
        page.line(words)
    page.row(
        (
            Action(reader.say("home.book"), "newbook", style=ButtonStyle.PRIMARY),
            own_button(reader.say("home.together"), TOGETHER),
            Action(reader.say("home.extra"), "open"),
            Action(reader.say("home.off"), "off"),
            Action(reader.say("home.agenda"), "agenda"),
        )
    )
    for view in facts.requests[: _MOST["requests"]]:
        _request(page, view)
    shown = [v for v in facts.hosted if reader.local(v.start).date() == first]
    for view in shown[: _MOST["hosted"]]:
        _session(page, view)
    rest = len(shown) - _MOST["hosted"]
    later = [
        reader.say("home.then_day", day=reader.date_name(day), count=count)
        for day, count in list(days.items())[1:5]
    ]
    lines = [reader.say("home.more", count=rest)] if rest > 0 else []
    lines += [reader.say("home.then", days=", ".join(later))] if later else []
    if lines:
        page.blocks.append(context(*lines))
    page.divide()


def _request(page: Page, view: View) -> None:
    reader, booking = page.facts.reader, view.booking
    until = reader.near_with_day(booking.expires_at or view.start)
    page.line(
        reader.say(
            "home.request", time=view.range, who=_who(page, view), title=view.title, until=until
        )
    )
    page.row(
        (
            Action(
                reader.say("home.approve"),
                "approve",
                booking.id,
                booking.version,
                style=ButtonStyle.PRIMARY,
            ),
            Action(reader.say("home.decline"), "decline", booking.id, booking.version),
        )
    )


def _session(page: Page, view: View) -> None:
    reader, time = page.facts.reader, view.booking.time
    group = view.booking.capacity > 1
    words = reader.say(
        "home.group" if group else "home.session",
        time=reader.time_range(time.start, time.end),
        who=_who(page, view),
        title=view.title,
        state=state_text(reader, view.details),
    )
    page.line(words, page.menu(view, _doings(view)))


def _who(page: Page, view: View) -> str:
    name = who_text(page.facts.reader, view.details)
    people = view.details.people
    if view.booking.capacity == 1 and people and people[0].id in page.facts.on_telegram:
        return page.facts.reader.say("home.on_telegram", name=name)
    return name


def _doings(view: View) -> list[Action]:
    """Return what can be done about a booking, the usual first."""
    say = view.reader.say
    doings = [buttons.on_booking(view, say("home.message"), "note")]
    pending = view.booking.status is BookingStatus.PENDING
    if may_change(view) or pending:
        if view.booking.capacity == 1 or view.is_host:
            doings.append(buttons.on_booking(view, say("home.move"), "move"))
        doings.append(buttons.on_booking(view, say("home.cancel"), "cancel"))
    else:
        doings.append(buttons.on_booking(view, say("remind.cant"), "cantcome"))
    if not pending:
        doings.append(buttons.on_booking(view, say("home.file"), "file"))
    return doings


# --- what everybody has ---


def _attending(page: Page) -> None:
    facts, reader = page.facts, page.facts.reader
    for number, view in enumerate(facts.attended[: _MOST["attended"]]):
        seat = facts.seats.get(view.booking.id)
        if seat is not None:
            _seat(page, view, seat)
            continue
        key = "home.next" if number == 0 and not facts.person.is_coach else "home.booking"
        words = reader.say(
            key, time=view.range, title=view.title, other=view.others, city=reader.city
        )
        if view.booking.status is BookingStatus.PENDING:
            words = reader.say("home.asked", booking=words)
        page.line(words, page.menu(view, _doings(view)))
    if facts.person.is_coach:
        if rest := len(facts.attended) - _MOST["attended"]:
            _more_bookings(page, rest)
        return
    if not facts.attended:
        page.line(reader.say("home.empty"))
    page.row(
        (
            Action(reader.say("home.book"), "newbook", style=ButtonStyle.PRIMARY),
            own_button(reader.say("home.together"), TOGETHER),
        )
    )
    if (rest := len(facts.attended) - _MOST["attended"]) > 0:
        _more_bookings(page, rest)


def _more_bookings(page: Page, rest: int) -> None:
    if rest > 0:
        reader = page.facts.reader
        page.line(
            reader.say("home.more", count=rest),
            page.beside(Action(reader.say("my.mine"), "mine")),
        )


def _seat(page: Page, view: View, details: SessionDetails) -> None:
    reader, session = page.facts.reader, details.session
    leave = page.beside(Action(reader.say("home.leave"), "sleave", session.id, session.version))
    if session.group.platform is not Platform.SLACK:
        page.line(reader.say("home.seat", time=view.range, title=session.title), leave)
        return
    channel = read_place(session.group.chat_id).channel
    # The channel's name is for Slack to write: it knows whether this reader may see it.
    words = reader.say(
        "home.seat_in",
        time=escape(view.range),
        title=escape(session.title),
        channel=f"<#{channel}>",
    )
    page.blocks.append(marked_section(words, accessory=leave))


def _polls(page: Page) -> None:
    reader = page.facts.reader
    for details in page.facts.questions[: _MOST["questions"]]:
        session = details.session
        until = reader.day_time(session.decide_by) if session.decide_by else ""
        vote = page.beside(
            Action(reader.say("home.vote_button"), "sview", session.id, style=ButtonStyle.PRIMARY)
        )
        page.line(reader.say("home.vote", title=session.title, until=until), vote)


def _people(page: Page) -> None:
    facts, reader = page.facts, page.facts.reader
    if not facts.people:
        return
    page.divide()
    page.line("", strong=reader.say("home.people"))
    for person, slot in facts.people:
        if slot is None:
            page.line(reader.say("home.person_full", name=person.name))
            continue
        book = page.beside(Action(reader.say("home.book_person"), "pick", slot.event_type_id))
        time = reader.near_with_day(slot.start)
        page.line(reader.say("home.person", name=person.name, time=time), book)


def _offer(page: Page) -> None:
    reader = page.facts.reader
    page.divide()
    page.blocks.append(context(reader.say("home.want")))
    page.row((Action(reader.say("home.offer"), "offer"),))


# --- a coach's own time ---


def _own_time(page: Page) -> None:
    facts, reader = page.facts, page.facts.reader
    if facts.overview is None:
        return
    page.divide()
    own = reader.elsewhere(facts.overview.schedule.zone)
    weekly = facts.overview.schedule.weekly
    opens = {day: ranges for day, ranges in weekly.items() if ranges}
    lines = weekly_lines(own, weekly)[: len(set(opens.values()))]
    hours = "; ".join(lines) or reader.say("home.no_hours")
    edit = page.beside(Action(reader.say("home.edit"), "hours"))
    page.line(hours, edit, strong=reader.say("home.my_hours"))
    for number, kind in enumerate(facts.kinds[: _MOST["kinds"]]):
        label = type_label(reader, kind)
        page.line(
            label,
            page.beside(Action(reader.say("home.edit"), "type", kind.id)),
            strong="" if number else reader.say("home.my_link"),
        )
        page.row(
            (
                own_button(reader.say("home.share"), f"{SHARE}.{kind.id}", kind.id),
                Action(reader.say("home.link"), "link", kind.id),
            )
        )
    rest = len(facts.kinds) - _MOST["kinds"]
    if rest > 0 or not facts.kinds:
        page.row((Action(reader.say("home.types"), "mytypes"),))


def _first_steps(page: Page) -> None:
    """Show what stands between a new coach and the first booking; one step has a button."""
    facts, reader = page.facts, page.facts.reader
    has_hours, has_type = facts.overview is not None, bool(facts.kinds)
    done = (has_hours, has_type, False)
    steps = [
        reader.say("home.step_done", what=reader.say(f"home.step_{name}"))
        if is_done
        else reader.say("home.step", number=number, what=reader.say(f"home.step_{name}"))
        for number, (name, is_done) in enumerate(
            zip(("hours", "length", "share"), done, strict=True), 1
        )
    ]
    page.line("   ".join(steps), strong=reader.say("home.first"))
    primary = ButtonStyle.PRIMARY
    if not has_hours:
        page.row((Action(steps[0], "hours", style=primary),))
    elif not has_type:
        page.row((Action(steps[1], "mytypes", style=primary),))
    else:
        kind = facts.kinds[0]
        share = own_button(steps[2], f"{SHARE}.{kind.id}", kind.id, primary.value)
        page.row((share, Action(reader.say("home.link"), "link", kind.id)))
