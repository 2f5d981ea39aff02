"""Views of the ladder, the race and the widths, made by hand: what a pane draws of them is known to the last cell."""

from __future__ import annotations

from typing import Any

import msgspec

from nntui import messages as m

LANES = (
    m.Lane("loops", 64, "done", 52_000.0, 26_000, 2_600, 260.0, 0.5, 0.0, 1.0, 0.0048, 0.0005, 1, 0.5),
    m.Lane("numpy", 32, "done", 31_000.0, 15_500, 1_550, 155.0, 0.5, 0.0, 0.6, 0.0029, 0.0001, 1, 0.6),
    m.Lane("numba", 32, "done", 1_900_000.0, 950_000, 95_000, 9_500.0, 0.5, 3.1, 36.5, 0.17, 0.002, 1, 0.1),
    m.Lane("numba-fused", 32, "absent", note="numba is not installed; pip install nntui[fast] brings it"),
    m.Lane("numba-generated", 32, "done", 110_000_000.0, 55_000_000, 5_500_000, 550_000.0, 0.5, 8.4, 2115.4, 10.1, 0.1,
           2, 0.01),
)  # fmt: skip
SAVED = (
    m.Lane("loops", 64, "done", 20_000.0), m.Lane("numba", 32, "done", 4_000_000.0), m.Lane("cuda", 32, "done", 9e6),
)  # fmt: skip


def race(**changes: Any) -> m.RaceView:
    """A race that is over."""
    view = m.RaceView(
        LANES, 0.5, (2, 4, 2, 1), 10, "gradient", "sgd", "xor", 100, 92.0, "a machine, 2 cores",
        ((32, 150.0, 290.0), (64, 71.0, 140.0)),
    )  # fmt: skip
    return msgspec.structs.replace(view, **changes)


def on_the_way() -> m.RaceView:
    """A race whose third lane has had half of its time, and whose last is being compiled."""
    racing = msgspec.structs.replace(LANES[2], state="racing", samples=475_000, steps=47_500)
    last = m.Lane("numba-generated", 32, "compiling")
    return race(lanes=(*LANES[:2], racing, LANES[3], last), running=True)


CHECK = m.CheckView("numpy", 100, 1.2e-16, 6.5e-16, 1e-12, 1e-9, False, False, "gradient")
RUNGS = (
    m.RungOnLadder("loops", "Python lists and for loops", used=True),
    m.RungOnLadder("numpy", "whole-array operations", check=CHECK),
    m.RungOnLadder("numba", "the loops, compiled", "numba is not installed", False),
)
ABOVE = (
    m.SourceLine("def predict(weights, inputs):", "changed"), m.SourceLine("    sources = inputs"),
    m.SourceLine("    # One call for all neurons.", "new"), m.SourceLine("    totals = weights @ sources", "changed"),
    m.SourceLine("    return np.tanh(totals)", "new"),
)  # fmt: skip
BELOW = (
    m.SourceLine("def predict(weights, inputs, outputs):", "changed"), m.SourceLine("    sources = inputs"),
    m.SourceLine("    for neuron in range(len(weights)):", "new"),
    m.SourceLine("        total = 0.0", "new"), m.SourceLine("        total += weights[neuron] * sources", "changed"),
    m.SourceLine("    return outputs", "new"),
)  # fmt: skip


def ladder(**changes: Any) -> m.LadderView:
    """numpy above loops."""
    view = m.LadderView(
        RUNGS, "numpy", "loops", "whole-array operations", "One call works on a whole array.", "Harris and others 2020",
        "numpy.py", "loops.py", ABOVE, BELOW, (("predict", 0),), ((0, 0), (1, 1), (3, 4)), CHECK,
    )  # fmt: skip
    return msgspec.structs.replace(view, **changes)


def widths(**changes: Any) -> m.WidthsView:
    """Three rungs at three of four widths."""
    rungs = ("loops", "numpy", "numba")
    paces = {2: (5e4, 6e4, 2e6), 32: (1e3, 5e4, 1e5), 320: (10.0, 6e3, 9e2)}
    points = tuple(
        m.WidthPoint(rung, w, pace) for w, all_ in paces.items() for rung, pace in zip(rungs, all_, strict=True)
    )
    winners = ((2, "numba", "no line is read twice"), (32, "numba", "no line is read twice"),
               (320, "numpy", "a matrix product uses each number often"))  # fmt: skip
    view = m.WidthsView((2, 32, 320, 1000), rungs, points, winners, (2, 4, 2, 1), 10, "gradient", 64, 0.2, True)
    return msgspec.structs.replace(view, **changes)
