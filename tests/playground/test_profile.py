"""The bot's own card: commands by scope and language, texts, menus, and its accounts."""

from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)

from playground.client import PlaygroundClient, TelegramUser


class TestAccounts:
    async def test_given_a_new_token_when_used_then_it_is_a_bot(self, ask: Any) -> None:
        status, body = await ask("getMe", token="77:" + "x" * 35)

        assert status == 200
        assert (body["result"]["id"], body["result"]["username"]) == (77, "bot77_bot")

    @pytest.mark.parametrize("token", ["77", "77:short", "0:" + "x" * 35, "a:" + "x" * 35])
    async def test_given_a_token_of_wrong_shape_when_used_then_unauthorized(
        self, ask: Any, token: str
    ) -> None:
        status, body = await ask("getMe", token=token)

        assert (status, body["error_code"]) == (401, 401)
        assert body["description"].startswith("Unauthorized")

    async def test_given_an_unknown_method_when_called_then_not_found(self, ask: Any) -> None:
        status, body = await ask("getTea")

        assert (status, body["description"]) == (404, "Not Found: method not found")

    async def test_given_two_bots_when_a_person_writes_then_each_has_its_own_chat(
        self, ask: Any, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        await ask("getMe", token="77:" + "x" * 35)

        await mia.with_bot("bot77_bot").send("to the other")

        assert len(await client.pending()) == 1
        assert len(await client.pending(bot="bot77_bot")) == 1

    async def test_given_a_log_out_when_called_then_nothing_works_any_more(self, ask: Any) -> None:
        await ask("logOut")

        status, body = await ask("getMe")

        assert (status, body["description"]) == (400, "Logged out")


class TestCommands:
    async def test_given_scopes_and_languages_when_seen_then_the_narrowest_wins(
        self, bot: Bot, client: PlaygroundClient, mia: TelegramUser
    ) -> None:
        ana = client.user("ana")
        await bot.set_my_commands([BotCommand("start", "Everybody")])
        await bot.set_my_commands(
            [BotCommand("reservar", "Portuguese")], BotCommandScopeAllPrivateChats(), "pt"
        )
        await bot.set_my_commands(
            [BotCommand("agenda", "Ana")], BotCommandScopeChat(await ana.id())
        )

        assert await mia.commands() == ["reservar"]
        assert await ana.commands() == ["agenda"]
        await bot.delete_my_commands(BotCommandScopeChat(await ana.id()))
        assert await ana.commands() == ["start"]
        read = await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "pt")
        assert [command.command for command in read] == ["reservar"]

    @pytest.mark.parametrize(
        ("command", "description", "reason"),
        [
            ("Start", "d", "BOT_COMMAND_INVALID"),
            ("st-art", "d", "BOT_COMMAND_INVALID"),
            ("", "d", "command must be non-empty"),
            ("c" * 33, "d", "command length must not exceed 32"),
            ("c", "", "command description must be non-empty"),
            ("c", "d" * 257, "command description length must not exceed 256"),
        ],
    )
    async def test_given_a_bad_command_when_set_then_it_is_refused(
        self, ask: Any, command: str, description: str, reason: str
    ) -> None:
        given = [{"command": command, "description": description}]

        status, body = await ask("setMyCommands", commands=given)

        assert (status, body["description"]) == (400, f"Bad Request: {reason}")

    async def test_given_101_commands_when_set_then_they_are_too_many(self, ask: Any) -> None:
        given = [{"command": f"c{number}", "description": "d"} for number in range(101)]

        _, body = await ask("setMyCommands", commands=given)

        assert body["description"] == "Bad Request: BOT_COMMANDS_TOO_MUCH"


class TestTexts:
    async def test_given_texts_by_language_when_read_then_each_has_its_own(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        await bot.set_my_name("Piano")
        await bot.set_my_description("I book.")
        await bot.set_my_description("Eu reservo.", "pt")
        await bot.set_my_short_description("Short")

        assert (await bot.get_my_name()).name == "Piano"
        assert (await bot.get_my_description("pt")).description == "Eu reservo."
        assert (await bot.get_my_short_description()).short_description == "Short"
        shown = (await mia.chat())["bot"]
        assert (shown["name"], shown["description"]) == ("Piano", "Eu reservo.")

    @pytest.mark.parametrize(
        ("method", "name", "size"),
        [
            ("setMyName", "name", 65),
            ("setMyDescription", "description", 513),
            ("setMyShortDescription", "short_description", 121),
        ],
    )
    async def test_given_a_text_too_long_when_set_then_it_is_refused(
        self, ask: Any, method: str, name: str, size: int
    ) -> None:
        status, _ = await ask(method, **{name: "x" * size})

        assert status == 400

    async def test_given_menu_and_chat_when_asked_then_they_are_told(
        self, bot: Bot, mia: TelegramUser
    ) -> None:
        chat = await mia.id()

        await bot.set_chat_menu_button(chat, MenuButtonCommands())

        assert (await bot.get_chat_menu_button(chat)).type == "commands"
        assert (await bot.get_chat(chat)).first_name == "Mia"
        assert (await bot.get_chat_member(chat, chat)).status == "member"
