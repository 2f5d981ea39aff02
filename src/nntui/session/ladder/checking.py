"""The check of a rung against the loops: the same steps from the same weights, in 64 bits, bit for bit or nearly."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from nntui import messages as m
from nntui.models.model import FloatArray, Model
from nntui.models.plans import Outcome, Plan, Rung
from nntui.session.moving import Activity, Tell
from nntui.session.race.course import course, part, shortened
from nntui.session.race.racing import BASELINE, Racing, check_names, with_precision
from nntui.session.subject import CommandError, Desk
from nntui.text import clean

STEPS = 100
ONE_STEP, ALL_STEPS = 1e-12, 1e-9  # how far a rung may be off, as a share of the largest parameter
ENOUGH = 1e7  # operations that the loops are asked for: about a second
SLICE_SECONDS = 0.01


class Checker:
    """Checks the rungs of a desk's model."""

    def __init__(self, desk: Desk, tell: Tell, racing: Racing) -> None:
        self.desk = desk
        self.tell = tell
        self.racing = racing

    def check(self, name: str) -> Activity:
        """Check a rung, by default the one looked at, or the one that training uses."""
        desk = self.desk
        name = name or desk.races.climbed or desk.training.settings.rung
        check_names((name,), desk.model)
        if name == BASELINE:
            raise CommandError("loops is what the other rungs are checked against; check another one")
        model = desk.model if desk.scenario.training.precision == 64 else with_precision(desk, 64)
        _maker(model, name)  # or it is refused
        yield from self.racing.guarded(self._check(name, model), lambda why: self._end(name, why))

    def _end(self, name: str, why: str) -> None:
        """Say so where nothing comes of it: what stopped it may be a race, which says nothing of a check."""
        if why:
            self.tell(m.Note(f"The check of {name} was {why}."))

    def _check(self, name: str, model: Model) -> Activity:
        run, info = self.desk.training, model.rungs[name]
        operations = model.operations(run.settings.method)
        plan = course(run.settings, run.parameters.copy(), run.step, operations).plan
        batch = int(np.diff(plan.starts).max(initial=1))
        if operations * batch > ENOUGH:
            plan, batch = shortened(plan, max(1, int(ENOUGH / operations))), max(1, int(ENOUGH / operations))
        plan = part(plan, 0, max(1, min(STEPS, plan.steps, int(ENOUGH / (operations * max(1, batch))))))
        try:
            rung, _ = yield from self.racing.made(info)
        except Exception as error:  # whatever a compiler may raise
            why = clean((str(error) or repr(error)).splitlines()[0], 200)
            self.tell(m.Error(f"{name} cannot be checked, for it could not be made ready: {why}"))
            return
        loops = _maker(model, BASELINE)()
        found: list[float] = []
        flipped = 0
        for some in (part(plan, 0, 1), plan):
            theirs, right = yield from _after(loops, run.parameters, some)
            ours, outcome = yield from _after(rung, run.parameters, some)
            found.append(float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-300)))
            exact = bool(np.array_equal(ours, theirs))
            if isinstance(outcome, Outcome):
                flipped = int((outcome.kept != right.kept).sum())
        view = m.CheckView(
            name, plan.steps, found[0], found[1], ONE_STEP, ALL_STEPS, exact, info.exact, run.settings.method, flipped
        )
        self.desk.races.checks.pop(name, None)  # the last one made stands last
        self.desk.races.checks[name] = view
        self.tell(m.Checked(view))


def _maker(model: Model, name: str) -> Callable[[], Rung]:
    """What makes a rung; CommandError where it is absent."""
    info = model.rungs[name]
    if info.make is None:
        raise CommandError(f"{name} is absent: {info.absent}")
    return info.make


def _after(rung: Rung, parameters: FloatArray, plan: Plan) -> Generator[None, None, tuple[FloatArray, Any]]:
    """The parameters after a plan, and what became of it."""
    rung.load(parameters)
    work = rung.start(plan)
    while not work.run(time.perf_counter() + SLICE_SECONDS):
        yield
    return rung.store(), work.outcome
