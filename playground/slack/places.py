"""Which conversation or person a call means, and whether the app may write there."""

from playground.slack.errors import SlackError
from playground.slack.state import Conversation, SlackWorld, User


def conversation(world: SlackWorld, reference: str, *, by_user: bool = False) -> Conversation:
    """The conversation of an id; with ``by_user`` a user id means the direct message.

    A private conversation the app is not in does not exist for it.

    Raises:
        SlackError: ``channel_not_found``.
    """
    if by_user and reference in world.users:
        return world.im(world.users[reference])
    found = world.conversations.get(reference)
    if found is None or (found.is_private and world.app.bot_user_id not in found.members):
        raise SlackError("channel_not_found")
    return found


def writable(world: SlackWorld, reference: str) -> Conversation:
    """The conversation a message is to go to.

    Raises:
        SlackError: it is not there, archived, or the app is not in it.
    """
    found = conversation(world, reference, by_user=True)
    if found.is_archived:
        raise SlackError("is_archived")
    if world.app.bot_user_id not in found.members:
        public = not found.is_private and "chat:write.public" in world.app.scopes
        if not public:
            raise SlackError("not_in_channel")
    if found.is_im and _other(world, found).seed.deleted:
        raise SlackError("channel_not_found")
    return found


def _other(world: SlackWorld, im: Conversation) -> User:
    return world.users[next(m for m in im.members if m != world.app.bot_user_id)]
