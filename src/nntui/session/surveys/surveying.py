"""The commands by which everyone looks at how the loss changes: slope, edges, landscape, sweep. They change nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from nntui import messages as m
from nntui.scenario.meaning import MOST_REACH, MOST_TWIST, SMALLEST_REACH, SMALLEST_SWEEP
from nntui.session.moving import Tell
from nntui.session.subject import CommandError, Desk
from nntui.session.surveys.kept import Surveys
from nntui.session.surveys.landscapes import landscape_view, two_parameters
from nntui.session.surveys.slopes import slope_view

TOLD = (9, 5)  # columns and rows of a landscape that is told


class Surveyor:
    """Points out on a desk how the loss changes."""

    def __init__(self, desk: Desk, tell: Tell, surveys: Surveys) -> None:
        self.desk = desk
        self.tell = tell
        self.surveys = surveys

    def slope(self, address: str, size: float) -> None:
        """Look at the slope along a parameter, or along the one pointed at; without a size, at none any more."""
        desk, layout = self.desk, self.desk.model.layout
        if not address and not size:
            desk.attention = replace(desk.attention, slope=0.0)
            self.tell(m.Note("No slope is looked at any more.", scene=True))
            return
        index = layout.index(address or desk.pointed or desk.model.first)
        check_size(size)
        found = slope_view(desk, index, size)
        if found is None:
            raise CommandError(desk.model.allowed(index, float(desk.training.parameters[index]) + size))
        desk.pointed = desk.last_told = found.address
        desk.attention = replace(desk.attention, slope=size)
        self.tell(m.Told(found))

    def draw(self, what: Literal["weights", "gradient"]) -> None:
        """Let the edges of the network show this."""
        self.desk.attention = replace(self.desk.attention, edges=what)
        gradient = "The edges show the gradient: how the loss changes with each weight."
        self.tell(m.Note(gradient if what == "gradient" else "The edges show the weights.", scene=True))

    def landscape(self, first: str, second: str, reach: float) -> None:
        """Look at the loss over two parameters; one that is not named is that of the last time."""
        desk, layout = self.desk, self.desk.model.layout
        x, y = two_parameters(desk)
        x, y = (layout.address(layout.index(name)) for name in (first or x, second or y))
        if x == y:
            raise CommandError(f"a landscape over two equal directions is none: it needs two weights, not {x} twice")
        if reach and not SMALLEST_REACH <= reach <= MOST_REACH:
            span = f"from {SMALLEST_REACH:g} to {MOST_REACH:,.0f}"
            raise CommandError(f"a landscape reaches {span} on each side, not {reach:g}")
        before = desk.attention
        desk.attention = replace(before, landscape=(x, y), reach=reach or before.reach)
        try:
            self.tell(m.Told(landscape_view(desk, TOLD)))
        except ValueError:
            desk.attention = before
            raise

    def sweep(self, size: float) -> None:
        """Twist every parameter once, and look at which matter."""
        size = abs(size) or self.desk.attention.sweep
        if not SMALLEST_SWEEP <= size <= MOST_TWIST:
            raise CommandError(f"a sweep twists by an amount from {SMALLEST_SWEEP:g} to {MOST_TWIST:g}, not {size:g}")
        self.desk.attention = replace(self.desk.attention, sweep=size)
        self.tell(m.Told(self.surveys.sweep(self.desk)))


def check_size(size: float) -> None:
    """Raise CommandError where a twist cannot have this size."""
    if not math.isfinite(size) or not 0 < abs(size) <= MOST_TWIST:
        raise CommandError(f"a twist has a size from above 0 to {MOST_TWIST:g}, up or down, not {size:g}")
