"""`nntui` and `nntui LESSON`: the screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from nntui.commands import NAMES, UserError
from nntui.commands.recorded import named, wanted
from nntui.session.recording.records import SUFFIX
from nntui.tui.start import start


def run(arguments: argparse.Namespace) -> int:
    """Open a lesson or a recording on the screen, or the list of all."""
    record, lesson = wanted(arguments), arguments.lesson
    return start(None if lesson is None else found(lesson), record, short=arguments.short)


def found(lesson: str) -> Path:
    """The file of a lesson or recording; what is wrong with it is said before the screen takes the terminal over."""
    if lesson.endswith(SUFFIX):
        return named(Path(lesson))
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
