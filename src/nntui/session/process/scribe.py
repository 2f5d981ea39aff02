"""Sees to it that what the service does is recorded, where that is wanted; what goes wrong with it is told once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nntui import messages as m
from nntui.session.recording.player import Player
from nntui.session.recording.recorder import Recorder
from nntui.session.recording.records import Parent, RecordingError
from nntui.session.recording.shelf import new_file
from nntui.session.session import Session


class Scribe:
    """Holds the recording that is being written, if any is."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None

    def begin(self, wanted: m.Record, session: Session | None, parent: Parent | None = None) -> list[m.Fact]:
        """Begin to record, or go on with a file; what was recorded until now is closed."""
        if self._recorder is not None:
            self._recorder.file.close()
            self._recorder = None
        try:
            self._recorder = Recorder(Path(wanted.path), parent, wanted.going_on)
            if session is not None:
                self._recorder.take_up(session)
        except RecordingError as error:
            return [m.RecordingLost(str(error))]
        return [m.RecordingBegan(self._recorder.file.name)]

    @property
    def path(self) -> str:
        """The file that is being written; empty if none is."""
        return self._recorder.file.name if self._recorder is not None else ""

    def note(self, session: Session, facts: Sequence[m.Fact], seconds: float) -> None:
        """What a session has just done and told."""
        if self._recorder is not None:
            self._recorder.note(session, facts, seconds)

    def note_branch(self, player: Player, facts: Sequence[m.Fact], seconds: float, folder: str) -> list[m.Fact]:
        """The same of a recording that is played: what is done in a branch of it is recorded, in a file of its own."""
        told: list[m.Fact] = []
        if player.live and self._recorder is None and any(isinstance(fact, m.Branched) for fact in facts) and folder:
            place = new_file(Path(folder), Path(player.name).stem)
            told = self.begin(m.Record(str(place)), player.session, player.parent)
        elif not player.live and self._recorder is not None:
            self.end(player.session)
        if player.live:
            self.note(player.session, facts, seconds)
        return told

    def turn(self, session: Session | None) -> list[m.Fact]:
        """After a turn: hand it to the system. Tells it if that is not possible any more."""
        if self._recorder is None or session is None:
            return []
        self._recorder.turn(session)
        if not self._recorder.failed:
            return []
        lost, self._recorder = self._recorder, None
        lost.file.close()
        return [m.RecordingLost(lost.failed)]

    def end(self, session: Session | None) -> None:
        """The session is over."""
        if self._recorder is not None and session is not None:
            self._recorder.end(session)
            self._recorder = None
