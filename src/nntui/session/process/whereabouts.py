"""What another engine has to be told when one is lost: which recording was played, where it stood, what was written.

All of it is known from what was sent to the engine and from what it has told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from nntui import messages as m

OfRecordings: TypeAlias = m.Record | m.OpenRecording | m.Resume


class Whereabouts:
    """What is known of recordings. It may be asked and told by any thread: each thing that it keeps is one value."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: m.OpenRecording | None = None
        self._played: m.OpenRecording | None = None
        self._place: tuple[m.PlayerMoved, float] | None = None  # where it stood, and when that was told
        self._live = True  # whether there is a session that goes on: nothing is played, or it was branched off
        self._wanted: m.Record | None = None  # where what is opened next is to be recorded
        self._is_ours = False  # whether a file that lies there can be only the one that we have begun
        self._written = ""  # the file that is being written

    def sent(self, control: OfRecordings) -> None:
        """This has been sent to the engine."""
        if isinstance(control, m.OpenRecording):
            self._asked = control
        elif isinstance(control, m.Record) and not control.going_on:
            self._wanted = control
            self._is_ours = not control.shelved and not os.path.lexists(control.path)

    def heard(self, told: object) -> None:
        """This has come from the engine."""
        if isinstance(told, m.Frame):
            self._look_at(told.sections.get("timeline"))
        elif isinstance(told, m.PlayerMoved):
            self._place = (told, self._clock())
        elif isinstance(told, m.RecordingOpened):
            self._played, self._live, self._written = self._asked, False, ""
        elif isinstance(told, m.RecordingClosed | m.Resumed):
            self._played, self._live = None, True
        elif isinstance(told, m.Branched):
            self._live = True
        elif isinstance(told, m.Rejoined):
            self._live, self._written = False, ""
        elif isinstance(told, m.RecordingBegan):
            self._written = told.path
        elif isinstance(told, m.RecordingLost):
            self._written, self._wanted = "", None

    def _look_at(self, view: object) -> None:
        if isinstance(view, m.TimelineView) and self._place is not None and not view.live:
            moved = msgspec.structs.replace(self._place[0], at=view.at, state=view.state)
            self._place = (moved, self._clock())

    def again(self, keyframe: m.KeyframeLaid | None) -> Iterator[m.Control | m.Command]:
        """What another engine is to be sent, in order; it goes on from a keyframe."""
        wanted, written = self._wanted, self._written
        if wanted is not None and (wanted.shelved or not written):
            begun = self._is_ours and os.path.lexists(wanted.path)  # by an engine that was lost before it could tell
            yield msgspec.structs.replace(wanted, going_on=begun)
        if self._played is not None:
            yield from self._played_again(self._played)
        if self._live and keyframe is not None:
            going_on = [m.Record(written, going_on=True)] if written else []
            restored = [m.Restore(keyframe.snapshot)]
            yield from restored + going_on if self._played is not None else going_on + restored

    def sentence(self, keyframe: m.KeyframeLaid | None) -> str:
        """Where another engine goes on."""
        if self._played is not None and not self._live:
            return "The engine is started anew, and has the recording open where it stood."
        if keyframe is None:
            return "The engine is started anew; nothing is open."
        return f"The engine is started anew, and goes on from step {keyframe.position.step:,}."

    def _played_again(self, played: m.OpenRecording) -> Iterator[m.Control | m.Command]:
        """The recording that was played, opened where it stood."""
        if self._place is None:
            yield played
            return
        moved, told_at = self._place
        if moved.state == "following":
            yield msgspec.structs.replace(played, at=-1.0)
            return
        passed = (self._clock() - told_at) * moved.speed if moved.state == "playing" else 0.0
        lines = moved.lines if moved.state == "paused" else 0
        yield msgspec.structs.replace(played, at=min(moved.at + passed, moved.seconds, m.LONGEST), lines=lines)
        if moved.state == "playing":
            yield m.Play(moved.speed)
