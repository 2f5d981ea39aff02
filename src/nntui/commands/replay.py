"""`nntui replay FILE`: a recording is played; or, with --verify, computed again and compared to the bit."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nntui.commands import INTERRUPTED, UserError, say
from nntui.commands.recorded import named, wanted
from nntui.sentences.numbers import plural
from nntui.text import clean

if TYPE_CHECKING:
    from nntui.session.recording.reading import Scan
    from nntui.session.recording.verifying import Verdict

DIFFERS = 1  # the exit code of a recording that is not whole, or not the same here


def run(arguments: argparse.Namespace) -> int:
    """Play, or verify."""
    if arguments.verify:
        return verify(arguments.file, arguments.json)
    if arguments.json:
        raise UserError("--json goes with --verify")
    return play(arguments)


def play(arguments: argparse.Namespace, follow: bool = False) -> int:
    """Open a recording as a player: on the screen, or in sentences where there is none."""
    path, record, copy = named(arguments.file), wanted(arguments), getattr(arguments, "copy", None)
    from nntui.tui.start import is_in_browser, start

    if arguments.plain or not ((sys.stdin.isatty() and sys.stdout.isatty()) or is_in_browser(os.environ)):
        from nntui.plain.start import play as in_sentences

        return in_sentences(path, record, follow, copy)
    return start(path, record, follow=follow, copy=copy)


# ---------------------------------------------------------------- verifying


def verify(path: Path, as_json: bool) -> int:
    """Compute all of it again, and say whether it is the same."""
    from nntui.session.recording.reading import read
    from nntui.session.recording.verifying import Verifier

    scan = read(path)
    began = time.perf_counter()
    with progress(sys.stderr) as told:
        verdict = Verifier(scan).run(told)
    checked = Checked(clean(path.name, 200), scan, verdict, time.perf_counter() - began)
    if as_json:
        say(json.dumps(checked.as_object()))
    else:
        for sentence in checked.sentences():
            say(sentence)
    if verdict.interrupted:
        return INTERRUPTED
    return 0 if checked.whole and verdict.equal else DIFFERS


@dataclass(frozen=True)
class Checked:
    """A recording that was computed again."""

    name: str
    scan: Scan
    verdict: Verdict
    seconds: float

    @property
    def ended(self) -> bool:
        """Whether its last line says that nothing follows."""
        from nntui.session.recording.records import Ended

        return bool(self.scan.lines) and isinstance(self.scan.lines[-1].record, Ended)

    @property
    def whole(self) -> bool:
        """Whether nothing of it is damaged or missing."""
        return self.ended and not self.scan.damages and not self.scan.torn

    @property
    def why(self) -> str:
        """What a difference may come from."""
        from nntui.session.recording.verifying import perhaps

        return "" if self.verdict.equal or self.verdict.interrupted else perhaps(self.scan.header)

    @property
    def damage(self) -> str:
        """The sentence about what is damaged or missing; empty where nothing is."""
        if self.scan.damages:
            first = self.scan.damages[0]
            return f"Damaged at line {first.line} ({first.sentence})"
        if self.scan.torn:
            return "Torn last line"
        return "" if self.ended else "It has no end: it is still being written, or was cut off"

    def sentences(self) -> Iterator[str]:
        """What came of it."""
        found = self.verdict
        counts = (
            f"{plural(found.lines, 'line')}, {plural(found.commands, 'command')}, "
            f"{plural(found.keyframes, 'keyframe')}, up to step {found.steps:,}, computed again in {self.seconds:.1f} s"
        )
        if found.interrupted:
            yield f"{self.name}: {found.difference}."
            return
        if not found.equal:
            where = f"line {found.line:,}, step {found.steps:,}{', on ' * bool(found.rung)}{found.rung}"
            yield f"{self.name}: differs first at {where}: {found.difference}."
            if self.why:
                yield f"Perhaps because {self.why}."
        elif self.damage:
            yield f"{self.name}: up to there bit for bit: {counts}."
        else:
            yield f"{self.name}: bit for bit: {counts}."
        if self.damage:
            yield f"{self.damage}."
        if self.scan.skipped:
            yield f"{self.scan.skipped:,} lines of a kind that this version does not know were passed over."

    def as_object(self) -> dict[str, Any]:
        """The same for a program."""
        found = self.verdict
        difference = {
            "line": found.line,
            "step": found.steps,
            "rung": found.rung,
            "what": found.difference,
            "perhaps": self.why,
        }
        return {
            "file": self.name, "equal": found.equal, "whole": self.whole, "lines": found.lines,
            "commands": found.commands, "keyframes": found.keyframes, "step": found.steps,
            "seconds": round(self.seconds, 3), "damage": self.damage or None, "skipped": self.scan.skipped,
            "difference": None if found.equal else difference,
        }  # fmt: skip


@contextmanager
def progress(file: TextIO) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not file.isatty():
        yield lambda done, lines: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(), TextColumn("line {task.completed:,.0f} of {task.total:,.0f}"))
    with Progress(*columns, console=Console(file=file), transient=True) as bar:
        task = bar.add_task("", total=1)  # of which nobody knows until the first line is done
        yield lambda done, lines: bar.update(task, completed=done, total=lines)
