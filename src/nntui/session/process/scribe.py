"""Sees to it that what the service does is recorded, where that is wanted; what goes wrong with it is told once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from nntui import messages as m
from nntui.session.recording.player import Player
from nntui.session.recording.recorder import Recorder
from nntui.session.recording.records import Parent, RecordingError
from nntui.session.recording.shelf import made, new_file, thin_out
from nntui.session.session import Session


class Scribe:
    """Holds the recording that is being written, if any is."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None
        self._wanted: m.Record | None = None  # begun when something is open
        self._shelf: m.Record | None = None  # where what is opened later is recorded as well

    # ------------------------------------------------------------ begin and end

    def begin(self, wanted: m.Record, session: Session | None) -> list[m.Fact]:
        """Record what is open, or what will be, or go on with a file; what was recorded until now is closed."""
        self.drop()
        self._wanted = None
        if wanted.shelved:
            self._shelf = wanted
        if session is not None and (session.desk is not None or wanted.going_on):
            return self._begun(wanted, session)
        self._wanted = wanted
        return []

    def _begun(
        self, wanted: m.Record, session: Session, parent: Parent | None = None, whole: bool = False
    ) -> list[m.Fact]:
        """Begin a file; `whole`: with all that was done in this session."""
        try:
            path = Path(wanted.path)
            if wanted.shelved:
                path = new_file(made(path), Path(session.desk.name).stem if session.desk is not None else "")
            recorder = Recorder(path, parent, wanted.going_on)
            try:
                recorder.take_up(session, whole)
            except BaseException:
                recorder.file.close()
                raise
        except RecordingError as error:
            return [m.RecordingLost(str(error))]
        self._recorder = recorder
        if wanted.shelved:
            threading.Thread(target=thin_out, args=(path.parent,), name="thin out", daemon=True).start()
        return [m.RecordingBegan(str(path))]

    def end(self, session: Session | None) -> None:
        """The session is over."""
        if self._recorder is not None and session is not None:
            self._recorder.end(session)
            self._recorder = None

    def leave(self, session: Session | None) -> None:
        """Something else is done from now on; what is opened later gets a file of its own, where all of them do."""
        self.end(session)
        self._wanted = self._wanted or self._shelf

    def drop(self) -> None:
        """Write no more, as if the engine had been killed."""
        if self._recorder is not None:
            self._recorder.file.close()
            self._recorder = None

    @property
    def path(self) -> str:
        """The file that is being written; empty if none is."""
        return self._recorder.file.name if self._recorder is not None else ""

    # ------------------------------------------------------------ what is done

    def note(
        self, session: Session, facts: Sequence[m.Fact], seconds: float, parent: Parent | None = None
    ) -> list[m.Fact]:
        """What a session has just done and told. Tells of a recording that is begun with it."""
        told: list[m.Fact] = []
        if self._wanted is not None and session.desk is not None:
            wanted, self._wanted = self._wanted, None
            told = self._begun(wanted, session, parent, whole=True)
        if self._recorder is not None:
            self._recorder.note(session, facts, seconds)
        return told

    def note_branch(self, player: Player, facts: Sequence[m.Fact], seconds: float, folder: str) -> list[m.Fact]:
        """The same of a recording that is played: what is done in a branch of it is recorded, in a file of its own."""
        told: list[m.Fact] = []
        if not player.live:
            self.end(player.session)
            return told
        if self._recorder is None and any(isinstance(fact, m.Branched) for fact in facts) and folder:
            told = self._begun(m.Record(folder, shelved=True), player.session, player.parent)
            facts = [*player.standing(), *facts]
        if self._recorder is not None:
            self._recorder.note(player.session, facts, seconds)
        return told

    def turn(self, session: Session | None) -> list[m.Fact]:
        """After a turn: hand it to the system. Tells it if that is not possible any more."""
        if self._recorder is None or session is None:
            return []
        self._recorder.turn(session)
        return self._lost()

    def hand_over(self) -> list[m.Fact]:
        """Before anything is told: hand it to the system, so that whatever was heard is in the file."""
        if self._recorder is None:
            return []
        self._recorder.hand_over()
        return self._lost()

    def _lost(self) -> list[m.Fact]:
        """That nothing is recorded any more, if it is so; it is said once."""
        if self._recorder is None or not self._recorder.failed:
            return []
        lost, self._recorder = self._recorder, None
        lost.file.close()
        return [m.RecordingLost(lost.failed)]
