"""Writing settings into .env, and finding those in it, or around it, that mean nothing."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values, set_key

from app.settings import PREFIX, SECRETS, Settings


def write(env_file: Path, settings: Mapping[str, str]) -> None:
    """Set these in the file, which only its owner can read; what else it holds stays."""
    if not env_file.exists():
        os.close(os.open(env_file, os.O_CREAT | os.O_WRONLY, 0o600))
    env_file.chmod(0o600)
    for name, value in settings.items():
        if value:
            set_key(env_file, name, value, quote_mode="never")


def misspelt(env_file: Path) -> dict[str, str | None]:
    """Return names that look like settings and are none, each with the setting it may mean."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    there = {*os.environ, *dotenv_values(env_file)} if env_file.exists() else set(os.environ)
    odd = sorted(name for name in there if name.upper().startswith(PREFIX))
    return {
        name: next(iter(difflib.get_close_matches(name.upper(), known, 1)), None)
        for name in odd
        if name.upper() not in known
    }
