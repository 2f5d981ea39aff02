"""Views that take long, kept for as long as they are true: of a landscape a coarse one first, then the fine one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from nntui import messages as m
from nntui.session.subject import Desk
from nntui.session.surveys.landscapes import BESIDE, COARSE, FINE, landscape_view
from nntui.session.surveys.slopes import gradient_view, sweep_view

MOST_KEPT = 12

View = TypeVar("View", m.LandscapeView, m.SweepView, m.GradientView)


class Surveys:
    """The views of one session that are kept, each with what it was made of."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, object]] = {}

    def landscape(self, desk: Desk, size: tuple[int, int], glance: bool) -> m.LandscapeView:
        """The landscape. At a glance, a coarse one does at first, and beside a run; the next one is fine."""
        of = (desk.training, desk.training.version, desk.training.step, desk.attention, size)
        if glance and desk.training.running:
            return landscape_view(desk, size, BESIDE)
        name = f"landscape {size}"
        of_kept, kept = self._kept.get(name, (None, None))
        if of_kept == of and isinstance(kept, m.LandscapeView) and not kept.coarse:
            return kept
        work = COARSE if glance and of_kept != of else FINE
        found = landscape_view(desk, size, work)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[name] = (of, found)
        return found

    def sweep(self, desk: Desk) -> m.SweepView:
        """Which parameters matter."""
        of = (desk.training, desk.training.version, desk.attention.sweep)
        return self._once("sweep", of, lambda: sweep_view(desk, desk.attention.sweep))

    def gradient(self, desk: Desk) -> m.GradientView:
        """The gradient, both ways."""
        return self._once("gradient", (desk.training, desk.training.version), lambda: gradient_view(desk))

    def _once(self, name: str, of: object, make: Callable[[], View]) -> View:
        """What was made of the same before, or what is made now."""
        of_kept, kept = self._kept.get(name, (None, None))
        if of_kept == of and kept is not None:
            return kept  # type: ignore[return-value]
        found = make()
        self._kept[name] = (of, found)
        return found
