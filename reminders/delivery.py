"""What one row of the outbox becomes: read again, worded, sent, or ended with its reason."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from reminders.files import send_calendar_file, send_thread_file
from reminders.groups import below_the_card, is_post, posted_already, ringing
from reminders.keeping import across_chats, being_written, keep
from reminders.pace import Gate
from reminders.ports import DeliveryPorts
from reminders.unreached import not_posted, not_reached
from scheduling.errors import (
    ChatMoved,
    DeliveryDeferred,
    DeliveryError,
    DeliveryUnknown,
    NotFound,
    RecipientUnreachable,
    SchedulingError,
)
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails, BookingStatus
from scheduling.notifications import Notification, NotificationKind, Urgency
from scheduling.people import Card, Person, Recipient
from scheduling.ports import Claimed, Outcome, Settlement, Transaction
from scheduling.sessions.model import SessionDetails

T = TypeVar("T")
DEFERRED = "deferred"
"""Why a row rests that the platform asked to wait, or could not take."""
UNKNOWN_PAUSE = timedelta(seconds=5)
"""How long a send without an answer rests before its one repeat."""


@dataclass(slots=True)
class Attempt:
    """One try of one claimed row."""

    claimed: Claimed
    lease_until: datetime
    sent: Card | None = None
    """What an earlier try in this process has already put into the chat."""
    begun: bool = False
    """A request may have left, so an interruption leaves the outcome unknown."""

    @property
    def notification(self) -> Notification:
        return self.claimed.notification


@dataclass(frozen=True, slots=True)
class _Facts:
    details: BookingDetails | None
    reader: Person
    session: SessionDetails | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    chat: Recipient
    card: Card | None = None


class Delivery:
    """Delivers one attempt at a time; decides nothing about when, but asks the gate."""

    def __init__(self, ports: DeliveryPorts, gate: Gate, send_within: timedelta) -> None:
        self._ports, self._gate, self._send_within = ports, gate, send_within

    async def deliver(self, attempt: Attempt) -> Settlement | None:
        """Try to deliver and say how it ended; None when the row is no longer ours.

        Raises:
            StoreUnavailable: the database is away; the row stays as it is.
        """
        notification, now = attempt.notification, self._ports.clock.now()
        if _too_late(notification, now):
            return Settlement(Outcome.EXPIRED, reason="too late to help")
        facts = await self._read(notification)
        if facts is None:
            return Settlement(Outcome.STALE, reason="changed since it was planned")
        if posted_already(notification, facts.session):
            return Settlement(Outcome.SENT, reason="posted already")
        message = await self._compose(notification, facts, now)
        for target in await self._targets(attempt, facts):
            try:
                return await self._try(attempt, target, message, facts)
            except RecipientUnreachable:
                await self._ports.people.unreachable(target.chat, notification.organization_id)
        await self._tell_host(notification, facts)
        return Settlement(Outcome.UNREACHABLE, reason="no chat left")

    # --- reading ---------------------------------------------------------------------------

    async def _read(self, notification: Notification) -> _Facts | None:
        """Read what the message is about; None when the plan it belongs to is not in force."""
        organization_id, queries = notification.organization_id, self._ports.queries
        try:
            session = await self._session(notification)
            if notification.booking_id is None:
                reader = await queries.person(organization_id, notification.person_id)
                return _Facts(None, reader, session)
            details = await queries.booking(organization_id, notification.booking_id)
            if not _in_force(notification, details):
                return None
            known = details.person(notification.person_id)
            reader = known or await queries.person(organization_id, notification.person_id)
        except NotFound:
            return None
        return _Facts(details, reader, session)

    async def _session(self, notification: Notification) -> SessionDetails | None:
        session_id = notification.session_id
        if session_id is None:
            return None
        return await self._ports.sessions.session(notification.organization_id, session_id)

    async def _compose(
        self, notification: Notification, facts: _Facts, now: datetime
    ) -> ChatMessage:
        wording, details = self._ports.wording, facts.details
        near: tuple[datetime, ...] = ()
        if details is not None:
            notification = await across_chats(self._ports.queries, notification, details)
        if details is not None and wording.wants_free_near(notification):
            near = await self._free_near(notification, details, facts.reader)
        return wording.compose(
            notification,
            details,
            facts.reader,
            now=now,
            links=self._ports.links,
            free_near=near,
            usual_reminders=self._ports.usual_reminders,
            session=facts.session,
            ringing=await ringing(self._ports.queries, notification, facts.session),
        )

    async def _free_near(
        self, notification: Notification, details: BookingDetails, reader: Person
    ) -> tuple[datetime, ...]:
        """Return starts to offer: near the lost one; for an ended hold its own, if it is free."""
        finder, booking = self._ports.finder, details.booking
        asked = (booking.organization_id, booking.event_type_id, booking.time.start)
        try:
            if notification.kind is NotificationKind.HOLD_EXPIRED:
                refused = await finder.refusal(*asked, asker_id=reader.id)
                return () if refused else (booking.time.start,)
            return await finder.nearest(*asked, asker_id=reader.id)
        except SchedulingError:
            return ()  # not offered any more: the message goes without buttons for times

    async def _targets(self, attempt: Attempt, facts: _Facts) -> Sequence[_Target]:
        """Return where to try: the card's chat, then the person's chats, last used first.

        What is for a group or a thread goes there and nowhere else.
        """
        notification = attempt.notification
        if notification.chat is not None:
            place = _Target(below_the_card(notification.chat, facts.session), attempt.sent)
            return [place] if place.chat.platform in self._ports.messengers else []
        accounts = await self._ports.queries.accounts(
            notification.organization_id, notification.person_id
        )
        card = attempt.sent or notification.card
        targets: list[_Target] = []
        if card is not None:
            lost = any(
                not account.reachable
                and (account.key.platform, account.key.tenant, account.chat_id)
                == (card.chat.platform, card.chat.tenant, card.chat.chat_id)
                for account in accounts
            )
            if not lost:
                targets.append(_Target(card.chat, card))
        if notification.kind is not NotificationKind.HOLD_EXPIRED:
            chats = [account.recipient for account in accounts]
            targets += [_Target(c) for c in chats if c and (card is None or c != card.chat)]
        return [t for t in targets if t.chat.platform in self._ports.messengers]

    # --- sending ---------------------------------------------------------------------------

    async def _try(
        self, attempt: Attempt, target: _Target, message: ChatMessage, facts: _Facts
    ) -> Settlement | None:
        """Send to one chat, if its pace and our lease allow it now.

        Raises:
            RecipientUnreachable: nobody reads this chat any more.
        """
        notification, clock = attempt.notification, self._ports.clock
        answer = notification.urgency is Urgency.ANSWER
        now = clock.now()
        if now + self._send_within > attempt.lease_until:
            # Somebody else could claim the row while our request is under way.
            return Settlement(Outcome.RETRY, now, "lease too short")
        again_at = self._gate.admit(notification.id, target.chat, now, answer=answer)
        if again_at is not None:
            return Settlement(Outcome.RETRY, again_at, "pace")
        if not await self._ports.outbox.still_ours(attempt.claimed):
            return None
        if _too_late(notification, clock.now()):
            return Settlement(Outcome.EXPIRED, reason="too late to help")
        attempt.begun = True
        try:
            await self._within(self._send_all(attempt, target, message, facts))
        except RecipientUnreachable as error:
            self._gate.worked(target.chat)
            attempt.begun = False
            if attempt.sent is None:
                raise
            return _without_file(attempt, error)
        except DeliveryError as error:
            return await self._failed(attempt, target.chat, error)
        self._gate.worked(target.chat)
        return Settlement(Outcome.SENT, sent_card=attempt.sent)

    async def _send_all(
        self, attempt: Attempt, target: _Target, message: ChatMessage, facts: _Facts
    ) -> None:
        messenger = self._ports.messengers[target.chat.platform]
        with being_written(self._ports, target.card):
            if target.card is not None:
                attempt.sent = await messenger.edit(target.card, message)
            else:
                attempt.sent = await messenger.send(target.chat, message)
            await keep(self._ports, attempt.notification, target.card, attempt.sent, message)
        await self._remember_card(attempt, facts.session)
        if facts.details is not None and self._ports.wording.wants_file(attempt.notification):
            send_file = send_thread_file if attempt.notification.chat else send_calendar_file
            await send_file(self._ports, messenger, target.chat, facts.details, facts.reader)

    async def _remember_card(self, attempt: Attempt, session: SessionDetails | None) -> None:
        """Note which message is the session's card, before anything else can go wrong."""
        notification, card = attempt.notification, attempt.sent
        if session is None or card is None or not is_post(notification):
            return
        await self._ports.sessions.remember_card(
            notification.organization_id, session.session.id, card
        )

    async def _within(self, sending: Awaitable[T]) -> T:
        """Wait for the send at most as long as the lease covers.

        Raises:
            DeliveryUnknown: the time is over; the platform may have taken the message.
        """
        task = asyncio.ensure_future(sending)
        limit = asyncio.ensure_future(self._ports.clock.sleep(self._send_within))
        try:
            await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise DeliveryUnknown("no answer in time")
            return task.result()
        finally:
            limit.cancel()
            task.cancel()
            await asyncio.wait({task, limit})
            if not task.cancelled():
                task.exception()  # it may have failed in the instant in which we gave up

    async def _failed(self, attempt: Attempt, chat: Recipient, error: DeliveryError) -> Settlement:
        """Say what a platform's refusal means for the row."""
        now, outbox = self._ports.clock.now(), self._ports.outbox
        if isinstance(error, DeliveryDeferred):
            attempt.begun = False
            return await self._deferred(attempt, chat, error, now)
        if isinstance(error, DeliveryUnknown):
            self._gate.failed(chat, now)
            return after_unknown(attempt, now, str(error))
        self._gate.worked(chat)
        if isinstance(error, ChatMoved):
            await outbox.move_chat(chat, error.new_chat_id)
            return Settlement(Outcome.RETRY, now, "chat moved", attempt.sent)
        if attempt.sent is not None:
            return _without_file(attempt, error)
        return Settlement(Outcome.UNREACHABLE, reason=f"refused: {error}")

    async def _deferred(
        self, attempt: Attempt, chat: Recipient, error: DeliveryDeferred, now: datetime
    ) -> Settlement:
        until = now + error.retry_after
        if error.whole_bot:
            self._gate.pause(chat.platform, until)
        else:
            self._gate.failed(chat, now)
            self._gate.defer(chat, until)
            await self._ports.outbox.defer_chat(chat, until)
        return Settlement(Outcome.RETRY, until, DEFERRED, attempt.sent)

    # --- nobody there ----------------------------------------------------------------------

    async def _tell_host(self, notification: Notification, facts: _Facts) -> None:
        now = self._ports.clock.now()
        if notification.chat is not None:
            news = not_posted(notification, facts.session, now)
        else:
            news = not_reached(notification, facts.details, facts.reader, now)
        if news is None:
            return

        def tell(tx: Transaction, told: Notification) -> None:
            tx.outbox.add(told)

        await self._ports.store.transact(notification.organization_id, tell, news)


