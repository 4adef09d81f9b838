"""What the app is sent when somebody does something, field by field as Slack writes it."""

import re
from typing import Any

from playground.slack.elements import ACTING, STATEFUL
from playground.slack.messages import message_json
from playground.slack.state import Conversation, Json, Message, SlackWorld, User
from playground.slack.surfaces import View
from playground.slack.workspace import Slack

_SHOWN = ("text", "value", "style", "placeholder", "confirm", "initial_option", "initial_options",
          "initial_date", "initial_time", "initial_user", "initial_users",
          "initial_conversation", "initial_channel", "initial_date_time", "url",
          "accessibility_label", "min_query_length")  # fmt: skip


def user_part(world: SlackWorld, user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": world.team_of(user)}


def _base(world: SlackWorld, kind: str, user: User) -> Json:
    team: Json = {"id": world.team_of(user), "domain": world.config.team_domain}
    return {
        "type": kind,
        "user": user_part(world, user),
        "api_app_id": world.app.app_id,
        "token": world.app.verification_token,
        "team": team,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_part(place: Conversation) -> Json:
    name = "directmessage" if place.is_im else "privategroup" if place.is_private else place.name
    return {"id": place.id, "name": name}


def command(slack: Slack, user: User, place: Conversation, name: str, text: str) -> Json:
    """A slash command: every value is a string."""
    world = slack.world
    return {
        "token": world.app.verification_token,
        "team_id": world.team_of(user),
        "team_domain": world.config.team_domain,
        "channel_id": place.id,
        "channel_name": channel_part(place)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": world.app.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.response_urls.new(user, place.id, None, None),
        "trigger_id": slack.surfaces.trigger(user),
    }


def in_message(slack: Slack, user: User, place: Conversation, message: Message) -> Json:
    """The part of a payload that says in which message something was done."""
    world = slack.world
    hidden = message.ephemeral_for is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": place.id,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    part: Json = {"container": container, "channel": channel_part(place)}
    if not hidden:
        # Slack does not keep ephemeral messages and so cannot send them along.
        part["message"] = message_json(world, place, message)
    part["state"] = {"values": message.state}
    return part


def in_view(slack: Slack, view: View) -> Json:
    container = {"type": "view", "view_id": view.id}
    return {"container": container, "view": slack.surfaces.view_json(view)}


def block_actions(slack: Slack, user: User, place: Json, action: Json, *, modal: bool) -> Json:
    """An element was used; ``place`` is ``in_message`` or ``in_view``."""
    return {
        **_base(slack.world, "block_actions", user),
        **place,
        "trigger_id": slack.surfaces.trigger(user, in_view=modal),
        "actions": [action],
    }


def action_part(world: SlackWorld, block: Json, element: Json, chosen: Json) -> Json:
    """The element as it stands in ``actions``, with what was chosen."""
    shown = {name: element[name] for name in _SHOWN if name in element}
    kind = str(element["type"])
    if kind in ACTING or kind in STATEFUL:
        shown |= chosen
    return {
        **shown,
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": world.new_ts(),
    }


def block_suggestion(
    slack: Slack, user: User, place: Json, ids: tuple[str, str], typed: str
) -> Json:
    block_id, action_id = ids
    return {
        **_base(slack.world, "block_suggestion", user),
        **place,
        "action_id": action_id,
        "block_id": block_id,
        "value": typed,
    }


def shortcut(slack: Slack, user: User, callback_id: str) -> Json:
    return {
        **_base(slack.world, "shortcut", user),
        "callback_id": callback_id,
        "trigger_id": slack.surfaces.trigger(user),
        "action_ts": slack.world.new_ts(),
    }


def message_action(
    slack: Slack, user: User, callback_id: str, place: Conversation, message: Message
) -> Json:
    url = slack.response_urls.new(user, place.id, None, message.thread_ts)
    return {
        **_base(slack.world, "message_action", user),
        "callback_id": callback_id,
        "trigger_id": slack.surfaces.trigger(user),
        "action_ts": slack.world.new_ts(),
        "message_ts": message.ts,
        "channel": channel_part(place),
        "message": message_json(slack.world, place, message),
        "response_url": url,
    }


def view_submission(slack: Slack, user: User, view: View) -> Json:
    return {
        **_base(slack.world, "view_submission", user),
        "trigger_id": slack.surfaces.trigger(user, in_view=True),
        "view": slack.surfaces.view_json(view),
        "response_urls": _response_urls(slack, user, view),
    }


def _response_urls(slack: Slack, user: User, view: View) -> list[Json]:
    """An address for each conversation chosen where the app asked for one."""
    found = []
    for block in view.blocks:
        element = block.get("element")
        if not (isinstance(element, dict) and element.get("response_url_enabled")):
            continue
        state = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if chosen in slack.world.conversations:
            url = slack.response_urls.new(user, chosen, None, None)
            found.append({"block_id": block["block_id"], "action_id": element["action_id"],
                          "channel_id": chosen, "response_url": url})  # fmt: skip
    return found


def view_closed(slack: Slack, user: User, view: View, *, cleared: bool) -> Json:
    shown = slack.surfaces.view_json(view)
    return {**_base(slack.world, "view_closed", user), "view": shown, "is_cleared": cleared}


_NAMED = re.compile(r"(?<![\w<])([@#])([\w.-][\w .-]*)")


def as_sent(world: SlackWorld, text: str, *, labelled: bool) -> str:
    """What somebody typed, as Slack hands it on: escaped, names made into ids.

    ``labelled`` writes the name into the mention too, as commands have it.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = _names(world)

    def named(found: re.Match[str]) -> str:
        sigil, rest = found.group(1), found.group(2)
        for name, mark, label in names[sigil]:
            fits = rest[: len(name)].casefold() == name
            if fits and not re.match(r"[\w-]", rest[len(name) :]):
                shown = f"<{mark}|{label}>" if labelled and label else f"<{mark}>"
                return shown + _NAMED.sub(named, rest[len(name) :])
        return found.group(0)

    return _NAMED.sub(named, escaped)


def _names(world: SlackWorld) -> dict[str, list[tuple[str, str, str]]]:
    """Everything that can follow @ and #, longest first: name, mark and label."""
    app = world.app
    people: dict[str, tuple[str, str]] = {app.name.casefold(): (f"@{app.bot_user_id}", app.name)}
    # Typed by a person these do ring; they are the words that injected text must not become.
    people |= {name: (f"!{name}", "") for name in ("channel", "here", "everyone")}
    for user in world.users.values():
        for name in (user.key, user.seed.display_name, user.seed.real_name):
            if name:
                people.setdefault(name.casefold(), (f"@{user.id}", user.name))
    channels: dict[str, tuple[str, str]] = {}
    for place in world.conversations.values():
        if not place.is_im and not place.is_mpim:
            for name in (place.name, place.key):
                channels.setdefault(name.casefold(), (f"#{place.id}", place.name))

    def listed(known: dict[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
        longest: Any = sorted(known.items(), key=lambda item: -len(item[0]))
        return [(name, mark, label) for name, (mark, label) in longest]

    return {"@": listed(people), "#": listed(channels)}
