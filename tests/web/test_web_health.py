"""Health, readiness, metrics, and what every answer has in common."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from postroom import PostRoom
from scheduling.errors import StoreUnavailable


class TestHealth:
    async def test_given_parts_that_are_well_when_asked_then_it_says_ok(self, browse: Any) -> None:
        async with browse() as client:
            answer = await client.get("/healthz")

        assert answer.status_code == 200
        assert answer.json() == {
            "status": "ok",
            "parts": {"database": None, "intake": None, "dispatcher": None},
        }

    async def test_given_a_part_in_trouble_when_asked_then_503_names_it(self, browse: Any) -> None:
        sick = _part("dispatcher", "not running")

        async with browse(parts=(_part("intake"), sick)) as client:
            answer = await client.get("/healthz")

        assert answer.status_code == 503
        assert answer.json()["parts"]["dispatcher"] == "not running"

    async def test_given_a_database_that_answers_when_asked_then_it_is_ready(
        self, browse: Any, room: PostRoom
    ) -> None:
        async with browse(database=room.database) as client:
            answer = await client.get("/readyz")

        assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    async def test_given_a_database_away_when_asked_then_it_is_not_ready_and_metrics_say_so(
        self, browse: Any
    ) -> None:
        away = SimpleNamespace(
            inbox=_Away(), outbox=_Away(), queries=_Away(), writer=SimpleNamespace(trouble=None)
        )

        async with browse(database=away) as client:
            ready = await client.get("/readyz")
            feed = await client.get(f"/feeds/{'a' * 43}.ics")
            metrics = await client.get("/metrics")

        assert (ready.status_code, feed.status_code) == (503, 503)
        assert "slotbook_database_up 0.0" in metrics.text

    async def test_given_rows_when_scraped_then_they_are_counted_by_state(
        self, browse: Any, room: PostRoom
    ) -> None:
        registry = CollectorRegistry()
        sent, waiting = await room.crowd(2)
        await room.owe(room.news(sent))
        await room.dispatcher(registry=registry).run_once()
        await room.owe(room.news(waiting))

        async with browse(registry=registry, database=room.database) as client:
            text = (await client.get("/metrics")).text

        assert 'slotbook_outbox_rows{state="sent"} 1.0' in text
        assert 'slotbook_outbox_rows{state="waiting"} 1.0' in text
        assert 'slotbook_dispatch_attempts_total{kind="coach_approved",outcome="sent"} 1.0' in text
        assert "slotbook_inbox_waiting 0.0" in text


class TestEveryAnswer:
    @pytest.mark.parametrize(
        "path", ["/", "/docs", "/openapi.json", "/feeds/x.ics", "/telegram/webhook", "/app"]
    )
    async def test_given_a_path_that_is_not_there_when_asked_then_all_look_the_same(
        self, browse: Any, path: str
    ) -> None:
        async with browse() as client:
            answer = await client.get(path)

        assert answer.status_code == 404
        assert answer.json() == {"error": "not found"}
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers

    async def test_given_a_defect_when_it_shows_then_the_answer_is_a_code_that_the_log_has(
        self, browse: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = SimpleNamespace(name="broken", trouble=_broken)
        caplog.set_level(logging.DEBUG)

        with capture_logs() as logs:
            async with browse(parts=(broken,)) as client:
                answer = await client.get("/healthz")

        code = answer.json()["code"]
        assert answer.status_code == 500
        assert answer.json() == {"error": "that did not work", "code": code}
        assert [(entry["code"], entry["route"]) for entry in logs] == [(code, "/healthz")]
        assert "secret words" not in answer.text


class _Away:
    def __getattr__(self, name: str) -> Any:
        async def away(*_: object, **__: object) -> None:
            raise StoreUnavailable

        return away


def _part(name: str, trouble: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(name=name, trouble=lambda _: trouble)


def _broken(_: object) -> None:
    raise RuntimeError("secret words")
