"""`nntui` and `nntui LESSON`: the screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from nntui.commands import NAMES, UserError
from nntui.tui.start import start


def run(arguments: argparse.Namespace) -> int:
    """Open a lesson on the screen, or the list of all."""
    return start(None if arguments.lesson is None else _found(arguments.lesson))


def _found(lesson: str) -> Path:
    """The file of a lesson; what is wrong with it is said here, before the screen takes the terminal over."""
    from nntui.scenario import library
    from nntui.scenario.reader import ScenarioError, read_text
    from nntui.text import did_you_mean

    try:
        path = library.find(lesson)
    except ScenarioError as error:
        hint = did_you_mean(lesson, NAMES)
        raise UserError(f"{error}{hint.replace('mean ', 'mean the command ')}") from None
    read_text(path)
    return path
