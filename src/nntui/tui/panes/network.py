"""The network, drawn: layers from left to right, edges that say the sign and the size of their weight, or gradient.

An edge is solid where its weight is positive and dashed where it is negative; a strong one is thick. The edge that the
line about to run works on stands out with an arrow head; the parameter that is pointed at carries its value on a tag.
"""

from __future__ import annotations

import math
from functools import lru_cache

from rich.style import Style

from nntui import messages as m
from nntui.tui.look import Look, blend
from nntui.tui.panes.braille import HEAVY, SPARSE, THICK, THIN, Canvas
from nntui.tui.panes.levels import HALF, level_of, shades_of
from nntui.tui.panes.network_labels import Labeller, along, short, slight, write
from nntui.tui.panes.network_plan import Plan, Spot, plan
from nntui.tui.panes.network_scene import Scene, onward, parameters, walk
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.rows import Row

NEAR = 7.0  # dots: how far from an edge a click still means it
FAINTNESS = (0.35, 0.6, 0.9, 1.0)  # of the colour of an edge, by the weight of its line

__all__ = ["NetworkPane", "short", "walk"]


class Pens:
    """The styles of one look."""

    def __init__(self, look: Look) -> None:
        ink, colours = look.ink, look.colours
        self.edges: dict[int, Style] = {0: ink.muted}
        for sign, colour, plain in ((1, colours.plus, ink.plus), (-1, colours.minus, ink.minus)):
            for number, share in enumerate(FAINTNESS, 1):
                faint = blend(colours.ground, colour, max(share, 0.7 if colours.thick else 0.0))
                self.edges[sign * number] = ink.of(faint, bold=number == 4) if look.depth >= 256 else plain
        thin, thick = (THICK, HEAVY) if colours.thick else (THIN, THICK)
        self.weights = {0: SPARSE, 1: SPARSE, 2: THIN, 3: thin, 4: thick}


@lru_cache(maxsize=8)
def pens(look: Look) -> Pens:
    """The styles of a look, kept."""
    return Pens(look)


# ---------------------------------------------------------------- the pane


