"""A group session asked for where we are not: said before anything is posted in vain."""

from bots.slack.again import AGAIN, again_value
from bots.slack.modals import elements
from bots.slack.people import SlackPeople
from bots.slack.places import chat, read_place
from bots.slack.turn import SlackTurn
from bots.slack.updates import Commanded
from scheduling.people import THREAD, Recipient
from wording import edge

_POSTS = frozenset({"session"})
"""Commands that put a message before everybody where they were typed."""


async def kept_out(turn: SlackTurn, verb: str, asked: Commanded, people: SlackPeople) -> bool:
    """Say how to invite us, with a button that asks once more; False where we may write."""
    group = turn.incoming.group
    if verb not in _POSTS or group is None or await people.posts_in(_channel(group)):
        return False
    locale = turn.incoming.person.locale
    if read_place(group.chat_id).channel.startswith("D"):
        await turn.say_with(edge.not_between_you(locale), [])
        return True
    button = elements.own_button(edge.again(locale), AGAIN, again_value(asked), "primary")
    await turn.say_with(edge.not_in_channel(locale), [button])
    return True


def _channel(group: Recipient) -> Recipient:
    return chat(group.tenant, group.chat_id.partition(THREAD)[0])
