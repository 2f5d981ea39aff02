"""What it costs to compute something with a network: the multiply-adds of its loops, counted from its sizes."""

from __future__ import annotations

from collections.abc import Sequence

BEND = 8  # multiply-adds that a tanh takes, about


def prediction(sizes: Sequence[int]) -> int:
    """The multiply-adds of one prediction: each weight is used once."""
    count = 0
    for layer in range(1, len(sizes)):
        count += sizes[layer] * sizes[layer - 1]
    return count


def backward_pass(sizes: Sequence[int]) -> int:
    """The multiply-adds of the way back through one prediction, as `loops.add_gradients` goes it.

    Each weight is given its gradient; and each but those of the first layer hands one back to its source.
    """
    count = 0
    for layer in range(1, len(sizes)):
        count += sizes[layer] * sizes[layer - 1]
        if layer > 1:
            count += sizes[layer] * sizes[layer - 1]
    return count


def gradient_cost(sizes: Sequence[int]) -> float:
    """What backpropagation takes for one sample, forwards and back, in predictions: from 2 to 3."""
    return (prediction(sizes) + backward_pass(sizes)) / prediction(sizes)


def reached(sizes: Sequence[int], layer: int) -> int:
    """About what a prediction costs anew when one weight of a layer has changed: one neuron, then all downstream.

    In multiply-adds; to bend a total costs as much as BEND of them.
    """
    count = BEND
    if layer == len(sizes) - 2:
        count = sizes[-1] * BEND  # of the last layer, all is bent: softmax looks at all totals
    for after in range(layer + 1, len(sizes) - 1):
        # The next layer hears one of its sources say something else; those after it, all of them.
        sources = 1 if after == layer + 1 else sizes[after]
        count += sizes[after + 1] * (sources + BEND)
    return count
