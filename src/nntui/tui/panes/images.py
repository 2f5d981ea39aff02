"""Images in cells: one as large as there is room for, or two of the same scale, beside or below each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nntui.tui.look import Look
from nntui.tui.panes.levels import Levels, brightness, image_glyphs, levels_of, shades_of, shown
from nntui.tui.panes.plot import joined
from nntui.tui.rows import Piece, Row, shortened

Image = Sequence[Sequence[float]]

GAP = 2  # columns between two images


def halves(levels: Levels, look: Look) -> list[list[Piece]]:
    """Two levels in each cell."""
    cell = shades_of(look).cell
    return [
        [cell(a, b) for a, b in zip(upper, lower, strict=True)]
        for upper, lower in zip(levels[::2], levels[1::2], strict=True)
    ]


def ink(image: Image, width: int, height: int, look: Look) -> list[Row]:
    """An image of amounts of ink in half blocks, its pixels about square; none where there is no room."""
    fitted = _fitted(image, width, height)
    if not fitted:
        return []
    finite = [v for row in fitted for v in row if math.isfinite(v)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    levels = [[brightness(value, low, high) for value in row] for row in fitted]
    if look.shades:
        return [joined(line) for line in halves(levels, look)]
    glyphs = image_glyphs(look)
    return [[("".join(glyphs[level] for level in row), look.ink.text)] for row in levels[::2]]


def signed(image: Image, width: int, height: int, look: Look) -> list[Row]:
    """An image of numbers of either sign in the colours of maps: none in the middle."""
    fitted = _fitted(image, width, height)
    return [joined(line) for line in halves(levels_of(fitted, 0.0), look)] if fitted else []


def both(image: Image, weights: Image, name: str, width: int, height: int, look: Look) -> list[Row]:
    """An image and the weights that go with its pixels, in one scale, with their name; none where there is no room."""
    beside = scale_of(image, (width - GAP) // 2, height - 1)
    below = scale_of(image, width, (height - 2) // 2)
    if max(beside, below) < 1:
        return []
    if beside >= below:
        room = (width - GAP) // 2, height - 1
        left, right = ink(image, *room, look), signed(weights, *room, look)
        wide = _wide(left)
        rows = [[*a, (" " * GAP, look.ink.text), *b] for a, b in zip(left, right, strict=True)]
        indent = wide + GAP
    else:
        room = width, (height - 2) // 2
        rows = ink(image, *room, look)
        wide, indent = _wide(rows), 0
        rows = [*rows, [(" " * wide, look.ink.text)], *signed(weights, *room, look)]
    label = shortened(name, width - indent, look.shapes.ellipsis)
    total = max(_wide(rows), indent + len(label))
    rows = [[*row, (" " * (total - _wide([row])), look.ink.text)] for row in rows]
    return [*rows, [(" " * indent, look.ink.text), (label.ljust(total - indent), look.ink.muted)]]


def scale_of(image: Image, width: int, height: int) -> float:
    """How many columns (and half rows) a pixel gets: whole and half ones where there is room; 0 where there is none."""
    tall, wide = len(image), max((len(row) for row in image), default=0)
    if not wide or width < 4 or height < 2:
        return 0.0
    scale = min(width / wide, 2 * height / tall)
    return math.floor(scale * 2) / 2 if scale >= 1 else scale


def _fitted(image: Image, width: int, height: int) -> list[list[float]]:
    scale = scale_of(image, width, height)
    if not scale:
        return []
    columns, lines = max(1, int(len(image[0]) * scale)), max(1, int(len(image) * scale))
    return shown(image, columns, lines + lines % 2)


def _wide(rows: list[Row]) -> int:
    return sum(len(text) for text, _ in rows[0]) if rows else 0
