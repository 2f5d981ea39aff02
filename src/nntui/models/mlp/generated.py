"""The rung `numba-generated`: code written for this very network, and compiled.

The one idea is that a compiler knows only what it is told. Here the code is told "2 inputs, 4 neurons, 2 neurons, 1
output", and no loop over neurons is left: every neuron is a line of its own, every weight has its place, what is
between stays in registers, and the samples of a batch lie in the lanes of vectors. FFTW writes its inner kernels in
this way (Frigo and Johnson 2005, "The design and implementation of FFTW3").

Of a network with more than some 200 weights that would be too long to compile: there it is the loops over tiles of
products of matrices that are written for its very sizes.

The module is written by generator.py or generator_rolled.py into the cache folder; that file is what is run, what is
kept compiled, and shown.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models import lanes
from nntui.models.compiled import UNCOUNTED, cache_folder, jit, jitable
from nntui.models.mlp.array_rung import ArrayRung, Pieces, step_pieces
from nntui.models.mlp.generator import MOST_UNROLLED, Writer
from nntui.models.mlp.generator_rolled import RolledWriter
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats
from nntui.models.plans import GradientPlan, TwistPlan

CACHE_LINE = 64  # bytes that memory hands over at once
WIDEST = 512  # bits of a vector; a processor that has those has 32 registers for them, others may have 16
TALL, LOW = 8, 4  # rows of a tile: with two vectors in each, its sums take half of the registers


def writer(network: Network) -> Writer | RolledWriter:
    """Who writes the module: neuron by neuron where there are few of them, otherwise in loops over tiles."""
    if network.layout.size <= MOST_UNROLLED:
        return Writer(network)
    wide = lanes.width(network.precision)
    return RolledWriter(network, wide, rows=TALL if wide * network.precision == WIDEST else LOW)


@cache
def passing_folder() -> Path:
    """A folder of this process alone, for where nothing can be kept; it goes when the process ends."""
    made = tempfile.mkdtemp(prefix="nntui-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def written(network: Network) -> Path:
    """The file of the module for a network; written where it is not there yet."""
    text = writer(network).module()
    sizes = "-".join(map(str, network.sizes[:6]))
    name = f"network_{sizes}_{network.precision}_{hashlib.sha256(text.encode()).hexdigest()[:12]}.py".replace("-", "_")
    folders: tuple[Callable[[], Path], ...] = (lambda: cache_folder() / "generated", passing_folder)
    for folder in folders:
        with contextlib.suppress(OSError):
            path = folder() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_text() != text:
                other = path.with_name(f"{name}.{os.getpid()}")
                other.write_text(text)
                other.replace(path)  # at once: no other process sees half a file
            return path
    raise OSError("there is no folder in which generated code can be written")


@cache
def compiled(path: Path) -> dict[str, Any]:
    """Import a generated module and compile its functions (or fetch them from the cache)."""
    name = f"nntui_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    for part in module.PARTS:
        jitable(part, **UNCOUNTED)
    return {each: jit(getattr(module, each), **UNCOUNTED) for each in ("train_by_twists", "train_by_gradients")}


class GeneratedRung(ArrayRung):
    """The parameters in one array, where the module expects them, in whole vectors."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.source_file = written(network)
        self._functions = compiled(self.source_file)
        self._plan = writer(network)
        for name, (inputs, targets) in self._splits.items():
            wide = np.zeros((len(inputs), self._plan.columns), self._type)
            wide[:, : network.sizes[0]] = inputs
            self._splits[name] = wide, targets
        self._parameters = self._padded(np.zeros(network.layout.size))
        self._room = self._aligned(self._plan.room)

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters to where they belong, rounded to this precision."""
        self._parameters[self._plan.places] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._parameters[self._plan.places].astype(np.float64)

    def _aligned(self, length: int) -> NDArray[Any]:
        """So many zeros, which begin where a cache line does: then no vector is split by one."""
        room = np.zeros(length + CACHE_LINE // 4, self._type)
        first = -room.ctypes.data % CACHE_LINE // room.itemsize
        return room[first : first + length]

    def _padded(self, row: Any) -> NDArray[Any]:
        """A number for each parameter, where the module expects it."""
        padded = self._aligned(self._plan.length)
        padded[self._plan.places] = row
        return padded

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        places = self._plan.places[plan.parameters]
        for first, end in step_pieces(plan, self.network):
            self._functions["train_by_twists"](
                self._parameters, places, plan.amounts, *self._splits["train"], plan.order, plan.starts,
                first, end, self._room, saved, before, after,
            )  # fmt: skip
            yield

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        net = self.network
        rates = self._rates(plan)
        rows = [self._padded(row) for row in moments]
        velocities, squares = [*rows, self._room, self._room][:2]  # what it does not remember it does not touch
        for first, end in step_pieces(plan, net):
            self._functions["train_by_gradients"](
                self._parameters, *self._splits["train"], plan.order, plan.starts, first, end, self._room,
                OPTIMIZERS[plan.optimizer], plan.momentum, rates, plan.taken, velocities, squares, before,
            )  # fmt: skip
            yield
        trained = net.layout.trainable
        for own, row in zip(moments, rows, strict=True):
            own[trained] = row[self._plan.places[trained]]

    def _rates(self, plan: GradientPlan) -> NDArray[Any]:
        """How fast weights and biases move, and what share of themselves weights lose at each step.

        Where all is written out, there is a number for each parameter, otherwise one for all weights, one for biases.
        """
        net = self.network
        rate, share = plan.learning_rate, plan.learning_rate * plan.weight_decay
        of_biases = rate if net.train_biases else 0.0
        if isinstance(self._plan, RolledWriter):
            return np.array([rate, of_biases, share])
        rates, decays = np.full(net.layout.size, rate), np.zeros(net.layout.size)
        for weights, biases in zip(net.weights(decays), net.biases(rates), strict=True):
            weights[:], biases[:] = share, of_biases
        both = self._aligned(2 * self._plan.length)
        both[self._plan.places], both[self._plan.length + self._plan.places] = rates, decays
        return both

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        """A twist of nothing tells the loss."""
        before, after, saved = np.zeros(1), np.zeros(1), np.zeros(1)
        self._functions["train_by_twists"](
            self._parameters, np.zeros(1, np.int64), np.zeros(1), inputs, targets, np.arange(len(inputs)),
            np.array([0, len(inputs)]), 0, 1, self._room, saved, before, after,
        )  # fmt: skip
        return float(before[0])


def prepare(network: Network) -> GeneratedRung:
    """Make a rung whose code is written and compiled for this network."""
    rung = GeneratedRung(network)
    rung.warm_up()
    return rung
