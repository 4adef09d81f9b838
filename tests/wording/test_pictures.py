"""Pictures: what they show, that nothing in them is a box, and that a phone can read the code."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
import segno
from PIL import Image

from wording.catalogue import catalogue, languages
from wording.pictures import (
    HEIGHT,
    WIDTH,
    Block,
    BlockKind,
    Day,
    Week,
    drawable,
    qr_png,
    week_png,
)

GREEN, BLUE = (0xDF, 0xF3, 0xE4), (0x1F, 0x5F, 0xA8)
LEGEND = (
    (BlockKind.FREE, "F", "free"),
    (BlockKind.BOOKED, "B", "booked"),
    (BlockKind.ASKED, "?", "asked for"),
    (BlockKind.OFF, "X", "off"),
)


def a_week(*columns: tuple[Block, ...]) -> Week:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    blocks = (*columns, *[()] * (7 - len(columns)))
    return Week(
        title="Your week",
        subtitle="Berlin time",
        days=tuple(Day(name, each, "closed") for name, each in zip(names, blocks, strict=True)),
        hours=tuple(f"{hour:02}:00" for hour in range(25)),
        legend=LEGEND,
    )


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def colours(png: bytes) -> dict[tuple[int, ...], int]:
    found = opened(png).getcolors(WIDTH * HEIGHT)
    assert found is not None
    return {colour: count for count, colour in found if isinstance(colour, tuple)}


class TestWeekPicture:
    def test_given_a_week_when_drawn_then_it_is_a_png_of_its_size(self) -> None:
        week = a_week((Block(540, 720, BlockKind.FREE, "09:00-12:00"),))

        picture = opened(week_png(week))

        assert picture.size == (WIDTH, HEIGHT)

    def test_given_free_and_booked_when_drawn_then_each_has_its_ground(self) -> None:
        week = a_week(
            (Block(540, 720, BlockKind.FREE),), (Block(540, 720, BlockKind.BOOKED, "Mia"),)
        )

        drawn = colours(week_png(week))

        assert drawn[GREEN] > 10_000
        assert drawn[BLUE] > 10_000

    def test_given_a_longer_stretch_when_drawn_then_it_takes_more_room(self) -> None:
        short = a_week((Block(540, 600, BlockKind.FREE), Block(900, 1020, BlockKind.BOOKED)))
        long = a_week((Block(540, 780, BlockKind.FREE), Block(900, 1020, BlockKind.BOOKED)))

        few, many = colours(week_png(short))[GREEN], colours(week_png(long))[GREEN]

        assert many > 2.5 * few

    def test_given_two_states_when_only_the_kind_differs_then_more_than_colour_differs(
        self,
    ) -> None:
        asked = a_week((Block(540, 1020, BlockKind.ASKED, "Mia"),))
        off = a_week((Block(540, 1020, BlockKind.OFF, "Mia"),))

        grey = [opened(week_png(week)).convert("L") for week in (asked, off)]

        # In shades of grey the letters still tell them apart: dark pixels stand elsewhere.
        marks = [image.point([255 if v < 110 else 0 for v in range(256)]) for image in grey]
        assert marks[0].tobytes() != marks[1].tobytes()

    def test_given_a_whole_day_off_when_drawn_then_the_other_days_keep_their_scale(self) -> None:
        work = (Block(540, 1020, BlockKind.FREE),)
        alone = colours(week_png(a_week(work)))[GREEN]

        beside = colours(week_png(a_week(work, (Block(0, 1440, BlockKind.OFF, "off"),))))[GREEN]

        assert abs(beside - alone) < alone * 0.05

    def test_given_nothing_open_when_drawn_then_there_is_still_a_week(self) -> None:
        week = a_week()

        picture = opened(week_png(week))

        assert picture.size == (WIDTH, HEIGHT)

    @pytest.mark.parametrize(
        "name", ["", "日本語 太郎", "😀😀😀", "N" * 300, "\x00\u202e", "Ünïcødé Ñame"]
    )
    def test_given_any_name_when_drawn_then_nothing_breaks(self, name: str) -> None:
        week = a_week((Block(540, 600, BlockKind.BOOKED, name, name),))

        picture = opened(week_png(replace(week, title=name)))

        assert picture.size == (WIDTH, HEIGHT)

    def test_given_several_threads_when_drawing_at_once_then_each_gets_its_own_week(self) -> None:
        weeks = [a_week((Block(540, 600 + 15 * n, BlockKind.FREE, f"{n}"),)) for n in range(6)]
        alone = [week_png(week) for week in weeks]
        week_png.cache_clear()

        with ThreadPoolExecutor(max_workers=6) as threads:
            together = list(threads.map(week_png, weeks))

        assert together == alone
        assert len(set(alone)) == len(weeks)


class TestGlyphs:
    def test_given_every_sentence_when_looked_up_then_the_font_has_each_letter(self) -> None:
        sentences = [
            (language, key, text)
            for language in languages()
            for key, template in catalogue(language).items()
            for text in ([template] if isinstance(template, str) else template.values())
        ]

        missing = [(language, key) for language, key, text in sentences if not drawable(text)]

        assert sentences
        assert missing == []

    @pytest.mark.parametrize("text", ["é ñ ü ß", "Привет", "→ ✓ ›", "Ščepán"])
    def test_given_letters_of_our_languages_when_asked_then_they_can_be_drawn(
        self, text: str
    ) -> None:
        assert drawable(text)

    @pytest.mark.parametrize("text", ["日", "😀", "\U0010fffe"])
    def test_given_letters_the_font_lacks_when_asked_then_it_says_so(self, text: str) -> None:
        assert not drawable(text)


class TestQrCard:
    def test_given_a_link_when_drawn_then_the_modules_are_those_of_the_code(self) -> None:
        address = "https://t.me/pianobot?start=7Kq2m9aB"
        expected = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]

        picture = opened(qr_png(address, "Piano lesson", "60 min with Ana Ruiz")).convert("1")

        assert _modules(picture, len(expected)) == expected

    def test_given_a_very_long_title_when_drawn_then_the_card_keeps_its_size(self) -> None:
        png = qr_png("https://t.me/b?start=x", "T" * 200, "N" * 200)

        assert opened(png).size == (720, 840)


def _modules(picture: Image.Image, count: int) -> list[bytes]:
    """Read the code back from the pixels: its box is the dark square above the words."""
    area = picture.crop((0, 96, 720, 670))
    left, top, right, _ = area.point([255] + [0] * 255).getbbox() or (0, 0, 0, 0)
    step = (right - left) / count
    return [
        bytes(
            area.getpixel((int(left + (column + 0.5) * step), int(top + (row + 0.5) * step))) == 0
            for column in range(count)
        )
        for row in range(count)
    ]
