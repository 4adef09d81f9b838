"""The server as a part: takes a port, leaves signals alone, and ends soon."""

import asyncio
import signal
import socket
from datetime import UTC, datetime

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from web.serving import PortTaken, WebServer

NOW = datetime(2030, 1, 7, tzinfo=UTC)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


class TestServing:
    @pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
    async def test_given_port_zero_when_running_then_a_free_port_answers_at_its_address(
        self, host: str
    ) -> None:
        server = WebServer(hello, host, 0)

        async with server.running(), httpx.AsyncClient() as client:
            answer = await client.get(str(server.address))
            trouble = server.trouble(NOW)

        assert answer.text == "hello"
        assert trouble is None
        assert (server.address, server.trouble(NOW)) == (None, "not running")

    async def test_given_a_port_in_use_when_started_then_it_says_what_to_set(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            server = WebServer(hello, "127.0.0.1", taken.getsockname()[1])

            with pytest.raises(PortTaken, match="Set SLOTBOOK_HTTP_PORT to another one"):
                async with server.running():
                    pass

    async def test_given_it_runs_when_signals_are_looked_at_then_they_are_as_before(self) -> None:
        before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

        async with WebServer(hello, "127.0.0.1", 0).running():
            during = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

        assert during == before

    async def test_given_a_request_that_never_ends_when_stopped_then_it_is_cut_off_soon(
        self,
    ) -> None:
        begun = asyncio.Event()

        async def stuck(_: Scope, __: Receive, ___: Send) -> None:
            begun.set()
            await asyncio.Event().wait()

        server = WebServer(stuck, "127.0.0.1", 0)
        loop = asyncio.get_running_loop()
        async with httpx.AsyncClient(timeout=30) as client:
            async with server.running():
                asking = asyncio.create_task(client.get(str(server.address)))
                await begun.wait()
                began = loop.time()
            took = loop.time() - began
            asking.cancel()
            await asyncio.wait({asking})

        assert took < 5

    async def test_given_a_client_that_keeps_its_connection_when_stopped_then_nobody_waits(
        self,
    ) -> None:
        server = WebServer(hello, "127.0.0.1", 0)
        loop = asyncio.get_running_loop()

        async with httpx.AsyncClient() as client:
            async with server.running():
                await client.get(str(server.address))
                began = loop.time()
            took = loop.time() - began

        assert took < 2
