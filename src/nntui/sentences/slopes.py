"""The sentences of how the loss changes: along one parameter, over two, with each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from nntui import messages as m
from nntui.sentences.numbers import MOST_DIGITS, Voice, capital, plural

FEW = 5  # parameters are named, of many


def slope(r: m.SlopeView, v: Voice) -> list[str]:
    """The slope, the two losses that it comes from; the exact one; those by twists of other sizes."""
    twist = v.number(r.size)
    before, after = _told_apart(r.loss, r.loss_after, v)
    lines = [f"Slope {v.number(r.slope)}: loss {before} to {after} for a twist of {twist}."]
    if v.detail == "brief":
        return lines
    exact = f" Exactly, by backpropagation: {v.number(r.exact)}." if r.exact is not None else ""
    lines.append(f"{capital(v.name(r.address))} is {v.number(r.value)}.{exact}")
    if len(r.ladder) > 1:
        rungs = "; ".join(f"{v.number(size)}, {v.number(found)}" for size, found in r.ladder)
        lines.append(f"Twist and slope: {rungs}.")
    return lines


def _told_apart(one: float, other: float, v: Voice) -> tuple[str, str]:
    """Two losses, in as many more digits as it takes that they differ, where they do."""
    for digits in range(v.digits, MOST_DIGITS + 1) if v.digits and one != other else ():
        finer = replace(v, digits=digits)
        if finer.number(one) != finer.number(other):
            return finer.number(one), finer.number(other)
    return v.number(one), v.number(other)


def gradient(r: m.GradientView, v: Voice) -> list[str]:
    """How long it is, how much the two ways differ, what each costs, and then its parts."""
    told = len(r.shares) + r.left_out
    lines = [f"The gradient: {plural(told, 'number')}, of length {v.number(r.norm)}."]
    lines += _price(r, v)
    ordered = sorted(r.shares, key=lambda share: -abs(share.gradient))
    if v.detail == "full" or len(ordered) <= FEW:
        few, said = r.shares, ""
    else:
        few, said = tuple(ordered[:FEW]), "Largest: "
    lines.append(said + "; ".join(f"{v.name(share.address)}, {v.number(share.gradient)}" for share in few) + ".")
    if v.detail == "full":
        twisted = [share for share in r.shares if share.twisted is not None]
        lines += [f"By twists, {v.name(share.address)}: {v.value(share.twisted)}." for share in twisted]
        lines.append(f"And {plural(r.left_out, 'smaller one')} more." if r.left_out else "")
    return lines


def _price(r: m.GradientView, v: Voice) -> list[str]:
    """What both ways cost, and how much their results differ."""
    per_sample = v.number(r.backward_predictions / r.samples)
    twists = f"By a twist of {v.number(r.size)} up and one down each: {r.twist_predictions:,} predictions."
    cost = f"By backpropagation: the work of {v.number(r.backward_predictions)}, {per_sample} a sample."
    differ = "" if r.difference is None else f"The two differ by {v.number(r.difference)} at most."
    return [f"{twists} {cost}", differ] if v.detail != "brief" else [cost]


def landscape(r: m.LandscapeView, v: Voice) -> list[str]:
    """Where one stands on it, the way there, its lowest and highest point; then its heights, row by row."""
    x, y = r.here
    first, second = v.name(r.first), v.name(r.second)
    lines = [f"Loss {v.number(r.loss)} at {first} {v.number(x)}, {second} {v.number(y)}."]
    lines.append(f"{_lowest(r, v)} {_way(r, v)}".strip())
    if r.gradient is not None and v.detail != "brief":
        lines.append(f"Slope along {first} {v.number(r.gradient[0])}, along {second} {v.number(r.gradient[1])}.")
    if r.samples < r.samples_in_all:
        lines.append(f"Its heights are over {r.samples:,} of the {r.samples_in_all:,} samples.")
    if v.detail != "brief":
        across, up = f"{v.number(r.x_range[0])} to {v.number(r.x_range[1])}", r.y_range
        lines.append(
            f"Columns are {first}, {across}; rows are {second}, from {v.number(up[1])} down to {v.number(up[0])}."
        )
        lines.append(f"Contours at {', '.join(v.number(level) for level in r.levels)}." if r.levels else "")
        lines += [f"Row {number}: {_runs(row, r.levels, v)}." for number, row in enumerate(r.rows, start=1)]
    return lines


def _lowest(r: m.LandscapeView, v: Voice) -> str:
    """The lowest and the highest of the points shown, and where they lie."""
    places = [(loss, column, row) for row, line in enumerate(r.rows) for column, loss in enumerate(line)]
    places = [place for place in places if place[0] - place[0] == 0]  # finite ones
    if not places:
        return ""
    return "; ".join(
        f"{name} {v.number(loss)} at {_at(r, column, row, v)}"
        for name, (loss, column, row) in (("Lowest here", min(places)), ("highest", max(places)))
    ) + "."  # fmt: skip


def _at(r: m.LandscapeView, column: int, row: int, v: Voice) -> str:
    """The two values of a point, by its column and row."""
    x = r.x_range[0] + (r.x_range[1] - r.x_range[0]) * column / max(1, len(r.rows[0]) - 1)
    y = r.y_range[1] + (r.y_range[0] - r.y_range[1]) * row / max(1, len(r.rows) - 1)
    return f"{v.number(float(f'{x:.6g}'))}, {v.number(float(f'{y:.6g}'))}"


def _way(r: m.LandscapeView, v: Voice) -> str:
    """Where the way began, and at which step."""
    if len(r.path) < 2:
        return ""
    (x, y), (first, last) = r.path[0], r.path_steps
    return f"The way came from {v.number(x)}, {v.number(y)}, steps {first:,} to {last:,}."


def _runs(row: tuple[float, ...], levels: tuple[float, ...], v: Voice) -> str:
    """The heights of a row, by the contours that lie below them: "3 above 0.5, 2 below 0.1"."""
    said = []
    for count, height in _grouped(row, levels):
        if not levels or height < 0:
            said.append(f"{count} below {v.number(levels[0])}" if levels else f"{count} the same")
        else:
            said.append(f"{count} above {v.number(levels[height])}")
    return ", ".join(said)


def _grouped(row: tuple[float, ...], levels: tuple[float, ...]) -> Iterator[tuple[int, int]]:
    """How many points in a row have the same highest contour below them; -1: they lie below all."""
    heights = (sum(1 for level in levels if not loss <= level) - 1 for loss in row)
    for height, group in groupby(heights):
        yield len(list(group)), height


def sweep(r: m.SweepView, v: Voice) -> list[str]:
    """The parameters that matter most, and those that do nothing."""
    twist = v.number(r.size)
    some = "" if r.samples >= r.samples_in_all else f" over {r.samples:,} of the {r.samples_in_all:,} samples"
    lines = [
        f"Each of {plural(r.parameters, 'parameter')} twisted by {twist}, up and down; loss {v.number(r.loss)}{some}."
    ]
    told = len(r.effects) - max(0, r.idle - (r.parameters - len(r.effects)))  # those that do nothing come last
    working, idle = r.effects[:told], r.effects[told:]
    lines.append(_idle(idle, r, v))
    few = working if v.detail == "full" else working[:FEW]
    for number, effect in enumerate(few):
        up, down = v.number(effect.up), v.number(effect.down)
        what = "Most" if number == 0 and len(working) > 1 else f"{number + 1}"
        lines.append(f"{what}: {v.name(effect.address)}, up {up}, down {down}.")
    if v.detail != "brief":
        lines.append(f"Computed anew, this would take {r.predictions:,} predictions; it took {v.number(r.seconds)} s.")
    return lines


def _idle(named: tuple[m.Effect, ...], r: m.SweepView, v: Voice) -> str:
    """How many do nothing, and a few of them by name."""
    if not r.idle:
        return ""
    names = ", ".join(v.name(effect.address) for effect in named[:FEW])
    more = f" and {r.idle - FEW:,} more" if r.idle > FEW else ""
    return f"{r.idle:,} {'does' if r.idle == 1 else 'do'} nothing{f': {names}{more}' if names else ''}."
