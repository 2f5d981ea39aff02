"""The texts of the network: numbers, names, tags. The most important are written first, and none over another.

Whatever finds its place taken is moved to one nearby or left out: part of a number would be another number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.style import Style

from nntui.tui.look import Look
from nntui.tui.panes.braille import Canvas
from nntui.tui.panes.network_plan import Line, Plan, Spot, Text
from nntui.tui.panes.network_scene import Scene

SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)  # of an edge: where its weight can stand
SHIFTS = (0, 1, -1, 2, -2)  # columns: how far a number can be moved and still be told whose it is


@dataclass(frozen=True, slots=True)
class Label:
    """A text with the places where it can stand, the best first, and a glyph of its own that it may touch."""

    text: str
    style: Style
    places: tuple[Text, ...]
    touching: tuple[int, int] | None = None
    pointed: bool = False  # whether it tells the value pointed at


def short(value: float, look: Look, signed: bool = False) -> str:
    """A number in at most five or six columns."""
    size = abs(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        text = "∞" if look.shapes.unicode else "inf"
    elif size < 9.995:
        text = f"{size:.2f}"
    elif size < 9999.5:
        text = f"{size:.1f}" if size < 99.95 else f"{size:.0f}"
    else:
        text = f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
    if value < 0 and (signed or text.strip("0.")):
        return look.shapes.minus + text
    return "+" + text if signed and value else text


def slight(value: float, look: Look) -> str:
    """A gradient with its sign in two digits that count, for many are small."""
    if not math.isfinite(value) or abs(value) >= 0.995:
        return short(value, look, True)
    text = f"{abs(value):.2g}".replace("e-0", "e-").replace("e-", f"e{look.shapes.minus}")
    return ("+" if value > 0 else look.shapes.minus if value < 0 else "") + text


def wanted_of(target: tuple[float, ...] | None, neuron: int) -> float | None:
    """What an output should be; of classes, only that of the right one is worth saying."""
    if target is None or neuron >= len(target):
        return None
    classes = len(target) > 2 and sorted(target)[-2:] == [0.0, 1.0]
    return None if classes and target[neuron] != 1.0 else target[neuron]


class Labeller:
    """Says which texts a scene has, the most important first."""

    def __init__(self, scene: Scene, laid: Plan, look: Look, target: tuple[float, ...] | None) -> None:
        self.scene = scene
        self.laid = laid
        self.look = look
        self.ink = look.ink
        self.target = target

    def said(self, value: float) -> str:
        """A weight, a bias, or the gradient by one."""
        return slight(value, self.look) if self.scene.gradient else short(value, self.look, True)

    def labels(self) -> Iterator[Label]:
        """What is pointed at and in use, what comes out, what comes in, what lies between, and what is said of it."""
        last = len(self.laid.layers) - 1
        yield from self._tags()
        for layer in dict.fromkeys((last, 0, *range(1, last))) if last >= 0 else ():
            for index, spot in enumerate(self.laid.layers[layer]):
                yield from self._values(layer, index, spot)
        for layer, spots in enumerate(self.laid.layers):
            for index, spot in enumerate(spots):
                yield from self._bias(layer, index, spot)
        yield from self._names()
        yield from self._weights()

    def _tags(self) -> Iterator[Label]:
        """The values pointed at and in use."""
        scene, laid = self.scene, self.laid
        if scene.bias_at is not None and scene.pointed_value is not None:
            place = laid.layers[scene.bias_at[0]][scene.bias_at[1]].bias
            text = self._bracketed(f"bias {self.said(scene.pointed_value)}")
            yield from [Label(text, self.ink.selected, around(place), pointed=True)] if place is not None else ()
        marked = {scene.edge_at: self.ink.lit} | {scene.pointed_at: self.ink.selected}
        for edge, style in reversed(marked.items()):
            if edge is not None and (tag := laid.tag(*edge)) is not None:
                text = self._bracketed(self.said(scene.drawn(*edge)))
                yield Label(text, style, along(laid.edge(*edge), tag), pointed=edge == scene.pointed_at)

    def _values(self, layer: int, index: int, spot: Spot) -> Iterator[Label]:
        """What a neuron answers, and what it should."""
        scene, neuron, place = self.scene, self.scene.neuron(layer, index), (layer, index)
        if spot.value is not None:
            # the output of a neuron whose sum grows is not at hand yet
            works = place == scene.source_at or (place == scene.lit_at and scene.edge is None)
            style = self.ink.lit if works else self.ink.text
            yield Label(short(neuron.value, self.look), style, around(spot.value), (spot.x, spot.y))
        wanted = wanted_of(self.target, neuron.neuron)
        if spot.target is not None and wanted is not None:
            text = f"target {wanted:g}".replace("-", self.look.shapes.minus)
            yield Label(text, self.ink.muted, around(spot.target))

    def _bias(self, layer: int, index: int, spot: Spot) -> Iterator[Label]:
        """What a neuron adds; where it is pointed at it has been said."""
        bias = self.scene.drawn_bias(layer, index)
        if spot.bias is not None and bias is not None and (layer, index) != self.scene.bias_at:
            yield Label(f"bias {self.said(bias)}", self.ink.signed(bias), around(spot.bias))

    def _names(self) -> Iterator[Label]:
        """What the code calls the layers, and how much of them is left out."""
        scene, laid, ink = self.scene, self.laid, self.ink
        for number, where in enumerate(laid.heads, scene.first):
            yield Label(f"layer {number - 1}" if number else "inputs", ink.muted, around(where))
        for layer in scene.strongest if laid.heads else ():
            text, end = "strongest", laid.layers[layer][0].x
            if laid.gap >= len(text) + 9:
                yield Label(text, ink.muted, (Text(int(end - laid.gap / 2), 0),))
        for layer, below in enumerate(laid.more):
            left_out = scene.view.layers[layer + scene.first].size - len(laid.layers[layer])
            if below is not None and left_out:
                text = f"{self.look.shapes.ellipsis} +{left_out:,} more"
                yield Label(text if laid.gap > len(text) else f"+{left_out:,}", ink.muted, around(below))

    def _weights(self) -> Iterator[Label]:
        """The weights where all of them are written."""
        told = (self.scene.pointed_at, self.scene.edge_at)
        for layer, tags in enumerate(self.laid.tags):
            for (index, source), where in tags.items():
                if (layer, index, source) not in told:
                    value = self.scene.drawn(layer, index, source)
                    yield Label(f" {self.said(value)} ", self.ink.signed(value), (where,))

    def _bracketed(self, text: str) -> str:
        """A tag; where its ground cannot be seen, brackets say that it is one."""
        return f" {text} " if self.look.depth else f"[{text}]"


# ---------------------------------------------------------------- places


def around(place: Text) -> tuple[Text, ...]:
    """A place, and those beside it."""
    return tuple(Text(place.column + shift, place.row, place.side) for shift in SHIFTS)


def along(line: Line, first: Text | None = None) -> tuple[Text, ...]:
    """The places along an edge, from its middle outwards; before them one that was worked out."""
    x0, y0, x1, y1 = line
    shared = tuple(Text(int(x0 + (x1 - x0) * s) // 2, int(y0 + (y1 - y0) * s) // 4) for s in SHARES)
    return shared if first is None else (first, *shared)


def write(canvas: Canvas, labels: Sequence[Label]) -> list[bool]:
    """Write the labels, each rather where none of those after it wants to be; says which of them stand there now."""
    wishes = [_cells(canvas, label, label.places[0]) for label in labels]
    owners = {cell: number for number, cells in enumerate(wishes) for cell in cells}
    return [_write_one(canvas, label, number, owners) for number, label in enumerate(labels)]


def _write_one(canvas: Canvas, label: Label, number: int, owners: dict[tuple[int, int], int]) -> bool:
    free = [p for p in label.places if canvas.free(_start(canvas, label, p), p.row, label.text, label.touching)]
    clear = (p for p in free if all(owners.get(cell, 0) <= number for cell in _cells(canvas, label, p)))
    for place in (*clear, *free):
        return canvas.text(_start(canvas, label, place), place.row, label.text, label.style, label.touching)
    return False


def _start(canvas: Canvas, label: Label, place: Text) -> int:
    size = len(label.text)
    return max(0, min(place.start(size), canvas.width - size))


def _cells(canvas: Canvas, label: Label, place: Text) -> Iterable[tuple[int, int]]:
    start = _start(canvas, label, place)
    return [(column, place.row) for column in range(start - 1, start + len(label.text) + 1)]
