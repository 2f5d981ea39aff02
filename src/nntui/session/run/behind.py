"""What lies behind the place where a run stands, as the plot of its loss shows it.

Nothing is computed from it. It goes along where a run is taken up at a later step than its first, so that the plot
shows there what it showed. `remembering.py` makes it of a run, and gives it to one.
"""

from __future__ import annotations

import math
import struct

import msgspec

from nntui.messages import MOST_STEPS

WIDE, NARROW = 4, 2  # numbers in a row of `losses`, of `tests`
MOST_ROWS = 4_096
MOST_WIDE = 100  # parameters of a network whose way is noted
MOST_MARKS, MOST_LABEL = 20, 200  # marks, and characters of one


class Behind(msgspec.Struct, frozen=True):
    """The losses noted along a run, the way of its parameters, and what was changed by hand.

    `losses` has rows of (step, loss, predictions, seconds): what the run had cost by that step, on both measures;
    `tests` has rows of (step, loss over the test samples); `path`, of a network that is not large, rows of (step, all
    parameters). Rows are little-endian floats of 64 bits.
    """

    losses: bytes = b""
    tests: bytes = b""
    apart: tuple[int, int] = (1, 1)  # losses, and those of the test samples, are kept of multiples of these steps
    here: tuple[float, float] = (0.0, 0.0)  # predictions and seconds by the step at which it stands
    marks: tuple[tuple[int, float, float, str], ...] = ()  # step, predictions, seconds, and what was changed there
    furthest: int = 0  # the last step of the future that was gone back from
    path: bytes = b""
    parameters: int = 0  # in a row of the path
    began: int = 0  # the step from which on the way is looked at closely


def check(found: Behind) -> None:
    """Raise ValueError where a stranger has written what cannot lie behind a run."""
    if not 0 <= found.parameters <= MOST_WIDE:
        raise ValueError("its parameters are too many")
    if found.path and not found.parameters:
        raise ValueError("the way of its parameters is one of none")
    for data, wide in ((found.losses, WIDE), (found.tests, NARROW), (found.path, found.parameters + 1)):
        if len(data) % (8 * wide) or len(data) > 8 * wide * MOST_ROWS:
            raise ValueError("its losses are no rows, or too many")
    for data, wide in ((found.losses, WIDE), (found.tests, NARROW)):
        for step, _, *costs in struct.iter_unpack(f"<{wide}d", data):
            if not (0 <= step <= MOST_STEPS and step == math.floor(step) and all(map(_is_cost, costs))):
                raise ValueError("its steps, or what they have cost, are out of their limits")
    if not all(1 <= apart <= MOST_STEPS for apart in found.apart) or not all(map(_is_cost, found.here)):
        raise ValueError("its steps, or what they have cost, are out of their limits")
    for step, *values in struct.iter_unpack(f"<{found.parameters + 1}d", found.path):
        if not (0 <= step <= MOST_STEPS and step == math.floor(step) and all(map(math.isfinite, values))):
            raise ValueError("the way of its parameters is out of its limits")
    steps = [found.furthest, found.began, *(step for step, *_ in found.marks)]
    if len(found.marks) > MOST_MARKS or not all(0 <= step <= MOST_STEPS for step in steps):
        raise ValueError("its marks are out of their limits")
    if not all(_is_cost(cost) and _is_cost(seconds) for _, cost, seconds, _ in found.marks):
        raise ValueError("what its steps have cost is out of its limits")
    if any(len(what) > MOST_LABEL for *_, what in found.marks):
        raise ValueError("its marks are out of their limits")


def _is_cost(number: float) -> bool:
    return 0 <= number < math.inf
