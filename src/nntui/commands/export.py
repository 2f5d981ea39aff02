"""`nntui export FILE.nnrec OUT`: takes a recording away, as what the ending of OUT says."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nntui.commands import UserError, say
from nntui.commands.placing import MOST_PATH, place, placed
from nntui.commands.recorded import named
from nntui.commands.replay import DIFFERS, Checked, progress
from nntui.sentences.numbers import plural
from nntui.sentences.recordings import clock
from nntui.text import clean

if TYPE_CHECKING:
    from nntui import messages as m

ENDINGS = {"cast": ".cast", "html": ".html", "csv": ".csv", "json": ".json", "scenario": ".toml"}
STANDARD_OUTPUT = "-"
DATA = "-data.csv"  # behind the name of a scenario: the data file that it needs
TEXTS = ("csv", "json", "scenario")  # these can go to standard output
NUMBERS = ("csv", "json")
PICTURES = ("cast", "html")
# Which kinds an option is for; of the places only one can be named.
FOR = {
    "every": NUMBERS, "no_weights": NUMBERS, "step": ("scenario",), "beat": ("scenario",), "mark": ("scenario",),
    "at": ("scenario",), "size": PICTURES, "theme": PICTURES, "pause": ("cast",),
}  # fmt: skip
ENDING = (signal.SIGTERM, signal.SIGHUP)


def run(arguments: argparse.Namespace) -> int:
    """Take it away; 1 for a recording that is not whole, of which all before the damage is there."""
    path = named(arguments.file)
    kind = kind_of(arguments.out, arguments.to)
    for option, kinds in FOR.items():
        if getattr(arguments, option) not in (None, False) and kind not in kinds:
            raise UserError(f"--{option.replace('_', '-')} goes with {' and '.join(kinds)}, not with {kind}")
    out = None
    if arguments.out != STANDARD_OUTPUT:
        out = place(Path(arguments.out or f"{path.stem}{ENDINGS[kind]}"), arguments.force)
    damage = damage_of(path)
    with ended_by_signals():
        if kind in PICTURES:
            assert out is not None
            wrong = _pictures(kind, path, out, arguments)
        else:
            wrong = {"csv": _numbers, "json": _numbers, "scenario": _scenario}[kind](kind, path, out, arguments)
    for sentence in (damage, wrong):
        if sentence:
            warn(sentence)
    return DIFFERS if damage or wrong else 0


def kind_of(out: str | None, to: str | None) -> str:
    """What it is to become. UserError where that is not said, or said in two ways."""
    ending = Path(out).suffix.lower() if out not in (None, STANDARD_OUTPUT) else ""
    told = next((kind for kind, its in ENDINGS.items() if its == ending), None)
    if to is not None and told not in (None, to):
        raise UserError(f"a file that ends in {ending} is written by --to {told}, not {to}")
    kind = to or told
    if out == STANDARD_OUTPUT and kind not in TEXTS:
        raise UserError("standard output takes --to csv, json or scenario; name a file for all else")
    if kind is None:
        what = f"'{clean(str(out), MOST_PATH)}' does not say what it is to become" if out else "name a file to write"
        endings, kinds = listed(ENDINGS.values()), listed(ENDINGS)
        raise UserError(f"{what}: one that ends in {endings}, or say --to {kinds}")
    return kind


def listed(names: Iterable[str]) -> str:
    """ "a, b or c"."""
    *most, last = names
    return f"{', '.join(most)} or {last}"


def damage_of(path: Path) -> str:
    """The sentence about what of a recording is damaged or missing; empty where nothing is, or it is being written."""
    from nntui.session.recording.reading import being_written, read
    from nntui.session.recording.verifying import Verdict

    state = Checked(clean(path.name, MOST_PATH), read(path), Verdict(0, 0, 0, 0), 0.0)
    if not state.damage or (not state.ended and being_written(path)):
        return ""
    return f"{state.damage}: exported up to there"


# ---------------------------------------------------------------- the kinds


def _numbers(kind: str, path: Path, out: Path | None, arguments: argparse.Namespace) -> str:
    """A table or a document. Returns what is wrong with it, in a sentence; empty where nothing is."""
    from nntui.session.recording.taking.computing import Rows
    from nntui.session.recording.taking.document import write_document
    from nntui.session.recording.taking.table import write_table

    write: Callable[..., int] = write_table if kind == "csv" else write_document
    rows = Rows(path, arguments.every, weights=not arguments.no_weights)
    try:
        with progress(sys.stderr) as told:
            count = _written(out, arguments.force, lambda file, folder: write(rows, file, folder, told))
    finally:
        rows.close()
    if out is not None:
        said = "weights and biases" if rows.weights else "losses"
        say(f"{_shown(out)}: {plural(count, 'row')} of {said}, at most {plural(rows.moments.every, 'step')} apart.")
    if rows.differing is None:
        return ""
    first, told_loss = rows.differing
    return (
        f"at step {first.step:,} the loss is {first.loss!r} here, and was {told_loss!r}: the numbers are those of this "
        f"machine (nntui replay {clean(path.name, MOST_PATH)} --verify tells more)"
    )


def _scenario(kind: str, path: Path, out: Path | None, arguments: argparse.Namespace) -> str:
    """The state at a place; its data file goes beside it, under a name that nobody else has chosen."""
    from nntui.session.recording.taking.state import state_at

    del kind
    beside = None if out is None else out.with_name(f"{out.stem}{DATA}")
    state = state_at(path, wanted_place(arguments), "" if beside is None else beside.name)
    if out is None:
        sys.stdout.write(state.text)
        if state.data_name:
            warn(f"its data file {clean(state.data_name, MOST_PATH)} is not in it; export to a file writes both")
        return ""
    with_data = ""
    if state.data_name and beside is not None:
        data = place(beside, arguments.force)
        _written(data, arguments.force, lambda file, folder: file.write(state.data_text))
        with_data = f", with its data in {_shown(data)}"
    _written(out, arguments.force, lambda file, folder: file.write(state.text))
    beat = f", beat {state.beat}" if state.beat else ""
    say(f"{_shown(out)}: the state at step {state.step:,}{beat}, {clock(state.seconds)} into the recording{with_data}.")
    return ""


def _pictures(kind: str, path: Path, out: Path, arguments: argparse.Namespace) -> str:
    """A film of the terminal, or a page."""
    from nntui.tui import taking

    columns, rows = arguments.size or (None, None)
    given = {"columns": columns, "rows": rows, "theme": arguments.theme, "pause": arguments.pause}
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    write: Callable[..., None] = taking.write_cast if kind == "cast" else taking.write_handout
    with placed(out, arguments.force) as file, sentences(sys.stderr) as told:
        write(path, file, **options, tell=told.append)
    say(f"{_shown(out)}: {told[-1] if told else 'written.'}")
    return ""


class Told(list[str]):
    """What is told on the way, the last of it seen on a terminal."""

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show

    def append(self, sentence: str) -> None:
        """Another sentence."""
        super().append(sentence)
        self._show(sentence)


@contextmanager
def sentences(file: TextIO) -> Iterator[Told]:
    """Sentences about how far it is: the last of them on a terminal; nothing elsewhere."""
    if not file.isatty():
        yield Told(lambda sentence: None)
        return
    from rich.console import Console

    with Console(file=file).status("") as status:
        yield Told(status.update)


def wanted_place(arguments: argparse.Namespace) -> m.Seek:
    """The place whose state is wanted: the end, where none is named."""
    from nntui import messages as m
    from nntui.words import WordError
    from nntui.words.recordings import read_seek

    if arguments.step is not None:
        return m.Seek("step", arguments.step)
    if arguments.beat is not None:
        return m.Seek("beat", arguments.beat)
    if arguments.mark is not None:
        return m.Seek("mark", name=arguments.mark)
    try:
        return read_seek([arguments.at or "end"])  # type: ignore[return-value]
    except WordError:
        given = clean(arguments.at, MOST_PATH)
        raise UserError(f"--at takes a place such as 40%, 95, 1:35, start or end, not '{given}'") from None


# ---------------------------------------------------------------- writing


def _written(out: Path | None, force: bool, write: Callable[[TextIO, Path | None], int]) -> int:
    """Write a text into a file, or to standard output."""
    if out is None:
        return write(sys.stdout, None)
    with placed(out, force) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        return write(file, path.parent)


def _shown(path: Path | None) -> str:
    """A path as one stands to it."""
    assert path is not None
    here = Path.cwd()
    return clean(str(path.relative_to(here) if path.is_relative_to(here) else path), MOST_PATH)


def warn(sentence: str) -> None:
    """Say what is not as it should be."""
    print(f"nntui: {sentence}", file=sys.stderr)  # noqa: T201


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """While this lasts, signals that end it do what ctrl-c does: what was begun is taken away again."""

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # the second one does not wait
        raise KeyboardInterrupt

    before = [(number, signal.signal(number, stop)) for number in ENDING]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
