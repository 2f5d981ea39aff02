"""Reads a recording: line by line, up to where it is damaged, and on from the next line that stands for itself.

Nothing that is read here is believed before its checksum is right and its shape is known. A file that is still being
written can be read on: `Scan.feed` takes bytes as they come.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

import msgspec

from nntui import messages as m
from nntui.scenario.reader import cleaned
from nntui.session.recording.records import (
    ALONE,
    FORMAT,
    KINDS,
    MOST_LINE,
    DataFile,
    Happened,
    Header,
    Keyframe,
    Losses,
    Obeyed,
    Record,
    RecordingError,
    as_hex,
    checksum,
)  # fmt: skip
from nntui.session.run.behind import check
from nntui.text import clean

BLOCK = 1 << 20
HEAD = 1 << 14
TAIL = 64  # bytes at either end by which an unfinished line is known again
MOST_DAMAGES = 100  # that are remembered one by one
SHOWN = 200
MOST_HELD = 4_000  # bytes of a keyframe that is kept in memory
MOST_KEPT = 150_000_000  # bytes of memory for all lines, about
MOST_NUMBER = 2**40
MOST_WORK = 2**62
_LINE = re.compile(rb"([0-9a-f]{8}) (\{.*\})")
_HEAD = re.compile(rb'\{"kind":"([a-z]{1,40})"')


@dataclass(frozen=True)
class Damage:
    """A place where the file is not as it was written."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Line:
    """A line that is whole, what it says, and whether all lines between it and the header are whole, too.

    A keyframe that is not small is not kept: `sketch` lacks its snapshot, and `record` reads it from the file again.
    """

    number: int
    checksum: str
    sketch: Record
    sound: bool
    again: Callable[[], Record] | None = None

    @property
    def position(self) -> m.Position:
        """Where the engine stood."""
        return m.Position() if isinstance(self.sketch, Header | DataFile) else self.sketch.position

    @property
    def record(self) -> Record:
        """What it says."""
        return self.sketch if self.again is None else self.again()


