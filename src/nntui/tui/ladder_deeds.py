"""The deeds of the ladder: going up and down, holding a rung against the loops, flipping the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.tui.deeds import DEEDS, deed

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen


def _climb(screen: WorkScreen, by: int) -> None:
    """Go up or down; where the ladder is not seen, show it first, where one was."""
    ladder = screen.panes.ladder
    if ladder not in screen.board.shown:
        view = screen.sections.get("ladder")
        screen.app.link.send(m.Climb(view.rung if isinstance(view, m.LadderView) else ""))
        return
    command = ladder.climb(by)
    if command is None:
        screen.say(f"That is the {'highest' if by > 0 else 'lowest'} rung of the ladder.")
    else:
        screen.app.link.send(command)


DEEDS["climb"] = lambda screen, key: _climb(screen, 1)
DEEDS["descend"] = lambda screen, key: _climb(screen, -1)


@deed
def check(screen: WorkScreen, key: str) -> None:
    """Hold the rung looked at against the loops."""
    screen.app.link.send(m.Check())


@deed
def flip(screen: WorkScreen, key: str) -> None:
    """Show the source of the rung below in place of the rung's own."""
    ladder = screen.panes.ladder
    if ladder not in screen.board.shown:
        screen.say("There is no ladder to be seen here; / goes to it.")
    elif not ladder.flip():
        screen.say("This is the lowest rung: there is none below it.")
