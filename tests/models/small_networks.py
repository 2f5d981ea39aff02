"""Networks, plans and models small enough to compute by hand, made from a few numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.network_model import NetworkModel, build
from nntui.models.mlp.numba import NumbaRung
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.model import FloatArray
from nntui.models.plans import Outcome, Rung, TwistPlan

CORNERS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
XOR = np.array([[-1.0], [1.0], [1.0], [-1.0]])


@dataclass
class Table:
    """What a model needs of a data set."""

    inputs: FloatArray
    targets: FloatArray
    name: str = "corners-xor"
    classes: tuple[str, ...] = ("-1", "+1")
    threshold: float = 0.0
    image_shape: tuple[int, int] | None = None
    test_inputs: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    test_targets: FloatArray = field(default_factory=lambda: np.zeros((0, 1)))


def network(
    sizes: tuple[int, ...], activation: str = "tanh", output: str = "tanh", loss: str = "mean squared error",
    samples: int = 12, seed: int = 0, precision: int = 64,
) -> Network:  # fmt: skip
    """A network over random data."""
    dice = np.random.Generator(np.random.Philox(seed))
    inputs = dice.uniform(-1.0, 1.0, (samples, sizes[0]))
    targets = dice.uniform(-1.0, 1.0, (samples, sizes[-1]))
    if loss == "cross-entropy":
        targets = np.eye(sizes[-1])[dice.integers(0, sizes[-1], samples)]
    codes = ACTIVATIONS[activation], OUTPUTS[output], LOSSES[loss]
    return Network(sizes, *codes, inputs, targets, inputs[: samples // 2], targets[: samples // 2], precision)


def plan(net: Network, steps: int, batch: int, seed: int = 0, reach: float = 0.3) -> TwistPlan:
    """A plan whose last batch is a partial one."""
    dice = np.random.Generator(np.random.Philox(seed + 1))
    starts = np.minimum(np.arange(steps + 1) * batch, steps * batch - batch // 2)
    return TwistPlan(
        dice.integers(0, net.layout.size, steps), dice.uniform(-1.0, 1.0, steps) * reach,
        dice.integers(0, len(net.inputs), int(starts[-1])), starts,
    )  # fmt: skip


def parameters(net: Network, seed: int = 0, reach: float = 1.0) -> FloatArray:
    return np.random.Generator(np.random.Philox(seed + 2)).uniform(-reach, reach, net.layout.size)


def bits(*arrays: Any) -> list[bytes]:
    """The bits of some numbers; one `not a number` is as good as another."""
    rows = [np.array(array, np.float64) for array in arrays]
    return [np.where(np.isnan(row), np.nan, row).tobytes() for row in rows]


def results(
    rung: Rung, flat: FloatArray, what: TwistPlan, deadlines: Callable[[], float] = lambda: float("inf")
) -> Any:
    """All that a rung makes of a plan: parameters, losses before and after, saved values, final losses; in bits."""
    rung.load(flat)
    work = rung.start(what)
    while not work.run(deadlines()):
        pass
    outcome: Outcome = work.outcome
    return bits(rung.store(), outcome.before, outcome.after, outcome.saved, rung.loss(), rung.loss("test"))


def rung_of(name: str, net: Network) -> Rung:
    return {"loops": InterpretedRung, "numpy": NumpyRung, "numba": NumbaRung}[name](net)


def model_of(table: dict[str, Any], data: Table | None = None, precision: int = 64) -> NetworkModel:
    return build(table, data or Table(CORNERS, XOR), precision)


XOR_BY_HAND = {
    "layers": [2, 2, 1],
    # The first hidden neuron says "or", the second "and"; the output says "or, but not and".
    "weights": [[[2.0, 2.0], [2.0, 2.0]], [[2.0, -2.0]]],
    "biases": [[2.0, -2.0], [-2.0]],
}


def by_hand() -> NetworkModel:
    return model_of(XOR_BY_HAND)
