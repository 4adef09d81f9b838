"""Groups: who is in them, what they say there, and what a bot in privacy mode hears of it."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from playground.config import UserSeed
from playground.control import people
from playground.control.finding import bot_named, user_named
from playground.control.views import chat_view
from playground.telegram.chats import add, message_json
from playground.telegram.entities import FormattedText, finished
from playground.telegram.state import Bot, Chat, Group, Json, Message, User, World

_FIRST_GROUP_ID = -4_000_000_001
_FIRST_SUPERGROUP_ID = -1_002_000_000_001


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewGroup(_Body):
    """A group with its people by key; ``bot`` is in it from the start unless it is None."""

    key: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    title: str = Field(min_length=1, max_length=128)
    members: list[str] = []
    bot: str | None = "-"
    supergroup: bool = True


class Member(_Body):
    user: str
    member: bool


class BotMember(_Body):
    bot: str = "-"
    member: bool


class Said(_Body):
    user: str
    text: str
    reply_to: int | None = None


class GroupPress(_Body):
    """Who presses, and the place of the button or any data."""

    user: str
    message_id: int
    row: int | None = None
    column: int | None = None
    data: str | None = None


def group_view(group: Group) -> Json:
    return {
        "key": group.key.removeprefix("group:"),
        "id": group.id,
        "title": group.seed.first_name,
        "members": [user.key for user in group.members],
        "supergroup": group.supergroup,
        "moved_to": group.moved_to,
    }


def create(world: World, given: NewGroup) -> Group:
    """Make a group; the bot learns that it is in it."""
    taken = {group.id for group in world.groups.values()}
    group_id = _FIRST_SUPERGROUP_ID if given.supergroup else _FIRST_GROUP_ID
    while group_id in taken:
        group_id -= 1
    seed = UserSeed(key=f"group:{given.key}", first_name=given.title)
    members = [user_named(world, key) for key in given.members]
    group = Group(seed, group_id, members=members, supergroup=given.supergroup)
    world.groups[given.key] = group
    if given.bot is not None:
        let_bot(world, bot_named(world, given.bot), group, member=True)
    world.events.emit("groups", {"group": given.key})
    return group


def let_bot(world: World, bot: Bot, group: Group, *, member: bool) -> None:
    """Add the bot, or remove it; it is told, and can write only while it is in."""
    chat = bot.chat(group)
    if chat.started == member:
        return
    chat.started = member
    was, now = ("left", "member") if member else ("member", "kicked")
    by = group.members[0] if group.members else group
    value = {
        "chat": group.api_chat(),
        "from": by.api(),
        "date": int(world.now()),
        "old_chat_member": people.member(bot, was),
        "new_chat_member": people.member(bot, now),
    }
    lane = f"member:{group.id}"
    bot.updates.push("my_chat_member", value, life=world.config.message_life, lane=lane)
    world.tell_chat(bot, chat)


def say(world: World, bot: Bot, group: Group, given: Said) -> Message:
    """Type into the group. In privacy mode a bot hears commands, and replies to its messages.

    Raises:
        NotPossible: the person is not in the group.
    """
    user = user_named(world, given.user)
    chat = _chat_of_member(bot, group, user)
    text = finished(FormattedText(given.text))
    content: Json = {"text": text.text}
    if text.entities:
        content["entities"] = list(text.entities)
    message = Message(
        id=bot.message_id_in(chat),
        date=int(world.now()),
        from_bot=False,
        content=content,
        reply_to=given.reply_to,
        sender=user,
    )
    add(world, bot, chat, message)
    if chat.started and _heard(bot, chat, message):
        value, lane = message_json(bot, chat, message), f"chat:{group.id}"
        bot.updates.push("message", value, life=world.config.message_life, lane=lane)
    return message


def _heard(bot: Bot, chat: Chat, message: Message) -> bool:
    text = str(message.content.get("text", ""))
    if text.startswith("/"):
        _, _, named = text.split(maxsplit=1)[0].partition("@")
        return not named or named.lower() == bot.username.lower()
    original = chat.messages.get(message.reply_to) if message.reply_to else None
    return original is not None and original.from_bot


def migrate(world: World, group: Group) -> Group:
    """Make the group a supergroup: a new id, messages counted anew, and a word to every bot.

    Raises:
        NotPossible: it is one already.
    """
    if group.supergroup:
        raise people.NotPossible("It is a supergroup already.")
    key = group.key.removeprefix("group:")
    fresh = Group(group.seed, _FIRST_SUPERGROUP_ID, members=list(group.members))
    while world.group_with_id(fresh.id) is not None:
        fresh.id -= 1
    group.moved_to = fresh.id
    world.groups[key], world.groups[f"{key}~{group.id}"] = fresh, group
    for bot in world.bots.values():
        old = bot.chats.get(group.id)
        if old is None or not old.started:
            continue
        bot.chat(fresh).started = True
        told = Message(
            id=bot.new_message_id(),
            date=int(world.now()),
            from_bot=False,
            content={"migrate_to_chat_id": fresh.id},
            sender=group.members[0] if group.members else None,
        )
        value, lane = message_json(bot, old, told), f"chat:{group.id}"
        bot.updates.push("message", value, life=world.config.message_life, lane=lane)
    world.events.emit("groups", {"group": key})
    return fresh


def _chat_of_member(bot: Bot, group: Group, user: User) -> Chat:
    if user not in group.members:
        raise people.NotPossible(f"{user.key} is not in the group.")
    return bot.chat(group)


def add_groups(router: APIRouter, world: World) -> None:
    """Add the control API of groups."""

    def group_named(key: str) -> Group:
        group = world.groups.get(key)
        if group is None:
            raise HTTPException(404, f"There is no group {key!r}.")
        return group

    @router.get("/groups")
    async def groups() -> list[Json]:
        return [group_view(group) for group in world.groups.values()]

    @router.post("/groups", status_code=201)
    async def create_group(given: NewGroup) -> Json:
        if given.key in world.groups:
            raise HTTPException(409, f"There is a group {given.key!r} already.")
        return group_view(create(world, given))

    @router.post("/groups/{key}/members")
    async def membership(key: str, given: Member) -> Json:
        group, user = group_named(key), user_named(world, given.user)
        group.members = [each for each in group.members if each is not user]
        if given.member:
            group.members.append(user)
        world.events.emit("groups", {"group": key})
        return group_view(group)

    @router.post("/groups/{key}/bot")
    async def bot_membership(key: str, given: BotMember) -> Json:
        group = group_named(key)
        let_bot(world, bot_named(world, given.bot), group, member=given.member)
        return group_view(group)

    @router.post("/groups/{key}/migration")
    async def migration(key: str) -> Json:
        return group_view(migrate(world, group_named(key)))

    @router.get("/groups/{key}/chats/{name}")
    async def transcript(key: str, name: str) -> Json:
        group, bot = group_named(key), bot_named(world, name)
        return {**chat_view(world, bot, bot.chat(group)), "group": group_view(group)}

    @router.post("/groups/{key}/chats/{name}/messages")
    async def send(key: str, name: str, given: Said) -> Json:
        before = world.events.seq
        sent = say(world, bot_named(world, name), group_named(key), given)
        return {"before": before, "message_id": sent.id}

    @router.post("/groups/{key}/chats/{name}/presses")
    async def press(key: str, name: str, given: GroupPress) -> dict[str, Any]:
        group, bot, user = group_named(key), bot_named(world, name), user_named(world, given.user)
        before, data = world.events.seq, given.data
        chat = _chat_of_member(bot, group, user)
        if data is None:
            message = chat.messages.get(given.message_id)
            if message is None:
                raise people.NotPossible("That message is gone.")
            data = people.button_data(message, given.row or 0, given.column or 0)
        pressed = people.press(world, bot, user, given.message_id, data, chat=chat)
        return {"before": before, "callback_id": pressed.id}
