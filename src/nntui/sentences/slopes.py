"""The sentences of how the loss changes: along one parameter, over two, with each of them."""

from __future__ import annotations

from dataclasses import replace

from nntui import messages as m
from nntui.sentences.numbers import MOST_DIGITS, Voice, capital, plural

FEW = 5  # parameters are named, of many
NEAR = 0.01  # a twist of at most this size has a slope that is near the exact one
ORDINALS = ("Most", "Second", "Third", "Fourth", "Fifth")


def slope(r: m.SlopeView, v: Voice) -> list[str]:
    """The slope, the two losses that it comes from; the exact one; in full also those by twists of other sizes."""
    twist = v.number(r.size)
    before, after = _told_apart(r.loss, r.loss_after, v)
    lines = [f"Slope {v.number(r.slope)}: loss {before} to {after} for a twist of {twist}."]
    if v.detail == "brief":
        return lines
    lines.append(f"{capital(v.name(r.address))} is {v.number(r.value)}. {_exact(r, v)}".strip())
    return lines + ladder(r, v) if v.detail == "full" else lines


def ladder(r: m.SlopeView, v: Voice) -> list[str]:
    """The slopes by twists of other sizes, the largest first."""
    if len(r.ladder) < 2:
        return []
    return [f"By a twist of {v.number(size)}: {v.number(found)}." for size, found in r.ladder]


def _exact(r: m.SlopeView, v: Voice) -> str:
    """The exact slope, once a twist has come near it: before that a listener is to find where the slopes settle."""
    return "" if r.exact is None or abs(r.size) > NEAR else f"The exact slope is {v.number(r.exact)}."


def _told_apart(one: float, other: float, v: Voice) -> tuple[str, str]:
    """Two losses, in as many more digits as it takes that they differ, where they do."""
    for digits in range(v.digits, MOST_DIGITS + 1) if v.digits and one != other else ():
        finer = replace(v, digits=digits)
        if finer.number(one) != finer.number(other):
            return finer.number(one), finer.number(other)
    return v.number(one), v.number(other)


def gradient(r: m.GradientView, v: Voice, both: bool = True) -> list[str]:
    """How long it is, how much the two ways differ, what each costs, and then its parts; or only that by twists."""
    told = len(r.shares) + r.left_out
    lines = [f"The gradient: {plural(told, 'number')}, of length {v.number(r.norm)}."]
    lines += _price(r, v) if both else [_by_twists(r, v)]
    ordered = sorted(r.shares, key=lambda share: -abs(share.gradient))
    if v.detail == "full" or len(ordered) <= FEW:
        few, said = r.shares, ""
    else:
        few, said = tuple(ordered[:FEW]), "Largest: "
    lines.append(said + "; ".join(f"{v.number(share.gradient)} for {v.name(share.address)}" for share in few) + ".")
    if v.detail == "full":
        twisted = [share for share in r.shares if share.twisted is not None]
        lines += [f"By twists, {v.name(share.address)}: {v.value(share.twisted)}." for share in twisted]
        lines.append(f"And {plural(r.left_out, 'smaller one')} more." if r.left_out else "")
    return lines


def _by_twists(r: m.GradientView, v: Voice) -> str:
    return f"By a twist of {v.number(r.size)} up and one down each: {r.twist_predictions:,} predictions."


def _price(r: m.GradientView, v: Voice) -> list[str]:
    """What both ways cost, and how much their results differ."""
    per_sample = v.number(r.backward_predictions / r.samples)
    work = v.number(r.backward_predictions if r.backward_predictions < 100 else round(r.backward_predictions))
    twists = _by_twists(r, v)
    cost = f"By backpropagation: the work of {work} predictions, {per_sample} a sample."
    differ = "" if r.difference is None else f"The two differ by {v.number(r.difference)} at most."
    return [f"{twists} {cost}", differ] if v.detail != "brief" else [cost]


