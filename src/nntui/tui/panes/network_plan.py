"""Where a network's neurons stand in so many cells, and where the edges between them run.

Nothing here knows weights or colours: a plan depends on how many neurons there are and on the room, and is kept as long
as these stay the same. Columns and rows are cells; edges run between dots (see `braille`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

VALUE = 6  # columns that a number takes, with the space beside it
TARGET = 10  # columns of the output and "target -1"
TAG = 7  # columns of a weight written on its edge, with a space on each side
TALLEST_MAP = 9
WIDEST_GAP = 38  # an edge that is longer leads the eye nowhere
FEW_EDGES = 9  # a network of no more has all its weights and biases written where they are

Line = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Form:
    """What the layout needs to know of a layer."""

    count: int  # neurons drawn
    more: bool  # whether some are left out, which takes a row to say
    shape: float = 0.0  # of its maps: width by height; 0: none


@dataclass(frozen=True, slots=True)
class Text:
    """Where a text stands: it begins at the column (-1), ends there (1), or has it in its middle (0)."""

    column: int
    row: int
    side: int = 0

    def start(self, length: int) -> int:
        """The column of its first character."""
        return self.column - (length - 1 if self.side > 0 else 0 if self.side < 0 else length // 2)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a neuron stands: its glyph, its map, its numbers, and where its edges leave."""

    x: int
    y: int
    leave: int
    map_row: int = 0
    map_width: int = 0
    map_height: int = 0
    value: Text | None = None
    target: Text | None = None
    bias: Text | None = None

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell belongs to its glyph or map."""
        if self.map_width and self.x <= x <= self.x + self.map_width:
            return self.map_row <= y < self.map_row + self.map_height
        return abs(x - self.x) <= 1 and y == self.y


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole network, laid out."""

    layers: tuple[tuple[Spot, ...], ...]
    gap: float
    heads: tuple[Text, ...]  # where the layers' names stand; empty where there is no room
    more: tuple[Text | None, ...]  # where it says how many neurons are left out
    tags: tuple[dict[tuple[int, int], Text], ...]  # by layer, neuron and source: where all weights are written

    def edge(self, layer: int, neuron: int, source: int) -> Line:
        """The dots between which an edge into a layer runs."""
        start, end = self.layers[layer - 1][source], self.layers[layer][neuron]
        return 2 * start.leave, 4 * start.y + 1, 2 * end.x - 1, 4 * end.y + 1

    def tag(self, layer: int, neuron: int, source: int) -> Text | None:
        """Where the weight of an edge can be written; None where there is no room for it."""
        tag = self.tags[layer].get((neuron, source))
        return tag or (_middle(self.edge(layer, neuron, source)) if self.gap > TAG else None)


@dataclass(frozen=True, slots=True)
class Dress:
    """How much is shown of each neuron, and the least room that the edges must then have."""

    gap: int
    map_height: int = 0
    values: bool = False
    left: int = 0
    right: int = 0


def dresses(height: int, target: bool, few: bool) -> Iterator[Dress]:
    """From the richest to the barest; where there are few edges, their numbers are worth more than large maps."""
    answer = TARGET if target else VALUE
    for rows in range(min(TALLEST_MAP, height - 2), 2, -1) if few else ():
        yield Dress(2 * TAG + 4, rows, True, VALUE, answer)
    if few:
        yield Dress(2 * TAG + 2, 0, True, VALUE, answer)
    for rows in range(min(TALLEST_MAP, height - 1), 1, -1):
        yield Dress(9, rows, True, VALUE, answer)
    yield Dress(7, 0, True, VALUE, answer)
    yield Dress(6, 0, False, VALUE, answer)
    yield Dress(4, 0, False, VALUE, VALUE + 1 if target else VALUE)
    yield Dress(3, 0, False, 0, VALUE)
    yield Dress(1)


