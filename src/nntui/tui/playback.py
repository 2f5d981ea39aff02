"""What the screen knows of recordings: which is played and where it stands, whether this is a branch of it, and whether
what is done here is recorded.

While a recording is played, all that is sent goes through `instead`: what moves along it is sent as it is, `next` and
`goto` become places of the recording, and what would change something is not sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from nntui import messages as m
from nntui.sentences.recordings import beside

JUMP, LITTLE = 5.0, 1.0  # seconds that a key goes on or back
SPEEDS = (m.SLOWEST, 0.5, 1.0, 2.0, 4.0, m.FASTEST)
SOUGHT_SECONDS = 1.0  # for which a place that was asked for counts, until it is told that it has been reached
PARENT = "recording"  # the curve of the recording beside that of a branch
NOT_LIVE = "This is a recording: B goes on alone from here."
NONE_PLAYED = "No recording is played here; L offers those that there are."
_AS_IT_IS = (m.Play, m.Pause, m.Seek, m.Branch, m.Rejoin, m.Stop, m.Open)


class Playback:
    """The recording that is played, if one is, and the one that is being written."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.opened: m.RecordingOpened | None = None  # what is played
        self.live = False  # whether this is a branch of it
        self.state: m.Playing = "paused"
        self.speed = 1.0
        self.at = 0.0  # seconds
        self.seconds = 0.0
        self.view: m.TimelineView | None = None
        self.recorded = ""  # the file that is being written
        self.lost = ""  # why nothing is recorded any more
        self._sought: tuple[float, float] | None = None  # the seconds asked for, and when

    # ------------------------------------------------------------ what is told

    def hear(self, fact: m.Fact) -> None:
        """Take note of a fact."""
        if isinstance(fact, m.RecordingOpened):
            self.opened, self.live, self.view, self.speed, self.recorded = fact, False, None, 1.0, ""
            self.seconds = fact.seconds
        elif isinstance(fact, m.RecordingClosed | m.Resumed):
            self.opened, self.live, self.view = None, False, None
        elif isinstance(fact, m.PlayerMoved):
            self._moved(fact)
        elif isinstance(fact, m.Branched):
            self.live, self.state = True, "paused"
        elif isinstance(fact, m.Rejoined):
            self.live, self.recorded = False, ""
        elif isinstance(fact, m.RecordingBegan):
            self.recorded, self.lost = fact.path, ""
        elif isinstance(fact, m.RecordingLost):
            self.recorded, self.lost = "", fact.sentence
        elif isinstance(fact, m.Error):
            self._sought = None

    def _moved(self, fact: m.PlayerMoved) -> None:
        self.state, self.at, self.seconds = fact.state, fact.at, fact.seconds
        if fact.state == "playing":
            self.speed = fact.speed
        if self._sought is not None and abs(self._sought[0] - fact.at) < LITTLE / 2:
            self._sought = None

    def show(self, view: m.Result | None) -> None:
        """A frame shows where it stands."""
        if isinstance(view, m.TimelineView):
            self.view, self.state, self.at, self.seconds, self.live = view, view.state, view.at, view.seconds, view.live

    # ------------------------------------------------------------ what is sent

    @property
    def played(self) -> bool:
        """Whether a recording is played, or this is a branch of one."""
        return self.opened is not None

    @property
    def moving(self) -> bool:
        """Whether keys move along a recording."""
        return self.opened is not None and not self.live

    @property
    def plays(self) -> bool:
        """Whether it moves by itself now."""
        return self.moving and self.state in ("playing", "following")

    def instead(self, command: m.Command) -> m.Command | None:
        """What is sent for a command; None where it would change the recording."""
        if not self.moving or isinstance(command, _AS_IT_IS):
            return command
        if isinstance(command, m.Next):
            return m.Seek("next")
        if isinstance(command, m.Previous):
            return m.Seek("last")
        if isinstance(command, m.Goto) and command.unit == "step":
            return m.Seek("step", command.number)
        if isinstance(command, m.GoToBeat) and command.number:
            return m.Seek("beat", command.number)
        return m.Seek("percent", 0) if isinstance(command, m.Reset) else None

    def by(self, seconds: float) -> m.Seek:
        """To so many seconds from here, or from the place that was asked for just now."""
        recent = self._sought is not None and self._clock() - self._sought[1] < SOUGHT_SECONDS
        here = self._sought[0] if self._sought is not None and recent else self.at
        there = min(self.seconds, max(0.0, here + seconds))
        self._sought = there, self._clock()
        return m.Seek("time", there)

    def faster(self, steps: int) -> m.Play:
        """Play so many speeds faster."""
        at = min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - self.speed))
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, at + steps))]
        return m.Play(self.speed)

    def toggled(self) -> m.Command:
        """Play, or pause."""
        return m.Pause() if self.plays else m.Play(self.speed if self.speed != 1.0 else 0.0)

    # ------------------------------------------------------------ what panes show of it

    def here(self) -> m.TimelineMark | None:
        """The last mark or beat that has been reached."""
        marks = self.view.marks if self.view is not None else ()
        return next((mark for mark in reversed(marks) if mark.at <= self.at + 0.001), None)

    def losses(self) -> tuple[tuple[int, float], tuple[int, float]] | None:
        """The step and the loss of a branch, and of the recording at the same step, or the last before."""
        return beside(self.view) if self.view is not None else None

    def beside(self, view: m.Result | None) -> m.Result | None:
        """The plot of the loss with the curve of the recording beside that of its branch."""
        if self.view is None or not self.live or not isinstance(view, m.CurvesView):
            return view
        parent = self.view.parent_loss
        if view.y_name != "loss" or not parent or PARENT in view.pinned or self.view.axis != f"{view.x_name}s":
            return view
        curve = m.Curve(PARENT, self.view.parent_places, tuple(loss for _, loss in parent))
        return msgspec.structs.replace(view, curves=(*view.curves, curve), pinned=(*view.pinned, PARENT))
