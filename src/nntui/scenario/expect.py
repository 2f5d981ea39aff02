"""What a lesson claims of its numbers, such as `loss < 0.3` or `loss ~ 1.0299`; a test holds it to them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from nntui.text import SHOWN, clean

MOST_CHARACTERS = 200

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
ABOUT = "~"

_SHAPE = re.compile(r"\s*(?P<name>.*?)\s*(?P<comparison>[<>=!~]+)\s*(?P<number>.*?)\s*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\[[0-9]{1,9}\])*")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


class ExpectationError(ValueError):
    """An expectation that cannot be read; the text says why and what would be right, in one sentence."""


@dataclass(frozen=True)
class Expectation:
    """A reading, a comparison, and a number as it was written: `~ 1.0` claims less than `~ 1.0000`."""

    name: str
    comparison: str
    written: str

    @property
    def number(self) -> float:
        """The number that the reading is compared with."""
        return float(self.written)

    @property
    def margin(self) -> Decimal:
        """Half a unit of the last digit written: how far off `~` allows a reading to be."""
        exponent = Decimal(self.written).as_tuple().exponent
        assert isinstance(exponent, int)
        return Decimal(5).scaleb(exponent - 1)

    def holds(self, value: float) -> bool:
        """Whether a reading is as expected; what is not a number never is."""
        if math.isnan(value):
            return False
        if self.comparison == ABOUT:
            return abs(Decimal(value) - Decimal(self.written)) <= self.margin
        return COMPARISONS[self.comparison](value, self.number)

    def __str__(self) -> str:
        return f"{self.name} {self.comparison} {self.written}"


def parse(text: str) -> Expectation:
    """Read an expectation; ExpectationError where it is none."""
    shown = clean(text, SHOWN)
    found = _SHAPE.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if found is None:
        raise ExpectationError(f"an expectation is written like loss < 0.3 or loss ~ 1.0299, not '{shown}'")
    name, comparison, number = found["name"], found["comparison"], found["number"].replace("−", "-")
    if not _NAME.fullmatch(name):
        raise ExpectationError(
            f"an expectation begins with a name, like loss or outputs[1][0], not '{clean(name, SHOWN)}'"
        )
    if comparison not in COMPARISONS and comparison != ABOUT:
        known = " ".join((*COMPARISONS, ABOUT))
        raise ExpectationError(f"there is no comparison '{comparison[:SHOWN]}'; there are {known}")
    if not _NUMBER.fullmatch(number):
        raise ExpectationError(f"an expectation ends with a number, like 0.3 or 1e-5, not '{clean(number, SHOWN)}'")
    if not math.isfinite(float(number)):
        raise ExpectationError(f"the number of an expectation must be finite; '{number[:SHOWN]}' is beyond the largest")
    return Expectation(name, comparison, number)
