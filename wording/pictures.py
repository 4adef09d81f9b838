"""Pictures: a week as a grid, and a booking link as a QR card. Pure: values in, PNG bytes out.

Drawing takes a tenth of a second of processor time, so callers run these in a thread, and what
was drawn a while ago is kept. Colour is never the only sign: each state has a letter, and all but
free a hatch or a solid ground; whoever sends a picture puts the same facts into its alt text.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from io import BytesIO

import font_source_sans_pro
import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 900
_SCALE = 2  # drawn twice as large and shrunk, which smooths every edge
_HOUR = 60
_DAY = 24 * _HOUR
_NO_LETTER = "\U0010fffe"  # no font has it: drawn as the box that stands for a missing glyph
_LEAST_HOURS = 8

_PAPER, _INK, _SOFT, _LINE = "#ffffff", "#1c2430", "#5b6675", "#d9dee5"
_CLOSED, _TODAY = "#f3f5f8", "#eaf1fb"

_TOP, _LEFT, _RIGHT, _BOTTOM = 168, 84, 28, 72
_COLUMN_GAP = 8


class BlockKind(StrEnum):
    """What a stretch of a day is."""

    FREE = "free"
    BOOKED = "booked"
    ASKED = "asked"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class _Look:
    fill: str
    edge: str
    text: str
    hatch: str | None = None


_LOOKS = {
    BlockKind.FREE: _Look("#dff3e4", "#2e8b57", "#14532d"),
    BlockKind.BOOKED: _Look("#1f5fa8", "#17477e", "#ffffff"),
    BlockKind.ASKED: _Look("#fff3d6", "#a86a00", "#5f3c00", hatch="#f3d697"),
    BlockKind.OFF: _Look("#eceff3", "#8a94a3", "#3f4854", hatch="#cfd6df"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one day, in local minutes since its midnight (0 to 1440)."""

    start: int
    end: int
    kind: BlockKind
    label: str = ""
    """First line, such as a range of hours or a name; left out where there is no room."""
    detail: str = ""
    """Second line, smaller."""


@dataclass(frozen=True, slots=True)
class Day:
    """One column."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    """Stands in an empty column, such as "closed"."""
    marked: bool = False
    """Today."""


@dataclass(frozen=True, slots=True)
class Week:
    """What the grid shows; every word of it is already in the reader's language."""

    title: str
    subtitle: str
    days: tuple[Day, ...]
    hours: tuple[str, ...]
    """What to write beside each hour line: 25 texts, for 0 to 24 o'clock."""
    legend: tuple[tuple[BlockKind, str, str], ...]
    """Kind, its letter, its name; the kinds that occur or may occur."""

    def letter(self, kind: BlockKind) -> str:
        """Return the letter that stands for a kind beside its colour."""
        return next((letter for k, letter, _ in self.legend if k is kind), "")


@lru_cache(maxsize=64)
def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    name = {"Regular": "SourceSansPro", "Semibold": "SourceSansProSemibold"}[weight]
    # The basic layout is part of Pillow everywhere; the other engine refuses some letters.
    return ImageFont.truetype(
        font_source_sans_pro.font_files_ttf[name],
        size * _SCALE,
        layout_engine=ImageFont.Layout.BASIC,
    )


def drawable(text: str) -> bool:
    """Say whether the font has a glyph for every letter, so that no box is drawn for one."""
    return all(letter.isspace() or _has_glyph(letter) for letter in text)


@lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    return _shape(letter) != _shape(_NO_LETTER)


def _shape(letter: str) -> tuple[bytes, tuple[int, int]]:
    mask = _font(20).getmask(letter)
    return bytes(mask), mask.size


def _plain(text: str) -> str:
    """Return the text without what the font cannot draw (emoji, other scripts)."""
    kept = "".join(letter for letter in text if drawable(letter))
    return " ".join(kept.split()) or ("…" if text.strip() else "")


