"""What followers cost a lecturer, and how late they see: `python benchmarks/followers.py [PART ...]`.

    cost   steps a second of a lecturer's engine with a recording that nobody reads, and with 40 who read it: from a
           shared folder (each looks twenty times a second, as a follower does), and by `tail -F`, as ssh runs it on the
           lecturer's machine. In turns, within one run of one engine. What followers compute is not in it: each has a
           machine of its own.
    late   how long after the lecturer's own screen a follower's engine tells a command, and how far behind its frames
           are while the lecturer trains at full speed. One follower: several would share this machine's cores.
    class  40 followers in one process, who pause, catch up, branch and come back: all end at the same bits.

Linux only. Believe the ratios more than the times.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from processes import busy

from nntui import messages as m
from nntui.scenario.library import find
from nntui.session.process.client import Engine
from nntui.session.process.inbox import EngineLost
from nntui.session.process.local import LocalEngine
from nntui.session.recording.growing import LOOK_SECONDS, Source
from nntui.session.recording.player import Player

FOLLOWERS = 40
TURN_SECONDS, TURNS = 3.0, 7
WEIGHT = "weights[0][0][0]"
COMMANDS = 40
WATCH_SECONDS = 8.0


@contextmanager
def lecturer(path: Path, scenario: str = "xor") -> Iterator[Engine]:
    """An engine that records."""
    with Engine.start() as engine:
        engine.record(path)
        source = find(scenario)
        engine.send(m.Open(source.read_text(), source.name, str(source.parent)))
        list(engine.settle())
        yield engine


def step_of(engine: Engine) -> int:
    """Where it stands."""
    result = engine.ask(m.AskReading("step"))
    assert isinstance(result, m.Reading)
    return int(result.value)


# ---------------------------------------------------------------- what they cost


@contextmanager
def nobody(path: Path) -> Iterator[list[int]]:
    """No follower."""
    del path
    yield []


@contextmanager
def readers(path: Path) -> Iterator[list[int]]:
    """40 who look at a shared file, in one process that does nothing else; it tells its id."""
    script = f"import benchmarks.followers as f; f.read_on({str(path)!r})"
    with subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[1]) as process:
        try:
            yield [process.pid]
        finally:
            process.kill()


def read_on(path: str) -> None:
    """Look at a file for 40, as often as each of them would."""
    sources = [Source(Path(path), grows=True) for _ in range(FOLLOWERS)]
    while True:
        began = time.perf_counter()
        for source in sources:
            source.look()
        time.sleep(max(0.0, LOOK_SECONDS - (time.perf_counter() - began)))


@contextmanager
def tails(path: Path) -> Iterator[list[int]]:
    """40 of what ssh starts on the lecturer's machine."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(["tail", "-c", "+1", "-F", str(path)], stdout=subprocess.DEVNULL))
            for _ in range(FOLLOWERS)
        ]
        try:
            yield [process.pid for process in started]
        finally:
            for process in started:
                process.kill()


WAYS = {"nobody": nobody, "40 who read the file": readers, "40 by tail -F": tails}


def cost(folder: Path) -> None:
    """Train, and let each way of following have its turns."""
    path = folder / "lecture.nnrec"
    by_time: dict[str, list[float]] = {name: [] for name in WAYS}
    by_clock: dict[str, list[float]] = {name: [] for name in WAYS}
    theirs: dict[str, list[float]] = {name: [] for name in WAYS}
    with lecturer(path) as engine:
        engine.send(m.Run(m.MOST_STEPS))
        time.sleep(1.0)
        for turn in range(TURNS):
            for name in list(WAYS) if turn % 2 else list(WAYS)[::-1]:
                with WAYS[name](path) as pids:
                    time.sleep(1.0)  # they have caught up
                    before = step_of(engine), busy(engine.pid), time.perf_counter(), sum(map(busy, pids))
                    time.sleep(TURN_SECONDS)
                    after = step_of(engine), busy(engine.pid), time.perf_counter(), sum(map(busy, pids))
                steps, used, passed, other = (late - early for late, early in zip(after, before, strict=True))
                by_time[name].append(steps / used)
                by_clock[name].append(steps / passed)
                theirs[name].append(other / passed)
        print(f"the recording has grown to {path.stat().st_size / 1e6:.1f} MB")
    alone = statistics.median(by_time["nobody"]), statistics.median(by_clock["nobody"])
    print("| who follows | steps a second of the engine's time | by the clock | what they take of a processor |\n"
          "|---|---|---|---|")  # fmt: skip
    for name in WAYS:
        one, other = statistics.median(by_time[name]), statistics.median(by_clock[name])
        shares = f"{one:,.0f} ({one / alone[0]:.3f}) | {other:,.0f} ({other / alone[1]:.3f})"
        print(f"| {name} | {shares} | {statistics.median(theirs[name]):.1%} |", flush=True)


# ---------------------------------------------------------------- how late they see


