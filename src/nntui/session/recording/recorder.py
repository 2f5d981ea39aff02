"""Notes what a session does: its commands where they took effect, what it told, where it stood, and keyframes.

It is driven by the service, a turn at a time. Whatever goes wrong with the file, the session goes on; it is told once
that nothing is recorded any more.
"""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from nntui import __version__
from nntui import messages as m
from nntui.session.recording.losses import LossNotes
from nntui.session.recording.past import led_into_the_past
from nntui.session.recording.records import (
    FORMAT,
    MOST_FILE_TEXT,
    OF_FILES,
    DataFile,
    Ended,
    Happened,
    Header,
    Keyframe,
    Obeyed,
    Parent,
    Passed,
    RecordingError,
)  # fmt: skip
from nntui.session.recording.writing import RecordingFile
from nntui.session.session import Session

UNTOLD = (
    *OF_FILES,
    m.KeyframeLaid,
    m.Settled,
)  # the last but one has a line of its own, the second says nothing that lines do not
THIN = (m.Measured,)  # told often; so many seconds apart are enough
THIN_SECONDS = 0.1
PASSED_SECONDS = 0.08  # between notes of where a run stands; who is killed loses no more
FAR = 0.04  # seconds of work since the last keyframe: with what taking up takes, a seek takes 0.1 at most
SHARE = 0.015  # of the time that keyframes may take
BURST = 32_000_000  # bytes of keyframes that may be laid as densely as that
BYTES_A_SECOND = 50_000  # that may be added to it: in an hour of training at full speed 180 MB


class Recorder:
    """Writes a session into a file, turn by turn."""

    def __init__(self, path: Path, parent: Parent | None = None, going_on: bool = False) -> None:
        """Begin a recording, or go on with one. Raises RecordingError where the file cannot be written."""
        self.file = RecordingFile(path, going_on)
        self.failed = ""
        self._began = time.monotonic() - self.file.seconds
        self._told = 0  # commands of the session's log
        self._log: list[m.Stamped] | None = None
        self._work = 0.0  # seconds since the last keyframe
        self._far = FAR
        self._kept = 0  # bytes of keyframes
        self._due = False  # whether a keyframe is due whatever it costs
        self._passed_at = self._thin_at = -1e9
        self._detoured = True  # whether the lesson was on a detour when commands were noted last
        self._place: m.Position | None = None
        self._rest: tuple[int, float] | None = None  # the step and the loss that it last rested at
        self._losses = LossNotes()
        self._files: dict[str, str] = {}  # data files that the recording has, by name
        if not self.file.lines:
            self.file.add(Header(FORMAT, __version__, _now(), machine(), parent))
            try:
                self.file.flush()  # at once: an empty file is no recording
            except RecordingError:
                self.file.give_up()
                raise

    @property
    def at(self) -> float:
        """Seconds since it began, by a clock that nobody sets."""
        return round(time.monotonic() - self._began, 3)

    def note(self, session: Session, facts: Sequence[m.Fact], seconds: float) -> None:
        """Note what a session has just done in so many seconds, and told."""
        self._work += seconds
        self._note_commands(session)
        at = self.at
        for fact in facts:
            if isinstance(fact, UNTOLD) or (isinstance(fact, THIN) and at < self._thin_at + THIN_SECONDS):
                continue
            if isinstance(fact, THIN):
                self._thin_at = at
            self.file.add(Happened(at, session.position, fact))

    def take_up(self, session: Session, whole: bool = False) -> None:
        """Record this session from here on: it begins with nothing open, or stands where a first keyframe says.

        `whole`: all of it is recorded, where it has begun with opening what is open.
        """
        self._log, self._told = session.log, len(session.log)
        if whole and session.log and isinstance(session.log[0].command, m.Open):
            self._told = 0
        elif session.desk is not None:
            self._note_data(session)
            self._lay_keyframe(session, begins=True)

    def _note_commands(self, session: Session) -> None:
        if session.log is not self._log:  # another session, as after a fault
            self.take_up(session)
        for stamped in session.log[self._told :]:
            command = stamped.command
            if isinstance(command, m.Open):
                self._note_data(session)
                command = msgspec.structs.replace(command, folder="")  # where it lay is nobody's business
            self.file.add(Obeyed(self.at, stamped.position, command))
            self._due = self._due or led_into_the_past(command, session.lesson, self._detoured)
        self._told = len(session.log)
        self._detoured = session.lesson.detoured

    def _note_data(self, session: Session) -> None:
        """Take the data file of the scenario that has just been opened along."""
        desk = session.desk
        table = desk.original.data if desk is not None else None
        if desk is None or table is None or not table.file:
            return
        try:
            text = (Path(desk.folder or ".") / table.file).read_text("utf-8-sig")
        except (OSError, ValueError):
            return  # it has gone since it was opened
        if len(text) <= MOST_FILE_TEXT and self._files.get(table.file) != text:
            self._files[table.file] = text
            self.file.add(DataFile(self.at, table.file, text))

    def turn(self, session: Session) -> None:
        """After each turn: note where it stands, lay a keyframe where one is due, and hand all of it to the system."""
        if self.failed:
            return
        self._note_place(session)
        if self._is_keyframe_due(session):
            self._lay_keyframe(session)
        self.hand_over()

    def hand_over(self) -> None:
        """Hand all that was noted to the system."""
        try:
            if not self.failed:
                self.file.flush()
        except RecordingError as error:
            self.failed = str(error)

    def _note_place(self, session: Session) -> None:
        at = self.at
        if not session.busy:
            self._note_rest(session)
        if not session.busy or session.desk is None or at < self._passed_at + PASSED_SECONDS:
            return
        if session.position != self._place:
            self._passed_at, self._place = at, session.position
            self.file.add(Passed(at, session.position))  # losses are in facts: to compute one here costs steps

    def _note_rest(self, session: Session) -> None:
        """Note the loss where it has come to rest, for the timeline of a player, if it is known there."""
        loss = session.desk.training.known_loss if session.desk is not None else None
        if loss is not None and (session.position.step, loss) != self._rest:
            self._rest = session.position.step, loss
            self.file.add(Passed(self.at, session.position, loss if math.isfinite(loss) else None))

    def _is_keyframe_due(self, session: Session) -> bool:
        """Whether what was worked on since the last one would take long to compute again."""
        if self._due:
            return session.steady and not session.waiting
        return self._work >= self._far and session.steady and self._kept <= BURST + self.at * BYTES_A_SECOND

    def _lay_keyframe(self, session: Session, begins: bool = False) -> None:
        began = time.thread_time()  # what others do on this machine makes no seek longer
        losses = self._losses.line(self.at, session)
        if losses is not None:
            self.file.add(losses)
            self._kept += len(losses.behind.losses) * 4 // 3 + 300
        snapshot = session.snapshot(portable=True)
        self.file.add(Keyframe(self.at, session.position, self.file.last, not session.busy, snapshot, begins))
        self._work, self._kept = 0.0, self._kept + len(snapshot) * 4 // 3 + 200
        self._due = False
        self.file.sync()
        self._far = max(FAR, (time.thread_time() - began) / SHARE)

    def end(self, session: Session) -> None:
        """The session is over."""
        if not self.failed:
            self._note_commands(session)
            if session.steady:
                self._lay_keyframe(session)
            self.file.add(Ended(self.at, session.position, self.file.lines + 1))
        self.file.close()


def machine() -> dict[str, str]:
    """What may make the last bits differ elsewhere."""
    found = {"platform": platform.platform(), "processor": platform.machine(), "python": platform.python_version()}
    for package in ("numpy", "numba"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
