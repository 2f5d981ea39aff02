"""The service of an engine: it obeys clients, works in slices, and tells all of them what happens and how it looks.

It has no threads and no pipe: `take` is given what arrives, `turn` does the next bit and says how long there is nothing
to do. The engine process (host.py) drives it from a pipe, `LocalEngine` (local.py) from a method call.
"""

from __future__ import annotations

import math
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from nntui import messages as m
from nntui import words
from nntui.session.process.clients import Client, Clients, Line
from nntui.session.process.pacing import SMALL, STATUS, Pace, Showing
from nntui.session.process.scribe import Scribe
from nntui.session.recording.player import Player
from nntui.session.recording.records import RecordingError
from nntui.session.recording.resuming import resumed
from nntui.session.session import Session

SLICE_SECONDS = 0.010  # of work between two looks at what has arrived
FRAME_SHARE = 0.03  # of the time that the frames of all clients may take while something runs
KEYFRAME_SHARE = 0.02
KEYFRAME_SECONDS = 1.0  # between keyframes while something runs
BEHIND_SECONDS = 0.02  # between looks at whether clients have caught up
TICK_SECONDS = 0.25  # between two looks at how the time of a recording goes on
WARM_SECONDS = 0.3  # of idleness before something is made ready unasked
WARMED = "numba"

T = TypeVar("T")


