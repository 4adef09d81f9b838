"""Slotbook as a process: by environment alone, one per file, by webhook, ended by a signal."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.clock import SystemClock
from app.demo_cast import BOT, TOKEN
from app.wiring import Role, running_slotbook
from playground.client import PlaygroundClient
from playground.config import PlaygroundConfig
from playground.serving import Playground
from scheduling.errors import StoreInUse
from stage import LESSON, Stage

SECRET = "a-webhook-secret"
_SOON = timedelta(milliseconds=50)
_PATIENCE = timedelta(seconds=30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@asynccontextmanager
async def slotbook_run(
    database_url: str, api_url: str, port: int, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `slotbook run` by environment alone; whatever is left of it is killed at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "SLOTBOOK_TELEGRAM_TOKEN": TOKEN,
        "SLOTBOOK_TELEGRAM_API_URL": api_url,
        "SLOTBOOK_DATABASE_URL": database_url,
        "SLOTBOOK_HTTP_PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("slotbook"),
        "run",
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def healthy(port: int) -> dict[str, object]:
    """Wait until /healthz says that every part is alive, and return what it says."""
    clock = SystemClock()
    begun = clock.now()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        while clock.now() - begun < _PATIENCE:
            try:
                answer = await http.get("/healthz")
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 200:
                told: dict[str, object] = answer.json()
                return told
            await clock.sleep(_SOON)
    raise AssertionError("it never became healthy")


@pytest.mark.slow
class TestRun:
    async def test_given_an_empty_database_when_run_and_terminated_then_it_answers_and_ends_well(
        self, empty_database_url: str, tmp_path: Path
    ) -> None:
        port = free_port()
        config = PlaygroundConfig(bots=(BOT,))
        async with (
            Playground(config) as playground,
            PlaygroundClient(playground.base_url, deadline=20) as people,
            slotbook_run(empty_database_url, playground.bot_api_url, port, tmp_path) as process,
        ):
            health = await healthy(port)
            mia = people.user("mia")
            await mia.start()
            hello = await mia.wait_for("Hi Mia!")

            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(10):
                _, errors = await process.communicate()

        assert process.returncode == 0, errors.decode()
        assert health["status"] == "ok"
        assert hello.labels == [["Book a time", "Offer my time"]]
        assert TOKEN.partition(":")[2] not in errors.decode()

    async def test_given_a_file_in_use_when_run_again_then_it_says_so_and_stops(
        self, dark_sqlite_stage: Stage, tmp_path: Path
    ) -> None:
        stage = dark_sqlite_stage
        async with (
            stage.running(),
            slotbook_run(stage.url, stage.playground.bot_api_url, 0, tmp_path) as second,
        ):
            async with asyncio.timeout(30):
                _, errors = await second.communicate()

        last = errors.decode().strip().splitlines()[-1]
        assert second.returncode == 1
        assert last.startswith("Another slotbook runs on ")
        assert last.endswith("Stop that one first, or use PostgreSQL for several.")
        assert "Traceback" not in errors.decode()

    async def test_given_a_file_in_use_when_opened_in_the_same_process_then_it_is_refused_too(
        self, dark_sqlite_stage: Stage
    ) -> None:
        stage = dark_sqlite_stage
        async with stage.running() as first:
            with pytest.raises(StoreInUse):
                async with running_slotbook(first.settings):
                    pass


@pytest.mark.slow
class TestDemo:
    async def test_given_nothing_at_all_when_started_then_one_address_is_told_and_a_link_books(
        self, tmp_path: Path
    ) -> None:
        demo = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("slotbook"),
            *("demo", "--port", "0"),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert demo.stdout is not None
            async with asyncio.timeout(60):
                told = (await demo.stdout.readline()).decode()
            address = told.split()[1]
            async with PlaygroundClient(address, deadline=20) as people:
                world = await people.call("GET", "/state")
                link = str(world["tour"]["steps"][0]["link"])
                mia = people.user("mia")
                await mia.start(link.partition("start=")[2])
                asked = await mia.wait_for("what does your clock say?")
                for label in (asked.labels[0][0], "First free", "Book it"):
                    await mia.press(label)
                booked = await mia.wait_for("Booked.")

            demo.send_signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                rest, _ = await demo.communicate()
        finally:
            if demo.returncode is None:
                demo.kill()
                await demo.communicate()

        assert told == f"Open {address} in your browser. Ctrl+C ends it.\n"
        assert "Piano lesson with Ana" in booked.text
        assert (demo.returncode, rest) == (0, b"")


class TestWebhook:
    async def test_given_a_webhook_when_telegram_delivers_then_the_journey_is_the_same(
        self, dark_sqlite_stage: Stage
    ) -> None:
        stage, mia = dark_sqlite_stage, dark_sqlite_stage.people.user("mia")
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        webhook = f"{address}/telegram/webhook"

        async with stage.running(
            roles=frozenset(Role),
            http_port=port,
            telegram_webhook_url=webhook,
            telegram_webhook_secret=SecretStr(SECRET),
        ):
            card = await stage.books(mia, "24", "08:00", "Book it")
            forged = {"update_id": 5, "message": {"text": "/start"}}
            async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
                refused = [
                    (await http.post("/telegram/webhook", json=forged, headers=headers)).status_code
                    for headers in (
                        {},
                        {"X-Telegram-Bot-Api-Secret-Token": "wrong"},
                        {"X-Telegram-Bot-Api-Secret-Token": SECRET},
                    )
                ]
                health = (await http.get("/healthz")).json()

        assert card.text.startswith("Booked. Tue 24 Nov, 08:00-09:00 Lisbon")
        assert refused == [401, 403, 200]
        assert health["status"] == "ok"
        assert not await stage.people.calls("getUpdates")

    async def test_given_a_webhook_of_before_when_polling_then_it_is_taken_away_and_nothing_lost(
        self, dark_sqlite_stage: Stage
    ) -> None:
        stage, mia = dark_sqlite_stage, dark_sqlite_stage.people.user("mia")
        api = f"{stage.playground.bot_api_url}/bot{TOKEN}"
        async with httpx.AsyncClient(trust_env=False) as http:
            elsewhere = f"http://127.0.0.1:{free_port()}/nobody"
            answer = await http.post(f"{api}/setWebhook", json={"url": elsewhere})
        await mia.start(stage.code(LESSON))

        async with stage.running():
            asked = await mia.wait_for("what does your clock say?")

        assert answer.json()["ok"]
        assert asked.labels[0][0] == "09:02 Lisbon"