@dataclass
class Scan:
    """What has been read of a recording so far."""

    lines: list[Line] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    skipped: int = 0  # lines of a kind that this version does not know
    unread: bytes = b""  # the beginning of a line whose end has not come yet
    whole_bytes: int = 0  # up to the end of the last whole line that was right
    file: int | None = None  # from which keyframes are read again; None: they are kept
    full: bool = False  # whether there was more than fits into memory
    _offset: int = 0
    _kept: int = 0  # bytes of memory, about
    _number: int = 0
    _crc: int | None = None  # of the line before; None where that is damaged
    _sound: bool = True
    _too_long: bool = False

    @property
    def header(self) -> Header | None:
        """The first line, if it is there and whole."""
        record = self.lines[0].sketch if self.lines else None
        return record if isinstance(record, Header) else None

    @property
    def torn(self) -> bool:
        """Whether the last line has no end."""
        return bool(self.unread) or self._too_long

    @property
    def last(self) -> int | None:
        """The checksum of the last line; None where that is damaged."""
        return self._crc

    @property
    def count(self) -> int:
        """How many lines there are, whatever they say."""
        return self._number

    def feed(self, data: bytes) -> list[Line]:
        """Take further bytes; give the lines that are complete with them. Raises RecordingError for another format."""
        parts = (self.unread + data).split(b"\n")
        self.unread = parts.pop()
        found = [line for part in parts if (line := self._take(part)) is not None]
        if len(self.unread) > MOST_LINE:
            self._offset += len(self.unread)
            self.unread, self._too_long = b"", True
        return found

    def look_back(self, file: int) -> None:
        """Before reading on: an unfinished line may have been taken away by another engine that has gone on writing."""
        tail = self.unread[-TAIL:]
        ends = (self._offset, self.unread[:TAIL]), (self._offset + len(self.unread) - len(tail), tail)
        if any(os.pread(file, len(end), at) != end for at, end in ends):
            self.unread = b""
            os.lseek(file, self._offset, os.SEEK_SET)

    def _take(self, text: bytes) -> Line | None:
        self._number += 1
        begins, self._offset = self._offset, self._offset + len(text) + 1
        if self.full:
            return None
        if self._too_long:
            self._too_long = False
            return self._broken_line(f"a line goes up to {MOST_LINE:,} bytes")
        match = _LINE.fullmatch(text)
        kind = _HEAD.match(match[2]) if match is not None else None
        if match is None or kind is None:
            return self._broken_line("this is no line of a recording")
        given, data, name = match[1].decode(), match[2], kind[1].decode()
        alone = name in ALONE
        if not alone and self._crc is None:  # behind damage, until a line that stands for itself; that was said already
            return None if self._number > 1 else self._broken_line("this is no header")
        crc = checksum(data, self._crc or 0, alone)
        if as_hex(crc) != given:
            return self._broken_line("checksum")
        line = self._read(name, data, given, begins)
        self._crc = crc
        self.whole_bytes += len(text) + 1 if self._sound else 0
        if line is not None:
            self.lines.append(line)
        return line

    def _read(self, kind: str, data: bytes, given: str, begins: int) -> Line | None:
        """What a line says whose checksum is right."""
        if self._number == 1 and kind != "nnrec":
            raise RecordingError("this is no recording of nntui: it does not begin with a header")
        if kind not in KINDS:
            self.skipped += 1
            return None
        try:
            record = understood(kind, data)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, TypeError, OverflowError) as error:
            if kind == "fact" or (kind == "losses" and isinstance(error, msgspec.MsgspecError)):
                self.skipped += 1  # of another shape than today's; nothing is computed from these
                return None
            return self._broken_line(f"its {kind} is not understood: {clean(str(error), 100)}")
        if isinstance(record, Header):
            check_format(record)
        if isinstance(record, Keyframe) and self._crc is not None and record.after != as_hex(self._crc):
            self._broken("lines before it are missing")
        self._kept += memory_of(data)
        again = None
        if isinstance(record, Keyframe) and self.file is not None and len(data) > MOST_HELD:
            self._kept -= memory_of(data)
            again = partial(read_again, self.file, begins, len(data) + 9, given)
            record = msgspec.structs.replace(record, snapshot=b"")
        if self._kept > MOST_KEPT:
            self.full = True
            return self._broken_line("beyond it there is more than can be held in memory")
        return Line(self._number, given, record, self._sound, again)

    def _broken_line(self, sentence: str) -> Line | None:
        self._broken(sentence)
        return None

    def _broken(self, sentence: str) -> None:
        if len(self.damages) < MOST_DAMAGES and (self._crc is not None or not self.damages):
            self.damages.append(Damage(self._number, sentence))
        self._crc, self._sound = None, False


def understood(kind: str, data: bytes) -> Record:
    """What the JSON of a line says. Raises what decoding raises, or ValueError where a number passes its limits."""
    record: Record = msgspec.json.decode(data, type=KINDS[kind], strict=kind == "command")
    if not isinstance(record, Header):
        if not 0 <= record.at <= m.LONGEST:
            raise ValueError("its time is out of its limits")
        position = m.Position() if isinstance(record, DataFile) else record.position
        numbers = (position.step, position.sample, position.event)
        if not all(0 <= number <= MOST_NUMBER for number in numbers) or not 0 <= position.work <= MOST_WORK:
            raise ValueError("its position is out of its limits")
    if isinstance(record, Losses):
        check(record.behind)
        marks = tuple((*place, clean(what)) for *place, what in record.behind.marks)
        return msgspec.structs.replace(record, behind=msgspec.structs.replace(record.behind, marks=marks))
    return record if b"\\" not in data and data.isascii() else _fit_to_be_shown(record)


def _fit_to_be_shown(record: Record) -> Record:
    """A record in which no text steers a terminal; that of scenarios and of their data is cleaned when it is opened."""
    if isinstance(record, Header):
        return msgspec.convert(cleaned(msgspec.to_builtins(record)), Header)
    if isinstance(record, Happened):
        fact = cleaned(msgspec.to_builtins(record.fact, builtin_types=(bytes,)))
        return msgspec.structs.replace(record, fact=msgspec.convert(fact, m.Fact))
    if isinstance(record, Obeyed) and not isinstance(record.command, m.Open):
        command = cleaned(msgspec.to_builtins(record.command, builtin_types=(bytes,)))
        return msgspec.structs.replace(record, command=msgspec.convert(command, m.Command))
    return record


