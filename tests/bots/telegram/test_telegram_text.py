import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.text import cut, sendable, width

FAMILY = "👨‍👩‍👧‍👦"
ANY = st.text(st.characters())
"""Lone surrogates included: JSON can carry them."""


class TestCut:
    @given(ANY, st.integers(0, 40))
    def test_given_any_text_when_cut_then_it_fits_and_begins_the_same(
        self, text: str, limit: int
    ) -> None:
        shown = cut(text, limit)

        assert width(shown) <= limit
        assert shown == text or text.startswith(shown.removesuffix("…").rstrip())

    @pytest.mark.parametrize("text", ["a" * 10, "😀" * 5, "é" * 10, "שלום עולם"])
    def test_given_a_text_of_the_limit_when_cut_then_it_stays(self, text: str) -> None:
        assert cut(text, width(text)) == text
        assert cut(text, width(text) + 1) == text

    def test_given_one_too_many_when_cut_then_the_ellipsis_takes_a_place(self) -> None:
        assert cut("abcdef", 5) == "abcd…"

    def test_given_a_family_at_the_edge_when_cut_then_it_goes_whole(self) -> None:
        assert cut(f"ab{FAMILY}cd", width(FAMILY) + 2) == "ab…"

    def test_given_an_accent_at_the_edge_when_cut_then_its_letter_goes_too(self) -> None:
        assert cut("abce\u0301fgh", 5) == "abc…"

    def test_given_flags_at_the_edge_when_cut_then_none_is_halved(self) -> None:
        assert cut("🇵🇹🇩🇪🇧🇷", 7) == "🇵🇹…"

    def test_given_a_skin_tone_at_the_edge_when_cut_then_the_hand_goes_too(self) -> None:
        assert cut("a👍🏽bc", 4) == "a…"

    def test_given_nothing_but_marks_when_cut_then_it_still_ends(self) -> None:
        assert width(cut("a" + "\u0301" * 500, 100)) <= 100


class TestSendable:
    @given(ANY)
    def test_given_any_text_when_made_sendable_then_it_is_utf_8_without_controls(
        self, text: str
    ) -> None:
        clean = sendable(text)

        clean.encode("utf-8")
        assert not any(c < " " and c != "\n" for c in clean)

    def test_given_nul_and_overrides_when_made_sendable_then_the_words_stay(self) -> None:
        assert sendable("A\0na \u202eRuiz\u202c\tx\r\ny") == "Ana Ruiz x\ny"
