"""Where a second terminal finds the engine of a screen: a socket in a folder that belongs to the user alone.

The folder is checked before it is used: it must be a folder, the user's own, and closed to everybody else. A socket is
named by the front end's process and the engine's, so that what a killed engine has left behind can be told.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

PRIVATE = 0o700
MOST_PATH = 100  # bytes of a socket's path: 108 where it is least, with a zero behind
PEER = struct.Struct("3i")  # process, user, group
CONNECT_SECONDS = 2.0


class MeetingError(ValueError):
    """There is no place to meet; the text says why, in one sentence."""


@dataclass(frozen=True)
class Place:
    """The socket of an engine: of which front end, of which process, since when."""

    path: Path
    front: int
    engine: int
    since: float


def folder(make: bool = False) -> Path:
    """The user's own folder for sockets. Raises MeetingError where it is not the user's alone."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    own = Path(runtime) / "nntui" if runtime and Path(runtime).is_dir() else _temporary()
    if make:
        with contextlib.suppress(FileExistsError):
            own.mkdir(PRIVATE)
    found = os.lstat(own)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise MeetingError(f"{own} is not a folder of yours alone, so nothing in it is trusted")
    return own


def _temporary() -> Path:
    import tempfile  # seldom needed, and the engine's start is quicker without

    return Path(tempfile.gettempdir()) / f"nntui-{os.getuid()}"


def places() -> list[Place]:
    """The sockets of engines that run, the newest first; none where there is no folder that can be trusted."""
    try:
        names = list(folder().iterdir())
    except (OSError, MeetingError):
        return []
    found = [place for name in names if (place := _place(name)) is not None and _runs(place.engine)]
    return sorted(found, key=lambda place: -place.since)


def _place(path: Path) -> Place | None:
    front, _, engine = path.name.partition("-")
    if not (front.isdigit() and engine.isdigit()):
        return None
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return Place(path, int(front), int(engine), found.st_mtime) if stat.S_ISSOCK(found.st_mode) else None


def _runs(process: int) -> bool:
    """Whether there is such a process of ours."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def runs(place: Place) -> bool:
    """Whether the front end of an engine still runs: one that has ended may wait for its parent to take note of it."""
    return _runs(place.front) and _state(place.front) != b"Z"


def is_stopped(process: int) -> bool:
    """Whether a process is held up, as by ctrl-z or a debugger; False where the system does not tell."""
    return _state(process) in (b"T", b"t")


def _state(process: int) -> bytes:
    """The letter by which Linux tells what a process does; empty on other systems."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return b""
    return told.rpartition(b")")[2].split()[0]


def clear_away() -> None:
    """Remove what killed engines have left behind."""
    for path in folder().iterdir():
        place = _place(path)
        if place is not None and not _runs(place.engine):
            with contextlib.suppress(OSError):
                path.unlink()


def listening() -> socket.socket:
    """The socket at which this engine can be found. Raises OSError or MeetingError where there is none."""
    own = folder(make=True)
    clear_away()
    path = own / f"{os.getppid()}-{os.getpid()}"
    if len(os.fsencode(path)) > MOST_PATH:
        raise MeetingError(f"{path} is too long for the name of a socket")
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(str(path))
        sock.listen(4)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def connected(place: Place) -> socket.socket:
    """Connect to an engine. Raises OSError where it cannot be reached, MeetingError where it is somebody else's."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(CONNECT_SECONDS)
        sock.connect(str(place.path))
        sock.settimeout(None)
        if not is_ours(sock):
            raise MeetingError(f"the engine at {place.path} is another user's")
    except (OSError, MeetingError):
        sock.close()
        raise
    return sock


def is_ours(sock: socket.socket) -> bool:
    """Whether the same user is at the other end; where the system does not tell, the folder has seen to it."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = PEER.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
    return bool(user == os.getuid())
