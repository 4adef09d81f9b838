"""What one side hears of the other's act, and what a person reads of their own."""

from dataclasses import replace
from datetime import datetime, timedelta

from scheduling.messages import Action, ButtonStyle, ChatMessage, Part, Plain, Quote
from scheduling.model import BookingStatus
from scheduling.moments import from_seconds
from scheduling.notifications import NotificationKind
from wording import booking as cards
from wording import buttons, reminders
from wording.news_view import News
from wording.refusals import hold_gone
from wording.view import View, may_change

_MINUTE = timedelta(minutes=1)


def booked(news: News) -> ChatMessage:
    view = news.view
    if not view.is_host:
        return cards.confirmed(
            view, "booking.booked", undo_until=news.undo_until, reminders=news.usual
        )
    row = (news.message_them, *buttons.possible(view))
    if view.booking.capacity > 1:
        group = news.plain(
            "news.booked_group",
            row,
            range=view.range,
            who=news.who,
            title=view.title,
            count=view.booking.seats_used,
            capacity=view.booking.capacity,
        )
        return _relaying(news, group)
    told = news.plain("news.booked", row, range=view.range, who=news.who, title=view.title)
    return _relaying(news, told)


def _relaying(news: News, message: ChatMessage) -> ChatMessage:
    """Say where the other side is, when it is not in this chat."""
    platform = news.payload.get("elsewhere")
    if not platform:
        return message
    name = news.payload.get("elsewhere_name") or news.first_name
    where = news.say(f"platform.{platform}")
    said = Plain(" " + news.say("news.elsewhere", name=name, platform=where))
    return replace(message, parts=(*message.parts, said))


def pending(news: News) -> ChatMessage:
    view = news.view
    if view.is_host:
        return _relaying(news, request(news))
    if news.payload.get("correction"):
        deadline = view.reader.near(view.booking.expires_at or view.start)
        row = (buttons.message(view), buttons.cancel(view))
        return news.plain(
            "news.pending_again", row, time=view.day_time, host=view.host, deadline=deadline
        )
    return cards.pending(view, undo_until=news.undo_until)


def request(news: News, *, nudge: bool = False) -> ChatMessage:
    """Ask the host for a yes or a no (T9)."""
    view = news.view
    who = news.who if not news.own else view.who
    parts: list[Part] = [Plain(news.say("news.nudge"))] if nudge else []
    parts.append(Plain(news.say("news.asks", range=view.range, who=who, title=view.title)))
    if news.payload.get("was"):
        parts.append(Plain(f" ({news.was})"))
    seat = view.booking.seats[-1] if view.booking.seats else None
    answers = [news.say("news.quoted", text=text) for _, text in (seat.answers if seat else ())]
    facts = [_met(view), news.say("news.else")]
    deadline = view.reader.day_time(view.booking.expires_at or view.start)
    lines = [*answers, " ".join(facts), news.say("news.answer_by", time=deadline)]
    parts += [Plain(f"\n{line}") for line in lines]
    booking = view.booking
    yes = Action(
        news.say("news.approve"), "approve", booking.id, booking.version, style=ButtonStyle.PRIMARY
    )
    no = Action(news.say("news.decline"), "decline", booking.id, booking.version)
    return ChatMessage(tuple(parts), ((yes, no, buttons.message(view)),))


def _met(view: View) -> str:
    met = view.details.times_met
    if not met:
        return view.reader.say("news.met_first")
    return view.reader.say("news.met", count=met, noun=view.noun)


def nudge(news: News) -> ChatMessage:
    return request(news, nudge=True)


def approved(news: News) -> ChatMessage:
    view = news.view
    if not view.is_host:
        return cards.confirmed(view, "news.approved_you", undo_until=None, reminders=news.usual)
    return news.plain(
        "news.approved",
        buttons.undo(view, news.undo_until),
        (buttons.message(view), *buttons.possible(view)),
        time=view.day_time,
        who=view.others,
    )


def declined(news: News) -> ChatMessage:
    view = news.view
    if view.is_host:
        return news.plain("news.declined", time=view.day_time, who=news.names)
    return _lost(news, news.say("news.declined_you", time=view.day_time, host=view.host))


def _lost(news: News, words: str) -> ChatMessage:
    """Tell an attendee that the time is gone, with free times near it."""
    near = buttons.near(news.view, news.free_near)
    words += news.reason + (news.say("news.free_near") if near else "")
    days = (buttons.days(news.view),)
    return ChatMessage((Plain(words),), (near, days) if near else (days,))


def expired(news: News) -> ChatMessage:
    view = news.view
    if view.is_host:
        return news.plain("news.expired", time=view.day_time, who=news.names)
    return _lost(news, news.say("news.expired_you", time=view.day_time, host=view.host))


def moved(news: News) -> ChatMessage:
    view = news.view
    if news.own:
        return cards.confirmed(
            view, "booking.moved", undo_until=news.undo_until, reminders=news.usual
        )
    words = news.say(
        "news.moved", new=view.day_time, old=news.was, who=news.first_name, title=view.title
    )
    if view.is_host:
        return ChatMessage((Plain(words),), ((news.message_them, *buttons.possible(view)),))
    fine = buttons.on_booking(view, news.say("news.fine"), "fine")
    if not may_change(view):
        return ChatMessage((Plain(words),), ((fine, *buttons.possible(view)),))
    another = buttons.on_booking(view, news.say("news.another"), "move")
    changes = (another,) if view.booking.capacity == 1 else ()
    return ChatMessage((Plain(words),), ((fine, *changes, buttons.cancel(view)),))


