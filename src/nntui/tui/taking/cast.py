"""A recording as a cast (asciicast v2, as asciinema plays it): what a terminal would have been sent, and when.

What is sent is what has changed on the screen since the last time, as over a slow line, so a lecture of an hour takes
some megabytes. Times are those of the recording; of a long pause most is left out, as the player does. Marks and beats
are markers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.color import ColorSystem

from nntui import messages as m
from nntui.sentences.facts import headline
from nntui.sentences.recordings import clock
from nntui.session.recording.hand import PAUSE
from nntui.session.recording.records import Header, RecordingError
from nntui.session.recording.taking.rerun import Moment, Rerun
from nntui.text import clean
from nntui.tui.look import THEMES, Colours
from nntui.tui.remembered import Theme
from nntui.tui.taking.progress import Progress
from nntui.tui.taking.stage import Stage
from nntui.tui.wire.cells import Cells

FRAME_SECONDS = 0.1  # between two pictures, at least
BURST, BYTES_A_SECOND = 2_000_000, 1_500  # of what is seen while something runs; in an hour 7 MB
MOST_BYTES = 40_000_000  # beyond which only beats and marks are pictured
LEAST_PAUSE, MOST_PAUSE = 0.1, 3600.0
MOST_TITLE, MOST_LABEL = 200, 80
BESIDE = 0.001  # seconds that a marker stands behind its picture: who goes to the marker sees it
BLANK = "\x1b[?25l\x1b[0m\x1b[2J\x1b[H"


def write_cast(
    recording: Path,
    out: Path,
    *,
    columns: int = 100,
    rows: int = 30,
    theme: Theme = "dark",
    pause: float = PAUSE,
    tell: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Write a recording as a cast; pauses of thinking are shortened to `pause` seconds.

    Raises RecordingError where there is no recording, or nothing in it, and OSError where nothing can be written.
    """
    if not LEAST_PAUSE <= pause <= MOST_PAUSE:
        raise RecordingError(f"a pause is shortened to {LEAST_PAUSE:g} to {MOST_PAUSE:g} seconds, not {pause:g}")
    rerun = Rerun(recording)
    try:
        stage = Stage(rerun, columns, rows, theme)
        filming = Filming(stage, pause, tell)
        stage.run(filming.play)
    finally:
        rerun.close()
    if not filming.cast.events:
        raise RecordingError(filming.problem or f"nothing was opened in {rerun.name}")
    first = json.dumps(header(filming, THEMES[theme], pause), ensure_ascii=False)
    data = "\n".join([first, *filming.cast.events, ""]).encode()
    out.write_bytes(data)
    ends = f" It ends early: {filming.problem}." if filming.problem else ""
    tell(f"{clock(filming.now)} long, {filming.cast.pictures:,} pictures, {len(data) / 1e6:.1f} MB.{ends}")


@dataclass
class Cast:
    """The lines of a cast behind its header."""

    events: list[str] = field(default_factory=list)
    bytes: int = 0
    pictures: int = 0
    last: float = 0.0  # when the last of them happens

    def picture(self, at: float, data: str) -> None:
        """This is written to the terminal."""
        if data:
            self._add(at, "o", data)
            self.pictures += 1

    def marker(self, at: float, label: str) -> None:
        """A place to go to."""
        self._add(at + BESIDE, "m", clean(label, MOST_LABEL))

    def _add(self, at: float, kind: str, data: str) -> None:
        self.last = max(self.last, round(at, 3))  # what comes at once behind a marker comes behind it
        self.events.append(json.dumps([self.last, kind, data], ensure_ascii=False))
        self.bytes += len(self.events[-1].encode())


