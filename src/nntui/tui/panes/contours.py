"""The losses of a landscape to bands, levels and lines of equal loss, and the colours of all of them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from rich.style import Style

from nntui import messages as m
from nntui.tui.look import MAP_LEVELS, Look, blend
from nntui.tui.panes.levels import NOTHING, Levels

Bands = tuple[float, ...]  # the lowest loss, those of the lines, the highest
MARKED = NOTHING + 1  # added to a level: a line of equal loss runs there


def bands_of(view: m.LandscapeView, most: int) -> Bands:
    """The lowest loss on the map, the losses of the lines, so many at most, and the highest."""
    finite = [value for row in view.rows for value in row if math.isfinite(value)]
    if not finite:
        return (0.0, 0.0)
    low, high = min(finite), max(finite)
    lines = sorted({level for level in view.levels if low < level < high})
    every = max(1, math.ceil(len(lines) / max(1, most)))
    return (low, *lines[every // 2 :: every], high)


def steps_of(bands: Bands) -> list[float]:
    """The losses from which on each level but the first begins.

    Each band between two lines has as many levels, so that what lies low can be told apart as well.
    """
    count = len(bands) - 1
    steps = []
    for level in range(1, MAP_LEVELS):
        band, part = divmod(level * count, MAP_LEVELS)
        low, high = bands[band], bands[band + 1]
        steps.append(low * (1 - part / MAP_LEVELS) + high * (part / MAP_LEVELS))
    return steps


def levels_of(rows: Sequence[Sequence[float]], steps: Sequence[float]) -> Levels:
    """The levels of losses."""
    return [[bisect_right(steps, value) if value == value else NOTHING for value in row] for row in rows]


def on_lines(rows: Sequence[Sequence[float]], lines: Sequence[float]) -> list[list[bool]]:
    """Where a line of equal loss runs: on the higher side of it."""
    bands = [[bisect_left(lines, value) for value in row] for row in rows]
    out = []
    for y, row in enumerate(bands):
        above, below = bands[max(0, y - 1)], bands[min(len(bands) - 1, y + 1)]
        left, right = [row[0], *row[:-1]], [*row[1:], row[-1]]
        out.append([band > min(beside) for band, *beside in zip(row, left, right, above, below, strict=True)])
    return out


@lru_cache(maxsize=8)
def palette(look: Look) -> tuple[str, ...]:
    """The colours of the levels, then those of a line that runs there: lighter where it is dark, darker where light."""
    c = look.colours
    plain = (*look.ramp, c.ground, c.ground)
    lines = (blend(colour, "#ffffff" if at < MAP_LEVELS // 2 else "#000000", 0.4) for at, colour in enumerate(plain))
    return (*plain, *lines)


@lru_cache(maxsize=4096)
def pair(colours: tuple[str, ...], upper: int, lower: int) -> Style:
    """One level above another in a cell."""
    return Style(color=colours[upper], bgcolor=colours[lower])
