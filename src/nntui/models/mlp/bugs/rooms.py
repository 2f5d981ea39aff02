"""The rooms with a bug in them: how each is entered, how it is compared with what is right, and what its lines do.

A room runs its function on the network as it stands, on copies. Beside it `gradient_step` of ../loops.py takes the
same steps from the same start: plain steps, with the learning rate that training by the gradient has here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nntui.messages import WalkName
from nntui.models.mlp import loops
from nntui.models.mlp.bugs import bug_1, bug_2, bug_3
from nntui.models.mlp.bugs.lines import LINES
from nntui.models.mlp.network import Network
from nntui.models.model import Call, Case, Compared, FloatArray, ModelError
from nntui.models.plans import GradientPlan, Plan

FEW = 4  # samples, for a learner wants to see the end of the walk
STEPS = 2  # of some_steps: what is wrong with it shows in the second
LEARNING_RATE = 0.1  # where training goes by twists, and has none

Floats: TypeAlias = tuple[float, ...]


@dataclass(frozen=True)
class Bench:
    """What a room works on: a network as it stands, some samples, and how far a step goes."""

    network: Network
    parameters: FloatArray
    inputs: list[list[float]]
    targets: list[list[float]]
    batch: list[int]
    learning_rate: float

    @property
    def bends(self) -> tuple[int, int, int]:
        """The codes of activation, output activation and loss."""
        net = self.network
        return net.activation, net.output_activation, net.loss

    def zeros(self) -> tuple[Any, Any]:
        """A row of zeros for every row of weights and biases."""
        return self.network.listed(np.zeros(self.network.layout.size))

    def data(self) -> tuple[Any, ...]:
        """What all functions over several samples begin with, on lists of their own."""
        weights, biases = self.network.listed(self.parameters)
        return weights, biases, self.inputs, self.targets, self.batch, *self.bends, self.network.scratch()

    def gradients(self) -> tuple[Any, ...]:
        """Room for total_gradients, weight_gradients and bias_gradients."""
        return self.network.scratch(), *self.zeros()


# ---------------------------------------------------------------- the three rooms


def _first(bench: Bench) -> Call:
    net = bench.network
    weights, biases = net.listed(bench.parameters)
    inputs, target = bench.inputs[bench.batch[0]], bench.targets[bench.batch[0]]
    arguments = (weights, biases, inputs, target, *bench.bends, net.scratch(), net.scratch())
    return Call(bug_1.step_on_a_sample, (*arguments, bench.learning_rate, net.train_biases))


def _second(bench: Bench) -> Call:
    rate, train_biases = bench.learning_rate, bench.network.train_biases
    return Call(bug_2.some_steps, (*bench.data(), *bench.gradients(), rate, train_biases, STEPS))


def _third(bench: Bench) -> Call:
    rate, train_biases = bench.learning_rate, bench.network.train_biases
    return Call(bug_3.step_on_samples, (*bench.data(), *bench.gradients(), rate, train_biases))


ROOMS: dict[WalkName, Callable[[Bench], Call]] = {"bug 1": _first, "bug 2": _second, "bug 3": _third}


def enter(
    what: WalkName, net: Network, parameters: FloatArray, looked_at: tuple[Floats, Floats | None], plan: Plan
) -> Call:
    """The call that is walked in a room: bug 1 on the sample looked at, the others on the first few of the next batch.

    ModelError where what is wrong with it would make no difference.
    """
    rate = plan.learning_rate if isinstance(plan, GradientPlan) else LEARNING_RATE
    if what == "bug 1":
        inputs, target = looked_at
        if target is None:
            raise ModelError("a step needs a target, and the typed input has none; `sample 0` looks at one that has")
        bench = Bench(net, parameters, [list(inputs)], [list(target)], [0], rate)
    else:
        batch = plan.order[plan.starts[0] : plan.starts[1]].tolist()[:FEW]
        if len(batch) < 2:
            batch = list(range(min(FEW, len(net.inputs))))
        bench = Bench(net, parameters, net.inputs.tolist(), net.targets.tolist(), batch, rate)
    return _call(what, bench)


def _call(what: WalkName, bench: Bench) -> Call:
    if what == "bug 1" and len(bench.network.sizes) < 3:
        raise ModelError("bug 1 needs a hidden layer, to hand gradients back to; this network has none")
    if what == "bug 3" and len(bench.batch) < 2:
        raise ModelError("bug 3 needs two samples at least, to gather gradients from; here is one")
    entered = ROOMS[what](bench)
    lines = LINES[what]
    case = Case(lines.guilty, lines.innocent, lines.hint, lambda: compare(bench, ROOMS[what](bench)))
    return Call(entered.function, entered.arguments, case)


# ---------------------------------------------------------------- wrong and right


def right_steps(bench: Bench, steps: int) -> FloatArray:
    """The parameters after the same steps taken rightly."""
    data = bench.data()
    for step in range(steps):
        plain = (loops.SGD, bench.learning_rate, 0.0, 0.0, bench.network.train_biases, step + 1)
        arguments: tuple[Any, ...] = (*data, *bench.gradients(), *plain, *bench.zeros(), *bench.zeros())
        loops.gradient_step(*arguments)
    return bench.network.flat(*data[:2])


def compare(bench: Bench, wrong: Call) -> Compared:
    """Run a room's call to its end, and the right steps beside it."""
    net, steps = bench.network, STEPS if wrong.function is bug_2.some_steps else 1
    wrong.function(*wrong.arguments)
    after = net.flat(*wrong.arguments[:2])
    should = right_steps(bench, steps)
    apart = int(np.argmax(np.nan_to_num(np.abs(after - should), nan=np.inf)))
    was = bench.parameters[apart]
    return Compared(
        steps, len(bench.batch), _loss(bench, bench.parameters), _loss(bench, after), _loss(bench, should),
        net.layout.address(apart), float(after[apart] - was), float(should[apart] - was),
    )  # fmt: skip


def _loss(bench: Bench, parameters: FloatArray) -> float:
    """The loss over the samples that the steps are taken on."""
    weights, biases = bench.network.listed(parameters)
    return float(
        loops.batch_loss(
            weights, biases, bench.inputs, bench.targets, bench.batch, *bench.bends, bench.network.scratch()
        )
    )
