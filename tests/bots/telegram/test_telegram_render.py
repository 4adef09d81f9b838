import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove

from bots.telegram import limits
from bots.telegram.render import draw, draw_keyboard, draw_rows
from bots.text import sendable, width
from playground.telegram.html import parse_html
from scheduling.messages import (
    Action,
    Ask,
    ButtonStyle,
    ChatMessage,
    CopyText,
    Link,
    LocalTime,
    Mention,
    OpenUrl,
    Part,
    Picture,
    Plain,
    Quote,
    Strong,
)
from scheduling.people import AccountKey, Platform

NOON = datetime(2030, 1, 7, 12, tzinfo=UTC)
HOSTILE = [
    "<b>bold</b>",
    '</b><a href="tg://user?id=1">Ana</a>',
    "<script>alert(1)</script>",
    "& &amp; &lt; &#39; &quot; &bogus; &#x3c;b&#x3e;",
    "quote \" and ' apostrophe",
    "]](http://evil.example)",
    "<tg-spoiler>",
    "a < b > c",
    "</blockquote>",
    "\u202eevil\u202c",
    "nul\0nul",
    "\ud800 lone",
    "😀" * 50,
    "e\u0301" * 50,
    "שלום <b>",
    "<",
    ">",
    "&",
    "<!-- ",
    "<a href='x",
]
TEXT = st.one_of(
    st.text(st.characters()), st.sampled_from(HOSTILE), st.text("<>&\"'/ab=😀\n", max_size=60)
)
PART: st.SearchStrategy[Part] = st.one_of(
    TEXT.map(Plain),
    TEXT.map(Strong),
    TEXT.map(Quote),
    st.builds(Link, TEXT, st.one_of(TEXT, st.just('https://example.com/?a="b"&c=<d>'))),
    TEXT.map(lambda text: LocalTime(NOON, text)),
    st.builds(Mention, TEXT, st.builds(AccountKey, st.just(Platform.TELEGRAM), TEXT, TEXT)),
    TEXT.map(lambda text: Mention(text, AccountKey(Platform.TELEGRAM, "4242", "1001"))),
)
TAGS_OF_OURS = {"bold", "blockquote", "text_link", "text_mention", "date_time"}


class TestDraw:
    @given(st.lists(PART, max_size=8))
    def test_given_any_words_when_drawn_then_telegram_reads_back_exactly_them(
        self, parts: list[Part]
    ) -> None:
        message = ChatMessage(tuple(parts))

        drawn = draw(message)

        parsed = parse_html(drawn.html)
        assert parsed.text == drawn.bare
        assert {entity["type"] for entity in parsed.entities} <= TAGS_OF_OURS
        assert drawn.bare == (
            "".join(sendable(_words(part)) for part in parts) if _seen(parts) else "…"
        )

    @given(st.sampled_from(HOSTILE), st.integers(4090, 4100))
    def test_given_words_about_the_limit_when_drawn_then_they_fit_with_tags_closed(
        self, name: str, length: int
    ) -> None:
        message = ChatMessage((Plain("x" * (length - 3)), Strong(name), Plain(name)))

        drawn = draw(message)

        assert parse_html(drawn.html).text == drawn.bare
        assert width(drawn.bare) <= limits.TEXT

    @pytest.mark.parametrize("name", HOSTILE)
    def test_given_a_hostile_name_when_drawn_then_no_mark_of_its_own_lives(self, name: str) -> None:
        message = ChatMessage((Plain(f"Hi {name}! "), Strong(name), Quote(name)))

        parsed = parse_html(draw(message).html)

        assert [entity["type"] for entity in parsed.entities] == ["bold", "blockquote"]

    def test_given_every_kind_of_part_when_drawn_then_each_has_its_mark(self) -> None:
        message = ChatMessage(
            (
                Plain("a & b "),
                Strong("Tue"),
                Quote("I'm <ill>"),
                Link("Join", "https://meet.example/a?b=1&c=2"),
                LocalTime(NOON, "12:00 UTC"),
            )
        )

        drawn = draw(message)

        assert drawn.html == (
            "a &amp; b <b>Tue</b><blockquote>I'm &lt;ill&gt;</blockquote>"
            '<a href="https://meet.example/a?b=1&amp;c=2">Join</a>'
            '<tg-time unix="1894017600" format="wDt">12:00 UTC</tg-time>'
        )
        assert drawn.bare == "a & b TueI'm <ill>Join12:00 UTC"

    @pytest.mark.parametrize("parts", [(), (Plain(""),), (Plain(" \n"), Strong("\0"))])
    def test_given_no_words_when_drawn_then_something_can_be_sent(
        self, parts: tuple[Part, ...]
    ) -> None:
        assert draw(ChatMessage(parts)).html == "…"

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "//x", "https://localhost", "http://[", ""]
    )
    def test_given_an_address_nobody_can_open_when_drawn_then_its_words_stand_alone(
        self, url: str
    ) -> None:
        assert draw(ChatMessage((Link("Join", url),))).html == "Join"

    def test_given_a_picture_when_drawn_then_the_caption_limit_holds(self) -> None:
        picture = Picture(b"png", "Your week")

        long = draw(ChatMessage((Plain("x" * 2000),), picture=picture))
        silent = draw(ChatMessage((), picture=picture))

        assert width(long.bare) == limits.CAPTION
        assert silent.bare == "Your week"


