"""The sentences of arrays: shape and strides, whether a number moved, how an offset is made; products; stages."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from nntui import messages as m
from nntui.sentences.numbers import Voice, capital, plural

MOST_WHOLE = 1e15  # up to which whole numbers are written with all of their digits
FEW_NUMBERS = 8  # of a row are said
FEW_TERMS = 6  # of a cell are said one by one

LEFT = {"stage 1": "four loops", "stage 2": "sources folded", "stage 3": "neurons folded", "stage 4": "samples folded"}
TIMES = ((1.0, "seconds"), (1e-3, "milliseconds"), (1e-6, "microseconds"))


def shape(lengths: Sequence[int]) -> str:
    """ "3 by 4"."""
    return " by ".join(f"{length:,}" for length in lengths) if lengths else "a single number"


def made(fact: m.ArrayMade, v: Voice) -> list[str]:
    """What was done: the array that it made, the element that it came to, or the multiply-add."""
    if fact.what == "product" and fact.view.product is not None:
        return _progress(fact.view, fact.view.product, v)
    if fact.what == "element":
        return [_element(fact.view, v)]
    return [_made(fact.view, v), fact.view.note if v.detail != "brief" else ""]


def tensor(r: m.TensorView, v: Voice) -> list[str]:
    """All that is to be seen of an array, what made it first."""
    lines = [_made(r, v)]
    if r.product is not None:
        lines = _progress(r, r.product, v)
    lines += [_element(r, v), _jumps(r, v), _memory(r, v)]
    where = f"Slice {', '.join(map(str, r.slices))}, row" if r.slices else "Row"
    for number, (row, offsets) in enumerate(zip(r.rows, r.offsets, strict=True), start=r.first[0]):
        if r.product is None:
            places = _listed([f"{place:,}" for place in offsets], v)
            lines.append(f"{where} {number}{_from(r)}: {_numbers(row, v)}; offsets {places}.")
    if r.product is not None and v.detail == "full":
        lines += _matrices(r.product, v)
    return [*lines, r.note]


def _made(r: m.TensorView, v: Voice) -> str:
    """The shape and the strides, and what moved."""
    each = _and([v.count(stride) for stride in r.strides])
    strides = f", {'stride' if len(r.strides) == 1 else 'strides'} {each}" if r.strides else ""
    start = f", from offset {r.offset:,}" if r.offset else ""
    said = f"{capital(_spoken(r.made_by))}: shape {shape(r.shape)}{strides}{start}."
    if re.match(r"\d", r.made_by):
        return f"Shape {shape(r.shape)}{strides}. {plural(r.strip_length, 'number')} in memory."
    moved = f"A copy: {plural(r.moved, 'number')} moved." if r.copied else "A view: no number moved."
    return f"{said} {moved}"


def _spoken(made_by: str) -> str:
    """The words that made an array, as one says them: "reshape", for the shape is told, "weights of layer 1"."""
    word, *rest = made_by.split()
    if word == "slice" and rest:
        return f"slice {', '.join(_part(part) for part in rest)}"
    if word in ("reshape", "broadcast"):
        return word
    return f"weights of layer {rest[0]}" if word == "weights" and rest else made_by


def _part(part: str) -> str:
    """A part of a slice: "1:6:2" is "1 to 6 by 2"."""
    start, *more = part.split(":")
    if not more:
        return start
    end, step = (*more, "")[:2]
    by = f" by {step}" if step else ""
    return (f"{start or 'start'} to {end or 'end'}" if start or end else "all") + by


def _element(r: m.TensorView, v: Voice) -> str:
    """How the offset of the element looked at is made from its index."""
    if not r.element:
        return f"It is {exact(r.value, v)}, at offset {r.place:,}."
    parts = [f"{index:,} times {v.number(stride)}" for index, stride in r.sum]
    start = [f"{r.offset:,} from the start"] if r.offset else []
    index = ", ".join(f"{place:,}" for place in r.element)
    return f"Element {index} is {exact(r.value, v)}: {' plus '.join([*start, *parts])} is offset {r.place:,}."


def _jumps(r: m.TensorView, v: Voice) -> str:
    """How far it is to the next column and row, and to the next row when one has been read."""
    if not r.shape:
        return ""
    across, down, back = (v.number(jump) for jump in r.jumps)
    if len(r.shape) == 1:
        return f"One column on is {across} further in memory."
    again = _and(
        [str(dimension) for dimension, stride in enumerate(r.strides) if not stride and r.shape[dimension] > 1]
    )
    repeats = f" Stride 0: dimension {again} is the same numbers again." if again else ""
    return (
        f"One column on is {across} further in memory, one row on {down}; from the end of a row to the next it is "
        f"{back}.{repeats}"
    )


def _memory(r: m.TensorView, v: Voice) -> str:
    first = f", from offset {r.strip_first:,}" if r.strip_first else ""
    left = r.strip_length - r.strip_first - len(r.strip)
    more = f" and {left:,} more" if left and v.detail == "full" else ""
    return f"Memory, {plural(r.strip_length, 'number')}{first}: {_numbers(r.strip, v)}{more}."


def _from(r: m.TensorView) -> str:
    return f", from column {r.first[1]:,}" if r.first[1] else ""


# ---------------------------------------------------------------- products


def _progress(r: m.TensorView, p: m.ProductStep, v: Voice) -> list[str]:
    """How far a product has come: the cell in hand, and what has been added up in it."""
    length = len(p.right)
    done = sum(cell is not None for row in p.done for cell in row)
    cell = f"Row {p.row}, column {p.column}"
    if not p.terms:
        left, right = shape((len(p.left), length)), shape((length, len(p.right[0])))
        return [
            f"{capital(p.left_name)}, {left}, times {p.right_name}, {right}: {plural(p.cells, 'cell')}, each of "
            f"{plural(length, 'multiply-add')}.",
            r.note,
        ]
    if len(p.terms) < length:
        one, other = p.terms[-1]
        return [
            f"{cell}, term {len(p.terms):,} of {length:,}: {v.number(one)} times {v.number(other)}; "
            f"that makes {v.number(p.total)}."
        ]  # fmt: skip
    few = p.terms if v.detail == "full" else p.terms[:FEW_TERMS]
    said = ", plus ".join(f"{v.number(one)} times {v.number(other)}" for one, other in few)
    more = f", and {length - len(few):,} more terms" if len(few) < length else ""
    lines = [f"{cell} is {v.number(p.total)}: {said}{more}.", f"{done:,} of {plural(p.cells, 'cell')} done."]
    return [*lines, r.note] if done == p.cells else lines


def _matrices(p: m.ProductStep, v: Voice) -> list[str]:
    """Both factors and the result, row by row."""
    lines = [f"{capital(p.left_name)}, row {i}: {_numbers(row, v)}." for i, row in enumerate(p.left)]
    lines += [f"{capital(p.right_name)}, row {i}: {_numbers(row, v)}." for i, row in enumerate(p.right)]
    for i, row in enumerate(p.done):
        known = tuple(cell for cell in row if cell is not None)
        lines.append(f"Result, row {i}: {_numbers(known, v)}." if known else "")
    return lines


# ---------------------------------------------------------------- stages


def stages(r: m.StagesView, v: Voice) -> list[str]:
    """What each stage costs, and how far its answers are from those of the stage before."""
    said = "; ".join(f"{name}, {LEFT.get(name, name)}, {duration(seconds, v)}" for name, _, seconds in r.stages)
    off = [difference for _, difference, _ in r.stages[1:]]
    if all(difference == 0 for difference in off):
        same = "Each gives exactly what the one before it gives."
    else:
        largest = next((each for each in off if math.isnan(each)), max(off))
        same = f"Each gives what the one before it gives, but for {v.number(largest)} at most."
    (first, _, slow), (last, _, fast) = r.stages[0], r.stages[-1]
    head = f"{plural(r.samples, 'sample')}: {last} at {v.number(_pace(slow, fast))} times the pace of {first}."
    lines = [f"{head} {same}", f"{capital(said)}.", "The best of several runs, measured on this machine now."]
    return [*lines, *_stage_by_stage(r, v)] if v.detail == "full" else lines


def _stage_by_stage(r: m.StagesView, v: Voice) -> list[str]:
    """The pace and the difference of each stage but the first."""
    lines = []
    for (before, _, _), (name, off, seconds) in pairwise(r.stages):
        pace = v.number(_pace(r.stages[0][2], seconds))
        lines.append(
            f"{capital(name)}: {pace} times the pace of {r.stages[0][0]}; differs from {before} by "
            f"{v.number(off)} at most."
        )
    return lines


def _pace(before: float, after: float) -> float:
    """How many times as fast, to two digits: more of it is chance."""
    return float(f"{before / after:.2g}") if after > 0 else math.inf


def duration(seconds: float, v: Voice) -> str:
    """A time in a unit that suits it, to three digits: more of it is chance."""
    unit, name = next(((unit, name) for unit, name in TIMES if seconds >= unit), TIMES[-1])
    return f"{v.number(float(f'{seconds / unit:.3g}'))} {name}"


# ---------------------------------------------------------------- lists


def exact(value: float, v: Voice) -> str:
    """A number; a whole one with all of its digits, for those that are counted off must differ."""
    return v.number(int(value) if value.is_integer() and abs(value) < MOST_WHOLE else value)


def _numbers(values: tuple[float, ...], v: Voice) -> str:
    few = values if v.detail == "full" else values[:FEW_NUMBERS]
    said = ", ".join(exact(value, v) for value in few)
    return said if len(few) == len(values) else f"{said} and {len(values) - len(few):,} more"


def _listed(texts: list[str], v: Voice) -> str:
    return ", ".join(texts if v.detail == "full" else texts[:FEW_NUMBERS])


def _and(texts: list[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
