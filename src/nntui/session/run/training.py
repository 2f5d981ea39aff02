"""A training run: it steps, runs, is edited in the middle, and goes to any of its steps, backwards and forwards.

What is computed depends on the commands and the dice alone, never on how the work is cut into slices of time.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from nntui.messages import Error, Fact, Note, Overflowed, Tried
from nntui.models.model import FloatArray
from nntui.models.plans import Descent, GradientPlan, Outcome, Plan, Rung, TwistPlan, Work
from nntui.session.run.dice import Batches, plan
from nntui.session.run.downhill import descended, is_finite, steps_until_overflow
from nntui.session.run.measuring import note_losses, steps_to_next_measurement
from nntui.session.run.memento import Memento
from nntui.session.run.timeline import KEYFRAME_SECONDS, Edit, Keyframe, LastChange, Memory, Settings, Timeline
from nntui.session.run.workshop import AtOnce, NotReadyError, Preparer, Workshop

SLICE_SECONDS = 0.010  # of training planned at once
# The settings that stand in its table [training].
TOLD_BY_SCENARIO = (
    "method", "twist", "batch_size", "rung", "learning_rate", "momentum", "optimizer", "weight_decay"
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Where a run is going: to which step, whether each step is told, and whether it is only a way to get there."""

    step: int
    each: bool = False
    travel: bool = False


