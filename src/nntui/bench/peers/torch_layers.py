"""What the three ways of PyTorch share: the task as tensors, and the loss of a batch."""

from __future__ import annotations

from typing import Any

import torch

from nntui.bench.peers.serving import Numbers, flat, rows
from nntui.bench.tasks import Task
from nntui.models.model import FloatArray


class Layers:
    """The network as tensors, and its data."""

    def __init__(self, task: Task, bits: int, threads: int, learns: bool) -> None:
        torch.set_num_threads(threads)
        kind = torch.float32 if bits == 32 else torch.float64
        self.inputs = torch.tensor(task.inputs, dtype=kind)
        self.targets = torch.tensor(task.targets, dtype=kind)
        weights, biases = rows(task, bits)
        self.weights = [torch.tensor(w, requires_grad=learns) for w in weights]
        self.biases = [torch.tensor(b, requires_grad=learns) for b in biases]

    def loss(self, batch: Any) -> Any:
        """The mean squared error of the samples of a batch."""
        outputs = self.inputs[batch]
        for weights, biases in zip(self.weights, self.biases, strict=True):
            outputs = torch.tanh(torch.nn.functional.linear(outputs, weights, biases))
        return torch.nn.functional.mse_loss(outputs, self.targets[batch])

    def parameters(self) -> FloatArray:
        """The weights and biases, flat."""
        return flat([w.detach().numpy() for w in self.weights], [b.detach().numpy() for b in self.biases])


def batches(orders: Numbers) -> Any:
    """A row of sample numbers for each step."""
    return torch.tensor(orders, dtype=torch.int64).unbind()
