"""What is drawn later over a slow line: beside a run, the panes that cost most take turns, and none waits for a key."""

from __future__ import annotations

from collections.abc import Sequence

DEAR = ("loss", "picture", "landscape", "sweep", "confusion")  # move by themselves, and as a whole
POINTED = ("network",)  # costs as much, but is looked at when a key was pressed
PANE_BYTES = 3_000  # what one of them costs when it has not been drawn for a while
SHARE = 0.5  # of all that is sent, for them
FOR_KEY = 3.0  # times as long they wait while keys are pressed, whose effect is looked for in other panes


class Room:
    """Says which panes are left as they are for now; `now` is in seconds of any clock."""

    def __init__(self) -> None:
        self._drawn: dict[str, float] = {}  # when

    def kept_back(self, shown: Sequence[str], carries: float, for_key: bool, now: float) -> list[str]:
        """Of these panes, those that are not to be drawn; `carries`: bytes a second that may be sent."""
        dear = [kind for kind in shown if kind in DEAR or (kind in POINTED and not for_key)]
        last = max((at for kind, at in self._drawn.items() if kind in dear), default=-1e9)
        if dear and now - last >= PANE_BYTES / (SHARE * carries) * (FOR_KEY if for_key else 1.0):
            next_one = min(dear, key=lambda kind: self._drawn.get(kind, -1e9))
            self._drawn[next_one] = now
            dear.remove(next_one)
        return dear
