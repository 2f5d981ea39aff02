"""The views of a desk: how it looks now, as data that a front end draws or tells."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable

import numpy as np

from nntui import messages as m
from nntui.models.model import Marks
from nntui.session.graph.view import view_of_graph
from nntui.session.ladder.climbing import ladder_view
from nntui.session.race.looked import seen_race
from nntui.session.run.curves import loss_view
from nntui.session.run.stretch import curve
from nntui.session.settings import settings_of
from nntui.session.subject import NO_RECORDING, Desk
from nntui.session.surveys.kept import Surveys
from nntui.session.surveys.slopes import slope_view
from nntui.session.tensoring import tensor_view
from nntui.session.walking.walk import WalkError
from nntui.trace.elements import in_hand, uses

TURN = 0.05  # by how much the twist inspector turns a parameter to see what the loss would be
POINTS = 21  # of that curve
FEW_POINTS = 5  # of that of an expensive model
DEAR = 20_000_000  # multiply-adds of one loss, from which on it is that
MOST_WEIGHTS = 500
_CHANGED = {"hand": "set", "twist": "twisted", "gradient": "moved by gradient"}


class Viewer:
    """Looks at a desk. At a glance, a coarse view does where the next one will be fine."""

    def __init__(self, desk: Desk, surveys: Surveys, glance: bool = False) -> None:
        self.desk = desk
        self.surveys = surveys
        self.glance = glance

    def view(self, view: m.View, address: str, size: tuple[int, int]) -> m.Result:
        """One of the views."""
        makers: dict[str, Callable[[], m.Result]] = {
            "code": self._code,
            "values": self._values,
            "loss": lambda: loss_view(self.desk.training, size, self.desk.kept.pins, self.desk.kept.axis),
            "twist": lambda: self._twist(address),
            "weights": self._weights,
            "settings": lambda: settings_of(self.desk),
            "tensor": lambda: tensor_view(self.desk),
            "graph": lambda: view_of_graph(self.desk, size),
            "landscape": lambda: self.surveys.landscape(self.desk, size, self.glance),
            "sweep": lambda: self.surveys.sweep(self.desk),
            "gradient": lambda: self.surveys.gradient(self.desk),
            "race": lambda: seen_race(self.desk),
            "ladder": lambda: ladder_view(self.desk),
            "widths": self._widths,
            "timeline": lambda: m.Refused(NO_RECORDING),
        }
        if view in makers:
            return makers[view]()
        desk = self.desk
        marks = self._marks() if view == "diagram" else Marks(desk.pointed or desk.model.first)
        return desk.model.view(desk.training.parameters, desk.look, view, size, marks)

    def _widths(self) -> m.Result:
        """The last race over widths."""
        found = self.desk.races.widths
        return found or m.Refused("the rungs have not been raced over widths yet; race widths does")

    def _marks(self) -> Marks:
        """What everyone looks at: the parameter pointed at, and what the line about to run works on."""
        used: tuple[str, ...] = ()
        if self.desk.clock.begun:  # at its beginning a call works on nothing yet, and need not be recorded
            with contextlib.suppress(WalkError):
                used = uses(self.desk.clock.cursor)
        return Marks(self.desk.pointed or self.desk.model.first, used, self.desk.attention.edges)

    # ------------------------------------------------------------ the call that is walked

    @property
    def _passing(self) -> bool:
        """Whether the call is not recorded: training runs on, and it is another at every look; or it is a long one."""
        clock = self.desk.clock
        return not clock.begun and (self.desk.training.running or not clock.at_a_glance)

    def _code(self) -> m.CodeView:
        clock = self.desk.clock
        name, line, events, note = clock.function_name, 0, 0, ""
        stack: tuple[tuple[str, int], ...] = ()
        used: tuple[str, ...] = ()
        if self._passing:
            line = clock.first_line
            stack = ((name, line),)
        else:
            try:
                cursor = clock.cursor
                name, line, events = cursor.function, cursor.line or 0, len(clock.trace)
                stack = tuple((level.function, level.line or 0) for level in cursor.stack())
                used = uses(cursor)
            except WalkError as error:  # a call too long to be recorded still has its source
                note = str(error)
        source = clock.source
        function = source.function(name)
        lines = tuple(source.line_text(n) for n in range(function.first, function.last + 1))
        return m.CodeView(
            source.path.rsplit("/", 1)[-1], name, function.first, lines, line, clock.breakpoints, stack,
            used, min(clock.event, events), events, note,
        )  # fmt: skip

    def _values(self) -> m.ValuesView:
        clock = self.desk.clock
        if self._passing:
            return m.ValuesView(clock.function_name, clock.arguments, ())
        try:
            cursor = clock.cursor
        except WalkError:  # the code view says why
            return m.ValuesView(clock.function_name, (), ())
        changed = clock.told(clock.event - 1).changes if clock.event else ()
        loops = clock.source.loops_at(cursor.line) if cursor.line is not None else ()
        counting = dict.fromkeys(variable for loop in reversed(loops) for variable in loop.variables)
        return m.ValuesView(cursor.function, clock.values(), changed, in_hand(cursor), tuple(counting))

    # ------------------------------------------------------------ training

    def _twist(self, address: str) -> m.TwistView:
        desk, run = self.desk, self.desk.training
        layout = desk.model.layout
        index = layout.index(address or desk.pointed or desk.model.first)
        value = float(run.parameters[index])
        points = POINTS if desk.model.samples * layout.size < DEAR else FEW_POINTS
        xs, ys = curve(
            value, points, lambda x: not desk.model.allowed(index, x),
            lambda values: desk.model.losses(run.parameters, index, values),
        )  # fmt: skip
        up, down = (self._loss_at(index, value + turn) for turn in (TURN, -TURN))
        change = run.last_change(index)
        last, before = "", None
        if change is not None:
            last = f"{_CHANGED[change.by]} at step {change.step:,}"
            if change.by != "gradient" or change.since == change.step:  # otherwise that is its value long before
                before = change.before
        outputs, target = self._answer()
        return m.TwistView(
            layout.address(index), value, TURN, run.loss(), up, down, last,
            m.Curve("loss", tuple(xs), tuple(ys)),
            before, outputs, target,
            slope_view(desk, index, desk.attention.slope) if desk.attention.slope else None,
        )  # fmt: skip

    def _loss_at(self, index: int, value: float) -> float:
        """The loss with one parameter set to this value: as training computes it, but quickly while that goes on."""
        model, run = self.desk.model, self.desk.training
        if model.allowed(index, value):
            return math.inf  # a twist there would never be kept
        if run.running:
            return float(model.losses(run.parameters, index, np.array([value]))[0])
        parameters = run.parameters.copy()
        parameters[index] = value
        return model.loss(parameters)

    def _answer(self) -> tuple[tuple[float, ...], tuple[float, ...] | None]:
        """What comes out for the sample looked at, and what should."""
        desk = self.desk
        if not desk.model.samples and not desk.look.typed:
            return (), None
        seen = desk.model.see(desk.training.parameters, desk.look)
        return seen.outputs, seen.target

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
