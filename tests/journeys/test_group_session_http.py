"""Group sessions in a Telegram group over real HTTP: the card, the seats, the vote, the move."""

from playground.client import TelegramUser
from playground.groups import GroupMember, TelegramGroup
from stage import Stage

OPEN = '/session "Portfolio hour" 60m thu 16:00 seats 2'


async def zoned(stage: Stage, key: str, first_name: str) -> TelegramUser:
    """Return somebody who has started the bot and told it their zone, Berlin's."""
    user = await stage.newcomer(key, first_name, username=key)
    await user.start(stage.code("Piano lesson"))
    await user.press_and_wait("10:0", "Which day?")
    return user


async def in_group(stage: Stage, *keys: str, supergroup: bool = True) -> TelegramGroup:
    """Return a group of these people with the bot in it."""
    return await TelegramGroup.create(stage.people, "team", "Design", *keys, supergroup=supergroup)


async def opened(stage: Stage, *others: str) -> tuple[TelegramUser, TelegramGroup, GroupMember]:
    """Return Bo, whose open session is in the group, the group, and Bo in it."""
    bo = await zoned(stage, "bo", "Bo")
    for key in others:
        await stage.newcomer(key, key.capitalize(), username=key)
    group = await in_group(stage, "bo", *others)
    there = group.member("bo")
    await there.send(OPEN)
    await there.wait_for("2 of 2 seats left")
    return bo, group, there


class TestOpenSession:
    async def test_given_a_line_in_a_group_when_typed_then_the_card_is_there_and_bo_is_told(
        self, stage: Stage
    ) -> None:
        bo, _, there = await opened(stage)

        card = await there.newest()
        assert card.text.startswith("Portfolio hour · ")
        assert card.labels[0][:2] == ["Join", "Leave"]
        assert any(entity["type"] == "date_time" for entity in card.entities)
        assert "Posted in the group." in (await bo.newest()).text

    async def test_given_somebody_new_when_they_press_join_then_one_start_ends_in_a_seat(
        self, stage: Stage
    ) -> None:
        _, group, there = await opened(stage, "dia")
        dia = stage.people.user("dia")

        there_too = group.member("dia")
        await there_too.press("Join")
        answer = await there_too.wait_for_toast()
        payload = (answer.url or "").partition("start=")[2]
        assert payload.startswith("j_")
        await dia.start(payload)

        await dia.wait_for("Booked. ")
        await dia.wait_for_document(".ics")
        await there.wait_for("in: Dia", since=0)

    async def test_given_two_who_are_known_when_they_join_then_the_card_is_edited_in_place(
        self, stage: Stage
    ) -> None:
        await zoned(stage, "dia", "Dia")
        await zoned(stage, "eli", "Eli")
        bo = await zoned(stage, "bo", "Bo")
        group = await in_group(stage, "bo", "dia", "eli")
        there = group.member("bo")
        await there.send(OPEN)
        first = await there.wait_for("2 of 2 seats left")

        await group.member("dia").press("Join")
        await there.wait_for("in: Dia", since=0)
        await group.member("eli").press("Join")
        full = await there.wait_for("Full · in: Dia, Eli", since=0)

        assert full.id == first.id
        assert full.labels[0][0] == "Join the waitlist"
        assert "Posted in the group." in (await bo.newest()).text


class TestPoll:
    async def test_given_a_question_when_both_answer_then_it_is_settled_below_its_card(
        self, stage: Stage
    ) -> None:
        await zoned(stage, "cem", "Cem")
        await zoned(stage, "bo", "Bo")
        group = await in_group(stage, "bo", "cem")
        there = group.member("bo")
        await there.send('/session "Retro" 45m next week @cem')
        card = await there.wait_for("Bo asks Cem: which times work?")
        assert any(entity["type"] == "text_mention" for entity in card.entities)

        await group.member("cem").press("A yes")

        await there.wait_for("Retro is on: ", since=0)
        settled = await there.wait_for("Settled by the last vote: ", since=0)
        assert settled.raw.get("reply_to") == card.id
        await there.wait_for_document(".ics", since=0)
        await stage.calm()


class TestGroupsThatChange:
    async def test_given_a_group_when_it_becomes_a_supergroup_then_the_card_is_there_again(
        self, stage: Stage
    ) -> None:
        await zoned(stage, "bo", "Bo")
        await zoned(stage, "dia", "Dia")
        group = await in_group(stage, "bo", "dia", supergroup=False)
        there = group.member("bo")
        await there.send(OPEN)
        await there.wait_for("2 of 2 seats left")

        await group.migrate()
        await there.wait_for("2 of 2 seats left", since=0)
        await group.member("dia").press("Join")

        await there.wait_for("in: Dia", since=0)


class TestMenu:
    async def test_given_groups_when_their_menu_is_read_then_it_holds_what_is_answered_there(
        self, sqlite_stage: Stage
    ) -> None:
        calls = await sqlite_stage.people.calls("setMyCommands")

        for_groups = [call for call in calls if "all_group_chats" in str(call)]

        assert for_groups
        assert "session" in str(for_groups[0])
        assert "agenda" not in str(for_groups[0])
