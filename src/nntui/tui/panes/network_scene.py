"""Which part of a network is drawn, what of it is marked, and the walk from one parameter to the next."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from nntui import messages as m
from nntui.tui.panes.network_plan import Form
from nntui.tui.panes.pane import Direction

WEAK, MIDDLING, STRONG = 0.1, 0.6, 1.5  # where the weight of a line changes; of two sources, fewer weigh more
OF_LARGEST = 2.0  # what the largest of a gradient counts as
MOST_EDGES, STRONGEST = 64, 24  # drawn between two layers; of more, some of the strongest
_NAME = re.compile(r"(weights|biases|outputs|inputs)\[(\d+)\](?:\[(\d+)\])?(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Element:
    """A number of the network by its place in the diagram: a neuron of a layer, and for a weight the source too."""

    layer: int  # of the diagram: 0 is that of the inputs
    neuron: int
    source: int | None = None
    name: str = ""


def element(name: str) -> Element | None:
    """What the code calls `weights[0][1][2]`, `biases[0][1]`, `outputs[0][1]` or `inputs[1]`."""
    match = _NAME.fullmatch(name.replace(" ", ""))
    if match is None:
        return None
    kind, numbers = match[1], [int(number) for number in match.groups()[1:] if number is not None]
    if len(numbers) != {"weights": 3, "inputs": 1}.get(kind, 2):
        return None
    if kind == "inputs":
        return Element(0, numbers[0], None, kind)
    return Element(numbers[0] + 1, numbers[1], numbers[2] if kind == "weights" else None, kind)


Edge = tuple[int, int, int, float]  # layer, neuron, source, weight or weight of its line


class Scene:
    """The part of a view that there is room for: which neurons of which layers, and what is marked."""

    def __init__(self, view: m.DiagramView, width: int, height: int) -> None:
        self.view = view
        self.gradient = view.drawn == "gradient"  # whether edges say how the loss changes with their weights
        self.pointed = element(view.pointed)
        used = [found for found in map(element, view.uses) if found is not None]
        self.edge = next((found for found in used if found.name == "weights"), None)
        self.lit = self.edge or next((found for found in used if found.name in ("biases", "outputs")), None)
        self.source = next((found for found in used if found.name == "inputs"), None)
        if self.edge is not None and self.edge.source is not None:
            self.source = Element(self.edge.layer - 1, self.edge.source)
        self.wanted = {
            (layer, neuron)
            for each in (self.pointed, self.edge, self.lit, self.source)
            if each is not None
            for layer, neuron in ((each.layer, each.neuron), (each.layer - 1, each.source))
        }
        self.first = self._first_layer(max(1, (width + 1) // 3))
        self.places: list[list[int]] = []  # by layer: which of the view's neurons
        for at in range(self.first, min(len(view.layers), self.first + max(1, (width + 1) // 3))):
            self.places.append(self._room(at, max(1, height - (1 if height >= 12 else 0))))
        self.strongest: set[int] = set()  # the layers of which not all edges are drawn
        self.pointed_at, self.edge_at = self.find_edge(self.pointed), self.find_edge(self.edge)
        self.lit_at, self.source_at = self._found(self.lit), self._found(self.source)
        self.bias_at = self._found(self.pointed) if self.pointed and self.pointed.name == "biases" else None
        self.edges = [edge for layer in range(1, len(self.places)) for edge in self._edges_into(layer)]

    def _first_layer(self, most: int) -> int:
        """The layer to begin with where there are more layers than room: what is marked stands in the middle."""
        marked = self.edge or self.lit or self.pointed
        middle = marked.layer if marked is not None else 0
        return max(0, min(middle - most // 2, len(self.view.layers) - most))

    def _room(self, at: int, rows: int) -> list[int]:
        layer = self.view.layers[at]
        count = len(layer.neurons)
        most = max(1, rows - 1) if layer.size > count or count > rows else count
        if count <= most:
            return list(range(count))
        marked = [i for i, neuron in enumerate(layer.neurons) if (at, neuron.neuron) in self.wanted]
        others = [i for i in range(count) if i not in marked]
        return sorted((marked + others)[:most])

    @property
    def forms(self) -> tuple[Form, ...]:
        """What the layout needs to know."""
        forms = []
        for at, places in enumerate(self.places, self.first):
            layer = self.view.layers[at]
            maps = next((neuron.map for neuron in layer.neurons if neuron.map and neuron.map[0]), None)
            shape = round(len(maps[0]) / len(maps), 2) if maps else 0.0
            forms.append(Form(len(places), layer.size > len(places), shape))
        return tuple(forms)

    def neuron(self, layer: int, index: int) -> m.DrawnNeuron:
        """A neuron by its place among those drawn."""
        return self.view.layers[layer + self.first].neurons[self.places[layer][index]]

    def weight(self, layer: int, index: int, source: int) -> float:
        """The weight of an edge by the places of its ends."""
        return self._at_edge(self.neuron(layer, index).weights, layer, source)

    def drawn(self, layer: int, index: int, source: int) -> float:
        """What is drawn on an edge: its weight, or the gradient."""
        return self._at_edge(self._numbers(self.neuron(layer, index)), layer, source)

    def _at_edge(self, numbers: tuple[float, ...], layer: int, source: int) -> float:
        at = self.places[layer - 1][source]
        return numbers[at] if at < len(numbers) else math.nan

    def _numbers(self, neuron: m.DrawnNeuron) -> tuple[float, ...]:
        """What is drawn on the edges into a neuron."""
        return neuron.gradients if self.gradient else neuron.weights

    def drawn_bias(self, layer: int, index: int) -> float | None:
        """What is told of a neuron's bias: its value, or the gradient."""
        neuron = self.neuron(layer, index)
        return neuron.bias_gradient if self.gradient else neuron.bias

    def find(self, layer: int, neuron: int | None) -> tuple[int, int] | None:
        """Where a neuron is drawn, by its numbers."""
        at = layer - self.first
        if 0 <= at < len(self.places):
            for index in range(len(self.places[at])):
                if self.neuron(at, index).neuron == neuron:
                    return at, index
        return None

    def _found(self, wanted: Element | None) -> tuple[int, int] | None:
        return None if wanted is None else self.find(wanted.layer, wanted.neuron)

    @property
    def pointed_value(self) -> float | None:
        """What is told of the parameter pointed at, if it is drawn."""
        if self.pointed_at is not None:
            return self.drawn(*self.pointed_at)
        return self.drawn_bias(*self.bias_at) if self.bias_at is not None else None

    def find_edge(self, wanted: Element | None) -> tuple[int, int, int] | None:
        """Where an edge is drawn."""
        if wanted is None or wanted.source is None:
            return None
        end, start = self.find(wanted.layer, wanted.neuron), self.find(wanted.layer - 1, wanted.source)
        return (end[0], end[1], start[1]) if end and start else None

    def _edges_into(self, layer: int) -> list[Edge]:
        """The edges into a layer with the weights of their lines: where there are many, the strongest.

        All those into the neuron that is marked are among them, for they are what it listens to.
        """
        scale = self._scale(layer)
        found: list[Edge] = []
        for index, place in enumerate(self.places[layer]):
            weights = self._numbers(self.view.layers[layer + self.first].neurons[place])
            found += [
                (layer, index, source, weights[at] * scale)
                for source, at in enumerate(self.places[layer - 1])
                if at < len(weights)
            ]
        if len(found) > MOST_EDGES:
            marked = self.edge or self.pointed
            here = self.find(marked.layer, marked.neuron) if marked is not None else None
            kept = set(nlargest(STRONGEST, found, key=lambda edge: 0.0 if math.isnan(edge[3]) else abs(edge[3])))
            found = [edge for edge in found if edge in kept or edge[:2] == here]
            self.strongest.add(layer)
        finest = 2 if layer in self.strongest else 4  # many thick lines would be one blot
        return [
            (layer, index, source, max(-finest, min(finest, level(weight)))) for layer, index, source, weight in found
        ]

    def _scale(self, layer: int) -> float:
        """What numbers drawn on the edges into a layer are taken times: of a gradient the largest is a strong line."""
        if not self.gradient:
            return math.sqrt(max(2, self.view.layers[layer + self.first - 1].size) / 2)
        sizes = [abs(g) for drawn in self.view.layers for neuron in drawn.neurons for g in neuron.gradients]
        largest = max((size for size in sizes if math.isfinite(size)), default=0.0)
        return min(OF_LARGEST / largest, 1e300) if largest > 0 else 1.0

    def said_by(self, layer: int, index: int) -> str:
        """The name of what a neuron answers, or of an input."""
        number, at = self.neuron(layer, index).neuron, layer + self.first
        return f"outputs[{at - 1}][{number}]" if at else f"inputs[{number}]"

    def address(self, layer: int, index: int, source: int | None = None) -> str:
        """The name of a parameter by the places of its ends."""
        number = self.neuron(layer, index).neuron
        if source is None:
            return f"biases[{layer + self.first - 1}][{number}]"
        return f"weights[{layer + self.first - 1}][{number}][{self.neuron(layer - 1, source).neuron}]"


