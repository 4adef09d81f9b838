"""Methods that open, change and publish views."""

from typing import Any

from playground.slack.blocks import faults_of_view, is_too_large
from playground.slack.call import Call
from playground.slack.errors import SlackError, invalid_arguments
from playground.slack.state import Json
from playground.slack.surfaces import View
from playground.slack.workspace import Slack


def checked_view(view: Any, kind: str) -> Json:
    """A view's content, free of faults.

    Raises:
        SlackError: it breaks a limit, or is of the other kind.
    """
    if is_too_large(view):
        raise SlackError("view_too_large")
    if faults := faults_of_view(view):
        raise invalid_arguments(*faults)
    if view["type"] != kind:
        raise invalid_arguments(f"unsupported type: {view['type']} [json-pointer:/view/type]")
    found: Json = view
    return found


def _given(call: Call, kind: str) -> Json:
    call.required("view")
    return checked_view(call.json("view", "invalid_arguments"), kind)


async def open_view(slack: Slack, call: Call) -> Json:
    content = _given(call, "modal")
    user, in_view = slack.surfaces.exchange(call.required("trigger_id"))
    # A modal opened from inside a modal goes onto the stack, as Slack's clients do it.
    stacked = in_view and bool(slack.surfaces.stack(user))
    opened = slack.surfaces.push(user, content) if stacked else slack.surfaces.open(user, content)
    return {"view": slack.surfaces.view_json(opened)}


async def push_view(slack: Slack, call: Call) -> Json:
    content = _given(call, "modal")
    user, _ = slack.surfaces.exchange(call.required("trigger_id"))
    return {"view": slack.surfaces.view_json(slack.surfaces.push(user, content))}


async def update_view(slack: Slack, call: Call) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id")
    surfaces = slack.surfaces
    view = surfaces.by_id(view_id) if view_id else surfaces.by_external_id(external_id)
    content = _given(call, view.type if view else "modal")
    if view is None:
        raise SlackError("not_found")
    _compare(call, view)
    return {"view": surfaces.view_json(surfaces.update(view, content))}


async def publish_view(slack: Slack, call: Call) -> Json:
    content = _given(call, "home")
    user = slack.world.user(call.required("user_id"), "user_not_found")
    if user.seed.is_bot or user.seed.deleted:
        raise SlackError("not_enabled")
    known = slack.surfaces.homes.get(user.id)
    if known is not None:
        _compare(call, known)
    return {"view": slack.surfaces.view_json(slack.surfaces.publish(user, content))}


def _compare(call: Call, view: View) -> None:
    expected = call.text("hash")
    if expected and expected != view.hash:
        raise SlackError("hash_conflict")
