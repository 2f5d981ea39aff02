"""Writes the source of a module for one network: its very sizes, activations, loss and numbers, everything unrolled.

What it writes is Python to be read, and run as it stands: a line for each neuron and each gradient, named by where they
are. Only numbers and names of this file go into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nntui.models.mlp import loops
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network, name_of

INDENT = "    "
# Samples that are worked on at once, and parameters that are changed at once. Where a register is narrower than that,
# the compiler takes two or four in its place.
LANES = 16
HEAD = '''"""Made by nntui (generator.py) for one network: {title}.

Numbers of {bits} bits, {lanes} samples at once, each in a lane of its own. Each line is one product of a neuron, or one
gradient: no loop over neurons or sources is left, and what is between the lines stays in registers.
"""

from nntui.models.curves import exp, tanh
from nntui.models.lanes import fma, ones, pick, spread, store, total, totals, where_above, zeros
from nntui.models.mlp.unrolled import cross_entropy, descend

LANES = {lanes}
'''


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
        net = self.network
        names = [name_of(net.activation, ACTIVATIONS), name_of(net.output_activation, OUTPUTS)]
        title = f"{'-'.join(map(str, self.sizes))}, {' and '.join(names)}, {name_of(net.loss, LOSSES)}"
        head = HEAD.format(title=title, bits=net.precision, lanes=LANES)
        return "\n\n".join([head, *("\n".join(part) + "\n" for part in (self._loss(), self._twists(), self._train()))])

    def _loss(self) -> Iterator[str]:
        yield "def batch_loss(parameters, inputs, targets, order, start, end, answers):"
        yield '    """Say how wrong the network is on the average over some samples."""'
        yield "    loss = zeros(parameters, LANES)"
        yield "    rest = 0.0"
        yield "    for first in range(start, end, LANES):"
        yield from self._indented(2, ["left = end - first", *self._samples(), *self._forward(), *self._wrong()])
        yield "    return (total(loss) + rest) / (end - start)"

    def _twists(self) -> Iterator[str]:
        yield "def train_by_twists("
        yield "    parameters, indices, twists, inputs, targets, order, starts, first_step, last_step, answers,"
        yield "    saved, losses_before, losses_after,"
        yield "):"
        yield '    """Try one twist after another, each on its own batch, and note what became of it."""'
        yield "    for step in range(first_step, last_step):"
        yield "        start = starts[step]"
        yield "        end = starts[step + 1]"
        yield "        index = indices[step]"
        yield "        saved[step] = parameters[index]"
        yield "        losses_before[step] = batch_loss(parameters, inputs, targets, order, start, end, answers)"
        yield "        parameters[index] += twists[step]"
        yield "        losses_after[step] = batch_loss(parameters, inputs, targets, order, start, end, answers)"
        yield "        if not losses_after[step] < losses_before[step]:"
        yield "            parameters[index] = saved[step]"

    def _train(self) -> Iterator[str]:
        yield "def train_by_gradients("
        yield "    parameters, inputs, targets, order, starts, first_step, last_step, answers, optimizer, momentum,"
        yield "    rates, decays, taken, velocities, squares, losses_before,"
        yield "):"
        yield '    """Take one step downhill after another, each by its own batch, and note the loss before it."""'
        yield "    zero = zeros(parameters, LANES)"
        yield "    for step in range(first_step, last_step):"
        yield "        start = starts[step]"
        yield "        end = starts[step + 1]"
        yield "        share = 1.0 / (end - start)"
        yield "        loss = zero"
        yield "        rest = 0.0"
        for part in range(self._parts):
            yield f"        gradients_{part} = zero"
        yield "        for first in range(start, end, LANES):"
        body = [*self._samples(), *self._forward(), *self._wrong(), *self._backward(), *self._add_up()]
        yield from self._indented(3, ["left = end - first", *body])
        yield "        losses_before[step] = (total(loss) + rest) / (end - start)"
        yield from self._indented(2, self._update())

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
                yield from self._bend(name, activation)
        if self.network.output_activation == loops.SOFTMAX:
            yield from self._softmax()

    def _bend(self, name: str, activation: int) -> Iterator[str]:
        if activation == loops.TANH:
            yield f"{name} = tanh({name})"
        elif activation == loops.RELU:
            yield f"{name} = where_above({name}, 0.0, {name}, 0.0)"
        elif activation == loops.SIGMOID:
            yield f"small = exp(where_above({name}, 0.0, 0.0 - {name}, {name}))"
            yield f"{name} = where_above({name}, 0.0, 1.0, small) / (1.0 + small)"

    def _softmax(self) -> Iterator[str]:
        outputs = [f"output_{self.last}_{neuron}" for neuron in range(self.outputs)]
        yield f"largest = {outputs[0]}"
        for name in outputs[1:]:
            yield f"largest = where_above({name}, largest, {name}, largest)"
        for name in outputs:
            yield f"{name} = exp({name} - largest)"
        yield f"whole = {' + '.join(outputs)}"
        for name in outputs:
            yield f"{name} = {name} / whole"

    def _wrong(self) -> Iterator[str]:
        """How wrong the answers are; a lane without a sample is never wrong."""
        for neuron in range(self.outputs):
            answer = f"output_{self.last}_{neuron}"
            if self.network.loss == loops.CROSS_ENTROPY:
                yield f"store(answers, {neuron * LANES}, {answer})"
            else:
                yield f"error_{neuron} = where_above(present, 0.0, {answer} - target_{neuron}, 0.0)"
        if self.network.loss == loops.CROSS_ENTROPY:
            yield "rest += cross_entropy(answers, targets, order, first, left, LANES)"
        else:
            sum_ = "error_0 * error_0"
            for neuron in range(1, self.outputs):
                sum_ = f"fma(error_{neuron}, error_{neuron}, {sum_})"
            yield f"loss = loss + {sum_}" + (f" / {float(self.outputs)}" if self.outputs > 1 else "")

    def _backward(self) -> Iterator[str]:
        for neuron in range(self.outputs):
            answer = f"output_{self.last}_{neuron}"
            if self.network.loss == loops.CROSS_ENTROPY:
                whole = " + ".join(f"target_{other}" for other in range(self.outputs))
                yield f"gradient_{self.last}_{neuron} = ({answer} * ({whole}) - target_{neuron}) * share"
                yield f"gradient_{self.last}_{neuron} = where_above(present, 0.0, gradient_{self.last}_{neuron}, 0.0)"
            else:
                yield f"gradient_{self.last}_{neuron} = error_{neuron} * ({2.0 / self.outputs} * share)"
                yield from self._slope(f"gradient_{self.last}_{neuron}", answer, self.network.output_activation)
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
            yield from self._slope(name, self.source(layer, source), self.network.activation)

    def _slope(self, name: str, output: str, activation: int) -> Iterator[str]:
        if activation == loops.TANH:
            yield f"{name} = {name} * fma({output}, 0.0 - {output}, 1.0)"
        elif activation == loops.RELU:
            yield f"{name} = where_above({output}, 0.0, {name}, 0.0)"
        elif activation == loops.SIGMOID:
            yield f"{name} = {name} * ({output} * (1.0 - {output}))"

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
            yield f"descend(parameters, {part * LANES}, gradients_{part}, optimizer, momentum, rates, decays,"
            yield "        taken + step + 1, velocities, squares)"

    def _indented(self, depth: int, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
        for line in lines:
            yield INDENT * depth + line
