"""Slack's limits hold by construction: at the limit, one below, one above, and for odd words."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.slack import limits
from bots.slack.modals import choices, elements
from bots.slack.modals.choices import Group
from bots.slack.modals.elements import Choice, Json
from bots.text import width
from scheduling.messages import Action, ButtonStyle, More, OpenUrl
from slack_rules import every_fault

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
ODD = ("<!channel>", "*_~`", FAMILY * 30, "\ud800", " ", "<@U1> & <#C1|x>")
WORDS = st.text(max_size=200) | st.sampled_from(ODD)
LINE: Json = elements.line("a")
FIELD: Json = elements.field("f", "f", elements.line("f"))


def a_modal(*blocks: Json, **more: Any) -> Json:
    """Return a window that takes anything."""
    texts = {"title": "Title", "close": "Close", "submit": "Send"} | more
    title = texts.pop("title")
    return elements.modal("sb.x", title, [*blocks, FIELD], **texts)


def sections(number: int) -> Json:
    return elements.modal("sb.x", "T", [elements.section("x")] * number, close="C")


def options(number: int) -> Json:
    several = [Choice(f"label {each}", f"value {each}") for each in range(number)]
    return a_modal(elements.field("o", "o", choices.select("o", "p", several)))


def grouped(number: int) -> Json:
    several = tuple(Choice(f"label {each}", f"value {each}") for each in range(number))
    groups = [Group("a", several[: number // 2]), Group("b", several[number // 2 :])]
    return a_modal(elements.field("o", "o", choices.grouped_select("o", "p", groups)))


def radios(number: int) -> Json:
    several = [Choice(f"label {each}", f"value {each}") for each in range(number)]
    return a_modal(elements.field("r", "r", choices.radio("r", several, "value 0")))


def ticked(number: int) -> Json:
    several = [Choice(f"label {each}", f"value {each}") for each in range(number)]
    every = [each.value for each in several]
    return a_modal(elements.field("t", "t", choices.ticks("t", several, every)))


def row(number: int) -> Json:
    drawn = (elements.button(Action("x", "noop"), each) for each in range(number))
    return a_modal(*elements.actions(each for each in drawn if each))


def menu(number: int) -> Json:
    actions = tuple(Action(f"x{each}", "noop", argument=str(each)) for each in range(number))
    return a_modal(elements.section("x", accessory=elements.overflow(More("m", actions))))


def typed(number: int) -> Json:
    return a_modal(elements.field("l", "l", elements.line("l", initial="x" * number)))


COUNTED: list[tuple[int, Callable[[int], Json]]] = [
    (limits.VIEW_BLOCKS, sections),
    (limits.OPTIONS, options),
    (limits.OPTIONS, grouped),
    (limits.RADIO_OPTIONS, radios),
    (limits.RADIO_OPTIONS, ticked),
    (limits.ACTIONS, row),
    (limits.OVERFLOW_OPTIONS, menu),
    (limits.INPUT_TEXT, typed),
    (limits.VIEW_TITLE, lambda n: a_modal(title="x" * n)),
    (limits.VIEW_TITLE, lambda n: a_modal(submit="x" * n, close="y" * n)),
    (limits.SECTION_TEXT, lambda n: a_modal(elements.section("x" * n))),
    (limits.SECTION_TEXT, lambda n: a_modal(elements.marked_section("x" * n))),
    (limits.CONTEXT_TEXT, lambda n: a_modal(elements.context("x" * n))),
    (limits.CONTEXT_ELEMENTS, lambda n: a_modal(elements.context(*["x"] * n))),
    (limits.HEADER, lambda n: a_modal(elements.header("x" * n))),
    (limits.LABEL, lambda n: a_modal(elements.field("a", "x" * n, LINE, hint="h" * n))),
    (limits.BUTTON_LABEL, lambda n: a_modal(*elements.actions([_noop("x" * n)]))),
    (limits.OPTION_TEXT, lambda n: a_modal(_one(Choice("x" * n, "v")))),
    (limits.PLACEHOLDER, lambda n: a_modal(_one(Choice("l", "v"), "x" * n))),
]  # fmt: skip


def _noop(label: str) -> Json:
    drawn = elements.button(Action(label, "noop", style=ButtonStyle.PRIMARY))
    assert drawn is not None
    return drawn


def _one(choice: Choice, placeholder: str = "p") -> Json:
    return elements.field("s", "s", choices.select("s", placeholder, [choice], choice.value))


@pytest.mark.parametrize(("limit", "view"), COUNTED)
@pytest.mark.parametrize("more", [-1, 0, 1, 5])
def test_given_a_limit_when_it_is_met_or_passed_then_slack_takes_the_view(
    limit: int, view: Callable[[int], Json], more: int
) -> None:
    assert every_fault(view(limit + more)) == []


@settings(max_examples=200)
@given(WORDS)
def test_given_any_words_when_drawn_then_slack_takes_them_and_nothing_rings(words: str) -> None:
    view = a_modal(
        elements.section(words),
        elements.context(words),
        elements.header(words),
        elements.marked_section(f"{elements.bold(words)} x"),
        elements.field("a", words, elements.line("a", initial=words, placeholder=words)),
        _one(Choice(words, "v"), words),
        *elements.actions([_noop(words)]),
        title=words,
        submit=words or "x",
        close=words,
    )

    assert every_fault(view) == []
    for each in (b["text"] for b in view["blocks"] if b["type"] == "section"):
        assert each["type"] == "plain_text" or "<" not in each["text"]
    assert width(view["title"]["text"]) <= limits.VIEW_TITLE


def test_given_one_value_twice_when_drawn_then_it_stands_once() -> None:
    twice = [Choice("first", "v"), Choice("second", "v"), Choice("third", "w")]

    drawn = choices.select("s", "p", twice)["options"]

    assert [each["text"]["text"] for each in drawn] == ["first", "third"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x y", "ftp://x", "https://" + "x" * 4000]
)
def test_given_an_address_that_slack_refuses_when_drawn_then_it_is_left_out(url: str) -> None:
    assert elements.button(OpenUrl("x", url)) is None
    assert elements.overflow(More("m", ()), links=[OpenUrl("x", url)]) is None
