"""Installing by OAuth, over HTTP: who may, what is kept, and what is refused without a trace."""

import io
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.logs import configure_logging
from fake_slack import FakeSlack
from many_slacks import (
    ANA,
    BO,
    CLIENT_ID,
    CLIENT_SECRET,
    GUS,
    REDIRECT,
    ManySlacks,
    Office,
    many_slacks,
    running_office,
)
from persistence.tables import installations, organizations
from playground.config import PlaygroundConfig
from playground.serving import Playground
from playground.slack.seeds import SlackAppSeed, SlackConfig
from running_clock import RunningClock
from scheduling.people import AccountKey, Platform

ACME, BETA = "T0ACME", "T0BETA"


@pytest.fixture
async def slacks() -> AsyncIterator[ManySlacks]:
    """Slack with two workspaces."""
    async with many_slacks() as many:
        yield many


@pytest.fixture
def acme(slacks: ManySlacks) -> FakeSlack:
    """A workspace; Ana is its admin."""
    return slacks.workspace(ACME, "of Acme")


@pytest.fixture
async def office(sqlite_url: str, slacks: ManySlacks, clock: RunningClock) -> AsyncIterator[Office]:
    """Slotbook open to installations."""
    async with running_office(sqlite_url, slacks, clock) as running:
        yield running


async def stored(office: Office) -> list[str]:
    """Return the workspaces whose tokens are kept."""
    rows = await office.slotbook.database.reader.rows(select(installations.c.workspace))
    return sorted(row.workspace for row in rows)


async def takes_out(office: Office, fake: FakeSlack, *, at: float | None = None) -> None:
    """Let Slack tell, at once or late, that a workspace took slotbook out."""
    desk = office.desk(fake)
    tokens = {"oauth": [], "bot": ["U0BOT"]}
    await desk.event({"type": "tokens_revoked", "tokens": tokens}, "Ev1", at=at)
    await desk.event({"type": "app_uninstalled"}, "Ev2", at=at)
    await desk.settled()


class TestState:
    async def test_given_a_browser_when_it_begins_then_slack_is_asked_for_what_is_needed(
        self, office: Office
    ) -> None:
        answer = await office.client.get("/slack/install")

        assert answer.status_code == 302
        assert answer.headers["location"].startswith(
            office.slacks.url.removesuffix("api/") + "oauth/v2/authorize?client_id=11.22&"
        )
        asked = answer.next_request.url.params if answer.next_request else {}
        assert asked["redirect_uri"] == REDIRECT
        assert set(asked["scope"].split(",")) >= {"chat:write", "commands", "users:read"}
        cookie = answer.headers["set-cookie"].lower()
        for word in ("httponly", "secure", "samesite=lax", "path=/slack/oauth_redirect"):
            assert word in cookie
        assert asked["state"] not in cookie

    async def test_given_a_state_without_its_browser_when_returned_then_refused(
        self, office: Office, acme: FakeSlack
    ) -> None:
        state, _ = await office.begins()
        _, of_somebody_else = await office.begins()
        code = office.slacks.allowed_by(acme)

        without = await office.returns(None, state=state, code=code)
        again_state, _ = await office.begins()
        foreign = await office.returns(of_somebody_else, state=again_state, code=code)
        nothing = await office.returns(of_somebody_else, code=code)
        made_up = await office.returns("made-up", state="made-up", code=code)

        assert [each.status_code for each in (without, foreign, nothing, made_up)] == [400] * 4
        assert "Begin again" in foreign.text
        assert await stored(office) == []
        assert office.slacks.exchanged == []

    async def test_given_a_state_when_it_is_used_twice_then_only_once_counts(
        self, office: Office, acme: FakeSlack
    ) -> None:
        state, cookie = await office.begins()
        first = await office.returns(cookie, state=state, code=office.slacks.allowed_by(acme))
        second = await office.returns(cookie, state=state, code=office.slacks.allowed_by(acme))

        assert (first.status_code, second.status_code) == (200, 400)
        assert len(office.slacks.exchanged) == 1

    async def test_given_a_state_when_ten_minutes_are_over_then_refused(
        self, office: Office, acme: FakeSlack
    ) -> None:
        state, cookie = await office.begins()
        office.clock.advance(timedelta(minutes=10))

        answer = await office.returns(cookie, state=state, code=office.slacks.allowed_by(acme))

        assert answer.status_code == 400
        assert await stored(office) == []

    async def test_given_oversized_words_when_returned_then_refused(self, office: Office) -> None:
        _, cookie = await office.begins()
        assert (await office.returns(cookie, state="s" * 5000)).status_code == 400


