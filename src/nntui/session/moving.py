"""The commands that move: along the lines of a call, along the steps of training, forwards and backwards.

Each is a generator that yields whenever training has to work before it can go on; the session drives it in slices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TypeAlias

import msgspec

from nntui import messages as m
from nntui.session.subject import CommandError, Desk
from nntui.trace.units import BACKWARD, FORWARD

Activity: TypeAlias = Generator[None, None, None]
Tell: TypeAlias = Callable[[m.Fact], None]


class Mover:
    """Moves about on a desk."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell

    # ------------------------------------------------------------ training

    def run(self, steps: int, each: bool) -> Activity:
        """Train; a call that is half walked is finished first."""
        desk, run = self.desk, self.desk.training
        yield from self._finish_call()
        if desk.clock.breakpoints:
            if desk.model.rungs[run.settings.rung].traced:
                yield from self._run_to_breakpoint(steps, each)
                return
            self.tell(m.Note(f"{run.settings.rung} is compiled or works on whole arrays: it passes breakpoints."))
        yield from self._train(steps, each)
        if not each:
            self.tell_run()

    def _train(self, steps: int, each: bool = False) -> Activity:
        self.desk.clock.forget()
        self.desk.training.run(steps, each)
        yield

    def tell_run(self, stopped: str = "") -> None:
        """Tell how a run ended."""
        run = self.desk.training
        first, kept, began = run.start_of_run
        self.desk.last_told = "loss"
        self.tell(
            m.Trained(run.step - first, run.kept - kept, run.step, run.loss(), time.perf_counter() - began, stopped)
        )

    def _finish_call(self) -> Activity:
        """Run what is left of a training step that is half walked; leave a prediction."""
        if self.desk.clock.begun and self.desk.walk == "training":
            yield from self._train(1, each=True)
        self.desk.clock.forget()

    def _run_to_breakpoint(self, steps: int, each: bool) -> Activity:
        """Train step by step through recorded calls, up to the next line with a breakpoint."""
        desk = self.desk
        if desk.walk != "training":
            desk.walk = "training"
            desk.clock.forget()
        first, kept, began = desk.training.step, desk.training.kept, time.perf_counter()
        for _ in range(steps):
            place = desk.clock.next_breakpoint()
            if place is not None:
                since, desk.clock.event = desk.clock.event, place
                self.tell(desk.clock.told(since))
                return
            yield from self._train(1, each)
        desk.training.start_of_run = (first, kept, began)
        if not each:
            self.tell_run()

    # ------------------------------------------------------------ forwards

    def step(self, count: int, unit: m.Unit) -> Activity:
        """Go forwards by units."""
        desk, run = self.desk, self.desk.training
        if unit == "step":
            yield from self._train(count, each=count == 1)
            if count != 1:
                self.tell_run()
        elif unit == "epoch":
            batches = run.batches
            yield from self._train(batches.first_step(batches.epoch(run.step) + count) - run.step)
            self.tell_run()
        elif unit == "sample" and desk.walk == "predict":
            self._next_sample(count)
        else:
            yield from self._step_lines(count, unit)

    def _step_lines(self, count: int, unit: m.Unit) -> Activity:
        desk, clock = self.desk, self.desk.clock
        since, told = clock.event, False
        for _ in range(count):
            told = False
            place = clock.move(unit, FORWARD)
            stop = clock.next_breakpoint() if unit != "line" else None
            if stop is not None and (place is None or stop < place):
                clock.event = stop
                break
            if place is not None and place < len(clock.trace):
                clock.event = place
            elif desk.walk == "predict" and not clock.over:
                clock.event = len(clock.trace)
            elif desk.walk == "predict":
                self._choose_next_sample()
                since = 0
            else:
                clock.event = len(clock.trace)
                self._tell_walk(since)
                yield from self._train(1, each=True)
                since, told = 0, True
        if not told:
            self._tell_walk(since)

    def _tell_walk(self, since: int) -> None:
        desk = self.desk
        told = desk.clock.told(since)
        if told.changes:
            desk.last_told = told.changes[0].name
        self.tell(msgspec.structs.replace(told, sample=desk.seen_sample(with_inputs=True) if desk.walk == "predict" else ""))

    # ------------------------------------------------------------ backwards

    def back(self, count: int, unit: m.Unit) -> Activity:
        """Go back by units."""
        desk, run = self.desk, self.desk.training
        if unit == "step":
            step = run.step - count + (1 if desk.clock.begun and desk.walk == "training" else 0)
            yield from self._travel(step)
        elif unit == "epoch":
            batches, epoch = run.batches, run.epoch
            begun = batches.first_step(epoch) < run.step or desk.clock.begun
            yield from self._travel(batches.first_step(epoch - count + (1 if begun else 0)))
        elif unit == "sample" and desk.walk == "predict":
            self._next_sample(-count)
        else:
            yield from self._back_lines(count, unit)

    def _back_lines(self, count: int, unit: m.Unit) -> Activity:
        desk, clock = self.desk, self.desk.clock
        since = clock.event
        for _ in range(count):
            place = clock.move(unit, BACKWARD)
            if place is None and self._at_beginning():
                if clock.event == since:
                    raise CommandError(f"there is nothing before this: it is the beginning of {self._what()}")
                break
            if place is None:
                yield from self._enter_call_before(unit)
                since = len(clock.trace)
            else:
                clock.event = place
        self._tell_walk(since)

    def _at_beginning(self) -> bool:
        """Whether no call lies before this one; then going back leads to its first line, or nowhere."""
        desk = self.desk
        if desk.walk == "predict":
            first = bool(desk.look.typed) or desk.look.sample == 0
        else:
            first = desk.training.step <= desk.training.first_step
        if first and desk.clock.event:
            desk.clock.event = 0
            return True
        return first

    def _what(self) -> str:
        return f"{self.desk.seen_sample()}" if self.desk.walk == "predict" else "the run"

    def _enter_call_before(self, unit: m.Unit) -> Activity:
        desk, clock = self.desk, self.desk.clock
        if desk.walk == "predict":
            desk.look_at(sample=desk.look.sample - 1)
            clock.event = len(clock.trace) if unit == "line" else clock.last(unit) or 0
            return
        desk.training.travel(desk.training.step - 1)
        yield
        clock.forget()
        clock.event = clock.last(unit) or 0

    # ------------------------------------------------------------ to a number

    def goto(self, number: int, unit: m.Unit) -> Activity:
        """Go to a place by its number."""
        desk = self.desk
        if unit == "step":
            yield from self._travel(number)
        elif unit == "epoch":
            yield from self._travel(desk.training.batches.first_step(number))
        elif unit == "sample" and desk.walk == "predict":
            self._look_at_sample(number)
        else:
            since = desk.clock.event
            desk.clock.event = desk.clock.numbered(number, unit)
            self._tell_walk(since)

    def _travel(self, step: int) -> Activity:
        run = self.desk.training
        if step < run.first_step and run.step <= run.first_step and not self.desk.clock.begun:
            raise CommandError(f"there is nothing before this: the run begins at step {run.first_step:,}")
        step = max(step, run.first_step)
        self.desk.clock.forget()
        run.travel(step)
        yield
        self.desk.last_told = "loss"
        self.tell(m.Moved(run.step, run.epoch, run.loss()))

    # ------------------------------------------------------------ samples

    def _next_sample(self, count: int) -> None:
        if self.desk.look.typed:
            raise CommandError("a typed input has no next or previous one; `sample 0` goes to the data")
        number = self.desk.look.sample + count
        if number < 0:
            raise CommandError("there is nothing before this: it is the first sample")
        self._look_at_sample(number)

    def _choose_next_sample(self) -> None:
        """After a prediction comes the next sample, after the last the first; a typed input comes again."""
        desk = self.desk
        if desk.look.typed or not desk.model.samples:
            desk.clock.forget()
        else:
            desk.look_at(sample=(desk.look.sample + 1) % desk.model.samples)

    def _look_at_sample(self, number: int) -> None:
        desk = self.desk
        if not 0 <= number < desk.model.samples:
            raise CommandError(f"there is no sample {number:,}; they go from 0 to {desk.model.samples - 1:,}")
        desk.look_at(sample=number)
        self._tell_walk(0)
