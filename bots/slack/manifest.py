"""The app manifest, made from the commands that are registered, with the least it takes."""

from typing import Any

from bots.router import Router
from bots.slack import limits
from bots.slack.commands import ALONE, MAIN, offered
from bots.slack.shortcuts import SHORTCUTS, ShortcutEntry
from bots.text import cut
from wording.catalogue import FALLBACK, say
from wording.commands import bot_description, bot_short_description, description

SCOPES: tuple[str, ...] = (
    "channels:read",  # whether we are in a channel
    "chat:write",
    "commands",
    "files:write",  # calendar files
    "groups:read",  # whether we are in a private channel
    "im:history",  # what is typed into our direct message, and nowhere else
    "im:write",
    "users:read",  # name, zone, language, and who is a guest
)
EVENTS: tuple[str, ...] = (
    "app_home_opened",
    "app_uninstalled",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
    "user_change",
)
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"


def manifest(router: Router, public_url: str | None = None) -> dict[str, Any]:
    """Return the manifest for a public https address, or without one for Socket Mode.

    Raises:
        ValueError: the address is not one Slack would call.
    """
    if public_url is not None:
        public_url = public_url.rstrip("/")
        if not public_url.startswith("https://"):
            raise ValueError("Slack calls addresses that begin with https:// only")
    address = {"url": public_url + EVENTS_PATH} if public_url else {}
    calls = {"request_url": public_url + EVENTS_PATH} if public_url else {}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if public_url:
        oauth["redirect_urls"] = [public_url + REDIRECT_PATH]
    interactivity: dict[str, Any] = {"is_enabled": True, **calls}
    if public_url:
        interactivity["message_menu_options_url"] = public_url + EVENTS_PATH
    return {
        "display_information": {
            "name": MAIN,
            "description": cut(bot_short_description(FALLBACK), limits.APP_DESCRIPTION),
            "long_description": bot_description(FALLBACK),
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": MAIN, "always_online": True},
            "shortcuts": [_shortcut(each) for each in SHORTCUTS],
            "slash_commands": _commands(router, address),
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**calls, "bot_events": list(EVENTS)},
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": public_url is None,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(entry: ShortcutEntry) -> dict[str, str]:
    return {
        "name": cut(entry.name, limits.SHORTCUT_NAME),
        "type": entry.kind,
        "callback_id": entry.callback_id,
        "description": cut(entry.description, limits.SHORTCUT_DESCRIPTION),
    }


def _commands(router: Router, address: dict[str, str]) -> list[dict[str, Any]]:
    """Return the commands that stand alone, and the one that takes all others."""
    entries = {entry.verb: entry for entry in offered(router)}
    commands = [
        _command(verb, description(verb, FALLBACK), say(FALLBACK, f"slack.hint_{verb}"), address)
        for verb in ALONE
        if verb in entries
    ]
    others = " | ".join(verb for verb in entries if verb not in ALONE)
    return [*commands, _command(MAIN, say(FALLBACK, "slack.main_command"), others, address)]


def _command(name: str, about: str, hint: str, address: dict[str, str]) -> dict[str, Any]:
    return {
        "command": f"/{name}",
        **address,
        "description": cut(about, limits.COMMAND_DESCRIPTION),
        "usage_hint": cut(hint, limits.USAGE_HINT),
        "should_escape": True,
    }