class TestRefusals:
    async def test_given_somebody_who_says_no_when_returned_then_nothing_is_stored(
        self, office: Office
    ) -> None:
        state, cookie = await office.begins()
        answer = await office.returns(cookie, state=state, error="access_denied")
        assert (answer.status_code, "Nothing was installed" in answer.text) == (200, True)
        assert office.slacks.exchanged == []

    async def test_given_somebody_who_is_no_admin_when_installing_then_the_token_is_given_back(
        self, office: Office, acme: FakeSlack
    ) -> None:
        answer = await office.installs(acme, BO)
        assert answer.status_code == 403
        assert "An admin of Team T0ACME has to add slotbook" in answer.text
        assert await stored(office) == []
        assert office.slacks.revoked == [acme.token]

    async def test_given_an_installation_when_no_admin_installs_again_then_it_stays(
        self, office: Office, acme: FakeSlack
    ) -> None:
        await office.installs(acme)
        answer = await office.installs(acme, BO)

        # Slack gives the same token again: ending it would end the installation.
        assert answer.status_code == 403
        assert office.slacks.revoked == []
        assert await stored(office) == [ACME]

    @pytest.mark.parametrize("user", [GUS, "U0NOBODY"])
    async def test_given_a_closed_or_unknown_account_when_installing_then_refused(
        self, office: Office, acme: FakeSlack, user: str
    ) -> None:
        answer = await office.installs(acme, user)
        assert answer.status_code in {403, 502}
        assert await stored(office) == []

    async def test_given_a_code_that_slack_refuses_when_returned_then_begin_again(
        self, office: Office
    ) -> None:
        state, cookie = await office.begins()
        answer = await office.returns(cookie, state=state, code="made-up")
        assert (answer.status_code, "Try again" in answer.text) == (502, True)
        assert await stored(office) == []

    async def test_given_slack_away_when_returned_then_begin_again(
        self, office: Office, acme: FakeSlack
    ) -> None:
        state, cookie = await office.begins()
        office.slacks.fault = 503
        answer = await office.returns(cookie, state=state, code=office.slacks.allowed_by(acme))
        assert (answer.status_code, "Try again" in answer.text) == (502, True)

        office.slacks.fault = None
        assert (await office.installs(acme)).status_code == 200


