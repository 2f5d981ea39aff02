"""What the screen remembers of a person between runs: theme, digits, recent files.

It is a convenience and never stops a lesson: a file that is damaged, huge, foreign or unreadable counts as none, and
what cannot be written is forgotten.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import platformdirs

from nntui.text import clean
from nntui.whole_file import whole_file

Theme: TypeAlias = Literal["dark", "light", "projector"]

MOST_BYTES = 64_000
MOST_FILES = 9


@dataclass(frozen=True)
class Remembered:
    """What is kept between runs."""

    theme: Theme = "dark"
    exact: bool = False  # whether numbers are written with all their digits
    recent: tuple[str, ...] = ()  # absolute paths, the newest first

    @classmethod
    def load(cls) -> Remembered:
        """What was kept, or the defaults."""
        try:
            found = msgspec.json.decode(_read(place()), type=cls)
        except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
            return cls()
        recent = [clean(path) for path in found.recent if path.startswith("/")]
        return replace(found, recent=tuple(recent[:MOST_FILES]))

    def save(self) -> None:
        """Keep it, all or nothing; where that cannot be done, nothing happens."""
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            _replace(place(), msgspec.json.format(msgspec.json.encode(self)))

    def with_file(self, path: Path) -> Remembered:
        """The same with a file opened just now; one whose name cannot be shown is not remembered."""
        try:
            name = str(path.expanduser().absolute())
        except (OSError, RuntimeError):  # no working folder any more; no such user
            return self
        if clean(name) != name:
            return self
        others = [other for other in self.recent if other != name]
        return replace(self, recent=(name, *others)[:MOST_FILES])

    def files(self) -> tuple[Path, ...]:
        """The recent files that still exist, the newest first."""
        return tuple(Path(name) for name in self.recent if _is_file(name))


def place() -> Path:
    """Where it is kept."""
    return Path(os.environ.get("NNTUI_CONFIG") or platformdirs.user_config_dir("nntui")) / "screen.json"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long for a name; no name at all
        return False


def _read(path: Path) -> bytes:
    """The bytes of the file; never wait for a pipe or a device, never take in more than it may hold."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a file")
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    return content


def _replace(path: Path, content: bytes) -> None:
    """Put a whole new file in the place of the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as made:
        made.write_bytes(content)