class Training:
    """One run of training from its first step on."""

    def __init__(
        self,
        settings: Settings,
        parameters: FloatArray,
        step: int = 0,
        kept: int = 0,
        budget: int = 64 * 1024 * 1024,
        preparer: Preparer = AtOnce,
        memory: Memory | None = None,
    ) -> None:
        parameters = _rounded(parameters, settings)
        self.settings = settings
        self.memory = memory or Memory.begun(settings)  # of the optimizer
        self.step = step
        self.kept = kept
        self.trained = 0  # steps taken in all, those on journeys not counted
        self.version = 0  # of the parameters: another whenever they may be others
        self.made = 0  # how many of the timeline's edits lie behind
        self.target: Target | None = None
        self.barrier: int | None = None  # a step that work does not go beyond
        self.start_of_run: tuple[int, int, float] = (step, kept, 0.0)
        self.timeline = Timeline(Keyframe(step, 0, kept, parameters.copy(), settings, self.memory), budget)
        self._parameters = parameters.copy()
        self._stale = False  # whether the rung is ahead of self._parameters
        self._loss: tuple[int, float] | None = None  # of which version, and what it is
        self._workshop = Workshop(preparer)
        self._rung: Rung | None = None
        self._work: tuple[Work, Plan] | None = None
        self._pace = SLICE_SECONDS  # seconds a step, as far as known
        self._took = 0.0  # by the plan under way, so far
        self._since_keyframe = 0.0
        self._origin: Memento | None = None  # to come back to when a journey is cancelled

    # ------------------------------------------------------------ what there is

    @property
    def parameters(self) -> FloatArray:
        """The parameters now, a flat array that is not to be changed."""
        if self._stale and self._rung is not None:
            self._parameters = self._rung.store()
            self._stale = False
        return self._parameters

    @property
    def batches(self) -> Batches:
        """How samples are dealt out to steps."""
        s = self.settings
        return Batches(s.model.samples, s.batch_size, s.seed, s.since_step, s.since_epoch)

    @property
    def epoch(self) -> int:
        """How many times all samples have been visited."""
        return self.batches.epoch(self.step)

    @property
    def running(self) -> bool:
        """Whether there is work to do."""
        return self.target is not None

    @property
    def origin_step(self) -> int | None:
        """Where the journey under way began; None if there is none."""
        return None if self._origin is None else self._origin.step

    def step_of_epoch(self, epoch: int) -> int:
        """The step at which an epoch begins, whatever the size of batches was by then."""
        all_settings = [self.timeline.keyframes[0].settings]
        all_settings += [edit.settings for edit in self.timeline.edits if edit.settings is not None]
        s = [s for s in all_settings if s.since_epoch <= epoch or s is all_settings[0]][-1]
        return Batches(s.model.samples, s.batch_size, s.seed, s.since_step, s.since_epoch).first_step(epoch)

    @property
    def first_step(self) -> int:
        """The earliest step there is: 0, or where a saved run was opened."""
        return self.timeline.keyframes[0].step

    @property
    def looked_at_from(self) -> int:
        """The step of the last change by hand, from which on the way of the parameters is noted closely."""
        if self.made:
            return self.timeline.edits[self.made - 1].step
        return self.first_step if self.timeline.began is None else self.timeline.began

    @property
    def furthest(self) -> int:
        """The last step of what has been, also of the future that one has gone back from."""
        waiting = self.timeline.edits[-1].step if self.timeline.edits else 0
        return max(self.step, self.timeline.furthest, waiting)

    def loss(self) -> float:
        """The loss over the whole training split; asked for often, it is computed once for the same parameters."""
        if self._loss is None or self._loss[0] != self.version:
            self._loss = (self.version, self.settings.model.loss(self.parameters))
        return self._loss[1]

    @property
    def known_loss(self) -> float | None:
        """The same, if it has been computed."""
        return self._loss[1] if self._loss is not None and self._loss[0] == self.version else None

    def held(self, values: Any, rung: str) -> bool:
        """Whether a rung can hold these values: the largest number of 32 bits is about 3.4e38."""
        largest = np.finfo(np.float32 if self.settings.model.rungs[rung].precision == 32 else np.float64).max
        return bool(np.all(np.abs(values) <= largest))

    def last_change(self, index: int) -> LastChange | None:
        """How a parameter came to its value; None where that is not known any more."""
        trainable = self.settings.model.layout.trainable
        return self.timeline.last_change(index, bool(np.isin(index, trainable)))

    def plan(self, steps: int) -> Plan:
        """The next steps, their dice cast."""
        s = self.settings
        if s.method == "gradient":
            order, starts = self.batches.of(self.step, steps)
            return GradientPlan(
                order, starts, s.optimizer, s.learning_rate, s.momentum, s.weight_decay,
                self.memory.moments, self.memory.taken,
            )  # fmt: skip
        return plan(s.seed, self.step, steps, s.model.layout.trainable, s.twist, self.batches)

    # ------------------------------------------------------------ commands

    def run(self, steps: int, each: bool = False) -> None:
        """Begin to train for so many steps."""
        self.stop()
        self.start_of_run = (self.step, self.kept, time.perf_counter())
        self.target = Target(self.step + steps, each)
        if not self.timeline.curve:
            self.timeline.curve.note(np.array([self.step]), np.array([self.loss()]))
        if not self.timeline.test_curve and self.settings.model.test_samples:
            test_loss = self.settings.model.loss(self.parameters, "test")
            self.timeline.test_curve.note(np.array([self.step]), np.array([test_loss]))

    def stop(self) -> bool:
        """Stop what is running; a journey that is cancelled ends where it began. Tell whether anything was running."""
        was, self.target = self.target, None
        self._abandon()
        if was and was.travel and self._origin is not None:
            self.restore(self._origin)
        self._origin = None
        return was is not None

    def travel(self, step: int) -> None:
        """Go to any step: back by the log where it reaches, from a keyframe where not, forwards by training.

        However short the way is, one has not arrived before `work` says so: until then `stop` leads back.
        """
        self.stop()
        self._origin = self.memento()
        keyframe = self.timeline.keyframe_before(step)
        if step < self.step and self.timeline.reaches(step):
            self._take_back(step)
        elif step < self.step or keyframe.step > self.step:
            self._jump(keyframe)
        self.start_of_run = (self.step, self.kept, time.perf_counter())
        self.target = Target(step, travel=True)

    def edit(self, index: int, value: float) -> float:
        """Give one parameter a value from this step on; returns the value it had."""
        self._abandon()
        old = float(self.parameters[index])
        self._new_edit(Edit(self.step, index, value))
        return old

    def change(self, **changes: Any) -> None:
        """Go on with other settings from this step on."""
        self._abandon()
        if "batch_size" in changes:
            batches = self.batches
            epoch = batches.epoch(self.step)
            if batches.first_step(epoch) != self.step:
                epoch += 1
            changes = {**changes, "since_step": self.step, "since_epoch": epoch}
        told = {name: value for name, value in changes.items() if name in TOLD_BY_SCENARIO}
        if told:
            scenario = self.settings.scenario
            table = msgspec.structs.replace(scenario.training, **told)
            changes = {"scenario": msgspec.structs.replace(scenario, training=table), **changes}
        self._new_edit(Edit(self.step, settings=replace(self.settings, **changes)))

    # ------------------------------------------------------------ work

    def work(self, deadline: float) -> list[Fact]:
        """Go on with what is running until time.perf_counter() passes the deadline."""
        facts: list[Fact] = []
        spent = False
        while self.target is not None:
            # To arrive takes no time, so that where a slice ends decides nothing.
            if self.step >= self.target.step:
                self._arrived()
                break
            if self.step == self.barrier or spent:
                break
            rung = self._ready_rung(facts)
            if rung is None:
                break
            if self._work is None:
                self._begin(rung)
            assert self._work is not None
            work, planned = self._work
            began = time.perf_counter()
            done = work.run(deadline)
            took = time.perf_counter() - began
            self._since_keyframe += took
            self._took += took  # a plan may span several slices
            if not done:
                break
            self._work = None
            self._pace = max(self._took, 1e-6) / planned.steps  # a clock may be coarse
            self._finish(planned, work.outcome, rung, facts)
            spent = time.perf_counter() >= deadline
        return facts

    def ready(self, facts: list[Fact]) -> bool:
        """Whether the rung is ready; begins to make it so."""
        return self._ready_rung(facts) is not None

    def _arrived(self) -> None:
        self.target = None
        self._origin = None

    def _begin(self, rung: Rung) -> None:
        """Cast the dice of as many steps as fit into a slice, up to where something else is due."""
        assert self.target is not None
        steps = max(1, min(int(SLICE_SECONDS / self._pace), 100_000, self.target.step - self.step))
        waiting = self.timeline.next_edit(self.made)
        if waiting is not None:
            steps = max(1, min(steps, waiting.step - self.step))
        if self.barrier is not None and self.barrier > self.step:
            steps = min(steps, self.barrier - self.step)
        if self.target.each and self.settings.method == "gradient":
            steps = 1  # what a single step did is told from the parameters around it
        steps = min(steps, steps_to_next_measurement(self))
        parameters = self.parameters  # brought up to date, for giving up the work half done goes back to them
        if not self.target.travel:
            path = self.timeline.path
            start = self.looked_at_from
            path.note(self.step, start, parameters)
            steps = min(steps, path.steps_to_next(self.step, start, len(parameters)))
        if self._rung is not rung:
            rung.load(parameters)
            self._rung = rung
        planned = self.plan(steps)
        self._took = 0.0
        self._work = (rung.start(planned), planned)

    def _finish(self, planned: Plan, outcome: Outcome | Descent, rung: Rung, facts: list[Fact]) -> None:
        """Take note of what became of a plan, and stop where the loss is no number any more."""
        assert self.target is not None
        before = self._parameters
        self._stale = True
        self.version += 1
        bad = np.flatnonzero(~np.isfinite(outcome.before))
        if len(bad):
            # A loss that was not finite before a step was not made so by it: training stops in front of that step.
            self._overflow(int(bad[0]), float(outcome.before[bad[0]]), facts)
            return
        if isinstance(outcome, Descent) and not is_finite(self.parameters, outcome):
            self._parameters = before
            at = steps_until_overflow(rung, before, planned.steps, self.plan)
            self._overflow(at, float(outcome.before[at]), facts)
            return
        note_losses(self, np.arange(self.step, self.step + planned.steps), outcome.before, rung, facts)
        if isinstance(planned, GradientPlan) and isinstance(outcome, Descent):
            self._went_downhill(planned, outcome, before, facts)
        elif isinstance(planned, TwistPlan) and isinstance(outcome, Outcome):
            self._twisted(planned, outcome, facts)
        self.step += planned.steps
        if not self.target.travel:
            self.trained += planned.steps
            self.timeline.times.note(self.step - planned.steps, planned.steps, self._took)
        if self._since_keyframe > KEYFRAME_SECONDS:
            self._lay_keyframe()
        self._make_waiting_edits(facts)

    def _twisted(self, planned: TwistPlan, outcome: Outcome, facts: list[Fact]) -> None:
        """Tell the twists where each is told, and remember those that were kept."""
        assert self.target is not None
        kept = np.flatnonzero(outcome.kept)
        if self.target.each:
            facts.extend(self._tried(planned, outcome, i) for i in range(planned.steps))
        self.timeline.remember_twists(
            self.step, self.step + planned.steps, self.step + kept, planned.parameters[kept], outcome.saved[kept]
        )
        self.kept += len(kept)

    def _went_downhill(self, planned: GradientPlan, outcome: Descent, before: FloatArray, facts: list[Fact]) -> None:
        """Tell a single step downhill where each is told, and remember what the optimizer does."""
        assert self.target is not None
        if self.target.each:
            model, full = self.settings.model, self.batches.full
            facts.append(descended(self.step, model, planned, outcome, before, self.parameters, full))
        self.timeline.remember_descent(self.step, self.step + planned.steps, before)
        self.memory = Memory(outcome.moments, self.memory.taken + planned.steps)

    def _overflow(self, at: int, loss: float, facts: list[Fact]) -> None:
        """Stop before the step that goes wrong, the first whose loss is not finite or that leaves such numbers behind.

        The steps before it are taken alone.
        """
        assert self.target is not None
        self._abandon(reload=True)
        end = self.step + at
        if at:
            self.target = replace(self.target, step=end)
            facts.extend(self.work(math.inf))
        self._arrived()
        if self.step == end:  # otherwise one of them went wrong itself, and that has been told
            facts.append(Overflowed(self.step, loss))

    def _tried(self, planned: TwistPlan, outcome: Outcome, i: int) -> Tried:
        before = float(outcome.saved[i])
        return Tried(
            self.step + i, self.settings.model.layout.address(int(planned.parameters[i])), before,
            before + float(planned.amounts[i]), float(outcome.before[i]), float(outcome.after[i]),
            bool(outcome.kept[i]),
        )  # fmt: skip

    # ------------------------------------------------------------ rungs

    def _ready_rung(self, facts: list[Fact]) -> Rung | None:
        """The rung of the settings, or None while it is being made ready; the loops where it cannot be."""
        try:
            return self._workshop.rung(self.settings.model, self.settings.rung, facts)
        except NotReadyError as error:
            facts.append(Error(f"{error}; going on with loops"))
            self.change(rung="loops")
            return self._ready_rung(facts)

    def warm(self, name: str) -> None:
        """Begin to make a rung ready that nobody has asked for yet."""
        self._workshop.warm(self.settings.model, name)

    @property
    def waiting(self) -> bool:
        """Whether it waits for the rung of its settings to be made ready."""
        return self._workshop.waiting(self.settings.model, self.settings.rung)

    def _abandon(self, reload: bool = False) -> None:
        """Give up the work half done: the parameters are again those from before it."""
        if (self._work is not None or reload) and self._rung is not None:
            self._stale = False
            self.version += 1
            self._rung.load(self._parameters)
        self._work = None

    def _load(self, parameters: FloatArray) -> None:
        """Make these the parameters, for the rung as well."""
        self._parameters = parameters
        self._stale = False
        self._work = None
        self._rung = None
        self.version += 1

    # ------------------------------------------------------------ edits and history

    def _new_edit(self, edit: Edit) -> None:
        self.timeline.new_edit(edit, self.made)
        self._make(edit)

    def _make(self, edit: Edit) -> None:
        """Let an edit take effect, and remember what it replaced."""
        parameters = self.parameters.copy()
        old, old_settings, all_, old_memory = 0.0, None, None, None
        if edit.index >= 0:
            old = float(parameters[edit.index])
            parameters[edit.index] = edit.value
            parameters = _rounded(parameters, self.settings)
        if edit.settings is not None:
            old_settings = self.settings
            if _bits(edit.settings) == 32 and _bits(self.settings) != 32:
                all_ = parameters
                parameters = _rounded(parameters, edit.settings)
            old_memory, self.memory = self.memory, self.memory.after_change(self.settings, edit.settings)
            self.settings = edit.settings
            self._pace = SLICE_SECONDS
        self.timeline.remember_edit(edit.step, edit.index, old, old_settings, all_, old_memory)
        self.made += 1
        self._load(parameters)

    def _make_waiting_edits(self, facts: list[Fact]) -> None:
        """Make the edits again that wait at this step, when the run comes by."""
        while (edit := self.timeline.next_edit(self.made)) is not None and edit.step <= self.step:
            self._make(edit)
            if self.target is not None and not self.target.travel:
                what = (
                    f"{self.settings.model.layout.address(edit.index)} set" if edit.index >= 0 else "settings changed"
                )
                facts.append(Note(f"At step {edit.step:,}, as before: {what}."))

    def _take_back(self, step: int) -> None:
        """Go back by the log of the past."""
        parameters = self.parameters.copy()
        for stretch in self.timeline.take_back(step):
            if stretch.parameters is not None:
                parameters = stretch.parameters.copy()
            # Where one parameter was changed twice, the older value is the one that stays: it is written last.
            parameters[stretch.indices[::-1]] = stretch.saved[::-1]
            if stretch.settings is not None:
                self.settings = stretch.settings
            if stretch.memory is not None:
                self.memory = stretch.memory
            if stretch.edit:
                self.made -= 1
            else:
                self.kept -= len(stretch.steps)
        self.step = step
        self._since_keyframe = 0.0
        self._load(parameters)

    def _jump(self, keyframe: Keyframe) -> None:
        """Be at a keyframe; the log of the past begins anew there."""
        self.step, self.made, self.kept = keyframe.step, keyframe.edits, keyframe.kept
        self.settings, self.memory = keyframe.settings, keyframe.memory
        self.timeline.past = None
        self._since_keyframe = 0.0
        self._load(keyframe.parameters.copy())
        self._make_waiting_edits([])

    def _lay_keyframe(self) -> None:
        self._since_keyframe = 0.0
        self.timeline.lay(Keyframe(self.step, self.made, self.kept, self.parameters.copy(), self.settings, self.memory))

    def memento(self) -> Memento:
        """Remember all of this moment."""
        self._abandon()
        t = self.timeline
        return Memento(
            self.step, self.made, self.kept, self.parameters.copy(), self.settings, t.past, t.edits, t.keyframes,
            t.curve.copy(), t.test_curve.copy(), t.furthest, self.memory, t.path.copy(), t.times.copy(),
        )  # fmt: skip

    def restore(self, memento: Memento) -> None:
        """Be at a remembered moment again."""
        self.target = None
        self.step, self.made, self.kept = memento.step, memento.made, memento.kept
        self.settings, self.memory = memento.settings, memento.memory
        t = self.timeline
        t.past, t.edits, t.keyframes = memento.past, memento.edits, memento.keyframes
        t.curve, t.test_curve = memento.curve.copy(), memento.test_curve.copy()
        t.times = memento.times.copy()
        t.furthest, t.path = memento.furthest, memento.path.copy()
        self._since_keyframe = 0.0
        self._load(memento.parameters.copy())


def _bits(settings: Settings) -> int:
    return settings.model.rungs[settings.rung].precision


def _rounded(parameters: FloatArray, settings: Settings) -> FloatArray:
    """A copy of the parameters as the rung can hold them."""
    if _bits(settings) == 64:
        return parameters.copy()
    return parameters.astype(np.float32).astype(np.float64)
