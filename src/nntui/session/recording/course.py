"""What replaying has in common, for whoever does it: the folder for data files, commands, facts, how far to work."""

from __future__ import annotations

from pathlib import Path

import msgspec

from nntui import messages as m
from nntui.scenario.source import place_problem
from nntui.session.recording.laid import LaidOut
from nntui.session.recording.records import DataFile, Keyframe, Obeyed, RecordingError
from nntui.session.recording.strangers import Gate
from nntui.session.run.behind import Behind
from nntui.session.session import Session
from nntui.text import clean

MOST_FILES = 20  # that a recording brings along
SHOWN = 200  # characters of a name


class Course:
    """A session that does again what a recording says; it reads no file but those that the recording brings along."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._folder: LaidOut | None = None
        self._gate: Gate | None = None
        self._laid: dict[str, str] = {}  # what the data files hold

    @property
    def folder(self) -> str:
        """Where the data files of the recording lie: a folder of its own, empty at first."""
        if self._folder is None:
            try:
                self._folder = LaidOut()
            except OSError as error:
                raise RecordingError(f"no folder can be made for what it brings along: {error.strerror}") from None
        return str(self._folder.path)

    def take_file(self, record: DataFile) -> None:
        """Lay a data file where scenarios of the recording find it."""
        problem = place_problem(record.name, Path(self.folder))
        if problem:
            raise RecordingError(f"a data file in a recording must be {problem}, not '{clean(record.name, 80)}'")
        if self._laid.get(record.name) == record.text:
            return
        if len(self._laid) >= MOST_FILES and record.name not in self._laid:
            raise RecordingError(f"a recording brings along up to {MOST_FILES} data files")
        place = Path(self.folder) / record.name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(record.text, "utf-8")
            self._laid[record.name] = record.text
        except (OSError, ValueError) as error:
            raise RecordingError(f"the recording's data file cannot be laid out: {clean(str(error), 100)}") from None

    def obey(self, record: Obeyed) -> list[m.Fact]:
        """Give the session a command, which opens files of the recording alone."""
        command = record.command
        if isinstance(command, m.Open):
            command = msgspec.structs.replace(command, folder=self.folder, name=clean(command.name, SHOWN))
        return self.session.handle(command)

    def restore(self, record: Keyframe, behind: Behind | None = None) -> None:
        """Take up from a keyframe, with the losses that lie behind it.

        Raises RecordingError where it holds nothing that can be taken up.
        """
        self._gate = self._gate or Gate(self.folder)
        snapshot = self._gate.admitted(record.snapshot)
        try:
            self.session.restore(snapshot, self.folder, going_on=not record.begins)
            if behind is not None:
                self.session.remember(behind)
        except Exception as error:  # bytes that somebody has written by hand may fail in any way
            raise RecordingError(f"a keyframe cannot be taken up: {clean(str(error), 200)}") from None

    def close(self) -> None:
        """Remove what was laid out."""
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
