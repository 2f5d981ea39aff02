"""The race over widths: networks with 2 to 10,000 neurons in a hidden layer; which rung wins at which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import msgspec

from nntui import messages as m
from nntui.models.model import Model
from nntui.session.moving import Activity
from nntui.session.race.course import course
from nntui.session.race.looked import sizes_of
from nntui.session.race.racing import Racing, check_names
from nntui.session.race.runner import Runner
from nntui.session.setup import build_model
from nntui.session.subject import CommandError

WIDTHS = (2, 10, 32, 100, 320, 1000, 3200, 10_000)
MOST_PARAMETERS = 4_000_000


class WidthsRace:
    """Races over widths on a desk."""

    def __init__(self, racing: Racing) -> None:
        self.racing = racing
        self.desk = racing.desk
        self.races = racing.races

    def race(self, command: m.RaceWidths) -> Activity:
        """Race at every width that the network can have."""
        desk = self.desk
        check_names(command.rungs, desk.model)
        sizes = sizes_of(desk.model)
        if len(sizes) < 3:
            raise CommandError("a race over widths needs a network with a hidden layer; layers gives it one")
        widths = tuple(width for width in WIDTHS if parameters_of(widened(sizes, width)) <= MOST_PARAMETERS)
        run = desk.training
        names = tuple(name for name in desk.model.rungs if not command.rungs or name in command.rungs)
        self.races.widths = m.WidthsView(
            widths, names, (), (), sizes, run.batches.size, run.settings.method, desk.scenario.training.precision,
            command.seconds, running=True,
            left_out=tuple(("all rungs", f"{width:,} neurons would be too many weights") for width in WIDTHS
                           if width not in widths),
        )  # fmt: skip
        yield from self.racing.guarded(self._race(command, names), self._end)

    def _race(self, command: m.RaceWidths, names: Sequence[str]) -> Activity:
        for width in self._view.widths:
            points: list[m.WidthPoint] = []
            model = self._model(width)
            for name in names:
                info = model.rungs[name]
                if info.make is None:
                    continue
                rung = info.make() if info.instant else (yield from self.racing.elsewhere(info.make))
                run = self.desk.training
                settings = replace(run.settings, model=model)
                track = course(settings, model.initial(), run.step, model.operations(settings.method))
                runner = Runner(rung, track)
                for _ in runner.run(command.seconds):
                    yield
                pace = runner.samples / max(runner.seconds, 1e-9)
                points.append(m.WidthPoint(name, width, pace, int(getattr(rung, "threads", 1))))
                self.races.widths = msgspec.structs.replace(self._view, points=(*self._view.points, points[-1]))
            best = max(points, key=lambda point: point.samples_per_second)
            why = reason(best.rung, model, self._view.batch, self._view.method)
            winners = (*self._view.winners, (width, best.rung, why))
            self.races.widths = msgspec.structs.replace(self._view, winners=winners)
            self.racing.tell(m.WidthEnded(width, tuple(points), best.rung, why))

    def _end(self, why: str) -> None:
        self.races.widths = msgspec.structs.replace(self._view, running=False)
        self.racing.tell(m.WidthsEnded(self.races.widths, why))

    def _model(self, width: int) -> Model:
        """The desk's model, its hidden layers of another width, its weights drawn."""
        scenario = self.desk.scenario
        table = {key: value for key, value in scenario.model.items() if key not in ("weights", "biases")}
        table["layers"] = list(widened(sizes_of(self.desk.model), width))
        model: Model = build_model(msgspec.structs.replace(scenario, model=table), self.desk.folder)
        return model

    @property
    def _view(self) -> m.WidthsView:
        assert self.races.widths is not None
        return self.races.widths


def widened(sizes: Sequence[int], width: int) -> tuple[int, ...]:
    """These layer sizes, the hidden ones replaced."""
    return (sizes[0], *(width for _ in sizes[1:-1]), sizes[-1])


def parameters_of(sizes: Sequence[int]) -> int:
    """How many weights and biases such a network has."""
    return sum((sources + 1) * neurons for sources, neurons in pairwise(sizes))


def reason(rung: str, model: Model, batch: int, method: str) -> str:
    """Why a rung wins at a size, in a sentence with the size's own numbers."""
    operations = model.operations(method) * batch
    step = f"A step is {operations:,.0f} operations"
    if rung == "numba-generated":
        return f"{step}: so few that every loop and every call would cost more than the arithmetic."
    if rung == "numpy":
        return f"{step}: beside them its calls cost nothing, and its matrix products keep numbers in registers."
    if rung == "loops":
        return f"{step}."
    return f"{step}: too few to pay for numpy's calls, and compiled loops make none."
