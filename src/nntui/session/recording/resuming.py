"""Goes on where a recording ends."""

from __future__ import annotations

from pathlib import Path

from nntui import messages as m
from nntui.session.recording.player import Player
from nntui.session.recording.reading import being_written
from nntui.session.recording.records import RecordingError
from nntui.session.run.workshop import Preparer
from nntui.text import clean


def resumed(path: Path, preparer: Preparer | None = None) -> tuple[Player, list[m.Fact]]:
    """A player at the end of a recording, whose session has become live; and what that has told.

    Raises RecordingError where there is nothing to go on from.
    """
    name = clean(path.name, 200)
    if being_written(path):
        raise RecordingError(f"{name} is still being written by another nntui; end that one first, or follow the file")
    player = Player(path, preparer)
    try:
        player.stand(len(player.timeline.lines))
        if player.desk is None:
            raise RecordingError(f"nothing is open at the end of {name}")
        told, step = player.standing(), player.position.step
        player.way.leave()  # as a branch does: the recording that is made from here on knows no past either
    except RecordingError:
        player.close()
        raise
    return player, [m.Resumed(player.name, step), *told]