class Service:
    """One session and those who hold it. `begin` makes a session: the first, and another where one is broken."""

    def __init__(self, begin: Callable[[], Session], warms: bool = False) -> None:
        self._begin = begin
        self._warms = warms
        self.session: Session | Player = begin()
        self.clients = Clients()
        self.ended = False
        self._first: Client | None = None
        self._arrived: deque[tuple[Client, m.Envelope]] = deque()
        self._version = 0  # of the state: counts what may have changed it
        self._ticked = -math.inf  # when the time of a recording was last shown to go on
        self._owed = False  # whether clients wait to hear that all has settled
        self._snapshot = b""
        self._saved = 0  # the version of that snapshot
        self._keyframes = Pace(KEYFRAME_SHARE)
        self._hurried = False  # whether a command has just been obeyed in the middle of something
        self._idle_since = time.perf_counter()
        self._warmed = True
        self._scribe = Scribe()
        self._origin: Player | None = None  # what the session was resumed from
        self._branches = ""  # the folder in which branches of a recording are recorded; empty: nowhere

    # ------------------------------------------------------------ what arrives

    def join(self, line: Line) -> Client:
        """Let another client hold the engine; when the first one leaves, the engine ends."""
        client = self.clients.join(line)
        self._first = self._first or client
        return client

    def welcome(self, line: Line) -> Client:
        """Let a guest hold the engine: it is told what is open, hears all facts, commands and asks, and no more."""
        client = self.clients.join(line, guest=True)
        session = self.session.session if isinstance(self.session, Player) else self.session
        client.tell_all(session.introduce(), self.session.position)
        return client

    def take(self, client: Client, data: bytes) -> None:
        """A packed message of a client has arrived. What cannot be read is answered, and that is all."""
        try:
            self.hear(client, m.decode(data))
        except m.MalformedMessageError as error:
            client.tell(m.Error(str(error)), self.session.position)

    def hear(self, client: Client, envelope: m.Envelope) -> None:
        """A message of a client has arrived; it is obeyed with the next turn, in the order of arrival."""
        if isinstance(envelope.body, m.Cancel):
            asked = envelope.body.id
            self._arrived = deque((who, e) for who, e in self._arrived if who is not client or not _asks(e.body, asked))
        else:
            self._arrived.append((client, envelope))

    # ------------------------------------------------------------ one turn

    def turn(self) -> float | None:
        """Do the next bit; return for how many seconds there is nothing to do (None: until something arrives)."""
        self._obey_next()
        if self.ended:
            return 0.0
        if self._hurried:  # what a key has done is seen before anything else is done
            self._hurried = False
            self._show()
        self._work()
        self._tell(self._scribe.turn(self.session.live_session))
        timers = [self._lay_keyframe(), self._show(), self._warm()]
        if self._arrived:
            timers.append(0.0)
        elif self.session.busy and not self.session.waiting:
            timers.append(BEHIND_SECONDS if self.clients.behind else self.session.rest)
        return min((seconds for seconds in timers if seconds is not None), default=None)

    def _obey_next(self) -> None:
        """Obey what has arrived, up to the first command: what it sets going gets a slice before the next one stops it.

        So steps typed quickly one after another are all taken. Only what lets a frame be seen is taken with it.
        """
        obeyed = False
        while self._arrived and not self.ended:
            if obeyed and not isinstance(self._arrived[0][1].body, m.Acknowledge):
                break
            client, envelope = self._arrived.popleft()
            if client in self.clients:
                self._obey(client, envelope.body)
                client.heard = envelope.number
                obeyed = obeyed or type(envelope.body) in words.COMMANDS

    def _obey(self, client: Client, body: Any) -> None:
        self._idle_since, self._warmed = time.perf_counter(), False
        if isinstance(body, m.Blank) and any(each.showing is not None for each in self.clients):
            self._owe()
            self._tell([m.Blanked(body.on)])  # this is between those who hold the engine: no session knows of it
        elif type(body) in words.COMMANDS:
            self._hurried = self.session.busy
            if isinstance(body, m.Rejoin) and isinstance(self.session, Player):
                self._scribe.end(self.session.live_session)  # as long as it stands where the branch has come to
            facts = self._opened_instead(body) if isinstance(body, m.Open) else []
            facts = facts or self._do(lambda: self.session.handle(body))
            self._owe()
            self._tell(facts)
            self.clients.hurry()
        elif isinstance(body, m.Ask):
            client.tell(m.Reply(body.id, self._answer(body.query)), self.session.position)
        elif isinstance(body, m.Subscribe):
            client.subscribe(body)
        elif isinstance(body, m.Acknowledge):
            client.acknowledge(body.number)
            if client.showing is not None and client.showing.urgent:
                self._hurried = self.session.busy
        elif client.guest and not isinstance(body, m.Shutdown):
            client.tell(m.Error("this is for the engine's own front end alone"), self.session.position)
        elif isinstance(body, m.Restore):
            self._restore(client, body.snapshot)
        elif isinstance(body, m.OpenRecording):
            self._open_recording(client, body)
        elif isinstance(body, m.Resume):
            self._resume(client, body)
        elif isinstance(body, m.Record):
            self._tell(self._scribe.begin(body, self.session.live_session))
        elif isinstance(body, m.Shutdown):
            self.clients.leave(client)
            self.ended = client is self._first
        else:
            sentence = f"the engine takes commands and queries; a {type(body).__name__} is neither"
            client.tell(m.Error(sentence), self.session.position)

    def _work(self) -> None:
        """Work for a slice; tell it once when nothing is running any more."""
        session = self.session
        if session.busy and not session.waiting and not self.clients.behind and not session.rest:
            self._version += 1
            self._idle_since, self._warmed = time.perf_counter(), False
        elif session.busy and session.rest and time.perf_counter() >= self._ticked + TICK_SECONDS:
            self._version += 1  # nothing is due, but the time of a recording that is played goes on
            self._ticked = time.perf_counter()
        if not session.busy or not self.clients.behind:
            facts = self._do(lambda: session.work(time.perf_counter() + SLICE_SECONDS))
            self._tell(facts)
            if any(isinstance(fact, m.Settled) for fact in facts):
                self._owed = False
        if self._owed and not self.session.busy:
            self._owed = False
            # One that was taken up again says it itself; the session says nothing of a message that it refused.
            facts = self._guarded(lambda: self.session.work(0.0))
            self._tell(
                facts if any(isinstance(fact, m.Settled) for fact in facts) else [m.Settled(self.session.position)]
            )

    def _do(self, work: Callable[[], list[m.Fact]]) -> list[m.Fact]:
        """Let the session do something, and note what came of it."""
        facts, seconds = _timed(lambda: self._guarded(work))
        session = self.session
        if isinstance(session, Session):
            facts = facts + self._scribe.note(session, facts, seconds)
        else:
            facts += self._scribe.note_branch(session, facts, seconds, self._branches)
        return facts + self._scribe.hand_over() if facts else facts

    def _owe(self) -> None:
        self._version += 1
        self._owed = True

    def _tell(self, facts: list[m.Fact]) -> None:
        """Tell facts; where nothing is running, what they tell of is safe by then, even if the engine dies with them.

        A snapshot that is not small has its pace: then that takes a moment longer.
        """
        if facts and not self.session.busy:
            self._lay_keyframe()
        self.clients.tell(facts, self.session.position)

    # ------------------------------------------------------------ how it looks

    def _lay_keyframe(self) -> float | None:
        """Tell all that is needed to go on elsewhere, if it has changed; seconds until it is due, None if it is not."""
        if self._saved == self._version or not self.session.steady:
            return None
        wait = self._keyframes.wait(KEYFRAME_SECONDS if self.session.busy else 0.0)
        if wait > 0 and (self.session.busy or len(self._snapshot) > SMALL):
            return wait
        began = time.perf_counter()
        self._saved = self._version
        snapshot = self._tried(lambda: self.session.snapshot(plot=True))
        if snapshot is not None and snapshot != self._snapshot:
            self._snapshot = snapshot
            self.clients.tell([m.KeyframeLaid(self.session.position, snapshot)], self.session.position)
        self._keyframes.took(began)
        return None

    def _show(self) -> float | None:
        """Send frames to those who want one; seconds until one is due, None if none is."""
        if self.session.desk is None:
            return None
        showings = [(client, client.showing) for client in self.clients if client.showing is not None]
        waits = [self._show_to(*each, FRAME_SHARE / len(showings)) for each in showings if each[0].ready]
        least = min(waits, default=math.inf)
        return None if math.isinf(least) else least

    def _show_to(self, client: Client, showing: Showing, share: float) -> float:
        """Send a frame to a client if one is due; seconds until one is, infinite if none will be."""
        if not showing.stale(self._version):
            return math.inf
        began, running = time.perf_counter(), self.session.busy
        if running and (wait := showing.wait(self._version, began)) > 0:
            return wait
        if not running and (wait := showing.pause(self._version, began)) > 0:
            return wait
        status, cost = _timed(lambda: self._tried(self.session.status))
        if status is not None:
            due = showing.due(self._version, began, running)
            made = {view: _timed(partial(self._view, view, showing.size(view))) for view in due}
            costs: dict[str, float] = {view: cost for view, (_, cost) in made.items()}
            coarse = {view for view, (result, _) in made.items() if getattr(result, "coarse", False)}
            showing.shown(self._version, began, {STATUS: cost, **costs}, share, coarse)
            client.show(status, {view: result for view, (result, _) in made.items()}, self.session.position)
        return math.inf

    def _view(self, view: m.View, size: tuple[int, int]) -> m.Result:
        try:
            return self.session.ask(m.AskView(view, size=size), glance=True)
        except Exception as error:  # a frame is drawn many times a second: the log says it, and the pane itself
            traceback.print_exc(file=sys.stderr)
            return m.Refused(wrong(error, "this view cannot be shown"))

    def _warm(self) -> float | None:
        """Make ready in the background what will be wanted, once a person is thinking."""
        if not self._warms or self._warmed or self.session.desk is None or self.session.busy:
            return None
        wait = self._idle_since + WARM_SECONDS - time.perf_counter()
        if wait > 0:
            return wait
        self._warmed = True
        self._tried(lambda: self.session.warm(WARMED))
        return None

    def end(self) -> None:
        """The engine ends: what is recorded is brought to its end."""
        self._scribe.end(self.session.live_session)
        self._close()

    def drop(self) -> None:
        """The engine is lost: what is recorded stays as it is."""
        self._scribe.drop()
        self._close()

    def _close(self) -> None:
        """Nothing is played any more, and no file of a recording needed."""
        for player in (self.session, self._origin):
            if isinstance(player, Player):
                player.close()
        self._origin = None

    # ------------------------------------------------------------ faults

    def _answer(self, query: m.Query) -> m.Result:
        """Answer a query; a fault in it changes nothing, and so the session goes on."""
        try:
            return self.session.ask(query)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            sentence = wrong(error, "the question is not answered, all else goes on")
            self._tell([m.Error(sentence)])
            return m.Refused(sentence)

    def _tried(self, work: Callable[[], T]) -> T | None:
        """Do something that can be left undone; a fault is for the log."""
        try:
            return work()
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return None

    def _guarded(self, work: Callable[[], list[m.Fact]]) -> list[m.Fact]:
        """Do something that changes the session; after a fault, go on from the last snapshot."""
        try:
            return work()
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            session = self.session = self._begin()
            restored = bool(self._snapshot) and self._tried(lambda: session.restore(self._snapshot)) is not None
            step = self.session.position.step
            self._tell([m.Error(wrong(error, f"going on from step {step:,}" if restored else "nothing is open now"))])
            self._owe()
            return []

    # ------------------------------------------------------------ recordings

    def _open_recording(self, client: Client, wanted: m.OpenRecording) -> None:
        """Play a recording from now on; one that cannot be played leaves everything as it is."""
        try:
            player = Player(Path(wanted.path), self.session.preparer, wanted.follow, wanted.at, wanted.lines)
        except RecordingError as error:
            client.tell(m.Error(str(error)), self.session.position)
        else:
            self._scribe.leave(self.session.live_session)
            self._close()
            self.session, self._branches = player, wanted.branches
        self._owe()

    def _opened_instead(self, command: m.Open) -> list[m.Fact]:
        """Open something else than the recording that is played; nothing is told where it is none, or that is refused.

        In a branch it is done in the branch, and `rejoin` goes back.
        """
        player = self.session
        if not isinstance(player, Player) or player.live:
            return []
        session = self._begin()
        facts = self._guarded(lambda: session.handle(command))
        if session.desk is None:
            return facts
        self._close()
        self.session = session
        return [m.RecordingClosed(player.name), *facts, *self._scribe.note(session, facts, 0.0)]

    def _resume(self, client: Client, wanted: m.Resume) -> None:
        """Go on where a recording ends; one that cannot be gone on from leaves everything as it is."""
        try:
            player, facts = resumed(Path(wanted.path), self.session.preparer)
        except RecordingError as error:
            client.tell(m.Error(str(error)), self.session.position)
        else:
            self._scribe.leave(self.session.live_session)
            self._close()
            self.session, self._origin = player.session, player  # whose folder has the data files
            self._tell([*facts, *self._scribe.note(player.session, facts, 0.0, player.parent)])
        self._owe()

    def _restore(self, client: Client, snapshot: bytes) -> None:
        """Take up from a snapshot; one that does not fit leaves everything as it is."""
        session = self._begin()
        try:
            facts = session.restore(snapshot)
        except Exception as error:  # bytes of another version may fail in any way
            client.tell(m.Error(f"this snapshot cannot be taken up: {str(error)[:200]}"), self.session.position)
        else:
            self._snapshot = snapshot
            if isinstance(self.session, Player):
                facts = self.session.take_over(session)
            else:
                self.session = session
                facts = facts + self._scribe.note(session, facts, 0.0)
            self._tell(facts)
        self._owe()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Do something, and say for how many seconds."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def wrong(error: Exception, then: str) -> str:
    """One line about a fault: its type, its place, and how it goes on."""
    places = traceback.extract_tb(error.__traceback__)
    ours = [place for place in places if f"{os.sep}nntui{os.sep}" in place.filename] or places
    where = f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"  # noqa: PTH119
    return f"something went wrong inside the engine ({type(error).__name__} at {where}); {then}"


def _asks(body: object, number: int) -> bool:
    return isinstance(body, m.Ask) and body.id == number
