"""Checks a lesson file: everything that is wrong with it at once, each with its line and what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from nntui.models.model import Problem
from nntui.scenario import meaning
from nntui.scenario.beats import check_beats, check_play
from nntui.scenario.lines import Lines
from nntui.scenario.reader import ScenarioError, parse
from nntui.scenario.schema import FORMAT, Scenario
from nntui.scenario.shape import fit_table
from nntui.scenario.source import check_data
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
    yield from check_beats(beats)
    yield from check_play(fitted.get("check"), bool(beats))


def _sentences(problems: list[Problem], lines: Lines, name: str) -> list[str]:
    """Put file and line before each problem, in the order of the lines."""
    placed = sorted(((lines.of(problem.path), problem.sentence) for problem in problems), key=lambda pair: pair[0])
    return [f"{clean(name, SHOWN)}:{line}: {clean(sentence)}" for line, sentence in placed]
