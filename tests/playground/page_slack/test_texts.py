"""Mrkdwn and date tokens as the page draws them, without a workspace."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from playground.config import PlaygroundConfig
from playground.serving import Playground

#: Mon 23 Nov 2026, 09:02 UTC.
NOW = 1795424520
NINE_TOMORROW = 1795510800

DRAW = """async ([text, user]) => {
  const { mrkdwn } = await import("/playground/page/slack_mrkdwn.js");
  const { setClock } = await import("/playground/page/times.js");
  setClock(1795424520);
  const people = { U0BO: { id: "U0BO", name: "Bo <b>" }, U0ME: { id: "U0ME", name: "Me" } };
  const holder = document.createElement("div");
  holder.append(mrkdwn(text, {
    user: { id: "U0ME", zone: "Europe/Berlin", locale: "en-US", ...user },
    appId: "U0APP", appName: "parrot",
    userById: (id) => people[id],
    channelById: (id) => (id === "C0DESIGN" ? { name: "design" } : undefined),
  }));
  return holder.innerHTML;
}"""


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with Playground(PlaygroundConfig(users=())) as served:
        page = await browser.new_page()
        await page.goto(f"{served.base_url}/playground/page/icon.svg")
        await page.goto(served.base_url)
        yield page


async def drawn(page: Page, text: str, **user: str) -> str:
    """The elements of a text, as HTML."""
    html: str = await page.evaluate(DRAW, [text, user])
    return html


@pytest.mark.browser
class TestMrkdwn:
    async def test_given_styles_when_drawn_then_only_marks_at_the_edges_of_words_count(
        self, page: Page
    ) -> None:
        examples = {
            "*bold* _it_ ~gone~ `a*b*`": "<strong>bold</strong> <em>it</em> <s>gone</s> "
            "<code>a*b*</code>",
            "*a _b_ c*": "<strong>a <em>b</em> c</strong>",
            "snake_case_name 2*3*4 a~b~c": "snake_case_name 2*3*4 a~b~c",
            "* not bold * and _ not _": "* not bold * and _ not _",
            "*Tue:* 9-12, *Wed:* 13": "<strong>Tue:</strong> 9-12, <strong>Wed:</strong> 13",
            "&lt;b&gt; &amp;amp; <": "&lt;b&gt; &amp;amp; &lt;",
            "> one\n&gt; two\nthree": "<blockquote>one\ntwo</blockquote>three",
            "```\n*x* <b>\n```": "<pre>*x* b</pre>",
            ":tada: :nothing_such:": "🎉 :nothing_such:",
        }
        assert {text: await drawn(page, text) for text in examples} == examples

    async def test_given_tokens_when_drawn_then_names_are_looked_up_and_nothing_is_markup(
        self, page: Page
    ) -> None:
        examples = {
            "<@U0BO>": '<span class="mention">@Bo &lt;b&gt;</span>',
            "<@U0ME|me>": '<span class="mention me">@Me</span>',
            "<@U0APP>": '<span class="mention">@parrot</span>',
            "<@U0WHO|sam>": '<span class="mention">@sam</span>',
            "<#C0DESIGN|old>": '<span class="mention">#design</span>',
            "<#C0X>": '<span class="mention">a private channel</span>',
            "<!here>": '<span class="mention everybody">@here</span>',
            "<javascript:alert(1)|click>": "click",
            "<https://a.example/_x_?a&amp;b|*go*>": '<a href="https://a.example/_x_?a&amp;b" '
            'target="_blank" rel="noopener noreferrer" class="text-link">*go*</a>',
            "At t.me/parrot?a=b.": 'At <a href="https://t.me/parrot?a=b" target="_blank" '
            'rel="noopener noreferrer" class="text-link">t.me/parrot?a=b</a>.',
            "mia@mail.example/x and 9/12 3.5/4": "mia@mail.example/x and 9/12 3.5/4",
        }
        assert {text: await drawn(page, text) for text in examples} == examples

    async def test_given_date_tokens_when_drawn_then_each_reader_sees_their_own_zone(
        self, page: Page
    ) -> None:
        text = f"<!date^{NINE_TOMORROW}^{{date_short_pretty}}, {{time}}|else>"

        berlin = await drawn(page, text)
        york = await drawn(page, text, zone="America/New_York")
        london = await drawn(page, text, zone="Europe/London", locale="en-GB")

        assert ">tomorrow, 10:00" in berlin.replace("\u202f", " ")
        assert ">tomorrow, 4:00" in york.replace("\u202f", " ")
        assert ">tomorrow, 09:00<" in london

    @pytest.mark.parametrize(
        ("format_", "shown"),
        [
            ("{date_num}", "2026-12-01"),
            ("{date}", "December 1, 2026"),
            ("{date_long}", "Tuesday, December 1, 2026"),
            ("{date_short} {ago}", "Dec 1, 2026 in 8 days"),
            ("{day_divider_pretty}", "Tuesday, December 1"),
            ("{nothing}", "{nothing}"),
        ],
    )
    async def test_given_a_format_when_drawn_then_as_slack_writes_it(
        self, page: Page, format_: str, shown: str
    ) -> None:
        html = await drawn(page, f"<!date^{NINE_TOMORROW + 7 * 86_400}^{format_}|else>")

        assert f">{shown}</time>" in html

    async def test_given_a_linked_or_broken_date_when_drawn_then_a_link_or_its_fallback(
        self, page: Page
    ) -> None:
        linked = await drawn(page, f"<!date^{NINE_TOMORROW}^{{date_num}}^https://a.example|else>")

        assert linked.startswith('<a href="https://a.example"')
        assert "2026-11-24</time></a>" in linked
        assert await drawn(page, "<!date^soon^{date_num}|else>") == "else"


@pytest.mark.browser
class TestWallTimes:
    @pytest.mark.parametrize(
        ("wall", "zone", "seconds"),
        [
            ("2026-11-24T10:00", "Europe/Berlin", NINE_TOMORROW),
            ("2026-11-24T04:00", "America/New_York", NINE_TOMORROW),
            # The hour that a change of the clocks skips is read as the one after it.
            ("2027-03-28T02:30", "Europe/Berlin", 1806197400),
        ],
    )
    async def test_given_a_wall_time_when_read_then_it_is_that_of_the_persons_zone(
        self, page: Page, wall: str, zone: str, seconds: int
    ) -> None:
        read = """async ([wall, zone]) =>
          (await import("/playground/page/slack_dates.js")).secondsAt({ zone }, wall)"""

        assert await page.evaluate(read, [wall, zone]) == seconds


@pytest.mark.browser
class TestLinksToSlack:
    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("https://acme.slack.com/archives/C0DESIGN/p1795510800000100", {"channel": "C0DESIGN"}),
            ("https://slack.com/app_redirect?app=A0PLAY&channel=C1", {"channel": "C1"}),
            ("slack://app?team=T0PLAY&id=A0PLAY&tab=home", {"channel": None}),
            ("https://notslack.com/archives/C0", None),
            ("mailto:a@b.example", None),
        ],
    )
    async def test_given_an_address_when_read_then_its_place_in_slack_is_known(
        self, page: Page, address: str, place: dict[str, str | None] | None
    ) -> None:
        read = """async (address) =>
          (await import("/playground/page/crossing.js")).slackLink(address)"""

        assert await page.evaluate(read, address) == place
