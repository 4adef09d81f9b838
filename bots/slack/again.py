"""Once more: Slack opens windows for three seconds after a tap, and sometimes we are later.

Then the person gets a button that carries what they had asked for; its press has a new trigger.
"""

import json
from dataclasses import replace

from bots.callback_data import decode
from bots.slack import limits
from bots.slack.updates import Acted, Asked, Commanded, Did, Origin, Shortcut

AGAIN = "sb.again"
"""The action_id of the button."""
_MESSAGE_TEXT = 1000


def again_value(asked: Asked) -> str:
    """Return what a button carries to have the same asked once more, within its limit."""
    match asked:
        case Commanded(command=command, text=text):
            again: dict[str, object] = {"command": command, "text": text[:_MESSAGE_TEXT]}
        case Shortcut(origin=origin, callback_id=callback_id):
            message = origin.payload.get("message")
            kept = dict(message) if isinstance(message, dict) else None
            if kept is not None:
                kept["text"] = str(kept.get("text") or "")[:_MESSAGE_TEXT]
            again = {"shortcut": callback_id, "message": kept}
        case Acted(action_id=action_id, action=action):
            again = {"action": action_id, "value": str(action.get("value") or "")[:_MESSAGE_TEXT]}
        case Did(action=action):
            option = action.get("selected_option")
            value = option.get("value") if isinstance(option, dict) else action.get("value")
            again = {"press": str(value or "")[:_MESSAGE_TEXT]}
        case _:
            again = {}
    value = json.dumps(again, separators=(",", ":"))
    # What people typed goes along: not even here does it stand as a mark of Slack's.
    for mark in "<>&":
        value = value.replace(mark, f"\\u{ord(mark):04x}")
    return value if len(value) <= limits.BUTTON_VALUE else "{}"


def read_again(value: str, origin: Origin) -> Asked | None:
    """Return what was asked before, as if done by whoever pressed now, where they pressed."""
    try:
        again = json.loads(value)
    except ValueError:
        return None
    if not isinstance(again, dict):
        return None
    match again:
        case {"command": str(command), "text": str(text)}:
            return Commanded(origin, command, text)
        case {"shortcut": str(callback_id)}:
            message = again.get("message")
            payload = {**origin.payload, "type": "shortcut", "callback_id": callback_id}
            if isinstance(message, dict):
                payload |= {"type": "message_action", "message": message}
            return Shortcut(replace(origin, payload=payload), callback_id)
        case {"action": str(action_id), "value": str(given)}:
            return Acted(origin, action_id, {"action_id": action_id, "value": given})
        case {"press": str(payload_of_press)}:
            from_press = {"action_id": payload_of_press, "value": payload_of_press}
            pressed = decode(payload_of_press)
            return Did(origin, pressed, from_press) if pressed else None
        case _:
            return None
