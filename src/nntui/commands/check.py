"""`nntui check FILE…`: every problem of every file."""

from __future__ import annotations

import argparse
from pathlib import Path

from nntui.commands import say
from nntui.scenario import library
from nntui.scenario.check import check
from nntui.scenario.reader import ScenarioError, read_text
from nntui.text import SHOWN, clean

PROBLEMS = 1  # the exit code for files with problems


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each problem; 0 only if there is none."""
    found = 0
    for word in arguments.files:
        try:
            path = library.find(word)
            text = read_text(path)
            _, problems = check(text, path.name, str(path.parent))
        except ScenarioError as error:
            path, problems = Path(word), [str(error)]
        if arguments.play and not problems:
            from nntui.session.lessons.rehearsal import rehearse

            problems = rehearse(text, path.name, str(path.parent))
        for problem in problems:
            say(problem)
        if not problems:
            say(f"{clean(path.name, SHOWN)}: {'plays as it says' if arguments.play else 'good'}")
        found += len(problems)
    return PROBLEMS if found else 0
