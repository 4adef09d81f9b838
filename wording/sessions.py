"""The card of a group session, in all its states: one message, edited as things change."""

from collections.abc import Mapping
from datetime import datetime

from scheduling.ids import PersonId
from scheduling.messages import (
    Button,
    Buttons,
    ButtonStyle,
    ChatMessage,
    Live,
    Mention,
    More,
    OpenUrl,
    Part,
    Plain,
    Strong,
)
from scheduling.people import AccountKey, Person
from scheduling.ports.live import about_session
from scheduling.sessions.model import TOO_FEW, Answer, Option, SessionDetails, SessionStatus
from wording.session_view import COMES, SessionView, spoken, vote_buttons

KIND = "session"
"""The kind of live card a session's card is."""
Rows = tuple[tuple[Button, ...], ...]
Accounts = Mapping[PersonId, AccountKey]


def card(
    details: SessionDetails,
    reader: Person | None,
    now: datetime,
    *,
    ringing: Accounts | None = None,
) -> ChatMessage:
    """Return the session as it stands.

    ``reader`` None is a channel: times in each reader's zone, the organizer's language. With
    ``ringing``, the accounts of those asked, they are mentioned: at the first post alone.
    """
    view = SessionView.of(details, reader, now)
    message = _drawn(view, ringing or {})
    topics = frozenset({about_session(details.session.id)})
    live = Live(KIND, details.session.id, topics, again_at=_looks_else_at(view))
    return ChatMessage(message.parts, message.rows, live=live)


def _drawn(view: SessionView, ringing: Accounts) -> ChatMessage:
    match view.session.status:
        case SessionStatus.ASKING:
            return _asking(view, ringing)
        case SessionStatus.ON:
            return _on(view)
        case SessionStatus.UNSETTLED:
            return _unsettled(view)
        case SessionStatus.CALLED_OFF:
            return _called_off(view)


def _looks_else_at(view: SessionView) -> datetime | None:
    """Return when time alone changes the card: a vote or an option is over, it begins, it ends.

    Until the last of them the card is kept, however long ago it was posted.
    """
    time, session = view.time, view.session
    if time is not None:
        moments = [time.start, time.end]
    else:
        moments = [option.time.start for option in session.options]
        moments += [session.decide_by] if session.decide_by else []
    return min((moment for moment in moments if moment > view.reader.now), default=None)


# --- asking ---


def _asking(view: SessionView, ringing: Accounts) -> ChatMessage:
    session = view.session
    parts: list[Part] = [
        Strong(view.title),
        Plain(view.say("session.dot")),
        Plain(view.say("session.asks", length=view.length, organizer=view.organizer)),
        *_asked(view, ringing),
        Plain(view.say("session.which_one" if len(session.options) == 1 else "session.which")),
    ]
    for option in session.options:
        parts += [Plain("\n"), *_option(view, option), Buttons(vote_buttons(view, option))]
    parts += [Plain("\n"), *_rule(view)]
    if view.person is not None and (answers := view.own_answers(view.person.id)):
        parts.append(Plain("\n" + view.say("session.yours", answers=answers)))
    return ChatMessage(tuple(parts), _asking_rows(view))


def _asked(view: SessionView, ringing: Accounts) -> tuple[Part, ...]:
    """Return the names of those asked, the organizer left out, ringing where they shall."""
    asked = [each for each in view.members if each != view.session.organizer_id]
    parts: list[Part] = []
    for index, person_id in enumerate(asked):
        if index:
            parts.append(Plain(view.say("times.comma")))
        name = view.name(person_id)
        account = ringing.get(person_id)
        parts.append(Mention(name, account) if account else Plain(name))
    return tuple(parts)


def _option(view: SessionView, option: Option) -> tuple[Part, ...]:
    """Return "A  Tue 1 Dec, 10:00   yes: Bo, Ana · if need be: Dia · no longer free: Cem"."""
    no = view.who_said(option, Answer.NO)
    lost = [each for each in option.missing if _came(view, option, each)]
    groups = (
        ("session.yes", _free(view, option, Answer.YES)),
        ("session.if_need_be", _free(view, option, Answer.IF_NEED_BE)),
        ("session.no", no),
        ("session.no_longer", lost),
        ("session.not_free", [each for each in option.missing if each not in (*lost, *no)]),
    )
    told = [view.say(key, names=view.names(who)) for key, who in groups if who]
    said = view.say("session.gap") + spoken(view, told) if told else ""
    return (Strong(option.letter), Plain("  "), view.at(option.time.start), Plain(said))


def _free(view: SessionView, option: Option, answer: Answer) -> list[PersonId]:
    return [each for each in view.who_said(option, answer) if each not in option.missing]


def _came(view: SessionView, option: Option, person_id: PersonId) -> bool:
    return view.session.answer_of(person_id, option.id) in COMES


def _rule(view: SessionView) -> tuple[Part, ...]:
    """Return how and when it is settled, and whose answers are missing."""
    session = view.session
    key = "session.rule_one" if len(session.options) == 1 else "session.rule"
    parts: list[Part] = []
    if session.decide_by is not None:
        everybody = view.all_of(len(session.members), for_them=True)
        parts = [
            Plain(view.say(key, all=everybody)),
            view.at(session.decide_by),
            Plain(view.say("session.rule_end")),
        ]
    silent = [each for each in session.silent if each != session.organizer_id]
    if silent:
        parts.append(Plain(view.say("session.missing", names=view.names(silent))))
    return tuple(parts)


def _asking_rows(view: SessionView) -> Rows:
    votes = (
        view.button("session.all_work", "svall", "y", style=ButtonStyle.PRIMARY),
        view.button("session.none_works", "svall", "n"),
    )
    if view.person is not None and not view.is_organizer:
        return (votes,)
    lead = More(
        view.say("session.more", organizer=view.organizer),
        (
            view.button("session.settle", "ssettle"),
            view.button("session.add", "sadd"),
            view.button("session.call_off", "soff"),
        ),
    )
    return (votes, (lead,)) if view.lettered else ((*votes, lead),)


