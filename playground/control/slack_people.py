"""The control API of what people do in the local Slack."""

from fastapi import APIRouter, HTTPException

from playground.control.slack_bodies import (
    Action,
    Closing,
    FilledIn,
    Membership,
    Profile,
    ShortcutUse,
    SlashCommand,
    Submission,
    Typeahead,
    TypedMessage,
)
from playground.control.slack_views import (
    conversation_view,
    conversations_view,
    message_view,
    messages_view,
    user_view,
    view_view,
    views_view,
)
from playground.slack import acting, choices, happenings
from playground.slack.deliveries import Delivery
from playground.slack.state import Json, User
from playground.slack.surfaces import View
from playground.slack.workspace import Slack


def known_user(slack: Slack, key: str) -> User:
    try:
        return slack.world.user_by_key(key)
    except KeyError:
        raise HTTPException(404, f"There is no user {key!r} in Slack.") from None


def ack_view(delivery: Delivery) -> Json:
    """How the app took a delivery."""
    return {
        "ok": delivery.ok,
        "ack": {
            "status": delivery.status,
            "body": delivery.answer,
            "ms": delivery.ack_ms,
            "error": delivery.error,
        },
        "delivery": delivery.id,
    }


def add_people(router: APIRouter, slack: Slack) -> None:
    """Routes of looking, typing and using shortcuts."""
    one = "/users/{key}"

    @router.get(one + "/conversations")
    async def conversations(key: str) -> list[Json]:
        return conversations_view(slack, known_user(slack, key))

    @router.get(one + "/conversations/{channel_id}/messages")
    async def messages(key: str, channel_id: str, thread_ts: str | None = None) -> list[Json]:
        user = known_user(slack, key)
        place = acting.conversation_for(slack, user, channel_id)
        return messages_view(slack, user, place, thread_ts)

    @router.post(one + "/commands")
    async def command(key: str, given: SlashCommand) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        delivery = await acting.command(slack, user, given.channel_id, given.command, given.text)
        return {"before": before, **ack_view(delivery)}

    @router.post(one + "/messages")
    async def say(key: str, given: TypedMessage) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        message = happenings.type_message(
            slack, user, given.channel_id, given.text, given.thread_ts
        )
        place = acting.conversation_for(slack, user, given.channel_id)
        return {
            "ok": True,
            "before": before,
            "ts": message.ts,
            "message": message_view(slack.world, user, place, message),
        }

    @router.post(one + "/shortcuts")
    async def shortcut(key: str, given: ShortcutUse) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        if given.type == "global":
            delivery = await acting.shortcut(slack, user, given.callback_id)
        elif given.channel_id is None or given.ts is None:
            raise HTTPException(422, "A message shortcut needs channel_id and ts.")
        else:
            delivery = await acting.message_shortcut(
                slack, user, given.callback_id, given.channel_id, given.ts
            )
        return {"before": before, **ack_view(delivery)}

    @router.post(one + "/membership")
    async def membership(key: str, given: Membership) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        place = happenings.set_membership(slack, user.id, given.channel_id, member=given.member)
        return {"before": before, **conversation_view(slack.world, place, user)}

    @router.post(one + "/profile")
    async def profile(key: str, given: Profile) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        changes = given.model_dump(exclude_unset=True)
        happenings.change_profile(slack, user, changes)
        return {"before": before, **user_view(slack.world, user)}


def add_surfaces(router: APIRouter, slack: Slack) -> None:
    """Routes of elements, modals and App Home."""
    one = "/users/{key}"

    @router.post(one + "/actions")
    async def act(key: str, given: Action) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        if given.state:
            place = acting.place_of(slack, user, given.container)
            _fill(slack, place.values, given.state.get("values") or {})
        delivery = await acting.act(
            slack, user, given.container, (given.block_id, given.action_id), given.choice()
        )
        if delivery is None:
            return {"before": before, "ok": True, "ack": None}
        return {"before": before, **ack_view(delivery)}

    @router.post(one + "/options")
    async def options(key: str, given: Typeahead) -> Json:
        user = known_user(slack, key)
        delivery, found = await acting.suggest(
            slack, user, given.container, (given.block_id, given.action_id), given.value
        )
        return {**ack_view(delivery), **found}

    @router.get(one + "/views")
    async def views(key: str) -> Json:
        return views_view(slack, known_user(slack, key))

    @router.post(one + "/views/{view_id}/submission")
    async def submit(key: str, view_id: str, given: Submission) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        view = acting.view_for(slack, user, view_id)
        _fill(slack, view.values, given.values)
        errors = {} if given.forged else choices.input_faults(view)
        if errors:
            slack.surfaces.refuse(view, errors)
            return {"before": before, "ok": True, **_after(slack, user, view)}
        delivery = await acting.submit(slack, user, view)
        return {"before": before, **ack_view(delivery), **_after(slack, user, view)}

    @router.post(one + "/views/{view_id}/state")
    async def remember(key: str, view_id: str, given: FilledIn) -> Json:
        user = known_user(slack, key)
        ids = (given.block_id, given.action_id)
        view = acting.remember(slack, user, view_id, ids, given.choice())
        return {"ok": True, "state": {"values": view.values}}

    @router.post(one + "/views/{view_id}/close")
    async def close(key: str, view_id: str, given: Closing | None = None) -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        view = acting.view_for(slack, user, view_id)
        await acting.close(slack, user, view, clear=bool(given and given.clear))
        return {"ok": True, "before": before, **views_view(slack, user)}

    @router.post(one + "/home")
    async def home(key: str, tab: str = "home") -> Json:
        user, before = known_user(slack, key), slack.world.events.seq
        if tab == "messages":
            happenings.open_messages_tab(slack, user)
        else:
            happenings.open_home(slack, user)
        return {"ok": True, "before": before}


def _fill(slack: Slack, values: dict[str, dict[str, Json]], given: Json) -> None:
    for block_id, states in given.items():
        for action_id, state in states.items():
            values.setdefault(block_id, {})[action_id] = state


def _after(slack: Slack, user: User, view: View) -> Json:
    """What became of a modal that was submitted."""
    stack = slack.surfaces.stack(user)
    return {
        "closed": view not in stack,
        "errors": view.errors or None,
        "views": [view_view(slack, one) for one in stack],
    }
