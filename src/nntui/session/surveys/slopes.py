"""How the loss changes with the parameters: with one of them, with each of them."""

from __future__ import annotations

import math
import time

import numpy as np

from nntui import messages as m
from nntui.models.model import FloatArray, IntArray, ModelError
from nntui.session.subject import Desk

LADDER = (0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-13, 1e-14, 1e-15)
DEAR = 20_000_000  # multiply-adds of one loss, from which on a slope is not computed by twists of many sizes
SMALL = 1e-5  # of the twists that give a gradient: of central differences, neither rounded away nor bent
MOST_SHARES = 200  # of a gradient, and effects of a sweep, that are told
MOST_TWISTED = 2_000_000_000  # multiply-adds that the twists of a gradient may take
MOST_SWEPT = 250_000_000  # ... and those of a sweep, about a quarter of a second: of more, fewer samples
MOST_PARAMETERS = 200_000  # that a sweep can twist
NOTHING = 1e-9  # of the loss: a twist that changes it by no more does nothing
FEWEST = 50  # samples that a view is computed over, where there are as many


def slope_view(desk: Desk, index: int, size: float) -> m.SlopeView | None:
    """The slope of the loss along a parameter, by a twist of a size; None where the twist leads to no allowed value."""
    run, model = desk.training, desk.model
    value, loss = float(run.parameters[index]), run.loss()
    after = _loss_after(desk, index, size)
    if after is None:
        return None
    sizes = [] if _is_dear(desk) else [math.copysign(rung, size) for rung in LADDER if rung > abs(size)]
    ladder = [(each, found) for each in sizes if (found := _loss_after(desk, index, each)) is not None]
    steps = ((each, (found - loss) / each) for each, found in [*ladder, (size, after)])
    exact = float(model.gradient(run.parameters)[index])
    address = model.layout.address(index)
    return m.SlopeView(address, value, size, loss, after, (after - loss) / size, exact, tuple(steps))


def _is_dear(desk: Desk) -> bool:
    return desk.model.samples * desk.model.layout.size > DEAR


def _loss_after(desk: Desk, index: int, twist: float) -> float | None:
    """The very loss that training computes, after a twist: what is lost to rounding is lost here, too."""
    parameters = desk.training.parameters.copy()
    parameters[index] += twist
    if desk.model.allowed(index, float(parameters[index])):
        return None
    return desk.model.loss(parameters)


# ---------------------------------------------------------------- all of them


def gradient_view(desk: Desk) -> m.GradientView:
    """The gradient by backpropagation, and by twists up and down; of many parameters, those with the largest share."""
    run, model = desk.training, desk.model
    trained, samples = model.layout.trainable, max(1, model.samples)
    gradient = model.gradient(run.parameters)
    shown = _largest(np.abs(gradient), trained)
    few = MOST_TWISTED // (2 * samples * max(1, model.layout.size))
    by_twists, losses = _by_twists(desk, shown[:few])
    shares, differences = [], []
    for at, index in enumerate(shown.tolist()):
        share, twisted = float(gradient[index]), by_twists[at] if at < len(by_twists) else None
        if twisted is not None:
            differences.append(abs(share - twisted))
        shares.append(m.Share(model.layout.address(index), float(run.parameters[index]), share, twisted))
    price = losses * samples
    if 0 < losses < 2 * len(trained):  # not all have been twisted: each costs the same
        price = price * 2 * len(trained) // losses
    return m.GradientView(
        tuple(shares), len(trained) - len(shown), SMALL, samples, price or 2 * len(trained) * samples,
        model.gradient_cost * samples, max(differences, default=None), float(np.linalg.norm(gradient[trained])),
    )  # fmt: skip


def _largest(amounts: FloatArray, indices: IntArray) -> IntArray:
    """Of these parameters those with the largest amounts, in the order of the layout; an amount may be no number."""
    if len(indices) <= MOST_SHARES:
        return indices
    order = np.argsort(-np.nan_to_num(amounts[indices], nan=math.inf), kind="stable")
    return np.asarray(np.sort(indices[order[:MOST_SHARES]]))


def _by_twists(desk: Desk, indices: IntArray) -> tuple[list[float | None], int]:
    """(loss after a twist up - loss after one down) / (2 * size) for each, and how many losses that took."""
    up, down = both_ways(desk, indices, SMALL)
    with np.errstate(invalid="ignore"):  # a slope between losses beyond all bounds is none
        slopes = ((up - down) / (2 * SMALL)).tolist()
    found = [slope if math.isfinite(slope) else None for slope in slopes]
    return found, len(up) + len(down)


def both_ways(desk: Desk, indices: IntArray, size: float, samples: IntArray | None = None) -> tuple[FloatArray, ...]:
    """The losses with each of these parameters twisted up by a size, and down; `inf` where that is not allowed."""
    model, parameters = desk.model, desk.training.parameters
    found = []
    for twist in (size, -size):
        barred = [model.allowed(index, float(parameters[index] + twist)) for index in indices.tolist()]
        losses = np.full(len(indices), math.inf)
        may = np.array([not why for why in barred], bool)
        losses[may] = model.twisted(parameters, indices[may], np.full(int(may.sum()), twist), samples)
        found.append(losses)
    return tuple(found)


def sweep_view(desk: Desk, size: float) -> m.SweepView:
    """Each parameter twisted once up and once down, those first that change the loss most."""
    run, model = desk.training, desk.model
    began, trained = time.perf_counter(), model.layout.trainable
    if len(trained) > MOST_PARAMETERS:
        raise ModelError(f"a sweep twists {MOST_PARAMETERS:,} parameters at most, and there are {len(trained):,}")
    work = 2 * sum(model.reached(index) for index in trained.tolist())
    chosen = some_samples(model.samples, MOST_SWEPT // max(1, work))
    up, down = both_ways(desk, trained, size, chosen)
    loss = run.loss() if chosen is None else float(model.losses(run.parameters, 0, run.parameters[:1], chosen)[0])
    with np.errstate(invalid="ignore"):
        effects = np.fmax(np.abs(up - loss), np.abs(down - loss))
    order = np.argsort(-np.nan_to_num(effects, nan=math.inf), kind="stable")[:MOST_SHARES].tolist()
    told = tuple(
        m.Effect(model.layout.address(at := int(trained[place])), float(run.parameters[at]), float(up[place]),
                 float(down[place]))
        for place in order
    )  # fmt: skip
    used = model.samples if chosen is None else len(chosen)
    return m.SweepView(
        size, loss, told, len(trained), (len(up) + len(down)) * max(1, used), time.perf_counter() - began, used,
        model.samples, int((effects <= NOTHING * abs(loss)).sum()),
    )  # fmt: skip


def some_samples(samples: int, most: int) -> IntArray | None:
    """The numbers of at most so many samples (but of FEWEST at least), spread evenly; None for all of them."""
    apart = -(-samples // max(most, FEWEST))
    return None if apart <= 1 else np.arange(0, samples, apart)
