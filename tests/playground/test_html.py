"""HTML parse mode: entities in UTF-16 units, and the server's words for every fault."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.telegram.content import formatted
from playground.telegram.entities import as_html, found_entities, utf16_length, utf16_slice
from playground.telegram.errors import ApiError


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


PARSED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("<b>a</b><STRONG>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
    ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
    ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
    ("<s>a</s>", "a", [entity("strikethrough", 0, 1)]),
    ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
    ("<b>x<i>y</i></b>", "xy", [entity("bold", 0, 2), entity("italic", 1, 1)]),
    ("😀<b>é</b>", "😀é", [entity("bold", 2, 1)]),
    ("<b>😀</b>x", "😀x", [entity("bold", 0, 2)]),
    (
        '<a href="https://e.org/?a=1&amp;b=2">x</a>',
        "x",
        [entity("text_link", 0, 1, url="https://e.org/?a=1&b=2")],
    ),
    ("<a href='tg://user?id=7'>x</a>", "x", [entity("text_mention", 0, 1, user={"id": 7})]),
    ("<a href='nonsense'>x</a>", "x", []),
    ("<code>a</code>", "a", [entity("code", 0, 1)]),
    ("<pre>a</pre>", "a", [entity("pre", 0, 1)]),
    (
        '<pre><code class="language-python">a</code></pre>',
        "a",
        [entity("pre", 0, 1, language="python")],
    ),
    ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
    (
        '<tg-time unix="1700000000" format="TDw">soon</tg-time>',
        "soon",
        [entity("date_time", 0, 4, unix_time=1700000000, date_time_format="wDT")],
    ),
    (
        '<tg-time unix="1700000000">soon</tg-time>',
        "soon",
        [entity("date_time", 0, 4, unix_time=1700000000, date_time_format="")],
    ),
    (
        '<tg-emoji emoji-id="5">x</tg-emoji>',
        "x",
        [entity("custom_emoji", 0, 1, custom_emoji_id="5")],
    ),
    ("a &lt;b&gt; &amp; &quot;c&quot; &#65;&#x42; d&e &nbsp;", 'a <b> & "c" AB d&e &nbsp;', []),
    ("<b> </b>x", "x", []),
    ("  <b>x</b>  ", "x", [entity("bold", 0, 1)]),
    ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ("a\x00b\r\n<b>c</b>", "a b\nc", [entity("bold", 4, 1)]),
    ("<code><b>x</b></code>", "x", [entity("code", 0, 1)]),
]  # fmt: skip

REFUSED: list[tuple[str, str]] = [
    ("<b>x", 'can\'t find end tag corresponding to start tag "b"'),
    ("<x>y</x>", 'Unsupported start tag "x" at byte offset 0'),
    ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ('<a href="x>y', "Unclosed start tag at byte offset 0"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
    ('<tg-time unix="1" format="z">x</tg-time>', "Invalid date format used"),
    ('<tg-emoji emoji-id="0">x</tg-emoji>', "Invalid custom emoji identifier specified"),
]


class TestHtml:
    @pytest.mark.parametrize(("source", "text", "entities"), PARSED)
    def test_given_markup_when_parsed_then_text_and_entities_are_telegrams(
        self, source: str, text: str, entities: list[dict[str, Any]]
    ) -> None:
        parsed = formatted(source, "HTML", None)

        assert parsed.text == text
        assert list(parsed.entities) == entities

    @pytest.mark.parametrize(("source", "reason"), REFUSED)
    def test_given_broken_markup_when_parsed_then_the_fault_is_named(
        self, source: str, reason: str
    ) -> None:
        with pytest.raises(ApiError) as refused:
            formatted(source, "html", None)

        assert refused.value.description == f"Bad Request: can't parse entities: {reason}"

    @given(st.text(alphabet="ab<>&\"'/ 😀\n"))
    def test_given_any_text_when_escaped_then_it_comes_through(self, text: str) -> None:
        escaped = as_html(text, [])

        assert formatted(escaped, "HTML", None).text == text.strip(" \n")

    @given(st.text(alphabet="<>/bi= \"'&;#x3a😀é"))
    def test_given_any_markup_when_parsed_then_entities_lie_inside_or_it_is_refused(
        self, source: str
    ) -> None:
        try:
            parsed = formatted(source, "HTML", None)
        except ApiError:
            return

        for one in parsed.entities:
            assert 0 <= one["offset"] < one["offset"] + one["length"] <= utf16_length(parsed.text)

    @pytest.mark.parametrize("source", ["<b>a <i>b😀</i></b> <u>c</u>", "x <code>y</code> &lt;"])
    def test_given_html_when_drawn_again_then_it_is_the_same(self, source: str) -> None:
        parsed = formatted(source, "HTML", None)

        assert as_html(parsed.text, parsed.entities) == source


class TestOtherModes:
    def test_given_markdown_v2_when_parsed_then_marks_become_entities(self) -> None:
        parsed = formatted(
            r"*b* _i_ __u__ ~s~ ||p|| `c` [l](https://e.org) 1\.", "MarkdownV2", None
        )

        assert parsed.text == "b i u s p c l 1."
        assert [one["type"] for one in parsed.entities] == [
            "bold", "italic", "underline", "strikethrough", "spoiler", "code", "text_link",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("1.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
            ("*b", "Can't find end of Bold entity at byte offset 0"),
        ],
    )
    def test_given_broken_markdown_when_parsed_then_it_is_refused(
        self, source: str, reason: str
    ) -> None:
        with pytest.raises(ApiError) as refused:
            formatted(source, "MarkdownV2", None)

        wanted = reason[0].lower() + reason[1:]
        assert refused.value.description.casefold().endswith(wanted.casefold())

    def test_given_plain_text_when_read_then_links_and_commands_are_found(self) -> None:
        text = "😀 /book@parrot_bot see https://e.org/a, @ana_ruiz or a@b.org #now"

        found = [
            (one["type"], utf16_slice(text, one["offset"], one["length"]))
            for one in found_entities(text)
        ]

        assert found == [
            ("bot_command", "/book@parrot_bot"), ("url", "https://e.org/a"),
            ("mention", "@ana_ruiz"), ("email", "a@b.org"), ("hashtag", "#now"),
        ]  # fmt: skip

    def test_given_entities_beside_the_text_when_out_of_range_then_refused(self) -> None:
        with pytest.raises(ApiError, match="ends after the end of the text"):
            formatted("ab", "", [entity("bold", 1, 2)])
