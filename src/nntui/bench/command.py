"""`nntui bench`: what is asked for, all of it measured, and written even where it is stopped on the way."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from nntui import __version__
from nntui.bench import by_twists, compiling, sweeps, verdicts
from nntui.bench.contestants import Contestant, ladder, peers
from nntui.bench.measuring import Measurement, Missing, Result, as_plain, summed_up
from nntui.bench.report import markdown
from nntui.bench.tasks import SIZES, Size
from nntui.machine import about, peak
from nntui.models.model import ModelError
from nntui.text import clean, did_you_mean

QUICK_ROUNDS, QUICK_SECONDS, QUICK_SIZES = 3, 0.05, "P,M"
ROUNDS, SECONDS = 7, 0.2
SWEPT = ("P", "M", "L")
AT_MOST = 240.0  # seconds for one size of what is measured in a process of its own
TARGET_NAMES = ("bench.md", "bench.json")


class Bench(Struct):
    """All of one run, as it is written."""

    date: str
    machine: str
    rounds: int
    seconds: float
    quick: bool = False
    nntui: str = __version__
    interrupted: bool = False
    about: dict[str, str] = field(default_factory=dict)  # what each contestant is, in a phrase
    versions: dict[str, str] = field(default_factory=dict)
    peaks: dict[int, tuple[float, float]] = field(default_factory=dict)  # GFLOP/s of one core and of all, by precision
    results: list[Result] = field(default_factory=list)
    verdicts: list[verdicts.Verdict] = field(default_factory=list)
    by_twists: list[by_twists.ByTwists] = field(default_factory=list)
    sweeps: list[sweeps.Sweep] = field(default_factory=list)
    compiling: list[compiling.Compiling] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def run(arguments: argparse.Namespace) -> int:
    """Measure what the arguments ask for, and write it; 130 where it was stopped."""
    sizes = [
        SIZES[key]
        for key in _listed(
            arguments.sizes or (QUICK_SIZES if arguments.quick else ",".join(SIZES)), tuple(SIZES), "size", str.upper
        )
    ]
    precisions = [
        int(bits)
        for bits in _listed(arguments.precision or ("32" if arguments.quick else "32,64"), ("32", "64"), "precision")
    ]
    asked = _listed(arguments.rungs, None, "rung") if arguments.rungs else []
    contestants = ladder(asked) + (peers() if arguments.peers else [])
    files = targets(arguments.out, arguments.markdown, arguments.json)
    rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    seconds = arguments.seconds or (QUICK_SECONDS if arguments.quick else SECONDS)
    now = datetime.now().astimezone().isoformat(" ", "minutes")
    bench = Bench(now, about.machine(), rounds, seconds, arguments.quick)
    bench.about = {each.title: each.note for each in contestants if each.note and not each.absent}
    with Progress() as say:
        try:
            measure(bench, contestants, sizes, precisions, say, extras=not (arguments.only_speeds or arguments.quick))
        except KeyboardInterrupt:
            bench.interrupted = True
    text = markdown(bench)
    for path, content in zip(files, (text, json.dumps(as_plain(bench), indent=1) + "\n"), strict=True):
        if path is not None:
            path.write_text(content, encoding="utf-8")
    if files == (None, None):
        sys.stdout.write(text)
    return 130 if bench.interrupted else 0


def measure(
    bench: Bench, contestants: list[Contestant], sizes: list[Size], precisions: list[int], say: Callable[[str], None],
    extras: bool,
) -> None:  # fmt: skip
    """Fill the bench in. What has been measured before a ctrl-C is in it."""
    measurement = Measurement(contestants, say, bench.quick)
    try:
        _look_for_the_peak(bench, say)
        try:
            measurement.run(sizes, precisions, bench.rounds, bench.seconds)
        finally:
            _look_for_the_peak(bench, say)
    finally:
        found = measurement.found
        bench.versions, bench.missing = found.versions, found.missing
        bench.results = summed_up(found.results, bench.peaks)
        bench.verdicts = verdicts.verdicts(bench.results, bench.peaks) + verdicts.peak_verdicts(
            [result for result in found.results if result.threads == 1 and result.rounds], bench.peaks
        )
    if extras:
        _twist(bench, [size.key for size in sizes], say)
        _compile(bench, contestants, sizes, precisions, say)


def _look_for_the_peak(bench: Bench, say: Callable[[str], None]) -> None:
    """Before and after: the better counts, for others only slow a machine down."""
    say("the peak of this machine")
    for found in peak.measure():
        one, every = bench.peaks.get(found.bits, (0.0, 0.0))
        bench.peaks[found.bits] = max(one, found.one_core), max(every, found.all_cores)


def _twist(bench: Bench, keys: list[str], say: Callable[[str], None]) -> None:
    """Training by twists, and sweeps of all twists."""
    for key in keys:
        if key in by_twists.KEYS:
            say(f"{key}: every rung is trained by twists")
            bench.by_twists += by_twists.read(_alone(bench, by_twists.__name__, key, bench.rounds, bench.seconds))
        if key in SWEPT:
            say(f"{key}: every weight twisted both ways over {sweeps.POINTS} points")
            bench.sweeps += sweeps.read(_alone(bench, sweeps.__name__, key))


def _alone(bench: Bench, module: str, key: str, *words: object) -> str:
    """What a module prints in a process of its own; an empty list where it fails, which is said."""
    command = [sys.executable, "-m", module, key, *map(str, words)]
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=AT_MOST, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        why = f"it took more than {AT_MOST:.0f} s"
    else:
        if not run.returncode:
            return run.stdout
        why = (run.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    bench.missing.append(Missing(module.rpartition(".")[2], "twists", why, size=key))
    return "[]"


def _compile(
    bench: Bench, contestants: list[Contestant], sizes: list[Size], precisions: list[int], say: Callable[[str], None]
) -> None:
    """Once for each compiled rung, at the smallest size asked for: only the generated one depends on more of it."""
    for contestant in contestants:
        if not contestant.rung or not contestant.compiled:
            continue
        say(f"{contestant.title} is compiled into an empty cache")
        try:
            found = compiling.measured(contestant.name, sizes[0].key, precisions[0])
        except subprocess.TimeoutExpired:
            found = None
        if found is None:
            bench.missing.append(Missing(contestant.name, f"compiling {contestant.title}", "it failed"))
        else:
            bench.compiling.append(found)


def targets(folder: Path | None, text: Path | None, table: Path | None) -> tuple[Path | None, Path | None]:
    """The files to write, Markdown and JSON; a problem with one is said before hours of measuring."""
    if folder is not None:
        if text is not None or table is not None:
            raise ModelError("--out names a folder for both files: leave out --markdown and --json")
        folder.mkdir(parents=True, exist_ok=True)
        text, table = (folder / name for name in TARGET_NAMES)
    for path in (text, table):
        if path is not None:
            with path.open("ab"):
                pass
    return text, table


def _listed(text: str, known: tuple[str, ...] | None, what: str, form: Callable[[str], str] = str) -> list[str]:
    """The words of a list with commas, each once; ModelError for one that is unknown."""
    words = list(dict.fromkeys(form(word.strip()) for word in text.split(",") if word.strip()))
    if not words:
        raise ModelError(f"no {what} is named; there are {', '.join(known or ())}")
    for word in words:
        if known is not None and word not in known:
            hint = did_you_mean(word, known) or f"; there are {', '.join(known)}"
            raise ModelError(f"there is no {what} '{clean(word, 20)}'{hint}")
    return words


class Progress:
    """One line on the error output that says what is measured now; where that is a file, a line for each."""

    def __enter__(self) -> Callable[[str], None]:
        self._alone = sys.stderr.isatty()
        return self._say

    def __exit__(self, *_: object) -> None:
        if self._alone:
            sys.stderr.write("\r\x1b[K")

    def _say(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text[:78]}" if self._alone else f"{text}\n")
        sys.stderr.flush()
