"""PyTorch with the whole training step given to `torch.compile`: gathering, forward, backward, and the update."""

from __future__ import annotations

from typing import Any

from nntui.bench.peers.serving import Maker, Numbers, serve


def start() -> tuple[str, Maker]:
    """Import PyTorch."""
    import torch

    from nntui.bench.peers.torch_layers import Layers, batches
    from nntui.bench.tasks import LEARNING_RATE, Task

    class Compiled(Layers):
        """One compiled function is called for each step."""

        def __init__(self, task: Task, bits: int, threads: int) -> None:
            super().__init__(task, bits, threads, learns=False)
            torch._dynamo.reset()  # the shapes of another size are no reason to compile for any shape
            count = len(self.weights)

            def loss(parameters: tuple[Any, ...], inputs: Any, targets: Any) -> Any:
                outputs = inputs
                for weights, biases in zip(parameters[:count], parameters[count:], strict=True):
                    outputs = torch.tanh(torch.nn.functional.linear(outputs, weights, biases))
                return torch.nn.functional.mse_loss(outputs, targets)

            slopes = torch.func.grad(loss)

            def step(parameters: tuple[Any, ...], inputs: Any, targets: Any, batch: Any) -> None:
                gradients = slopes(parameters, inputs[batch], targets[batch])
                for rows, gradient in zip(parameters, gradients, strict=True):
                    rows.sub_(gradient, alpha=LEARNING_RATE)

            self.step = torch.compile(step, dynamic=False, fullgraph=True)
            kept = [row.clone() for row in (*self.weights, *self.biases)]
            with torch.no_grad():
                self.run(task.orders[:2])  # compiles
                for row, first in zip((*self.weights, *self.biases), kept, strict=True):
                    row.copy_(first)

        def run(self, orders: Numbers) -> None:
            parameters = (*self.weights, *self.biases)
            with torch.no_grad():
                for batch in batches(orders):
                    self.step(parameters, self.inputs, self.targets, batch)

    return torch.__version__, Compiled


if __name__ == "__main__":
    serve(start)
