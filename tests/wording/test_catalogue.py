"""Every sentence that is said exists, nothing is there that nobody says."""

import re
from pathlib import Path

import pytest

import wording
from wording.catalogue import catalogue, language_for, say

ROOT = Path(wording.__file__).parent.parent
SOURCES = [
    path.read_text()
    for folder in ("wording", "bots", "app")
    for path in (ROOT / folder).rglob("*.py")
    if "catalogues" not in path.parts
]
SAID = re.compile(r'\bsay\(\s*(?:[\w.]+,\s*)?"([a-z_]+\.[a-z_.]+)"')
QUOTED = re.compile(r'"([a-z_]+\.[a-z_.0-9]+)"')
BUILT = re.compile(r'f"([a-z_]+\.[a-z_.]*)\{')


class TestSay:
    def test_given_values_when_said_then_they_stand_in_it_as_they_are(self) -> None:
        assert say("en", "odd.others", name="{x} <b>") == "This one is {x} <b>'s. Yours: /my"

    def test_given_a_count_when_said_then_the_plural_is_right(self) -> None:
        assert say("en", "booking.seats", count=1) == "1 seat left"
        assert say("en", "booking.seats", count=3) == "3 seats left"

    def test_given_an_unknown_language_when_said_then_it_is_english(self) -> None:
        assert say("xx-YY", "nav.back") == "Back"
        assert language_for("pt-BR") == "en"

    def test_given_a_key_nobody_wrote_when_said_then_it_is_a_defect(self) -> None:
        with pytest.raises(KeyError):
            say("en", "no.such_key")

    def test_given_a_value_left_out_when_said_then_it_is_a_defect(self) -> None:
        with pytest.raises(KeyError):
            say("en", "odd.others")

    def test_given_a_plural_without_a_count_when_said_then_it_is_a_defect(self) -> None:
        with pytest.raises(TypeError):
            say("en", "booking.seats")


class TestEnglish:
    def test_given_the_sources_then_every_key_they_say_exists(self) -> None:
        said = {key for source in SOURCES for key in SAID.findall(source)}

        assert said - catalogue("en").keys() == set()

    def test_given_the_catalogue_then_every_key_is_said_somewhere(self) -> None:
        quoted = {key for source in SOURCES for key in QUOTED.findall(source)}
        built = tuple({start for source in SOURCES for start in BUILT.findall(source)})

        unsaid = {key for key in catalogue("en").keys() - quoted if not key.startswith(built)}

        assert unsaid == set()
