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
from nntui.session.recording.taking.moments import Moment, Moments, apart
from nntui.session.recording.way import Way
from nntui.session.subject import Desk
from nntui.text import clean

MOST_ROWS = 1_000_000  # about as many as a spreadsheet opens
MOST_NUMBERS = 20_000_000  # weights and biases in all rows together: about 400 MB of text
MOST_WORDS = 1_000  # characters of the commands of a row
SOON = 20.0  # seconds of training that are gone through; of more, keyframes bring near what is told
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
        self.differing: list[Row] = []  # the first at which another loss comes out than was told
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
        missed = -1  # the line on the way to which nothing more is found
        way = self._way
        for moment in self.moments:
            on_the_way = moment.step is not None
            self._ahead -= on_the_way
            if on_the_way and moment.taken == missed:
                continue
            if way.taken > moment.taken:
                continue  # it lay in a past that is not known
            way.stand(moment.taken, moment.step, self._through)
            told(moment.taken, len(self.timeline.lines))
            words += [moment.words] if moment.words else []
            desk = way.session.desk
            if desk is None or way.taken > moment.taken or way.lost:
                continue
            if on_the_way and desk.training.step != moment.step:
                missed = moment.taken
                continue
            row = self._row(moment, desk, words)
            if on_the_way or moment.mark or self._is_new(row):
                self._count(row)
                words.clear()
                self._last = row
                yield row
        if self._last is None:
            raise RecordingError(f"nothing is open in {self.source.name} that could be computed again")

    def _row(self, moment: Moment, desk: Desk, words: list[str]) -> Row:
        run, model = desk.training, desk.model
        opened = bisect_left(self.timeline.opened, moment.taken)
        if opened != self._opened:
            self._opened = opened
            self.lessons.append(lesson_of(desk, moment.seconds))
        computed = run.loss()
        row = Row(
            run.step, run.epoch, moment.seconds, self._way.session.lesson.beat,
            computed if moment.loss is None else moment.loss,
            model.loss(run.parameters, "test") if model.test_samples else None,
            len(self.lessons) - 1, run.parameters.copy(), model.layout, moment.mark,
            clean("; ".join(words), MOST_WORDS),
        )  # fmt: skip
        if moment.exact and not same_number(computed, row.loss) and not self.differing:
            self.differing.append(row)
        return row

    def _is_new(self, row: Row) -> bool:
        """Whether anything of what a row tells is other than in the last one, but for the time."""
        last = self._last
        return (
            last is None or (row.step, row.lesson, row.shape) != (last.step, last.lesson, last.shape)
            or row.parameters.tobytes() != last.parameters.tobytes() or not same_number(row.loss, last.loss)
        )  # fmt: skip

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


def same_number(one: float, other: float) -> bool:
    """Whether two numbers are the same; what is no number is the same as what is none."""
    return one == other or (math.isnan(one) and math.isnan(other))
