"""The commands that a person types. Everything else is imported only when it is needed: the first answer is quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from nntui import __version__, blas

WRONG = 2  # the exit code for what was typed wrong; `check` gives 1 for a file with problems
PROBLEMS = 1
INTERRUPTED = 130
WIDEST = 200  # columns of a sentence of the race
COMMANDS = ("open", "list", "plain", "check", "train", "bench", "race", "data", "completion")
SHELLS = ("bash", "zsh", "fish", "tcsh")


class UserError(Exception):
    """What was typed cannot be done; the text says what is wrong and what would be right, in one sentence."""


class Parser(argparse.ArgumentParser):
    """Answers a mistake with one sentence instead of a page of usage."""

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
    top.add_argument("--version", action="version", version=f"nntui {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    top.set_defaults(run=run_screen, lesson=None)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> Parser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        made.set_defaults(run=run)
        return made

    screen = command("open", run_screen, "open a lesson on the screen; nntui LESSON is the same")
    _lesson(screen)

    command("list", run_list, "list the lessons in teaching order, then the playground scenarios")

    plain = command("plain", run_plain, "open a lesson in sentences, without a screen")
    _lesson(plain)

    check = command("check", run_check, "say everything that is wrong with lesson files")
    check.add_argument("files", nargs="+", metavar="FILE", help="a lesson file, or a shipped lesson's number or name")
    check.add_argument("--play", action="store_true", help="also play each lesson and hold it to its expectations")

    train = command("train", run_train, "train without questions")
    _lesson(train)
    train.add_argument("--rung", metavar="R", help="how to compute, such as numpy or numba (default: the file's)")
    train.add_argument("--steps", type=_whole(1, 1_000_000_000), default=1000, metavar="N", help="how many (1000)")
    train.add_argument("--seed", type=_whole(0, 2**32 - 1), metavar="S", help="of weights and dice (the file's)")
    train.add_argument("--json", action="store_true", help="print one JSON object a line")
    train.add_argument("--parameters", type=Path, metavar="FILE.npz", help="write final and initial weights there")

    race = command("race", run_race, "race the rungs: the same work from the same weights for the same time")
    _lesson(race)
    race.add_argument("--seconds", type=_seconds, default=2.0, metavar="S", help="of each rung (2)")
    race.add_argument("--rungs", type=_names, default=(), metavar="A,B", help="which (all that are available here)")
    race.add_argument("--precision", type=_bits, default=(), metavar="BITS", help="32, 64 or 32,64 (the file's)")
    race.add_argument("--json", action="store_true", help="print one JSON object a rung")
    race.add_argument("--with", dest="beside", metavar="FILE", help="tell a saved result of --json beside")

    bench = command("bench", run_bench, "measure every rung of the ladder, and other libraries beside them")
    bench.add_argument("--sizes", metavar="P,M,…", help="which networks: P, M, L, XL (all; quick P,M)")
    bench.add_argument("--rungs", metavar="R,R,…", help="which rungs (all that there are)")
    bench.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True, help="other libraries as well")
    bench.add_argument("--precision", metavar="BITS", help="32, 64 or both (32,64; quick 32)")
    bench.add_argument("--rounds", type=_whole(1, 1000), metavar="N", help="in which all take turns (7; quick 3)")
    bench.add_argument("--seconds", type=_seconds, metavar="S", help="of a turn (0.3; quick 0.05)")
    bench.add_argument("--quick", action="store_true", help="a glance at the small ones, without twists and compiling")
    bench.add_argument("--only-speeds", action="store_true", help="no twists, and no compiling")
    bench.add_argument("--out", type=Path, metavar="FOLDER", help="write bench.md and bench.json there")
    bench.add_argument("--markdown", type=Path, metavar="FILE", help="write a report there")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there")

    data = command("data", run_data, "describe a data set, or print it")
    data.add_argument("name", metavar="NAME", help="such as xor, circle or digits")
    data.add_argument("--samples", type=_whole(1, 100_000), metavar="N", help="how many samples")
    data.add_argument("--noise", type=_share, default=0.0, metavar="X", help="share of noise, 0 to 0.5 (0)")
    data.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, metavar="S", help="seed of the dice (0)")
    data.add_argument("--csv", action="store_true", help="print the samples as comma-separated values")

    completion = command("completion", run_completion, "print a completion script for a shell")
    completion.add_argument("shell", choices=SHELLS, help="which shell")
    return top


def _lesson(command: Parser) -> None:
    command.add_argument("lesson", metavar="LESSON", help="a lesson's number, a scenario's name, or a file")


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


def _seconds(text: str) -> float:
    from nntui.messages import LONGEST_RACE, SHORTEST_RACE

    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number is wanted, not '{_shown(text)}'") from None
    if not SHORTEST_RACE <= value <= LONGEST_RACE:
        raise argparse.ArgumentTypeError(f"it goes from {SHORTEST_RACE:g} to {LONGEST_RACE:g}, not {_shown(text)}")
    return value


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:200] for part in text.split(",") if part.strip())


def _bits(text: str) -> tuple[int, ...]:
    known = {"32": (32,), "64": (64,), "32,64": (32, 64), "64,32": (64, 32)}
    if text.replace(" ", "") not in known:
        raise argparse.ArgumentTypeError(f"it is 32, 64 or 32,64, not '{_shown(text)}'")
    return known[text.replace(" ", "")]


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number is wanted, not '{_shown(text)}'") from None
    if not 0 <= value <= 0.5:
        raise argparse.ArgumentTypeError(f"it goes from 0 to 0.5, not {_shown(text)}")
    return value


def _shown(text: str) -> str:
    from nntui.text import clean

    return clean(text, 40)


# ---------------------------------------------------------------- the commands


def run_screen(arguments: argparse.Namespace) -> int:
    """`nntui`, `nntui LESSON`."""
    from nntui.tui.start import start

    if arguments.lesson is None:
        return start(None)
    from nntui.scenario import library
    from nntui.scenario.reader import ScenarioError, read_text
    from nntui.text import did_you_mean

    try:
        path = library.find(arguments.lesson)
    except ScenarioError as error:
        hint = did_you_mean(arguments.lesson, COMMANDS)
        raise UserError(f"{error}{hint.replace('mean ', 'mean the command ')}") from None
    read_text(path)  # what is wrong with the file is said here, before the screen takes the terminal over
    return start(path)


def run_list(_arguments: argparse.Namespace) -> int:
    """`nntui list`."""
    from nntui.scenario import library
    from nntui.text import full_stop

    for entry in library.lessons():
        _print(f"{entry.number:>3}  {full_stop(entry.title)} {entry.summary}")
    entries = library.playground()
    width = max((len(entry.name) for entry in entries), default=0)
    _print("Playground:")
    for entry in entries:
        _print(f"     {entry.name:<{width}}  {entry.summary}")
    return 0


def run_plain(arguments: argparse.Namespace) -> int:
    """`nntui plain LESSON`."""
    from nntui.plain.start import start

    return start(arguments.lesson)


def run_check(arguments: argparse.Namespace) -> int:
    """`nntui check FILE…`: every problem of every file; 0 only if there is none."""
    blas.one_thread()
    from nntui.scenario import library
    from nntui.scenario.check import check
    from nntui.scenario.reader import ScenarioError, read_text

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
            _print(problem)
        if not problems:
            _print(f"{_shown(path.name)}: {'plays as it says' if arguments.play else 'good'}")
        found += len(problems)
    return PROBLEMS if found else 0


def run_train(arguments: argparse.Namespace) -> int:
    """`nntui train LESSON`."""
    blas.one_thread()
    from nntui.session import train

    target = arguments.parameters
    if target is not None:
        _check_writable(target)
    training = train.prepare(*_scenario(arguments.lesson), arguments.rung, arguments.seed)
    initial = training.parameters.copy()
    last, status = None, 0
    with train.progress(arguments.steps, sys.stderr) as show:
        try:
            for report in train.reports(training, arguments.steps):
                show(report)
                if arguments.json:
                    _print(train.as_json(report))
                last = report
        except KeyboardInterrupt:
            training.stop()
            status = INTERRUPTED
    assert last is not None
    if target is not None:
        train.save_parameters(target, training, initial)
    end = train.finished(training, last)
    _tell_end(end, arguments.json)
    return status


def run_race(arguments: argparse.Namespace) -> int:
    """`nntui race LESSON`."""
    blas.one_thread()
    from nntui import messages as m
    from nntui.scenario import library
    from nntui.scenario.reader import read_text
    from nntui.sentences.facts import FactTeller
    from nntui.sentences.numbers import Voice
    from nntui.session.race.results import as_json
    from nntui.session.race.unseen import UnseenRace
    from nntui.words.results import race_with

    path = library.find(arguments.lesson)
    try:
        beside = None if arguments.beside is None else race_with(arguments.beside)
    except ValueError as error:
        raise UserError(str(error)) from None
    command = m.Race(arguments.seconds, arguments.rungs, arguments.precision)
    teller, voice = FactTeller(), Voice(width=WIDEST)
    view: m.RaceView | None = None
    ended = 0
    told = (m.RaceBegan, m.LaneEnded, m.RaceEnded, m.RaceCompared)

    def tell(fact: m.Fact) -> None:
        nonlocal view, ended
        if isinstance(fact, m.RaceBegan):
            view = fact.view
            for lane in (lane for lane in view.lanes if arguments.json and lane.state == "absent"):
                _print(as_json(lane, view))  # its note says why
        if arguments.json and isinstance(fact, m.LaneEnded) and view is not None:
            _print(as_json(fact.lane, view))
            ended += 1
        elif arguments.json and isinstance(fact, m.RaceEnded) and fact.stopped:  # in the middle of a rung, maybe
            for lane in [lane for lane in fact.view.lanes if lane.state in ("done", "failed")][ended:]:
                _print(as_json(lane, fact.view))
        elif isinstance(fact, told) and not arguments.json:
            _print(" ".join(teller.tell(fact, voice)))

    race = UnseenRace(path, read_text(path), command, beside)
    try:
        for fact in race.facts():
            tell(fact)
    except KeyboardInterrupt:
        for fact in race.stop():
            tell(fact)
        return INTERRUPTED
    return 0


def _tell_end(end: dict[str, Any], as_json: bool) -> None:
    import json

    if as_json:
        _print(json.dumps(end))
        return
    test = f", on the test samples {end['test_loss']:.5g}" if end["test_loss"] is not None else ""
    right = f", {100 * end['test_accuracy']:.3g} percent right" if end.get("test_accuracy") is not None else ""
    loss = f"{end['loss']:.5g}" if end["loss"] is not None else "not a finite number"
    pace = f"{end['samples_per_second']:,.0f} samples a second on {end['rung']}"
    kept = f"{end['kept']:,} twists kept; " if end["method"] == "twist" else ""
    _print(f"Step {end['step']:,}. Loss {loss}{test}{right}. {kept}{pace}.")


def _scenario(word: str) -> tuple[Any, str]:
    """The scenario that a word names, and the folder it lies in."""
    from nntui.scenario import library
    from nntui.scenario.check import load
    from nntui.scenario.reader import read_text

    path = library.find(word)
    return load(read_text(path), path.name, str(path.parent)), str(path.parent)


def _check_writable(path: Path) -> None:
    """Find out before hours of training that the result could not be written."""
    if path.suffix != ".npz":
        raise UserError(f"parameters are written to a file that ends in .npz, not '{_shown(path.name)}'")
    if path.is_dir() or not path.parent.is_dir():
        raise UserError(f"'{_shown(str(path))}' cannot be written: {'it' if path.is_dir() else 'its folder'} "
                        f"{'is a folder' if path.is_dir() else 'does not exist'}")  # fmt: skip
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise UserError(f"'{_shown(str(path))}' cannot be written: {error.strerror}") from None


def run_bench(arguments: argparse.Namespace) -> int:
    """`nntui bench`."""
    blas.one_thread()
    from nntui.bench import command

    return command.run(arguments)


def run_data(arguments: argparse.Namespace) -> int:
    """`nntui data NAME`."""
    from nntui import data
    from nntui.data.table import to_csv

    found = data.load(arguments.name, arguments.samples, arguments.noise, arguments.seed)
    if arguments.csv:
        for line in to_csv(found):
            sys.stdout.write(line)
        return 0
    samples, inputs = found.inputs.shape
    _print(f"{found.name}: {data.SENTENCES[found.name]}")
    kinds = f"{len(found.classes)} classes" if found.classes else "values to predict"
    _print(f"{samples:,} samples of {inputs} inputs; {kinds}. Add --csv to print them.")
    return 0


def run_completion(arguments: argparse.Namespace) -> int:
    """`nntui completion SHELL`."""
    import shtab

    _print(shtab.complete(parser(), arguments.shell))
    return 0


def _print(text: str) -> None:
    print(text)  # noqa: T201 - a command's answer


# ---------------------------------------------------------------- the way in


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what a person did wrong is answered by one sentence and exit code 2."""
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
    """`nntui 2` stands for `nntui open 2`."""
    alone = len(words) == 1 and not words[0].startswith("-") and words[0] not in COMMANDS
    return ["open", *words] if alone else words


def _print_error(error: Exception) -> None:
    print(f"nntui: {error}".replace("`", ""), file=sys.stderr)  # noqa: T201


def _discard(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: whoever read it has gone, as `head` does."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
