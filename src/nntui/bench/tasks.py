"""What all contestants are given: networks of four sizes, the same data, first weights and order of the samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.mlp.cost import backward_pass, prediction
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.mlp.table import NetworkTable
from nntui.models.model import FloatArray
from nntui.models.plans import GradientPlan

LEARNING_RATE = 0.01
CHECKED_STEPS = 10  # after which everyone's weights are held to the reference


@dataclass(frozen=True)
class Size:
    """A network and its batch; `samples` are those of an epoch, of which `epochs` are dealt out before they repeat."""

    key: str
    sizes: tuple[int, ...]
    batch: int
    samples: int
    epochs: int

    @property
    def title(self) -> str:
        """As the tables name it."""
        return f"{self.key} {'-'.join(map(str, self.sizes))}, batch {self.batch}"

    @property
    def weights(self) -> int:
        """How many weights it has, biases apart."""
        return prediction(self.sizes)

    @property
    def operations(self) -> int:
        """Floating-point operations of one sample, forward, backward and its share of the update.

        Two for each multiply-add of the matrix products; what bending takes is not counted, nor are the biases.
        """
        return 2 * (prediction(self.sizes) + backward_pass(self.sizes)) + 2 * self.weights // self.batch


SIZES: Mapping[str, Size] = {
    size.key: size
    for size in (
        Size("P", (2, 4, 2, 1), 10, 500, 100),
        Size("M", (64, 32, 10), 32, 1280, 16),
        Size("L", (784, 128, 10), 64, 2048, 2),
        Size("XL", (784, 512, 512, 10), 256, 2048, 2),
    )
}


@dataclass(frozen=True)
class Task:
    """The numbers of one size, in 64 bits; whoever computes in 32 rounds them."""

    size: Size
    inputs: FloatArray  # (samples, inputs)
    targets: FloatArray  # (samples, outputs)
    first: FloatArray  # the weights that everyone sets out from, flat, in the order of the layout
    orders: NDArray[np.int32]  # (steps, batch): which samples each step takes

    def network(self, precision: int, output: str = "tanh") -> Network:
        """The network as our rungs take it."""
        return Network(
            self.size.sizes, ACTIVATIONS["tanh"], OUTPUTS[output], LOSSES["mean squared error"],
            self.inputs, self.targets, self.inputs[:0], self.targets[:0], precision,
        )  # fmt: skip

    def plan(self, orders: NDArray[Any]) -> GradientPlan:
        """Steps of gradient descent on these samples, a row a step."""
        starts = np.arange(len(orders) + 1, dtype=np.int64) * orders.shape[1]
        moments = np.zeros((0, len(self.first)))
        return GradientPlan(orders.reshape(-1).astype(np.int64), starts, "sgd", LEARNING_RATE, 0.0, 0.0, moments)

    def reference(self, steps: int, output: str) -> FloatArray:
        """The weights after some steps, by the rung `numpy` in 64 bits."""
        rung = NumpyRung(self.network(64, output))
        rung.load(self.first)
        rung.start(self.plan(self.orders[:steps])).run(float("inf"))
        return rung.store()

    def write(self, folder: Path) -> None:
        """Lay the numbers down where every contestant can read them, whatever its language: raw, little-endian."""
        for name in ("inputs", "targets", "first"):
            (folder / f"{name}.f64").write_bytes(getattr(self, name).astype("<f8").tobytes())
        (folder / "orders.i32").write_bytes(self.orders.astype("<i4").tobytes())


def task(size: Size) -> Task:
    """The task of a size, the same on every machine."""
    dice = np.random.Generator(np.random.Philox(1))
    inputs = dice.uniform(-1.0, 1.0, (size.samples, size.sizes[0]))
    targets = np.where(dice.random((size.samples, size.sizes[-1])) < 0.5, -1.0, 1.0)
    epochs = [dice.permutation(size.samples) for _ in range(size.epochs)]
    orders = np.concatenate(epochs).astype(np.int32).reshape(-1, size.batch)
    return Task(size, inputs, targets, NetworkTable(size.sizes).initial(), orders)


def read(size: Size, folder: Path) -> Task:
    """The same, from the folder that it was written to."""

    def numbers(name: str) -> FloatArray:
        return np.fromfile(folder / f"{name}.f64", "<f8")

    return Task(
        size, numbers("inputs").reshape(size.samples, -1), numbers("targets").reshape(size.samples, -1),
        numbers("first"), np.fromfile(folder / "orders.i32", "<i4").reshape(-1, size.batch),
    )  # fmt: skip
