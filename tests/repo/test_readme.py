"""The README names every setting and command there is, and its pictures are there and small."""

import re
from pathlib import Path

import pytest

from app.cli import admin, app
from app.settings import PREFIX, SECRETS, Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE_BYTES = 250_000


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_table(name: str) -> None:
    setting = f"{PREFIX}{name.upper()}"

    rows = [line for line in TEXT.splitlines() if line.startswith("|") and f"`{setting}`" in line]

    assert len(rows) == 1
    assert (f"`{setting}` *" in rows[0]) == (name in SECRETS)


def test_every_command_of_the_command_line_is_named() -> None:
    names = [
        command.name or (command.callback.__name__ if command.callback else "")
        for command in app.registered_commands
    ]
    of_admin = [
        command.name or (command.callback.__name__ if command.callback else "")
        for command in admin.registered_commands
    ]

    unnamed = [name for name in names if f"`slotbook {name}`" not in TEXT]
    unnamed += [name for name in of_admin if f"`{name}`" not in TEXT.replace("slotbook admin ", "")]

    assert unnamed == []


def test_pictures_are_there_and_small_enough_to_load() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT)

    assert pictures
    assert [name for name in pictures if (ROOT / name).stat().st_size > PICTURE_BYTES] == []
