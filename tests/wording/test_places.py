"""Zones found by what people type."""

import pytest

from builders.times import at
from scheduling.moments import zone, zone_names
from wording.place_names import BY_LANGUAGE, CITIES, MAIN_ZONES, WORLD
from wording.places import find_places, likely_zones, nearest_name

NOW = at("2026-11-23 09:02")


def zones(text: str, locale: str = "en") -> list[str]:
    return [place.zone for place in find_places(text, now=NOW, locale=locale)]


class TestFindPlaces:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("porto", "Europe/Lisbon"),
            ("  LISBON ", "Europe/Lisbon"),
            ("são paulo", "America/Sao_Paulo"),
            ("Sao-Paulo", "America/Sao_Paulo"),
            ("Portland, Maine", "America/New_York"),
            ("Germany", "Europe/Berlin"),
            ("Europe/Paris", "Europe/Paris"),
            ("utc", "UTC"),
            ("UTC+3", "Etc/GMT-3"),
            ("Kiev", "Europe/Kyiv"),
        ],
    )
    def test_given_one_place_when_typed_then_its_zone_is_found(self, text: str, name: str) -> None:
        assert zones(text) == [name]

    def test_given_a_name_of_several_then_each_clock_is_offered_once(self) -> None:
        assert zones("springfield") == ["America/Chicago", "America/New_York"]
        assert zones("usa")[:2] == ["America/New_York", "America/Chicago"]

    def test_given_a_clocks_time_then_zones_that_show_it_are_offered(self) -> None:
        assert zones("10:02")[0] == "Europe/Berlin"
        assert zones("4:02 am")[0] == "America/New_York"
        assert zones("25:99") == []

    def test_given_the_readers_own_language_then_its_names_are_known(self) -> None:
        assert zones("Lissabon", "de") == ["Europe/Lisbon"]
        assert zones("Deutschland", "de") == ["Europe/Berlin"]

    @pytest.mark.parametrize("text", ["", "xyzzy", "<b>", "\x00", "🎹", "x" * 5000])
    def test_given_nonsense_then_nothing_is_found(self, text: str) -> None:
        assert zones(text) == []

    def test_given_a_typing_error_then_the_nearest_name_is_known(self) -> None:
        assert nearest_name("barcelna", locale="en") == "Barcelona"
        assert nearest_name("xyzzy", locale="en") is None


class TestLikelyZones:
    def test_given_portuguese_and_a_coach_in_berlin_then_the_guesses_are_those_of_the_script(
        self,
    ) -> None:
        assert likely_zones("pt", near="Europe/Berlin", now=NOW) == (
            "Europe/Lisbon",
            "Europe/Berlin",
            "America/Sao_Paulo",
        )

    def test_given_any_language_then_no_two_guesses_show_one_time(self) -> None:
        for language in BY_LANGUAGE:
            guesses = likely_zones(language, near="Europe/Berlin", now=NOW)

            clocks = {NOW.astimezone(zone(name)).time() for name in guesses}
            assert len(clocks) == len(guesses) == 3


class TestTheTable:
    def test_given_the_table_then_every_zone_in_it_exists(self) -> None:
        named = {*CITIES, *WORLD}
        named |= {each for many in (*MAIN_ZONES.values(), *BY_LANGUAGE.values()) for each in many}

        assert named - zone_names() == set()
