"""The network as the engine knows it: the Model interface over one Network and its rungs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nntui.autograd.graph import Graph
from nntui.messages import Result, Split, StagesView, WalkName, Why
from nntui.models.mlp import (
    along,
    confusion,
    cost,
    diagram,
    folding,
    ladder,
    loops,
    pictures,
    reasons,
    scalar,
    twist_sweep,
)
from nntui.models.mlp.bugs import rooms
from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OPTIMIZERS, OUTPUTS, Network, name_of
from nntui.models.mlp.numpy import batch_gradient, batch_loss, predict
from nntui.models.mlp.table import NetworkTable
from nntui.models.model import (
    NO_MARKS,
    Call,
    Choice,
    FloatArray,
    IntArray,
    Layout,
    Look,
    Marks,
    ModelError,
    Seen,
    no_such_sample,
)
from nntui.models.plans import Plan, RungInfo, TwistPlan

LOOPS_AT_MOST = 10_000  # multiply-adds (about a millisecond) that are worth the very bits of the loops


class Data(Protocol):
    """What the network needs of a data set: its two splits, and what its columns and classes mean."""

    name: str
    inputs: FloatArray
    targets: FloatArray
    test_inputs: FloatArray
    test_targets: FloatArray
    classes: tuple[str, ...]
    image_shape: tuple[int, int] | None
    threshold: float  # for two classes told by one output: which side of it an answer lies


class NetworkModel:
    """A network with its data."""

    kind = "mlp"
    units: Mapping[str, str] = {"neuron": "neuron", "layer": "layer", "sample": "sample"}
    directions: Mapping[str, str] = {"twist": "down", "gradient": "down"}

    def __init__(self, table: NetworkTable, data: Data, precision: int) -> None:
        self.table = table
        self.data = data
        self.network = Network(
            table.layers, ACTIVATIONS[table.activation], OUTPUTS[table.output], LOSSES[table.loss],
            data.inputs, data.targets, data.test_inputs, data.test_targets, precision, table.train == "all",
        )  # fmt: skip
        self.layout: Layout = self.network.layout
        self.samples, self.test_samples = len(data.inputs), len(data.test_inputs)

    @cached_property
    def rungs(self) -> Mapping[str, RungInfo]:
        """The ladder."""
        return ladder.rungs(self.network)

    @property
    def settings(self) -> Mapping[str, Choice]:
        """Layers and activations; softmax and cross-entropy go together."""
        sizes, curves = self.table.layers, tuple(ACTIVATIONS)
        by_class = self.network.loss == loops.CROSS_ENTROPY
        hint = f"sizes from the inputs, {sizes[0]}, to the outputs, {sizes[-1]}, as in {sizes[0]},4,{sizes[-1]}"
        return {
            "layers": Choice(",".join(str(size) for size in sizes), hint=hint),
            "activation": Choice(self.table.activation, curves),
            "output": Choice(self.table.output, ("softmax",) if by_class else curves),
        }

    @cached_property
    def first(self) -> str:
        """The first weight to look at: of pixels, one that is not blank in every sample, or turning it does nothing."""
        spread = self.network.inputs.std(axis=0)
        source = int(spread.argmax()) if not spread[0] else 0
        return f"weights[0][0][{source}]"

    def describe(self) -> tuple[str, str]:
        """The network and its data, a phrase each."""
        t = self.table
        bend = t.activation if t.activation == t.output else f"{t.activation}, {t.output} output"
        sizes = "-".join(str(size) for size in t.layers)
        samples = f"{self.samples:,} samples of {self.data.name}"
        bend += "" if t.train == "all" else ", only its weights trained"
        return f"{sizes} {bend}", samples + (f", {self.test_samples:,} more to test" if self.test_samples else "")

    def initial(self) -> FloatArray:
        """The parameters at step 0."""
        return self.table.initial()

    def allowed(self, index: int, value: float) -> str:  # noqa: ARG002 - all parameters may have all finite values
        """Why this parameter may not have this value; empty where it may."""
        return "" if math.isfinite(value) else "a weight must be a finite number"

    @cached_property
    def _loops(self) -> InterpretedRung:
        return InterpretedRung(self.network)

    def loss(self, parameters: FloatArray, split: str = "train") -> float:
        """The loss over a split: by the loops where that is cheap, elsewhere by arrays (other last bits)."""
        inputs, targets = self.network.split(split)
        if not len(inputs):
            return math.nan
        if self.layout.size * len(inputs) <= LOOPS_AT_MOST:
            self._loops.load(parameters)
            return self._loops.loss(split)
        net = self.network
        return batch_loss(
            net.weights(parameters), net.biases(parameters), inputs, targets, np.arange(len(inputs)),
            net.activation, net.output_activation, net.loss,
        )  # fmt: skip

    def losses(
        self, parameters: FloatArray, index: int, values: FloatArray, samples: IntArray | None = None
    ) -> FloatArray:
        """The training losses with one parameter set to each of these values, by arrays."""
        return along.losses(self.network, parameters, index, values, samples)

    def twisted(
        self, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None
    ) -> FloatArray:
        """The losses with one of these parameters at a time changed by its twist."""
        return twist_sweep.losses_by_twists(self.network, parameters, indices, twists, samples)

    def reached(self, index: int) -> int:
        """About how many multiply-adds it takes to predict one sample anew when this parameter has changed."""
        return cost.reached(self.network.sizes, int(self.network.places[index][0]))

    @property
    def gradient_cost(self) -> float:
        """What backpropagation costs for one sample, in predictions."""
        return cost.gradient_cost(self.network.sizes)

    def operations(self, method: str) -> float:
        """The operations that a step takes for one sample: forwards and back, or two predictions around a twist."""
        forwards = cost.prediction(self.network.sizes)
        return 2.0 * (forwards + (cost.backward_pass(self.network.sizes) if method == "gradient" else forwards))

    def gradient(self, parameters: FloatArray, samples: IntArray | None = None) -> FloatArray:
        """How the loss over some training samples (their numbers; all by default) changes with each parameter."""
        net, found = self.network, np.zeros(self.layout.size)
        batch_gradient(
            net.weights(parameters), net.biases(parameters), net.inputs, net.targets,
            np.arange(self.samples) if samples is None else samples,
            net.activation, net.output_activation, net.loss, None, None, net.weights(found), net.biases(found),
        )  # fmt: skip
        return found

    def answers(self, parameters: FloatArray, inputs: FloatArray) -> FloatArray:
        """The answers to many samples, (samples, outputs), by arrays."""
        net = self.network
        with np.errstate(all="ignore"):
            weights, biases = net.weights(parameters), net.biases(parameters)
            return predict(weights, biases, inputs, net.activation, net.output_activation).astype(np.float64)

    def outputs(self, parameters: FloatArray, inputs: tuple[float, ...]) -> list[list[float]]:
        """outputs[layer][neuron] for one sample, by the loops."""
        net = self.network
        outputs = net.scratch()
        weights = [layer.tolist() for layer in net.weights(parameters)]
        biases = [layer.tolist() for layer in net.biases(parameters)]
        loops.predict(weights, biases, list(inputs), net.activation, net.output_activation, outputs)
        return outputs

    def call(self, what: WalkName, parameters: FloatArray, look: Look, plan: Plan) -> Call:
        """The call that is walked, on nested lists of its own."""
        net = self.network
        if what in folding.STAGES:
            samples = min(int(plan.starts[1] - plan.starts[0]), folding.MOST_WALKED)
            return folding.call(net, what, parameters, samples)
        weights = [layer.tolist() for layer in net.weights(parameters)]
        biases = [layer.tolist() for layer in net.biases(parameters)]
        bends = (net.activation, net.output_activation)
        if what == "predict":
            inputs, _ = self.looked_at(look)
            return Call(loops.predict, (weights, biases, list(inputs), *bends, net.scratch()))
        if what in rooms.ROOMS:
            return rooms.enter(what, net, parameters, self.looked_at(look), plan)
        data = net.inputs.tolist(), net.targets.tolist(), plan.order[plan.starts[0] : plan.starts[1]].tolist()
        rest = (*data, *bends, net.loss, net.scratch())
        if isinstance(plan, TwistPlan):
            layer, neuron, source = net.places[plan.parameters[0]].tolist()
            return Call(loops.try_a_twist, (weights, biases, layer, neuron, source, float(plan.amounts[0]), *rest))
        gradients = net.listed(np.zeros(self.layout.size))
        # What this optimizer does not remember it does not touch: zeros will do in its place.
        unused = net.listed(np.zeros(self.layout.size))
        moments = [rows for row in plan.moments for rows in net.listed(row)] + 2 * [*unused]
        return Call(
            loops.gradient_step,
            (
                weights, biases, *rest, net.scratch(), *gradients, OPTIMIZERS[plan.optimizer],
                plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases, plan.taken + 1, *moments[:4],
            ),
        )  # fmt: skip

    def stages(self, parameters: FloatArray, samples: int) -> StagesView:
        """The loops folded into arrays one by one, each compared with the one before on the first training samples."""
        return folding.compare(self.network, parameters, samples)

    def stage_difference(self, parameters: FloatArray, samples: int) -> float:
        """The largest difference between one stage and the next."""
        return folding.difference(self.network, parameters, samples)

    def first_inputs(self, samples: int) -> FloatArray:
        """The inputs of the first training samples, (samples, inputs)."""
        return self.network.inputs[:samples].copy()

    def looked_at(self, look: Look) -> tuple[tuple[float, ...], tuple[float, ...] | None]:
        """The inputs of a look, and its target where it has one: a typed input that is a sample has that sample's."""
        net = self.network
        if not look.typed:
            inputs, targets = net.split(look.split)
            if not 0 <= look.sample < len(inputs):
                raise ModelError(no_such_sample(look, len(inputs)))
            return tuple(inputs[look.sample].tolist()), tuple(targets[look.sample].tolist())
        if len(look.typed) != net.sizes[0]:
            raise ModelError(f"input needs {net.sizes[0]} numbers for this network, not {len(look.typed)}")
        same = np.flatnonzero((net.inputs == np.array(look.typed)).all(axis=1))
        return look.typed, tuple(net.targets[same[0]].tolist()) if len(same) else None

    def see(self, parameters: FloatArray, look: Look) -> Seen:
        """What comes out for one sample or typed input."""
        inputs, target = self.looked_at(look)
        answer = tuple(self.outputs(parameters, inputs)[-1])
        verdict = (
            "" if target is None or not self.data.classes else ("right" if self.right(answer, target) else "wrong")
        )
        best = wanted = ""
        if len(self.data.classes) == len(answer) > 1:
            best = self.data.classes[int(np.argmax(answer))]
            wanted = "" if target is None else self.data.classes[int(np.argmax(target))]
        return Seen(look.name, inputs, answer, target, verdict, best, wanted)

    def right(self, answer: tuple[float, ...], target: tuple[float, ...]) -> bool:
        """Whether an answer names the class of its target."""
        return bool(self.all_right(np.array([answer]), np.array([target]))[0])

    def accuracy(self, parameters: FloatArray, split: str = "train") -> float:
        """The share of a split whose class is answered rightly; `nan` for regression or an empty split."""
        inputs, targets = self.network.split(split)
        if not self.data.classes or not len(inputs):
            return math.nan
        return float(self.all_right(self.answers(parameters, inputs), targets).mean())

    def all_right(self, answers: FloatArray, targets: FloatArray) -> NDArray[np.bool_]:
        """Which answers name the class of their target, shape (samples,)."""
        if answers.shape[1] == 1:
            return np.asarray(((answers > self.data.threshold) == (targets > self.data.threshold))[:, 0])
        return np.asarray(answers.argmax(axis=1) == targets.argmax(axis=1))

    def mistakes(self, parameters: FloatArray, split: Split) -> IntArray:
        """The numbers of the samples of a split that are answered wrongly, shape (mistakes,)."""
        if not self.data.classes:
            raise ModelError(f"{self.data.name} has no classes, and so no answer is a mistake")
        inputs, targets = self.network.split(split)
        if not len(inputs):
            return np.zeros(0, np.int64)
        return np.flatnonzero(~self.all_right(self.answers(parameters, inputs), targets)).astype(np.int64)

    def reading_names(self) -> tuple[str, ...]:
        """The readings that `expect` can name; an address of a weight, bias or output is one too."""
        shares = ("accuracy", "test_accuracy") if self.data.classes else ()
        return ("loss", "test_loss", *shares, "output", "outputs[0][0]", "weights[0][0][0]")

    def reading(self, parameters: FloatArray, look: Look, name: str) -> float:
        """The value of a reading."""
        if name in ("loss", "test_loss"):
            return self.loss(parameters, "test" if name == "test_loss" else "train")
        if name in ("accuracy", "test_accuracy"):
            if not self.data.classes:
                raise ModelError(f"there is no {name}: {self.data.name} has no classes")
            return self.accuracy(parameters, "test" if name == "test_accuracy" else "train")
        if name.startswith("output"):
            layer, neuron = self.output_address(name)
            return self.outputs(parameters, self.looked_at(look)[0])[layer][neuron]
        return float(parameters[self.layout.index(name)])

    def output_address(self, name: str) -> tuple[int, int]:
        """Layer and neuron of `output`, `output[1]` or `outputs[1][0]`; ModelError where there is none."""
        sizes, last = self.network.sizes, len(self.network.sizes) - 2
        numbers = [int(n) for n in re.findall(r"\[([0-9]{1,6})\]", name)]
        if re.fullmatch(r"output(\[[0-9]{1,6}\])?", name):
            layer, neuron = last, (numbers or [0])[0]
        elif re.fullmatch(r"outputs\[[0-9]{1,6}\]\[[0-9]{1,6}\]", name):
            layer, neuron = numbers
        else:
            raise ModelError(f"there is no value '{name[:40]}'; outputs go from outputs[0][0] to {self._last_output()}")
        if layer > last or neuron >= sizes[layer + 1]:
            raise ModelError(f"there is no {name[:40]}; outputs go from outputs[0][0] to {self._last_output()}")
        return layer, neuron

    def _last_output(self) -> str:
        sizes = self.network.sizes
        return f"outputs[{len(sizes) - 2}][{sizes[-1] - 1}]"

    def why(self, parameters: FloatArray, look: Look, name: str) -> Why:
        """Open an output or the loss into what made it."""
        return reasons.why(self, parameters, look, name)

    def loss_graph(self, parameters: FloatArray, look: Look) -> Graph:
        """The loss of one sample as a graph of single numbers."""
        return scalar.loss_graph(self, parameters, look)

    def view(
        self, parameters: FloatArray, look: Look, view: str, size: tuple[int, int], marks: Marks = NO_MARKS
    ) -> Result:
        """The network as a table, as it is drawn, or the picture of its answers."""
        if view == "network":
            return pictures.network(self, parameters, look)
        if view == "diagram":
            drawn = diagram.diagram(self, parameters, look, size, marks)
            return diagram.with_gradient(self, parameters, drawn) if marks.edges == "gradient" else drawn
        if view == "confusion":
            return confusion.confusion(self, parameters)
        return pictures.picture(self, parameters, look, size, marks)

    def names(self) -> tuple[str, str, str]:
        """Activation, output activation and loss by name."""
        net = self.network
        return name_of(net.activation, ACTIVATIONS), name_of(net.output_activation, OUTPUTS), name_of(net.loss, LOSSES)


def build(table: Mapping[str, Any], data: Data, precision: int) -> NetworkModel:
    """Make the model of a `[model]` table without problems."""
    return NetworkModel(NetworkTable.of(table), data, precision)
