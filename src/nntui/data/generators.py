"""Data sets that are generated: points in the plane, with a class or a value to learn.

The formulas and ranges are those of TensorFlow Playground (github.com/tensorflow/playground, src/dataset.ts,
Apache-2.0), written anew for whole arrays; `moons` is scikit-learn's `make_moons`. The four `corners` are the truth
tables of and, or, xor; `twice` is what a single weight can learn. Samples of one class follow one another where they
are generated so; nothing is shuffled here.

A generator takes the number of samples, the noise (a share, 0 to 0.5) and the dice, and returns the points and their
targets, each of shape (samples,). The order of its draws is part of the data: another order gives other points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nntui.data.dataset import TWO_CLASSES, Dataset, FloatArray

Dice: TypeAlias = np.random.Generator
Points: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]  # x1, x2, target


# ---------------------------------------------------------------- classes: targets -1 and +1


def gauss(samples: int, noise: float, dice: Dice) -> Points:
    """Two Gaussians, at (2, 2) for +1 and at (-2, -2) for -1; their variance grows from 0.5 to 4 with the noise."""
    target = two_halves(samples, +1.0, -1.0)
    variance = 0.5 + (4.0 - 0.5) * noise / 0.5
    x1 = dice.normal(2.0 * target, np.sqrt(variance))
    x2 = dice.normal(2.0 * target, np.sqrt(variance))
    return x1, x2, target


def circle(samples: int, noise: float, dice: Dice) -> Points:
    """A disc within a ring: +1 for a point that lies, once noise has moved it, within half the radius."""
    radius = 5.0
    nearest = two_halves(samples, 0.0, 0.7 * radius)
    farthest = two_halves(samples, 0.5 * radius, radius)
    r = dice.uniform(nearest, farthest)
    angle = dice.uniform(0.0, 2.0 * np.pi, samples)
    x1, x2 = r * np.sin(angle), r * np.cos(angle)
    moved1, moved2 = moved(x1, x2, radius, noise, dice)
    target = np.where(np.hypot(moved1, moved2) < 0.5 * radius, 1.0, -1.0)
    return x1, x2, target


def xor(samples: int, noise: float, dice: Dice) -> Points:
    """Four squares kept off the axes: +1 where both coordinates have the same sign, once noise has moved the point."""
    half, padding = 5.0, 0.3
    x1 = dice.uniform(-half, half, samples)
    x2 = dice.uniform(-half, half, samples)
    x1 += np.where(x1 > 0.0, padding, -padding)
    x2 += np.where(x2 > 0.0, padding, -padding)
    moved1, moved2 = moved(x1, x2, half, noise, dice)
    target = np.where(moved1 * moved2 >= 0.0, 1.0, -1.0)
    return x1, x2, target


def spiral(samples: int, noise: float, dice: Dice) -> Points:
    """Two arms wound 1.75 times about each other, from the middle out to radius 5; -1 is +1 turned by half a turn."""
    target = two_halves(samples, +1.0, -1.0)
    along = np.concatenate([np.arange(n) / n for n in halves(samples) if n > 0])  # 0 at the middle, towards 1
    r = 5.0 * along
    t = 1.75 * along * 2.0 * np.pi + two_halves(samples, 0.0, np.pi)
    x1 = r * np.sin(t) + dice.uniform(-1.0, 1.0, samples) * noise
    x2 = r * np.cos(t) + dice.uniform(-1.0, 1.0, samples) * noise
    return x1, x2, target


def moons(samples: int, noise: float, dice: Dice) -> Points:
    """Two half circles that reach into each other, the outer -1 and the inner +1; noise is a standard deviation."""
    outer, inner = (np.linspace(0.0, np.pi, n) for n in halves(samples))
    x1 = np.concatenate([np.cos(outer), 1.0 - np.cos(inner)])
    x2 = np.concatenate([np.sin(outer), 1.0 - np.sin(inner) - 0.5])
    x1 += dice.normal(0.0, 1.0, samples) * noise
    x2 += dice.normal(0.0, 1.0, samples) * noise
    return x1, x2, two_halves(samples, -1.0, +1.0)


# ---------------------------------------------------------------- regression: targets are values


def plane(samples: int, noise: float, dice: Dice) -> Points:
    """A slope, (x1 + x2) / 10 at the point that noise has moved; it reaches beyond ±1, to ±1.8 with the most noise."""
    x1, x2, moved1, moved2 = square(samples, noise, dice)
    return x1, x2, (moved1 + moved2) / 10.0


def multigauss(samples: int, noise: float, dice: Dice) -> Points:
    """Six hills and hollows, ±1 at their centres and falling evenly to 0 at a distance of 2; no two overlap."""
    centres = np.array([[-4.0, 2.5], [0.0, 2.5], [4.0, 2.5], [-4.0, -2.5], [0.0, -2.5], [4.0, -2.5]])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    x1, x2, moved1, moved2 = square(samples, noise, dice)
    distances = np.hypot(moved1[:, np.newaxis] - centres[:, 0], moved2[:, np.newaxis] - centres[:, 1])
    heights = np.clip(1.0 - distances / 2.0, 0.0, 1.0)
    highest = np.argmax(heights, axis=1)
    return x1, x2, signs[highest] * heights[np.arange(samples), highest]


# ---------------------------------------------------------------- what they share


def halves(samples: int) -> tuple[int, int]:
    """Return how many samples the first and the second class get; of an odd number the first gets the one more."""
    return samples - samples // 2, samples // 2


def two_halves(samples: int, first: float, second: float) -> FloatArray:
    """Return one value for each sample, shape (samples,): `first` for the first class, then `second`."""
    return np.repeat([first, second], halves(samples))


def moved(x1: FloatArray, x2: FloatArray, reach: float, noise: float, dice: Dice) -> tuple[FloatArray, FloatArray]:
    """Return the points moved by up to reach * noise along each axis: noise that changes labels, not places."""
    samples = len(x1)
    return (
        x1 + dice.uniform(-reach, reach, samples) * noise,
        x2 + dice.uniform(-reach, reach, samples) * noise,
    )


def square(samples: int, noise: float, dice: Dice) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return points in a square of ±6, and the same points moved by the noise."""
    half = 6.0
    x1 = dice.uniform(-half, half, samples)
    x2 = dice.uniform(-half, half, samples)
    return x1, x2, *moved(x1, x2, half, noise, dice)


