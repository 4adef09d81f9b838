"""What the small Slack app of slack_parrot.py shows: cards, modals, App Home."""

from typing import Any

Json = dict[str, Any]

#: 24 Nov 2026, 09:00 in Lisbon, 10:00 in Berlin, 04:00 in New York.
NINE = 1795510800


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text}


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, "value": text, **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def field(block: str, label: str, element: Json, **more: Any) -> Json:
    """An input block whose element goes by the name "it"."""
    element = {**element, "action_id": "it"}
    return {"type": "input", "block_id": block, "label": plain(label), "element": element, **more}


def retro(votes: list[str]) -> list[Json]:
    """The card of a vote, as it stands."""
    said = f" · yes: {', '.join(votes)}" if votes else ""
    sure = {
        "title": plain("Call it off?"),
        "text": mrkdwn("Everybody *hears* of it."),
        "confirm": plain("Call it off"),
        "deny": plain("Keep it"),
        "style": "danger",
    }
    return [
        section(f"*Retro* · 45 min\nA  *<!date^{NINE}^{{date_short}}, {{time}}|a time>*{said}"),
        {
            "type": "actions",
            "block_id": "vote",
            "elements": [
                button("Yes", "yes", style="primary"),
                button("Join", "join", url="https://meet.example/retro"),
                button("Silent", "silent"),
                button("Call off", "call_off", style="danger", confirm=sure),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Settle now"), option("Add a time")],
                },
            ],
        },
        {"type": "context", "elements": [mrkdwn("Missing: <@U0CEM>.")]},
    ]


def gallery() -> list[Json]:
    """Every element that holds an answer, each telling the app at once."""
    days = [option("Mon"), option("Tue")]
    people = {
        "type": "multi_users_select",
        "action_id": "people",
        "placeholder": plain("People"),
        "initial_users": ["U0BO"],
    }
    return [
        {"type": "header", "text": plain("Every element")},
        section("Who?", accessory={"type": "users_select", "action_id": "user"}),
        section("And who else?", accessory=people),
        {
            "type": "actions",
            "block_id": "selects",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "static",
                    "placeholder": plain("Choose a time"),
                    "options": [option(f"{hour:02}:00") for hour in range(9, 18)],
                },
                {
                    "type": "external_select",
                    "action_id": "coach",
                    "placeholder": plain("Find a coach"),
                    "min_query_length": 1,
                },
                {
                    "type": "conversations_select",
                    "action_id": "place",
                    "placeholder": plain("Where"),
                },
            ],
        },
        {
            "type": "actions",
            "block_id": "times",
            "elements": [
                {"type": "datepicker", "action_id": "day", "placeholder": plain("Day")},
                {"type": "timepicker", "action_id": "time", "placeholder": plain("Hour")},
                {"type": "datetimepicker", "action_id": "moment"},
                {
                    "type": "checkboxes",
                    "action_id": "ticks",
                    "options": days,
                    "initial_options": [days[0]],
                },
                {"type": "radio_buttons", "action_id": "radio", "options": days},
            ],
        },
        {"type": "section", "fields": [mrkdwn("*Mon*\n9-12"), mrkdwn("*Tue*\n13-17")]},
        {"type": "divider"},
    ]


def booking(preview: str = "nothing yet") -> Json:
    """The modal of a booking; the preview follows what is typed."""
    hours = {
        "type": "plain_text_input",
        "placeholder": plain("9-12, 13-17"),
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    slots = [option(f"{hour:02}:00-{hour + 1:02}:00") for hour in range(9, 18)]
    return {
        "type": "modal",
        "callback_id": "booking",
        "title": plain("Book time"),
        "submit": plain("Book it"),
        "close": plain("Not now"),
        "blocks": [
            field("who", "Who", {"type": "external_select", "min_query_length": 0}),
            field(
                "time",
                "Time",
                {"type": "static_select", "options": slots},
                hint=plain("Berlin time"),
            ),
            field("hours", "Hours", hours, dispatch_action=True),
            section(f"Preview: {preview}", block_id=f"preview {preview}"[:200]),
            field("mail", "Mail", {"type": "email_text_input"}, optional=True),
            field("note", "Note", {"type": "plain_text_input", "multiline": True}, optional=True),
            {"type": "actions", "block_id": "on", "elements": [button("Other times", "push")]},
        ],
    }


def home(approved: bool) -> Json:
    """App Home, with a request until it is approved."""
    request = [
        section("Thu 26 Nov, 16:00 · Mia Costa"),
        {"type": "actions", "block_id": "ask", "elements": [button("Approve", "approve")]},
    ]
    here = [section("Nothing waits for you.")] if approved else request
    return {"type": "home", "blocks": [section("*Tue 24 Nov* · 3 sessions"), *here]}
