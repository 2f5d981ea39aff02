"""The stages of folding the loops into arrays: what each is called with, and how it compares with the one before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nntui.messages import StagesView
from nntui.models.mlp import stages
from nntui.models.mlp.network import Network
from nntui.models.model import Call, FloatArray, ModelError

STAGES: dict[str, Callable[..., Any]] = {
    "stage 1": stages.four_loops,
    "stage 2": stages.three_loops,
    "stage 3": stages.two_loops,
    "stage 4": stages.one_loop,
}
ROUNDS = 5  # of which the best time counts: the others were held up by something else
MOST_WORK = 2_000_000  # multiply-adds (about a fifth of a second in the loops) of one round
SHORT = 0.002  # seconds: what is over sooner is done several times in a round
MOST_WALKED = (
    200  # samples of a stage that is walked line by line: what is written down of it grows faster than they do
)


def call(network: Network, what: str, parameters: FloatArray, samples: int) -> Call:
    """The call of one stage on the first so many training samples: stage 1 on nested lists, the others on arrays."""
    weights, biases = network.weights(parameters.copy()), network.biases(parameters.copy())
    inputs: Any = np.resize(network.inputs, (samples, network.sizes[0]))  # of more than there are, the same again
    bends = (network.activation, network.output_activation)
    if what == "stage 1":
        listed = [layer.tolist() for layer in weights], [layer.tolist() for layer in biases], inputs.tolist()
        return Call(STAGES[what], (*listed, *bends))
    return Call(STAGES[what], (weights, biases, inputs, *bends))


def compare(network: Network, parameters: FloatArray, samples: int) -> StagesView:
    """Answer the same samples at each stage: how far it is from the stage before, and how long it takes here and now.

    Of several rounds the best time counts. More samples than there are are the same ones over and over. ModelError
    where there are none, or too many for the loops.
    """
    if samples < 1 or not len(network.inputs):
        raise ModelError("the stages need a sample to answer")
    work = samples * network.layout.size
    if work > MOST_WORK:
        raise ModelError(
            f"{samples:,} samples take {work:,} multiply-adds, which is long in the loops; "
            f"`stages {MOST_WORK // network.layout.size:,}` is the most here"
        )
    told = []
    before: FloatArray | None = None
    with np.errstate(all="ignore"):
        for name in STAGES:
            made = call(network, name, parameters, samples)
            answers = np.array(made.function(*made.arguments))
            off = 0.0 if before is None else float(np.abs(answers - before).max())
            told.append((name, off, seconds(made)))
            before = answers
    return StagesView(samples, tuple(told))


def difference(network: Network, parameters: FloatArray, samples: int) -> float:
    """The largest difference between two stages that follow one another, without looking at the clock."""
    made = [call(network, name, parameters, samples) for name in STAGES]
    with np.errstate(all="ignore"):
        answers = [np.array(each.function(*each.arguments)) for each in made]
    return max(float(np.abs(one - other).max()) for one, other in zip(answers[1:], answers, strict=False))


def seconds(made: Call) -> float:
    """The best time of one call of several rounds."""
    best, times = np.inf, 1
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            made.function(*made.arguments)
        took = (time.perf_counter() - began) / times
        best = min(best, took)
        if times == 1:
            times = max(1, min(100, int(SHORT / max(took, 1e-9))))
    return float(best)
