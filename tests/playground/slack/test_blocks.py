"""The validator of blocks: at each limit nothing, above it one fault at its place."""

import json
from typing import Any

import pytest
from slack_sdk.models import blocks as models

from bolt_side import actions, button, input_block, modal, option, plain, section
from playground.slack.blocks import faults_of_message, faults_of_view

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", **more}


def in_section(element: Block) -> Block:
    return section("x", accessory=element)


def options(count: int) -> list[Block]:
    return [option(f"o{n}", f"v{n}") for n in range(count)]


def confirm(**more: Any) -> Block:
    return {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"),
            "deny": plain("No"), **more}  # fmt: skip


def context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements)}


def group(label: str, count: int) -> Block:
    return {"label": plain(label), "options": options(count)}


TEXT_INPUT = {"type": "plain_text_input", "action_id": "t"}
IMAGE = {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}

ALLOWED: list[Block] = [
    section("x" * 3000),
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    context(*[mrkdwn("x")] * 9, IMAGE),
    actions(*[button("x" * 75, f"a{n}", value="v" * 2000, url="https://x.test/")
              for n in range(25)]),
    actions(button("x", "a", style="primary", confirm=confirm())),
    in_section(select(options=options(100), placeholder=plain("p" * 150))),
    in_section(select(option_groups=[group("g", 100)] * 100)),
    in_section({"type": "overflow", "action_id": "o", "options": options(5)}),
    in_section({"type": "multi_users_select", "action_id": "m", "max_selected_items": 3}),
    actions({"type": "datetimepicker", "action_id": "d", "initial_date_time": 1_800_000_000}),
    actions({"type": "timepicker", "action_id": "t", "initial_time": "09:30",
             "timezone": "Europe/Berlin"}),
    actions({"type": "conversations_select", "action_id": "c",
             "default_to_current_conversation": True,
             "filter": {"include": ["public", "private"], "exclude_bot_users": True}}),
    actions({"type": "radio_buttons", "action_id": "r", "options": options(10),
             "initial_option": options(1)[0]}),
    actions({"type": "checkboxes", "action_id": "k",
             "options": [{"text": mrkdwn("*a*"), "value": "1"}]}),
    input_block("l" * 2000, TEXT_INPUT, hint=plain("h" * 2000), optional=True),
    input_block("n", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    {**IMAGE, "title": plain("t" * 2000)},
    {"type": "rich_text", "elements": [{"type": "rich_text_section",
                                        "elements": [{"type": "text", "text": "x"}]}]},
    {"type": "markdown", "text": "x" * 12_000},
]  # fmt: skip

REFUSED: list[tuple[Block, str]] = [
    (section(""), "/text/text"),
    (section("x" * 3001), "/text/text"),
    ({"type": "section"}, "missing required field: text"),
    ({"type": "section", "fields": []}, "/fields"),
    ({"type": "section", "fields": [mrkdwn("x")] * 11}, "/fields"),
    ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "/fields/0/text"),
    ({"type": "header", "text": plain("x" * 151)}, "/text/text"),
    ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
    ({"type": "divider", "text": plain("x")}, "invalid additional property: text"),
    (context(*[mrkdwn("x")] * 11), "/elements"),
    (context(), "/elements"),
    (actions(), "/elements"),
    (actions(*[button("x", f"a{n}") for n in range(26)]), "/elements"),
    (actions(button("x", "a"), button("y", "a")), "action_id already exists: a"),
    (actions(button("x" * 76, "a")), "/elements/0/text/text"),
    (actions(button("x", "a", value="v" * 2001)), "/elements/0/value"),
    (actions(button("x", "a", url="nowhere")), "/elements/0/url"),
    (actions(button("x", "a" * 256)), "/elements/0/action_id"),
    (actions(button("x", "a", style="green")), "/elements/0/style"),
    (actions({"type": "button", "text": mrkdwn("x")}), "unsupported type: mrkdwn"),
    (actions(button("x", "a", confirm=confirm(title=plain("x" * 101)))), "/confirm/title"),
    (actions(button("x", "a", confirm=confirm(text=plain("x" * 301)))), "/confirm/text"),
    (actions(button("x", "a", confirm=confirm(deny=plain("x" * 31)))), "/confirm/deny"),
    (in_section(select(options=[])), "/accessory/options"),
    (in_section(select(options=options(101))), "/accessory/options"),
    (in_section(select()), "either options or option_groups"),
    (in_section(select(options=[option("a", "1"), option("b", "1")])), "duplicate option value"),
    (in_section(select(options=[option("x" * 76, "1")])), "/options/0/text/text"),
    (in_section(select(options=[option("x", "1" * 151)])), "/options/0/value"),
    (in_section(select(options=[{"text": mrkdwn("x"), "value": "1"}])), "unsupported type: mrkdwn"),
    (in_section(select(options=options(2), initial_option=option("z", "z"))), "/initial_option"),
    (in_section(select(options=options(2), placeholder=plain("p" * 151))), "/placeholder/text"),
    (in_section(select(option_groups=[group("g", 0)])), "/option_groups/0/options"),
    (in_section({"type": "overflow", "options": options(6)}), "/accessory/options"),
    (in_section(TEXT_INPUT), "unsupported type: plain_text_input"),
    (actions({"type": "multi_users_select", "action_id": "m"}), "unsupported type"),
    (actions({"type": "radio_buttons", "action_id": "r", "options": options(11)}), "/options"),
    (actions({"type": "datepicker", "initial_date": "2027-13-01"}), "/initial_date"),
    (actions({"type": "timepicker", "initial_time": "24:00"}), "/initial_time"),
    (actions({"type": "timepicker", "timezone": "Mars/Base"}), "/timezone"),
    (input_block("x" * 2001, TEXT_INPUT), "/label/text"),
    (input_block("x", button("x", "a")), "unsupported type: button"),
    (input_block("x", {**TEXT_INPUT, "max_length": 3001}), "/element/max_length"),
    (input_block("x", {"type": "number_input"}), "is_decimal_allowed"),
    ({"type": "image", "image_url": "https://x.test/a.png"}, "missing required field: alt_text"),
    ({"type": "rich_text", "elements": [{"type": "text"}]}, "/elements/0/type"),
    ({"type": "banner"}, "unsupported type: banner"),
]  # fmt: skip


