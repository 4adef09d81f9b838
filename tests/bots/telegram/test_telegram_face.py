import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from app.clock import SystemClock
from bots.chat import Command, Incoming, Press, Turn, Typed
from bots.intake import InboxWorker
from bots.router import Audience, Router
from bots.telegram.adapter import Surroundings
from bots.telegram.face import TelegramConfig, TelegramFace
from builders.telegram_updates import a_group, a_message, a_press, a_user
from doubles import FakeClock
from persistence.database import Database
from playground.client import PlaygroundClient
from playground.config import BotSeed, PlaygroundConfig
from playground.serving import Playground
from scheduling.errors import DeliveryDeferred, StoreUnavailable
from scheduling.ids import DEFAULT_ORGANIZATION, NotificationId, PersonId
from scheduling.messages import Action, ChatMessage, Plain
from scheduling.notifications import Notification, NotificationKind
from scheduling.people import AccountKey, Card, Platform, Recipient, Role
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from tasks import until

TOKEN = "7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawA"
BOT_ID = TOKEN.partition(":")[0]
Answer = Callable[[Turn], Awaitable[None]]


def said(text: str, *buttons: Action) -> ChatMessage:
    message = ChatMessage((Plain(text),))
    return message.with_rows(buttons) if buttons else message


class Slotbook:
    """A Telegram face over a real database, with flows of the test's own."""

    def __init__(self, database: Database, api_url: str, answer: Answer | None = None) -> None:
        clock = SystemClock()
        self.database, self.seen = database, list[Incoming]()
        self._answer = answer or self._echo
        router = Router()
        for verb in ("start", "book", "my", "help"):
            router.command(verb, self._answer)
        router.command("agenda", self._answer, audience=Audience.COACH)
        self.people = PeopleService(
            database.store, database.queries, clock, Policy(), frozenset(), lambda: None
        )
        adapters: dict[Platform, TelegramFace] = {}
        self.worker = InboxWorker(database.inbox, clock, adapters, drain=timedelta(0))
        self.face = TelegramFace(
            TelegramConfig(token=TOKEN, api_url=api_url, holder="test"),
            Surroundings(
                organization_id=DEFAULT_ORGANIZATION,
                clock=clock,
                people=self.people,
                queries=database.queries,
                outbox=database.outbox,
                router=router,
                answer=self._watched,
            ),
            inbox=database.inbox,
            leases=database.leases,
            memory=database.memory,
            wake=self.worker.wake,
        )
        adapters[Platform.TELEGRAM] = self.face

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in (self.face, self.worker, self.face.receiver):
                await stack.enter_async_context(part.running())
            yield

    async def heard(self) -> int:
        return len(self.seen)

    async def _watched(self, turn: Turn) -> None:
        self.seen.append(turn.incoming)
        await self._answer(turn)

    async def _echo(self, turn: Turn) -> None:
        match turn.incoming.said:
            case Press(verb=""):
                await turn.toast("Old")
            case Press() as press:
                await turn.show(said(f"pressed {press.verb}", Action("Again", "again")))
            case Command() as command:
                await turn.show(said(f"/{command.verb} {command.text}", Action("Again", "again")))
            case Typed(text=text):
                await turn.say(said(f"typed {text}"))
            case other:
                await turn.say(said(type(other).__name__))