def after_unknown(attempt: Attempt, now: datetime, why: str) -> Settlement:
    """Return how a send of unknown outcome ends: repeated once, then given up."""
    if attempt.claimed.maybe_sent:
        return Settlement(Outcome.UNREACHABLE, reason=f"no answer twice ({why})")
    return Settlement(Outcome.UNKNOWN, now + UNKNOWN_PAUSE, why, attempt.sent)


def _without_file(attempt: Attempt, error: DeliveryError) -> Settlement:
    """Return how it ended when the words arrived and only the file was not taken."""
    return Settlement(Outcome.SENT, reason=f"file refused: {error}", sent_card=attempt.sent)


def _too_late(notification: Notification, now: datetime) -> bool:
    return notification.useful_until is not None and now >= notification.useful_until


def _in_force(notification: Notification, details: BookingDetails) -> bool:
    """Say whether the plan the notification belongs to is the booking's present one."""
    booking, revision = details.booking, notification.plan_revision
    if revision is not None and booking.plan_revision != revision:
        return False
    if notification.kind is not NotificationKind.REMINDER:
        return True
    if booking.status is not BookingStatus.CONFIRMED:
        return False
    seat = booking.seat_of(notification.person_id)
    seated = seat is not None and seat.status.uses_seat
    return seated or notification.person_id == booking.host_id
