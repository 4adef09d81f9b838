"""Every notification in words: what the dispatcher sends, for every kind and both sides."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from scheduling.messages import Action, ButtonStyle, ChatMessage
from scheduling.model import BookingDetails
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Person
from scheduling.ports import Links
from scheduling.sessions.model import SessionDetails
from wording import news as told
from wording import reminders, session_news
from wording.booking import USUAL_REMINDERS
from wording.keeping import kept_notice
from wording.lines import card
from wording.news_view import News
from wording.sessions import Accounts
from wording.times import Reader
from wording.view import View

_ABOUT_BOOKINGS: dict[NotificationKind, Callable[[News], ChatMessage]] = {
    NotificationKind.BOOKED: told.booked,
    NotificationKind.PENDING: told.pending,
    NotificationKind.PENDING_NUDGE: told.nudge,
    NotificationKind.APPROVED: told.approved,
    NotificationKind.DECLINED: told.declined,
    NotificationKind.MOVED: told.moved,
    NotificationKind.CANCELLED: told.cancelled,
    NotificationKind.BACK_ON: told.back_on,
    NotificationKind.EXPIRED: told.expired,
    NotificationKind.HOLD_EXPIRED: told.hold_expired,
    NotificationKind.COMING: told.coming,
    NotificationKind.RUNNING_LATE: told.running_late,
    NotificationKind.CANNOT_COME: told.cannot_come,
    NotificationKind.HOST_WAITS: told.host_waits,
    NotificationKind.NOTE: told.note,
    NotificationKind.NOT_REACHED: told.not_reached,
    NotificationKind.ZONE_RULES_CHANGED: told.zone_rules,
}
_NOBODY: Accounts = MappingProxyType({})
_SILENT = frozenset({NotificationKind.COMING})
_FILES = frozenset(
    {
        NotificationKind.BOOKED,
        NotificationKind.APPROVED,
        NotificationKind.MOVED,
        NotificationKind.CANCELLED,
        NotificationKind.BACK_ON,
        NotificationKind.ZONE_RULES_CHANGED,
        NotificationKind.SESSION_SETTLED,
    }
)
_LOST = frozenset({NotificationKind.DECLINED, NotificationKind.EXPIRED, NotificationKind.CANCELLED})


def compose(
    notification: Notification,
    details: BookingDetails | None,
    reader: Person,
    *,
    now: datetime,
    links: Links,
    free_near: tuple[datetime, ...] = (),
    usual_reminders: Sequence[timedelta] = USUAL_REMINDERS,
    session: SessionDetails | None = None,
    ringing: Accounts = _NOBODY,
) -> ChatMessage:
    """Return what the notification says to this person now, or to the group it is for.

    ``details`` is the booking it is about. ``free_near`` are free starts near the booking's, where
    ``wants_free_near`` says so; of an ended hold, the start itself when it is still free.
    ``usual_reminders`` are the setting's lead times. ``session`` is the group session it is
    about; ``ringing`` are the accounts its first post mentions.
    """
    if session is not None and session_news.is_about_session(notification):
        return session_news.compose(notification, session, reader, now=now, ringing=ringing)
    if details is None:
        return _about_no_booking(notification, Reader.of(reader, now))
    view = View.of(details, reader, now)
    if notification.kind is NotificationKind.REMINDER:
        return reminders.reminder(view, first=notification.payload.get("index") == 0)
    news = News(view, notification.payload, free_near, usual_reminders)
    message = _ABOUT_BOOKINGS[notification.kind](news)
    message = kept_notice(notification, view, message)
    return message if notification.kind not in _SILENT else _silently(message)


def wants_free_near(notification: Notification) -> bool:
    """Say whether the message offers other times: somebody lost theirs by another's act.

    For an ended hold it is the hold's own start that matters: pass it when it is free again.
    """
    if notification.kind is NotificationKind.HOLD_EXPIRED:
        return True
    return notification.kind in _LOST and _is_attendee(notification) and not _is_own(notification)


def wants_file(notification: Notification) -> bool:
    """Say whether the booking's calendar file goes with it: to attendees, when the plan changes.

    Hosts have the feed, and the file of a single booking on its card.
    """
    if notification.kind is NotificationKind.PENDING:
        return "was" in notification.payload and _is_attendee(notification)
    return notification.kind in _FILES and _is_attendee(notification)


def _is_own(notification: Notification) -> bool:
    return notification.payload.get("by") == notification.person_id


def _is_attendee(notification: Notification) -> bool:
    """Say whether the reader is on the attendee's side, by whose act it was."""
    if "by" not in notification.payload:
        return True
    by_host = bool(notification.payload.get("by_host", 0))
    return _is_own(notification) != by_host


def _silently(message: ChatMessage) -> ChatMessage:
    return ChatMessage(message.parts, message.rows, silent=True)


def _about_no_booking(notification: Notification, reader: Reader) -> ChatMessage:
    payload = notification.payload
    name = str(payload.get("name") or reader.say("booking.someone"))
    match notification.kind:
        case NotificationKind.HOURS_EXPIRING:
            day = reader.date_name(date.fromisoformat(str(payload["until"])))
            row = (Action(reader.say("news.hours_change"), "hours"),)
            return card(reader.say("news.hours_expiring", day=day), rows=(row,))
        case NotificationKind.COACH_ASKED:
            person = str(payload.get("person", ""))
            yes = Action(reader.say("news.coach_ok"), "coachok", person, style=ButtonStyle.PRIMARY)
            no = Action(reader.say("news.coach_no"), "coachno", person)
            return card(reader.say("news.coach_asked", name=name), rows=((yes, no),))
        case NotificationKind.COACH_APPROVED:
            row = (Action(reader.say("news.coach_offer"), "offer"),)
            return card(reader.say("news.coach_approved"), rows=(row,))
        case NotificationKind.COACH_DECLINED:
            return card(reader.say("news.coach_declined"))
        case NotificationKind.NOT_REACHED:
            return card(reader.say("news.not_reached_plain", who=name))
        case NotificationKind.CONNECTED:
            platform = reader.say(f"platform.{payload['platform']}")
            return card(reader.say("news.connected", platform=platform))
        case kind:
            raise ValueError(f"{kind} is about a booking, which is not there")
