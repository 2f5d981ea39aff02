"""What both handles of an engine send of recordings, the one of a process and the one of an engine beside the tests."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from nntui import messages as m
from nntui.session.process.whereabouts import OfRecordings


class RecordsAndPlays(ABC):
    """Has its engine record, play a recording, and go on with one."""

    def record(self, path: str | Path, shelved: bool = False) -> None:
        """Record what is opened from now on into a file; or into one of a folder, which gets a name of its own."""
        self._send_of_recordings(m.Record(str(path), shelved=shelved))

    def play(self, path: str | Path, follow: bool = False, branches: str | Path = "") -> None:
        """Play a recording; one that is still being written is followed. Branches are recorded in a folder, if any."""
        self._send_of_recordings(m.OpenRecording(str(path), follow, str(branches)))

    def resume(self, path: str | Path) -> None:
        """Go on where a recording ends."""
        self._send_of_recordings(m.Resume(str(path)))

    @abstractmethod
    def _send_of_recordings(self, body: OfRecordings) -> None:
        """Send it, and note that it was sent: another engine may have to be told."""
