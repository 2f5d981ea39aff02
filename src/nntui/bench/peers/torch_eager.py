"""PyTorch as most write it: a module's forward pass, `backward()`, `optimizer.step()`."""

from __future__ import annotations

from nntui.bench.peers.serving import Maker, Numbers, serve


def start() -> tuple[str, Maker]:
    """Import PyTorch."""
    import torch

    from nntui.bench.peers.torch_layers import Layers, batches
    from nntui.bench.tasks import LEARNING_RATE, Task

    class Eager(Layers):
        """Every operation is called from Python; autograd notes them and goes back."""

        def __init__(self, task: Task, bits: int, threads: int) -> None:
            super().__init__(task, bits, threads, learns=True)
            self.optimizer = torch.optim.SGD([*self.weights, *self.biases], lr=LEARNING_RATE)

        def run(self, orders: Numbers) -> None:
            for batch in batches(orders):
                self.optimizer.zero_grad(set_to_none=True)
                self.loss(batch).backward()
                self.optimizer.step()

    return torch.__version__, Eager


if __name__ == "__main__":
    serve(start)
