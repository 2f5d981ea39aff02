"""The deeds about how the loss changes: slope, gradient, landscape; and which of the panes of a place is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.tui.board import PICTURES, RACES, SUBJECTS
from nntui.tui.deeds import DEEDS, deed, selected

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

FIRST_SIZE = 0.1  # of the twist that a slope is first taken by
LARGEST, SMALLEST = 100.0, 1e-17  # of the twists that a key leads to


# ---------------------------------------------------------------- the slope


def _size(screen: WorkScreen) -> float:
    """The size of the twist that the slope will be taken by when all that was sent is obeyed; 0: no slope."""
    return float(screen.expected.get("slope", screen.slope_size))


@deed
def slope(screen: WorkScreen, key: str) -> None:
    """Look at the slope along the selected weight, or no more."""
    address = selected(screen)
    if _size(screen):
        screen.app.link.send(m.Slope("", 0.0))
    elif address:
        screen.bring("twist")
        screen.app.link.send(m.Slope(address, FIRST_SIZE))


def _resize(screen: WorkScreen, by: float) -> None:
    """Take the slope by a larger twist, or a smaller one; where none is looked at, look at one."""
    size = _size(screen)
    wanted = float(f"{size * by:.12g}")
    if not size:
        slope(screen, "")
    elif SMALLEST <= abs(wanted) <= LARGEST:
        screen.app.link.send(m.Slope(selected(screen), wanted))
    else:
        screen.say(f"The twist stays at {size:g}.")


DEEDS["smaller"] = lambda screen, key: _resize(screen, 0.1)
DEEDS["larger"] = lambda screen, key: _resize(screen, 10.0)


# ---------------------------------------------------------------- the gradient and the landscape


@deed
def edges(screen: WorkScreen, key: str) -> None:
    """Draw the gradient on the edges, or the weights again."""
    diagram = screen.sections.get("diagram")
    drawn = screen.expected.get("drawn", diagram.drawn if isinstance(diagram, m.DiagramView) else "weights")
    screen.bring("network")
    screen.app.link.send(m.DrawEdges("weights" if drawn == "gradient" else "gradient"))


def _along(screen: WorkScreen, axis: int) -> None:
    """Put the selected weight on an axis; where it is on the other one, the two change places."""
    address, view = selected(screen), screen.sections.get("landscape")
    if not address:
        return
    if not isinstance(view, m.LandscapeView):
        screen.bring("landscape")
        screen.app.link.send(m.Landscape())
        screen.say("Over the two weights that matter most; X and Y choose others.")
        return
    pair = [view.first, view.second]
    if pair[1 - axis] == address:
        pair.reverse()
    pair[axis] = address
    screen.bring("landscape")
    screen.app.link.send(m.Landscape(pair[0], pair[1]))


DEEDS["along_x"] = lambda screen, key: _along(screen, 0)
DEEDS["along_y"] = lambda screen, key: _along(screen, 1)


@deed
def method(screen: WorkScreen, key: str) -> None:
    """Train by twists, or by the gradient."""
    screen.app.link.send(m.Method("twist" if screen.now("method") == "gradient" else "gradient"))


# ---------------------------------------------------------------- what is seen in a place that several share


def _change(screen: WorkScreen, kinds: Sequence[str], none: str) -> None:
    """Let the next of them be seen; in free play, any that there are."""
    board = screen.board
    can = set(board.reached) | ({*PICTURES, *RACES, *_subjects(screen)} if screen.story.free else set())
    kind = board.next_of(kinds, can)
    if not kind:
        screen.say(none)
        return
    had_keys = screen.pane is not None and screen.pane.kind in kinds
    screen.bring(kind)
    screen.after_facts()
    if had_keys:
        screen.focus_pane(board.panes[kind])


def _subjects(screen: WorkScreen) -> set[str]:
    """What there is to be seen in the place of the network."""
    return {"network", *(kind for kind in SUBJECTS if kind in screen.board.called)}


@deed
def picture(screen: WorkScreen, key: str) -> None:
    """The next picture; or, among the panes of the race, the next of those."""
    _change(screen, RACES if screen.board.arrangement == "race" else PICTURES, "There is no other picture here yet.")


@deed
def subject(screen: WorkScreen, key: str) -> None:
    """The next of network, graph and tensor."""
    makes = "" if "graph" in screen.board.reached else "; G makes a graph"
    _change(screen, SUBJECTS, f"There is nothing else to be seen in the network's place{makes}.")
