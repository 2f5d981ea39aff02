"""The race: every rung gets the same work from the same weights for the same time, one after another.

What is measured is a fact; nothing of the training is touched. For positions a race is one turn of work, however many
slices it took: `Races.running` tells the session that it is under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from nntui import messages as m
from nntui.models.model import Model, ModelError
from nntui.models.plans import Rung, RungInfo
from nntui.session.moving import Activity, Tell
from nntui.session.race.course import Course, course
from nntui.session.race.looked import idle_view, lane_of, seen_race
from nntui.session.race.machine import peaks
from nntui.session.race.results import read
from nntui.session.race.runner import Runner
from nntui.session.race.state import Made, SavedResult
from nntui.session.run.workshop import AtOnce
from nntui.session.setup import build_model
from nntui.session.subject import CommandError, Desk
from nntui.text import clean, did_you_mean

BASELINE = "loops"  # what the speedup is over
BILLION = 1e9
QUICK = 0.1  # seconds


@dataclass(frozen=True)
class Entry:
    """A rung that takes part, the model that it computes, and what of the lane is known beforehand."""

    info: RungInfo
    model: Model
    lane: m.Lane


class Racing:
    """Races on a desk."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell
        self.races = desk.races

    # ------------------------------------------------------------ the race

    def race(self, command: m.Race) -> Activity:
        """Race the rungs asked for; what was measured until then is told also where it is stopped."""
        entries = self._entries(command.rungs, command.precisions)
        view = idle_view(self.desk, command.seconds, tuple(entry.lane for entry in entries))
        yield from self.guarded(self._race(command, entries, view), lambda why: self._end(why))

    def _race(self, command: m.Race, entries: Sequence[Entry], view: m.RaceView) -> Activity:
        run = self.desk.training
        track = course(run.settings, run.parameters.copy(), run.step, view.operations_per_sample)
        self.races.race = msgspec.structs.replace(view, running=True)
        self.tell(m.RaceBegan(self.races.race))
        yield
        yield from self._measure_peaks()
        racers = [number for number, entry in enumerate(entries) if entry.info.make is not None]
        for number, at in enumerate(racers, start=1):
            yield from self._lane(at, entries[at], track, command.seconds)
            self.tell(m.LaneEnded(self._view.lanes[at], number, len(racers)))

    def _end(self, why: str) -> None:
        lanes = tuple(stopped(lane) if why else lane for lane in self._view.lanes)
        self.races.race = msgspec.structs.replace(self._view, running=False, lanes=lanes)
        self.tell(m.RaceEnded(self.races.race, why))

    def guarded(self, racing: Activity, end: Callable[[str], None]) -> Activity:
        """Race to the end, or until it is stopped; tell the end in either case."""
        why, self.races.running = "stopped", True
        try:
            yield from racing
            why, self.races.running = "", False
            yield  # this turn is the one that counts
        finally:
            self.races.running, self.races.pending, self.races.making = False, None, ""
            end(why)

    def compare(self, command: m.CompareRace) -> None:
        """Draw a saved result beside, or none any more."""
        self.races.saved = read(command.name, command.text) if command.text else SavedResult()
        self.tell(m.RaceCompared(seen_race(self.desk)))

    # ------------------------------------------------------------ one lane

    def _lane(self, at: int, entry: Entry, track: Course, seconds: float) -> Activity:
        """Make a rung ready, and let it run; what goes wrong in it is told of its lane."""
        try:
            self._update(at, state="compiling")
            rung, took = yield from self.made(entry.info)
            self._update(at, state="racing", compile_seconds=took)
            runner = Runner(rung, track)
            for _ in runner.run(seconds):
                self._update(at, **self._measured(runner, entry))
                yield
            loss = float(entry.model.loss(rung.store()))
            self._update(at, state="done", loss=loss, **self._measured(runner, entry))
        except Exception as error:  # whatever a compiler or a rung may raise: the other lanes are raced all the same
            why = (str(error) or repr(error)).splitlines()[0]
            self._update(at, state="failed", note=f"{entry.info.name} has failed: {clean(why, 200)}")

    def made(self, info: RungInfo) -> Generator[None, None, tuple[Rung, float]]:
        """A rung, and for how many seconds it was made ready: elsewhere where that takes time, and told.

        What a process has compiled it has for good: so the longest that it took here counts, and it is told again only
        of what took long the last time, which is code for one network.
        """
        assert info.make is not None
        if info.instant:
            return info.make(), 0.0
        key, making = (info.name, info.precision), Timed(info.make)
        before = self.races.made.get(key, Made())
        if before.last >= QUICK:
            self.tell(m.Preparing(info.name))
        self.races.making = info.name
        try:
            rung: Rung = yield from self.elsewhere(making)
        finally:
            self.races.making = ""
        if before.last >= QUICK:
            self.tell(m.Ready(info.name, making.seconds))
        now = Made(max(before.longest, making.seconds), making.seconds)
        self.races.made[key] = now
        return rung, now.longest

    def elsewhere(self, make: Callable[[], Any]) -> Generator[None, None, Any]:
        """Have something made elsewhere, and wait for it without keeping anyone from a key."""
        preparer: Any = self.desk.preparer or AtOnce
        yield
        pending = preparer(make)
        self.races.pending = pending
        while not pending.done():
            yield
        self.races.pending = None
        return pending.result()

    def _measured(self, runner: Runner, entry: Entry) -> dict[str, Any]:
        """What is known of a lane by now."""
        if not runner.seconds:
            return {}
        view, pace = self._view, runner.samples / runner.seconds
        gflops = pace * view.operations_per_sample / BILLION
        threads = int(getattr(runner.rung, "threads", 1))
        base = pace if entry.info.name == BASELINE else pace_of(view.lanes, BASELINE)
        cut = runner.step_samples < runner.course.batch
        note = f"its steps are cut, for time, to {counted(runner.step_samples)}" if cut else ""
        return {
            "samples_per_second": pace, "samples": runner.samples, "steps": runner.steps, "seconds": runner.seconds,
            "epochs": runner.samples / runner.course.epoch, "gflops": gflops, "threads": threads,
            "speedup": pace / base if base else None,
            "peak_share": share_of_peak(view.peaks, entry.lane.precision, threads, gflops),
            "note": "; ".join(part for part in (note, entry.lane.note) if part),
        }  # fmt: skip

    def _measure_peaks(self) -> Activity:
        """What this machine can reach at most; nothing else is made ready while rungs race, for it comes before."""
        found = yield from self.elsewhere(peaks)
        self.races.race = msgspec.structs.replace(self._view, peaks=found)

    @property
    def _view(self) -> m.RaceView:
        assert self.races.race is not None
        return self.races.race

    def _update(self, at: int, **changes: Any) -> None:
        lanes = list(self._view.lanes)
        lanes[at] = msgspec.structs.replace(lanes[at], **changes)
        self.races.race = msgspec.structs.replace(self._view, lanes=tuple(lanes))

    # ------------------------------------------------------------ who takes part

    def _entries(self, names: Sequence[str], precisions: Sequence[int]) -> list[Entry]:
        """The rungs asked for, in the order of the ladder, for each precision; what computes in one is taken once."""
        own = self.desk.scenario.training.precision
        entries: dict[tuple[str, int], Entry] = {}
        for bits in dict.fromkeys(precisions or (own,)):
            model = self.desk.model if bits == own else with_precision(self.desk, bits)
            check_names(names, model)
            for info in model.rungs.values():
                if not names or info.name in names:
                    entries.setdefault((info.name, info.precision), Entry(info, model, lane_of(info, bits)))
        return list(entries.values())