# --- on ---


def _on(view: SessionView) -> ChatMessage:
    if view.booking is None:
        return ChatMessage((Strong(view.title),))
    draw = _polled_head if view.session.members else _open_head
    return ChatMessage(draw(view, view.booking.time.start), _on_rows(view))


def _polled_head(view: SessionView, start: datetime) -> tuple[Part, ...]:
    """Return "Retro is on: Tue 1 Dec, 10:00 · 45 min · all six are in"."""
    here = [view.session.organizer_id, *view.seated]
    asked = set(view.members)
    if asked <= set(here) and len(here) == len(asked):
        who = view.say("session.all_in", all=view.all_of(len(here)))
    else:
        who = view.say("session.in", names=view.names(here))
    waiting = view.line
    line = view.say("session.waiting", names=view.names(waiting)) if waiting else ""
    verb = "session.was_on" if view.is_over else "session.is_on"
    return (
        Strong(view.title),
        Plain(view.say(verb)),
        view.at(start),
        Plain(view.say("session.dot") + spoken(view, [view.length, who, line])),
    )


def _open_head(view: SessionView, start: datetime) -> tuple[Part, ...]:
    """Return "Portfolio hour · Thu 26 Nov, 16:00 · with Bo", and the seats below."""
    dot = view.say("session.dot")
    with_whom = view.say("session.with", organizer=view.organizer)
    parts: list[Part] = [
        Strong(view.title),
        Plain(dot if not view.is_over else view.say("session.was_on")),
        view.at(start),
        Plain(dot + spoken(view, [view.length, with_whom])),
    ]
    seats = "" if view.has_begun else _seats(view)
    waiting = view.line
    who = view.say("session.in", names=view.names(view.seated)) if view.seated else ""
    line = view.say("session.waiting", names=view.names(waiting)) if waiting else ""
    parts.append(Plain("\n" + spoken(view, [seats, who or view.say("session.nobody_in"), line])))
    return (*parts, *_minimum(view))


def _seats(view: SessionView) -> str:
    return view.seats if view.seats_left else view.say("session.full")


def _minimum(view: SessionView) -> tuple[Part, ...]:
    """Return "takes place with 2, by Wed 25 Nov, 16:00" until heads have been counted."""
    session = view.session
    if session.minimum is None or session.decide_by is None or view.has_begun:
        return ()
    dot = Plain(view.say("session.dot"))
    if len(view.seated) >= session.minimum:
        return (dot, Plain(view.say("session.enough")))
    words = view.say("session.minimum", count=session.minimum)
    return (dot, Plain(words), view.at(session.decide_by))


def _on_rows(view: SessionView) -> Rows:
    if view.has_begun:
        return ()
    if view.seats_left:
        take = view.button("session.join", "sjoin", style=ButtonStyle.PRIMARY)
    else:
        take = view.button("session.wait", "swait")
    leave = view.button("session.leave", "sleave")
    google = OpenUrl(view.say("booking.google"), view.google_link)
    return ((take, leave, google),)


# --- no time, or no more ---


def _unsettled(view: SessionView) -> ChatMessage:
    decides = view.say("session.decides", organizer=view.organizer)
    everybody = view.all_of(len(view.members), for_them=True)
    others = [each for each in view.members if each != view.session.organizer_id]
    if set(others) <= set(view.session.silent):
        words = view.say("session.unsettled_nobody")
        return ChatMessage((Strong(view.title), Plain(words + decides)))
    parts: list[Part] = [
        Strong(view.title),
        Plain(view.say("session.unsettled", all=everybody)),
        *best_parts(view),
        Plain(decides),
    ]
    return ChatMessage(tuple(parts))


def best_parts(view: SessionView) -> tuple[Part, ...]:
    """Return "C (Thu 3 Dec, 11:00) works for five, not for Fay. "."""
    best = view.best()
    if best is None:
        return ()
    able = view.who_said(best, *COMES)
    without = [each for each in view.members if each not in able]
    key = "session.best" if without else "session.best_plain"
    template = view.say(
        key,
        letter=best.letter,
        time="\0",
        count=view.count(len(able)),
        names=view.listed(without),
    )
    before, _, after = template.partition("\0")
    return (Plain(before), view.at(best.time.start), Plain(after))


def _called_off(view: SessionView) -> ChatMessage:
    booking, session = view.booking, view.session
    if booking is None:
        words = view.say("session.called_off_poll", title=view.title, organizer=view.organizer)
        return ChatMessage((Plain(words),))
    parts: list[Part] = [
        Plain(view.say("session.called_off")),
        view.at(booking.time.start),
        Plain(view.say("session.dot") + view.title),
    ]
    cause, _, came = (booking.reason or "").partition(" ")
    if cause == TOO_FEW and session.minimum is not None:
        parts.append(Plain(_too_few(view, came, session.minimum)))
    again = view.button("session.new_time", "snew")
    return ChatMessage(tuple(parts), ((again,),) if not view.has_begun else ())


def _too_few(view: SessionView, came: str, minimum: int) -> str:
    """Return ". 1 of 2 came together. Dia knows."."""
    if not came.isdecimal():
        return view.say("session.fewer", minimum=minimum)
    words = view.say("session.too_few", count=int(came), minimum=minimum)
    told = view.seated or view.stood_up
    if len(told) == int(came):  # else somebody had left before, and which of them is not kept
        key = "session.knows" if len(told) == 1 else "session.know"
        words += view.say(key, names=view.listed(told)) if told else ""
    return words
