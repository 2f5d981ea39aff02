"""A rung on the course: how much it gets done in so much time, measured where it computes and nowhere else."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import replace

from nntui.models.plans import Descent, GradientPlan, Outcome, Plan, Rung
from nntui.session.race.course import Course, part, shortened

SLICE_SECONDS = 0.010  # between two looks at what has arrived
GROWTH = 8  # times as many steps in a call as in the one before, at most: the first calls of a rung tell little
LONGEST = 0.5  # seconds of a step, after which more samples are not tried where it is longer than the race
HELPS = 1.5  # times as long as with half of the samples


class Runner:
    """One rung that runs the course. Seconds are those within its calls: planning and loading are apart."""

    def __init__(self, rung: Rung, course: Course) -> None:
        self.rung = rung
        self.course = course
        self.samples = 0
        self.steps = 0
        self.seconds = 0.0
        self.step_samples = course.batch  # fewer, where a step of all of them would take longer than the race
        self._plan: Plan = course.plan
        self._place = 0  # in the plan
        self._next = 1  # steps of the next call

    def run(self, seconds: float) -> Iterator[None]:
        """Race for so long; what is under way then is done to its end. Yields about every 10 ms."""
        self.step_samples = yield from self._probe(seconds)
        self._plan = self.course.plan
        if self.step_samples < self.course.batch:
            self._plan = shortened(self.course.plan, self.step_samples)
        self.rung.load(self.course.parameters)
        while self.seconds < seconds:
            yield from self._lap(min(SLICE_SECONDS, seconds - self.seconds))

    def _probe(self, seconds: float) -> Generator[None, None, int]:
        """How many samples a step can have so that it about fits into the time; the first calls warm the rung, too.

        Cut as late as can be, for a step of few samples is another thing to a rung that works on whole arrays; and only
        where it helps: where a step of half as many takes as long, it is the weights that cost, not the samples.
        """
        batch, size, before = self.course.batch, 1, math.inf
        self.rung.load(self.course.parameters)
        while size < batch:
            took = yield from self._probed(size)
            if took > seconds:  # once may have been somebody else's doing
                took = min(took, (yield from self._probed(size)))
            if took * batch <= seconds * size:
                break
            if took > seconds and (took > LONGEST or took >= HELPS * before):
                return max(1, size // 2)
            before, size = took, min(batch, 2 * size)
        return batch

    def _probed(self, size: int) -> Generator[None, None, float]:
        """The seconds that a step of so many samples takes."""
        took, _ = yield from self._timed(shortened(part(self.course.plan, 0, 1), size))
        return took

    def _lap(self, aim: float) -> Iterator[None]:
        """Go on by as many steps as will take about so many seconds, or up to the end of the plan."""
        steps = min(self._next, self._plan.steps - self._place)
        plan = part(self._plan, self._place, steps)
        took, outcome = yield from self._timed(plan)
        self.seconds += took
        self.steps += steps
        self.samples += len(plan.order) or steps
        if isinstance(self._plan, GradientPlan) and isinstance(outcome, Descent):
            self._plan = replace(self._plan, moments=outcome.moments, taken=self._plan.taken + steps)
        self._place = (self._place + steps) % self._plan.steps
        self._next = max(1, min(int(steps * aim / max(took, 1e-7)), GROWTH * steps))
        yield

    def _timed(self, plan: Plan) -> Generator[None, None, tuple[float, Outcome | Descent]]:
        """Run a plan to its end: the seconds that it took, and what became of it."""
        took = 0.0
        work = self.rung.start(plan)
        while True:
            began = time.perf_counter()
            done = work.run(began + SLICE_SECONDS)
            took += time.perf_counter() - began
            if done:
                return took, work.outcome
            yield