class _Canvas:
    """Drawing in the units of the finished picture."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), _PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        *,
        fill: str = _INK,
        weight: str = "Regular",
        anchor: str = "la",
        room: float | None = None,
    ) -> None:
        """Write one line, cut with an ellipsis where it needs more than ``room``."""
        font = _font(size, weight)
        line = _plain(text)
        if room is not None and font.getlength(line) > room * _SCALE:
            while line and font.getlength(line + "…") > room * _SCALE:
                line = line[:-1]
            line = line.rstrip() + "…" if line else ""
        self._draw.text((at[0] * _SCALE, at[1] * _SCALE), line, fill, font, anchor=anchor)

    def width_of(self, text: str, size: int, weight: str = "Regular") -> float:
        return _font(size, weight).getlength(_plain(text)) / _SCALE

    def line(self, start: tuple[float, float], end: tuple[float, float], fill: str) -> None:
        points = [(start[0] * _SCALE, start[1] * _SCALE), (end[0] * _SCALE, end[1] * _SCALE)]
        self._draw.line(points, fill, _SCALE)

    def box(self, area: tuple[float, float, float, float], fill: str) -> None:
        self._draw.rectangle(tuple(v * _SCALE for v in area), fill)

    def block(self, area: tuple[float, float, float, float], look: _Look) -> None:
        """Draw a rounded box with its hatch inside and its edge on top."""
        x0, y0, x1, y1 = (round(v * _SCALE) for v in area)
        width, height = x1 - x0, y1 - y0
        if width <= 0 or height <= 0:
            return
        tile = Image.new("RGB", (width, height), look.fill)
        pen = ImageDraw.Draw(tile)
        if look.hatch:
            for offset in range(-height, width, 12 * _SCALE):
                pen.line([(offset, height), (offset + height, 0)], look.hatch, 3 * _SCALE)
        mask = Image.new("L", (width, height), 0)
        radius = min(6 * _SCALE, width // 2, height // 2)
        whole = (0, 0, width - 1, height - 1)
        ImageDraw.Draw(mask).rounded_rectangle(whole, radius, 255)
        pen.rounded_rectangle(whole, radius, outline=look.edge, width=2 * _SCALE)
        self._image.paste(tile, (x0, y0), mask)

    def png(self) -> bytes:
        """Return the finished picture."""
        out = BytesIO()
        self._image.resize(self._size, Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


@lru_cache(maxsize=32)
def week_png(week: Week) -> bytes:
    """Draw the week: a column per day, hours downwards, a legend below."""
    canvas = _Canvas(WIDTH, HEIGHT)
    first, last = _shown_hours(week)
    canvas.text((_LEFT - 48, 26), week.title, 40, weight="Semibold", room=WIDTH - 72)
    canvas.text((_LEFT - 48, 78), week.subtitle, 25, fill=_SOFT, room=WIDTH - 72)
    scale = (HEIGHT - _TOP - _BOTTOM) / (last - first)
    column = (WIDTH - _LEFT - _RIGHT) / max(len(week.days), 1)
    for index, day in enumerate(week.days):
        _draw_ground(canvas, day, _LEFT + index * column, column)
    _draw_hours(canvas, week, first, last, scale)
    for index, day in enumerate(week.days):
        left = _LEFT + index * column + _COLUMN_GAP / 2
        for block in day.blocks:
            area = (
                left + 2,
                _TOP + (max(block.start, first) - first) * scale + 1,
                left + column - _COLUMN_GAP - 2,
                _TOP + (min(block.end, last) - first) * scale - 1,
            )
            _draw_block(canvas, area, block, week.letter(block.kind))
    _draw_legend(canvas, week)
    return canvas.png()


def _shown_hours(week: Week) -> tuple[int, int]:
    """Return the first and last minute drawn: whole hours around everything, eight at least."""
    # A day off would stretch the grid over the whole night; it is cut to what the others need.
    blocks = [b for day in week.days for b in day.blocks if b.kind is not BlockKind.OFF]
    starts, ends = [b.start for b in blocks], [b.end for b in blocks]
    first = min(starts, default=9 * _HOUR) // _HOUR * _HOUR
    last = -(-max(ends, default=17 * _HOUR) // _HOUR) * _HOUR
    while last - first < _LEAST_HOURS * _HOUR:
        first, last = max(0, first - _HOUR), min(_DAY, last + _HOUR)
    return first, last


def _draw_ground(canvas: _Canvas, day: Day, left: float, column: float) -> None:
    middle = left + column / 2
    box = (left + _COLUMN_GAP / 2, _TOP, left + column - _COLUMN_GAP / 2, HEIGHT - _BOTTOM)
    if day.marked:
        canvas.box((box[0], _TOP - 46, box[2], box[3]), _TODAY)
    elif not day.blocks:
        canvas.box(box, _CLOSED)
    weight = "Semibold"
    canvas.text((middle, _TOP - 24), day.title, 25, weight=weight, anchor="mm", room=column - 6)
    if not day.blocks and day.note:
        canvas.text((middle, _TOP + 26), day.note, 22, fill=_SOFT, anchor="mm", room=column - 12)


def _draw_hours(canvas: _Canvas, week: Week, first: int, last: int, scale: float) -> None:
    step = _HOUR if last - first <= 14 * _HOUR else 2 * _HOUR
    for minute in range(first, last + 1, step):
        y = _TOP + (minute - first) * scale
        canvas.line((_LEFT, y), (WIDTH - _RIGHT, y), _LINE)
        canvas.text((_LEFT - 10, y), week.hours[minute // _HOUR], 20, fill=_SOFT, anchor="rm")


def _draw_block(
    canvas: _Canvas, area: tuple[float, float, float, float], block: Block, letter: str
) -> None:
    look = _LOOKS[block.kind]
    canvas.block(area, look)
    width, height = area[2] - area[0], area[3] - area[1]
    size = 20 if height >= 24 else 15
    if height < 15:
        return
    middle = area[1] + height / 2
    two_lines = bool(block.detail) and height >= 54
    words = " ".join(filter(None, [letter, block.label]))
    first = middle - 12 if two_lines else middle
    _legible(canvas, (area[0] + 8, first), words, size, look, width - 14)
    if two_lines:
        _legible(canvas, (area[0] + 8, middle + 13), block.detail, 18, look, width - 14)


def _legible(
    canvas: _Canvas, at: tuple[float, float], words: str, size: int, look: _Look, room: float
) -> None:
    """Write on a block; on a hatch, over a plate of the block's own ground."""
    if look.hatch and words:
        wide = min(canvas.width_of(words, size), room)
        half = size * 0.55
        canvas.box((at[0] - 3, at[1] - half, at[0] + wide + 3, at[1] + half), look.fill)
    canvas.text(at, words, size, fill=look.text, weight="Semibold", anchor="lm", room=room)


