"""A folder for the data files that a recording brings along, for as long as this process plays it.

A process that is killed cannot remove its folder. It has held a lock in it, which the system has let go of: so the next
one that needs such a folder knows which are nobody's any more, and removes them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

PREFIX = "nntui-played-"
LOCK, FILES = "lock", "files"
YOUNG_SECONDS = 10.0  # for which a folder may be without its lock


class LaidOut:
    """The folder; empty at first."""

    def __init__(self) -> None:
        """Make it. Raises OSError where that is not possible."""
        remove_orphans()
        self._whole = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.open(self._whole / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a file system without locks: then whoever is killed leaves it behind
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.path = self._whole / FILES
        self.path.mkdir()

    def remove(self) -> None:
        """Remove it, with all that was laid into it."""
        shutil.rmtree(self._whole, ignore_errors=True)
        os.close(self._lock)


def remove_orphans() -> None:
    """Remove the folders of processes that were killed."""
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            if _is_orphan(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_orphan(folder: Path) -> bool:
    """Whether it is a folder of this user whose process has ended."""
    try:
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            return False
        if time.time() - found.st_mtime < YOUNG_SECONDS:
            return False
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody holds it, or there are no locks
        return False
    finally:
        os.close(lock)
    return True
