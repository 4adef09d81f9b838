"""What people do with the app: commands, presses, shortcuts, modals, and what its answers do."""

from dataclasses import dataclass
from typing import Any

from playground.slack import payloads
from playground.slack.choices import chosen_state, shape_faults
from playground.slack.deliveries import Delivery
from playground.slack.elements import STATEFUL, find
from playground.slack.errors import NotPossible, SlackError
from playground.slack.methods_views import checked_view
from playground.slack.responses import say
from playground.slack.state import Conversation, Json, Message, User
from playground.slack.surfaces import ResponseUrl, View
from playground.slack.workspace import Slack


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: in a message, or in a view."""

    blocks: list[Json]
    values: dict[str, dict[str, Json]]
    view: View | None = None
    conversation: Conversation | None = None
    message: Message | None = None


def conversation_for(slack: Slack, user: User, channel_id: str) -> Conversation:
    """A conversation the person is in, by id or key; "app" is the one with the app.

    Raises:
        NotPossible: there is none such, or they are not in it.
    """
    world = slack.world
    if channel_id in ("app", "D" + user.id[1:]):
        return world.im(user)
    keyed = (place for place in world.conversations.values() if place.key == channel_id)
    found = world.conversations.get(channel_id) or next(keyed, None)
    if found is None or user.id not in found.members:
        raise NotPossible(f"{user.shown_name} is not in {channel_id}.")
    return found


def message_for(slack: Slack, user: User, channel_id: str, ts: str) -> tuple[Conversation, Message]:
    """A message the person sees.

    Raises:
        NotPossible: they do not.
    """
    place = conversation_for(slack, user, channel_id)
    message = place.messages.get(ts)
    if message is None or not message.visible_to(user.id):
        raise NotPossible("That message is gone.")
    return place, message


def view_for(slack: Slack, user: User, view_id: str) -> View:
    """A view on the person's screen.

    Raises:
        NotPossible: it is gone.
    """
    view = slack.surfaces.by_id(view_id)
    if view is None or view.user_id != user.id:
        raise NotPossible("That view is gone.")
    return view


async def command(slack: Slack, user: User, channel_id: str, name: str, text: str) -> Delivery:
    """Send a slash command; an immediate answer is shown."""
    world = slack.world
    place = conversation_for(slack, user, channel_id)
    if place.is_archived:
        raise NotPossible(f"#{place.name} is archived.")
    declared = next((c for c in world.app.commands if c.command == name), None)
    if declared is None or declared.should_escape:
        text = payloads.as_sent(world, text, labelled=True)
    payload = payloads.command(slack, user, place, name, text.strip())
    delivery = await slack.deliveries.deliver("command", payload)
    answer = delivery.answer
    if delivery.ok and answer:
        content = answer if isinstance(answer, dict) else {"text": str(answer)}
        address = ResponseUrl(user.id, place.id, 0, 0)
        try:
            if content.get("text") or content.get("blocks"):
                say(slack, place, address, content)
        except SlackError as error:
            delivery.error = error.name
    return delivery


def place_of(slack: Slack, user: User, container: Json) -> Place:
    """Where something was done."""
    if container.get("type") == "view":
        view = view_for(slack, user, str(container.get("view_id")))
        return Place(view.blocks, view.values, view=view)
    channel_id = str(container.get("channel_id"))
    ts = str(container.get("ts") or container.get("message_ts"))
    conversation, message = message_for(slack, user, channel_id, ts)
    return Place(message.blocks, message.state, conversation=conversation, message=message)


def _part(slack: Slack, user: User, place: Place) -> Json:
    if place.view is not None:
        return payloads.in_view(slack, place.view)
    if place.conversation is None or place.message is None:
        raise NotPossible("That message is gone.")
    return payloads.in_message(slack, user, place.conversation, place.message)


async def act(
    slack: Slack, user: User, container: Json, ids: tuple[str | None, str], chosen: Json
) -> Delivery | None:
    """Use an element; None where Slack keeps it for the submission and tells nobody.

    Raises:
        NotPossible: there is no such element, or it takes no such choice.
    """
    place = place_of(slack, user, container)
    block, element = _element(place, ids)
    state = chosen_state(slack.world, element, chosen)
    if element["type"] in STATEFUL:
        place.values.setdefault(block["block_id"], {})[element["action_id"]] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
    content = {name: value for name, value in state.items() if name != "type"}
    action = payloads.action_part(slack.world, block, element, content)
    part = _part(slack, user, place)
    if place.conversation is not None and place.message is not None:
        part["response_url"] = slack.response_urls.new(
            user, place.conversation.id, place.message.ts, place.message.thread_ts
        )
    modal = place.view is not None and place.view.type == "modal"
    payload = payloads.block_actions(slack, user, part, action, modal=modal)
    return await slack.deliveries.deliver("interaction", payload)


def _element(place: Place, ids: tuple[str | None, str]) -> tuple[Json, Json]:
    found = find(place.blocks, *ids)
    if found is None:
        raise NotPossible(f"There is no element {ids[1]!r} any more.")
    return found


async def suggest(
    slack: Slack, user: User, container: Json, ids: tuple[str | None, str], typed: str
) -> tuple[Delivery, Json]:
    """Type into a select whose options the app gives; returns them, none when it gave none."""
    place = place_of(slack, user, container)
    block, element = _element(place, ids)
    part = _part(slack, user, place)
    full = (block["block_id"], element["action_id"])
    payload = payloads.block_suggestion(slack, user, part, full, typed)
    delivery = await slack.deliveries.deliver("options", payload)
    answer = delivery.answer if isinstance(delivery.answer, dict) else {}
    if faults := shape_faults(answer):
        delivery.error = "invalid_options: " + "; ".join(faults)
        answer = {}
    options = {name: answer[name] for name in ("options", "option_groups") if name in answer}
    return delivery, options or {"options": []}


async def shortcut(slack: Slack, user: User, callback_id: str) -> Delivery:
    payload = payloads.shortcut(slack, user, callback_id)
    return await slack.deliveries.deliver("interaction", payload)


async def message_shortcut(
    slack: Slack, user: User, callback_id: str, channel_id: str, ts: str
) -> Delivery:
    place, message = message_for(slack, user, channel_id, ts)
    if message.ephemeral_for is not None:
        raise NotPossible("A message only you see has no shortcuts.")
    payload = payloads.message_action(slack, user, callback_id, place, message)
    return await slack.deliveries.deliver("interaction", payload)


def remember(slack: Slack, user: User, view_id: str, ids: tuple[str, str], chosen: Json) -> View:
    """Keep what somebody filled in, without telling the app."""
    view = view_for(slack, user, view_id)
    block, element = _element(Place(view.blocks, view.values), ids)
    state = chosen_state(slack.world, element, chosen)
    view.values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return view


async def submit(slack: Slack, user: User, view: View) -> Delivery:
    """Send a modal with what is filled in; its answer closes, changes or refuses it."""
    view.errors = {}
    payload = payloads.view_submission(slack, user, view)
    delivery = await slack.deliveries.deliver("interaction", payload)
    if delivery.ok:
        try:
            _carry_out(slack, user, view, delivery.answer)
        except SlackError as error:
            told = error.more.get("response_metadata", {}).get("messages", [])
            delivery.error = ": ".join([error.name, *told])
    return delivery


def _carry_out(slack: Slack, user: User, view: View, answer: Any) -> None:
    surfaces = slack.surfaces
    action = answer.get("response_action") if isinstance(answer, dict) else None
    match action:
        case None:
            if answer:
                # Anything but an empty body is no answer to a submission.
                raise SlackError("invalid_response_body")
            surfaces.close(view)
            if view.flag("clear_on_close"):
                surfaces.clear(user)
        case "errors":
            surfaces.refuse(view, _errors(view, answer.get("errors")))
        case "update":
            surfaces.update(view, checked_view(answer.get("view"), "modal"))
        case "push":
            surfaces.push(user, checked_view(answer.get("view"), "modal"))
        case "clear":
            surfaces.clear(user)
        case _:
            raise SlackError("invalid_response_action")


def _errors(view: View, errors: Any) -> dict[str, str]:
    """Faults by the input block they belong to; Slack knows no other place for one."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_response_errors")
    return {str(block_id): str(text) for block_id, text in errors.items()}


async def close(slack: Slack, user: User, view: View, *, clear: bool) -> None:
    """Close a modal, or all of them; the app hears of those that asked for it."""
    stack = list(slack.surfaces.stack(user))
    if view not in stack:
        raise NotPossible("That modal is closed already.")
    all_of_them = clear or view.flag("clear_on_close")
    leaving = stack if all_of_them else [view]
    for one in reversed(leaving):
        slack.surfaces.close(one)
        if one.flag("notify_on_close"):
            payload = payloads.view_closed(slack, user, one, cleared=all_of_them)
            slack.deliveries.spawn(slack.deliveries.deliver("interaction", payload))
