"""The rung `numba-generated`: code written for this very network, and compiled.

The one idea is that a compiler knows only what it is told. Here the code is told "2 inputs, 4 neurons, 2 neurons, 1
output", and no loop over neurons is left: every neuron is a line of its own, every weight has its place, what is
between stays in registers, and the samples of a batch lie in the lanes of vectors. FFTW writes its inner kernels in
this way (Frigo and Johnson 2005, "The design and implementation of FFTW3").

The module is written by generator.py into the cache folder; that file is what is run, what is kept compiled, and shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.compiled import COPIED_IN, UNCOUNTED, cache_folder, jit, jitable
from nntui.models.mlp.array_rung import ArrayRung, Pieces, step_pieces
from nntui.models.mlp.generator import LANES, Writer
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats
from nntui.models.plans import GradientPlan, TwistPlan

CACHE_LINE = 64  # bytes that memory hands over at once


def written(network: Network) -> Path:
    """The file of the module for a network; written where it is not there yet."""
    text = Writer(network).module()
    sizes = "-".join(map(str, network.sizes[:6]))
    name = f"network_{sizes}_{network.precision}_{hashlib.sha256(text.encode()).hexdigest()[:12]}.py".replace("-", "_")
    for folder in (cache_folder() / "generated", Path(tempfile.gettempdir()) / f"nntui-{os.getuid()}"):
        path = folder / name
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
    jitable(module.batch_loss, **UNCOUNTED, **COPIED_IN)
    return {each: jit(getattr(module, each), **UNCOUNTED) for each in ("train_by_twists", "train_by_gradients")}


class GeneratedRung(ArrayRung):
    """The parameters in one array, in the order of the layout, filled up to whole vectors."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.source_file = written(network)
        self._functions = compiled(self.source_file)
        self._parameters = self._padded(np.zeros(network.layout.size))
        self._flat = self._parameters[: network.layout.size]
        self._answers = np.zeros(network.sizes[-1] * LANES, self._type)

    def _padded(self, row: FloatArray) -> NDArray[Any]:
        """A copy in this precision, filled up with zeros to whole vectors, of which none is split by a cache line."""
        room = np.zeros(len(row) + -len(row) % LANES + CACHE_LINE // 4, self._type)
        first = -room.ctypes.data % CACHE_LINE // room.itemsize
        padded = room[first : first + len(row) + -len(row) % LANES]
        padded[: len(row)] = row
        return padded

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        for first, end in step_pieces(plan, self.network):
            self._functions["train_by_twists"](
                self._parameters, plan.parameters, plan.amounts, *self._splits["train"], plan.order, plan.starts,
                first, end, self._answers, saved, before, after,
            )  # fmt: skip
            yield

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        net = self.network
        trains, decays = np.ones(net.layout.size), np.zeros(net.layout.size)
        for weights in net.weights(decays):
            weights[:] = plan.learning_rate * plan.weight_decay
        if not net.train_biases:
            for biases in net.biases(trains):
                biases[:] = 0.0
        rates = self._padded(trains * plan.learning_rate)
        rows = [self._padded(row) for row in moments]
        velocities, squares = [*rows, rates, rates][:2]  # what this optimizer does not remember it does not touch
        for first, end in step_pieces(plan, net):
            self._functions["train_by_gradients"](
                self._parameters, *self._splits["train"], plan.order, plan.starts, first, end, self._answers,
                OPTIMIZERS[plan.optimizer], plan.momentum, rates, self._padded(decays), plan.taken,
                velocities, squares, before,
            )  # fmt: skip
            for own, row in zip(moments, rows, strict=True):
                own[net.layout.trainable] = row[net.layout.trainable]
            yield

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        """A twist of nothing tells the loss."""
        before, after, saved = np.zeros(1), np.zeros(1), np.zeros(1)
        self._functions["train_by_twists"](
            self._parameters, np.zeros(1, np.int64), np.zeros(1), inputs, targets, np.arange(len(inputs)),
            np.array([0, len(inputs)]), 0, 1, self._answers, saved, before, after,
        )  # fmt: skip
        return float(before[0])


def prepare(network: Network) -> GeneratedRung:
    """Make a rung whose code is written and compiled for this network."""
    rung = GeneratedRung(network)
    rung.warm_up()
    return rung