class TestConversations:
    async def test_given_a_person_when_they_talk_and_press_then_the_flow_answers(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        async with slotbook.running():
            await mia.start("7Kq2m9")
            await mia.wait_for("/start 7Kq2m9")
            await mia.press("Again")
            await mia.wait_for("pressed again")
            await mia.send("hello")
            await mia.wait_for("typed hello")
            await mia.share_contact()
            await mia.wait_for("SharedPhone")
            await mia.share_contact(of="ana")
            await mia.wait_for("SharedContactOfOther")

        people = {incoming.person.id for incoming in slotbook.seen}
        assert len(people) == 1
        assert slotbook.seen[0].person.name == "Mia Costa"
        assert len({incoming.request_id for incoming in slotbook.seen}) == 5
        assert len(await client.calls("answerCallbackQuery")) == 1

    async def test_given_one_update_when_it_comes_five_times_then_it_has_one_effect(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("/start")
            await client.deliver_again(times=5)
            await mia.send("last")
            await mia.wait_for("typed last")

        assert [type(incoming.said) for incoming in slotbook.seen] == [Command, Typed]

    async def test_given_a_crash_within_a_press_when_restarted_then_it_is_answered_after_all(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        hanging = asyncio.Event()

        async def hang(turn: Turn) -> None:
            if isinstance(turn.incoming.said, Press):
                hanging.set()
                await asyncio.Event().wait()
            await turn.show(said("Hi", Action("Book it", "book")))

        mia = client.user("mia")
        async with Slotbook(database, playground.bot_api_url, hang).running():
            await mia.start()
            await mia.press("Book it")
            await hanging.wait()

        async with Slotbook(database, playground.bot_api_url).running():
            await mia.wait_for("pressed book")

        assert await database.inbox.waiting() == 0

    async def test_given_a_payload_nobody_wrote_when_pressed_then_it_is_answered_politely(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        chance = random.Random(3)
        async with slotbook.running():
            await mia.start()
            card = await mia.wait_for("/start")
            for _ in range(40):
                data = "".join(chr(chance.randrange(32, 0x2FF)) for _ in range(12))
                await mia.press_data(card.id, data)
            await until(slotbook.heard, 41)
            await mia.wait_for_toast("Old")

        assert {incoming.said for incoming in slotbook.seen[1:]} == {Press("")}

    async def test_given_an_answer_that_breaks_when_tried_thrice_then_the_person_can_try_again(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        broken = True

        async def flow(turn: Turn) -> None:
            if broken and isinstance(turn.incoming.said, Press):
                raise LookupError
            await turn.show(said("Works", Action("Book it", "book", "abc", 1)))

        slotbook, mia = Slotbook(database, playground.bot_api_url, flow), client.user("mia")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("Works")
            await mia.press("Book it")
            sorry = await mia.wait_for("That did not work, and nothing was changed.")
            broken = False
            await mia.press("Try again")
            again = await mia.wait_for("Works")

        assert sorry.labels == [["Try again"]]
        assert again.id == sorry.id
        assert await database.inbox.waiting() == 0


class TestReachability:
    async def test_given_a_person_when_they_block_and_come_back_then_we_know(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        key = AccountKey(Platform.TELEGRAM, BOT_ID, str(await mia.id()))

        async def reachable() -> int:
            known = await database.queries.account(key)
            return int(known is not None and known[0].reachable)

        async def blocked() -> int:
            return 1 - await reachable()

        async with slotbook.running():
            await mia.start()
            await until(reachable, 1)
            await mia.block()
            await until(blocked, 1)
            await mia.unblock()
            await until(reachable, 1)

    async def test_given_a_bot_blocked_meanwhile_when_answering_then_it_is_noted(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        key = AccountKey(Platform.TELEGRAM, BOT_ID, str(await mia.id()))
        await client.fault("403", method="sendMessage")

        async def unreachable() -> int:
            known = await database.queries.account(key)
            return int(known is not None and not known[0].reachable)

        async with slotbook.running():
            await mia.start()
            await until(unreachable, 1)

        assert len(await client.calls("sendMessage")) == 1


class TestGroups:
    async def test_given_a_group_when_a_command_is_for_us_then_it_points_to_the_private_chat(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("/start")
            for text in ("/book", "/unknown", "/book@another_bot", "hi all", "/start"):
                await client.deliver_raw({"message": a_message(chat=a_group(), text=text)})
            await client.deliver_raw({"callback_query": a_press(message=a_message(chat=a_group()))})
            await mia.send("done")
            await mia.wait_for("typed done")
            await until(lambda: _count(client, "answerCallbackQuery"), 1)
            await until(lambda: _count(client, "sendMessage"), 4)

        sent = await client.calls("sendMessage", chat_id=-222)
        links = [
            call["parameters"]["reply_markup"]["inline_keyboard"][0][0]["url"] for call in sent
        ]
        assert links == ["https://t.me/pianobot?start=go_book", "https://t.me/pianobot"]
        assert await database.queries.account(AccountKey(Platform.TELEGRAM, BOT_ID, "111")) is None

    async def test_given_such_a_link_when_followed_then_the_command_runs_in_private(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        async with slotbook.running():
            await mia.start("go_book")
            await mia.wait_for("/book")

        assert slotbook.seen[0].said == Command("book")


async def _count(client: PlaygroundClient, method: str) -> int:
    return len(await client.calls(method))


class TestMenus:
    async def test_given_a_student_who_becomes_a_coach_when_they_write_then_the_menu_grows(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")

        async def menu_size() -> int:
            return len(await mia.commands())

        async with slotbook.running():
            await mia.start()
            await mia.wait_for("/start")
            await until(menu_size, 4)
            as_student = await mia.commands()
            person = slotbook.seen[0].person
            await slotbook.people.grant(DEFAULT_ORGANIZATION, person.id, Role.COACH, None)
            await mia.send("hello")
            await until(menu_size, 5)
            as_coach = await mia.commands()
            await slotbook.people.revoke(DEFAULT_ORGANIZATION, person.id, Role.COACH, None)
            await mia.send("bye")
            await until(lambda: _count(client, "deleteMyCommands"), 1)

        assert as_student == ["start", "book", "my", "help"]
        assert as_coach == ["start", "book", "my", "help", "agenda"]
        assert await mia.commands() == as_student

    async def test_given_menus_that_are_right_when_started_again_then_nothing_is_set(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        for _ in range(2):
            async with Slotbook(database, playground.bot_api_url).running():
                looked = await _count(client, "getMyShortDescription")
                await until(lambda: _count(client, "getMyShortDescription"), looked + 1)

        assert await _count(client, "setMyCommands") == 1
        assert await _count(client, "setMyDescription") == 1

    async def test_given_a_server_that_tells_no_menus_when_started_then_they_are_set(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        unknown = {"status": 404, "description": "Not Found", "times": None}
        for method in ("getMyCommands", "getMyDescription", "getMyShortDescription"):
            await client.fault("error", method=method, **unknown)

        async with Slotbook(database, playground.bot_api_url).running():
            await until(lambda: _count(client, "setMyCommands"), 1)


class TestStarting:
    async def test_given_no_telegram_yet_when_started_then_it_waits_and_says_so(
        self, database: Database
    ) -> None:
        seed = PlaygroundConfig(bots=(BotSeed(token=TOKEN),))
        async with Playground(seed) as gone:
            url, port = gone.bot_api_url, int(gone.base_url.rpartition(":")[2])
        slotbook = Slotbook(database, url)

        async def troubled() -> int:
            return int(slotbook.face.trouble(SystemClock().now()) is not None)

        async def healthy() -> int:
            return 1 - await troubled()

        async with slotbook.running():
            await until(troubled, 1)
            with pytest.raises(DeliveryDeferred):
                slotbook.face.deep_link("x")
            async with (
                Playground(seed, port=port) as back,
                PlaygroundClient(back.base_url) as client,
            ):
                await until(healthy, 1)
                await client.user("mia").start()
                await client.user("mia").wait_for("/start")

    async def test_given_a_restart_without_telegram_when_links_are_made_then_the_name_is_known(
        self, database: Database, playground: Playground
    ) -> None:
        async def remembered() -> int:
            return int(await database.memory.recall(f"telegram-username:{BOT_ID}") is not None)

        async with Slotbook(database, playground.bot_api_url).running():
            await until(remembered, 1)
        alone = Slotbook(database, "http://127.0.0.1:9")
        async with alone.running():
            link = alone.face.deep_link("7Kq2m9")

        assert link == "https://t.me/pianobot?start=7Kq2m9"

    def test_given_a_webhook_without_a_secret_when_configured_then_it_is_refused(self) -> None:
        with pytest.raises(ValueError, match="secret"):
            TelegramConfig(token=TOKEN, holder="x", webhook_url="https://x.example/hook")

    async def test_given_all_logs_when_running_then_the_token_is_in_none(
        self,
        database: Database,
        playground: Playground,
        client: PlaygroundClient,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        await client.fault("html", method="sendMessage")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("/start")

        captured = capsys.readouterr()
        # The playground's own server is somebody else's: its log may name what it was asked.
        ours = [r.getMessage() for r in caplog.records if not r.name.startswith("uvicorn")]
        said_anywhere = "".join(ours) + captured.out + captured.err
        assert "telegram.ready" in said_anywhere
        assert TOKEN.partition(":")[2] not in said_anywhere
        assert TOKEN not in repr(TelegramConfig(token=TOKEN, holder="x"))


class TestHostileSenders:
    async def test_given_hostile_names_when_they_write_then_everybody_is_answered(
        self, database: Database, playground: Playground
    ) -> None:
        names = ["<b>x</b>", "\0\u202e", "😀" * 200, "a\nb", "&lt;", "\ud800", "' OR 1=1 --"]
        slotbook = Slotbook(database, playground.bot_api_url)
        async with slotbook.running():
            for number, name in enumerate(names, 900):
                sender = a_user(id=number, first_name=name, last_name=None, username=None)
                chat = {"id": number, "type": "private"}
                message = a_message(**{"from": sender}, chat=chat, text=name)
                await slotbook.face.intake.store([{"update_id": number, "message": message}])
            await until(slotbook.heard, len(names))

        assert len({incoming.person.id for incoming in slotbook.seen}) == len(names)
        assert all(0 < len(incoming.person.name) <= 64 for incoming in slotbook.seen)


class TestGroupsThatMove:
    async def test_given_messages_for_a_group_when_it_moves_then_they_follow_it(
        self, database: Database, playground: Playground, clock: FakeClock
    ) -> None:
        slotbook = Slotbook(database, playground.bot_api_url)
        old = Recipient(Platform.TELEGRAM, BOT_ID, "-222")
        waiting = Notification(
            organization_id=DEFAULT_ORGANIZATION,
            id=NotificationId("n1"),
            kind=NotificationKind.BOOKED,
            person_id=PersonId("mia"),
            dedupe_key="k1",
            due_at=clock.now(),
            card=Card(old, "7"),
        )
        await database.store.transact(DEFAULT_ORGANIZATION, lambda tx: tx.outbox.add(waiting))
        message = a_message(chat=a_group(), text=None, migrate_to_chat_id=-1001)

        async with slotbook.running():
            await slotbook.face.intake.store([{"update_id": 1, "message": message}])
            await until(_handled(database), 1)

        (claimed,) = await database.outbox.claim_due(
            clock.now(), limit=5, lease=timedelta(seconds=5)
        )
        assert claimed.notification.card is not None
        assert claimed.notification.card.chat.chat_id == "-1001"


def _handled(database: Database) -> Callable[[], Awaitable[int]]:
    async def nothing_waits() -> int:
        return int(await database.inbox.waiting() == 0)

    return nothing_waits


class TestNoDatabase:
    async def test_given_no_database_when_people_write_then_each_hears_once_and_is_answered_later(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        slotbook, mia = Slotbook(database, playground.bot_api_url), client.user("mia")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("/start")
            with pytest.MonkeyPatch.context() as broken:
                broken.setattr(type(database.inbox), "put", _unavailable)
                await mia.send("hello")
                await mia.wait_for("Nothing is lost")
                await mia.press("Again")
                await mia.wait_for_toast("Nothing is lost")
            await mia.wait_for("pressed again", within=20)

        texts = [message.text for message in await mia.messages() if message.from_bot]
        assert texts.count("typed hello") == 1
        assert sum("Nothing is lost" in text for text in texts) == 1

    async def test_given_a_database_that_goes_while_answering_when_it_is_back_then_it_is_done(
        self, database: Database, playground: Playground, client: PlaygroundClient
    ) -> None:
        lost = 2

        async def flow(turn: Turn) -> None:
            nonlocal lost
            lost -= 1
            if lost >= 0:
                raise StoreUnavailable
            await turn.show(said("Done"))

        slotbook, mia = Slotbook(database, playground.bot_api_url, flow), client.user("mia")
        async with slotbook.running():
            await mia.start()
            await mia.wait_for("Done")

        texts = [message.text for message in await mia.messages() if message.from_bot]
        assert ["Nothing is lost" in text for text in texts] == [True, False]


async def _unavailable(*_: object) -> int:
    raise StoreUnavailable
