"""Numbers and names as they are said: so many significant digits or exactly, as code or as speech."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from nntui.messages import ListValue, Value

MOST_DIGITS = 17
FEW_ITEMS = 8  # of a list are said


@dataclass(frozen=True)
class Voice:
    """How things are said."""

    detail: Literal["brief", "normal", "full"] = "normal"
    digits: int = 5  # significant; 0 stands for all there are
    names: Literal["code", "spoken"] = "code"
    width: int = 80

    def with_digits(self, text: str) -> Voice:
        """The voice after `digits N` or `digits exact`; ValueError with a sentence for anything else."""
        if text == "exact":
            return replace(self, digits=0)
        if not text.isdigit() or not 1 <= int(text) <= MOST_DIGITS:
            raise ValueError(f"digits goes from 1 to {MOST_DIGITS}, or is exact")
        return replace(self, digits=int(text))

    def number(self, value: float) -> str:
        """One number."""
        return self._signed(abs(value), value < 0 or (value == 0 and self.digits == 0 and math.copysign(1, value) < 0))

    def _signed(self, size: float, negative: bool) -> str:
        text = self._size(size)
        if not negative or text == "0":
            return text
        return f"minus {text}" if self.names == "spoken" else f"-{text}"

    def _size(self, value: float) -> str:
        if isinstance(value, bool | int):
            return f"{value:,}"
        if math.isnan(value):
            return "not a number"
        if math.isinf(value):
            return "infinity"
        if not self.digits:
            return repr(float(value))
        text = f"{value:.{self.digits}g}"
        if "e+" in text and value < 1e15:
            return f"{float(text):,.0f}"
        if "e" in text:
            return self._exponent(text)
        before, point, after = text.partition(".")
        return f"{int(before):,}{point}{after}"

    def _exponent(self, text: str) -> str:
        """A power of ten as lessons write it: 1e-5, not 1e-05; by ear the sign is a word."""
        digits, _, exponent = text.partition("e")
        sign = "" if exponent[0] == "+" else "minus " if self.names == "spoken" else "-"
        return f"{digits}e{' ' if self.names == 'spoken' else ''}{sign}{exponent[1:].lstrip('0')}"

    def count(self, value: float) -> str:
        """What is counted: a whole number with all of its digits, which commas part."""
        return self.number(int(value) if math.isfinite(value) and value == int(value) else value)

    def percent(self, share: float) -> str:
        """A share of 1 in percent, to one place after the point: more of it is never meant."""
        return self.number(round(100 * share, 1))

    def numbers(self, values: tuple[float, ...]) -> str:
        """A row of numbers; of many the first few, and how many more there are."""
        said = ", ".join(self.number(value) for value in values[:FEW_ITEMS])
        return said if len(values) <= FEW_ITEMS else f"{said} and {len(values) - FEW_ITEMS:,} more"

    def apart(self, first: float, second: float) -> tuple[str, str]:
        """Two numbers with as many more digits as it takes to tell them apart."""
        voice = self
        while first != second and voice.digits and voice.number(first) == voice.number(second):
            voice = replace(voice, digits=(voice.digits + 1) % (MOST_DIGITS + 1))
        return voice.number(first), voice.number(second)

    def value(self, value: Value) -> str:
        """The value of a local."""
        if isinstance(value, ListValue):
            return self._list(value)
        if value is None:
            return "none"
        if isinstance(value, bool):
            return "True" if value else "False"
        return self.number(value) if isinstance(value, int | float) else value

    def _list(self, value: ListValue) -> str:
        prefix = f"{self.name(value.name)}, " if value.name else ""
        if value.columns:
            return f"{prefix}{value.rows:,} by {value.columns:,}: {self._grid(value)}"
        if value.rows:
            return f"{prefix}{value.rows:,} lists"
        items = ", ".join(self.number(item) for item in value.items[:FEW_ITEMS])
        more = f" and {value.length - FEW_ITEMS:,} more" if value.length > FEW_ITEMS else ""
        return f"{prefix}[{items}{more}]"

    def _grid(self, value: ListValue) -> str:
        """The rows of an array, as many whole ones as are few numbers; at least one."""
        few = value.items[: max(1, FEW_ITEMS // value.columns) * value.columns][: 2 * FEW_ITEMS]
        rows = [few[at : at + value.columns] for at in range(0, len(few), value.columns)]
        said = ", ".join(f"[{', '.join(self.number(item) for item in row)}]" for row in rows)
        return said if len(few) == value.length else f"{said} and {value.length - len(few):,} more"

    def name(self, name: str) -> str:
        """A name as the code writes it, or as one speaks it."""
        return spoken(name) if self.names == "spoken" else name

    def short_name(self, name: str) -> str:
        """A term of a sum by where it comes from: the bias, a neuron, an input."""
        if name.startswith("biases["):
            return "bias"
        if name.startswith("through "):  # a path that a gradient came along
            steps = [self.name(step) for step in name.removeprefix("through ").split(", ")]
            return f"through {', then '.join(steps)}"
        if self.names == "code":
            return f"from {name}"
        name = re.sub(r"^sample \d+ (?=outputs|inputs)", "", name)  # it has been said whose sum this is
        if match := re.fullmatch(r"outputs\[\d+\]\[(\d+)\]", name):
            return f"from neuron {match[1]}"
        if match := re.fullmatch(r"inputs\[(\d+)\]", name):
            return f"from input {match[1]}"
        return f"from {name}"


_SPOKEN = (
    (r"\bweights\[(\d+)\]\[(\d+)\]\[(\d+)\]", r"layer \1, neuron \2, source \3"),
    (r"\bbiases\[(\d+)\]\[(\d+)\]", r"layer \1, neuron \2, bias"),
    (r"\b(output|total)s\[(\d+)\]\[(\d+)\]", r"\1 of layer \2, neuron \3"),
    (r"\b(weights|biases|outputs)\[(\d+)\]\[(\d+)\]", r"\1 of layer \2, neuron \3"),
    (r"\b(weights|biases|outputs)\[(\d+)\]", r"\1 of layer \2"),
    (r"\b(input|target)s\[(\d+)\]", r"\1 \2"),
    (r"\[(\d+)\]", r" \1"),
    (r"_", " "),
    (r" \*\* ", " to the power "),
    (r" \* ", " times "),
    (r" \+ ", " plus "),
    (r" - ", " minus "),
    (r"(?<![\w)\] ])-(?=[\w(])", "minus "),
    (r" / ", " over "),
)


def spoken(name: str) -> str:
    """Say `weights[0][2][1]` as "layer 0, neuron 2, source 1", and `a * b` as "a times b"."""
    if of_sample := re.fullmatch(r"(sample \d+) ((?:outputs|inputs)\[.*)", name):
        return f"{of_sample[1]}, {spoken(of_sample[2])}"
    for pattern, words in _SPOKEN:
        name = re.sub(pattern, words, name)
    return name


def capital(text: str) -> str:
    """A sentence's first letter, large; a name of the code stays as it is written."""
    return text if re.match(r"\w+\[|[a-z]+_", text) else text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 try", "2 tries"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def wrapped(text: str, width: int) -> list[str]:
    """Break a line at clauses where it can be, never inside a number or a word."""
    lines = []
    while len(text) > width:
        cut = _best_cut(text, width)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*lines, text]


def _best_cut(text: str, width: int) -> int:
    """After a sentence or clause that fills half of the line at least, else after the last word that fits."""
    for mark in (r"[.!?] ", r"; ", r", "):
        cuts = [match.end() for match in re.finditer(mark, text[: width + 1])]
        if cuts and cuts[-1] >= width // 2:
            return cuts[-1]
    spaces = [match.end() for match in re.finditer(r" ", text[: width + 1]) if not _inside_number(text, match.start())]
    if spaces:
        return spaces[-1]
    after = text.find(" ", width)
    return after + 1 if after >= 0 else len(text)


def _inside_number(text: str, at: int) -> bool:
    """Whether a space stands within a number, as in "minus 0.5" and "6.7e minus 5"."""
    before, after = text[:at], text[at + 1 : at + 7]
    signed = bool(re.search(r"\b(minus|plus)$", before)) and after[:1].isdigit()
    return signed or (bool(re.search(r"\de$", before)) and bool(re.match(r"minus |\d", after)))