def level(weight: float) -> int:
    """The weight of a line, 1 to 4, with the sign of the weight; 0 for what is no number."""
    if math.isnan(weight):
        return 0
    size = abs(weight)
    found = 1 if size < WEAK else 2 if size < MIDDLING else 3 if size < STRONG else 4
    return -found if weight < 0 else found


# ---------------------------------------------------------------- the walk


def parameters(view: m.DiagramView) -> list[list[str]]:
    """The addresses of all parameters drawn, by layer: of each neuron the bias, then its sources."""
    layers = []
    for number, (before, layer) in enumerate(pairwise(view.layers)):
        names = []
        for neuron in layer.neurons:
            if neuron.bias is not None:
                names.append(f"biases[{number}][{neuron.neuron}]")
            sources = zip(before.neurons, neuron.weights, strict=False)
            names += [f"weights[{number}][{neuron.neuron}][{source.neuron}]" for source, _ in sources]
        layers.append(names)
    return layers


def walk(view: m.DiagramView, delta: int) -> str:
    """The parameter so many places after the one pointed at (before it, if negative); round at the ends."""
    names = [name for layer in parameters(view) for name in layer]
    if not names:
        return view.pointed
    if view.pointed not in names:
        return names[0 if delta >= 0 else -1]
    return names[(names.index(view.pointed) + delta) % len(names)]


def onward(name: str, names: list[str], direction: Direction) -> str:
    """The parameter of the next or previous layer that the edge leads to; of a bias, the like bias."""
    here = element(name)
    found = [(each, element(each)) for each in names]
    if here is not None and here.source is None:
        found = [pair for pair in found if pair[1] is not None and pair[1].source is None] or found
        same = [each for each, there in found if there is not None and there.neuron == here.neuron]
        return same[0] if same else found[-1][0]
    for each, there in found:
        if here is not None and there is not None and there.source is not None:
            if direction == "right" and there.source == here.neuron:
                return each
            if direction == "left" and there.neuron == here.source:
                return each
    return names[0]
