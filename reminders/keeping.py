"""What is sent is kept right from then on, and says where the other side is to be found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from reminders.ports import DeliveryPorts
from scheduling.messages import ChatMessage
from scheduling.model import BookingDetails
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import Card
from scheduling.ports import Queries

_BY_THE_ATTENDEE = frozenset({NotificationKind.BOOKED, NotificationKind.PENDING})


@contextmanager
def being_written(ports: DeliveryPorts, card: Card | None) -> Iterator[None]:
    """Let nobody else of this process draw the card inside the block."""
    if card is None or ports.watch is None:
        yield
        return
    with ports.watch.writing(card):
        yield


async def keep(
    ports: DeliveryPorts,
    notification: Notification,
    before: Card | None,
    sent: Card,
    message: ChatMessage,
) -> None:
    """Have what was sent kept right; ``before`` is the card it took the place of."""
    watch, organization_id = ports.watch, notification.organization_id
    if watch is None or (before is None and message.live is None):
        return
    # What stands in a group is everybody's.
    person_id = None if notification.chat is not None else notification.person_id
    if before is not None and before != sent:
        await watch.shown(organization_id, person_id, before, replace(message, live=None))
    await watch.shown(organization_id, person_id, sent, message)


async def across_chats(
    queries: Queries, notification: Notification, details: BookingDetails
) -> Notification:
    """Return a host's news with the platform the other side is on, where the host is not there."""
    host_id, by = details.booking.host_id, notification.payload.get("by")
    is_news = notification.kind in _BY_THE_ATTENDEE and notification.person_id == host_id != by
    if not is_news or not details.people:
        return notification
    other = next((p for p in details.people if p.id == by), details.people[-1])
    theirs = await queries.accounts(notification.organization_id, other.id)
    ours = await queries.accounts(notification.organization_id, host_id)
    here = next((a.key.platform for a in ours if a.recipient), None)
    if notification.card is not None:
        here = notification.card.chat.platform
    if not theirs or here is None or here in {account.key.platform for account in theirs}:
        return notification
    elsewhere = {"elsewhere": theirs[0].key.platform.value, "elsewhere_name": other.first_name}
    return replace(notification, payload={**notification.payload, **elsewhere})
