"""A CSV of your own: columns of numbers, used as they are; and any data set written as one.

`read_table` believes nothing: a file may be huge, binary, ragged, or no file at all. Whatever is wrong becomes a
DataError whose one sentence says where it is and what would be right.
"""

from __future__ import annotations

import csv
import io
import math
import re
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from nntui.data.dataset import TWO_CLASSES, DataError, Dataset, FloatArray, IntArray
from nntui.data.file import read_text, shown_name
from nntui.text import SHOWN, clean, did_you_mean

MOST_ROWS = 100_000
MOST_COLUMNS = 1_024
MOST_CHARACTERS = 100  # of a number or a column's name
NAMES_SHOWN = 8

# What float() takes beyond this is no number of a table: 1_000, nan, infinity, digits of other scripts.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


# ---------------------------------------------------------------- reading


def read_table(path: Path, inputs: Sequence[str], targets: Sequence[str]) -> Dataset:
    """Read the named columns of a CSV file: commas, UTF-8, the first line names the columns.

    The columns are taken as they stand, as inputs (rows, len(inputs)) and targets (rows, len(targets)); the classes
    are read off the targets, see `classes_of`. Raises DataError with one sentence for whatever is wrong.
    """
    shown = shown_name(path)
    rows = _rows(read_text(path), shown)
    line, header = next(rows, (1, []))
    top = f"{shown}:{line}"
    names = _column_names(header, top)
    input_names, target_names = _tidy_all(inputs), _tidy_all(targets)
    wanted = _places(names, "input", input_names, top) + _places(names, "target", target_names, top)
    table = _numbers(rows, names, wanted, shown)
    outputs = np.ascontiguousarray(table[:, len(inputs) :])
    labels, classes = classes_of(outputs, target_names)
    return Dataset(
        name=shown,
        inputs=np.ascontiguousarray(table[:, : len(inputs)]),
        targets=outputs,
        labels=labels,
        classes=classes,
        input_names=input_names,
        target_names=target_names,
        as_they_are=True,
    )


def classes_of(targets: FloatArray, names: tuple[str, ...]) -> tuple[IntArray | None, tuple[str, ...]]:
    """Return the class index of each row, shape (rows,), and the classes' names, or (None, ()) for regression.

    One column of nothing but -1 and 1, or of 0 and 1, is two classes; several columns with exactly one 1 a row, and 0
    elsewhere, are one class a column, named by it.
    """
    if targets.shape[1] > 1:
        is_one_hot = np.isin(targets, (0.0, 1.0)).all() and (targets.sum(axis=1) == 1.0).all()
        return (targets.argmax(axis=1).astype(np.int64), names) if is_one_hot else (None, ())
    for low, classes in ((-1.0, TWO_CLASSES), (0.0, ("0", "1"))):
        if np.isin(targets, (low, 1.0)).all():
            return (targets[:, 0] == 1.0).astype(np.int64), classes
    return None, ()


