"""Writes a recording: whole lines, handed to the system at once, never more than a torn last line to lose."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
import time
from pathlib import Path

from nntui.session.recording.reading import last_of
from nntui.session.recording.records import ALONE, MOST_LINE, Record, RecordingError, as_hex, checksum, kind_of, to_json
from nntui.text import clean

SHOWN = 200
TRIES, TRY_SECONDS = 5, 0.01
LAST_SECONDS = 1.0  # for the disk, at the end; one that takes longer is not waited for
NO_DISK = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)  # there is nothing to put it on, and that is no failure


class RecordingFile:
    """A recording that is being written. Nobody else can write to it meanwhile."""

    def __init__(self, path: Path, going_on: bool = False) -> None:
        """Begin a new file; or go on with one, after its last whole line."""
        self.path = path
        self.lines = 0
        self.bytes = 0
        self.seconds = 0.0  # that it was long when it was opened
        self._crc = 0
        self._waiting: list[bytes] = []
        self._file = self._opened(going_on)
        self._syncs = threading.Event()
        self._unsynced: OSError | None = None  # what the disk has said, later than the system
        self._closed = False
        self._syncer = threading.Thread(target=self._sync, name="recording", daemon=True)
        self._syncer.start()

    def _opened(self, going_on: bool) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | (0 if going_on else os.O_CREAT | os.O_EXCL)
        try:
            file = os.open(self.path, flags, 0o600)
        except FileExistsError:
            raise RecordingError(f"there already is a file {self.name}; choose another name, or remove it") from None
        except (OSError, ValueError) as error:
            raise RecordingError(f"{self.name} cannot be written: {_reason(error)}") from None
        try:
            _lock(file)
            if going_on and not _has_a_line(self.path):  # who began it was killed in that instant
                os.ftruncate(file, 0)
            elif going_on:
                self.lines, self.bytes, self._crc, self.seconds = last_of(self.path)
                os.ftruncate(file, self.bytes)  # a torn last line goes
        except BlockingIOError:
            os.close(file)
            raise RecordingError(f"{self.name} is being written by another nntui; choose another name") from None
        except RecordingError:
            os.close(file)
            raise
        except OSError as error:
            if not going_on and error.errno is not None:
                return file  # a file system without locks: the file is new, so it is ours
            os.close(file)
            raise RecordingError(f"{self.name} cannot be written: {_reason(error)}") from None
        return file

    @property
    def name(self) -> str:
        """The path as sentences quote it."""
        return clean(str(self.path), SHOWN)

    @property
    def last(self) -> str:
        """The checksum of the last line."""
        return as_hex(self._crc)

    def add(self, record: Record) -> None:
        """Put a line into the queue."""
        data = to_json(record)
        self._crc = checksum(data, self._crc, kind_of(record) in ALONE)
        self._waiting.append(b"%s %s\n" % (self.last.encode(), data))
        self.lines += 1

    def flush(self) -> int:
        """Hand all that waits to the system; returns how many bytes. Raises RecordingError where that fails."""
        if self._unsynced is not None:
            raise self._lost(self._unsynced)
        if not self._waiting:
            return 0
        data, self._waiting = b"".join(self._waiting), []
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
            self._check_still_there()
        except OSError as error:
            self.bytes += data.rfind(b"\n", 0, written) + 1  # who follows has read whole lines, and they stay
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.bytes)  # a file that ends with a whole line is easier to go on from
            raise self._lost(error) from None
        self.bytes += written
        return written

    def _lost(self, error: OSError) -> RecordingError:
        return RecordingError(f"{self.name} cannot be written any more: {_reason(error)}")

    def _check_still_there(self) -> None:
        """A file that was removed takes all that is written, and nobody will ever see it."""
        if os.fstat(self._file).st_nlink == 0:
            raise FileNotFoundError(2, "it has been removed")

    def sync(self) -> None:
        """Have the system put it on the disk, in a thread of its own: that may take a while."""
        self._syncs.set()

    def _sync(self) -> None:
        closed = False
        while not closed:
            self._syncs.wait()
            self._syncs.clear()  # first, or a close that comes in between would not be heard of
            closed = self._closed  # looked at before, so that what was written last is synced as well
            try:
                os.fsync(self._file)
            except OSError as error:  # a full disk or an ended quota, which some file systems tell only now
                if error.errno not in NO_DISK:
                    self._unsynced = error

    def close(self) -> None:
        """Hand over what waits, put it on the disk, and let go of the file."""
        if self._closed:
            return
        with contextlib.suppress(RecordingError):
            self.flush()
        self._closed = True
        self._syncs.set()
        self._syncer.join(LAST_SECONDS)
        if not self._syncer.is_alive():
            os.close(self._file)

    def give_up(self) -> None:
        """Close a file that could not be begun; one that has stayed empty goes."""
        self._waiting.clear()
        self.close()
        if not self.bytes:
            with contextlib.suppress(OSError):
                self.path.unlink()


def _has_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline(MOST_LINE).endswith(b"\n")


def _lock(file: int) -> None:
    """Lock it; who looks whether it is locked holds it for a moment."""
    for again in range(TRIES, -1, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not again:
                raise
            time.sleep(TRY_SECONDS)


def _reason(error: OSError | ValueError) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{text[:1].lower()}{text[1:]}"
