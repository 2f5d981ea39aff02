"""Where recordings are kept that nobody gave a place: the folder, the names in it, and what is thinned out."""

from __future__ import annotations

import contextlib
import os
import re
from datetime import datetime
from pathlib import Path

import platformdirs

from nntui.session.recording.reading import being_written
from nntui.session.recording.records import SUFFIX, RecordingError
from nntui.text import clean

BUDGET = 200_000_000  # bytes that recordings may take before the oldest go
NEWEST = 5  # that stay whatever they take
MOST_NAME = 60


def folder() -> Path:
    """The folder; NNTUI_DATA names another one for all that is kept."""
    named = os.environ.get("NNTUI_DATA")
    return (Path(named) if named else platformdirs.user_data_path("nntui", appauthor=False)) / "recordings"


def new_file(place: Path, name: str) -> Path:
    """A file of that folder that is not there yet: when it was begun, and what it is of."""
    word = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:MOST_NAME] or "session"
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in range(1, 1000):
        path = place / f"{stamp}-{word}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        if not path.exists():
            return path
    return place / f"{stamp}-{word}-{os.getpid()}{SUFFIX}"


def kept(place: Path | None = None) -> list[Path]:
    """All recordings of the folder, or of another one, the newest first."""
    with contextlib.suppress(OSError):
        found = [(path.stat().st_mtime, path) for path in (place or folder()).glob(f"*{SUFFIX}") if path.is_file()]
        return [path for _, path in sorted(found, reverse=True)]
    return []


def made(place: Path) -> Path:
    """The folder, made where there is none; nobody else reads in it. Raises RecordingError."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        said = f"the folder {clean(str(place), 200)} cannot be made: {(error.strerror or str(error)).lower()}"
        raise RecordingError(said) from None
    return place


def thin_out(place: Path | None = None, budget: int = BUDGET) -> list[Path]:
    """Remove the oldest, so that all together stay within the budget; the newest few stay. Returns what has gone.

    What is still being written stays, too.
    """
    gone, total = [], 0
    for number, path in enumerate(kept(place)):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
            if total > budget and number >= NEWEST and not being_written(path):
                path.unlink()
                gone.append(path)
    return gone
