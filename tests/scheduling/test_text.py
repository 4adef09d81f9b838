import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.errors import InputRefused
from scheduling.text import (
    ANSWER_LIMIT,
    NAME_LIMIT,
    clean,
    clean_email,
    clean_link,
    clean_or_none,
    clean_phone,
    cut,
)


class TestClean:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  Mia \t Costa\n", "Mia Costa"),
            ("Mia\x00\x07 Costa", "Mia Costa"),
            ("e\u0301te\u0301", "été"),
            ("a\u202eb\u2066c\ufeff", "abc"),
            ("line\u2028two", "line two"),
            ("<b>&\"'", "<b>&\"'"),
            ("👩\u200d🎤 שלום", "👩\u200d🎤 שלום"),
        ],
    )
    def test_given_typed_words_when_cleaned_then_they_stand_on_one_plain_line(
        self, typed: str, kept: str
    ) -> None:
        assert clean("name", typed, NAME_LIMIT) == kept

    @pytest.mark.parametrize("typed", ["", "   ", "\x00\x01", "\u202e\u2066", "\u200d", "\u0301"])
    def test_given_nothing_visible_when_cleaned_then_it_is_refused_as_empty(
        self, typed: str
    ) -> None:
        with pytest.raises(InputRefused) as refused:
            clean("name", typed, NAME_LIMIT)

        assert (refused.value.field, refused.value.problem) == ("name", "empty")
        assert clean_or_none("name", typed, NAME_LIMIT) is None

    def test_given_one_character_too_many_when_cleaned_then_the_limit_is_named(self) -> None:
        assert clean("note", "x" * 500 + " ", 500) == "x" * 500

        with pytest.raises(InputRefused) as refused:
            clean("note", "x" * 501, 500)

        assert (refused.value.problem, refused.value.limit) == ("too_long", 500)

    @given(st.text())
    def test_given_any_text_when_cleaned_then_cleaning_again_changes_nothing(
        self, typed: str
    ) -> None:
        once = clean_or_none("answer", typed[:ANSWER_LIMIT], 5 * ANSWER_LIMIT)

        assert once == clean_or_none("answer", once, 5 * ANSWER_LIMIT)
        assert once is None or not any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in once)

    @given(st.text(), st.integers(1, 80))
    def test_given_any_text_when_cut_then_it_keeps_the_limit(self, typed: str, limit: int) -> None:
        assert len(cut(typed, limit)) <= limit


class TestShapes:
    @pytest.mark.parametrize(
        ("typed", "kept"), [("+49 (30) 123-45.67", "+49301234567"), ("0912345678", "0912345678")]
    )
    def test_given_a_number_when_cleaned_then_its_digits_stay(self, typed: str, kept: str) -> None:
        assert clean_phone(typed) == kept

    @pytest.mark.parametrize("typed", ["", "12345", "+", "call me", "1" * 16, "٠١٢٣٤٥٦٧"])
    def test_given_no_number_when_cleaned_then_it_is_refused(self, typed: str) -> None:
        with pytest.raises(InputRefused):
            clean_phone(typed)

    @pytest.mark.parametrize("typed", ["mia@", "@x.de", "a b@x.de", "a@x", "a@b.c\nBcc: d@e.fg"])
    def test_given_no_address_when_cleaned_then_it_is_refused(self, typed: str) -> None:
        with pytest.raises(InputRefused):
            clean_email(typed)

    def test_given_an_address_when_cleaned_then_it_stays(self) -> None:
        assert clean_email(" mia@example.org ") == "mia@example.org"

    @pytest.mark.parametrize(
        "typed",
        [
            "http://meet.example",
            "javascript:alert(1)",
            "https://",
            "https://a@b.example",
            'https://meet.example/"x',
            "https://meet.example/" + "x" * 500,
        ],
    )
    def test_given_no_https_link_when_cleaned_then_it_is_refused(self, typed: str) -> None:
        with pytest.raises(InputRefused):
            clean_link("video", typed)

    def test_given_a_link_when_cleaned_then_it_stays(self) -> None:
        assert clean_link("video", " https://meet.example/ana ") == "https://meet.example/ana"
