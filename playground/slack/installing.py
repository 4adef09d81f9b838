"""The life of an installation: codes, tokens that end, the app that leaves."""

from playground.slack.state import Json, new_id
from playground.slack.workspace import Slack


def new_code(slack: Slack, redirect_uri: str) -> str:
    """A code as Slack gives it to a browser that has allowed the app; good once."""
    code = f"{new_id('', 12)}.{new_id('', 12)}".lower()
    slack.world.install.codes[code] = redirect_uri
    return code


def revoke(slack: Slack, token: str | None = None) -> None:
    """End one bot token, or all; the app hears of it once."""
    tokens = slack.world.install.tokens
    for known in [token] if token else list(tokens):
        tokens[known] = "token_revoked"
    slack.world.tell("app")
    app = slack.world.app
    _tell(slack, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user_id]}})


def uninstall(slack: Slack) -> None:
    """Take the app out of the workspace: its tokens end and it leaves every channel."""
    world = slack.world
    for token in world.install.tokens:
        world.install.tokens[token] = "account_inactive"
    for place in world.conversations.values():
        if world.app.bot_user_id in place.members and not place.is_im:
            place.members.remove(world.app.bot_user_id)
    world.tell("app")
    app = world.app
    _tell(slack, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user_id]}})
    _tell(slack, {"type": "app_uninstalled"})


def reinstall(slack: Slack) -> None:
    """Make the app's first token good again."""
    slack.world.install.tokens[slack.world.app.bot_token] = ""
    slack.world.tell("app")


def _tell(slack: Slack, event: Json) -> None:
    slack.deliveries.send_event({**event, "event_ts": slack.world.new_ts()})
