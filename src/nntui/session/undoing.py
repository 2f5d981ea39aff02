"""What can be taken back: the moments before the last commands, as many as there is room for."""

from __future__ import annotations

from collections.abc import Iterator

from nntui.session.run.timeline import MEBIBYTE
from nntui.session.subject import CommandError, Desk, Moment

MOST_UNDONE = 100  # commands that can be taken back, at most
UNDO_BYTES = 32 * MEBIBYTE


class Moments:
    """The moments that one can come back to, each lying before a command."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []

    def __len__(self) -> int:
        return len(self._moments)

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._moments)

    def clear(self) -> None:
        """There is nothing to come back to any more."""
        self._moments.clear()

    def remember(self, moment: Moment, desk: Desk | None) -> None:
        """Keep a moment; the oldest go where there are too many, or they take too much memory."""
        self._moments.append(moment)
        while len(self) > MOST_UNDONE or (len(self) > 2 and self.bytes_beside(desk) > UNDO_BYTES):
            self._moments.pop(0)

    def take(self) -> Moment:
        """The last moment, which is kept no longer; CommandError where there is none."""
        if not self._moments:
            raise CommandError("there is nothing to take back")
        return self._moments.pop()

    def bytes_beside(self, desk: Desk | None) -> int:
        """About how much memory they hold beside a desk.

        That is the moments, the runs that training began anew after, and what lay on the desk, much of it shared.
        """
        left = {id(before.training): before.training for before in self._moments}
        if desk is not None:
            left.pop(id(desk.training), None)
        shared: dict[int, int] = {}  # by identity
        for before in self._moments:
            for held in (before.bench, before.graph):
                shared.update(held.bytes if held is not None else {})
        runs = sum(before.run.size for before in self._moments) + sum(run.timeline.size for run in left.values())
        return runs + sum(shared.values())
