"""Computes the rows of a table: at each moment of a recording, the parameters and losses there, bit for bit again."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from nntui.models.model import FloatArray, Layout
from nntui.session.recording.growing import Source
from nntui.session.recording.records import RecordingError
from nntui.session.recording.taking.moments import NEVER, Moment, Moments, apart
from nntui.session.recording.way import Way
from nntui.session.subject import Desk
from nntui.text import clean

MOST_ROWS = 1_000_000  # about as many as a spreadsheet opens
MOST_NUMBERS = 20_000_000  # weights and biases in all rows together: about 400 MB of text
MOST_WORDS = 1_000  # characters of the commands of a row
NOTHING = Moment()
SOON = 20.0  # seconds of training that are gone through; of more, keyframes bring near what is told
NEAR = 0.5  # seconds of it that are gone all the same
Shape: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Row:
    """Where everything stands at a moment."""

    step: int
    epoch: int
    seconds: float
    beat: int
    loss: float
    test_loss: float | None  # None: no samples are held out
    lesson: int  # the number, among all that was opened
    parameters: FloatArray
    layout: Layout
    mark: str = ""
    words: str = ""  # the commands since the row before

    @property
    def shape(self) -> Shape:
        """The blocks of the parameters."""
        return shape(self.layout)


@dataclass(frozen=True)
class Lesson:
    """Something that was opened, as it stood at its first row."""

    name: str
    title: str
    seconds: float
    step: int
    model: dict[str, Any]
    data: dict[str, Any] | None
    training: dict[str, Any]
    seed: int


class Rows:
    """A recording that is computed again, row by row; what was opened in it is known when that is done."""

    def __init__(self, path: Path, every: int | None = None, weights: bool = True) -> None:
        """Open a recording. Raises RecordingError where it is none, or where there would be too many rows."""
        self.source = Source(path, grows=False)
        self.timeline = self.source.timeline
        self._way = Way(self.timeline, None)
        self.weights = weights
        self.lessons: list[Lesson] = []
        self.differing: tuple[Row, float] | None = None  # the first of which another loss was told, and that
        try:
            self.moments = Moments(self.timeline, every)
            self._check_rows()
        except BaseException:
            self.close()
            raise
        self._last: Row | None = None
        self._numbers = 0  # in the rows so far
        self._ahead = self.moments.most_on_the_way
        self._opened = -1  # number of the scenario that was open at the last row
        self._through = self.moments.seconds < SOON

    def _check_rows(self) -> None:
        most = self.moments.most_on_the_way
        if most > MOST_ROWS:
            fewer = apart(10 * self.moments.steps / MOST_ROWS)
            raise RecordingError(
                f"this would be {most:,} rows, and there are {MOST_ROWS:,} at the most; --every {fewer} makes fewer"
            )

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def rows(self, told: Callable[[int, int], None] = lambda done, lines: None) -> Iterator[Row]:
        """Compute them; `told` hears how many lines of the recording are done."""
        words: list[str] = []
        for at in range(len(self.timeline.lines)):
            for row in self._on_the_way(at, words):
                self._ahead -= 1
                yield self._kept(row, words)
            behind = self._behind(at, words)
            if behind is not None:
                yield self._kept(behind, words)
            told(at + 1, len(self.timeline.lines))
        if self._last is None:
            raise RecordingError(f"nothing is open in {self.source.name} that could be computed again")

    def _on_the_way(self, at: int, words: list[str]) -> Iterator[Row]:
        """The rows at steps on the way to a line."""
        way, stretch = self._way, self.moments.stretch(at)
        if stretch is None or way.taken > at:
            return
        self._stand(at)
        if way.taken > at:  # it lay in a past that is not known
            return
        for _ in way.steps(stretch.following):
            row = self._row(stretch.seconds(way.session.position.work), words)
            if row is not None:
                yield row

    def _behind(self, at: int, words: list[str]) -> Row | None:
        """The row behind a line, if there is one."""
        way, moment = self._way, self.moments.behind(at)
        if moment is None or way.taken > at + 1 or (moment.again and self._through):
            return None
        words += [moment.words] if moment.words else []
        if not moment.at_once:
            return None
        before = self._last
        if moment.command:
            self._stand(at)
            before = self._at_line(at)
        self._stand(at + 1)
        row = self._row(self.timeline.times[at], words, moment) if way.taken == at + 1 else None
        return row if row is not None and (row.mark or before is None or not same_state(row, before)) else None

    def _stand(self, taken: int) -> None:
        """Be behind so many lines; a way that took little time is gone, for to take up a keyframe takes some, too."""
        near = self.timeline.times[taken - 1] - self._way.seconds < NEAR if taken else True
        self._way.stand(taken, through=self._through or near)

    def _at_line(self, at: int) -> Row | None:
        """Where everything stands when a line begins."""
        if self._way.taken > at:
            return self._last
        for _ in self._way.steps(lambda step: NEVER):
            pass
        return self._row(0.0, [])

    def _kept(self, row: Row, words: list[str]) -> Row:
        """A row that is told."""
        self._count(row)
        words.clear()
        self._last = row
        return row

    def _row(self, seconds: float, words: list[str], moment: Moment = NOTHING) -> Row | None:
        """Where everything stands now; None where nothing is open, that is not known, or it is on its way to a step:
        then what it holds may be of any step, as of a keyframe from which that one is come to.
        """
        desk = self._way.session.desk
        if desk is None or self._way.lost or desk.training.origin_step is not None:
            return None
        run, model = desk.training, desk.model
        opened = bisect_left(self.timeline.opened, self._way.taken)
        if opened != self._opened:
            self._opened = opened
            self.lessons.append(lesson_of(desk, seconds))
        row = Row(
            run.step, run.epoch, seconds, self._way.session.lesson.beat, run.loss(),
            model.loss(run.parameters, "test") if model.test_samples else None,
            len(self.lessons) - 1, run.parameters.copy(), model.layout, moment.mark,
            clean("; ".join(words), MOST_WORDS),
        )  # fmt: skip
        if moment.loss is not None and not same_number(row.loss, moment.loss) and self.differing is None:
            self.differing = (row, moment.loss)
        return row

    def _count(self, row: Row) -> None:
        """Raise RecordingError where it becomes, or will become, too much."""
        if not self.weights:
            return
        size = row.layout.size
        self._numbers += size
        if self._numbers + self._ahead * size <= MOST_NUMBERS:
            return
        rows = self._numbers // size + self._ahead
        most = MOST_NUMBERS // size
        fewer = f"--every {apart(20 * self.moments.steps / most)} makes fewer rows, " if most > 20 else ""
        raise RecordingError(
            f"{rows:,} rows of {size:,} weights and biases would be {rows * size:,} numbers, and there are "
            f"{MOST_NUMBERS:,} at the most; {fewer}--no-weights leaves them out"
        )

    def close(self) -> None:
        """Let go of the file, and of data files that were laid out."""
        self.source.close()
        self._way.close()


def lesson_of(desk: Desk, seconds: float) -> Lesson:
    """What is open, as it stands."""
    scenario, settings = desk.scenario_now(), desk.training.settings
    data = None if scenario.data is None else fields_of(scenario.data)
    return Lesson(
        clean(desk.name, 200), scenario.title, seconds, desk.training.step, dict(scenario.model), data,
        {**fields_of(scenario.training), "rung": settings.rung, "method": settings.method}, settings.seed,
    )  # fmt: skip


def fields_of(table: msgspec.Struct) -> dict[str, Any]:
    """All fields of a table of a scenario, also those that have their default."""
    return {name: getattr(table, name) for name in table.__struct_fields__}


def shape(layout: Layout) -> Shape:
    """What tells one network's parameters from those of another one."""
    return tuple((block.name, tuple(block.shape)) for block in layout.blocks)


def same_state(one: Row, other: Row) -> bool:
    """Whether two rows tell the same, but for the time."""
    return (
        (one.step, one.lesson, one.shape) == (other.step, other.lesson, other.shape)
        and one.parameters.tobytes() == other.parameters.tobytes() and same_number(one.loss, other.loss)
    )  # fmt: skip


def same_number(one: float, other: float) -> bool:
    """Whether two numbers are the same; what is no number is the same as what is none."""
    return one == other or (math.isnan(one) and math.isnan(other))
