"""The commands that move: along the lines of a call, along the steps of training, forwards and backwards.

Each is a generator that yields whenever training has to work before it can go on; the session drives it in slices.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeAlias

import msgspec

from nntui import messages as m
from nntui.models.model import no_such_sample
from nntui.session.subject import CommandError, Desk, chosen
from nntui.session.walking.walk import WalkError
from nntui.trace.units import BACKWARD, FORWARD

MOST_MOVES = 1_000  # along the lines of a call, in one turn

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
        if self._stops_at_breakpoints():
            yield from self._run_to_breakpoint(steps, each)
            return
        yield from self._finish_call()
        yield from self._train(steps, each)
        if not each:
            self.tell_run()

    def _stops_at_breakpoints(self) -> bool:
        """Whether a run goes through recorded calls; where it must pass breakpoints it says so."""
        desk, rung = self.desk, self.desk.training.settings.rung
        if not desk.clock.breakpoints:
            return False
        if not desk.model.rungs[rung].traced:
            self.tell(m.Note(f"{rung} is compiled or works on whole arrays: it passes breakpoints."))
            return False
        self._walk_training()
        try:
            return bool(desk.clock.trace)
        except WalkError:
            self.tell(m.Note("A training step here runs too many lines to be recorded: it passes breakpoints."))
            return False

    def _walk_training(self) -> None:
        if self.desk.walk != "training":
            self.desk.walk = "training"
            self.desk.clock.forget()

    def _train(self, steps: int, each: bool = False) -> Generator[None, None, bool]:
        """Train; tell whether it came to its end."""
        run = self.desk.training
        end = run.step + steps
        self.desk.clock.forget()
        run.run(steps, each)
        yield
        return run.step >= end

    def tell_run(self, stopped: str = "") -> None:
        """Tell how a run ended."""
        run = self.desk.training
        first, kept, began = run.start_of_run
        self.desk.last_told = "loss"
        took, method = time.perf_counter() - began, run.settings.method
        self.tell(m.Trained(run.step - first, run.kept - kept, run.step, run.loss(), took, stopped, method))

    def _finish_call(self) -> Activity:
        """Run what is left of a training step that is half walked; leave a prediction."""
        if self._step_begun:
            yield from self._train(1, each=True)
        self.desk.clock.forget()

    def _run_to_breakpoint(self, steps: int, each: bool) -> Activity:
        """Train step by step through recorded calls, up to the next line with a breakpoint."""
        if self._at_next_breakpoint():
            return
        yield from self._finish_call()
        desk = self.desk
        first, kept, began = desk.training.step, desk.training.kept, time.perf_counter()
        for _ in range(steps):
            self._walk_training()  # while this goes on, somebody may have looked at a prediction
            if self._at_next_breakpoint() or not (yield from self._train(1, each)):
                break
        if desk.clock.begun:
            return
        desk.training.start_of_run = (first, kept, began)
        if not each:
            self.tell_run()

    def _at_next_breakpoint(self) -> bool:
        """Go to the next breakpoint of this call, if it has one."""
        clock = self.desk.clock
        place = clock.next_breakpoint()
        if place is not None:
            since, clock.event = clock.event, place
            self._tell_walk(since)
            self.tell(m.Note(f"Stopped at the breakpoint, line {clock.trace.lines[place]:,}."))
        return place is not None

    # ------------------------------------------------------------ forwards

    def step(self, count: int, unit: m.Unit) -> Activity:
        """Go forwards by units."""
        desk, run = self.desk, self.desk.training
        if unit == "step":
            yield from self._train(count, each=count == 1)
            if count != 1:
                self.tell_run()
        elif unit == "epoch":
            yield from self._train(run.step_of_epoch(run.epoch + count) - run.step)
            self.tell_run()
        elif unit == "sample" and desk.walk == "predict":
            self._next_sample(count)
        else:
            yield from self._step_lines(count, unit)

    def _step_lines(self, count: int, unit: m.Unit) -> Activity:
        desk, clock = self.desk, self.desk.clock
        since, told = clock.event, False
        for number in range(count):
            if number % MOST_MOVES == MOST_MOVES - 1:
                yield  # a turn of its own: somebody may want it stopped
            told = False
            place = clock.move(unit, FORWARD)
            stop = clock.next_breakpoint() if unit != "line" else None
            if stop is not None and (place is None or stop < place):
                clock.event = stop
                break
            if place is not None and place < len(clock.trace):
                clock.event = place
            elif desk.walk != "training" and not clock.over:
                clock.event = len(clock.trace)
            elif desk.walk != "training":
                self._choose_next_sample()
                since = 0
                if count > 1:
                    yield  # another call has to be recorded
            else:
                clock.event = len(clock.trace)
                self._tell_walk(since)
                trained = yield from self._train(1, each=True)
                since, told = 0, True
                if not trained:
                    break
        if not told:
            self._tell_walk(since)

    def until(self, line: int) -> None:
        """Go on to the next time that a line is about to run."""
        clock = self.desk.clock
        since, place = clock.event, clock.next_run_of(clock.stop_line(line))
        if place is None:
            raise CommandError(f"line {line:,} is not about to run again in this call; `step` goes on to the next one")
        clock.event = place
        self._tell_walk(since)

    def _tell_walk(self, since: int) -> None:
        desk = self.desk
        told = desk.clock.told(since)
        counters = {name for loop in desk.clock.source.loops_at(told.next_line or told.line) for name in loop.variables}
        numbers = [change.name for change in told.changes if isinstance(change.new, int | float)]
        worth = [name for name in numbers if name not in counters]
        if worth:  # nobody asks why a loop counts on, or why a list is that list
            desk.last_told = worth[0]
        sample = desk.seen_sample(with_inputs=True) if desk.walk == "predict" else ""
        self.tell(msgspec.structs.replace(told, sample=sample))

    # ------------------------------------------------------------ backwards

    @property
    def _step_begun(self) -> bool:
        """Whether a training step is half walked: then to go back one is to go back to its beginning."""
        return self.desk.clock.begun and self.desk.walk == "training"

    def back(self, count: int, unit: m.Unit) -> Activity:
        """Go back by units."""
        desk, run = self.desk, self.desk.training
        if unit == "step":
            yield from self._travel(run.step - count + (1 if self._step_begun else 0))
        elif unit == "epoch":
            begun = run.step_of_epoch(run.epoch) < run.step or self._step_begun
            yield from self._travel(run.step_of_epoch(run.epoch - count + (1 if begun else 0)))
        elif unit == "sample" and desk.walk == "predict":
            self._next_sample(-count)
        else:
            yield from self._back_lines(count, unit)

    def _back_lines(self, count: int, unit: m.Unit) -> Activity:
        clock = self.desk.clock
        since = clock.event
        for number in range(count):
            if number % MOST_MOVES == MOST_MOVES - 1:
                yield
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
            first = desk.walk != "training" or desk.training.step <= desk.training.first_step
        if first and desk.clock.event:
            desk.clock.event = 0
            return True
        return first

    def _what(self) -> str:
        known = {"predict": self.desk.seen_sample(), "training": "the run"}
        return known.get(self.desk.walk, "this call")

    def _enter_call_before(self, unit: m.Unit) -> Activity:
        desk, clock = self.desk, self.desk.clock
        if desk.walk == "predict":
            desk.look_at(sample=desk.look.sample - 1)
            clock.event = len(clock.trace) if unit == "line" else clock.last(unit) or 0
            yield
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
            yield from self._travel(desk.training.step_of_epoch(number))
        elif unit == "sample" and desk.walk == "predict":
            self._look_at_sample(number)
        else:
            since = desk.clock.event
            desk.clock.event = desk.clock.numbered(number, unit)
            self._tell_walk(since)

    def _travel(self, step: int) -> Activity:
        run = self.desk.training
        if step < run.first_step and run.step <= run.first_step and not self._step_begun:
            raise CommandError(f"there is nothing before this: the run begins at step {run.first_step:,}")
        run.travel(max(step, run.first_step))
        yield
        self.desk.clock.forget()
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
        """After a prediction comes the next sample, after the last the first; a typed input, or another call, again."""
        desk = self.desk
        if desk.walk != "predict" or desk.look.typed or not desk.model.samples:
            desk.clock.forget()
        else:
            desk.look_at(sample=(desk.look.sample + 1) % desk.samples)

    def _look_at_sample(self, number: int) -> None:
        desk = self.desk
        if not 0 <= number < desk.samples:
            raise CommandError(no_such_sample(replace(desk.look, sample=number), desk.samples))
        desk.look_at(sample=number, typed=())
        try:
            self._tell_walk(0)
        except WalkError:  # a call too long to be recorded has its numbers all the same
            seen = desk.model.see(desk.training.parameters, desk.look)
            self.tell(chosen(seen))