def landscape(r: m.LandscapeView, v: Voice) -> list[str]:
    """Where one stands on it, the way there, its lowest and highest point; then its heights, row by row."""
    x, y = r.here
    first, second = v.name(r.first), v.name(r.second)
    lines = [f"Loss {v.number(r.loss)}, where {first} is {v.number(x)} and {second} is {v.number(y)}."]
    lines.append(f"{_lowest(r, v)} {_way(r, v)}".strip())
    if r.gradient is not None and v.detail != "brief":
        across, down = (v.number(slope) for slope in r.gradient)
        lines.append(f"The slope along {first} is {across}; along {second} it is {down}.")
    if r.samples < r.samples_in_all:
        lines.append(f"Its heights are over {r.samples:,} of the {r.samples_in_all:,} samples.")
    if v.detail != "brief":
        across, up = f"{v.number(r.x_range[0])} to {v.number(r.x_range[1])}", r.y_range
        lines.append(
            f"Columns are {first}, {across}; rows are {second}, from {v.number(up[1])} down to {v.number(up[0])}."
        )
        lines += _map(r, v)
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


def _map(r: m.LandscapeView, v: Voice) -> list[str]:
    """The heights, row by row: of each point how many contours lie below it, and where one stands."""
    if not r.levels:
        return ["All of it is at the same height."]
    low, step = v.number(r.levels[0]), ", ".join(v.number(level) for level in r.levels)
    lines = [f"Contours at {step}. Heights count those below: 0 is under {low}, {len(r.levels)} the highest."]
    column, row = _place(r)
    for number, line in enumerate(r.rows):
        heights = [str(sum(1 for level in r.levels if not loss <= level)) for loss in line]
        here = f"; here, column {column + 1}" if number == row else ""
        lines.append(f"Row {number + 1}: {' '.join(heights)}{here}.")
    return lines


def _place(r: m.LandscapeView) -> tuple[int, int]:
    """The column and the row nearest to where one stands; -1, -1 where that is off the map."""
    shares = [
        (at - start) / (end - start) if end != start else 0.0
        for at, (start, end) in zip(r.here, (r.x_range, reversed(r.y_range)), strict=True)
    ]
    if not all(0 <= share <= 1 for share in shares):
        return -1, -1
    return round(shares[0] * (len(r.rows[0]) - 1)), round(shares[1] * (len(r.rows) - 1))


def sweep(r: m.SweepView, v: Voice) -> list[str]:
    """The parameters that matter most, and those that do nothing."""
    twist = v.number(r.size)
    some = "" if r.samples >= r.samples_in_all else f" over {r.samples:,} of the {r.samples_in_all:,} samples"
    took = "" if v.detail == "brief" else f", in {v.number(float(f'{r.seconds:.2g}'))} s"
    every = f"Each of {plural(r.parameters, 'parameter')} twisted by {twist}, up and down{took}"
    lines = [f"{every}; loss {v.number(r.loss)}{some}."]
    told = len(r.effects) - max(0, r.idle - (r.parameters - len(r.effects)))  # those that do nothing come last
    working, idle = r.effects[:told], r.effects[told:]
    few = working if v.detail == "full" else working[:FEW]
    for number, effect in enumerate(few):
        up, down = v.number(effect.up), v.number(effect.down)
        what = ORDINALS[number] if number < len(ORDINALS) else f"Place {number + 1}"
        lines.append(f"{what}: {v.name(effect.address)}; turned up, loss {up}; down, {down}.")
    lines.append(_idle(idle, r, v))
    if v.detail != "brief":
        lines.append(f"Computed anew, this would take {r.predictions:,} predictions.")
    return lines


def _idle(named: tuple[m.Effect, ...], r: m.SweepView, v: Voice) -> str:
    """How many do nothing, and a few of them by name."""
    if not r.idle:
        return ""
    names = ", ".join(v.name(effect.address) for effect in named[:FEW])
    more = f" and {r.idle - FEW:,} more" if r.idle > FEW else ""
    return f"{r.idle:,} {'does' if r.idle == 1 else 'do'} nothing{f': {names}{more}' if names else ''}."
