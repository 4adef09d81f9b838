"""Who is in the demo: people, a bot, a workspace, and a walk through what they can do."""

from typing import Any

from playground.config import (
    BotSeed,
    PlaygroundConfig,
    SlackAppSeed,
    SlackChannelSeed,
    SlackCommandSeed,
    SlackConfig,
    SlackShortcutSeed,
    SlackUserSeed,
    Tour,
    TourStep,
    UserSeed,
)

# Not secrets: only the stand-ins know this bot and this app.
TOKEN = "7000000001:demo-demo-demo-demo-demo-demo-demo1"  # noqa: S105
SLACK_TOKEN = "xoxb-0-demo"  # noqa: S105
SLACK_APP_TOKEN = "xapp-1-demo"  # noqa: S105
SIGNING_SECRET = "demo0demo0demo0demo0demo0demo0de"  # noqa: S105
BOT = BotSeed(token=TOKEN, username="slotbook_demo_bot", name="slotbook")
TEAM = "T0ACME"
COACHES = ("ana", "kenji")
"""Keys of the sample coaches' Telegram accounts."""

USERS = (
    UserSeed(key="mia", id=7003, first_name="Mia", last_name="Costa", username="mia_costa",
             language_code="pt", zone="Europe/Lisbon", label="student", city="Lisbon",
             phone="+351910000001"),
    UserSeed(key="ana", id=7001, first_name="Ana", last_name="Ruiz", username="ana_ruiz",
             language_code="en", zone="Europe/Berlin", label="coach", city="Berlin",
             phone="+491510000002"),
    UserSeed(key="kenji", id=7002, first_name="Kenji", last_name="Mori", username="kenji_mori",
             language_code="en", zone="Asia/Tokyo", label="coach", city="Tokyo"),
    UserSeed(key="leo", id=7004, first_name="Leo", last_name="Brandt", username="leo_brandt",
             language_code="en", zone="America/New_York", label="new here", city="New York"),
)  # fmt: skip

SLACK_USERS = (
    SlackUserSeed(key="ana", user_id="U0ANA", real_name="Ana Ruiz", tz="Europe/Berlin",
                  locale="en-GB", label="coach"),
    SlackUserSeed(key="bo", user_id="U0BO", real_name="Bo Lind", tz="Europe/Berlin",
                  locale="en-GB", label="team lead", is_admin=True),
    SlackUserSeed(key="cem", user_id="U0CEM", real_name="Cem Aydin", tz="America/New_York",
                  label="member"),
    SlackUserSeed(key="dia", user_id="U0DIA", real_name="Dia Moss", tz="Europe/London",
                  locale="en-GB", label="member"),
    SlackUserSeed(key="gus", user_id="U0GUS", real_name="Gus Berg", tz="Europe/Oslo",
                  locale="en-GB", label="guest", is_restricted=True),
)  # fmt: skip

SLACK_CHANNELS = (
    SlackChannelSeed(key="design", channel_id="C0DESIGN", name="design",
                     members=("ana", "bo", "cem", "dia", "gus")),
    SlackChannelSeed(key="random", channel_id="C0RANDOM", name="random",
                     members=("ana", "bo", "cem", "dia"), has_app=False),
)  # fmt: skip


def playground_config(
    tour: Tour | None = None, slack: SlackConfig | None = None
) -> PlaygroundConfig:
    """Return the people, the bot and the tour of the page, with a workspace or without."""
    return PlaygroundConfig(
        bots=(BOT,),
        users=USERS,
        panes=("mia",) if slack else ("mia", "ana", "kenji"),
        title="slotbook",
        tour=tour,
        slack=slack,
    )


