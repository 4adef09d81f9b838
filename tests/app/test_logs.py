"""Logs: nothing secret leaves the process, whatever the level and whoever logs."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.logs import configure_logging

TOKEN = "987654:" + "tOkEn_-" * 5
PHONE = "+351 912 345 678"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """A stream that takes every record of the process at DEBUG."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("DEBUG", "json", secrets=["webhook-secret-1"], stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class TestRedaction:
    def test_given_a_library_that_logs_the_address_then_the_token_is_gone(
        self, written: io.StringIO
    ) -> None:
        logging.getLogger("any").info("HTTP Request: POST %s", f"https://x/bot{TOKEN}/getMe")

        assert TOKEN not in written.getvalue()
        assert "[token]" in written.getvalue()

    def test_given_secrets_in_a_traceback_then_they_are_gone(self, written: io.StringIO) -> None:
        def fail(phone: str) -> None:
            raise RuntimeError(f"could not use {TOKEN} for {phone} with webhook-secret-1")

        try:
            fail(PHONE)
        except RuntimeError:
            structlog.get_logger("ours").exception("it broke")

        for secret in (TOKEN, "912 345 678", "webhook-secret-1"):
            assert secret not in written.getvalue()

    def test_given_a_database_address_and_a_feed_then_password_and_token_are_gone(
        self, written: io.StringIO
    ) -> None:
        structlog.get_logger("ours").info(
            "started",
            database="postgresql://me:pa55word@db/slotbook",
            feed="/feeds/abcdEFGH1234.ics",
        )

        assert "pa55word" not in written.getvalue()
        assert "abcdEFGH1234" not in written.getvalue()

    def test_given_a_name_with_a_forged_record_then_it_stays_one_line(
        self, written: io.StringIO
    ) -> None:
        structlog.get_logger("ours").warning("odd name", name='x"}\n{"event": "forged"}\x1b[31m')

        lines = written.getvalue().splitlines()
        assert len(lines) == 1
        assert json.loads(lines[0])["event"] == "odd name"

    def test_given_times_and_ids_then_they_stay_readable(self, written: io.StringIO) -> None:
        structlog.get_logger("ours").info("sent", at="2026-11-24T15:00:00+00:00", chat="123456789")

        assert "2026-11-24T15:00:00+00:00" in written.getvalue()
        assert "123456789" in written.getvalue()