class Watched:
    """An engine whose facts and frames are noted with their times."""

    def __init__(self, engine: Engine) -> None:
        self.told: dict[str, float] = {}  # marks and changes, and when they were told
        self.steps: list[tuple[float, int]] = []  # as the frames show them
        self._engine = engine
        self._ended = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended:
            for item in self._engine.receive(0.1):
                now = time.perf_counter()
                if isinstance(item, m.Frame):
                    self.steps.append((now, item.status.step))
                    self._engine.acknowledge(item.number)
                elif isinstance(item, m.Marked):
                    self.told.setdefault(item.name, now)
                elif isinstance(item, m.Changed):
                    self.told.setdefault(f"{item.address} {item.new!r}", now)
                elif isinstance(item, EngineLost):
                    return

    def end(self) -> None:
        """Listen no more."""
        self._ended = True
        self._thread.join()


def late(folder: Path) -> None:
    """Commands, then a run."""
    path = folder / "late.nnrec"
    with lecturer(path) as engine, Engine.start() as other:
        other.play(path, follow=True)
        for each in (engine, other):
            each.subscribe(("network", "loss", "picture"), (60, 20))
        ours, theirs = Watched(engine), Watched(other)
        time.sleep(2.0)
        for number in range(COMMANDS):
            engine.send(m.Mark(f"m{number}") if number % 2 else m.Twist(WEIGHT, 0.01 * (number + 1)))
            time.sleep(0.037 * (number % 7 + 1))
        time.sleep(1.0)
        delays = [theirs.told[name] - when for name, when in ours.told.items() if name in theirs.told]
        missing = len(ours.told) - len(delays)
        tell("commands", delays)
        print(f"{missing} of {len(ours.told)} commands were not told to the follower")
        del ours.steps[:], theirs.steps[:]
        engine.send(m.Run(m.MOST_STEPS))
        time.sleep(WATCH_SECONDS)
        lags = behind(ours.steps, theirs.steps)
        tell("frames beside a run at full speed, first half", lags[: len(lags) // 2])
        tell("frames beside a run at full speed, second half", lags[len(lags) // 2 :])
        engine.send(m.Stop())
        engine.send(m.Mark("stopped"))
        end = time.perf_counter() + 30
        while "stopped" not in theirs.told and time.perf_counter() < end:
            time.sleep(0.01)
        tell("what is told when the run has ended", [theirs.told["stopped"] - ours.told["stopped"]])
        ours.end()
        theirs.end()


def behind(ours: list[tuple[float, int]], theirs: list[tuple[float, int]]) -> list[float]:
    """How long before each frame of the follower the lecturer's own screen came to that step, between its frames."""
    steps, lags = [step for _, step in ours], []
    for when, step in theirs:
        at = bisect_left(steps, step)
        if 0 < at < len(ours) and step:
            (early, low), (later, high) = ours[at - 1], ours[at]
            lags.append(when - (early + (later - early) * (step - low) / max(1, high - low)))
    return lags


def tell(what: str, seconds: list[float]) -> None:
    """The median, the 95th percentile and the worst."""
    ordered = sorted(seconds)
    if not ordered:
        print(f"{what}: none")
        return
    worst, most = ordered[-1], ordered[round(0.95 * (len(ordered) - 1))]
    print(f"{what}: {statistics.median(ordered) * 1e3:.0f} ms, 95th percentile {most * 1e3:.0f}, worst "
          f"{worst * 1e3:.0f} ({len(ordered)})", flush=True)  # fmt: skip


# ---------------------------------------------------------------- a class


def class_(folder: Path) -> None:
    """40 of them, of whom some do something else for a while."""
    path = folder / "class.nnrec"
    lecture = LocalEngine()
    lecture.record(path)
    source = find("xor")
    lecture.send(m.Open(source.read_text(), source.name))
    list(lecture.settle())
    players = [Player(path, follow=True) for _ in range(FOLLOWERS)]
    for round_ in range(12):
        lecture.send((m.Run(40), m.Twist(WEIGHT, 0.1), m.Mark(f"m{round_}"))[round_ % 3])
        list(lecture.settle())
        for number, player in enumerate(players):
            if (number + round_) % 6 == 0:
                player.handle(m.Pause())
            elif (number + round_) % 6 == 3:
                player.handle(m.Branch())
                player.handle(m.Run(7))
            player.work(time.perf_counter() + 0.05)
            if player.live:
                player.handle(m.Rejoin())
            if (number + round_) % 6 == 5:
                player.handle(m.Play())
    lecture.close()
    for player in players:
        while player.growing or player.position.step < 160:
            player.handle(m.Play())
            player.settle()
    bits = {player.snapshot(portable=True) for player in players}
    print(f"{FOLLOWERS} followers who paused, branched and came back: {len(bits)} different end")
    for player in players:
        player.close()


PARTS = {"cost": cost, "late": late, "class": class_}

if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    with tempfile.TemporaryDirectory() as place:
        for part in sys.argv[1:] or PARTS:
            PARTS[part](Path(place))