def memory_of(data: bytes) -> int:
    """How many bytes a line takes in memory, at the most: many small numbers take several times their text."""
    return 600 + (8 if len(data) > 2_000 else 3) * len(data)


def read_again(file: int, begins: int, size: int, given: str) -> Record:
    """Read a keyframe from the file again. Raises RecordingError where the file is another one now."""
    try:
        data = os.pread(file, size, begins)
    except OSError as error:
        raise RecordingError(f"the recording cannot be read any more: {error.strerror}") from None
    match = _LINE.fullmatch(data)
    if match is None or match[1].decode() != given or as_hex(checksum(match[2], 0, True)) != given:
        raise RecordingError("the recording has been changed since it was opened; open it again")
    return understood("keyframe", match[2])


def check_format(header: Header) -> None:
    """Raise RecordingError where a recording was made by a version too new for this one."""
    if header.format != FORMAT:
        raise RecordingError(
            f"this recording has format {header.format}, made by nntui {clean(header.nntui, 40)}; this nntui reads "
            f"format {FORMAT}"
        )


def opened_for_reading(path: Path) -> IO[bytes]:
    """A file to read a recording from. Raises RecordingError for what is no ordinary file."""
    name = clean(str(path), SHOWN)
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise RecordingError(f"{name} is no ordinary file; name a recording")
    except (OSError, ValueError) as error:
        if isinstance(error, RecordingError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise RecordingError(f"{name} cannot be read: {reason[:1].lower()}{reason[1:]}") from None
    return file


def first(path: Path) -> Header:
    """The header of a recording, without reading the rest. Raises RecordingError where it is none."""
    scan = Scan()
    with opened_for_reading(path) as file:
        try:
            while not scan.lines and not scan.damages and (data := file.read(HEAD)):
                scan.feed(data)
        except RecordingError as error:
            raise RecordingError(f"{clean(path.name, SHOWN)}: {error}") from None
    if scan.header is None:
        raise RecordingError(f"{clean(path.name, SHOWN)} is no recording of nntui, or its first line is damaged")
    return scan.header


def being_written(path: Path) -> bool:
    """Whether a living process is writing it; False where that cannot be found out."""
    try:
        with opened_for_reading(path) as file:
            return is_locked(file.fileno())
    except RecordingError:
        return False


def is_locked(file: int) -> bool:
    """Whether another process holds the lock that a recording has while it is written."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return False


def read(path: Path) -> Scan:
    """Read a whole recording, as far as it goes. Raises RecordingError where it is none."""
    scan = Scan()
    try:
        with opened_for_reading(path) as file:
            scan.file = os.dup(file.fileno())
            weakref.finalize(scan, os.close, scan.file)  # keyframes are read again, as long as the scan is there
            while not scan.full and (data := file.read(BLOCK)):
                scan.feed(data)
    except RecordingError as error:
        name = clean(path.name, SHOWN)
        raise RecordingError(str(error) if name in str(error) else f"{name}: {error}") from None
    if not scan.lines:
        raise RecordingError(f"{clean(path.name, SHOWN)} is no recording of nntui, or its first line is damaged")
    return scan


def last_of(path: Path) -> tuple[int, int, int, float]:
    """How many lines and bytes of a recording are whole, the checksum of the last of them, and the time there.

    A torn last line may be lost; RecordingError where anything else is damaged, for it would be lost as well.
    """
    scan = read(path)
    if scan.damages or scan.last is None:
        at = scan.damages[0].line if scan.damages else 1
        raise RecordingError(f"{clean(path.name, SHOWN)} is damaged at line {at:,}; a damaged file is not gone on with")
    times = [line.sketch.at for line in scan.lines if not isinstance(line.sketch, Header)]
    return scan.count, scan.whole_bytes, scan.last, max(times, default=0.0)


def commands(scan: Scan) -> list[Obeyed]:
    """The commands of a recording that can be relied on, in order."""
    return [line.sketch for line in scan.lines if line.sound and isinstance(line.sketch, Obeyed)]