class TestMessages:
    @pytest.mark.parametrize("block", ALLOWED, ids=lambda block: str(block["type"]))
    def test_given_a_block_at_its_limits_when_checked_then_nothing_is_wrong(
        self, block: Block
    ) -> None:
        assert faults_of_message([block], "x") == []

    @pytest.mark.parametrize(("block", "told"), REFUSED, ids=lambda v: str(v)[:40])
    def test_given_a_block_over_a_limit_when_checked_then_the_place_is_named(
        self, block: Block, told: str
    ) -> None:
        faults = faults_of_message([block], "x")

        assert len(faults) == 1, faults
        assert told in faults[0]
        assert "[json-pointer:/blocks/0" in faults[0]

    def test_given_too_many_blocks_or_one_id_twice_when_checked_then_it_is_a_fault(self) -> None:
        assert faults_of_message([section("x")] * 50) == []
        assert len(faults_of_message([section("x")] * 51)) == 1
        assert faults_of_message([section("x", block_id="b")] * 2) == [
            "block_id already exists: b [json-pointer:/blocks/1/block_id]"
        ]

    @pytest.mark.parametrize(
        "odd", [None, 7, "text", [], {"type": None}, {"type": "section", "text": 5}]
    )
    def test_given_anything_at_all_when_checked_then_it_is_a_fault_and_no_crash(
        self, odd: Any
    ) -> None:
        assert faults_of_message([odd])

    def test_given_slacks_own_models_when_checked_then_they_agree(self) -> None:
        made = [
            models.SectionBlock(text="Hi *you*", accessory=models.ButtonElement(
                text="Go", action_id="go", value="1")),
            models.ActionsBlock(elements=[
                models.StaticSelectElement(action_id="s", placeholder="p",
                                           options=[models.Option(label="a", value="1")]),
                models.DatePickerElement(action_id="d", initial_date="2027-01-01"),
                models.OverflowMenuElement(action_id="o", options=[
                    models.Option(label="a", value="1"), models.Option(label="b", value="2")]),
            ]),
            models.ContextBlock(elements=[models.MarkdownTextObject(text="small")]),
            models.HeaderBlock(text="Head"),
            models.DividerBlock(),
        ]  # fmt: skip
        shown = json.loads(json.dumps([block.to_dict() for block in made]))

        assert faults_of_message(shown, "x") == []


class TestViews:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"title": plain("x" * 25)}, "/view/title/text"),
            ({"title": None}, "missing required field: title"),
            ({"submit": plain("x" * 25)}, "/view/submit/text"),
            ({"submit": None}, "submit is required"),
            ({"close": plain("x" * 25)}, "/view/close/text"),
            ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
            ({"callback_id": "x" * 256}, "/view/callback_id"),
            ({"blocks": [section("x")] * 101}, "/view/blocks"),
            ({"type": "window"}, "/view/type"),
            ({"colour": "red"}, "invalid additional property: colour"),
            ({"clear_on_close": "yes"}, "/view/clear_on_close"),
        ],
    )
    def test_given_a_modal_over_a_limit_when_checked_then_the_place_is_named(
        self, change: Block, told: str
    ) -> None:
        good = modal("x" * 24, input_block("x", TEXT_INPUT), private_metadata="x" * 3000)

        assert faults_of_view(good) == []
        (fault,) = faults_of_view({**good, **change})
        assert told in fault
