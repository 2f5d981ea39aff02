"""Writes the source of a module for one network: its very sizes, activations, loss and numbers, everything unrolled.

What it writes is Python to be read, and run as it stands: a line for each neuron and each gradient, named by where they
are. Only numbers and names of this file go into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network, name_of

INDENT = "    "
MOST_UNROLLED = 200  # weights and biases of a network of which each neuron is written out; see generator_rolled.py
# Samples that are worked on at once, and parameters that are changed at once. Where a register is narrower than that,
# the compiler takes two or four in its place.
LANES = 16
HEAD = '''"""Made by nntui (generator.py) for one network: {title}.

Numbers of {bits} bits, {lanes} samples at once, each in a lane of its own. Each line is one product of a neuron, or one
gradient: no loop over neurons or sources is left, and what is between the lines stays in registers.
"""

from nntui.models.curves import exp, tanh
from nntui.models.lanes import fma, load, ones, pick, spread, store, total, totals, where_above, zeros
from nntui.models.mlp.unrolled import cross_entropy, descend, rule_of

LANES = {lanes}
'''

TWISTS = '''\
def train_by_twists(
    parameters, indices, twists, inputs, targets, order, starts, first_step, last_step, room,
    saved, losses_before, losses_after,
):
    """Try one twist after another, each on its own batch, and note what became of it."""
    for step in range(first_step, last_step):
        start = starts[step]
        end = starts[step + 1]
        index = indices[step]
        saved[step] = parameters[index]
        losses_before[step] = batch_loss(parameters, inputs, targets, order, start, end, room)
        parameters[index] += twists[step]
        losses_after[step] = batch_loss(parameters, inputs, targets, order, start, end, room)
        if not losses_after[step] < losses_before[step]:
            parameters[index] = saved[step]
'''.splitlines()
TRAIN = '''\
def train_by_gradients(
    parameters, inputs, targets, order, starts, first_step, last_step, room, optimizer, momentum,
    rates, taken, velocities, squares, losses_before,
):
    """Take one step downhill after another, each by its own batch, and note the loss before it."""
'''.splitlines()


def title(network: Network) -> str:
    """What a network is, in a line."""
    names = [name_of(network.activation, ACTIVATIONS), name_of(network.output_activation, OUTPUTS)]
    return f"{'-'.join(map(str, network.sizes))}, {' and '.join(names)}, {name_of(network.loss, LOSSES)}"


def bend(name: str, activation: int) -> Iterator[str]:
    """Bend a total into an output."""
    if activation == loops.TANH:
        yield f"{name} = tanh({name})"
    elif activation == loops.RELU:
        yield f"{name} = where_above({name}, 0.0, {name}, 0.0)"
    elif activation == loops.SIGMOID:
        yield f"small = exp(where_above({name}, 0.0, 0.0 - {name}, {name}))"
        yield f"{name} = where_above({name}, 0.0, 1.0, small) / (1.0 + small)"


def slope(name: str, output: str, activation: int) -> Iterator[str]:
    """Multiply a gradient by how fast an output changes with its total."""
    if activation == loops.TANH:
        yield f"{name} = {name} * fma({output}, 0.0 - {output}, 1.0)"
    elif activation == loops.RELU:
        yield f"{name} = where_above({output}, 0.0, {name}, 0.0)"
    elif activation == loops.SIGMOID:
        yield f"{name} = {name} * ({output} * (1.0 - {output}))"


def indented(depth: int, lines: Iterable[str]) -> Iterator[str]:
    """Lines of a block within so many others."""
    for line in lines:
        yield INDENT * depth + line


def paragraphs(*parts: Iterable[str]) -> str:
    """The parts of a module, two empty lines between them."""
    return "\n\n\n".join("\n".join(part).strip() for part in parts) + "\n"


class Writer:
    """Writes the module of one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.sizes = network.sizes
        self.last = len(network.sizes) - 2
        self.inputs, self.outputs = network.sizes[0], network.sizes[-1]
        starts = {}
        place = 0
        for layer, (sources, neurons) in enumerate(pairwise(self.sizes)):
            starts[layer] = (place, place + sources * neurons)
            place += (sources + 1) * neurons
        self._starts = starts
        self._parts = -(-place // LANES)
        self.length = self._parts * LANES  # of the array of parameters, the last of which may be none
        self.places = np.arange(place)  # where each parameter is in it
        self.room = self.outputs * LANES  # numbers needed besides
        self.columns = self.inputs

    # ---------------------------------------------------------------- names

    def weight(self, layer: int, neuron: int, source: int) -> str:
        """A weight in every lane."""
        place = self._starts[layer][0] + neuron * self.sizes[layer] + source
        return f"spread(parameters, {place}, LANES)"

    def bias(self, layer: int, neuron: int) -> str:
        """A bias in every lane."""
        return f"spread(parameters, {self._starts[layer][1] + neuron}, LANES)"

    def source(self, layer: int, source: int) -> str:
        """What a layer listens to."""
        return f"output_{layer - 1}_{source}" if layer else f"input_{source}"

    # ---------------------------------------------------------------- the parts

    def module(self) -> str:
        """The whole source."""
        head = HEAD.format(title=title(self.network), bits=self.network.precision, lanes=LANES)
        return paragraphs([head], self._loss(), TWISTS, self._train(), ["PARTS = (batch_loss,)"])

    def _loss(self) -> Iterator[str]:
        yield "def batch_loss(parameters, inputs, targets, order, start, end, room):"
        yield '    """Say how wrong the network is on the average over some samples."""'
        yield "    loss = zeros(parameters, LANES)"
        yield "    rest = 0.0"
        yield "    for first in range(start, end, LANES):"
        yield from indented(2, ["left = end - first", *self._samples(), *self._forward(), *self._wrong()])
        yield f"    return {self._averaged()}"

    def _train(self) -> Iterator[str]:
        yield from TRAIN
        yield "    zero = zeros(parameters, LANES)"
        yield "    for step in range(first_step, last_step):"
        yield "        start = starts[step]"
        yield "        end = starts[step + 1]"
        yield "        share = 1.0 / (end - start)"
        yield "        rule = rule_of(optimizer, momentum, taken + step + 1, velocities, squares)"
        yield "        loss = zero"
        yield "        rest = 0.0"
        for part in range(self._parts):
            yield f"        gradients_{part} = zero"
        yield "        for first in range(start, end, LANES):"
        body = [*self._samples(), *self._forward(), *self._wrong(), *self._backward(), *self._add_up()]
        yield from indented(3, ["left = end - first", *body])
        yield f"        losses_before[step] = {self._averaged()}"
        yield from indented(2, self._update())

    def _gradients(self) -> list[str]:
        """The name of each parameter's gradient, in the order of the layout."""
        names = []
        for layer, (sources, neurons) in enumerate(pairwise(self.sizes)):
            names += [f"weight_gradient_{layer}_{n}_{s}" for n in range(neurons) for s in range(sources)]
            names += [f"gradient_{layer}_{n}" for n in range(neurons)]  # of its total, and so of its bias
        return names

    def _samples(self) -> Iterator[str]:
        for source in range(self.inputs):
            yield f"input_{source} = pick(inputs, order, first, left, {source}, LANES)"
        for neuron in range(self.outputs):
            yield f"target_{neuron} = pick(targets, order, first, left, {neuron}, LANES)"
        yield "present = ones(parameters, left, LANES)"

    def _forward(self) -> Iterator[str]:
        for layer, (sources, neurons) in enumerate(pairwise(self.sizes)):
            activation = self.network.output_activation if layer == self.last else self.network.activation
            for neuron in range(neurons):
                name = f"output_{layer}_{neuron}"
                yield f"{name} = {self.bias(layer, neuron)}"
                for source in range(sources):
                    yield f"{name} = fma({self.weight(layer, neuron, source)}, {self.source(layer, source)}, {name})"
                yield from bend(name, activation)
        if self.network.output_activation == loops.SOFTMAX:
            yield from self._softmax()

    def _softmax(self) -> Iterator[str]:
        outputs = [f"output_{self.last}_{neuron}" for neuron in range(self.outputs)]
        yield f"largest = {outputs[0]}"
        for name in outputs[1:]:
            yield f"largest = where_above({name}, largest, {name}, largest)"
        for name in outputs:
            yield f"{name} = exp({name} - largest)"
        yield from self._sum("whole", outputs)
        for name in outputs:
            yield f"{name} = {name} / whole"

    def _sum(self, name: str, terms: list[str]) -> Iterator[str]:
        yield f"{name} = {terms[0]}"
        for term in terms[1:]:
            yield f"{name} = {name} + {term}"

    def _averaged(self) -> str:
        added = "rest" if self.network.loss == loops.CROSS_ENTROPY else "total(loss)"
        return f"{added} / {'' if added == 'rest' or self.outputs == 1 else f'{float(self.outputs)} / '}(end - start)"

    def _wrong(self) -> Iterator[str]:
        """How wrong the answers are; a lane without a sample is never wrong."""
        for neuron in range(self.outputs):
            answer = f"output_{self.last}_{neuron}"
            if self.network.loss == loops.CROSS_ENTROPY:
                yield f"store(room, {neuron * LANES}, {answer})"
            else:
                yield f"error_{neuron} = where_above(present, 0.0, {answer} - target_{neuron}, 0.0)"
        if self.network.loss == loops.CROSS_ENTROPY:
            yield "rest += cross_entropy(room, 0, LANES, targets, order, first, min(left, LANES))"
        else:
            for neuron in range(self.outputs):
                yield f"loss = fma(error_{neuron}, error_{neuron}, loss)"

    def _backward(self) -> Iterator[str]:
        if self.network.loss == loops.CROSS_ENTROPY:
            yield from self._sum("whole", [f"target_{neuron}" for neuron in range(self.outputs)])
        for neuron in range(self.outputs):
            answer = f"output_{self.last}_{neuron}"
            if self.network.loss == loops.CROSS_ENTROPY:
                yield f"gradient_{self.last}_{neuron} = ({answer} * whole - target_{neuron}) * share"
                yield f"gradient_{self.last}_{neuron} = where_above(present, 0.0, gradient_{self.last}_{neuron}, 0.0)"
            else:
                yield f"gradient_{self.last}_{neuron} = error_{neuron} * ({2.0 / self.outputs} * share)"
                yield from slope(f"gradient_{self.last}_{neuron}", answer, self.network.output_activation)
        for layer in range(self.last, -1, -1):
            for neuron in range(self.sizes[layer + 1]):
                gradient = f"gradient_{layer}_{neuron}"
                for source in range(self.sizes[layer]):
                    yield f"weight_{gradient}_{source} = {gradient} * {self.source(layer, source)}"
            if layer:
                yield from self._hand_back(layer)

    def _hand_back(self, layer: int) -> Iterator[str]:
        for source in range(self.sizes[layer]):
            name = f"gradient_{layer - 1}_{source}"
            yield f"{name} = {self.weight(layer, 0, source)} * gradient_{layer}_0"
            for neuron in range(1, self.sizes[layer + 1]):
                yield f"{name} = fma({self.weight(layer, neuron, source)}, gradient_{layer}_{neuron}, {name})"
            yield from slope(name, self.source(layer, source), self.network.activation)

    def _add_up(self) -> Iterator[str]:
        """As many gradients at a time as there are lanes are summed up over the samples."""
        names = self._gradients()
        names += ["zero"] * (-len(names) % LANES)
        for part in range(self._parts):
            some = names[part * LANES : (part + 1) * LANES]
            yield f"gradients_{part} = gradients_{part} + totals(("
            for line in range(0, LANES, 4):
                yield INDENT + ", ".join(some[line : line + 4]) + ","
            yield "))"

    def _update(self) -> Iterator[str]:
        for part in range(self._parts):
            place = part * LANES
            rates = f"load(rates, {place}, LANES), load(rates, {self.length + place}, LANES)"
            yield f"descend(parameters, {place}, gradients_{part}, rule, {rates})"
