"""The commands that a person types: how they are read, and who answers them.

`commands/` has a module for each. It and all else are imported only when they are needed: the first answer is quick.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TextIO

from nntui import __version__, blas
from nntui.commands import INTERRUPTED, NAMES, UserError, say

UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
WRONG = 2  # the exit code for what was typed wrong; `check` gives 1 for a file with problems
COMPUTING = ("check", "train", "bench", "race", "replay", "info", "export", "machine")  # in this very process
SHELLS = ("bash", "zsh", "fish", "tcsh")


class Parser(argparse.ArgumentParser):
    """Answers a mistake with one sentence instead of a page of usage, and tells of itself as all of nntui tells."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self.add_argument("-h", "--help", action="help", help="tell this")
        self._positionals.title = "what it takes"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit."""
        self.exit(WRONG, f"{self.prog}: {message}; {self.prog} --help tells more\n")


# ---------------------------------------------------------------- the parser


def parser() -> Parser:
    """Describe all commands and options."""
    top = Parser(
        prog="nntui",
        usage="nntui [LESSON | COMMAND ...]",
        allow_abbrev=False,
        description="Neural networks taught in the terminal. A lesson is a number, a name or a file; alone: the list.",
    )
    top.add_argument("--version", action="version", version=f"nntui {__version__}", help="tell the version")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser, prog="nntui")
    top.set_defaults(run=_answer_of("open"), lesson=None, short=False, record=None, no_record=False)

    def command(name: str, text: str) -> Parser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        made.set_defaults(run=_answer_of(name))
        return made

    screen = command("open", "open a lesson or a recording on the screen; nntui LESSON is the same")
    screen.add_argument("lesson", nargs="?", metavar="LESSON", help="a lesson's number, a scenario's name, or a file")
    _recorded(screen)
    _short(screen)

    command("list", "list the lessons in teaching order, then the playground scenarios")

    plain = command("plain", "open a lesson or a recording in sentences, without a screen")
    _lesson(plain)
    _recorded(plain)
    _short(plain)

    resume = command("resume", "go on where the last recording ends, or the one named")
    resume.add_argument("file", nargs="?", type=Path, metavar="FILE.nnrec", help="a recording (the last)")
    resume.add_argument("--plain", action="store_true", help="in sentences, without a screen")
    _recorded(resume)

    replay = command("replay", "play a recording, or compute it again and compare it to the bit")
    replay.add_argument("file", type=Path, metavar="FILE.nnrec", help="a recording")
    replay.add_argument("--verify", action="store_true", help="compute all of it again; 0 only if whole and equal")
    replay.add_argument("--json", action="store_true", help="with --verify: print one JSON object")
    _played(replay)

    follow = command("follow", "follow a recording while it is being written, here or on another machine")
    follow.add_argument("file", metavar="FILE.nnrec|HOST:PATH", help="a recording; of another machine by ssh")
    _played(follow)

    info = command("info", "describe a recording: when, what, how long, its marks, whether it is whole")
    info.add_argument("file", type=Path, metavar="FILE.nnrec", help="a recording")

    _serve(command("serve", "open a lesson or a recording in a browser, for yourself or for a class"))

    export = command("export", "take a recording away: a film of the terminal, a page, a table, data, or a scenario")
    export.add_argument("file", type=Path, metavar="FILE.nnrec", help="a recording")
    export.add_argument(
        "out", nargs="?", metavar="OUT",
        help="what to write: .cast, .html, .csv, .json or .toml; - for standard output (FILE with the ending of KIND)",
    )  # fmt: skip
    _taken_away(export)

    notes = command("notes", "attach a second terminal to a running screen: the lecturer's notes, in sentences")
    notes.add_argument("number", nargs="?", type=_whole(1, 99), default=1, metavar="N", help="which (1, the newest)")

    check = command("check", "say everything that is wrong with lesson files")
    check.add_argument("files", nargs="+", metavar="FILE", help="a lesson file, or a shipped lesson's number or name")
    check.add_argument("--play", action="store_true", help="also play each lesson and hold it to its expectations")

    _train(command("train", "train without questions"))
    _race(command("race", "race the rungs: the same work from the same weights for the same time"))
    _bench(command("bench", "measure every rung of the ladder, and other libraries beside them"))
    _data(command("data", "describe a data set, or print it"))

    machine = command("machine", "say what this computer is and can do, and what would enable each absent rung")
    machine.add_argument(
        "--quick", "--no-measure", action="store_true", help="measure nothing (the peak takes a third of a second)"
    )
    machine.add_argument("--json", action="store_true", help="print one JSON object")

    completion = command("completion", "print a completion script for a shell")
    completion.set_defaults(run=complete)
    completion.add_argument("shell", choices=SHELLS, help="which shell")
    return top


def _train(command: Parser) -> None:
    _lesson(command)
    command.add_argument("--rung", metavar="R", help="how to compute, such as numpy or numba (default: the file's)")
    command.add_argument("--steps", type=_whole(1, 1_000_000_000), default=1000, metavar="N", help="how many (1000)")
    command.add_argument("--seed", type=_whole(0, 2**32 - 1), metavar="S", help="of weights and dice (the file's)")
    command.add_argument("--json", action="store_true", help="print one JSON object a line")
    command.add_argument("--record", type=Path, metavar="FILE.nnrec", help="record it there (it is not, without)")
    command.add_argument("--parameters", type=Path, metavar="FILE.npz", help="write final and initial weights there")


def _race(command: Parser) -> None:
    _lesson(command)
    command.add_argument("--seconds", type=_seconds, default=2.0, metavar="S", help="of each rung (2)")
    command.add_argument("--rungs", type=_names, default=(), metavar="A,B", help="which (all that are available here)")
    command.add_argument("--precision", type=_bits, default=(), metavar="BITS", help="32, 64 or 32,64 (the file's)")
    command.add_argument("--json", action="store_true", help="print one JSON object a rung")
    command.add_argument("--with", dest="beside", metavar="FILE", help="tell a saved result of --json beside")


def _bench(command: Parser) -> None:
    command.add_argument("--sizes", metavar="P,M,…", help="which networks: P, M, L, XL (all; quick P,M)")
    command.add_argument("--rungs", metavar="R,R,…", help="which rungs (all that there are)")
    command.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True, help="other libraries as well")
    command.add_argument("--precision", metavar="BITS", help="32, 64 or both (32,64; quick 32)")
    command.add_argument("--rounds", type=_whole(1, 1000), metavar="N", help="in which all take turns (7; quick 3)")
    command.add_argument("--seconds", type=_seconds, metavar="S", help="of a turn (0.2; quick 0.05)")
    command.add_argument(
        "--quick", action="store_true", help="the small ones in one thread, without twists: a minute or two"
    )
    command.add_argument("--only-speeds", action="store_true", help="no twists, and compiling is not timed")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="write bench.md and bench.json there")
    command.add_argument("--markdown", type=Path, metavar="FILE", help="write a report there")
    command.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there")


def _data(command: Parser) -> None:
    command.add_argument("name", metavar="NAME", help="such as xor, circle or digits")
    command.add_argument("--samples", type=_whole(1, 100_000), metavar="N", help="how many samples")
    command.add_argument(
        "--noise", type=_between(0, 0.5), default=0.0, metavar="X", help="share of noise, 0 to 0.5 (0)"
    )
    command.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, metavar="S", help="seed of the dice (0)")
    command.add_argument("--csv", action="store_true", help="print the samples as comma-separated values")


def _serve(command: Parser) -> None:
    add = command.add_argument
    add("lesson", nargs="?", metavar="LESSON", help="a lesson's number or name, a scenario, or a recording (the list)")
    add("--host", default="127.0.0.1", metavar="H", help="the address to serve at (127.0.0.1: this machine alone)")
    add("--port", type=_whole(0, 65_535), default=8000, metavar="P", help="the port (8000); 0: one that is free")
    add("--most", type=_whole(1, 1000), metavar="N", help="sessions at once (40, or fewer where memory is short)")
    add("--token", action="store_true", help="a token in the address on this machine, too; elsewhere there is one")
    add("--keep", type=Path, metavar="FOLDER", help="keep there what those from elsewhere save and record")
    add("--follow", action="store_true", help="follow a recording while it is being written")
    add("--no-record", action="store_true", help="record nothing")
    _short(command)


def _short(command: Parser) -> None:
    command.add_argument("--short", action="store_true", help="the short lecture: its core beats alone")


def _lesson(command: Parser) -> None:
    command.add_argument("lesson", metavar="LESSON", help="a lesson's number, a scenario's name, or a file")


def _recorded(command: Parser) -> None:
    """Options of what is recorded unless told otherwise."""
    either = command.add_mutually_exclusive_group()
    either.add_argument(
        "--record", type=Path, metavar="FILE.nnrec",
        help="record what is done there (in a folder of the user's data; of more than 200 MB the oldest go)",
    )  # fmt: skip
    either.add_argument("--no-record", action="store_true", help="record nothing (NNTUI_RECORD=0 does the same)")


def _played(command: Parser) -> None:
    command.add_argument("--plain", action="store_true", help="in sentences, without a screen")
    command.add_argument("--no-record", action="store_true", help="do not record branches")


def _taken_away(export: Parser) -> None:
    export.add_argument(
        "--to", choices=("cast", "html", "csv", "json", "scenario"), metavar="KIND",
        help="cast, html, csv, json or scenario (what the ending of OUT says)",
    )  # fmt: skip
    export.add_argument("--force", action="store_true", help="write over a file that is there already")
    table = export.add_argument_group("csv, json")
    table.add_argument(
        "--every", type=_whole(1, 1_000_000_000), metavar="N",
        help="a row each N steps (each loss that was told, and some 500 to 1,000 steps evenly)",
    )  # fmt: skip
    table.add_argument("--no-weights", action="store_true", help="the losses alone")
    state = export.add_argument_group("scenario").add_mutually_exclusive_group()
    state.add_argument("--step", type=_whole(0, 1_000_000_000), metavar="N", help="the state at a step (the end)")
    state.add_argument("--beat", type=_whole(1, 1_000), metavar="N", help="the state where a beat has begun")
    state.add_argument("--mark", metavar="NAME", help="the state at a mark")
    state.add_argument("--at", metavar="PLACE", help="the state at such a place: 40%%, 95 (seconds), 1:35, start, end")
    picture = export.add_argument_group("cast, html")
    picture.add_argument("--size", type=_size, metavar="120x40", help="columns and rows of the screen (100x30)")
    picture.add_argument("--theme", choices=("dark", "light", "projector"), help="the colours (cast dark, html light)")
    longest = _between(0.1, 3600)
    picture.add_argument("--pause", type=longest, metavar="S", help="most seconds of a pause, cast alone (1.5)")


def _size(text: str) -> tuple[int, int]:
    columns, _, rows = text.lower().partition("x")
    if not (columns.isascii() and columns.isdigit() and rows.isascii() and rows.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"it is columns and rows, such as 120x40, not '{_shown(text)}'")
    return int(columns), int(rows)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"a whole number is wanted, not '{_shown(text)}'") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"it goes from {low:,} to {high:,}, not {value:,}")
        return value

    return whole


def _between(low: float, high: float) -> Callable[[str], float]:
    def between(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"a number is wanted, not '{_shown(text)}'") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"it goes from {low:g} to {high:g}, not {_shown(text)}")
        return value

    return between


def _seconds(text: str) -> float:
    from nntui.messages import LONGEST_RACE, SHORTEST_RACE

    return _between(SHORTEST_RACE, LONGEST_RACE)(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:200] for part in text.split(",") if part.strip())


def _bits(text: str) -> tuple[int, ...]:
    from nntui.words.races import PRECISIONS

    found = PRECISIONS.get(text.replace(" ", ""))
    if found is None:
        raise argparse.ArgumentTypeError(f"it is 32, 64 or 32,64, not '{_shown(text)}'")
    return found


def _shown(text: str) -> str:
    from nntui.text import SHOWN, clean

    return clean(text, SHOWN)


# ---------------------------------------------------------------- the answers


def _answer_of(name: str) -> Callable[[argparse.Namespace], int]:
    """What answers a command: the `run` of the module of its name."""

    def run(arguments: argparse.Namespace) -> int:
        if name in COMPUTING:
            blas.one_thread()  # before numpy is imported
        status: int = import_module(f"nntui.commands.{name}").run(arguments)
        return status

    return run


def complete(arguments: argparse.Namespace) -> int:
    """`nntui completion SHELL`."""
    import shtab

    say(shtab.complete(parser(), arguments.shell))
    return 0


# ---------------------------------------------------------------- the way in


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what a person did wrong is answered by one sentence and exit code 2."""
    _open_closed()
    _mind_letters()
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parser().parse_args(_with_command(words))
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except (UserError, ValueError, OSError) as error:
        if not isinstance(error, UserError | OSError) and type(error).__module__.split(".")[0] != "nntui":
            raise
        _print_error(error)
        return WRONG
    return status


def _with_command(words: list[str]) -> list[str]:
    """`nntui 2` stands for `nntui open 2`, and so do `nntui --record FILE 2` and `nntui --short 2`."""
    if not words or words[0] in NAMES:
        return words
    opens = words[0].partition("=")[0] in ("--record", "--no-record", "--short")
    lesson = not words[0].startswith("-") and all(word.startswith("-") for word in words[1:2])
    return ["open", *words] if lesson or opens else words


def _open_closed() -> None:
    """A stream that is closed leads nowhere: there is nothing to be read, and what is said is heard by nobody."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - as long as the program


def _mind_letters() -> None:
    """Where a character set lacks a letter, another one stands for it; that is no error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and (stream is not sys.stdin or stream.errors == "strict"):
            stream.reconfigure(errors="replace")


def _print_error(error: Exception) -> None:
    said = str(error)
    if isinstance(error, OSError) and error.errno in UNWRITTEN and error.filename is None:
        said = f"what is said cannot be written: {(error.strerror or '').lower()}"
    print(f"nntui: {said}".replace("`", ""), file=sys.stderr)  # noqa: T201


def _discard(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: whoever read it has gone, as `head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