def workspace(manifest: dict[str, Any], *, by_socket: bool = True) -> SlackConfig:
    """Return the workspace, with the app in it as its manifest declares it."""
    features = manifest["features"]
    app = SlackAppSeed(
        bot_token=SLACK_TOKEN,
        signing_secret=SIGNING_SECRET,
        app_token=SLACK_APP_TOKEN if by_socket else None,
        commands=tuple(
            SlackCommandSeed(
                command=each["command"],
                description=each.get("description", ""),
                usage_hint=each.get("usage_hint", ""),
                should_escape=bool(each.get("should_escape")),
            )
            for each in features["slash_commands"]
        ),
        shortcuts=tuple(
            SlackShortcutSeed(callback_id=each["callback_id"], name=each["name"], type=each["type"])
            for each in features["shortcuts"]
        ),
        scopes=tuple(manifest["oauth_config"]["scopes"]["bot"]),
        events=tuple(manifest["settings"]["event_subscriptions"]["bot_events"]),
    )
    return SlackConfig(
        team_id=TEAM,
        team_name="Acme",
        users=SLACK_USERS,
        channels=SLACK_CHANNELS,
        panes=("ana", "bo"),
        app=app,
    )


def telegram_tour(links: dict[str, str]) -> Tour:
    """Return the walk through the first journey; ``links`` are addresses by event type title."""
    return Tour(
        title="Five minutes with slotbook",
        steps=(
            TourStep(
                user="mia", text="opens Ana's link and taps START.", link=links["Piano lesson"]
            ),
            TourStep(user="mia", text="says what the clock shows. It is asked this once."),
            TourStep(
                user="mia",
                text="taps First free (or a day and a time), then Book it. Ana hears at once.",
            ),
            TourStep(user="mia", text="moves it, cancels it, undoes that. Ana's chat follows."),
            TourStep(
                user="mia",
                text="books Kenji's earliest time: a reminder comes 2 minutes before it.",
                link=links["Quick talk"],
            ),
            TourStep(user="ana", text="looks at the week.", say="/agenda week"),
            TourStep(
                user="ana", text="sets other hours.", say="/availability mon-fri 10-12; wed off"
            ),
            TourStep(
                user="leo", text="is new, and offers time too: six taps to a link.", say="/start"
            ),
        ),
    )


def tour(links: dict[str, str]) -> Tour:
    """Return the walk through both chats: a coach in Slack, a student in Telegram, a team."""
    return Tour(
        title="Five minutes with slotbook",
        steps=(
            TourStep(
                user="mia",
                text="in Telegram opens Ana's link, taps START and says what the clock shows.",
                link=links["Piano lesson"],
            ),
            TourStep(
                user="mia",
                text="taps First free, then Book it. Ana hears of it in Slack, by Ana's clock.",
            ),
            TourStep(slack_user="ana", channel="app", text="answers with Message Mia."),
            TourStep(slack_user="ana", channel="home", text="sees the day on the Home page."),
            TourStep(
                slack_user="ana",
                channel="app",
                text="sets other hours with one line.",
                command="/availability mon-fri 9-12, 14-18; wed off",
            ),
            TourStep(
                slack_user="bo",
                channel="design",
                text="asks the team when: everybody votes with a tap.",
                command='/session "Retro" 45m next week @ana @cem @dia',
            ),
            TourStep(
                slack_user="ana",
                channel="design",
                text="taps All work for me. The name above a chat changes who sits there: once "
                "Cem and Dia have voted too, it is settled.",
            ),
            TourStep(
                slack_user="bo",
                channel="design",
                text="opens an hour with two seats; whoever comes third waits in line.",
                command='/session "Portfolio hour" 60m tomorrow 16:00 seats 2',
            ),
            TourStep(slack_user="bo", text="books Ana in one window.", command="/book"),
            TourStep(
                user="mia",
                text="books Kenji's earliest time: a reminder comes 2 minutes before it.",
                link=links["Quick talk"],
            ),
            TourStep(
                slack_user="ana",
                channel="app",
                text="connects Slack and the phone: both chats become one Ana.",
                command="/slotbook connect",
            ),
        ),
    )
