"""A folder for each browser that comes from elsewhere: there its sessions save and record, and from there they open.

A browser has its folder again when it comes back, by a cookie. When the server ends the folders go, unless a place was
named where they are kept.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PRIVATE = 0o700


@dataclass
class Room:
    """The folder of one browser."""

    key: str  # the browser's cookie
    folder: Path
    guests: int = 0  # sessions that are in it now
    left: float = field(default_factory=time.monotonic)  # when the last one went
    used: bool = False  # whether a session was ever in it

    def enter(self) -> None:
        """A session begins in it."""
        self.guests += 1
        self.used = True

    def leave(self) -> None:
        """A session in it has ended."""
        self.guests -= 1
        self.left = time.monotonic()


class Rooms:
    """All of them. `kept` is the folder in which they stay; without it there are `most`, and those left first go."""

    def __init__(self, most: int, kept: Path | None = None) -> None:
        self._most = most
        self._kept = kept
        self._own = None if kept is not None else tempfile.TemporaryDirectory(prefix="nntui-served-")
        self._rooms: dict[str, Room] = {}

    def find(self, key: str) -> Room:
        """The room of a browser; a new one where its cookie is none of ours."""
        room = self._rooms.get(key)
        if room is None:
            room = Room(secrets.token_urlsafe(16), self._new_folder())
            self._rooms[room.key] = room
            self._make_room()
        return room

    def _new_folder(self) -> Path:
        parent = self._kept if self._own is None else Path(self._own.name)
        assert parent is not None
        return Path(tempfile.mkdtemp(prefix=time.strftime("%Y-%m-%d-%H%M%S-"), dir=parent))

    def _make_room(self) -> None:
        """Let folders go where there are too many: first those in which nobody has been, then those left first.

        Who fetches the page again and again, and says no cookie, takes nobody's folder away so.
        """
        newest = next(reversed(self._rooms))
        empty = [room for room in self._rooms.values() if not room.guests and room.key != newest]
        empty.sort(key=lambda room: (room.used, room.left))
        for room in empty[: max(0, len(self._rooms) - self._most)]:
            del self._rooms[room.key]
            if self._own is not None:
                shutil.rmtree(room.folder, ignore_errors=True)

    def close(self) -> None:
        """The server ends."""
        if self._own is not None:
            self._own.cleanup()
