import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.callback_data import LIMIT_BYTES, decode, encode
from bots.chat import Press
from scheduling.ids import new_id
from scheduling.messages import Action

WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
ID = st.text("23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", max_size=12)
ARGUMENT = st.text("abcXYZ0189_.-", max_size=20)


class TestEncode:
    @given(WORD, ID, st.integers(0, 9_999_999), ARGUMENT)
    def test_given_any_button_of_ours_when_it_comes_back_then_it_says_the_same(
        self, verb: str, subject: str, revision: int, argument: str
    ) -> None:
        action = Action("Any", verb, subject, revision, argument)

        payload = encode(action)

        assert len(payload.encode()) <= LIMIT_BYTES
        assert decode(payload) == Press(verb, subject, revision, argument)

    @pytest.mark.parametrize(
        "action",
        [
            Action("Verb too long", "cancelthis", new_id()),
            Action("Upper case", "Cancel"),
            Action("Foreign letters", "book", "идентификатор"),
            Action("A dot in the id", "book", "a.b"),
            Action("Negative", "book", revision=-1),
            Action("Endless", "book", new_id(), 1, "x" * 21),
            Action("Eight digits", "book", revision=10_000_000),
            Action("New line", "book", "abc\n"),
        ],
        ids=lambda action: action.label,
    )
    def test_given_a_button_that_cannot_come_back_when_written_then_it_is_refused(
        self, action: Action
    ) -> None:
        with pytest.raises(ValueError, match="cannot come back"):
            encode(action)

    def test_given_the_longest_of_everything_when_written_then_it_just_fits(self) -> None:
        action = Action("Longest", "b" * 8, "s" * 24, 9_999_999, "x" * 20)

        assert len(encode(action).encode()) == LIMIT_BYTES


class TestDecode:
    @given(st.text())
    def test_given_any_text_when_read_then_it_is_nothing_or_rewrites_itself(
        self, payload: str
    ) -> None:
        press = decode(payload)

        assert press is None or 1 <= len(press.verb) <= 8

    @given(st.binary(max_size=80))
    def test_given_any_bytes_when_read_then_nothing_breaks(self, payload: bytes) -> None:
        press = decode(payload.decode("utf-8", "replace"))

        assert press is None or press.verb.isascii()

    def test_given_ten_thousand_mutations_when_read_then_none_raises_and_ids_stay_in_form(
        self,
    ) -> None:
        chance = random.Random(1)
        good = encode(Action("Book", "booknow", new_id(), 12, "2030-01-07T10.00"))

        read = [decode(_mutated(good, chance)) for _ in range(10_000)]

        assert sum(press is None for press in read) > 3_000
        for press in read:
            if press is not None:
                assert press.verb.isalpha()
                assert len(press.subject) <= 24
                assert 0 <= press.revision < 10_000_000
                assert len(press.argument) <= 20

    @pytest.mark.parametrize(
        "payload",
        ["", "1", "1.book", "2.book.x.1.", "1.book.x.-1.", "1.book.x.1.a b", "1.book.x.1.\n"],
    )
    def test_given_a_payload_we_never_wrote_when_read_then_it_is_none(self, payload: str) -> None:
        assert decode(payload) is None

    def test_given_digits_of_another_script_when_read_then_they_are_no_revision(self) -> None:
        assert decode("1.book.x.٣.") is None


def _mutated(payload: str, chance: random.Random) -> str:
    letters = list(payload)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters))
        match chance.randrange(4):
            case 0:
                letters[place] = chr(chance.randrange(0x250))
            case 1:
                del letters[place]
            case 2:
                letters.insert(place, chance.choice(".-_0aZ\0\n٣😀"))
            case _:
                other = chance.randrange(len(letters))
                letters[place], letters[other] = letters[other], letters[place]
        if not letters:
            return ""
    return "".join(letters)
