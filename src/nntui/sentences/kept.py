"""The sentence that compares the run at hand with the curves that were kept beside it."""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice

UNITS = {"step": "steps", "prediction": "predictions", "second": "seconds"}


def compared(r: m.CurvesView, v: Voice) -> str:
    """What it took each of them to come down to a loss that all of them reached; nothing where none was kept."""
    if r.level is None or not r.pinned:
        return ""
    mine, *others = r.reached
    unit = UNITS.get(r.x_name, r.x_name)
    said = [f"{name} after {_amount(x, unit, v)} {unit}" for name, x in zip(r.pinned, others, strict=True)]
    times = ""
    if len(others) == 1 and min(mine, others[0]) > 0:
        ratio = v.number(float(f"{max(mine, others[0]) / min(mine, others[0]):.2g}"))
        times = f", {ratio} times as many" if mine > others[0] else f"; {r.pinned[0]} took {ratio} times as many"
    return f"Down to {v.number(r.level)}: {'; '.join(said)}; this run after {_amount(mine, unit, v)}{times}."


def _amount(x: float, unit: str, v: Voice) -> str:
    """So many; predictions are counted in whole ones, for a part of one is nothing to a listener."""
    return v.count(round(x) if unit == "predictions" else x)
