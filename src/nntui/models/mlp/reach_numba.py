"""The loops of reach.py, compiled as they stand: what `benchmarks/slopes.py` measures beside the arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.mlp import loops, reach
from nntui.models.mlp.network import Network
from nntui.models.mlp.twisting import chosen
from nntui.models.model import FloatArray, IntArray

Loops: TypeAlias = Callable[..., None]


def compiled(net: Network) -> Loops:
    """The loops of reach.py as machine code for networks of this depth; takes seconds where they are not cached."""
    jitable(loops.activate, **UNCOUNTED, **COPIED_IN)
    jitable(loops.sample_loss, **UNCOUNTED, **COPIED_IN)
    jitable(loops.softmax, **UNCOUNTED)
    for function in (reach.remember_all, reach.bend, reach.go_on, reach.loss_after_a_twist):
        jitable(function, **UNCOUNTED)
    run = jit(reach.losses_by_twists, **UNCOUNTED)
    one = np.zeros(1, np.int64)
    by_loops(net, run, np.zeros(net.layout.size), one, np.zeros(1), one)
    return run


def by_loops(
    net: Network, run: Loops, parameters: FloatArray, indices: IntArray, twists: FloatArray,
    samples: IntArray | None = None,
) -> FloatArray:  # fmt: skip
    """The same as twisting.losses_by_twists, by the loops of reach.py, compiled or as they stand."""
    inputs, targets = chosen(net, samples)
    layers, neurons, sources = np.ascontiguousarray(net.places[indices].T)
    rooms: list[tuple[Any, ...]] = [tuple(np.empty((len(inputs), n)) for n in net.sizes[1:]) for _ in range(2)]
    found = np.empty(len(twists))
    run(
        net.weights(parameters), net.biases(parameters), layers, neurons, sources, np.asarray(twists, np.float64),
        inputs, targets, net.activation, net.output_activation, net.loss,
        *rooms, tuple(np.empty(n) for n in net.sizes[1:]), found,
    )  # fmt: skip
    return found
