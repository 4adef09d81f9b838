"""News of group sessions: into the thread below the card, and to one person alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduling.messages import (
    Action,
    Button,
    ButtonStyle,
    ChatMessage,
    OpenUrl,
    Part,
    Plain,
    Strong,
)
from scheduling.moments import from_seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person, Platform
from scheduling.sessions.model import TOO_FEW, UNDONE, SessionDetails, SessionStatus
from scheduling.sessions.news import THREAD_LEAD
from wording.lines import in_rows
from wording.session_view import SessionView
from wording.sessions import Accounts, best_parts, card


@dataclass(frozen=True, slots=True)
class SessionNews:
    """A notification about a session, before who reads it.

    ``view`` has no person where a whole channel reads it.
    """

    view: SessionView
    notification: Notification
    ringing: Accounts

    @property
    def payload(self) -> Mapping[str, str | int]:
        return self.notification.payload

    def say(self, key: str, **values: object) -> str:
        return self.view.say(key, **values)

    @property
    def actor(self) -> str:
        """Return the first name of whoever did it: the organizer, or an admin in their place."""
        return str(self.payload.get("by_name") or self.view.organizer).split(maxsplit=1)[0]

    def moment(self, key: str) -> datetime | None:
        """Return a fact of the payload that is a moment."""
        found = self.payload.get(key)
        return from_seconds(found) if isinstance(found, int) and found else None


def compose(
    notification: Notification,
    details: SessionDetails,
    reader: Person,
    *,
    now: datetime,
    ringing: Accounts,
) -> ChatMessage:
    """Return what the notification says, into a channel or to the reader.

    ``ringing`` holds the accounts to mention when the card is posted.

    Raises:
        KeyError: the kind is not about sessions.
    """
    person = None if notification.chat is not None else reader
    view = SessionView.of(details, person, now)
    return _KINDS[notification.kind](SessionNews(view, notification, ringing))


def is_about_session(notification: Notification) -> bool:
    """Say whether ``compose`` words it."""
    return notification.session_id is not None and notification.kind in _KINDS


# --- into the channel ---


def _posted(news: SessionNews) -> ChatMessage:
    view = news.view
    return card(view.details, None, view.reader.now, ringing=news.ringing)


def _settled(news: SessionNews) -> ChatMessage:
    """Return "Settled by the last vote: {time}. I remind this thread 10 min before."."""
    view, time = news.view, news.view.time
    how = str(news.payload.get("how", "organizer"))
    if time is None:
        return _posted(news)
    key = {"votes": "session.settled_votes", "deadline": "session.settled_deadline"}.get(how)
    first = view.say(key) if key else view.say("session.settled_organizer", organizer=news.actor)
    parts: list[Part] = [Plain(first), view.at(time.start), Plain(".")]
    if time.start - THREAD_LEAD > view.reader.now:
        lead = view.reader.short_length(THREAD_LEAD)
        parts.append(Plain(view.say("session.reminding", lead=lead)))
    return ChatMessage(tuple(parts))


def _reminder(news: SessionNews) -> ChatMessage:
    """Return "In 10 minutes · Retro · {time}", worded for the time really left."""
    view, time = news.view, news.view.time
    if time is None:
        return _posted(news)
    words = view.say("session.reminder", ahead=view.reader.ahead(time.start), title=view.title)
    parts = (Strong(words), Plain(view.say("session.dot")), view.at(time.start))
    video = view.booking.video if view.booking else None
    rows: tuple[tuple[Button, ...], ...] = ()
    if video:
        rows = ((OpenUrl(view.say("booking.join"), video),),)
    return ChatMessage(parts, rows)


def _called_off(news: SessionNews) -> ChatMessage:
    """Return "Called off: {time} · Retro. Bo called it off. "I am ill""."""
    view, time, session = news.view, news.view.time, news.view.session
    reason = str(news.payload.get("reason") or "")
    if time is None:
        words = view.say("session.called_off_asking", organizer=news.actor, title=view.title)
        return ChatMessage((Plain(words + _quoted(view, reason)),))
    parts: list[Part] = [
        Plain(view.say("session.called_off")),
        view.at(time.start),
        Plain(view.say("session.dot") + view.title + ". "),
    ]
    if reason == TOO_FEW:
        came, wanted = news.payload.get("came", 0), news.payload.get("wanted", session.minimum)
        words = view.say("session.called_off_few", count=came, minimum=wanted)
    else:
        words = view.say("session.called_off_by", organizer=news.actor)
        words += _quoted(view, reason)
    parts.append(Plain(words))
    return ChatMessage(tuple(parts))


def _quoted(view: SessionView, reason: str) -> str:
    return "" if reason in {UNDONE, ""} else view.say("session.reason", text=reason)


# --- to one person ---


def _nudge(news: SessionNews) -> ChatMessage:
    """Return "Retro needs your answer by Fri 27 Nov, 12:00." over ways to give it."""
    view = news.view
    if view.session.status is not SessionStatus.ASKING:
        return card(view.details, view.person, view.reader.now)
    by = view.session.decide_by
    if by is None:
        words = view.say("session.nudge_plain", title=view.title)
    else:
        deadline = view.reader.day_time(by)
        words = view.say("session.nudge", title=view.title, deadline=deadline)
    row = (
        view.button("session.all_work", "svall", "y", style=ButtonStyle.PRIMARY),
        view.button("session.choose", "sshow"),
        view.button("session.none_works", "svall", "n"),
    )
    return ChatMessage((Plain(words),), (row,))


def _unsettled(news: SessionNews) -> ChatMessage:
    """Tell the organizer that the vote brought no time, with ways on."""
    view = news.view
    others = [each for each in view.members if each != view.session.organizer_id]
    rows = unsettled_rows(view)
    if set(others) <= set(view.session.silent):
        words = view.say("session.unsettled_nobody_you", title=view.title)
        return ChatMessage((Plain(words),), rows)
    everybody = view.all_of(len(view.members), for_them=True)
    head, _, _ = view.say(
        "session.unsettled_you", title=view.title, all=everybody, best="\0"
    ).partition("\0")
    return ChatMessage((Plain(head), *best_parts(view)), rows)


def unsettled_rows(view: SessionView) -> tuple[tuple[Button, ...], ...]:
    """Return what an organizer can do when no time suits all."""
    now = view.reader.now
    open_ones = [option for option in view.session.options if option.time.start > now]
    best = view.best()
    if best in open_ones and best is not None:
        open_ones = [best, *(each for each in open_ones if each != best)]
    take = [
        view.button("session.take_option", "ssettle", each.letter, letter=each.letter)
        for each in open_ones[:4]
    ]
    others = (
        view.button("session.ask_anew", "sadd", "new"),
        view.button("session.call_off", "soff"),
    )
    return (*in_rows(take, 4), others)


def _offered(news: SessionNews) -> ChatMessage:
    """Return "A seat is free: {time} · Portfolio hour. Yours alone until 11:15."."""
    view, time = news.view, news.view.time
    until, seat = news.moment("until"), str(news.payload.get("seat", ""))
    if time is None or until is None:
        return card(view.details, view.person, view.reader.now)
    words = view.say(
        "session.offer",
        time=view.reader.day_time(time.start),
        title=view.title,
        until=view.reader.near(until),
    )
    take = view.button("session.take", "soffer", f"t{seat}", style=ButtonStyle.PRIMARY)
    return ChatMessage(
        (Plain(words),), ((take, view.button("session.pass", "soffer", f"p{seat}")),)
    )


def _lapsed(news: SessionNews) -> ChatMessage:
    """Say in the card of an offer that its time is over."""
    view, until = news.view, news.moment("until")
    if view.has_begun or until is None:
        return ChatMessage((Plain(view.say("session.lapsed_start", title=view.title)),))
    if news.payload.get("open"):
        words = view.say("session.lapsed_open", time=view.reader.near(until))
        return ChatMessage((Plain(words),), ((view.button("session.join", "sjoin"), stop(view)),))
    words = view.say("session.lapsed", time=view.reader.near(until))
    return ChatMessage((Plain(words),), ((stop(view),),))


def stop(view: SessionView) -> Action:
    """Return the button that gives the place in the line up."""
    return view.button("session.stop_waiting", "sleave")


def _waiting(news: SessionNews) -> ChatMessage:
    view = news.view
    place = news.payload.get("place")
    return waiting(view, place if isinstance(place, int) else 1)


def waiting(view: SessionView, place: int) -> ChatMessage:
    """Say that somebody is in the line, and where."""
    key = "session.you_wait" if place == 1 else "session.you_wait_far"
    return ChatMessage((Plain(view.say(key, count=place)),), ((stop(view),),))


def _not_reached(news: SessionNews) -> ChatMessage:
    """Tell the organizer that the card could not be posted, and how to let us in."""
    view = news.view
    if news.payload.get("about") != NotificationKind.SESSION_POSTED:
        who = str(news.payload.get("name") or view.say("booking.someone"))
        return ChatMessage((Plain(view.say("session.not_told", who=who, title=view.title)),))
    if view.session.group.platform is Platform.SLACK:
        invite = view.say("session.invite")
        words = view.say("session.not_posted", title=view.title, invite=invite)
    else:
        words = view.say("session.not_posted_group", title=view.title)
    again = view.button("session.again", "spost", style=ButtonStyle.PRIMARY)
    return ChatMessage((Plain(words),), ((again, view.button("session.call_off", "soff")),))


_KINDS: dict[NotificationKind, Callable[[SessionNews], ChatMessage]] = {
    NotificationKind.SESSION_POSTED: _posted,
    NotificationKind.SESSION_SETTLED: _settled,
    NotificationKind.SESSION_REMINDER: _reminder,
    NotificationKind.SESSION_CALLED_OFF: _called_off,
    NotificationKind.SESSION_NUDGE: _nudge,
    NotificationKind.SESSION_UNSETTLED: _unsettled,
    NotificationKind.SEAT_OFFERED: _offered,
    NotificationKind.SEAT_LAPSED: _lapsed,
    NotificationKind.SEAT_WAITING: _waiting,
    NotificationKind.NOT_REACHED: _not_reached,
}
