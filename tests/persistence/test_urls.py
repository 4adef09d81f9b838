"""Database addresses: what people write, without ever showing the password."""

from pathlib import Path

import pytest

from persistence import urls
from persistence.urls import DatabaseAddressError, dialect_of, driver_url, shown_url, sqlite_path


class TestDriver:
    @pytest.mark.parametrize(
        ("url", "is_async", "expected"),
        [
            ("sqlite:///book.db", False, "sqlite:///book.db"),
            ("sqlite:///book.db", True, "sqlite+aiosqlite:///book.db"),
            ("sqlite:////data/book.db", True, "sqlite+aiosqlite:////data/book.db"),
            ("postgresql://u:p%40@h:5/n", False, "postgresql+psycopg://u:p%40@h:5/n"),
            ("postgres://h/n", True, "postgresql+psycopg://h/n"),
            ("postgresql+asyncpg://h/n", True, "postgresql+psycopg://h/n"),
        ],
    )
    def test_given_an_address_when_opened_then_the_right_driver_is_named(
        self, url: str, is_async: bool, expected: str
    ) -> None:
        assert driver_url(url, is_async=is_async) == expected

    def test_given_no_driver_when_opened_then_the_way_to_get_it_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(urls, "find_spec", lambda _: None)

        with pytest.raises(DatabaseAddressError, match=r"slotbook\[postgres\]"):
            driver_url("postgresql://h/n", is_async=False)

    @pytest.mark.parametrize(
        "url", ["mysql://u:hunter2@h/n", "hunter2", "", "sqlite://", "sqlite:///:memory:"]
    )
    def test_given_another_address_when_opened_then_it_is_refused_without_repeating_it(
        self, url: str
    ) -> None:
        with pytest.raises(DatabaseAddressError) as refused:
            driver_url(url, is_async=False)

        assert "hunter2" not in str(refused.value)


class TestParts:
    def test_given_addresses_when_asked_then_the_database_is_known(self) -> None:
        assert dialect_of("sqlite:///book.db") == "sqlite"
        assert dialect_of("postgres://h/n") == "postgresql"

    def test_given_a_file_when_asked_then_its_path_is_known(self) -> None:
        assert sqlite_path("sqlite:///book.db") == Path("book.db")
        assert sqlite_path("sqlite:////data/book.db") == Path("/data/book.db")

    def test_given_a_password_when_shown_then_it_is_hidden(self) -> None:
        shown = shown_url("postgresql://me:hunter2@db.example.org/slotbook")

        assert "hunter2" not in shown
        assert "me:***@db.example.org" in shown
