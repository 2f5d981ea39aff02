"""What can be wrong with a computation."""

from __future__ import annotations


class GraphError(ValueError):
    """A graph that cannot be made, or a step in it that cannot be taken; the text says why in one sentence."""
