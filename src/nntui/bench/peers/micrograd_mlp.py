"""micrograd: its MLP of Values, each number an object that knows where it came from.

Its neurons bend with relu or not at all; here all bend with tanh, as the Value of its author's lecture does.
"""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

from nntui.bench.peers.serving import Maker, Numbers, flat, rows, serve


def start() -> tuple[str, Maker]:
    """Import micrograd."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    from nntui.bench.tasks import LEARNING_RATE, Task
    from nntui.models.model import FloatArray

    def tanh(value: Any) -> Any:
        bent = Value(math.tanh(value.data), (value,), "tanh")

        def backward() -> None:
            value.grad += (1 - bent.data * bent.data) * bent.grad

        bent._backward = backward
        return bent

    Value.relu = tanh  # what its neurons call where they bend

    class Graphs:
        """A graph of Values is built and gone back for each batch."""

        def __init__(self, task: Task, _bits: int, _threads: int) -> None:
            self.model = MLP(task.size.sizes[0], list(task.size.sizes[1:]))
            self.inputs, self.targets = task.inputs.tolist(), task.targets.tolist()
            for layer, weights, biases in zip(self.model.layers, *rows(task, 64), strict=True):
                for neuron, row, bias in zip(layer.neurons, weights.tolist(), biases.tolist(), strict=True):
                    neuron.nonlin = True
                    neuron.b.data = bias
                    for weight, number in zip(neuron.w, row, strict=True):
                        weight.data = number

        def run(self, orders: Numbers) -> None:
            for batch in orders.tolist():
                total = Value(0.0)
                for sample in batch:
                    answers = self.model(self.inputs[sample])
                    answers = answers if isinstance(answers, list) else [answers]
                    for answer, target in zip(answers, self.targets[sample], strict=True):
                        total = total + (answer - target) ** 2
                loss = total * (1 / (len(batch) * len(answers)))
                self.model.zero_grad()
                loss.backward()
                for parameter in self.model.parameters():
                    parameter.data -= LEARNING_RATE * parameter.grad

        def parameters(self) -> FloatArray:
            layers = self.model.layers
            return flat(
                [[[weight.data for weight in neuron.w] for neuron in layer.neurons] for layer in layers],
                [[neuron.b.data for neuron in layer.neurons] for layer in layers],
            )

    return version("micrograd"), Graphs


if __name__ == "__main__":
    import sys

    sys.setrecursionlimit(1_000_000)  # it goes back through the graph by recursion
    serve(start, shrinks=True)
