"""The page with a small Slack app in a local workspace, in a real browser."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, async_playwright

from playground.config import BotSeed, PlaygroundConfig, Tour, TourStep, UserSeed
from playground.serving import Playground
from playground.slack.seeds import SlackChannelSeed, SlackConfig, SlackUserSeed
from slack_parrot import SEED, Parrot, running_parrot

ARGUMENTS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE = {"width": 1600, "height": 900}

WORKSPACE = SlackConfig(
    app=SEED,
    panes=("ana", "cem"),
    ack_within=1.0,
    users=(
        SlackUserSeed(key="ana", user_id="U0ANA", real_name="Ana Ruiz", tz="Europe/Berlin",
                      locale="en-GB", label="coach"),
        SlackUserSeed(key="bo", user_id="U0BO", real_name="<img src=x>", tz="Europe/Berlin"),
        SlackUserSeed(key="cem", user_id="U0CEM", real_name="Cem Aydin", tz="America/New_York"),
    ),
    channels=(
        SlackChannelSeed(key="design", channel_id="C0DESIGN", name="design",
                         members=("ana", "bo", "cem")),
        SlackChannelSeed(key="leads", channel_id="C0LEADS", name="leads", members=("ana", "bo"),
                         is_private=True, has_app=False),
    ),
)  # fmt: skip
CONFIG = PlaygroundConfig(
    title="Two chats",
    bots=(BotSeed(token="4242:" + "p" * 35, username="parrot_bot", name="Parrot"),),
    users=(UserSeed(key="mia", first_name="Mia", last_name="Costa", zone="Europe/Lisbon"),),
    panes=("mia",),
    slack=WORKSPACE,
    tour=Tour(
        title="Try this",
        steps=(
            TourStep(text="asks the team.", slack_user="cem", channel="design", command="/retro"),
            TourStep(text="looks at App Home.", slack_user="ana", channel="home"),
        ),
    ),
)

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def stage() -> AsyncIterator[Playground]:
    """A playground with a workspace in it."""
    async with Playground(CONFIG) as served:
        yield served


@pytest.fixture
async def parrot(stage: Playground) -> AsyncIterator[Parrot]:
    """The app, connected to the workspace."""
    async with running_parrot(stage.slack_api_url) as parrot:
        yield parrot


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser, stage: Playground, parrot: Parrot) -> AsyncIterator[OpenPage]:
    """Open the page in a window of a size and colour scheme; script errors fail the test."""
    faults: list[str] = []

    async def open_page(size: dict[str, int] = WIDE, scheme: str = "light") -> Page:
        context = await browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="Asia/Tokyo",
            base_url=stage.base_url,
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(stage.base_url)
        await page.locator("#slack-pane-0 .place").first.wait_for(state="attached")
        return page

    yield open_page
    assert faults == []
