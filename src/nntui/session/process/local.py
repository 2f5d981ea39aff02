"""An engine in this very process, without threads: for tests, and where no process can be started.

It does what `Engine` does, and works while it is waited for: in `receive`, `ask` and `settle`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType

from nntui import messages as m
from nntui.session.process.inbox import Arrival, EngineLost
from nntui.session.process.of_recordings import RecordsAndPlays
from nntui.session.process.service import Service
from nntui.session.process.whereabouts import OfRecordings, Whereabouts
from nntui.session.session import Session


class _List:
    """A line to a client in this process."""

    def __init__(self, heard: Callable[[object], None]) -> None:
        self._heard = heard
        self.facts: deque[m.Envelope] = deque()
        self.replies: dict[int, m.Reply] = {}
        self.frame: m.Frame | None = None
        self.keyframe: m.KeyframeLaid | None = None

    def put(self, *envelopes: m.Envelope) -> None:
        """Keep them until they are taken."""
        for envelope in envelopes:
            body = envelope.body
            self._heard(body)
            if isinstance(body, m.Frame):
                self.frame = body
            elif isinstance(body, m.KeyframeLaid):
                self.keyframe = body
            elif isinstance(body, m.Reply):
                self.replies[body.id] = body
            else:
                self.facts.append(envelope)

    @property
    def unsent(self) -> int:
        """How many facts have not been taken."""
        return len(self.facts)

    def take(self) -> list[Arrival]:
        """All there is."""
        taken: list[Arrival] = [envelope.body for envelope in self.facts]  # type: ignore[misc]
        taken += self.replies.values()
        if self.frame is not None:
            taken.append(self.frame)
        self.facts.clear()
        self.replies.clear()
        self.frame = None
        return taken


class LocalEngine(RecordsAndPlays):
    """An engine in this process."""

    pid = 0
    stuck = 0.0  # it works in the caller's own thread: if that hangs, nobody asks

    def __init__(self) -> None:
        self._whereabouts = Whereabouts()
        self._line = _List(self._whereabouts.heard)
        self._subscription = m.Subscribe(())
        self._closed = False
        self._sent = self._asked = self._last_command = 0
        self._begin()

    @classmethod
    def start(cls) -> LocalEngine:
        """Start an engine."""
        return cls()

    def _begin(self) -> None:
        self.service = Service(Session)
        self._client = self.service.join(self._line)

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ to the engine

    def _put(self, body: m.Command | m.Control | m.Ask | m.Cancel) -> int:
        self._sent += 1
        self.service.hear(self._client, m.Envelope(1, self._sent, body))
        return self._sent

    def send(self, command: m.Command) -> None:
        """Send a command; what comes of it is received."""
        self._last_command = self._put(command)

    def _send_of_recordings(self, body: OfRecordings) -> None:
        self._whereabouts.sent(body)
        number = self._put(body)
        if not isinstance(body, m.Record):
            self._last_command = number

    def post(self, query: m.Query) -> int:
        """Send a query; its answer is received as a Reply with the number returned here."""
        self._asked += 1
        self._put(m.Ask(self._asked, query))
        return self._asked

    def cancel(self, number: int) -> None:
        """The answer to this query is not wanted any more."""
        self._put(m.Cancel(number))

    def subscribe(
        self,
        views: tuple[m.View, ...],
        size: tuple[int, int] = (40, 20),
        sizes: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        """Receive frames with these views from now on, the first with all; `sizes` are of those that differ in it."""
        self._subscription = m.Subscribe(views, size, sizes or {})
        self._put(self._subscription)

    def acknowledge(self, number: int) -> None:
        """The frame of this number has been shown; now the next may come."""
        self._put(m.Acknowledge(number))

    # ------------------------------------------------------------ from the engine

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """All there is, facts in order; works until there is something, nothing to do, or no time left."""
        until = None if timeout is None else time.perf_counter() + timeout
        while not self._closed:
            wait = self.service.turn()
            taken = self._line.take()
            if taken or wait is None or (until is not None and time.perf_counter() >= until):
                return taken
        return []

    def ask(self, query: m.Query, timeout: float = 0.0) -> m.Result:  # noqa: ARG002 - there is nothing to wait for
        """Ask, and answer."""
        self._check_open()
        number = self.post(query)
        while number not in self._line.replies:
            self.service.turn()
        return self._line.replies.pop(number).result

    def settle(self) -> Iterator[m.Fact]:
        """Give facts as they come, until all commands sent are obeyed and nothing is running."""
        while True:
            self._check_open()
            while self._line.facts:
                envelope = self._line.facts.popleft()
                yield envelope.body  # type: ignore[misc]
                if isinstance(envelope.body, m.Settled) and envelope.heard >= self._last_command:
                    return
            self.service.turn()

    # ------------------------------------------------------------ its life

    @property
    def keyframe(self) -> m.KeyframeLaid | None:
        """The last keyframe: where `restart` would go on."""
        return self._line.keyframe

    def restart(self) -> str:
        """Begin another session that goes on from the last keyframe; a sentence says from where."""
        keyframe = self.keyframe
        self.service.drop()
        self._line = _List(self._whereabouts.heard)
        self._line.keyframe = keyframe
        self._sent = self._last_command = 0
        self._begin()
        if self._subscription.views:
            self._put(self._subscription)
        for body in self._whereabouts.again(keyframe):
            self._put(body)
        return self._whereabouts.sentence(keyframe)

    def close(self) -> None:
        """End it; may be called again."""
        if not self._closed:
            self._closed = True
            self.service.end()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineLost("the engine has been closed")
