"""What stands behind words: numbers, names, counts; what several words have in common."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from nntui import messages as m
from nntui.text import did_you_mean
from nntui.words.word import Meaning, Own, WordError, fail


def whole(text: str, what: str, low: int, high: int) -> int:
    """Read a whole number; a comma may part the thousands."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,20}", text):
        raise WordError(f"{what} is a whole number, not '{text[:40]}'")
    if not low <= int(text) <= high:
        raise WordError(f"{what} goes from {low:,} to {high:,}, not {int(text):,}")
    return int(text)


def number(text: str, what: str) -> float:
    """Read a finite number; the typographic minus sign will do as well."""
    text = text.replace("−", "-").rstrip(",")
    if len(text) > 60 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", text):
        raise WordError(f"{what} is a number, not '{text[:40]}'")
    value = float(text)
    if not math.isfinite(value):
        raise WordError(f"{what} must be finite; '{text[:40]}' is beyond the largest number there is")
    return value


def is_number(text: str) -> bool:
    """Whether a part looks like a number."""
    return bool(re.fullmatch(r"[-+−]?\.?\d.*", text))


def nothing(name: str, message: Meaning) -> Callable[[list[str]], Meaning]:
    """For a word with nothing behind it."""

    def read(rest: list[str]) -> Meaning:
        if rest:
            raise fail(name)
        return message

    return read


def moving(name: str, make: Callable[[int, m.Unit], Meaning], low: int = 1) -> Callable[[list[str]], Meaning]:
    """Read `[N] [UNIT]`, in either order."""
    fallback: m.Unit = "step" if name == "goto" else "line"

    def read(rest: list[str]) -> Meaning:
        units = [part for part in rest if not part[:1].isdigit() and part[:1] not in "+-"]
        numbers = [part for part in rest if part not in units]
        if len(units) > 1 or len(numbers) > 1 or (name == "goto" and not numbers):
            raise fail(name)
        unit = units[0].lower() if units else fallback
        singular = unit[:-2] if unit == "passes" else unit.removesuffix("s") if unit != "pass" else unit
        if singular not in m.UNITS:
            hint = did_you_mean(unit, m.UNITS) or f"; {one_of(m.UNITS)}"
            raise WordError(f"there is no unit '{unit[:40]}'{hint}")
        count = whole(numbers[0], "the number", low, m.MOST_STEPS) if numbers else 1
        return make(count, singular)

    return read


def one_of(names: Any) -> str:
    """What a name may be."""
    return "it is one of " + ", ".join(names)


def count(
    name: str, what: str, make: Callable[[int], Meaning], low: int, high: int, default: int | None = None
) -> Callable[[list[str]], Meaning]:
    """For a word with a whole number behind it, or one that is meant where there is none."""

    def read(rest: list[str]) -> Meaning:
        if not rest and default is not None:
            return make(default)
        if len(rest) != 1:
            raise fail(name)
        return make(whole(rest[0], what, low, high))

    return read


def named(name: str, make: Callable[[str], Meaning]) -> Callable[[list[str]], Meaning]:
    """For a word with a name behind it."""

    def read(rest: list[str]) -> Meaning:
        if not rest:
            raise fail(name)
        return make(" ".join(rest)[:200])

    return read


def value(name: str, what: str, make: Callable[[float], Meaning]) -> Callable[[list[str]], Meaning]:
    """For a word with a number behind it."""

    def read(rest: list[str]) -> Meaning:
        if len(rest) != 1:
            raise fail(name)
        return make(number(rest[0], what))

    return read


def address_and_number(name: str, make: Callable[[str, float], Meaning]) -> Callable[[list[str]], Meaning]:
    """For a word with a parameter and a number behind it; `to`, `by` and `=` may stand between."""

    def read(rest: list[str]) -> Meaning:
        rest = [part for part in rest if part not in ("to", "by", "=")]
        if len(rest) < 2:
            raise fail(name)
        return make("".join(rest[:-1])[:200], number(rest[-1], "the last word"))

    return read


def own(name: str, needs: bool = False) -> Callable[[list[str]], Meaning]:
    """For a word of the front end."""

    def read(rest: list[str]) -> Meaning:
        if needs and not rest:
            raise fail(name)
        return Own(name, " ".join(rest))

    return read


def bare(name: str) -> Callable[[list[str]], Meaning]:
    """For a word of the front end with nothing behind it."""
    return nothing(name, Own(name))
