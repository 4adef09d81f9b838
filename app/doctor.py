"""`slotbook doctor`: what is wrong, each with what to do; also the invariants of the data."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

from app.clock import SystemClock
from app.env_file import misspelt
from app.introduction import NoAnswer, introduction_of
from app.reports import Report
from app.settings import Settings
from app.slack_doctor import slack_reports
from persistence.database import open_database
from persistence.doctor import check_invariants
from persistence.migrate import current, head
from persistence.urls import DatabaseAddressError, dialect_of, shown_url, sqlite_path
from scheduling.errors import StoreUnavailable
from scheduling.moments import zone_data_version

_SAFE_SQLITE = (3, 51, 3)
"""Before it a log reset under two connections at once may corrupt the file (sqlite.org/wal)."""
_CLOCK_TOLERANCE = timedelta(seconds=30)


async def examine(
    settings: Settings, say: Callable[[str], None] = print, *, env_file: Path = Path(".env")
) -> bool:
    """Look at everything, say what was found, and return whether there is no trouble."""
    healthy = True
    async for report in _reports(settings, env_file):
        say(report.line())
        healthy = healthy and report.level != "trouble"
    return healthy


async def _reports(settings: Settings, env_file: Path) -> AsyncIterator[Report]:
    yield Report("settings", "readable")
    for name, meant in misspelt(env_file).items():
        text = f"{name} is no setting" + (f"; did you mean {meant}?" if meant else "")
        yield Report("settings", text, "warning")
    yield Report("zone data", f"tzdata {zone_data_version()}")
    for report in await _database(settings):
        yield report
    if settings.telegram_token is None and not settings.has_slack:
        yield Report("chats", "no token set: run `slotbook setup`", "trouble")
    if settings.telegram_token is not None:
        yield await _telegram(settings, settings.telegram_token.get_secret_value())
    for report in await slack_reports(settings):
        yield report
    if settings.telegram_webhook_url and not settings.telegram_webhook_url.startswith("https://"):
        yield Report("webhook", "Telegram calls https addresses only", "trouble")


async def _database(settings: Settings) -> list[Report]:
    url = settings.database_url.get_secret_value()
    try:
        found = [Report("database", shown_url(url))]
        if dialect_of(url) == "sqlite":
            path = sqlite_path(url)
            if not path.exists():
                return [*found, Report("schema", "no file yet; `slotbook run` makes it", "warning")]
            found += _file(path)
        version = await asyncio.to_thread(current, url)
    except (DatabaseAddressError, StoreUnavailable, OSError) as error:
        return [Report("database", str(error), "trouble")]
    if version != head():
        text = f"has schema {version}, this program wants {head()}: run `slotbook migrate`"
        return [*found, Report("schema", text, "trouble")]
    return [*found, Report("schema", f"present ({version})"), *await _invariants(url)]


def _file(path: Path) -> list[Report]:
    reports = []
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = f"{path} can be read by others: chmod 600 {path}"
        reports.append(Report("database file", text, "warning"))
    if sqlite3.sqlite_version_info < _SAFE_SQLITE:
        text = (
            f"SQLite {sqlite3.sqlite_version} has a rare fault in its log that "
            f"{'.'.join(map(str, _SAFE_SQLITE))} mends; slotbook writes from one connection, "
            "which avoids it"
        )
        reports.append(Report("sqlite", text, "warning"))
    if not os.access(path, os.W_OK):
        reports.append(Report("database file", f"{path} cannot be written", "trouble"))
    return reports


async def _invariants(url: str) -> list[Report]:
    clock = SystemClock()
    async with open_database(url, clock, pool_size=1, lock=False) as database:
        findings = await check_invariants(database, clock.now())
    if not findings:
        return [Report("invariants", "I1, I3-I5, I7-I9, I12 hold")]
    return [Report(finding.code, finding.text, "trouble") for finding in findings]


async def _telegram(settings: Settings, token: str) -> Report:
    try:
        found = await introduction_of(token, settings.telegram_api_url)
    except NoAnswer as error:
        return Report("telegram", f"cannot be reached ({error})", "trouble")
    if found.name is None:
        return Report("telegram", f"refuses the token ({found.refusal})", "trouble")
    if found.its_time is not None:
        skew = SystemClock().now() - found.its_time
        if abs(skew) > _CLOCK_TOLERANCE:
            return Report("clock", f"is off by about {int(skew.total_seconds())} s", "trouble")
    return Report("telegram", f"@{found.name} answers")
