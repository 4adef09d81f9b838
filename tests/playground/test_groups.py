import pytest
from telegram import Bot, Update
from telegram.error import ChatMigrated, Forbidden

from playground.client import PlaygroundClient
from playground.groups import TelegramGroup


async def heard(bot: Bot) -> list[Update]:
    """Return what the bot gets to hear, confirmed at once."""
    updates = list(await bot.get_updates(timeout=0))
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return updates


@pytest.fixture
async def group(client: PlaygroundClient, bot: Bot) -> TelegramGroup:
    """Mia and Ana in a supergroup with the bot, which knows of it."""
    await bot.get_me()
    await client.create_user("gil", "Gil")
    made = await TelegramGroup.create(client, "team", "Design", "mia", "gil")
    await heard(bot)
    return made


async def test_given_privacy_when_people_talk_then_the_bot_hears_commands_and_replies(
    group: TelegramGroup, bot: Bot
) -> None:
    mia, gil = group.member("mia"), group.member("gil")

    await mia.send("good morning")
    await gil.send("/session now")
    await gil.send("/session@other_bot now")
    (update,) = await heard(bot)
    assert update.message is not None
    assert update.message.text == "/session now"
    assert update.message.chat.type == "supergroup"
    assert update.message.from_user is not None
    assert update.message.from_user.first_name == "Gil"
    said = await bot.send_message(update.message.chat.id, "Which day?")
    await mia.send("friday", reply_to=said.message_id)

    (reply,) = await heard(bot)
    assert reply.message is not None
    assert reply.message.text == "friday"


async def test_given_a_card_when_two_people_press_then_the_bot_knows_who(
    group: TelegramGroup, bot: Bot, client: PlaygroundClient
) -> None:
    chat_id = (await client.call("GET", "/groups"))[0]["id"]
    rows = {"inline_keyboard": [[{"text": "Join", "callback_data": "join"}]]}
    await bot.send_message(chat_id, "Portfolio hour", reply_markup=rows)  # type: ignore[arg-type]

    await group.member("mia").press("Join")
    await group.member("gil").press("Join")

    updates = await heard(bot)
    pressed = [u.callback_query for u in updates if u.callback_query]
    assert [query.from_user.first_name for query in pressed] == ["Mia", "Gil"]
    assert {query.message.chat.id for query in pressed if query.message} == {chat_id}


async def test_given_a_bot_that_was_removed_when_it_writes_then_it_is_forbidden(
    group: TelegramGroup, bot: Bot, client: PlaygroundClient
) -> None:
    chat_id = (await client.call("GET", "/groups"))[0]["id"]
    await group.let_bot(member=False)

    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(chat_id, "hello")


async def test_given_a_group_when_it_becomes_a_supergroup_then_the_bot_is_told(
    client: PlaygroundClient, bot: Bot
) -> None:
    await bot.get_me()
    small = await TelegramGroup.create(client, "small", "Small", "mia", supergroup=False)
    old_id = (await client.call("GET", "/groups"))[0]["id"]
    await heard(bot)

    new_id = await small.migrate()

    (update,) = await heard(bot)
    assert update.message is not None
    assert update.message.migrate_to_chat_id == new_id
    with pytest.raises(ChatMigrated):
        await bot.send_message(old_id, "hello")
    assert (await bot.send_message(new_id, "hello")).message_id == 1


async def test_given_somebody_outside_when_they_write_then_it_is_refused(
    group: TelegramGroup, client: PlaygroundClient
) -> None:
    await group.let("gil", member=False)

    with pytest.raises(RuntimeError, match="not in the group"):
        await group.member("gil").send("/session")
