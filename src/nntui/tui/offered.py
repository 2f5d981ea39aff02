"""Which actions the row of keys names at this moment: the most important first, for there may be no room for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from nntui.tui.board import RACES

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

Offers: TypeAlias = Iterator[tuple[str, str]]  # the action, and what to call it here

_TURNS = {
    "network": "layer",
    "graph": "along",
    "tensor": "read on",
    "confusion": "sample",
    "ladder": "rung",
    "widths": "width",
}
_SELECTS = {
    "code": "line",
    "values": "value",
    "graph": "node",
    "tensor": "row",
    "confusion": "mistake",
    "ladder": "scroll",
}


def offered(screen: WorkScreen) -> Offers:
    """The actions that make sense now."""
    if screen.playback.moving:
        yield from _player(screen)
        return
    if screen.playback.live:
        yield "branch", "recording"
    kind = screen.pane_in_hand.kind if screen.pane_in_hand is not None else ""
    yield from _lesson(screen)
    yield from _looks(screen)
    yield from _steps(screen, kind)
    yield from _numbers(screen, kind)
    yield from _rest(screen, kind)


def _player(screen: WorkScreen) -> Offers:
    """What can be done with a recording that is played."""
    yield "play_pause", "pause" if screen.playback.plays else "play"
    yield "seek_on", "5 s"
    view = screen.playback.view
    if view is not None and view.marks:
        yield "next_mark", "mark"
    yield "branch", "go on alone"
    yield "help", "help"
    yield "faster", "speed"
    yield "why", "why"
    if screen.story.knows_weights:
        yield "select_next", "weight"
    if screen.board.has_other:
        yield "arrangement", "panes"
    if len(screen.board.reached) > 1:
        yield "next_pane", "pane"
    yield "lessons", "lessons"
    yield "quit", "quit"


def _lesson(screen: WorkScreen) -> Offers:
    """How the lesson goes on."""
    story, status = screen.story, screen.status
    if story.waits:
        yield "answer", "answer"
    elif story.beat is not None and not story.over:
        yield "next", "next"
    elif story.over:
        yield "lessons", "lessons"
    if story.beat is not None and status is not None and status.detoured and not screen.now("running"):
        yield "come_back", "return"


def _looks(screen: WorkScreen) -> Offers:
    """What belongs to a graph or a slope that is looked at."""
    if any(pane.kind == "graph" for pane in screen.board.shown) and not screen.now("running"):
        yield "visit_forward", "forward"
        yield "visit_backward", "backward"
        yield "clear_gradients", "clear"
    shown = {pane.kind for pane in screen.board.shown} & set(RACES)
    if shown and not screen.now("running"):
        yield from _races(screen, shown)
    if screen.expected.get("slope", screen.slope_size):
        yield "smaller", "smaller"
        yield "larger", "larger"


def _races(screen: WorkScreen, shown: set[str]) -> Offers:
    """What belongs to the ladder and the race, as far as the lesson has come to them."""
    if "race" in screen.board.reached or "widths" in shown:
        yield "race", "race"
        yield "widths", "widths"
    if "ladder" in shown:
        yield "check", "check"
        yield "climb", "up"
        yield "descend", "down"
        yield "flip", "other source"
    if len(set(screen.board.reached) & set(RACES)) > 1:
        yield "picture", "other"


def _steps(screen: WorkScreen, kind: str) -> Offers:
    """Stepping through the code, and training."""
    story, running = screen.story, bool(screen.now("running"))
    if "code" in story.panes and not running:
        yield "step", "step"
    if "code" in story.panes and str(screen.now("walking")).startswith("bug"):
        yield "accuse", "accuse"
    if kind == "code":
        yield "breakpoint", "breakpoint"
        yield "run_to_cursor", "to cursor"
    if story.knows_loss or running:
        yield "run", "stop" if running else "run"
        yield "try", "step" if screen.now("method") == "gradient" else "twist"


def _numbers(screen: WorkScreen, kind: str) -> Offers:
    """Turning, selecting and asking."""
    if screen.story.knows_weights or kind in ("graph", "tensor", "ladder"):
        yield "turn_up", _TURNS.get(kind, "turn")
        yield "select_next", _SELECTS.get(kind, "weight")
        yield "why", "use" if kind == "ladder" else "why"
    if screen.board.has_other:
        yield "arrangement", "panes"
    if "code" in screen.story.panes and not screen.now("running"):
        yield "back", "back"
    if kind == "graph":
        yield "all_forward", "all"
        yield "all_backward", "all"
        yield "fold", "fold"


def _rest(screen: WorkScreen, kind: str) -> Offers:
    """What is always there, and what is named where there is room."""
    story = screen.story
    yield "help", "help"
    if len(screen.board.reached) > 1:
        yield "next_pane", "pane"
    if story.knows_weights or kind == "graph":
        yield "set_value", "value"
    if story.free or story.knows_weights:
        yield "settings", "change"
    if screen.playback.recorded:
        yield "mark", "mark"
    if not story.over:
        yield "lessons", "lessons"
    yield "quit", "quit"
