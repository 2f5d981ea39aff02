"""What everyone looks at of how the loss changes: none of it changes anything, all of it is come back to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from nntui.models.model import Layout, ModelError
from nntui.scenario.schema import StateTable

SWEEP = 0.1  # by how much a sweep twists, unless told otherwise


@dataclass(frozen=True)
class Attention:
    """The slope, the edges, the landscape and the sweep that are looked at."""

    slope: float = 0.0  # the size of the twist that gives it; 0: none is looked at
    edges: Literal["weights", "gradient"] = "weights"
    landscape: tuple[str, ...] = ()  # the two parameters; empty: none have been chosen
    reach: float = 0.0  # of the landscape on each side; 0: as far as the way that training has come needs
    sweep: float = SWEEP

    def fitting(self, layout: Layout) -> Attention:
        """The same for another model, which may not have these parameters."""
        try:
            for address in self.landscape:
                layout.index(address)
        except ModelError:
            return replace(self, landscape=())
        return self if len(self.landscape) in (0, 2) else replace(self, landscape=())


def attention_of(state: StateTable) -> Attention:
    """What was looked at when a scenario was saved."""
    return Attention(state.slope, state.edges, state.landscape, state.reach, state.sweep)


def saved_attention(attention: Attention) -> dict[str, Any]:
    """The same as the fields of a `[state]` table."""
    return asdict(attention)
