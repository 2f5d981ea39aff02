"""What has arrived from the engine and waits to be taken."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from nntui import messages as m

MOST_UNREAD = 2_000  # messages; then the pipe is not read, and training waits


class EngineLost(Exception):  # noqa: N818 - an event of the world, not a mistake
    """The engine has ended or does not answer; `reason` says which. It is received, or raised by what waits for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Arrival: TypeAlias = m.Fact | m.Reply | m.Frame | EngineLost


class Inbox:
    """Facts in order, the newest frame, the newest keyframe, and the replies that are waited for."""

    def __init__(self, heard: Callable[[object], None] = lambda told: None) -> None:
        """Begin with nothing; `heard` is called with all facts and frames as they arrive."""
        self._heard = heard
        self.keyframe: m.KeyframeLaid | None = None
        self.lost: EngineLost | None = None
        self.stuck = 0.0  # seconds, by the newest heartbeat
        self.shown = 0  # the number of the last frame taken
        self._unread: deque[m.Envelope] = deque()
        self._frame: m.Frame | None = None
        self._replies: dict[int, m.Result | None] = {}  # None: awaited
        self._lost_told = False
        self._end: EngineLost | None = None
        self._changed = threading.Condition()

    # ------------------------------------------------------------ the reading thread

    def put(self, envelope: m.Envelope) -> None:
        """Something has arrived."""
        body = envelope.body
        self._heard(body)
        with self._changed:
            if isinstance(body, m.Heartbeat):
                self.stuck = body.stuck
                return
            if isinstance(body, m.KeyframeLaid):
                self.keyframe = body
            elif isinstance(body, m.Frame):
                self._frame = body
            elif isinstance(body, m.Reply) and body.id in self._replies:
                self._replies[body.id] = body.result
            else:
                self._unread.append(envelope)
            self._changed.notify_all()

    def lose(self, reason: str) -> None:
        """Nothing more will arrive; where that was the intention, it is no loss."""
        with self._changed:
            if self._end is None:
                self.lost = self.lost or EngineLost(reason)
            self._changed.notify_all()

    def end(self, reason: str) -> None:
        """Nothing will be taken any more: whoever waits is told so, or given nothing, and what comes now is no loss."""
        with self._changed:
            self._end = self._end or EngineLost(reason)
            self._changed.notify_all()

    def wait_for_room(self) -> None:
        """Wait while too much is unread; but not while a reply is awaited, which stands behind it."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._unread) <= MOST_UNREAD or self._replies or self._end)

    # ------------------------------------------------------------ the front end

    def take(self, timeout: float | None) -> list[Arrival]:
        """All there is, after waiting for the first; nothing once it has ended."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._unread or self._frame or (self.lost and not self._lost_told) or self._end, timeout
            )
            if self._end:
                return []
            taken: list[Arrival] = [envelope.body for envelope in self._unread]  # type: ignore[misc]
            self._unread.clear()
            if self._frame is not None:
                taken.append(self._frame)
                self.shown = self._frame.number
                self._frame = None
            if self.lost is not None and not self._lost_told:
                self._lost_told = True
                taken.append(self.lost)
            self._changed.notify_all()
            return taken

    def next_fact(self) -> m.Envelope:
        """The next fact, waited for; EngineLost when none will come. Replies that nobody awaits are passed over."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._unread or self.lost or self._end)
                if (lost := self.lost or self._end) and (self._end or not self._unread):
                    raise lost
                envelope = self._unread.popleft()
                self._changed.notify_all()
                if not isinstance(envelope.body, m.Reply):
                    return envelope

    @contextmanager
    def awaiting(self, number: int) -> Iterator[None]:
        """Keep the reply of this number for `reply`."""
        with self._changed:
            self._replies[number] = None
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._replies.pop(number, None)

    def reply(self, number: int, timeout: float) -> m.Result | None:
        """The reply of this number, waited for; None if it has not come in time. Raises EngineLost."""
        with self._changed:
            self._changed.wait_for(lambda: self._replies[number] or self.lost or self._end, timeout)
            result = self._replies[number]
            if result is None and (lost := self.lost or self._end):
                raise lost
            return result
