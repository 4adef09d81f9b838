"""Keyboards: what fits, what a button may do, and the refusals."""

import json
from typing import Any

import pytest

from playground.telegram.call import Call
from playground.telegram.errors import ApiError
from playground.telegram.markup import read_markup


def call_with(markup: Any) -> Call:
    return Call("sendmessage", {"reply_markup": json.dumps(markup)})


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def data_button(data: str = "d", text: str = "t") -> dict[str, Any]:
    return {"text": text, "callback_data": data}


ACCEPTED = [
    inline([data_button("é" * 32)]),
    inline([data_button()] * 8),
    inline(*[[data_button()] * 5] * 20),
    inline([{"text": "t", "url": "https://e.org/"}]),
    inline([{"text": "t", "url": "tg://resolve?domain=x"}]),
    inline([{"text": "t", "copy_text": {"text": "c" * 256}}]),
    inline([{"text": "t", "callback_data": "d", "style": "danger"}]),
    {"keyboard": [["a", {"text": "b", "request_contact": True}]], "resize_keyboard": True},
    {"remove_keyboard": True},
    {"force_reply": True, "input_field_placeholder": "p" * 64},
]

REFUSED = [
    (inline([data_button("é" * 33)]), "BUTTON_DATA_INVALID"),
    (inline([data_button()] * 9), "reply markup is too long"),
    (inline(*[[data_button()] * 5] * 20, [data_button()]), "reply markup is too long"),
    (inline([data_button(text=" ")]), "inline keyboard button text must be non-empty"),
    (inline([{"text": "t"}]), "Text buttons are unallowed in the inline keyboard"),
    (inline([{**data_button(), "url": "https://e.org"}]), "exactly one optional field"),
    (inline([{"text": "t", "url": "https://localhost/x"}]), "is invalid: Wrong HTTP URL"),
    (inline([{"text": "t", "url": "ftp://e.org"}]), "is invalid: Unsupported URL protocol"),
    (inline([{"text": "t", "url": "https://e .org"}]), "is invalid: Wrong HTTP URL"),
    (inline([{"text": "t", "copy_text": {"text": "c" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
    (inline([{"text": "t", "web_app": {"url": "http://e.org"}}]), "Only HTTPS links are allowed"),
    (inline([{**data_button(), "style": "loud"}]), "invalid button style specified"),
    ({"inline_keyboard": [data_button()]}, "must be an Array of Arrays"),
    ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
    ({"force_reply": True, "input_field_placeholder": "p" * 65}, "placeholder is too long"),
    (["a"], "object expected as reply markup"),
]


class TestMarkup:
    @pytest.mark.parametrize("markup", ACCEPTED)
    def test_given_a_markup_within_the_limits_when_read_then_it_is_kept(
        self, markup: dict[str, Any]
    ) -> None:
        read = read_markup(call_with(markup))

        assert read is not None
        assert set(read) <= set(markup)

    @pytest.mark.parametrize(("markup", "reason"), REFUSED)
    def test_given_a_markup_beyond_them_when_read_then_telegrams_refusal(
        self, markup: Any, reason: str
    ) -> None:
        with pytest.raises(ApiError) as refused:
            read_markup(call_with(markup))

        assert reason in refused.value.description

    def test_given_no_json_when_read_then_it_is_refused(self) -> None:
        with pytest.raises(ApiError, match="can't parse reply keyboard markup JSON object"):
            read_markup(Call("sendmessage", {"reply_markup": "{"}))

    def test_given_no_rows_when_read_then_there_is_no_markup(self) -> None:
        assert read_markup(call_with({"inline_keyboard": []})) is None
