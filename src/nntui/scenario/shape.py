"""Holds the tables of a lesson file against schema.py: keys, and the types of their values.

The first misfit would be enough for a program; a person wants to see all of them. So each function yields what is
wrong, as problems, and returns what of the value is right.
"""

from __future__ import annotations

import math
import types
from collections.abc import Generator, Mapping
from functools import cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import msgspec

from nntui.models.model import Problem
from nntui.scenario.lines import KeyPath
from nntui.text import SHOWN, clean, did_you_mean

MANY_LINES = ("say", "notes")  # all other texts stand on a single line
MOST_WHOLE = 2**63
MOST_FLOAT = 10**308
MISFIT = object()  # stands for a value that is not of its type

Fitting: TypeAlias = Generator[Problem, None, Any]

_WHY_NEEDED = {
    "format": "; a lesson file begins with format = 1",
    "title": '; give it one, such as title = "Exclusive or"',
    "model": '; say what is trained, such as kind = "mlp" below a line [model]',
    "say": "; a beat says something",
    "question": "; ask one",
    "choices": '; list them, such as choices = ["0", "1"]',
    "right": "; it is the number of the right choice, from 1",
    "expect": "; say what must hold, such as test_loss < 0.1",
}


def named(path: KeyPath) -> str:
    """Name a key as a sentence does: `training.twist`, `beat 3: ask.right`, `beat 3: do item 2`."""
    if not path:
        return "the file"
    if path[0] == "beat" and len(path) > 1 and isinstance(path[1], int):
        return f"beat {path[1] + 1}" + (f": {named(path[2:])}" if path[2:] else "")
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f" item {part + 1}"
        else:
            words += f"{'.' if words else ''}{clean(part, SHOWN)}"
    return words


def wrong(path: KeyPath, sentence: str) -> Problem:
    """Say what is wrong with a key, in a sentence that begins with its name."""
    return Problem(path, f"{named(path)} {sentence}")


def quoted(value: Any) -> str:
    """Quote a value of a lesson file in a sentence."""
    if isinstance(value, str):
        return f"'{clean(value, SHOWN)}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return clean(str(value), SHOWN)
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"


def listed(words: Any) -> str:
    """List words in a sentence: `explain, train or race`."""
    *most, last = (str(word) for word in words)
    return f"{', '.join(most)} or {last}" if most else last


# ---------------------------------------------------------------- tables


def fit_table(value: Mapping[str, Any], wanted: type[msgspec.Struct], path: KeyPath) -> Fitting:
    """Yield what is wrong with a table's keys and values; return those that are right."""
    fields = _fields(wanted)
    fitted: dict[str, Any] = {}
    for key, item in value.items():
        if key not in fields:
            yield wrong((*path, key), f"is unknown{did_you_mean(key, fields)}")
            continue
        fit = yield from _fit(item, fields[key].type, (*path, key))
        if fit is not MISFIT:
            fitted[key] = fit
    for key, field in fields.items():
        if field.required and key not in value:
            yield wrong((*path, key), f"is missing{_WHY_NEEDED.get(key, '')}")
    return fitted


@cache
def _fields(wanted: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields of a table by their names: reading them anew takes as long as checking the table."""
    return {field.name: field for field in msgspec.structs.fields(wanted)}


def _fit(value: Any, wanted: Any, path: KeyPath) -> Fitting:
    """Yield what is wrong with a value; return it as it should be, or MISFIT."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):  # a type or None, and no value in a file is None
        (wanted,) = (kind for kind in get_args(wanted) if kind is not type(None))
        origin = get_origin(wanted)
    if origin is tuple:
        return (yield from _fit_list(value, get_args(wanted)[0], path))
    if origin is dict or _is_table(wanted):
        if not isinstance(value, dict):
            yield wrong(path, f"must be a table, not {quoted(value)}")
            return MISFIT
        return _in_words(value) if origin is dict else (yield from fit_table(value, wanted, path))
    sentence = _choice_problem(value, get_args(wanted)) if origin is Literal else _simple_problem(value, wanted, path)
    if sentence:
        yield wrong(path, sentence)
        return MISFIT
    return _as_meant(value, wanted, path)


def _in_words(value: Any) -> Any:
    """A table that stays as it stands, but for whole numbers that nothing can pack: those are as near as floats are."""
    if isinstance(value, dict):
        return {key: _in_words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_words(item) for item in value]
    if isinstance(value, int) and not -MOST_WHOLE <= value < MOST_WHOLE and abs(value) < MOST_FLOAT:
        return float(value)
    return value


def _fit_list(value: Any, wanted: Any, path: KeyPath) -> Fitting:
    if not isinstance(value, list):
        items = f"tables [[{named(path)}]]" if _is_table(wanted) else "a list"
        yield wrong(path, f"must be {items}, not {quoted(value)}")
        return MISFIT
    fitted = []
    for number, item in enumerate(value):  # one that does not fit stays as a gap: those behind it keep their numbers
        fitted.append((yield from _fit(item, wanted, (*path, number))))
    return tuple(fitted)


def _is_table(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, msgspec.Struct)


# ---------------------------------------------------------------- single values


def _simple_problem(value: Any, wanted: Any, path: KeyPath) -> str:
    """Why a value is not of a plain type; empty where it is. A whole number will do for any number, true will not."""
    if wanted is bool:
        return "" if isinstance(value, bool) else f"must be true or false, not {quoted(value)}"
    if wanted is str:
        if not isinstance(value, str):
            return f"must be text in quotation marks, not {quoted(value)}"
        return "" if "\n" not in value or path[-1] in MANY_LINES else "must stand on a single line"
    if wanted is int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if is_whole else f"must be a whole number, not {quoted(value)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"must be a number, not {quoted(value)}"
    return "" if math.isfinite(value) else f"must be a finite number, not {quoted(value)}"


def _choice_problem(value: Any, choices: tuple[Any, ...]) -> str:
    """Why a value is none of a few; empty where it is one."""
    if any(type(value) is type(choice) and value == choice for choice in choices):
        return ""
    hint = did_you_mean(value, choices) if isinstance(value, str) and isinstance(choices[0], str) else ""
    return f"must be {listed(choices)}, not {quoted(value)}{hint}"


def _as_meant(value: Any, wanted: Any, path: KeyPath) -> Any:
    """Return a value that fits in the form in which it is used."""
    if wanted is float:
        return float(value)
    return value.strip("\n") if path[-1] in MANY_LINES else value