# ---------------------------------------------------------------- by name

Generator: TypeAlias = Callable[[int, float, Dice], Points]

CLASSES: dict[str, Generator] = {"gauss": gauss, "circle": circle, "xor": xor, "spiral": spiral, "moons": moons}
REGRESSIONS: dict[str, Generator] = {"plane": plane, "multigauss": multigauss}

CORNERS = ((-1.0, -1.0), (-1.0, +1.0), (+1.0, -1.0), (+1.0, +1.0))
TRUTH_TABLES = {
    "corners-and": (-1.0, -1.0, -1.0, +1.0),
    "corners-or": (-1.0, +1.0, +1.0, +1.0),
    "corners-xor": (-1.0, +1.0, +1.0, -1.0),
}
# Each number and its double. With both signs of each, a bias that begins at 0 has no reason to leave it.
TWICE = ((1.0, 2.0), (2.0, 4.0), (-1.0, -2.0), (-2.0, -4.0))
EXACT = (*TRUTH_TABLES, "twice")  # are as they are, without dice or noise


def generate(name: str, samples: int, noise: float, seed: int) -> Dataset:
    """Generate a data set of two inputs (of `twice`, one) and one target; the same arguments give the same bits.

    The exact ones have four samples, whatever is asked. Raises KeyError for a name that stands in none of the tables
    above; `nntui.data.load` checks its arguments first.
    """
    if name == "twice":
        ones, twos = zip(*TWICE, strict=True)
        inputs, target = np.array(ones).reshape(-1, 1), np.array(twos)
    elif name in TRUTH_TABLES:
        inputs, target = np.array(CORNERS), np.array(TRUTH_TABLES[name])
    else:
        dice = np.random.Generator(np.random.Philox(seed))  # numpy keeps its stream from version to version
        x1, x2, target = (CLASSES | REGRESSIONS)[name](samples, noise, dice)
        inputs = np.column_stack([x1, x2])
    is_regression = name in REGRESSIONS or name == "twice"
    return Dataset(
        name=name,
        inputs=inputs,
        targets=target.reshape(-1, 1),
        labels=None if is_regression else (target > 0.0).astype(np.int64),
        classes=() if is_regression else TWO_CLASSES,
        input_names=("x1", "x2")[: inputs.shape[1]],
        target_names=("value",) if is_regression else ("label",),
    )