class Filming:
    """Goes through a recording and takes the pictures."""

    def __init__(self, stage: Stage, pause: float, tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.cast = Cast()
        self.now = 0.0  # seconds of the cast
        self.title = ""
        self.problem = ""  # why it is not gone along to its end
        self._pause = pause
        self._cells = Cells()
        self._shown = -FRAME_SECONDS  # when the last picture was taken
        self._progress = Progress(tell, stage.rerun.seconds)
        self._beat = 0

    async def play(self) -> None:
        """Do all of it again."""
        moments = self.stage.rerun.moments
        for moment, following in zip(moments, [*moments[1:], None], strict=True):
            try:
                facts = await self.stage.take(moment)
            except RecordingError as error:
                self.problem = str(error)
                break
            self.title = next((named(fact) for fact in facts if isinstance(fact, m.Opened)), self.title)
            rest = min(self._pause, following.at - moment.at) if following is not None else self._pause
            if self.stage.is_open:
                labels = list(self._places(facts))
                if self._is_seen(facts, rest, following is None or bool(labels)):
                    await self._take_picture(moment, labels)
                self.now += rest
            self._progress.come_to(moment.at)
        if self.cast.events:
            self.cast.picture(self.now, f"\x1b[0m\x1b[{self.stage.rows};1H\x1b[?25h")

    def _is_seen(self, facts: Sequence[m.Fact], rest: float, anyway: bool) -> bool:
        """Whether a picture is due: not while one has just been taken, unless this stands for a while."""
        if anyway or not self.cast.events:
            return True
        cast, runs = self.cast, all(isinstance(fact, m.Measured) for fact in facts)
        if cast.bytes > MOST_BYTES or (runs and cast.bytes > BURST + BYTES_A_SECOND * self.now):
            return False
        return self.now - self._shown >= FRAME_SECONDS or rest >= FRAME_SECONDS

    async def _take_picture(self, moment: Moment, labels: Sequence[str]) -> None:
        await self.stage.show(moment.at, seldom=self.stage.rerun.session.busy)
        spans = [(y, 0, strip) for y, strip in enumerate(self.stage.strips)]
        changes = self._cells.changes(spans, ColorSystem.TRUECOLOR)
        self.cast.picture(self.now, changes if self.cast.events else BLANK + changes)
        for label in labels:
            self.cast.marker(self.now, label)
        self._shown = self.now

    def _places(self, facts: Sequence[m.Fact]) -> Iterator[str]:
        """What one would go to: marks, and beats, but for one that is only come back to."""
        for fact in facts:
            if isinstance(fact, m.Marked):
                yield fact.name
            elif isinstance(fact, m.Opened):
                self._beat = 0
            elif isinstance(fact, m.BeatBegan) and fact.number != self._beat:
                self._beat = fact.number
                first = fact.say.strip().partition("\n")[0]
                yield f"Beat {fact.number}: {first}"


def named(fact: m.Opened) -> str:
    """The title of what is opened."""
    return headline(fact.name, fact.title, "").removesuffix(".")


def header(filming: Filming, colours: Colours, pause: float) -> dict[str, Any]:
    """The first line of a cast."""
    stage = filming.stage
    found: dict[str, Any] = {"version": 2, "width": stage.columns, "height": stage.rows}
    seconds = timestamp(stage.rerun.header)
    if seconds:
        found["timestamp"] = seconds
    return {
        **found, "title": clean(filming.title, MOST_TITLE), "idle_time_limit": pause,
        "env": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        "theme": {"fg": colours.text, "bg": colours.ground, "palette": palette(colours)},
    }  # fmt: skip


def palette(c: Colours) -> str:
    """Sixteen colours, as a player's theme has them; the pictures say all of theirs themselves."""
    usual = (c.ground, c.wrong, c.right, c.accent, c.minus, c.plus, c.muted, c.text)
    return ":".join(usual * 2)


def timestamp(header: Header | None) -> int:
    """When it was recorded, in seconds of the epoch; 0 where that cannot be read."""
    try:
        return max(0, int(datetime.fromisoformat(header.created).timestamp())) if header is not None else 0
    except (ValueError, OverflowError, OSError):
        return 0
