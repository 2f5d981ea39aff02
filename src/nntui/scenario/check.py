"""Checks a lesson file: everything that is wrong with it at once, each with its line and what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from nntui.data.dataset import Dataset
from nntui.models.model import Problem
from nntui.scenario import meaning
from nntui.scenario.beats import check_beats, check_play
from nntui.scenario.lines import Lines
from nntui.scenario.reader import ScenarioError, cleaned, parse
from nntui.scenario.schema import FORMAT, Scenario
from nntui.scenario.shape import fit_table, named
from nntui.scenario.source import Loading, check_data
from nntui.text import SHOWN, clean

MOST_PROBLEMS = 100


def load(text: str, name: str, folder: str | Path = "") -> Scenario:
    """Return the scenario of a lesson file's text; ScenarioError with its first problem where there are any.

    `name` is what the file is called in sentences, `folder` where its data file may lie.
    """
    scenario, problems = check(text, name, folder)
    if scenario is not None:
        return scenario
    more = len(problems) - 1
    if not more:
        raise ScenarioError(problems[0])
    others = "1 more problem" if more == 1 else f"{more} more problems"
    raise ScenarioError(f"{problems[0]} (and {others}; `nntui check {clean(name, SHOWN)}` lists them)")


def check(text: str, name: str, folder: str | Path = "") -> tuple[Scenario | None, list[str]]:
    """Return the scenario of a lesson file's text, or None and all its problems (the first hundred), by line."""
    try:
        parsed = parse(text, name)
    except ScenarioError as error:
        return None, [str(error)]
    newer = _newer(parsed.tables)
    if newer:
        return None, _sentences([newer], parsed.lines, name)
    fitted: dict[str, Any] = {}
    problems = list(islice(_problems(parsed.tables, fitted, Path(folder)), MOST_PROBLEMS))
    if problems:
        return None, _sentences(problems, parsed.lines, name)
    return msgspec.convert(fitted, Scenario), []


def held(scenario: Scenario, folder: str | Path = "") -> Scenario:
    """Return a scenario that came in another form than a file, cleaned; ScenarioError where a limit is passed."""
    tables = cleaned(_as_tables(msgspec.to_builtins(scenario)))
    fitted: dict[str, Any] = {}
    problem = next(_problems(tables, fitted, Path(folder)), None)
    if problem is not None:
        raise ScenarioError(clean(problem.sentence))
    return msgspec.convert(fitted, Scenario)


def _as_tables(value: Any) -> Any:
    """What TOML could have said: anything else is no part of a scenario."""
    if isinstance(value, list | tuple):
        return [_as_tables(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _as_tables(item) for key, item in value.items()}
    if isinstance(value, str | int | float):
        return value
    raise ScenarioError(f"a scenario holds text, numbers, lists and tables, and no {type(value).__name__}")


def _newer(tables: dict[str, Any]) -> Problem | None:
    """Find out whether the file is of a newer format, of which nothing else can be said."""
    number = tables.get("format")
    if isinstance(number, bool) or not isinstance(number, int) or number <= FORMAT:
        return None
    return Problem(
        ("format",), f"format {number} is newer than this nntui, which reads format {FORMAT}; a newer nntui reads it"
    )


def _problems(tables: dict[str, Any], fitted: dict[str, Any], folder: Path) -> Iterator[Problem]:
    """Yield everything that is wrong, and put what is right into `fitted`."""
    fitted.update((yield from fit_table(tables, Scenario, ())))
    yield from meaning.check_head(fitted)
    dataset = None
    if "data" in fitted:
        dataset = yield from check_data(tables["data"], fitted["data"], folder)
    if "model" in fitted:
        yield from meaning.check_model(fitted["model"], dataset, "data" in tables)
    yield from meaning.check_training(fitted.get("training", {}))
    beats = fitted.get("beat", ())
    yield from meaning.check_state(fitted.get("state", {}), len(beats))
    yield from _check_changed(tables, fitted, dataset, folder)
    yield from check_beats(beats)
    yield from check_play(fitted.get("check"), bool(beats))


def _check_changed(
    tables: dict[str, Any], fitted: dict[str, Any], dataset: Dataset | None, folder: Path
) -> Iterator[Problem]:
    """Check the tables that a saved state has in the place of the file's own, as those are checked."""
    given, state = tables.get("state"), fitted.get("state", {})
    if not isinstance(given, dict):
        return
    yield from map(_of_state, meaning.check_training(state.get("training", {})))
    if "data" in state:
        problems, dataset = _loaded(check_data(given["data"], state["data"], folder))
        yield from map(_of_state, problems)
    has_data = "data" in tables or "data" in state
    if "model" in state:
        yield from map(_of_state, meaning.check_model(state["model"], dataset, has_data))
    elif "data" in state and "model" in fitted:
        yield from meaning.check_model(fitted["model"], dataset, has_data)


def _of_state(problem: Problem) -> Problem:
    """The problem of a table that stands within [state]."""
    begins = named(problem.path[:2])  # what is said of a file of data begins with the name of that
    sentence = f"state.{problem.sentence}" if problem.sentence.startswith(begins) else problem.sentence
    return Problem(("state", *problem.path), sentence)


def _loaded(loading: Loading) -> tuple[list[Problem], Dataset | None]:
    """What is wrong with a [data] table, and the data set where it can be had."""
    problems: list[Problem] = []
    while True:
        try:
            problems.append(next(loading))
        except StopIteration as end:
            return problems, end.value


def _sentences(problems: list[Problem], lines: Lines, name: str) -> list[str]:
    """Put file and line before each problem, in the order of the lines."""
    placed = sorted(((lines.of(problem.path), problem.sentence) for problem in problems), key=lambda pair: pair[0])
    return [f"{clean(name, SHOWN)}:{line}: {clean(sentence)}" for line, sentence in placed]
