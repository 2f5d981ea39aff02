"""What a session may reach of the files here, where it is somebody else's who came by a browser.

Such a session has a folder of its own, in which it is started: there it saves, and from there it opens, besides the
lessons and the file that is served to all. Nothing else is opened, listed or written, whatever is typed.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOM = "NNTUI_CONFINED"  # an environment variable: the folder; not set where all files may be reached
SERVED = "NNTUI_SERVED"  # the file that is served
MOST_FILES = 100  # in the folder; then no more is written there


class ConfinedError(ValueError):
    """That may not be reached; the text says what may, in one sentence."""


def room() -> Path | None:
    """The folder of this session; None where it is not confined."""
    named = os.environ.get(ROOM)
    return Path(named) if named else None


def check_open(path: Path) -> None:
    """Raise ConfinedError where a file may not be opened."""
    own = room()
    if own is None:
        return
    from nntui.scenario import library  # here, since the screen begins before it is known whether it is needed

    found, served = _resolved(path), os.environ.get(SERVED)
    folders = [folder for folder in (_resolved(own), _resolved(library.folder())) if folder is not None]
    if found is not None and (
        any(found.is_relative_to(folder) for folder in folders) or (served and found == _resolved(Path(served)))
    ):
        return
    raise ConfinedError("in this browser you can open the lessons, by number or name, and what you have saved here")


def check_write(path: Path) -> None:
    """Raise ConfinedError where a file may not be written."""
    own = room()
    if own is None:
        return
    parent = _resolved(path.parent)
    if parent is None or parent != _resolved(own):
        raise ConfinedError("in this browser a file is saved by its name alone, without folders")
    try:
        count = sum(1 for _ in own.iterdir())
    except OSError:
        count = 0
    if count >= MOST_FILES:
        raise ConfinedError(f"{MOST_FILES} files have been saved in this browser, and there is no room for more")


def may_list(folder: Path) -> bool:
    """Whether the names in a folder may be told."""
    own = room()
    return own is None or _resolved(folder) == _resolved(own)


def _resolved(path: Path) -> Path | None:
    """The path without links and dots; None where there can be none."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        return None
