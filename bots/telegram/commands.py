"""The command menu and the bot's own page: what each person sees follows their role."""

from collections.abc import Callable

import structlog
from telegram import BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeChat
from telegram.error import TelegramError

from bots.router import Audience, CommandEntry, Router
from bots.telegram import limits
from bots.telegram.api import TelegramBot
from bots.telegram.failures import in_short
from bots.text import cut
from scheduling.people import Person
from scheduling.ports import Memory
from wording.catalogue import FALLBACK, language_for, languages
from wording.commands import bot_description, bot_short_description, description

_KNOWN_AT_MOST = 10_000
_log = structlog.get_logger(__name__)


class CommandMenu:
    """Keeps Telegram's menus in step with the router; what is right already costs no change."""

    def __init__(self, bot: TelegramBot, router: Router, memory: Memory) -> None:
        self._bot, self._router, self._memory = bot, router, memory
        self._fitted: dict[str, tuple[str, ...]] = {}

    async def publish(self) -> None:
        """Set everybody's menu and, where they are empty, the texts of the bot's own page.

        Raises:
            TelegramError: some of it was not set; try again whenever it suits.
        """
        failure: TelegramError | None = None
        for language in sorted(languages()):
            for step in (
                self._set_menu,
                self._set_group_menu,
                self._describe,
                self._describe_shortly,
            ):
                try:
                    await step(language, None if language == FALLBACK else language)
                except TelegramError as error:
                    failure = error  # a server may lack one of them and have the others
        if failure is not None:
            raise failure

    async def _set_menu(self, language: str, code: str | None) -> None:
        menu = self._menu(language, lambda entry: entry.audience is Audience.ALL)
        if await self._present(language_code=code) != menu:
            await self._bot.set_my_commands(menu, language_code=code)

    async def _set_group_menu(self, language: str, code: str | None) -> None:
        """Show in groups what is answered there; elsewhere everything is a way out of the group."""
        menu = self._menu(language, lambda entry: entry.in_groups)
        scope = BotCommandScopeAllGroupChats()
        if menu and await self._present(scope=scope, language_code=code) != menu:
            await self._bot.set_my_commands(menu, scope=scope, language_code=code)

    async def _describe(self, language: str, code: str | None) -> None:
        # Whoever runs the bot may have told BotFather other words: those stay.
        if not (await self._bot.get_my_description(language_code=code)).description:
            words = cut(bot_description(language), limits.BOT_DESCRIPTION)
            await self._bot.set_my_description(words, language_code=code)

    async def _describe_shortly(self, language: str, code: str | None) -> None:
        if not (await self._bot.get_my_short_description(language_code=code)).short_description:
            words = cut(bot_short_description(language), limits.BOT_SHORT_DESCRIPTION)
            await self._bot.set_my_short_description(words, language_code=code)

    async def fit(self, person: Person, chat_id: str) -> None:
        """Give the person's private chat the menu of their role; failing is harmless."""
        language = language_for(person.locale)
        menu = self._menu(language, lambda entry: entry.audience.includes(person))
        names = (language, *(command.command for command in menu))
        if self._fitted.get(chat_id) == names:
            return
        try:
            await self._fit(chat_id, menu, plain=self._is_plain(person))
        except TelegramError as error:
            _log.info("telegram.menu_not_set", reason=in_short(error))
            return
        if len(self._fitted) >= _KNOWN_AT_MOST:
            self._fitted.clear()
        self._fitted[chat_id] = names

    async def _fit(self, chat_id: str, menu: tuple[BotCommand, ...], *, plain: bool) -> None:
        key = f"telegram-menu:{self._bot.tenant}:{chat_id}"
        scope = BotCommandScopeChat(chat_id)
        if plain:
            # Nearly everybody: only somebody who had a menu of their own loses it.
            if await self._memory.recall(key):
                await self._bot.delete_my_commands(scope=scope)
                await self._memory.remember(key, "")
            return
        if await self._present(scope=scope) != menu:
            await self._bot.set_my_commands(menu, scope=scope)
        if not await self._memory.recall(key):
            await self._memory.remember(key, "own")

    async def _present(
        self, *, scope: BotCommandScope | None = None, language_code: str | None = None
    ) -> tuple[BotCommand, ...] | None:
        try:
            return await self._bot.get_my_commands(scope=scope, language_code=language_code)
        except TelegramError:
            return None  # where it cannot be asked for, it may still be set

    def _is_plain(self, person: Person) -> bool:
        return all(
            entry.audience is Audience.ALL
            for entry in self._router.commands()
            if entry.in_menu and entry.audience.includes(person)
        )

    def _menu(
        self, language: str, wanted: Callable[[CommandEntry], bool]
    ) -> tuple[BotCommand, ...]:
        shown = [entry for entry in self._router.commands() if entry.in_menu and wanted(entry)]
        return tuple(
            BotCommand(
                entry.verb, cut(description(entry.verb, language), limits.COMMAND_DESCRIPTION)
            )
            for entry in shown[: limits.COMMANDS_IN_MENU]
        )
