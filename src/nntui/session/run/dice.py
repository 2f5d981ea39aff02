"""Dice: every random number is a function of (seed, step), so that any step can be reached without those before it.

The generator is Philox (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3"), which turns a key and a
counter into four words of 64 bits. Streams are told apart by the key; a step or an epoch is a place of the counter.
"""

from __future__ import annotations

import numpy as np

from nntui.models.model import FloatArray, IntArray
from nntui.models.plans import TwistPlan

TWISTS = 1  # which stream of a seed
ORDERS = 2
_WORDS = 4  # 64-bit words in one count of Philox


def _words(seed: int, stream: int, first: int, counts: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """The words of `counts` places of the counter from `first` on, shape (counts * 4,)."""
    bits = np.random.Philox(key=np.array([seed, stream], np.uint64), counter=first)
    return bits.random_raw(counts * _WORDS)


def _uniform(words: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> FloatArray:
    """Numbers from 0 (included) to 1 (excluded), from the upper 53 bits of each word."""
    return np.asarray((words >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def twists(seed: int, first: int, steps: int, trainable: IntArray, size: float) -> tuple[IntArray, FloatArray]:
    """For each step the flat index of one trainable parameter, and an amount uniform in ±size."""
    words = _words(seed, TWISTS, first, steps).reshape(steps, _WORDS)
    which = (_uniform(words[:, 0]) * len(trainable)).astype(np.int64)
    return trainable[which], (2.0 * _uniform(words[:, 1]) - 1.0) * size


def orders(seed: int, first: int, epochs: int, samples: int) -> IntArray:
    """The order in which each epoch visits the samples, shape (epochs, samples)."""
    counts = -(-samples // _WORDS)
    words = _words(seed, ORDERS, first * counts, epochs * counts).reshape(epochs, counts * _WORDS)[:, :samples]
    # Each random word carries its sample's number in the lowest bits: sorting the words shuffles the numbers.
    width = np.uint64(max(1, (samples - 1).bit_length()))
    keys = (words >> width << width) | np.arange(samples, dtype=np.uint64)
    keys.sort(axis=1)
    return np.asarray(keys & ((np.uint64(1) << width) - np.uint64(1))).astype(np.int64)


class Batches:
    """Which samples each step learns from: every epoch visits all of them once, in an order of its own.

    A batch that holds all samples takes them in their own order. When the size of batches changes in the middle of
    training, the epoch begun is over, and epochs count on from the next (`since_step`, `since_epoch`).
    """

    def __init__(self, samples: int, size: int, seed: int, since_step: int = 0, since_epoch: int = 0) -> None:
        self.samples = samples
        self.size = max(1, min(size, samples))
        self.seed = seed
        self.since_step = since_step
        self.since_epoch = since_epoch
        self.steps_per_epoch = max(1, -(-samples // self.size))

    @property
    def full(self) -> bool:
        """Whether every batch holds all samples."""
        return self.size >= self.samples

    def epoch(self, step: int) -> int:
        """The epoch to which a step belongs."""
        return self.since_epoch + (step - self.since_step) // self.steps_per_epoch

    def first_step(self, epoch: int) -> int:
        """The step at which an epoch begins."""
        return self.since_step + (epoch - self.since_epoch) * self.steps_per_epoch

    def visited(self, steps: IntArray) -> IntArray:
        """How many samples were looked at from `since_step` up to these steps; of a model without data, steps."""
        done = np.asarray(steps, np.int64) - self.since_step
        if not self.samples:
            return done
        epochs, places = np.divmod(done, self.steps_per_epoch)
        return np.asarray(epochs * self.samples + np.minimum(places * self.size, self.samples), np.int64)

    def of(self, first: int, steps: int) -> tuple[IntArray, IntArray]:
        """The samples of some steps, one after another, and where each step's begin, shape (steps + 1,)."""
        if not self.samples:
            return np.zeros(0, np.int64), np.zeros(steps + 1, np.int64)
        if self.full:
            return np.tile(np.arange(self.samples), steps), np.arange(steps + 1) * self.samples
        done = first - self.since_step
        epochs, places = np.divmod(np.arange(done, done + steps + 1), self.steps_per_epoch)
        starts = (epochs - epochs[0]) * self.samples + np.minimum(places * self.size, self.samples)
        count = int(epochs[-1] - epochs[0]) + (1 if places[-1] else 0)
        order = orders(self.seed, self.since_epoch + int(epochs[0]), count, self.samples).ravel()
        return order[starts[0] : starts[-1]], starts - starts[0]


def plan(seed: int, first: int, steps: int, trainable: IntArray, size: float, batches: Batches) -> TwistPlan:
    """Cast all dice of some steps of training by twists."""
    parameters, amounts = twists(seed, first, steps, trainable, size)
    order, starts = batches.of(first, steps)
    return TwistPlan(parameters, amounts, order, starts)