@lru_cache(maxsize=64)
def plan(width: int, height: int, forms: tuple[Form, ...], target: bool) -> Plan:
    """Lay a network out in so many cells."""
    top = 1 if height >= 12 and width >= 12 * len(forms) else 0
    blocks = [max(1.0, (height - top - form.more) / max(1, form.count)) for form in forms]
    tallest = int(min((block for block, form in zip(blocks, forms, strict=True) if form.shape), default=0))
    dress, gap = Dress(0), 0.0
    for dress in dresses(tallest, target, _few(forms)):
        boxes = sum(_box(dress, blocks, forms, layer) for layer in range(len(forms)))
        gap = (width - boxes) / max(1, len(forms) - 1)
        if gap >= dress.gap:
            break
    gap = min(max(gap, 0.0), WIDEST_GAP)
    layers, at = [], 0.0
    wide = sum(_box(dress, blocks, forms, layer) for layer in range(len(forms))) + gap * max(0, len(forms) - 1)
    at = max(0.0, (width - wide) / 2)
    for layer in range(len(forms)):
        layers.append(_column(dress, forms, blocks, layer, int(at), top, gap, target))
        at += _box(dress, blocks, forms, layer) + gap
    heads = tuple(Text(spots[0].x + spots[0].map_width // 2, 0) for spots in layers if spots) if top else ()
    more = tuple(
        Text(spots[0].x + spots[0].map_width // 2, height - 1) if form.more and spots else None
        for spots, form in zip(layers, forms, strict=True)
    )
    laid = Plan(tuple(layers), gap, heads, more, ())
    return replace(laid, tags=tuple(_tags(laid, layer, _few(forms)) for layer in range(len(layers))))


def _few(forms: tuple[Form, ...]) -> bool:
    return sum(before.count * after.count for before, after in pairwise(forms)) <= FEW_EDGES


def _map_width(dress: Dress, form: Form) -> int:
    """As wide as makes half blocks square."""
    return max(2, min(6 * dress.map_height, round(2 * dress.map_height * form.shape))) if form.shape else 0


def _beside(dress: Dress, blocks: list[float], layer: int) -> bool:
    """Whether there is only the row of the neuron itself for its number."""
    return dress.values and 0 < layer < len(blocks) - 1 and blocks[layer] < 2


def _box(dress: Dress, blocks: list[float], forms: tuple[Form, ...], layer: int) -> int:
    """The columns that a layer takes."""
    inside = 1 + (_map_width(dress, forms[layer]) if dress.map_height else 0)
    if _beside(dress, blocks, layer):
        inside += VALUE
    return inside + (dress.left if layer == 0 else 0) + (dress.right if layer == len(forms) - 1 else 0)


def _column(
    dress: Dress, forms: tuple[Form, ...], blocks: list[float], layer: int, left: int, top: int, gap: float,
    target: bool,
) -> tuple[Spot, ...]:  # fmt: skip
    """The neurons of a layer, one under the other."""
    room = round(blocks[layer] * forms[layer].count)
    form, block, first, last = forms[layer], blocks[layer], layer == 0, layer == len(forms) - 1
    x = left + (dress.left if first else 0)
    tall = dress.map_height if form.shape else 0
    wide = _map_width(dress, form) if tall else 0
    under = int(dress.values and not first and not last and block >= 2)
    few = not first and gap >= 2 * TAG and _few(forms)
    above = int(dress.values and few and block >= max(tall, 1) + under + 2)
    spots, body = [], max(tall, 1)
    tall_each = body + under + above
    pitch = max(1, min(math.ceil(block), int((room - tall_each) / max(1, form.count - 1))))
    begin = top + (room - tall_each - (form.count - 1) * pitch + 1) // 2 + above
    for number in range(form.count):
        start = begin + number * pitch
        y = start + (body - 1) // 2
        value: Text | None = None
        leave = x + 1 + wide
        if first and dress.left:
            value = Text(x - 2, y, 1)
        elif last and dress.right:
            value = Text(leave + 1, y, -1)
        elif under:
            value = Text(x + (wide + 1) // 2, start + body)
        elif _beside(dress, blocks, layer):
            value = Text(leave + 1, y, -1)
            leave += VALUE + 1
        fits = last and target and value is not None and (block >= 2 or dress.right >= TARGET + VALUE)
        answer = Text(leave + 1, y + 1, -1) if fits else None
        bias = Text(x + (wide + 1) // 2, start - 1) if above else None
        spots.append(Spot(x, y, leave, start, wide, tall, value, answer, bias))
    return tuple(spots)


def _tags(laid: Plan, layer: int, few: bool) -> dict[tuple[int, int], Text]:
    """Where the weights into a layer are written, if all of them can be without being mistaken."""
    pairs = [(n, s) for n in range(len(laid.layers[layer])) for s in range(len(laid.layers[layer - 1]))]
    if layer == 0 or not few or laid.gap < 2 * TAG:
        return {}
    lines = {pair: laid.edge(layer, *pair) for pair in pairs}
    tags: dict[tuple[int, int], Text] = {}
    for pair in pairs:
        place = _clear_place(pair, lines, tags.values())
        if place is None:
            return {}
        tags[pair] = place
    return tags


def _middle(line: Line, share: float = 0.5) -> Text:
    x0, y0, x1, y1 = line
    return Text(int(x0 + (x1 - x0) * share) // 2, int(y0 + (y1 - y0) * share) // 4)


def _clear_place(
    pair: tuple[int, int], lines: dict[tuple[int, int], Line], taken: Iterable[Text]
) -> Text | None:  # fmt: skip
    """The place along an edge that is farthest from all other edges; None where it could be taken for another's."""
    best, place = 2.5, None
    others = [line for other, line in lines.items() if other != pair]
    x0, _, x1, _ = lines[pair]
    for percent in range(15, 90, 5):
        text = _middle(lines[pair], percent / 100)
        ends = (2 * text.column - TAG - 1, 2 * text.column, 2 * text.column + TAG + 1)
        if ends[0] < x0 + 2 or ends[2] > x1 - 2:
            continue
        if any(text.row == tag.row and abs(text.column - tag.column) <= TAG for tag in taken):
            continue
        middle = 4 * text.row + 1.5
        clear = min((abs(_height_at(line, x) - middle) for line in others for x in ends), default=20.0)
        worth = min(clear, 12.0) - abs(percent - 50) / 50
        if clear > 2.5 and worth > best:
            best, place = worth, text
    return place


def _height_at(line: Line, x: int) -> float:
    x0, y0, x1, y1 = line
    return y0 + (y1 - y0) * (x - x0) / ((x1 - x0) or 1)
