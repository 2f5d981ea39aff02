"""The loss over two parameters, as a landscape, and the way through it that training has come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nntui import messages as m
from nntui.models.model import FloatArray, IntArray, ModelError
from nntui.session.subject import Desk
from nntui.session.surveys.slopes import some_samples

NEAR = 2.0  # how far a landscape reaches on each side, unless the way needs more
FARTHEST = 1e6
LEAST = 1e-6  # of the numbers themselves
MOST_COLUMNS, MOST_ROWS = 200, 120
FINE = 250_000_000  # multiply-adds of a landscape, some 130 ms: of more there are fewer points, then fewer samples
COARSE = 15_000_000  # of one that is sent first
BESIDE = 4_000_000  # of one that is sent while training runs
FEW_POINTS = 300  # of a landscape, before samples are left out
MOST_PATH = 256  # points of the way, at most twice as many
MOST_LEVELS = 9
MUCH = 20  # between the highest and the lowest loss: then the levels are wider apart the higher they are
STEPS = (1.0, 2.0, 5.0)  # levels are such numbers, times a power of ten


@dataclass(frozen=True)
class Ground:
    """Where a landscape lies: its two parameters, and the stretch of each."""

    first: int
    second: int
    x_range: tuple[float, float]
    y_range: tuple[float, float]


def two_parameters(desk: Desk) -> tuple[str, str]:
    """Those that were chosen; else those by which the loss changed most at the beginning of the run."""
    if len(desk.attention.landscape) == 2:
        return desk.attention.landscape[0], desk.attention.landscape[1]
    model = desk.model
    trained = model.layout.trainable
    if len(trained) < 2:
        raise ModelError("a landscape needs two parameters, and this model has one")
    start = desk.training.timeline.keyframes[0].parameters
    if len(start) != model.layout.size:
        start = desk.training.parameters
    shares = np.nan_to_num(np.abs(model.gradient(start))[trained])
    largest = np.sort(trained[np.argsort(-shares, kind="stable")[:2]]).tolist()
    return model.layout.address(largest[0]), model.layout.address(largest[1])


def landscape_view(desk: Desk, size: tuple[int, int], work: int = FINE) -> m.LandscapeView:
    """The landscape in columns and rows of points, at so much work at most: `coarse` where more would show more."""
    run, model = desk.training, desk.model
    first, second = two_parameters(desk)
    at = [model.layout.index(first), model.layout.index(second)]
    here = run.parameters[at]
    if not np.isfinite(here).all():
        raise ModelError(f"{first} or {second} is no finite number any more")
    steps, path = run.timeline.path.until(run.step, at)
    way = [(a, b) for a, b in path[:: max(1, len(path) // MOST_PATH)].tolist()]
    ground = _ground(desk, at, here, path)
    columns, rows = max(2, min(size[0], MOST_COLUMNS)), max(2, min(size[1], MOST_ROWS))
    apart, chosen = _spared(desk, ground, columns, rows, work)
    coarse = work < FINE and (apart > 1 or chosen is not None)
    losses = _losses(desk, ground, -(-columns // apart), -(-rows // apart), chosen)
    shown = losses.repeat(apart, axis=0).repeat(apart, axis=1)[:rows, :columns]
    gradient = model.gradient(run.parameters)[at]
    x, y = here.tolist()
    return m.LandscapeView(
        first, second, ground.x_range, ground.y_range, tuple(map(tuple, shown.tolist())), levels(losses), (x, y),
        run.loss(), (*way, (x, y)), (steps[0] if steps else run.step, run.step),
        (float(gradient[0]), float(gradient[1])), coarse,
        model.samples if chosen is None else len(chosen), model.samples,
    )  # fmt: skip


# ---------------------------------------------------------------- where it lies


def _ground(desk: Desk, at: list[int], here: FloatArray, path: FloatArray) -> Ground:
    """A stretch around both parameters that stays where it is while they move a little, and has the way in it."""
    reach = desk.attention.reach or NEAR
    middle, reaches = _around(here, reach)
    while not desk.attention.reach and len(path) and reach < FARTHEST:
        if np.nanmax(np.abs(path - middle)) <= reach:
            break
        reach *= 2
        middle, reaches = _around(here, reach)
    x_range, y_range = (_stretch(desk, at[axis], float(middle[axis]), float(reaches[axis])) for axis in range(2))
    return Ground(at[0], at[1], x_range, y_range)


def _around(here: FloatArray, reach: float) -> tuple[FloatArray, FloatArray]:
    """The middle of a stretch for each parameter, a multiple of how far it reaches on each side, and that."""
    reaches = np.maximum(reach, np.abs(here) * LEAST)  # around a very large number, a shorter one would be a point
    return np.round(here / reaches) * reaches, reaches


def _stretch(desk: Desk, index: int, middle: float, reach: float) -> tuple[float, float]:
    """From where to where a parameter goes: what of it is allowed."""
    values = np.linspace(middle - reach, middle + reach, 101).tolist()
    allowed = [value for value in values if not desk.model.allowed(index, value)]
    return (allowed[0], allowed[-1]) if allowed else (middle, middle)


# ---------------------------------------------------------------- how high it is


def _spared(desk: Desk, ground: Ground, columns: int, rows: int, work: int) -> tuple[int, IntArray | None]:
    """Every how many of the points are computed, and over which samples (None: all), so that it takes so much work."""
    model, apart = desk.model, 1
    samples = max(1, model.samples)

    def takes(apart: int) -> int:
        across, down = -(-columns // apart), -(-rows // apart)
        return across * (down * model.reached(max(ground.first, ground.second)) + model.layout.size)

    while takes(apart) * samples > work and columns * rows > FEW_POINTS * apart * apart:
        apart += 1
    return apart, some_samples(model.samples, work // takes(apart))


def _losses(desk: Desk, ground: Ground, columns: int, rows: int, chosen: IntArray | None) -> FloatArray:
    """The losses at all points, rows from the top; of the two parameters the later one is quicker to turn."""
    model, parameters = desk.model, desk.training.parameters.copy()
    x, y = np.linspace(*ground.x_range, columns), np.linspace(*ground.y_range[::-1], rows)
    if ground.first == ground.second:
        raise ModelError("a landscape needs two different parameters")
    found = np.empty((rows, columns))
    if ground.first < ground.second:
        for column, value in enumerate(x.tolist()):
            parameters[ground.first] = value
            found[:, column] = model.losses(parameters, ground.second, y, chosen)
    else:
        for row, value in enumerate(y.tolist()):
            parameters[ground.second] = value
            found[row] = model.losses(parameters, ground.first, x, chosen)
    return found


def levels(losses: FloatArray) -> tuple[float, ...]:
    """Losses for contours, round numbers: 1, 2, 5, 10, ... where the heights differ much, else evenly spaced."""
    known = losses[np.isfinite(losses)]
    if not len(known):
        return ()
    low, high = float(known.min()), float(known.max())
    if not low < high:
        return ()
    if low <= 0 < high or high / max(low, 1e-300) > MUCH:
        lowest = max(low, high * 1e-3)
        powers = range(math.floor(math.log10(lowest)), math.ceil(math.log10(high)) + 1)
        found = [digit * 10.0**power for power in powers for digit in STEPS]
    else:
        apart = _round_step((high - low) / MOST_LEVELS)
        found = [apart * number for number in range(math.floor(low / apart), math.ceil(high / apart) + 1)]
    return tuple(float(f"{level:.6g}") for level in found if low < level < high)[-MOST_LEVELS:]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, ... times a power of ten that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (*STEPS, 10.0) if step * power >= least * (1 - 1e-9))