def cancelled(news: News) -> ChatMessage:
    view = news.view
    if news.own:
        other = news.names if view.is_host else view.host
        return cards.cancelled(view, undo_until=news.undo_until, other=other)
    if not view.is_host:
        return _lost(
            news,
            news.say("news.cancelled_you", time=view.day_time, who=view.host, title=view.title),
        )
    key = "news.left" if news.payload.get("seat") else "news.cancelled"
    words = news.say(key, time=view.day_time, who=news.who, title=view.title) + news.reason
    offer = Action(news.say("news.offer_time"), "link", view.booking.event_type_id)
    rows = ((news.message_them,),) if news.payload.get("seat") else ((offer, news.message_them),)
    return ChatMessage((Plain(words),), rows)


def back_on(news: News) -> ChatMessage:
    view = news.view
    if view.booking.status is BookingStatus.PENDING:
        return pending(news)
    if news.own:
        return cards.confirmed(view, "booking.back_on", undo_until=None, reminders=news.usual)
    row = (news.message_them, *buttons.possible(view))
    if view.is_host:
        return news.plain("news.back_on", row, time=view.day_time, who=news.first_name)
    return news.plain("news.back_on_host", row, time=view.day_time, title=view.title, who=view.host)


def coming(news: News) -> ChatMessage:
    view = news.view
    if not view.is_host:
        return reminders.is_coming(view)
    return news.plain("news.coming", who=news.first_name, time=view.day_time, title=view.title)


def running_late(news: News) -> ChatMessage:
    view = news.view
    minutes = int(news.payload.get("minutes", 0))
    if news.own:
        return reminders.is_late(view, minutes)
    time = view.reader.time(view.start)
    if not minutes:
        return news.plain("news.on_time", who=news.first_name, time=time)
    about = view.reader.time(view.start + minutes * _MINUTE)
    wait = buttons.on_booking(view, news.say("news.wait"), "wait")
    return news.plain(
        "news.late",
        (*((wait,) if view.is_host else ()), news.message_them),
        about=about,
        time=time,
        who=news.first_name,
        count=minutes,
    )


def cannot_come(news: News) -> ChatMessage:
    view = news.view
    if not view.is_host:
        return reminders.cannot_come(view)
    return news.plain(
        "news.cannot",
        (news.message_them, *buttons.possible(view)),
        who=news.first_name,
        time=view.day_time,
        title=view.title,
    )


def host_waits(news: News) -> ChatMessage:
    view = news.view
    if news.own:
        return news.plain("news.waits_own", (buttons.message(view),), who=view.others)
    return news.plain("news.waits", buttons.join(view), host=view.host)


def note(news: News) -> ChatMessage:
    """Relay what was typed, or say that it was."""
    view = news.view
    text = str(news.payload.get("text", ""))
    if news.own:
        parts = (Plain(news.say("note.sent", name=view.others) + "\n"), Quote(text))
        return ChatMessage(parts, ((buttons.on_booking(view, news.say("my.open_one"), "show"),),))
    head = news.say("news.note", who=news.who, time=view.day_time)
    reply = buttons.on_booking(view, news.say("news.reply"), "note")
    return ChatMessage((Plain(head + "\n"), Quote(text)), ((reply,),))


def not_reached(news: News) -> ChatMessage:
    about = str(news.payload.get("about", ""))
    name = str(news.payload.get("name") or news.view.others)
    known = {kind.value for kind in _ABOUT}
    key = f"news.about.{about}" if about in known else "news.about.other"
    return news.plain("news.not_reached", who=name, about=news.say(key), time=news.view.day_time)


_ABOUT = (
    NotificationKind.BOOKED,
    NotificationKind.APPROVED,
    NotificationKind.DECLINED,
    NotificationKind.MOVED,
    NotificationKind.CANCELLED,
    NotificationKind.REMINDER,
    NotificationKind.NOTE,
)


def zone_rules(news: News) -> ChatMessage:
    """Tell that the clocks' rules changed: the wall time stays, or the instant does."""
    view = news.view
    key = "news.zone" if news.payload.get("was") else "news.zone_kept"
    return news.plain(
        key,
        (buttons.message(view), *buttons.possible(view)),
        time=view.day_time,
        old=news.was,
        title=view.title,
        other=view.others,
    )


def hold_expired(news: News) -> ChatMessage:
    """Say in the card of a hold that it has ended, with one tap to take the time again."""
    start = _held_start(news)
    free = start in news.free_near
    if draft_id := str(news.payload.get("draft") or ""):
        return hold_gone(news.view.reader, draft_id, start, free=free)
    key = "refused.hold_gone" if free else "refused.hold_ended"
    days = buttons.days(news.view)
    return news.plain(key, (days,), time=news.view.reader.time(start))


def _held_start(news: News) -> datetime:
    start = news.payload.get("start")
    return from_seconds(start) if isinstance(start, int) else news.view.start
