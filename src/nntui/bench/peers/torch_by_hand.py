"""PyTorch without autograd: its tensors and matrix products, the gradients written by hand, updated in place."""

from __future__ import annotations

from nntui.bench.peers.serving import Maker, Numbers, serve


def start() -> tuple[str, Maker]:
    """Import PyTorch."""
    import torch

    from nntui.bench.peers.torch_layers import Layers, batches
    from nntui.bench.tasks import LEARNING_RATE, Task

    class ByHand(Layers):
        """As few calls a step as there are operations."""

        def __init__(self, task: Task, bits: int, threads: int) -> None:
            super().__init__(task, bits, threads, learns=False)
            self.one = torch.ones((), dtype=self.inputs.dtype)

        def run(self, orders: Numbers) -> None:
            with torch.inference_mode():
                for batch in batches(orders):
                    self._step(batch)

        def _step(self, batch: torch.Tensor) -> None:
            outputs = [self.inputs[batch]]
            for weights, biases in zip(self.weights, self.biases, strict=True):
                outputs.append(torch.addmm(biases, outputs[-1], weights.t()).tanh_())
            answers = outputs[-1]
            slopes = torch.sub(answers, self.targets[batch]).mul_(2 / answers.numel())
            for layer in range(len(self.weights) - 1, -1, -1):
                slopes.mul_(torch.addcmul(self.one, outputs[layer + 1], outputs[layer + 1], value=-1))
                back = slopes @ self.weights[layer] if layer else slopes
                self.weights[layer].addmm_(slopes.t(), outputs[layer], alpha=-LEARNING_RATE)
                self.biases[layer].sub_(slopes.sum(0), alpha=LEARNING_RATE)
                slopes = back

    return torch.__version__, ByHand


if __name__ == "__main__":
    serve(start)