class Timed:
    """Makes something, and knows for how many seconds."""

    def __init__(self, make: Callable[[], Rung]) -> None:
        self._make = make
        self.seconds = 0.0

    def __call__(self) -> Rung:
        """Make it."""
        began = time.perf_counter()
        made = self._make()
        self.seconds = time.perf_counter() - began
        return made


def stopped(lane: m.Lane) -> m.Lane:
    """A lane of a race that was stopped: what it has done counts, what it was about to do does not."""
    if lane.state not in ("racing", "compiling"):
        return lane
    return msgspec.structs.replace(lane, state="done" if lane.steps else "waiting")


def counted(samples: int) -> str:
    """ "1 sample", "2 samples"."""
    return f"{samples:,} sample{'s' * (samples != 1)}"


def pace_of(lanes: Sequence[m.Lane], rung: str) -> float:
    """The samples per second of a rung that has raced; 0 where it has not."""
    return next((lane.samples_per_second for lane in lanes if lane.rung == rung), 0.0)


def share_of_peak(found: tuple[tuple[int, float, float], ...], bits: int, threads: int, gflops: float) -> float | None:
    """The share of what was measured to be reached on as many cores; None where that was not measured."""
    for precision, one, every in found:
        if precision == bits and one > 0:
            return gflops / (one if threads == 1 else max(one, every))
    return None


def check_names(names: Sequence[str], model: Model) -> None:
    """Raise CommandError where there is no such rung."""
    for name in names:
        if name not in model.rungs:
            hint = did_you_mean(name, model.rungs) or f"; there are {', '.join(model.rungs)}"
            raise CommandError(f"there is no rung '{clean(name, 40)}'{hint}")


def with_precision(desk: Desk, bits: int) -> Model:
    """The model of a desk with numbers of so many bits."""
    table = msgspec.structs.replace(desk.scenario.training, precision=bits)
    model: Model = build_model(msgspec.structs.replace(desk.scenario, training=table), desk.folder)
    if model.layout.size != desk.model.layout.size or model.samples != desk.model.samples:
        raise ModelError("the data have changed since this was opened")
    return model
