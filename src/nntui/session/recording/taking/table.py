"""The rows of a recording as a table of comma-separated values: a line each, which a spreadsheet and pandas read.

Its columns are known only at the end, when every network that was open has been met: until then the lines wait in a
file without a name.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TextIO

import numpy as np

from nntui.models.model import Layout
from nntui.session.recording.taking.computing import Row, Rows, Shape

FIRST = ("step", "epoch", "seconds", "beat", "loss", "test_loss")
TEST_LOSS = FIRST.index("test_loss")
TEXTS = ("lesson", "command", "mark")
_INDEX = re.compile(r"\[([0-9]+)\]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet begins a formula


class Table:
    """The lines so far, and the columns of weights and biases."""

    def __init__(self, spool: IO[str]) -> None:
        self.rows = 0
        self._spool = spool
        self._columns: dict[str, int] = {}
        self._widths: list[tuple[int, int]] = []  # from which row on there are so many cells of parameters
        self._places: dict[Shape, list[int] | None] = {}  # None: in the order in which they stand
        self._tested = False

    def add(self, row: Row, lesson: str, weights: bool) -> None:
        """Another row."""
        self._tested = self._tested or row.test_loss is not None
        test_loss = "" if row.test_loss is None else repr(row.test_loss)
        texts = [in_a_cell(text) for text in (lesson, row.words, row.mark)]
        numbers = f"{row.step},{row.epoch},{round(row.seconds, 6)!r},{row.beat},{row.loss!r},{test_loss}"
        cells = self._cells(row) if weights else []
        if not self._widths or self._widths[-1][1] != len(cells):
            self._widths.append((self.rows, len(cells)))
        self._spool.write(",".join([numbers, _quoted(texts), *cells]) + "\n")
        self.rows += 1

    def _cells(self, row: Row) -> list[str]:
        shape = row.shape
        if shape not in self._places:
            self._places[shape] = self._placed(row.layout)
        places, written = self._places[shape], [repr(value) for value in row.parameters.tolist()]
        if places is None:
            return written
        cells = [""] * (max(places) + 1)
        for place, value in zip(places, written, strict=True):
            cells[place] = value
        return cells

    def _placed(self, layout: Layout) -> list[int] | None:
        places = [self._columns.setdefault(name, len(self._columns)) for name in addresses(layout)]
        return None if places == list(range(len(places))) else places

    def write(self, out: TextIO) -> None:
        """All of it, every line with as many cells as there are columns."""
        first = [name for name in FIRST if self._tested or name != "test_loss"]
        names = list(self._columns)
        order = sorted(range(len(names)), key=lambda column: by_layers(names[column]))
        sorted_already = order == list(range(len(names)))
        out.write(",".join([*first, *TEXTS, *(names[column] for column in order)]) + "\n")
        widths = dict(self._widths)
        missing = ""
        self._spool.seek(0)
        for number, line in enumerate(self._spool):
            if number in widths:
                missing = "," * (len(self._columns) - widths[number])
            text = line.rstrip("\n") + missing
            if not self._tested:
                cells = text.split(",", TEST_LOSS + 1)  # those before it are numbers
                text = ",".join(cells[:TEST_LOSS] + cells[TEST_LOSS + 1 :])
            if not sorted_already:
                head, *cells = text.rsplit(",", len(names))
                text = ",".join([head, *(cells[column] for column in order)])
            out.write(text + "\n")


def write_table(rows: Rows, out: TextIO, folder: Path | None, told: Callable[[int, int], None]) -> int:
    """Compute a recording again, and write it as a table; returns how many rows it has.

    What waits lies in this folder, or where the system keeps what is temporary.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder) as spool:
        table = Table(spool)
        for row in rows.rows(told):
            table.add(row, rows.lessons[row.lesson].name, rows.weights)
        table.write(out)
    return table.rows


def addresses(layout: Layout) -> Iterator[str]:
    """The names of all parameters, in order."""
    for block in layout.blocks:
        for where in np.ndindex(tuple(block.shape)):
            yield block.name + "".join(f"[{index}]" for index in where)


def by_layers(name: str) -> tuple[int, bool, list[int]]:
    """What sorts the columns of several networks as those of one: layer by layer, weights before biases."""
    numbers = [int(number) for number in _INDEX.findall(name)]
    return numbers[0] if numbers else -1, not name.startswith("weights"), numbers


def in_a_cell(text: str) -> str:
    """A text that somebody else may have written, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _quoted(texts: list[str]) -> str:
    cell = io.StringIO()
    csv.writer(cell, lineterminator="").writerow(texts)
    return cell.getvalue()
