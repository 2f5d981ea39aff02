"""What the graph's keys do that is more than one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.tui.deeds import deed

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

EXAMPLE = "a * b + tanh(c) a=2 b=-3 c=0.5"


@deed
def fold(screen: WorkScreen, key: str) -> None:
    """Fold the neuron at hand, or unfold it; where none is at hand, all of them."""
    if "graph" not in screen.board.reached:
        screen.say("There is no graph here whose neurons could be folded; G makes one.")
    else:
        screen.app.link.send(m.Fold(screen.panes.graph.group_in_hand()))


@deed
def graph(screen: WorkScreen, key: str) -> None:
    """Ask for an expression, and make its graph."""
    from nntui.tui.dialogs import prompt, say_words, wrong_words

    def make(text: str | None) -> None:
        if text:
            say_words(screen, f"graph {text}")

    prompt(screen, "Graph of", "loss", f"an expression with its values, as {EXAMPLE}; or loss", make, replaces=True,
           check=lambda text: wrong_words(f"graph {text}"))  # fmt: skip
