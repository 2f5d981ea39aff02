"""The queries: what can be asked of a desk without changing anything."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nntui import messages as m
from nntui.models.model import ModelError
from nntui.session.subject import CommandError, Desk
from nntui.session.walk import WalkError

TURN = 0.05  # by how much the twist inspector turns a parameter to see what the loss would be
REACH = 1.0  # of the curve of the loss along a parameter, on each side
POINTS = 21  # of that curve
DEAR = 2_000_000  # multiply-adds of one loss, from which on the curve has fewer points
MOST_WEIGHTS = 500
MOST_CURVE = 400  # points of the loss curve


class Asker:
    """Answers what is asked of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # ------------------------------------------------------------ readings

    def reading(self, name: str) -> float:
        """The value of a reading, as `expect` names it."""
        desk, run = self.desk, self.desk.training
        counts: dict[str, Callable[[], float]] = {
            "step": lambda: float(run.step),
            "tries": lambda: float(run.step),
            "kept": lambda: float(run.kept),
            "epoch": lambda: float(run.epoch),
        }
        if name in counts:
            return counts[name]()
        # The loss is always the loss, also where the line at hand has a variable of that name.
        if desk.clock.begun and not desk.clock.over and name not in desk.model.reading_names():
            value = desk.clock.cursor.locals().get(name)
            if isinstance(value, int | float):
                return float(value)
        return desk.model.reading(run.parameters, desk.look, name)

    # ------------------------------------------------------------ why

    def why(self, name: str) -> m.Why:
        """Open a value into what made it: one of the line's own values, a parameter, or one of the model's."""
        desk = self.desk
        name = name or desk.last_told
        named = name.isidentifier() and name not in desk.model.reading_names()
        if named and desk.clock.begun and not desk.clock.over:
            value = desk.clock.cursor.locals().get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return self._why_local(name, float(value))
            if value is not None and name not in ("outputs", "inputs"):
                name = str(value)
        try:
            return desk.model.why(desk.training.parameters, desk.look, name)
        except ModelError as error:
            try:
                index = desk.model.layout.index(name)
            except ModelError:
                raise CommandError(str(error)) from None
            return self._why_parameter(index)

    def _why_local(self, name: str, value: float) -> m.Why:
        """How a sum was added up, or which line gave a value."""
        history = self.desk.clock.local_history(name)
        terms = []
        for line, new, old, loops in history:
            where = ", ".join(f"{variable} {number}" for variable, number in loops.items()) if old is not None else ""
            said = f"line {line}" + (f", {where}" if where else "")
            terms.append(m.Term(said, new if old is None else new - old))
        if not terms:
            return m.Why(name, value, "", value, (), "It came with the call.")
        if len(terms) == 1:
            return m.Why(name, value, "", value, (), f"{terms[0].name.capitalize()} gave it this value.")
        return m.Why(name, value, "", value, tuple(terms))

    def _why_parameter(self, index: int) -> m.Why:
        desk, run = self.desk, self.desk.training
        address, value = desk.model.layout.address(index), float(run.parameters[index])
        change = run.timeline.last_change(index)
        if change is None:
            start = "its value at the start" if run.timeline.reaches(run.first_step) or not run.step else "what it was"
            return m.Why(address, value, "", value, (), f"It is {start}; nothing has changed it since.")
        step, old, by_hand = change
        how = f"set by hand at step {step:,}" if by_hand else f"a twist kept at step {step:,}"
        return m.Why(address, value, "", value, (m.Term("its value before", old), m.Term(how, value - old)))

    # ------------------------------------------------------------ views

    def view(self, view: m.View, address: str, size: tuple[int, int]) -> m.Result:
        """One of the views."""
        makers: dict[str, Callable[[], m.Result]] = {
            "code": self._code,
            "values": self._values,
            "loss": self._loss,
            "twist": lambda: self._twist(address),
            "weights": self._weights,
        }
        if view in makers:
            return makers[view]()
        return self.desk.model.view(self.desk.training.parameters, self.desk.look, view, size)

    def _code(self) -> m.CodeView:
        clock = self.desk.clock
        source = clock.source
        line = 0
        stack: tuple[tuple[str, int], ...] = ()
        try:
            cursor = clock.cursor
            line, name = cursor.line or 0, cursor.function
            stack = tuple((level.function, level.line or 0) for level in cursor.stack())
        except WalkError:  # a call too long to be recorded still has its source
            name = self.desk.clock.function_name
        function = source.function(name)
        lines = tuple(source.line_text(n) for n in range(function.first, function.last + 1))
        return m.CodeView(source.path.rsplit("/", 1)[-1], name, function.first, lines, line, clock.breakpoints, stack)

    def _values(self) -> m.ValuesView:
        clock = self.desk.clock
        changed = clock.told(clock.event - 1).changes if clock.event else ()
        return m.ValuesView(clock.cursor.function, clock.values(), changed)

    def _loss(self) -> m.CurvesView:
        run = self.desk.training
        points = dict(run.timeline.curve_until(run.step))
        points[run.step] = run.loss()
        steps = sorted(points)
        if len(steps) > MOST_CURVE:
            chosen = np.unique(np.linspace(0, len(steps) - 1, MOST_CURVE).astype(int))
            steps = [steps[i] for i in chosen]
        curve = m.Curve("loss", tuple(float(step) for step in steps), tuple(points[step] for step in steps))
        marks = tuple((float(e.step), "edit") for e in run.timeline.edits[: run.made][-20:])
        return m.CurvesView("loss over the training samples", "step", "loss", (curve,), marks)

    def _twist(self, address: str) -> m.TwistView:
        desk, run = self.desk, self.desk.training
        layout = desk.model.layout
        index = layout.index(address or desk.pointed or layout.first)
        parameters, value = run.parameters.copy(), float(run.parameters[index])

        def loss_at(x: float) -> float:
            if desk.model.allowed(index, x):
                return math.inf  # a twist there would never be kept
            parameters[index] = x
            return desk.model.loss(parameters)

        points = POINTS if desk.model.samples * layout.size < DEAR else 5
        xs = np.linspace(value - REACH, value + REACH, points).tolist()
        xs = [x for x in xs if not desk.model.allowed(index, x)]
        curve = m.Curve("loss", tuple(xs), tuple(loss_at(x) for x in xs))
        change = run.timeline.last_change(index)
        last = "" if change is None else f"{'set' if change[2] else 'twisted'} at step {change[0]:,}"
        return m.TwistView(
            layout.address(index),
            value,
            TURN,
            loss_at(value),
            loss_at(value + TURN),
            loss_at(value - TURN),
            last,
            curve,
        )

    def _weights(self) -> m.WeightsView:
        layout, blocks, told = self.desk.model.layout, [], 0
        for block, (name, values) in zip(
            layout.blocks, layout.views(self.desk.training.parameters).items(), strict=True
        ):
            if told + block.size > MOST_WEIGHTS:
                break
            blocks.append((name, block.shape, tuple(values.ravel().tolist())))
            told += block.size
        return m.WeightsView(tuple(blocks), layout.size - told)

    # ------------------------------------------------------------ where, summary

    def where(self, beat: int, beats: int, waiting: str) -> m.Where:
        """Where are we?"""
        desk, run, clock = self.desk, self.desk.training, self.desk.clock
        line, text, function, events = 0, "", clock.function_name, 0
        if clock.begun:
            cursor, trace = clock.cursor, clock.trace
            line, function, events = cursor.line or 0, cursor.function, len(trace)
            text = trace.source.line_text(line).strip() if line else ""
        return m.Where(
            title=desk.scenario.title, name=desk.name, beat=beat, beats=beats, step=run.step, epoch=run.epoch,
            loss=run.loss(), rung=run.settings.rung, walking=desk.walk, sample=desk.seen_sample(), line=line, text=text,
            function=function, event=clock.event, events=events, waiting=waiting,
        )  # fmt: skip

    def summary(self, commands: tuple[str, ...]) -> m.Summary:
        """What has happened so far?"""
        desk, run = self.desk, self.desk.training
        model, data = desk.model.describe()
        settings = run.settings
        batch = f", batches of {run.batches.size:,}" if desk.model.samples else ""
        return m.Summary(
            title=desk.scenario.title, summary=desk.scenario.summary, model=model, data=data,
            training=f"by twists of ±{settings.twist:g}{batch}, on {settings.rung}, seed {settings.seed}",
            step=run.step, loss=run.loss(), test_loss=_maybe(self._read("test_loss")),
            accuracy=_maybe(self._read("accuracy")), commands=commands,
        )  # fmt: skip

    def _read(self, name: str) -> float:
        try:
            return self.reading(name)
        except ModelError:
            return math.nan


def _maybe(value: float) -> float | None:
    return None if math.isnan(value) else value


def scenario_text(desk: Desk, beat: int, answered: int) -> m.ScenarioText:
    """The scenario file that opens again exactly here."""
    from nntui.scenario.write import to_toml

    return m.ScenarioText(to_toml(desk.as_scenario(beat, answered)))