class TestInstalled:
    async def test_given_an_admin_when_installing_then_their_workspace_is_served(
        self, office: Office, acme: FakeSlack
    ) -> None:
        answer = await office.installs(acme)

        assert answer.status_code == 200
        assert "slotbook is in Team T0ACME now" in answer.text
        assert f"app_redirect?app=A0SLOT&team={ACME}" in answer.text
        desk = office.desk(acme)
        await desk.command("help", user=BO)
        await desk.settled()
        assert len(acme.responses) == 1

    async def test_given_an_admin_when_installing_then_they_are_admin_of_its_organization(
        self, office: Office, acme: FakeSlack
    ) -> None:
        await office.installs(acme)
        found = await office.slotbook.database.queries.account(
            AccountKey(Platform.SLACK, ACME, ANA)
        )
        assert found is not None
        assert found[1].is_admin
        assert found[1].name == "Ana of Acme"

    async def test_given_an_installation_when_repeated_then_the_organization_is_the_same(
        self, office: Office, acme: FakeSlack
    ) -> None:
        find = office.slotbook.database.installations.find
        await office.installs(acme)
        first = await find(ACME, None)
        await office.installs(acme)
        repeated = await find(ACME, None)
        await takes_out(office, acme)
        assert await stored(office) == []
        await office.installs(acme)
        again = await find(ACME, None)

        assert first is not None
        assert repeated is not None
        assert again is not None
        assert first.organization_id == repeated.organization_id == again.organization_id
        rows = await office.slotbook.database.reader.rows(select(organizations.c.id))
        assert len(rows) == 2

    async def test_given_an_uninstallation_told_late_when_installed_again_then_it_stays(
        self, office: Office, acme: FakeSlack
    ) -> None:
        await office.installs(acme)
        earlier = office.clock.seconds()
        office.clock.advance(timedelta(minutes=5))
        await office.installs(acme)

        await takes_out(office, acme, at=earlier)

        assert await stored(office) == [ACME]

    async def test_given_an_installation_when_the_database_is_read_then_no_token_is_in_it(
        self, office: Office, acme: FakeSlack, sqlite_url: str
    ) -> None:
        await office.installs(acme)
        folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
        content = b"".join(path.read_bytes() for path in folder.iterdir())
        assert ACME.encode() in content
        assert acme.token.encode() not in content
        assert b"canary" not in content

    async def test_given_every_outcome_when_logged_in_detail_then_no_secret_is_told(
        self, office: Office, acme: FakeSlack
    ) -> None:
        told = io.StringIO()
        root = logging.getLogger()
        before = root.level, list(root.handlers)
        configure_logging("DEBUG", "json", (), told)
        try:
            await office.installs(acme, BO)
            office.slacks.workspaces[acme.token] = acme
            await office.installs(acme)
            state, cookie = await office.begins()
            await office.returns(cookie, state=state, code="refused-code")
            office.slacks.fault = 500
            await office.installs(acme)
        finally:
            root.setLevel(before[0])
            root.handlers[:] = before[1]
        assert "slack.installed" in told.getvalue()
        for secret in (acme.token, CLIENT_SECRET, "refused-code", state, cookie, "code.0"):
            assert secret not in told.getvalue()


class TestAnotherKey:
    async def test_given_another_key_than_the_tokens_were_sealed_with_then_installing_mends_it(
        self, sqlite_url: str, slacks: ManySlacks, acme: FakeSlack, clock: RunningClock
    ) -> None:
        async with running_office(sqlite_url, slacks, clock) as office:
            await office.installs(acme)
            before = await office.slotbook.database.installations.find(ACME, None)
        key = SecretStr("another long and random key")
        async with running_office(sqlite_url, slacks, clock, secret_key=key) as office:
            desk = office.desk(acme)
            assert (await desk.command("help", user=BO)).status_code == 200
            await desk.settled()
            assert acme.responses == []

            await office.installs(acme)
            await desk.command("help", user=BO)
            await desk.settled()
            again = await office.slotbook.database.installations.find(ACME, None)

        assert len(acme.responses) == 1
        assert before is not None
        assert again is not None
        assert again.organization_id == before.organization_id


class TestPlayground:
    async def test_given_a_local_slack_when_installing_through_its_page_then_it_is_served(
        self, sqlite_url: str, clock: RunningClock
    ) -> None:
        app = SlackAppSeed(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        config = PlaygroundConfig(slack=SlackConfig(app=app))
        async with Playground(config) as playground:
            many = ManySlacks(url=playground.slack_api_url)
            async with running_office(sqlite_url, many, clock) as office:
                begun = await office.client.get("/slack/install")
                async with httpx.AsyncClient(trust_env=False) as browser:
                    allowed = await browser.get(begun.headers["location"])
                back = httpx.URL(allowed.headers["location"])
                answer = await office.returns(begun.cookies["slotbook_install"], **back.params)

                assert answer.status_code == 200
                assert await stored(office) == [config.slack.team_id if config.slack else ""]
