"""A crew whose workers keep each other waiting."""

from __future__ import annotations

from typing import Any

from nntui.models.crew import Crew


class Late(Crew):
    """Goes home after two blocks whenever there is more than one worker."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[int, int, int]] = []  # workers, first block, end

    def run(self, workers: int, function: Any, *arguments: Any) -> Any:
        *others, first, end = arguments
        self.calls.append((workers, first, end))
        return super().run(workers, function, *others, first, min(end, first + 2) if workers > 1 else end)
