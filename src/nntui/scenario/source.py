"""The `[data]` table of a lesson file: a data set of ours by its name, or a file that lies beside the lesson."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

from nntui import data as data_sets
from nntui.data.dataset import Dataset
from nntui.models.model import Problem
from nntui.scenario.meaning import LIMITS, check_limits, unknown
from nntui.scenario.shape import MISFIT, quoted, wrong

Loading: TypeAlias = Generator[Problem, None, Dataset | None]


def check_data(given: Mapping[str, Any], table: Mapping[str, Any], folder: Path) -> Loading:
    """Check [data]; return the data set where it can be had."""
    yield from check_limits("data", table)
    share = table.get("test_share", 0.0)
    if not 0 <= share < 1:
        yield wrong(("data", "test_share"), f"must be at least 0 and below 1, not {quoted(share)}")
    if ("name" in given) == ("file" in given):
        yield wrong(("data",), 'must have either a name, such as name = "xor", or a file')
        return None
    if "name" in given:
        return (yield from _check_name(given, table))
    return (yield from _check_file(given, table, folder))


def _check_name(given: Mapping[str, Any], table: Mapping[str, Any]) -> Loading:
    for key in ("inputs", "targets"):
        if key in given:
            yield wrong(("data", key), "names columns of a file; it goes with data.file alone")
    name = table.get("name")
    if name is None:
        return None
    if name not in data_sets.NAMES:
        yield unknown(("data", "name"), name, data_sets.NAMES)
        return None
    asked = {key: table[key] for key in LIMITS["data"] if key in table and _is_within_limits(key, table[key])}
    if name == "digits":
        if asked.get("samples", 1) > data_sets.MOST_DIGITS:
            sentence = f"goes from 1 to {data_sets.MOST_DIGITS:,} for digits, not {asked.pop('samples'):,}"
            yield wrong(("data", "samples"), sentence)
        if asked.pop("noise", 0.0):
            yield wrong(("data", "noise"), "must be 0 for digits, which are real")
    elif asked.get("shift"):
        yield wrong(("data", "shift"), f"moves images, and {name} has none")
    asked.pop("shift", None)
    return data_sets.load(name, **asked)


def _is_within_limits(key: str, value: float) -> bool:
    """Tell whether a number can be used: one that cannot has been reported, and what else is wrong can be told."""
    low, high = LIMITS["data"][key]
    return low <= value <= high


def _check_file(given: Mapping[str, Any], table: Mapping[str, Any], folder: Path) -> Loading:
    for key in ("samples", "noise", "shift"):
        if key in given and table.get(key) != 0.0:
            yield wrong(("data", key), "goes with data.name alone; a file is used as it is")
    for key, what in (("inputs", "go in"), ("targets", "should come out")):
        if key not in given or table.get(key) == ():
            yield wrong(("data", key), f'is missing; it names the columns that {what}, such as {key} = ["a", "b"]')
    file = table.get("file")
    if file is None:
        return None
    problem = place_problem(file, folder)
    if problem:
        yield wrong(("data", "file"), f"must be {problem}, not {quoted(file)}")
        return None
    columns = [table.get(key, ()) for key in ("inputs", "targets")]
    if any(not names or MISFIT in names for names in columns):
        return None
    try:
        return data_sets.read_table(folder / file, *columns)
    except data_sets.DataError as error:
        yield Problem(("data", "file"), str(error))
        return None


def place_problem(file: str, folder: Path) -> str:
    """Say what a data file must be and is not: a lesson reaches only files that lie beside it or below."""
    if not file.strip():
        return "the name of a file in the lesson's folder"
    if "://" in file:
        return "a file in the lesson's folder, since nothing is fetched from the network"
    windows = PureWindowsPath(file)
    if PurePosixPath(file).is_absolute() or windows.root or windows.drive or ".." in windows.parts:
        return "a file in the lesson's folder or below it, named from there and without '..'"
    try:
        is_inside = (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links that lead in a circle, or a name that no file can have
        return "a file that can be found"
    return "" if is_inside else "a file in the lesson's folder or below it, and no link that leads out of it"
