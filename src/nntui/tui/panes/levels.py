"""Values as levels, and levels as half blocks or glyphs: what maps and images are drawn with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from rich.color import Color
from rich.style import Style

from nntui.tui.look import MAP_LEVELS, Look
from nntui.tui.rows import Piece

HALF = MAP_LEVELS // 2
BOUNDARY, NOTHING = MAP_LEVELS, MAP_LEVELS + 1  # what is no level: the line between the classes; no number

Levels = list[list[int]]

# The level of a distance from the middle, rounded up; where it is below the middle, counted from the end.
_BY_DISTANCE = (*range(HALF - 1, MAP_LEVELS), *(MAP_LEVELS - 1, 0, 0), *range(HALF - 1))


class Shades:
    """The cells of maps and images in one look: half blocks, their styles made when first needed, or glyphs."""

    def __init__(self, look: Look) -> None:
        self.look = look
        c = look.colours
        self._colours = (*look.ramp, c.ground if c.dark else c.text, c.ground)
        self._glyphs = level_glyphs(look)
        self._inks = [look.ink.minus] * HALF + [look.ink.plus] * HALF + [look.ink.muted] * 2
        self._pairs: dict[int, Style] = {}
        self._over: dict[int, Style] = {}

    def cell(self, upper: int, lower: int) -> Piece:
        """Two levels of a map in one cell; where there are no shades a glyph for the upper one."""
        if not self.look.shades:
            return self._glyphs[upper], self._inks[upper]
        return " " if upper == lower else self.look.shapes.half, self.pair(upper, lower)

    def pair(self, upper: int, lower: int) -> Style:
        """One level above another in a cell."""
        key = upper * (NOTHING + 1) + lower
        style = self._pairs.get(key)
        if style is None:
            style = self._pairs[key] = Style(color=self._colours[upper], bgcolor=self._colours[lower])
        return style

    def over(self, level: int) -> Style:
        """Something written on a level, black or white."""
        style = self._over.get(level)
        if style is None:
            ground = self._colours[level]
            red, green, blue = Color.parse(ground).get_truecolor()
            ink = "#000000" if 0.3 * red + 0.59 * green + 0.11 * blue > 120 else "#ffffff"
            style = self._over[level] = Style(color=ink, bgcolor=ground, bold=True)
        return style


@lru_cache(maxsize=8)
def shades_of(look: Look) -> Shades:
    """The shades of a look, kept."""
    return Shades(look)


def share(value: float, low: float, high: float) -> float | None:
    """Where a value lies between two, 0 to 1; None where it does not."""
    if not (low < high and low <= value <= high and math.isfinite(low) and math.isfinite(high)):
        return None
    return (value / 2 - low / 2) / (high / 2 - low / 2)


def sampled(rows: Sequence[Sequence[float]], width: int, height: int) -> list[Sequence[float]]:
    """The values nearest to so many cells, the first and the last of them at the edges."""
    if not rows or not all(rows):
        return []
    lines = [rows[round(i * (len(rows) - 1) / max(1, height - 1))] for i in range(height)]
    return [
        line if len(line) == width else [line[round(i * (len(line) - 1) / max(1, width - 1))] for i in range(width)]
        for line in lines
    ]  # fmt: skip


def shown(image: Sequence[Sequence[float]], width: int, height: int) -> list[list[float]]:
    """An image's pixels, each as large as the next."""
    lines = [image[i * len(image) // height] for i in range(height)]
    return [[line[i * len(line) // width] if line else math.nan for i in range(width)] for line in lines]


def levels_of(rows: Sequence[Sequence[float]], threshold: float) -> Levels:
    """Levels, the threshold in their middle; the farthest value from it at an end."""
    farthest = max((abs(v - threshold) for row in rows for v in row if math.isfinite(v)), default=0.0)
    by = HALF / farthest if farthest > 0 and math.isfinite(HALF / farthest) else 1.0
    return [_levels(row, threshold, by) for row in rows]


def _levels(row: Sequence[float], threshold: float, by: float) -> list[int]:
    """The levels of one row; quickly where all of them are numbers."""
    try:
        return [_BY_DISTANCE[math.ceil((value - threshold) * by)] for value in row]
    except (ValueError, OverflowError, IndexError):
        return [level_of(value, threshold, by) for value in row]


def level_of(value: float, threshold: float, by: float) -> int:
    """The level of one value: the lower half is at or below the threshold."""
    distance = (value - threshold) * by
    if distance > 0:
        return HALF + int(min(distance, HALF - 1))
    return HALF - 1 - int(min(-distance, HALF - 1)) if distance <= 0 else NOTHING


def brightness(value: float, low: float, high: float) -> int:
    """The level of a pixel."""
    part = share(min(high, max(low, value)), low, high)
    return min(MAP_LEVELS - 1, int(part * MAP_LEVELS)) if part is not None and value == value else NOTHING


def with_boundary(levels: Levels) -> Levels:
    """The levels with a line where the classes meet, on the lower side."""
    last, wide = len(levels) - 1, len(levels[0]) - 1
    out = [row.copy() for row in levels]
    for y, row in enumerate(levels):
        above, below = levels[max(0, y - 1)], levels[min(last, y + 1)]
        for x, level in enumerate(row):
            if level < HALF and (
                HALF <= row[x - (x > 0)] < BOUNDARY or HALF <= row[x + (x < wide)] < BOUNDARY
                or HALF <= above[x] < BOUNDARY or HALF <= below[x] < BOUNDARY
            ):  # fmt: skip
                out[y][x] = BOUNDARY
    return out


def level_glyphs(look: Look) -> str:
    """A glyph for each level, where there are no shades: little ink at or below the threshold, much above it."""
    ink = look.shapes.levels.replace("+", "=")  # "+" is a sample
    below, above = ink[:2], ink[3:]
    return "".join(
        below[level * len(below) // HALF] if level < HALF else above[(level - HALF) * len(above) // HALF]
        for level in range(MAP_LEVELS)
    ) + " ?"  # fmt: skip


def image_glyphs(look: Look) -> str:
    """A glyph for each level of an image."""
    ink = look.shapes.levels
    return "".join(ink[level * len(ink) // MAP_LEVELS] for level in range(MAP_LEVELS)) + "  "
