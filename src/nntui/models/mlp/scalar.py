"""The network's own loss for one sample as a graph of single numbers, each weight and bias a leaf of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntui.autograd.graph import Graph
from nntui.autograd.node import Node, exp, forward, log, relu, tanh, topological_order, total
from nntui.models.mlp import loops
from nntui.models.model import FloatArray, Look, ModelError

if TYPE_CHECKING:
    from nntui.models.mlp.network_model import NetworkModel

MOST_NODES = 12_000


def loss_graph(model: NetworkModel, parameters: FloatArray, look: Look) -> Graph:
    """The loss of what is looked at; ModelError where that has no target, or would be too many nodes.

    Leaves are called by their addresses, `weights[0][1][0]`, the sums and outputs of neurons `totals[0][1]` and
    `outputs[0][1]`. What a neuron does is a group, called as its output.
    """
    size = model.layout.size
    if 2 * size > MOST_NODES:
        raise ModelError(
            f"this network's graph would have more than {2 * size:,} nodes, and {MOST_NODES:,} are the most; "
            "fewer or smaller layers make a smaller one"
        )
    inputs, target = model.looked_at(look)
    if target is None:
        raise ModelError("a typed input that is no sample has no target, and so no loss")
    builder = _Builder(model, parameters)
    answer = builder.answer(inputs)
    return Graph(f"loss of {look.name}", builder.loss(answer, target), builder.groups)


class _Builder:
    """Makes the nodes as `predict` and `sample_loss` of the loops compute."""

    def __init__(self, model: NetworkModel, parameters: FloatArray) -> None:
        self.network = model.network
        self.weights = [layer.tolist() for layer in self.network.weights(parameters)]
        self.biases = [layer.tolist() for layer in self.network.biases(parameters)]
        self.groups: dict[Node, str] = {}

    def answer(self, inputs: tuple[float, ...]) -> list[Node]:
        """The outputs of the last layer."""
        net, last = self.network, len(self.weights) - 1
        sources = [Node(value, name=f"inputs[{number}]") for number, value in enumerate(inputs)]
        for layer in range(last + 1):
            activation = net.output_activation if layer == last else net.activation
            sources = [self._neuron(layer, neuron, sources, activation) for neuron in range(len(self.biases[layer]))]
        if net.output_activation == loops.SOFTMAX:
            sources = self._softmax(sources, last)
        return sources

    def _neuron(self, layer: int, neuron: int, sources: list[Node], activation: int) -> Node:
        """One neuron: a bias, what it hears times its weights, and the bend."""
        made = [Node(self.biases[layer][neuron], name=f"biases[{layer}][{neuron}]")]
        terms = made[:1]
        for number, source in enumerate(sources):
            weight = Node(self.weights[layer][neuron][number], name=f"weights[{layer}][{neuron}][{number}]")
            product = _named(weight * source, f"{weight.name} * {source.name}")
            terms.append(product)
            made += [weight, product]
        output, place = total(terms), f"[{layer}][{neuron}]"
        group = ("totals" if activation == loops.SOFTMAX else "outputs") + place
        made.append(output)
        if activation not in (loops.LINEAR, loops.SOFTMAX):
            output.name = f"totals{place}"
            made += _bend(output, activation)
        made[-1].name = group
        self.groups.update(dict.fromkeys(made, group))
        return made[-1]

    def _softmax(self, totals: list[Node], layer: int) -> list[Node]:
        """Each total's exponential as a share of all; the largest total is taken away first, as the loops do."""
        forward(topological_order(total(totals)))
        largest = Node(max(each.value for each in totals), name="largest total")
        raised = []
        for number, each in enumerate(totals):
            name = f"totals[{layer}][{number}]"
            raised.append(_named(exp(_named(each - largest, f"{name} - largest")), f"exp of {name}"))
        together = _named(total(raised), "sum of the exps")
        return [_named(each / together, f"outputs[{layer}][{number}]") for number, each in enumerate(raised)]

    def loss(self, answer: list[Node], target: tuple[float, ...]) -> Node:
        """How wrong the answer is: the mean of the squared errors, or the cross-entropy."""
        wanted = [Node(value, name=f"targets[{number}]") for number, value in enumerate(target)]
        if self.network.loss == loops.CROSS_ENTROPY:
            return _cross_entropy(answer, wanted)
        squares = []
        for output, goal in zip(answer, wanted, strict=True):
            error = _named(output - goal, f"error of {output.name}")
            squares.append(_named(error * error, f"square of the {error.name}"))
        together = squares[0] if len(squares) == 1 else _named(total(squares), "sum of the squares")
        return _named(together / len(squares) if len(squares) > 1 else together, "loss")


def _cross_entropy(answer: list[Node], wanted: list[Node]) -> Node:
    """Minus the logarithm of the right class's probability; of several classes, each by its share."""
    terms = []
    for output, goal in zip(answer, wanted, strict=True):
        if goal.value != 0.0:  # the loops multiply the others by 0
            logarithm = _named(log(output), f"log of {output.name}")
            terms.append(
                logarithm if goal.value == 1.0 else _named(goal * logarithm, f"{goal.name} * {logarithm.name}")
            )
    together = terms[0] if len(terms) == 1 else _named(total(terms), "sum of the logs")
    return _named(-together, "loss")


def _bend(summed: Node, activation: int) -> list[Node]:
    """The nodes that bend a total; the last of them is the output."""
    if activation == loops.TANH:
        return [tanh(summed)]
    if activation == loops.RELU:
        return [relu(summed)]
    negative = _named(-summed, f"-{summed.name}")
    small = _named(exp(negative), f"exp of {negative.name}")
    one = Node(1.0, name="1")
    below = _named(one + small, f"1 + {small.name}")
    return [negative, small, one, below, one / below]


def _named(node: Node, name: str) -> Node:
    """A node with its name."""
    node.name = name
    return node
