"""`nntui train LESSON`: a training run without questions. The run is session/train.py, this says how it goes."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from nntui.commands import INTERRUPTED, UserError, say
from nntui.commands.recorded import writable
from nntui.scenario import library
from nntui.scenario.check import load
from nntui.scenario.reader import read_text
from nntui.session import train
from nntui.session.recorded import RecordedRun
from nntui.text import SHOWN, clean


def run(arguments: argparse.Namespace) -> int:
    """Train, tell the losses on the way as JSON or none of them, and what came out."""
    target = arguments.parameters
    if target is not None:
        _check_writable(target)
    path = library.find(arguments.lesson)
    folder = str(path.parent)
    scenario = train.wanted(load(read_text(path), path.name, folder), arguments.rung, arguments.seed)
    recorded = None
    if arguments.record is None:
        training = train.prepare(scenario, folder)
    else:
        file = writable(arguments.record)
        train.prepare(scenario, folder)  # what is wrong with it is said before a file is begun
        recorded = RecordedRun(scenario, path.name, folder, file)
        training = train.ready(recorded.training)
    initial = training.parameters.copy()
    last, status = None, 0
    with train.progress(arguments.steps, sys.stderr) as show, recorded.minded() if recorded else nullcontext():
        try:
            for report in train.reports(training, arguments.steps, recorded.advance if recorded else None):
                show(report)
                if arguments.json:
                    say(train.as_json(report))
                last = report
        except KeyboardInterrupt:
            training.stop()
            status = INTERRUPTED
    assert last is not None
    if recorded is not None and recorded.lost:
        print(f"nntui: nothing is recorded from here on: {recorded.lost}", file=sys.stderr)  # noqa: T201
    if target is not None:
        train.save_parameters(target, training, initial)
    end = train.finished(training, last)
    say(json.dumps(end) if arguments.json else _sentences(end))
    return status


def _sentences(end: dict[str, Any]) -> str:
    test = f", on the test samples {end['test_loss']:.5g}" if end["test_loss"] is not None else ""
    right = f", {100 * end['test_accuracy']:.3g} percent right" if end.get("test_accuracy") is not None else ""
    loss = f"{end['loss']:.5g}" if end["loss"] is not None else "not a finite number"
    pace = f"{end['samples_per_second']:,.0f} samples a second on {end['rung']}"
    kept = f"{end['kept']:,} twists kept; " if end["method"] == "twist" else ""
    return f"Step {end['step']:,}. Loss {loss}{test}{right}. {kept}{pace}."


def _check_writable(path: Path) -> None:
    """Find out before hours of training that the result could not be written."""
    if path.suffix != ".npz":
        raise UserError(f"parameters are written to a file that ends in .npz, not '{clean(path.name, SHOWN)}'")
    name = clean(str(path), SHOWN)
    if path.is_dir() or not path.parent.is_dir():
        raise UserError(f"'{name}' cannot be written: {'it' if path.is_dir() else 'its folder'} "
                        f"{'is a folder' if path.is_dir() else 'does not exist'}")  # fmt: skip
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise UserError(f"'{name}' cannot be written: {error.strerror}") from None
