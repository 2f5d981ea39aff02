"""The race over widths: networks with 2 to 10,000 neurons in a hidden layer; which rung wins at which."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import msgspec

from nntui import messages as m
from nntui.models.model import FloatArray, Model
from nntui.session.moving import Activity
from nntui.session.race.course import course
from nntui.session.race.looked import sizes_of
from nntui.session.race.racing import Racing, check_names, counted
from nntui.session.race.reasons import Size, Timed, caches, reason
from nntui.session.race.runner import Runner
from nntui.session.setup import build_model
from nntui.session.subject import CommandError
from nntui.text import clean

WIDTHS = (2, 10, 32, 100, 320, 1000, 3200, 10_000)
MOST_PARAMETERS = 4_000_000  # of a network that opens
TOO_SLOW = 2  # times as long as the race: a rung that takes so long for the shortest step is done at this width


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
            left_out=tuple(("all rungs", f"{width:,} neurons would be more than {MOST_PARAMETERS:,} weights")
                           for width in WIDTHS if width not in widths)
            + tuple((info.name, info.absent) for info in desk.model.rungs.values()
                    if info.make is None and info.name in names),
        )  # fmt: skip
        yield from self.racing.guarded(self._race(command, names), self._end)

    def _race(self, command: m.RaceWidths, names: Sequence[str]) -> Activity:
        yield from self.racing.elsewhere(caches)  # after what is being made ready there, which would take its share
        slow: set[str] = set()
        for width in self._view.widths:
            # To draw a million weights takes long enough to keep someone from a key.
            model, start = yield from self.racing.elsewhere(partial(self._model, width))
            points: list[m.WidthPoint] = []
            timed: list[Timed] = []
            for name in names:
                if name in slow or model.rungs[name].make is None:
                    continue
                runner = yield from self._run(name, model, start, command.seconds, width)
                if runner is None:
                    continue
                pace, threads = runner.samples / max(runner.seconds, 1e-9), int(getattr(runner.rung, "threads", 1))
                points.append(m.WidthPoint(name, width, pace, threads))
                timed.append(Timed(name, self._view.batch / pace, threads))
                self.races.widths = msgspec.structs.replace(self._view, points=(*self._view.points, points[-1]))
                if runner.step_samples == runner.steps == 1 and runner.seconds > TOO_SLOW * command.seconds:
                    slow.add(name)
                    self._leave_out(name, f"from {width:,} neurons on a step of one sample takes longer than the race")
            if points:
                self._won(model, width, points, timed)

    def _run(
        self, name: str, model: Model, start: FloatArray, seconds: float, width: int
    ) -> Generator[None, None, Runner | None]:
        """Let one rung run at one width; None where it cannot, which is noted."""
        info, run = model.rungs[name], self.desk.training
        assert info.make is not None
        settings = replace(run.settings, model=model)
        try:
            rung, _ = yield from self.racing.made(info)
            runner = Runner(rung, course(settings, start, run.step, model.operations(settings.method)))
            for _ in runner.run(seconds):
                yield
        except Exception as error:  # whatever a compiler or a rung may raise: the others are raced all the same
            why = clean((str(error) or repr(error)).splitlines()[0], 200)
            self._leave_out(name, f"at {width:,} neurons it has failed: {why}")
            return None
        if runner.step_samples < runner.course.batch:
            self._leave_out(name, f"at {width:,} neurons its steps are cut to {counted(runner.step_samples)}, for time")
        return runner

    def _won(self, model: Model, width: int, points: Sequence[m.WidthPoint], timed: Sequence[Timed]) -> None:
        """Note the fastest at a width, and why it is that."""
        view = self._view
        best = max(points, key=lambda point: point.samples_per_second)
        size = Size(
            model.operations(view.method) * view.batch, view.batch, model.layout.size * view.precision // 8
        )  # fmt: skip
        why = reason(size, timed, caches())
        self.races.widths = msgspec.structs.replace(view, winners=(*view.winners, (width, best.rung, why)))
        self.racing.tell(m.WidthEnded(width, tuple(points), best.rung, why))

    def _leave_out(self, name: str, why: str) -> None:
        self.races.widths = msgspec.structs.replace(self._view, left_out=(*self._view.left_out, (name, why)))

    def _end(self, why: str) -> None:
        self.races.widths = msgspec.structs.replace(self._view, running=False)
        self.racing.tell(m.WidthsEnded(self.races.widths, why))

    def _model(self, width: int) -> tuple[Model, FloatArray]:
        """The desk's model, its hidden layers of another width, and its weights, drawn."""
        scenario = self.desk.scenario
        table = {key: value for key, value in scenario.model.items() if key not in ("weights", "biases")}
        table["layers"] = list(widened(sizes_of(self.desk.model), width))
        model: Model = build_model(msgspec.structs.replace(scenario, model=table), self.desk.folder)
        return model, model.initial()

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
