"""docs/access.md, made from what is registered: ``python -m app.access_table`` or `make access`."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from app.slack_manifest import everything_registered
from bots.access import Row, table

PAGE = Path(__file__).parent.parent / "docs" / "access.md"
_ABOVE = """# Who may use what, and where

Made by `make access` from `bots/access.py` and from what is registered; do not edit.
A test fails when it is not up to date, and when something registered has no row. Another walks
all rows in the roles below.

First the door, for every row alike:

| who | private chat, App Home, windows | channel or group | channel opened by an admin |
|---|---|---|---|
| member, coach, admin | comes in | comes in | comes in |
| guest of the workspace, stranger of Slack Connect, other team | is told whom it is for | is told \
whom it is for | comes in; so do windows opened there |
| bot, deactivated account | no answer | no answer | no answer |

Then the row: who may do it of those who came in. Whoever else tries gets an answer that says so,
and nothing changes. What people type and press in a channel is answered to them alone.

| what | name | who | Telegram | Slack |
|---|---|---|---|---|
"""


def page(rows: Iterable[Row]) -> str:
    """Return the page as Markdown."""
    lines = (
        f"| {row.kind} | `{row.name}` | {row.who} | {row.telegram} | {row.slack} |\n"
        for row in rows
    )
    return _ABOVE + "".join(lines)


def made() -> str:
    """Return the page as what is registered now makes it.

    Raises:
        LookupError: something registered has no row, or a row stands for nothing.
    """
    return page(table(*asyncio.run(everything_registered())))


if __name__ == "__main__":
    PAGE.write_text(made(), encoding="utf-8")
