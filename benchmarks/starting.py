"""G12: how long the command line takes to answer, and slotbook to be ready.

The reference of getting ready is a Python that imports what `slotbook run` is made of and ends:
what is above it is reading settings, opening the database, meeting Telegram and listening.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from app.demo_cast import TOKEN
from benchmarks.school import folder, migrated
from benchmarks.served import playground
from benchmarks.table import Result, at_most, time
from playground.config import PlaygroundConfig

_ROUNDS = 7
_HELP_SECONDS = 0.4
_READY = "running"
_IMPORTS = "import app.cli, app.serve, app.settings, app.logs"


def run() -> list[Result]:
    """Measure both, the start and its reference in turn."""
    slotbook = Path(sys.executable).parent / "slotbook"
    helps, starts, imports = [], [], []
    with folder() as place, playground(PlaygroundConfig) as address:
        url = migrated(place / "slotbook.db")
        for _ in range(_ROUNDS):
            helps.append(_seconds([str(slotbook), "--help"]))
            imports.append(_seconds([sys.executable, "-c", _IMPORTS]))
            starts.append(_seconds_to_ready(slotbook, url, address))
    help_seconds = median(helps)
    return [
        Result(
            "G12 slotbook --help",
            time(help_seconds),
            "",
            "",
            "under 400 ms",
            help_seconds < _HELP_SECONDS,
        ),
        at_most("G12 slotbook run until ready", median(starts), median(imports), 1.3),
    ]


def _seconds(command: list[str]) -> float:
    began = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return perf_counter() - began


def _seconds_to_ready(slotbook: Path, url: str, address: str) -> float:
    settings = {
        "SLOTBOOK_DATABASE_URL": url,
        "SLOTBOOK_TELEGRAM_TOKEN": TOKEN,
        "SLOTBOOK_TELEGRAM_API_URL": address,
        "SLOTBOOK_HTTP_PORT": "0",
        "SLOTBOOK_LOG_FORMAT": "json",
    }
    began = perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own
        [slotbook, "run"],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        lines = process.stdout or ()
        ready = next((perf_counter() for line in lines if f'"{_READY}"' in line), None)
        process.terminate()
        process.communicate()
    if ready is None:
        raise RuntimeError("slotbook run ended before it was ready")
    return ready - began