def _rows(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line where it starts, and the fields, of each row; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(f"{shown}:{line}: the row cannot be read ({error}); check its quotation marks") from None
        if fields:
            yield line, fields


def _column_names(header: list[str], top: str) -> tuple[str, ...]:
    """Return the names of the columns; a column without a name is allowed, since nobody can ask for it."""
    if not header:
        raise DataError(f"{top}: the file is empty; its first line must name the columns")
    if len(header) > MOST_COLUMNS:
        raise DataError(f"{top}: there are {len(header):,} columns; a table has at most {MOST_COLUMNS:,}")
    for name in header:
        if len(name) > MOST_CHARACTERS:
            start = clean(name, SHOWN)
            raise DataError(f"{top}: a column's name has at most {MOST_CHARACTERS} characters, unlike '{start}'")
    names = _tidy_all(header)
    if not any(names):
        raise DataError(f"{top}: no column has a name; the first line must name the columns")
    twice = _first_repeated([name for name in names if name])
    if twice is not None:
        raise DataError(f"{top}: two columns are called '{clean(twice, SHOWN)}'; give each a name of its own")
    return names


def _places(names: tuple[str, ...], role: str, wanted: tuple[str, ...], top: str) -> list[int]:
    """Return the place in the table of each column wanted as input or target."""
    if not wanted:
        raise DataError(f"{top}: no {role} column is asked for; name at least one of {_listed(names)}")
    twice = _first_repeated(wanted)
    if twice is not None:
        raise DataError(f"{top}: the {role} column '{clean(twice, SHOWN)}' is asked for twice; name it once")
    for name in wanted:
        if not name or name not in names:
            hint = did_you_mean(name, filter(None, names)) or _why_missing(names)
            raise DataError(f"{top}: there is no column '{clean(name, SHOWN)}'; there is {_listed(names)}{hint}")
    return [names.index(name) for name in wanted]


def _why_missing(names: tuple[str, ...]) -> str:
    """Return a hint for two common mistakes: another separator, and no header at all."""
    if len(names) == 1 and re.search(r"[;|\ufffd]", names[0]):  # a cleaned tab is U+FFFD
        return "; columns are separated by commas"
    if all(_NUMBER.fullmatch(name) for name in names):
        return "; the first line must name the columns"
    return ""


def _numbers(
    rows: Iterator[tuple[int, list[str]]], names: tuple[str, ...], wanted: list[int], shown: str
) -> FloatArray:
    """Return the wanted columns of all rows, shape (rows, len(wanted)); the columns that nobody wants may hold text."""
    values = array("d")  # 8 bytes a number, where a list of floats takes 32
    count = 0
    for line, fields in rows:
        count += 1
        if count > MOST_ROWS:
            raise DataError(f"{shown}:{line}: there are more than {MOST_ROWS:,} rows; keep fewer")
        if len(fields) != len(names):
            has = "1 field" if len(fields) == 1 else f"{len(fields):,} fields"
            raise DataError(f"{shown}:{line}: the row has {has}; it needs {len(names):,}, as many as the first line")
        for place in wanted:
            value = _number(fields[place])
            if value is None:
                where = f"{shown}:{line}: column '{clean(names[place], SHOWN)}'"
                raise DataError(f"{where} {_why_no_number(fields[place])}")
            values.append(value)
    if count == 0:
        raise DataError(f"{shown}:1: there are no rows below the names of the columns; put at least one there")
    return np.array(values, dtype=np.float64).reshape(count, len(wanted))


def _number(field: str) -> float | None:
    """Parse one field, blanks around it allowed; None if it is no finite number."""
    text = field.strip()
    if len(text) > MOST_CHARACTERS or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _why_no_number(field: str) -> str:
    """Return the end of the sentence about a field that `_number` did not take."""
    text, start = field.strip(), clean(field.strip(), SHOWN)
    if not text:
        return "is empty; every row needs a number there"
    if len(text) > MOST_CHARACTERS:
        return f"holds {len(text):,} characters, '{start}'; a number has at most {MOST_CHARACTERS}"
    if _NOT_FINITE.fullmatch(text):
        return f"holds '{start}'; a number must be finite"
    if _NUMBER.fullmatch(text):
        return f"holds '{start}', which is too large; the largest number is about 1.8e308"
    return f"holds '{start}', which is no number; write numbers like 3, -0.5 or 2e-3"


def _tidy_all(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as they are compared and shown: without control characters and without blanks at the ends."""
    return tuple(clean(name.strip()) for name in names)


def _first_repeated(names: Sequence[str]) -> str | None:
    """Return the first name that has occurred before."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _listed(names: tuple[str, ...]) -> str:
    """Return the first few names for a sentence, and how many more there are."""
    named = [name for name in names if name]
    quoted = ", ".join(f"'{clean(name, SHOWN)}'" for name in named[:NAMES_SHOWN])
    more = len(named) - NAMES_SHOWN
    return f"{quoted} and {more:,} more" if more > 0 else quoted


# ---------------------------------------------------------------- writing


def to_csv(dataset: Dataset) -> Iterator[str]:
    r"""Yield the lines of a CSV file, each with its "\n": the names of the columns, then one line a sample.

    Numbers are written as `repr` writes them, so `read_table` gets them back to the bit. A column that is input and
    target at once (a table read so) is written once.
    """
    new = [place for place, name in enumerate(dataset.target_names) if name not in dataset.input_names]
    yield _line([*dataset.input_names, *(dataset.target_names[place] for place in new)])
    for inputs, targets in zip(dataset.inputs.tolist(), dataset.targets[:, new].tolist(), strict=True):
        yield _line([repr(value) for value in inputs + targets])


def _line(fields: Sequence[str]) -> str:
    """Return one line of CSV; a name with a comma or a quotation mark in it is quoted."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(fields)
    return line.getvalue()
