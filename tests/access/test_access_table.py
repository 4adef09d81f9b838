"""Nothing can be used that no row tells of, and no row tells of what is not there."""

import pytest

from app.access_table import PAGE, made
from app.slack_manifest import everything_registered
from bots.access import Kind, Who, classified, registered, table
from bots.chat import Turn
from bots.router import Audience, Router
from bots.slack.surface import SlackSurfaces


async def _nobody(turn: Turn) -> None:
    """Answer nothing."""


class TestAccessTable:
    def test_given_what_is_registered_when_the_page_is_made_then_it_is_the_one_that_stands_here(
        self,
    ) -> None:
        assert PAGE.read_text(encoding="utf-8") == made(), "run `make access`"

    async def test_given_a_new_handler_without_a_row_when_the_table_is_made_then_it_fails(
        self,
    ) -> None:
        router, surfaces = await everything_registered()
        router.press("newverb", _nobody)

        with pytest.raises(LookupError, match="button newverb"):
            table(router, surfaces)

    def test_given_rows_for_nothing_when_the_table_is_made_then_it_fails(self) -> None:
        with pytest.raises(LookupError, match="nobody registered"):
            table(Router(), SlackSurfaces())

    async def test_given_every_kind_of_handler_when_listed_then_each_kind_has_rows(self) -> None:
        listed = registered(*await everything_registered())

        assert {kind for kind, _ in listed} == set(Kind)

    async def test_given_a_menu_by_role_when_compared_then_the_rows_say_the_same(self) -> None:
        router, _ = await everything_registered()
        known = classified()

        for entry in router.commands():
            who = known[Kind.COMMAND, entry.verb]
            # Hours typed by somebody who offers none yet begin with them.
            shown = {Who.COACH: Audience.COACH, Who.ADMIN: Audience.ADMIN}.get(who, Audience.ALL)
            assert entry.audience is shown or entry.verb == "availability"
