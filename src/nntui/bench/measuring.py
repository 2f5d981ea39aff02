"""The measurement: all contestants of a size take turns, round after round, so that a slow moment hits all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from nntui.bench.contestants import Contestant, cores
from nntui.bench.talking import AbsentError, Talk
from nntui.bench.tasks import CHECKED_STEPS, LEARNING_RATE, SIZES, Size, Task, task

TOLERANCE = {64: 1e-9, 32: 2e-3}  # of the weights after the checked steps, relative to how far they have moved
AT_ONCE = 4  # are made ready at the same time, at the most: each may take a gigabyte


class Result(Struct, kw_only=True):
    """What one contestant reached at one size in one precision; samples trained per second, round by round."""

    size: str
    precision: int
    contestant: str
    title: str
    rung: bool
    threads: int
    rounds: list[float]
    median: float = 0.0
    low: float = 0.0
    high: float = 0.0
    operations: int = 0  # of a sample
    gflops: float = 0.0
    peak_share: float | None = None
    check: str = ""
    note: str = ""
    ready_seconds: float = 0.0  # to prepare, compiling included
    tried: dict[int, float] = {}  # the median of each setting of threads that was measured: the best is the one here


class Missing(Struct):
    """One that took no part: why, and what would enable it."""

    contestant: str
    title: str
    why: str
    enabled_by: str = ""
    size: str = ""  # of one size only, where it takes part in others


@dataclass
class Measured:
    """All that a run has found so far."""

    results: list[Result] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)


@dataclass
class Runner:
    """One process at one size and precision, in one setting of threads."""

    contestant: Contestant
    talk: Talk
    result: Result

    def turn(self, seconds: float) -> float:
        """Samples per second, over one turn."""
        answer = self.talk.ask(do="measure", precision=self.result.precision, seconds=seconds)
        self.result.threads = answer.get("threads", self.result.threads)  # a rung may choose them by the size of a step
        if answer["width"]:
            self.result.note = f"its steps have {answer['width']} of the samples of a batch: a whole one takes too long"
        return float(answer["samples"] / answer["seconds"])


class Measurement:
    """Starts the contestants, and lets them take turns."""

    def __init__(self, contestants: Sequence[Contestant], say: Callable[[str], None], quick: bool = False) -> None:
        self.found = Measured()
        self._quick = quick  # of the settings of threads the first only
        self._contestants, self._say = contestants, say
        self._talks: dict[tuple[str, int, int], Talk] = {}  # by name, threads and precision
        self._gone: set[str] = set()
        self._stopped = False

    def run(self, sizes: Sequence[Size], precisions: Sequence[int], rounds: int, seconds: float) -> None:
        """Measure all sizes."""
        try:
            for contestant in self._contestants:
                if contestant.absent:
                    self._miss(contestant, contestant.absent)
            for size in sizes:
                self._measure(size, precisions, rounds, seconds)
        finally:
            self.close()

    def close(self) -> None:
        """End all processes."""
        for talk in self._talks.values():
            talk.hang_up()  # all first, for each takes a while to end
        while self._talks:
            self._talks.popitem()[1].close()

    def _measure(self, size: Size, precisions: Sequence[int], rounds: int, seconds: float) -> None:
        work = task(size)
        with tempfile.TemporaryDirectory(prefix="nntui-bench-") as name:
            folder = Path(name)
            work.write(folder)
            runners = self._ready(work, folder, precisions)
        for runner in list(runners):
            self._turn(runners, runner, seconds / 2)  # the first turn warms it
            runner.result.rounds.clear()
        self.found.results += [runner.result for runner in runners]
        for number in range(rounds):
            for runner in list(runners):
                result = runner.result
                self._say(f"{size.key}: round {number + 1} of {rounds}, {result.title}, {result.precision} bits")
                self._turn(runners, runner, seconds)

    def _turn(self, runners: list[Runner], runner: Runner, seconds: float) -> None:
        """One turn; who fails is out, and keeps the rounds that it has."""
        try:
            runner.result.rounds.append(runner.turn(seconds))
        except AbsentError as why:
            runners.remove(runner)
            if runner.result.rounds:
                runner.result.note = f"it stopped on the way: {why}"
            else:
                self._miss(runner.contestant, str(why), runner.result.size)

    def _ready(self, work: Task, folder: Path, precisions: Sequence[int]) -> list[Runner]:
        """All that take part at a size, in each setting of threads.

        Starting and compiling is not timed, so several are made ready at once: as many as there are cores.
        """
        with ThreadPoolExecutor(min(cores(), AT_ONCE)) as pool:
            try:
                made = list(
                    pool.map(lambda each: list(self._settings(each, work, folder, precisions)), self._contestants)
                )
            except BaseException:  # an interrupt: nobody waits for what is still compiling
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                for talk in list(self._talks.values()):
                    talk.stop()
                raise
        return [runner for runners in made for runner in runners]

    def _settings(
        self, contestant: Contestant, work: Task, folder: Path, precisions: Sequence[int]
    ) -> Iterator[Runner]:
        """A contestant in each precision and setting of threads, and all of these take part in all rounds.

        To choose by a single trial would now and then choose the slower one, and wrong whoever has a choice.
        """
        if work.size.key not in contestant.sizes or contestant.name in self._gone:
            return
        # One that has a single precision is measured once, whatever is asked for.
        for bits in [b for b in precisions if b in contestant.precisions] or contestant.precisions[:1]:
            try:
                for threads in contestant.tried(work.size)[: 1 if self._quick else None]:
                    yield self._prepared(contestant, work, folder, bits, threads)
            except AbsentError as why:
                self._miss(contestant, str(why), work.size.key)
                return

    def _prepared(self, contestant: Contestant, work: Task, folder: Path, bits: int, threads: int) -> Runner:
        size = work.size
        self._say(f"{size.key}: {contestant.title} is made ready, {bits} bits")
        talk = self._talk(contestant, threads, bits)
        answer = talk.ask(
            do="prepare", folder=str(folder), key=size.key, sizes=size.sizes, batch=size.batch, samples=size.samples,
            precision=bits, learning_rate=LEARNING_RATE,
        )  # fmt: skip
        result = Result(
            size=size.key, precision=bits, contestant=contestant.name, title=contestant.title, rung=contestant.rung,
            threads=int(answer.get("threads", threads)), rounds=[], operations=size.operations,
            ready_seconds=answer["ready"],
        )  # fmt: skip
        result.check = self._check(contestant, talk, work, folder, bits)
        return Runner(contestant, talk, result)

    def _check(self, contestant: Contestant, talk: Talk, work: Task, folder: Path, bits: int) -> str:
        """Whether it computes the same: its weights after a few steps against those of the reference."""
        if work.size.key in contestant.unchecked:
            return "not checked here: it would take minutes"
        file = folder / f"{contestant.name}.f64"
        steps = 1 if work.size.key in contestant.slow else CHECKED_STEPS
        talk.ask(do="check", precision=bits, steps=steps, file=str(file))
        theirs, ours = np.fromfile(file, "<f8"), work.reference(steps, talk.output)
        if theirs.shape != ours.shape:
            raise AbsentError("its weights have another shape")
        moved = float(np.abs(ours - work.first).max())
        off = float(np.abs(theirs - ours).max()) / moved
        after = "after one step" if steps == 1 else f"after {steps} steps"
        if not off <= TOLERANCE[bits]:
            raise AbsentError(f"it computes something else: its weights are off by {off:.1e} {after}")
        return f"off by {off:.0e} {after}"

    def _talk(self, contestant: Contestant, threads: int, bits: int) -> Talk:
        """Its process: one for each precision, too, for what compiles may forget the one over the other."""
        key = contestant.name, threads, bits
        if self._stopped:
            raise AbsentError("the measurement was stopped")
        if key not in self._talks:
            self._say(f"{contestant.title} is started")
            self._talks[key] = Talk(contestant.command, threads)
        talk = self._talks[key]
        self.found.versions.setdefault(contestant.title, talk.version)
        return talk

    def _miss(self, contestant: Contestant, why: str, size: str = "") -> None:
        started = any(key[0] == contestant.name for key in self._talks)
        if not started:
            self._gone.add(contestant.name)
        enabled_by, where = ("", size) if started else (contestant.enabled_by, "")
        self.found.missing.append(Missing(contestant.name, contestant.title, why, enabled_by, where))


def summed_up(results: Sequence[Result], peaks: dict[int, tuple[float, float]]) -> list[Result]:
    """What was measured at least once, each contestant in its best setting, with medians and shares of the peak."""
    best: dict[tuple[str, int, str], Result] = {}
    tried: dict[tuple[str, int, str], dict[int, float]] = {}
    for result in results:
        if not result.rounds:
            continue
        result.median = float(np.median(result.rounds))
        result.low, result.high = min(result.rounds), max(result.rounds)
        result.gflops = result.median * result.operations / 1e9
        if result.precision in peaks:
            one, every = peaks[result.precision]
            result.peak_share = result.gflops / (one if result.threads == 1 else max(one, every))
        key = result.size, result.precision, result.contestant
        tried.setdefault(key, {})[result.threads] = result.median
        if key not in best or result.median > best[key].median:
            best[key] = result
    for key, result in best.items():
        result.tried = tried[key]
    return sorted(best.values(), key=lambda result: list(SIZES).index(result.size))


def as_plain(value: Any) -> Any:
    """A structure as dictionaries and lists, for JSON."""
    import msgspec

    return msgspec.to_builtins(value)
