"""Cards of bookings that are kept right: what of them may change, and when they are looked at."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from scheduling.messages import ChatMessage, Live, Plain
from scheduling.moments import from_seconds
from scheduling.notifications import Notification, NotificationKind
from scheduling.ports import about_booking, about_host
from wording import buttons
from wording.refusals import stands
from wording.view import View, cut_off_of

BOOKING = "booking"
"""A booking's card as it stands now."""
NOTICE = "notice"
"""What a notification said, as long as the plan it told of is in force."""
POINTER = "pointer"
"""One line in the place of a card that something newer has overtaken."""

_INSTANT = timedelta(seconds=1)
_WITH_TIMES = frozenset(
    {NotificationKind.DECLINED, NotificationKind.EXPIRED, NotificationKind.CANCELLED}
)
"""Offer free times near one that was lost."""
_KEPT = _WITH_TIMES | {
    NotificationKind.BOOKED,
    NotificationKind.PENDING,
    NotificationKind.PENDING_NUDGE,
    NotificationKind.APPROVED,
    NotificationKind.MOVED,
    NotificationKind.BACK_ON,
    NotificationKind.CANNOT_COME,
}


def kept_card(view: View, message: ChatMessage, **data: str) -> ChatMessage:
    """Return the card of a booking as it stands, to be kept so."""
    topics = frozenset({about_booking(view.booking.id)})
    again_at = _changes_at(view, view.undo_until)
    live = Live(BOOKING, view.booking.id, topics, again_at, tuple(data.items()))
    return replace(message, live=live)


def kept_notice(notification: Notification, view: View, message: ChatMessage) -> ChatMessage:
    """Return a notification's message, to be kept where buttons or times of it may change."""
    if notification.kind not in _KEPT:
        return message
    return kept_as(notification.kind, notification.payload, view, message)


def kept_as(
    kind: NotificationKind,
    payload: Mapping[str, str | int],
    view: View,
    message: ChatMessage,
) -> ChatMessage:
    """Return the message, to be kept as a notification of that kind would say it."""
    topics = {about_booking(view.booking.id)}
    if kind in _WITH_TIMES:
        topics.add(about_host(view.booking.host_id))
    undo = payload.get("undo_until")
    until = from_seconds(undo) if isinstance(undo, int) else view.undo_until
    data = (
        ("kind", kind.value),
        ("plan", str(view.booking.plan_revision)),
        ("payload", json.dumps(dict(payload), sort_keys=True)),
    )
    again_at = _changes_at(view, until)
    live = Live(NOTICE, view.booking.id, frozenset(topics), again_at, data)
    return replace(message, live=live)


def pointer(view: View) -> ChatMessage:
    """Return the line that points at the booking as it stands now."""
    show = buttons.on_booking(view, view.reader.say("my.open_one"), "show")
    live = Live(POINTER, view.booking.id, frozenset({about_booking(view.booking.id)}))
    return ChatMessage((Plain(stands(view.booking, view.reader)),), ((show,),), live=live)


def _changes_at(view: View, undo_until: datetime | None) -> datetime | None:
    """Return when time alone changes the buttons next: undo or the cut-off ends, or all of it."""
    moments = [undo_until, cut_off_of(view) + _INSTANT, view.booking.time.end]
    return min((m for m in moments if m is not None and m > view.reader.now), default=None)