class TestKeyboard:
    def test_given_every_kind_of_button_when_drawn_then_each_does_its_thing(self) -> None:
        keyboard = draw_rows(
            (
                (
                    Action("Book it", "book", "abc", 3, "x", ButtonStyle.PRIMARY),
                    Action("Cancel", "cancel", style=ButtonStyle.DANGER),
                ),
                (OpenUrl("Join", "https://meet.example/a"), CopyText("Copy link", "t.me/x")),
            )
        )

        assert keyboard is not None
        assert json.loads(keyboard.to_json()) == {
            "inline_keyboard": [
                [
                    {"text": "Book it", "callback_data": "1.book.abc.3.x", "style": "primary"},
                    {"text": "Cancel", "callback_data": "1.cancel..0.", "style": "danger"},
                ],
                [
                    {"text": "Join", "url": "https://meet.example/a"},
                    {"text": "Copy link", "copy_text": {"text": "t.me/x"}},
                ],
            ]
        }

    def test_given_too_many_buttons_when_drawn_then_rows_break_at_8_and_100_stay(self) -> None:
        rows = tuple(tuple(Action(str(i), "day") for i in range(11)) for _ in range(12))

        keyboard = draw_rows(rows)

        assert keyboard is not None
        sizes = [len(row) for row in keyboard.inline_keyboard]
        assert max(sizes) == 8
        assert sum(sizes) == 100

    def test_given_addresses_telegram_refuses_when_drawn_then_they_are_left_out(self) -> None:
        rows = ((OpenUrl("Join", "meet me at noon"),), (OpenUrl("Local", "http://localhost/x"),))

        assert draw_rows(rows) is None

    @given(st.one_of(st.text(st.characters()), st.sampled_from(HOSTILE)))
    def test_given_any_label_when_drawn_then_it_is_one_short_line(self, label: str) -> None:
        keyboard = draw_rows(((Action(label, "day"),),))

        assert keyboard is not None
        text = keyboard.inline_keyboard[0][0].text
        assert text.strip()
        assert "\n" not in text
        assert width(text) <= limits.BUTTON_LABEL

    def test_given_a_question_for_a_phone_when_drawn_then_telegrams_own_button_asks(self) -> None:
        phone = draw_keyboard(ChatMessage((Plain("?"),), ask=Ask.PHONE, ask_label="Send mine"))
        place = draw_keyboard(ChatMessage((Plain("?"),), ask=Ask.LOCATION, ask_label="Here"))
        done = draw_keyboard(ChatMessage((Plain("Thanks"),), ask=Ask.DONE))

        assert isinstance(phone, ReplyKeyboardMarkup)
        assert phone.keyboard[0][0].request_contact is True
        assert phone.keyboard[0][0].request_location is None
        assert isinstance(place, ReplyKeyboardMarkup)
        assert place.keyboard[0][0].request_location is True
        assert isinstance(done, ReplyKeyboardRemove)

    def test_given_no_buttons_when_drawn_then_there_is_no_keyboard(self) -> None:
        assert draw_keyboard(ChatMessage((Plain("Hi"),))) is None


def _words(part: Part) -> str:
    return part.fallback if isinstance(part, LocalTime) else part.text


def _seen(parts: list[Part]) -> bool:
    return any(sendable(_words(part)).strip() for part in parts)
