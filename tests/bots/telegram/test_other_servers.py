"""Servers of the Bot API differ where the documentation leaves room; none may stop slotbook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import RetryAfter, TelegramError

from app.clock import SystemClock
from bots.intake import InboxWorker
from bots.router import Router
from bots.telegram.adapter import Surroundings
from bots.telegram.api import TelegramBot
from bots.telegram.face import TelegramConfig, TelegramFace
from bots.telegram.messenger import TelegramMessenger
from canned_api import UNKNOWN, Answer, CannedApi
from persistence.database import Database
from scheduling.ids import DEFAULT_ORGANIZATION
from scheduling.messages import Action, ChatMessage, File, LocalTime, Strong
from scheduling.people import Card, Platform, Recipient
from scheduling.people_service import PeopleService
from scheduling.policy import Policy
from tasks import until

TOKEN = "7000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawA"
MIA = Recipient(Platform.TELEGRAM, "7000000001", "111")
NOON = datetime(2030, 1, 7, 12, tzinfo=UTC)
TIMED = ChatMessage((Strong("Piano"), LocalTime(NOON, "Mon 12:00"))).with_rows(
    (Action("Move", "move", "abc", 1),)
)
ME: Answer = (200, b'{"result": {"first_name": "Slots", "id": 7000000001}, "ok": true}')
NO_UPDATES: Answer = (200, b'{\n "ok": true,\n "result": []\n}')
SENT: Answer = (200, b'{\n "ok": true,\n "result": {\n  "message_id": 4503599627370495\n }\n}')
DONE: Answer = (200, b'{"ok":true,"result":true}')
NO_LOCAL_TIMES: Answer = (
    400,
    b'{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities: '
    b'Unsupported start tag \\"tg-time\\" at byte offset 12"}',
)
NOT_PARSED: Answer = (
    400,
    b'{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities"}',
)


@asynccontextmanager
async def a_messenger(api: CannedApi) -> AsyncIterator[TelegramMessenger]:
    bot = TelegramBot(TOKEN, api.url, read_timeout=timedelta(seconds=5))
    yield TelegramMessenger(bot)
    await bot.close_connections()


@asynccontextmanager
async def a_receiving_face(database: Database, api: CannedApi) -> AsyncIterator[TelegramFace]:
    clock, router = SystemClock(), Router()
    people = PeopleService(
        database.store, database.queries, clock, Policy(), frozenset(), lambda: None
    )

    async def answer(turn: object) -> None:
        raise AssertionError(f"nobody said anything: {turn}")

    router.command("help", answer)
    face = TelegramFace(
        TelegramConfig(token=TOKEN, api_url=api.url, holder="test"),
        Surroundings(
            organization_id=DEFAULT_ORGANIZATION,
            clock=clock,
            people=people,
            queries=database.queries,
            outbox=database.outbox,
            router=router,
            answer=answer,
        ),
        inbox=database.inbox,
        leases=database.leases,
        memory=database.memory,
        wake=InboxWorker(database.inbox, clock, {}).wake,
    )
    async with face.running(), face.receiver.running():
        yield face


class TestStarting:
    @pytest.mark.parametrize("answer", [DONE, UNKNOWN, (200, b'{"ok":true,"result":{}}')])
    async def test_given_no_menus_as_documented_when_started_then_updates_are_fetched_all_the_same(
        self, database: Database, answer: Answer
    ) -> None:
        asking = ("getMyCommands", "getMyDescription", "getMyShortDescription")
        menus: dict[str, Answer | list[Answer]] = dict.fromkeys(asking, answer)
        canned = {"getMe": ME, "getUpdates": NO_UPDATES, "setMyCommands": DONE, **menus}
        async with CannedApi(canned) as api, a_receiving_face(database, api) as face:
            await until(lambda: api.count("getMyShortDescription"), 1)
            await until(lambda: api.count("getUpdates"), 2)

            trouble = face.receiver.trouble(NOON)

        assert trouble is None
        assert len(api.asked("setMyCommands")) == 1


class TestMessages:
    async def test_given_an_answer_of_a_number_alone_when_sent_then_that_is_enough(self) -> None:
        async with CannedApi({"sendMessage": SENT}) as api, a_messenger(api) as messenger:
            card = await messenger.send(MIA, TIMED)

        assert card == Card(MIA, "4503599627370495")
        assert len(api.calls) == 1

    async def test_given_no_local_times_when_sent_then_only_they_are_left_out_from_then_on(
        self,
    ) -> None:
        canned: dict[str, Answer | list[Answer]] = {"sendMessage": [NO_LOCAL_TIMES, SENT]}
        async with CannedApi(canned) as api, a_messenger(api) as messenger:
            await messenger.send(MIA, TIMED)
            await messenger.send(MIA, TIMED)

        texts = [call["text"] for call in api.asked("sendMessage")]
        assert "<tg-time" in texts[0]
        assert texts[1:] == ["<b>Piano</b>Mon 12:00"] * 2
        assert all('"Move"' in call["reply_markup"] for call in api.asked("sendMessage"))

    async def test_given_no_marks_at_all_when_sent_then_the_words_arrive_with_their_buttons(
        self,
    ) -> None:
        canned: dict[str, Answer | list[Answer]] = {"sendMessage": [NOT_PARSED, NOT_PARSED, SENT]}
        async with CannedApi(canned) as api, a_messenger(api) as messenger:
            await messenger.send(MIA, TIMED)

        last = api.asked("sendMessage")[-1]
        assert last["text"] == "PianoMon 12:00"
        assert "parse_mode" not in last
        assert '"Move"' in last["reply_markup"]

    async def test_given_edits_nobody_knows_when_editing_then_it_is_sent_anew(self) -> None:
        canned: dict[str, Answer | list[Answer]] = {"sendMessage": SENT, "sendDocument": SENT}
        file = File("a.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar")
        async with CannedApi(canned) as api, a_messenger(api) as messenger:
            card = await messenger.edit(Card(MIA, "7"), TIMED)
            document = await messenger.send_file(MIA, file, replacing=Card(MIA, "8d"))

        assert card == Card(MIA, "4503599627370495")
        assert document == Card(MIA, "4503599627370495d")


class TestRefusals:
    @pytest.mark.parametrize(
        "refusal",
        [
            b'{"ok":false,"description":"Too Many Requests: retry after 7"}',
            b'{"ok":false,"error_code":429,"parameters":{"retry_after":7.0,"new":[1]}}',
        ],
    )
    async def test_given_a_wait_said_in_one_way_only_when_sending_then_it_is_understood(
        self, refusal: bytes
    ) -> None:
        async with CannedApi({"getMe": (429, refusal)}) as api:
            bot = TelegramBot(TOKEN, api.url)
            with pytest.raises(RetryAfter) as raised:
                await bot.get_me()
            await bot.close_connections()

        assert raised.value.retry_after == timedelta(seconds=7)

    @pytest.mark.parametrize(
        "refusal",
        [
            b'{"ok":false,"description":["odd"],"parameters":[]}',
            b'{"ok":false,"description":7,"parameters":"none"}',
            b'{"ok":true}',
            b"[]",
            b"<html>Bad Gateway</html>",
            b"",
        ],
    )
    @pytest.mark.parametrize("status", [200, 400, 403, 404, 429, 502])
    async def test_given_an_odd_refusal_when_asking_then_it_is_one_of_telegrams_errors(
        self, status: int, refusal: bytes
    ) -> None:
        async with CannedApi({"getMe": (status, refusal)}) as api:
            bot = TelegramBot(TOKEN, api.url)
            with pytest.raises(TelegramError):
                await bot.get_me()
            await bot.close_connections()
