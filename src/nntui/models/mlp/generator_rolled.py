"""Writes the source of a module for a network that is too large to be written out neuron by neuron.

Its loops have constant bounds, and what is written out is a tile of each product of matrices: some rows by two vectors,
all sums of which stay in registers while the loop goes on (see tiles.py). Only numbers and names of this file go into
the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.generator import TRAIN, TWISTS, bend, indented, paragraphs, slope, title
from nntui.models.mlp.network import Network
from nntui.models.model import IntArray

BLOCK = 256  # samples of a batch that are worked on before the next ones
HEAD = '''"""Made by nntui (generator_rolled.py) for one network: {title}.

Numbers of {bits} bits, {lanes} in a vector. The bounds of all loops are constants. What is written out are tiles of
products of matrices, up to {rows} rows by 2 vectors: as many sums as registers have room for.

A panel is a few samples on their side, numbers[source][sample]; in rows they stand as numbers[sample][source].
"""

from nntui.models.curves import exp, tanh
from nntui.models.lanes import across, fma, load, ones, pick, spread, store, total, where_above, zeros
from nntui.models.mlp.rolled import change_biases, change_tile, softmax, take
from nntui.models.mlp.unrolled import cross_entropy, rule_of

LANES = {lanes}  # numbers in a vector
PANEL = {panel}  # samples in a panel
BLOCK = {block}  # samples that are worked on before the next ones of a batch

# Where each part begins: of the parameters, and of the room for what is between them.
'''
TURN = '''\
def turn(room, rows, step, columns, far):
    """LANES numbers of each of LANES rows, which lie `step` apart, become as many columns, which lie `far` apart."""
    turned = across((
'''


def tiles(count: int, most: int) -> Iterator[tuple[int, int, int]]:
    """Cut so many rows into tiles of about the same height: (first, end, height) for one or two heights."""
    number = -(-count // most)
    height, tall = divmod(count, number)
    if tall:
        yield 0, tall * (height + 1), height + 1
    yield tall * (height + 1), count, height


class RolledWriter:
    """Writes the module of one network for vectors of so many lanes and tiles of so many rows."""

    def __init__(self, network: Network, lanes: int, rows: int) -> None:
        self.network = network
        self.sizes = network.sizes
        self.layers = range(len(network.sizes) - 1)
        self.last = len(network.sizes) - 2
        self.lanes, self.rows = lanes, rows
        self.lengths = [-(-size // lanes) * lanes for size in network.sizes]  # in whole vectors
        self.columns = self.lengths[0]
        self.constants: dict[str, int] = {}
        self.length = self._lay_out(
            (f"{name}_{layer}", size)
            for layer in self.layers
            for name, size in (
                ("WEIGHTS", self.sizes[layer + 1] * self.lengths[layer]), ("BIASES", self.lengths[layer + 1])
            )
        )  # fmt: skip
        self.room = self._lay_out(self._rooms())
        self.places = np.concatenate([self._places(layer) for layer in self.layers])

    def _lay_out(self, parts: Iterable[tuple[str, int]]) -> int:
        """Give each part its place, one after the other; and say how long they are together."""
        place = 0
        for name, size in parts:
            self.constants[name] = place
            place += size
        return place

    def _rooms(self) -> Iterator[tuple[str, int]]:
        for layer, length in enumerate(self.lengths):
            yield f"PANELS_{layer}", BLOCK * length
            if layer <= self.last:
                yield f"ROWS_{layer}", BLOCK * length
            if layer:
                yield f"GRADIENTS_{layer - 1}", BLOCK * length
        yield "TILE", self.rows * 2 * self.lanes
        yield "SUMS", self.length

    def _places(self, layer: int) -> IntArray:
        """Where the weights and biases of a layer are."""
        rows = np.arange(self.sizes[layer + 1])[:, None] * self.lengths[layer]
        weights = self.constants[f"WEIGHTS_{layer}"] + rows + np.arange(self.sizes[layer])
        biases = self.constants[f"BIASES_{layer}"] + np.arange(self.sizes[layer + 1])
        return np.concatenate([weights.ravel(), biases])

    # ---------------------------------------------------------------- the parts

    def module(self) -> str:
        """The whole source."""
        panel = 2 * self.lanes
        head = HEAD.format(
            title=title(self.network), bits=self.network.precision, lanes=self.lanes, panel=panel, rows=self.rows,
            block=BLOCK,
        )  # fmt: skip
        constants = [f"{name} = {place}" for name, place in self.constants.items()]
        parts: list[Iterable[str]] = [self._turn(), self._take()]
        names = ["turn", "begin"]
        for layer in self.layers:
            parts.append(self._answer(layer))
            names.append(f"answer_{layer}")
        parts += [self._wrong(), self._loss(), TWISTS]
        names += ["wrong", "batch_loss"]
        for layer in reversed(self.layers):
            if layer:
                parts.append(self._hand_back(layer))
                names.append(f"hand_back_{layer}")
            parts.append(self._change(layer))
            names.append(f"change_{layer}")
        parts += [self._step(), self._train()]
        names.append("take_a_step")
        return paragraphs(
            [head + "\n".join(constants)], *parts, ["PARTS = (", *(f"    {name}," for name in names), ")"]
        )

    def _turn(self) -> Iterator[str]:
        yield from TURN.splitlines()
        for row in range(self.lanes):
            yield f"        load(room, rows + {row} * step, LANES),"
        yield "    ))"
        for row in range(self.lanes):
            yield f"    store(room, columns + {row} * far, turned[{row}])"

    def _turn_all(self, layer: int, back: bool) -> Iterator[str]:
        """Rows of numbers[sample][source] become panels of numbers[source][sample], or the other way round."""
        length = self.lengths[layer]
        rows = f"ROWS_{layer} + sample * {length} + source", f"{length}"
        panel = f"PANELS_{layer} + sample // PANEL * PANEL * {length} + source * PANEL + sample % PANEL", "PANEL"
        one, other = (panel, rows) if back else (rows, panel)
        yield "    for sample in range(0, size, LANES):"
        yield f"        for source in range(0, {length}, LANES):"
        yield f"            turn(room, {', '.join(one)},"
        yield f"                 {', '.join(other)})"

    def _take(self) -> Iterator[str]:
        yield "def begin(parameters, inputs, order, first, count, size, room):"
        yield '    """Fetch the samples of a block, in rows and in panels."""'
        yield "    zero = zeros(parameters, LANES)"
        yield f"    take(inputs, order, first, count, size, {self.columns}, room, ROWS_0, LANES, zero)"
        yield from self._turn_all(0, back=False)

    def _answer(self, layer: int) -> Iterator[str]:
        sources, neurons = self.sizes[layer], self.sizes[layer + 1]
        yield f"def answer_{layer}(parameters, room, size):"
        yield f'    """Answer the samples of a block: {neurons} neurons with {sources} sources each."""'
        for first, end, rows in tiles(neurons, self.rows):
            yield f"    for neuron in range({first}, {end}, {rows}):"
            yield "        for panel in range(0, size, PANEL):"
            yield from indented(3, self._answer_tile(layer, rows))
        if layer < self.last:
            yield from self._turn_all(layer + 1, back=True)

    def _answer_tile(self, layer: int, rows: int) -> Iterator[str]:
        length, own = self.lengths[layer], self.lengths[layer + 1]
        activation = self.network.output_activation if layer == self.last else self.network.activation
        for row in range(rows):
            yield f"left_{row} = spread(parameters, BIASES_{layer} + neuron + {row}, LANES)"
            yield f"right_{row} = left_{row}"
        yield f"for source in range({self.sizes[layer]}):"
        yield f"    place = PANELS_{layer} + panel * {length} + source * PANEL"
        yield f"    weight = WEIGHTS_{layer} + neuron * {length} + source"
        yield from indented(1, self._products(rows, "parameters, weight", length))
        yield f"place = PANELS_{layer + 1} + panel * {own} + neuron * PANEL"
        yield from self._stored(rows)
        lines = list(bend("total", activation))
        if lines:
            yield f"for total_at in range(place, place + {rows} * PANEL, LANES):"
            yield "    total = load(room, total_at, LANES)"
            yield from indented(1, lines)
            yield "    store(room, total_at, total)"

    def _products(self, rows: int, factor: str, step: int, sides: int = 2) -> Iterator[str]:
        """One pass of a tile's loop: each vector that is fetched serves all rows, each number all of the columns."""
        yield "left = load(room, place, LANES)"
        if sides == 2:
            yield "right = load(room, place + LANES, LANES)"
        for row in range(rows):
            yield f"number = spread({factor} + {row * step}, LANES)"
            yield f"left_{row} = fma(number, left, left_{row})"
            if sides == 2:
                yield f"right_{row} = fma(number, right, right_{row})"

    def _stored(self, rows: int, sides: int = 2) -> Iterator[str]:
        """The sums of a tile, row by row."""
        for row in range(rows):
            yield f"store(room, place + {row * 2 * self.lanes}, left_{row})"
            if sides == 2:
                yield f"store(room, place + {(row * 2 + 1) * self.lanes}, right_{row})"

    def _wrong(self) -> Iterator[str]:
        outputs, length = self.sizes[-1], self.lengths[-1]
        answers = f"PANELS_{self.last + 1}"
        yield "def wrong(parameters, room, targets, order, first, count, size, share):"
        yield '    """Say how wrong the answers to a block are, and how that changes with each last total."""'
        yield "    zero = zeros(parameters, LANES)"
        yield "    loss = zero"
        yield "    rest = 0.0"
        yield "    for sample in range(0, size, LANES):"
        yield "        left = count - sample"
        yield "        present = ones(parameters, left, LANES)"
        yield f"        place = sample // PANEL * PANEL * {length} + sample % PANEL"
        if self.network.output_activation == loops.SOFTMAX:
            yield f"        softmax(room, {answers} + place, {outputs}, PANEL, zero)"
        if self.network.loss == loops.CROSS_ENTROPY:
            where = f"{answers} + place, PANEL"
            yield f"        rest += cross_entropy(room, {where}, targets, order, first + sample, min(left, LANES))"
            yield "        whole = zero"
            yield f"        for neuron in range({outputs}):"
            yield "            whole = whole + pick(targets, order, first + sample, left, neuron, LANES)"
        yield f"        for neuron in range({outputs}):"
        yield f"            answer = load(room, {answers} + place + neuron * PANEL, LANES)"
        yield "            target = pick(targets, order, first + sample, left, neuron, LANES)"
        if self.network.loss == loops.CROSS_ENTROPY:
            yield "            gradient = where_above(present, 0.0, (answer * whole - target) * share, 0.0)"
        else:
            yield "            error = where_above(present, 0.0, answer - target, 0.0)"
            yield "            loss = fma(error, error, loss)"
            yield f"            gradient = error * ({2.0 / outputs} * share)"
            yield from indented(3, slope("gradient", "answer", self.network.output_activation))
        yield f"            store(room, GRADIENTS_{self.last} + place + neuron * PANEL, gradient)"
        yield f"    return total(loss) / {float(outputs)} + rest"

    def _hand_back(self, layer: int) -> Iterator[str]:
        sources, neurons, length = self.sizes[layer], self.sizes[layer + 1], self.lengths[layer]
        yield f"def hand_back_{layer}(parameters, room, size):"
        yield f'    """Hand the gradients of {neurons} neurons back to their {sources} sources."""'
        for first, end, rows in tiles(sources, self.rows):
            yield f"    for source in range({first}, {end}, {rows}):"
            yield "        for panel in range(0, size, PANEL):"
            yield from indented(3, self._zeros(rows, 2))
            yield f"            for neuron in range({neurons}):"
            yield f"                place = GRADIENTS_{layer} + panel * {self.lengths[layer + 1]} + neuron * PANEL"
            yield f"                weight = WEIGHTS_{layer} + neuron * {length} + source"
            yield from indented(4, self._products(rows, "parameters, weight", 1))
            yield f"            answers = PANELS_{layer} + panel * {length} + source * PANEL"
            yield f"            place = GRADIENTS_{layer - 1} + panel * {length} + source * PANEL"
            yield from indented(3, self._stored(rows))
            lines = list(slope("gradient", "answer", self.network.activation))
            if lines:
                yield f"            for part in range(0, {rows} * PANEL, LANES):"
                yield "                answer = load(room, answers + part, LANES)"
                yield "                gradient = load(room, place + part, LANES)"
                yield from indented(4, lines)
                yield "                store(room, place + part, gradient)"

    def _zeros(self, rows: int, sides: int) -> Iterator[str]:
        for row in range(rows):
            yield f"left_{row} = zeros(parameters, LANES)"
            if sides == 2:
                yield f"right_{row} = left_{row}"

    def _change(self, layer: int) -> Iterator[str]:
        neurons, length, panel = self.sizes[layer + 1], self.lengths[layer], 2 * self.lanes
        yield f"def change_{layer}(parameters, room, count, size, fresh, last, rule, rates):"
        yield f'    """Move the weights of {neurons} neurons with {self.sizes[layer]} sources each."""'
        yield "    zero = zeros(parameters, LANES)"
        yield "    change_biases("
        yield f"        parameters, BIASES_{layer}, {neurons}, {self.lengths[layer + 1]}, room, GRADIENTS_{layer},"
        yield "        size, PANEL, SUMS, fresh, last, rule, rates, zero,"
        yield "    )"
        pairs = length // panel * panel
        for start, stop, sides in ((0, pairs, 2), (pairs, length, 1)):
            if start == stop:
                continue
            yield f"    for source in range({start}, {stop}, {sides} * LANES):"
            for first, end, rows in tiles(neurons, self.rows):
                yield f"        for neuron in range({first}, {end}, {rows}):"
                yield from indented(3, self._change_tile(layer, rows, sides))

    def _change_tile(self, layer: int, rows: int, sides: int) -> Iterator[str]:
        length, own = self.lengths[layer], self.lengths[layer + 1]
        yield from self._zeros(rows, sides)
        yield "for panel in range(0, count, PANEL):"
        yield f"    gradients = GRADIENTS_{layer} + panel * {own} + neuron * PANEL"
        yield "    for sample in range(min(PANEL, count - panel)):"
        yield f"        place = ROWS_{layer} + (panel + sample) * {length} + source"
        yield from indented(2, self._products(rows, "room, gradients + sample", 2 * self.lanes, sides))
        yield "place = TILE"
        yield from self._stored(rows, sides)
        where = f"WEIGHTS_{layer} + neuron * {length} + source, {length}"
        yield "change_tile("
        yield f"    parameters, {where}, room, TILE, {rows}, {sides} * LANES, LANES, PANEL,"
        yield "    SUMS, fresh, last, rule, rates, zero,"
        yield ")"

    def _block(self) -> Iterator[str]:
        """Answer the samples of a block."""
        yield "count = min(BLOCK, end - first)"
        yield "size = (count + PANEL - 1) // PANEL * PANEL"
        yield "begin(parameters, inputs, order, first, count, size, room)"
        for layer in self.layers:
            yield f"answer_{layer}(parameters, room, size)"

    def _loss(self) -> Iterator[str]:
        yield "def batch_loss(parameters, inputs, targets, order, start, end, room):"
        yield '    """Say how wrong the network is on the average over some samples."""'
        yield "    loss = 0.0"
        yield "    for first in range(start, end, BLOCK):"
        yield from indented(2, self._block())
        yield "        loss += wrong(parameters, room, targets, order, first, count, size, 0.0)"
        yield "    return loss / (end - start)"

    def _step(self) -> Iterator[str]:
        yield "def take_a_step(parameters, inputs, targets, order, start, end, room, rule, rates):"
        yield '    """Go downhill by the samples of one batch; say how wrong the network was on the average before."""'
        yield "    share = 1.0 / (end - start)"
        yield "    loss = 0.0"
        yield "    for first in range(start, end, BLOCK):"
        yield from indented(2, self._block())
        yield "        fresh = first == start"
        yield "        last = end - first <= BLOCK"
        yield "        loss += wrong(parameters, room, targets, order, first, count, size, share)"
        for layer in reversed(self.layers):
            if layer:
                yield f"        hand_back_{layer}(parameters, room, size)"
            yield f"        change_{layer}(parameters, room, count, size, fresh, last, rule, rates)"
        yield "    return loss * share"

    def _train(self) -> Iterator[str]:
        yield from TRAIN
        yield "    for step in range(first_step, last_step):"
        yield "        rule = rule_of(optimizer, momentum, taken + step + 1, velocities, squares)"
        yield "        losses_before[step] = take_a_step("
        yield "            parameters, inputs, targets, order, starts[step], starts[step + 1], room, rule, rates"
        yield "        )"