def _draw_legend(canvas: _Canvas, week: Week) -> None:
    x, y = float(_LEFT), HEIGHT - _BOTTOM / 2 + 4
    for kind, letter, name in week.legend:
        look = _LOOKS[kind]
        canvas.block((x, y - 15, x + 34, y + 15), look)
        _legible(canvas, (x + 11, y), letter, 18, look, 20)
        canvas.text((x + 44, y), name, 21, fill=_INK, anchor="lm")
        x += 44 + canvas.width_of(name, 21) + 34


@lru_cache(maxsize=32)
def qr_png(address: str, title: str, note: str) -> bytes:
    """Draw a card to print or show: the title, the address as a QR code, the address in letters.

    Error correction M and a quiet zone of four modules, so that phones read it off a screen.
    """
    side, width = 560, 720
    canvas = _Canvas(width, 840)
    canvas.text((width / 2, 58), title, 40, weight="Semibold", anchor="mm", room=width - 60)
    matrix = tuple(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    module = side // len(matrix)  # whole pixels: a blurred edge is harder to read
    left, top = (width - module * len(matrix)) // 2, 96
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                x, y = left + column * module, top + row * module
                # One pixel of the enlarged drawing short: Pillow counts the last one in.
                end = 1 / _SCALE
                canvas.box((x, y, x + module - end, y + module - end), "#000000")
    canvas.text((width / 2, 700), note, 26, fill=_SOFT, anchor="mm", room=width - 60)
    shown = address.removeprefix("https://")
    size = 28 if canvas.width_of(shown, 28) <= width - 60 else 20
    canvas.text((width / 2, 752), shown, size, weight="Semibold", anchor="mm", room=width - 40)
    return canvas.png()
