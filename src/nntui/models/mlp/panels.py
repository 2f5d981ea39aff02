"""Where the numbers of a network stand for the rung `numba-fused`: weights in panels, outputs in rows.

A panel holds the weights of two vectors of neurons (the last one of a layer may be one vector wide), source by source:
panel[source][neuron], then panel[biases][neuron]. So what the microkernel reads one after another lies one after
another. Sources are filled up to a multiple of 4, the rows of a tile, and neurons to a whole vector, with 0.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nntui.models.lanes import width
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, IntArray

DEEP = 256  # terms of a sum that are added up at once, at most
LOSSES, TWISTS, GRADIENTS = 0, 1, 2  # what is done with the losses of a task: nothing, or a step of training
LINE = 64  # bytes of a cache line, and of the widest vector


class Net(NamedTuple):
    """The fixed part of a network, as compiled code takes it: one signature serves all sizes and depths."""

    sizes: IntArray  # of each layer, the inputs first
    rows: IntArray  # where a layer's outputs begin; those of layer 0 are the inputs
    steps: IntArray  # from one sample's outputs to the next one's, in each layer
    panels: IntArray  # where a layer's weights begin
    activation: int
    output_activation: int
    loss: int


class Room(NamedTuple):
    """What is read and written, all flat. Weights, gradients and moments stand in panels, in the same places."""

    weights: NDArray[Any]
    gradients: NDArray[Any]  # sums over samples
    velocities: NDArray[Any]
    squares: NDArray[Any]
    outputs: NDArray[Any]  # of a block of samples
    totals: NDArray[Any]  # in the places of the outputs: how the loss changes with each neuron's total
    panels: NDArray[Any]  # those of a layer once more, in panels as the weights are: panels[sample][neuron]
    targets: NDArray[Any]
    turned: NDArray[Any]  # a part of the weights with source and neuron exchanged, for each worker
    nothing: NDArray[Any]  # two vectors of 0
    losses: FloatArray  # of each sample of a block


class Data(NamedTuple):
    """Samples, a row each."""

    inputs: NDArray[Any]
    targets: NDArray[Any]


class Task(NamedTuple):
    """What is to be done, block by block: block i is order[begins[i]:ends[i]], the whole or a part of step steps[i].

    With twists a step is only half of one: the loss before it is computed in an even one, that after it in an odd one.
    """

    method: int
    order: IntArray
    begins: IntArray
    ends: IntArray
    steps: IntArray
    sizes: IntArray  # how many samples a step has
    places: IntArray  # of the weights that are twisted, in the panels
    amounts: FloatArray  # and by how much
    saved: FloatArray  # and what they were before
    optimizer: int
    learning_rate: float
    momentum: float
    weight_decay: float
    train_biases: bool
    taken: int  # steps that were taken before


def fours(count: int) -> int:
    """Filled up to a multiple of 4."""
    return (count + 3) // 4 * 4


def aligned(count: int, kind: Any) -> NDArray[Any]:
    """Zeros that begin at a cache line: a vector that lies across two of them takes twice as long to fetch."""
    size = np.dtype(kind).itemsize
    whole = np.zeros(count + LINE // size, kind)
    first = -whole.ctypes.data % LINE // size
    return whole[first : first + count]


def room_for(net: Net, length: int, block: int, workers: int, kind: type[np.floating[Any]]) -> Room:
    """Room for panels of some length, a block of so many samples, and so many workers."""
    outputs, answers = int(net.rows[-1] + net.steps[-1] * block), int(net.steps[-1] * block)
    copies = int(net.steps[0] * block) * (workers - 1)  # of the inputs
    two = 2 * width(8 * np.dtype(kind).itemsize)
    lengths = {
        "outputs": outputs + copies, "totals": outputs, "panels": outputs, "targets": answers,
        "turned": workers * DEEP * two, "nothing": two,
    }  # fmt: skip
    return Room(
        losses=np.zeros(block), **{name: aligned(lengths.get(name, length), kind) for name in Room._fields[:-1]}
    )


def lay_out(network: Network, block: int) -> tuple[Net, IntArray, int]:
    """The network for compiled code, the place of each parameter in the panels, and how long those are together.

    `block` is the number of samples that there is room for.
    """
    lanes, sizes = width(network.precision), np.array(network.sizes)
    vectors = -(-np.array([fours(size) for size in network.sizes]) // lanes)
    # An even number of cache lines from row to row would put a column into a few places of the cache.
    steps = np.where(vectors > 2, vectors | 1, vectors) * lanes
    rows = np.concatenate([[0], np.cumsum(steps * fours(block))[:-1]])
    places, panels, end = [], [], 0
    for sources, neurons in pairwise(network.sizes):
        panels.append(end)
        neuron = np.arange(neurons)
        first = neuron // (2 * lanes) * (2 * lanes)  # neuron of its panel
        wide = np.where(neurons - first > lanes, 2 * lanes, lanes)
        column = end + first * (fours(sources) + 1) + neuron - first
        places.append((column[:, None] + np.arange(sources) * wide[:, None]).ravel())
        places.append(column + fours(sources) * wide)
        end += -(-neurons // lanes) * lanes * (fours(sources) + 1)
    net = Net(
        sizes, rows, steps, np.array(panels), network.activation, network.output_activation, network.loss
    )  # fmt: skip
    return net, np.concatenate(places), end