class NetworkPane(Pane):
    """Draws the network, and lets one point at any weight or bias of it."""

    kind = "network"
    needs = "diagram"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._wires: tuple[object, Canvas] | None = None
        self._scene: Scene | None = None
        self._plan: Plan | None = None
        self._untold = ""  # the value pointed at, where there was no room for it at its place
        self._clicked = ""  # what the neuron or input that was clicked says, until something else is pointed at

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; with another parameter pointed at, or another network, what was clicked is at hand no more."""
        if isinstance(view, m.DiagramView) and not self._goes_on(view):
            self._clicked = ""
        super().show(view, status)

    def _goes_on(self, view: m.DiagramView) -> bool:
        old, bias = self.view, self._clicked.replace("outputs", "biases")
        if not isinstance(old, m.DiagramView) or view.pointed not in (old.pointed, bias):
            return False
        return [layer.size for layer in view.layers] == [layer.size for layer in old.layers]

    def title(self) -> str:
        """Its sizes and what it looks at."""
        view = self.view
        if not isinstance(view, m.DiagramView):
            return self.kind
        dot = f" {self.look.shapes.dot} "
        sizes = "-".join(str(layer.size) for layer in view.layers)
        room = self.size.width - 4
        sample = "" if view.sample == "typed input" else view.sample  # its numbers stand at the inputs
        gradient = view.drawn == "gradient"
        whole, brief = (f"gradient {sizes}", "gradient") if gradient else (f"network {sizes}", sizes)
        for parts in ((whole, self._untold, sample), (brief, self._untold), (self._untold or brief,)):
            title = dot.join(part for part in parts if part)
            if len(title) <= room:
                break
        return title

    def draw(self, width: int, height: int) -> list[Row]:
        """The network in so many cells."""
        scene = self._scene = Scene(self.view, width, height)
        laid = self._plan = plan(width, height, scene.forms, self._target is not None)
        canvas = self._edges(scene, laid, width, height)
        self._marks(canvas, scene, laid)
        for layer, spots in enumerate(laid.layers):
            for index, spot in enumerate(spots):
                self._neuron(canvas, scene, layer, index, spot)
        labels = list(Labeller(scene, laid, self.look, self._target).labels())
        told = [label for label, there in zip(labels, write(canvas, labels), strict=True) if there]
        self._untold = "" if any(label.pointed for label in told) else self._point(canvas, scene, laid)
        return canvas.rows(self.ink.text)

    @property
    def _target(self) -> tuple[float, ...] | None:
        """What should come out, once the lesson has come to speak of that."""
        target: tuple[float, ...] | None = self.view.target if self.knows_loss else None
        return target

    def _edges(self, scene: Scene, laid: Plan, width: int, height: int) -> Canvas:
        """The edges, drawn anew only when one of them would look different."""
        key = (width, height, scene.forms, scene.edges, self.look)
        if self._wires is None or self._wires[0] != key:
            canvas, pen = Canvas(width, height, self.look.shapes.unicode), pens(self.look)
            for layer, index, source, strength in sorted(scene.edges, key=lambda each: abs(each[3])):
                weight = pen.weights[abs(int(strength))]
                canvas.line(*laid.edge(layer, index, source), pen.edges[int(strength)], strength < 0, weight=weight)
            self._wires = (key, canvas)
        return self._wires[1].copy()

    def _neuron(self, canvas: Canvas, scene: Scene, layer: int, index: int, spot: Spot) -> None:
        """A neuron: its glyph, and its map."""
        look, ink, neuron = self.look, self.ink, scene.neuron(layer, index)
        if spot.map_width and neuron.map:
            self._map(canvas, spot, neuron.map)
        lit = (layer, index) in (scene.lit_at, scene.source_at)
        chosen = (layer, index) == scene.bias_at or self._clicked == scene.said_by(layer, index)
        style = ink.selected if chosen else ink.accent if lit else ink.text
        canvas.mark(spot.x, spot.y, look.shapes.neuron_lit if lit else look.shapes.neuron, style)

    def _map(self, canvas: Canvas, spot: Spot, rows: tuple[tuple[float, ...], ...]) -> None:
        """What the neuron responds to, scaled to the cells that it has."""
        tall, wide, cell = 2 * spot.map_height, spot.map_width, shades_of(self.look).cell
        picked = [rows[(2 * y + 1) * len(rows) // (2 * tall)] for y in range(tall)]
        for y in range(spot.map_height):
            upper, lower = picked[2 * y], picked[2 * y + 1]
            for x in range(wide):
                at, below = (2 * x + 1) * len(upper) // (2 * wide), (2 * x + 1) * len(lower) // (2 * wide)
                glyph, style = cell(*(level_of(v, 0.0, HALF) for v in (_item(upper, at), _item(lower, below))))
                canvas.mark(spot.x + 1 + x, spot.map_row + y, glyph, style)

    # ------------------------------------------------------------ what is marked

    def _marks(self, canvas: Canvas, scene: Scene, laid: Plan) -> None:
        """The edge pointed at, and the one in use, which has an arrow head."""
        for edge, style in ((scene.pointed_at, self.ink.strong), (scene.edge_at, self.ink.accent)):
            if edge is not None and laid.gap >= 2:
                dotted = scene.drawn(*edge) < 0
                canvas.line(*laid.edge(*edge), style, dotted, weight=pens(self.look).weights[4], over=True)
        if scene.edge_at is not None and laid.gap >= 2:
            end = laid.layers[scene.edge_at[0]][scene.edge_at[1]]
            canvas.mark(end.x - 1, end.y, self.look.shapes.about_to_run, self.ink.accent)

    def _point(self, canvas: Canvas, scene: Scene, laid: Plan) -> str:
        """What the title says of the value pointed at where there was no room for it at its place."""
        value = scene.pointed_value
        if value is None:
            return ""
        if scene.pointed_at is not None:
            mark = "◆" if self.look.shapes.unicode else "#"
            places = along(laid.edge(*scene.pointed_at))
            any(canvas.mark(place.column, place.row, mark, self.ink.selected) for place in places)
        said = slight(value, self.look) if scene.gradient else short(value, self.look, True)
        return f"{self.view.pointed} {said}"

    # ------------------------------------------------------------ pointing

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """The bias of a neuron, or the weight of the nearest edge; what a neuron or an input says is then at hand."""
        scene, laid = self._scene, self._plan
        if scene is None or laid is None:
            return None
        self._clicked = ""
        for layer, spots in enumerate(laid.layers):
            for index, spot in enumerate(spots):
                if spot.holds(x, y):
                    self._clicked = scene.said_by(layer, index)
                    self.redraw()
                    return m.Point(scene.address(layer, index)) if not self._clicked.startswith("inputs") else None
        best: tuple[float, tuple[int, int, int]] | None = None
        for layer, index, source, _ in scene.edges:
            far = distance(2 * x + 0.5, 4 * y + 1.5, *laid.edge(layer, index, source))
            tag = laid.tags[layer].get((index, source))
            if tag is not None and tag.row == y and abs(tag.column - x) <= 3:
                far = -1.0
            if far <= NEAR and (best is None or far < best[0]):
                best = far, (layer, index, source)
        return m.Point(scene.address(*best[1])) if best else None

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down walk through a layer, bias before weights; left and right follow the edges."""
        if not isinstance(self.view, m.DiagramView):
            return None
        self._clicked = ""
        layers = parameters(self.view)
        here = next((at for at, names in enumerate(layers) if self.view.pointed in names), None)
        if here is None:
            return m.Point(next(names[0] for names in layers if names)) if any(layers) else DONE
        names, found = layers[here], layers[here].index(self.view.pointed)
        if direction in ("up", "down"):
            at = found + (1 if direction == "down" else -1)
            return m.Point(names[at]) if 0 <= at < len(names) else DONE
        there = here + (1 if direction == "right" else -1)
        if not 0 <= there < len(layers) or not layers[there]:
            return DONE
        return m.Point(onward(self.view.pointed, layers[there], direction))

    def number_at_hand(self) -> str:
        """What was clicked says, else the parameter pointed at, else what comes out."""
        return self._clicked or (self.view.pointed if isinstance(self.view, m.DiagramView) else "") or "output"

    def value_at_hand(self) -> str:
        """The exact value of the parameter pointed at."""
        if self._scene is None:
            return ""
        edge, pointed = self._scene.find_edge(self._scene.pointed), self._scene.pointed
        if edge is not None:
            return repr(self._scene.weight(*edge))
        found = self._scene.find(pointed.layer, pointed.neuron) if pointed else None
        return repr(self._scene.neuron(*found).bias) if found else ""


def _item(row: tuple[float, ...], at: int) -> float:
    return row[at] if at < len(row) else 0.0


def distance(x: float, y: float, x0: int, y0: int, x1: int, y1: int) -> float:
    """How far a point is from a line between two others."""
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
    return math.hypot(x - x0 - share * dx, y - y0 - share * dy)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(NetworkPane())
