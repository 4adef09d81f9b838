"""What goes to a group or a thread instead of to one person."""

from scheduling.ids import PersonId
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import THREAD, AccountKey, Recipient
from scheduling.ports import Queries
from scheduling.sessions.model import SessionDetails


def is_post(notification: Notification) -> bool:
    """Say whether it puts a session's card into its group."""
    return notification.kind is NotificationKind.SESSION_POSTED


def posted_already(notification: Notification, session: SessionDetails | None) -> bool:
    """Say whether the card is in its group: a repeat after a crash posts no second one."""
    return is_post(notification) and session is not None and session.session.card is not None


def below_the_card(chat: Recipient, session: SessionDetails | None) -> Recipient:
    """Return the thread of the card, also for news planned before the card was out."""
    if session is None or session.session.card is None or chat != session.session.group:
        return chat
    # A group that is a thread itself stays one: threads have none below them.
    return chat if THREAD in chat.chat_id else session.session.card.thread


async def ringing(
    queries: Queries, notification: Notification, session: SessionDetails | None
) -> dict[PersonId, AccountKey]:
    """Return the accounts that the first post of a question mentions: those of its own chat."""
    chat, found = notification.chat, dict[PersonId, AccountKey]()
    if not is_post(notification) or chat is None or session is None:
        return found
    for member in session.session.members:
        if member.person_id == session.session.organizer_id:
            continue
        accounts = await queries.accounts(notification.organization_id, member.person_id)
        here = (chat.platform, chat.tenant)
        keys = [each.key for each in accounts if (each.key.platform, each.key.tenant) == here]
        if keys:
            found[member.person_id] = keys[0]
    return found
