"""An array as what it is: a strip of memory, a shape, and strides.

The numbers lie in the strip one after another, whatever the shape. The strides say how far to go in the strip for one
step along each dimension, so that

    offset = start + index[0] * strides[0] + index[1] * strides[1] + ...

and an array can be looked at in another way by other strides, while no number moves: a transpose swaps two of them, a
slice multiplies one, a broadcast sets one to 0. What no strides can say needs a copy; `moved` tells what was moved.
Strides are counted in numbers here; numpy counts them in bytes.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST_NUMBERS = 1_000_000  # in one strip
MOST_ELEMENTS = 1_000_000_000  # of an array, several of which may be one number of the strip
MOST_DIMENSIONS = 6

Shape = tuple[int, ...]


class ArrayError(ValueError):
    """Something that this array cannot be made into; the text says why, in one sentence."""


@dataclass(frozen=True, eq=False)
class Array:
    """A strip of memory, which several arrays may share, and the way in which one of them reads it."""

    memory: Sequence[float]
    shape: Shape
    strides: Shape
    start: int = 0

    @property
    def size(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    def offset(self, index: Shape) -> int:
        """Where in the strip the element of an index lies."""
        return self.start + sum(place * stride for place, stride in zip(index, self.strides, strict=True))

    def element(self, index: Shape) -> float:
        """The element of an index."""
        return self.memory[self.offset(index)]


# ---------------------------------------------------------------- making one


def counted(shape: Shape) -> Array:
    """0, 1, 2 and so on, row by row; the numbers of a range take no room, however many they are."""
    check_shape(shape)
    return Array(range(check_strip(math.prod(shape))), shape, row_order(shape))


def filled(shape: Shape, numbers: Sequence[float]) -> Array:
    """These numbers, row by row; ArrayError where they are not as many as the shape asks for."""
    check_shape(shape)
    if len(numbers) != check_strip(math.prod(shape)):
        raise ArrayError(f"the shape {said(shape)} has {math.prod(shape):,} elements, not {len(numbers):,}")
    return Array(array("d", numbers), shape, row_order(shape))


def check_shape(shape: Shape) -> None:
    """Raise ArrayError where there is no such shape here."""
    if len(shape) > MOST_DIMENSIONS:
        raise ArrayError(f"an array here has at most {MOST_DIMENSIONS} dimensions, not {len(shape)}")
    if any(length < 1 for length in shape):
        raise ArrayError(f"each dimension has at least one element, which {said(shape)} has not")
    if math.prod(shape) > MOST_ELEMENTS:
        raise ArrayError(f"an array here has at most {MOST_ELEMENTS:,} elements, not {math.prod(shape):,}")


def check_strip(size: int) -> int:
    """Raise ArrayError where so many numbers are too many to lie in one strip here."""
    if size > MOST_NUMBERS:
        raise ArrayError(f"{size:,} numbers are too many to lay down here; the limit is {MOST_NUMBERS:,}")
    return size


def row_order(shape: Shape) -> Shape:
    """The strides of an array that lies row by row: the last index counts on by 1."""
    return tuple(math.prod(shape[dimension + 1 :]) for dimension in range(len(shape)))


def column_order(shape: Shape) -> Shape:
    """The strides of an array that lies column by column: the first index counts on by 1."""
    return tuple(math.prod(shape[:dimension]) for dimension in range(len(shape)))


# ---------------------------------------------------------------- other ways to look at it: no number moves


def transpose(a: Array, order: Shape = ()) -> Array:
    """Its dimensions in another order; the other way round where none is given."""
    order = order or tuple(range(len(a.shape)))[::-1]
    if sorted(order) != list(range(len(a.shape))):
        known = ", ".join(str(dimension) for dimension in range(len(a.shape)))
        raise ArrayError(
            f"a transpose names each of the dimensions {known or 'that there are'} once, not {said(order)}"
        )
    return replace(a, shape=tuple(a.shape[d] for d in order), strides=tuple(a.strides[d] for d in order))


def slice_(a: Array, parts: Sequence[int | slice]) -> Array:
    """A part of it: for each dimension from the first one index, which takes it away, or a range of them."""
    if len(parts) > len(a.shape):
        raise ArrayError(f"there are {len(parts)} parts for {_dimensions(len(a.shape))}")
    start, shape, strides = a.start, [], []
    for dimension, (part, length, stride) in enumerate(zip(parts, a.shape, a.strides, strict=False)):
        if isinstance(part, int):
            start += stride * place_in(part, length, dimension)
            continue
        first, step, count = _taken(part, length, dimension)
        start += stride * first
        shape.append(count)
        strides.append(stride * step)
    rest = len(parts)
    return replace(a, shape=(*shape, *a.shape[rest:]), strides=(*strides, *a.strides[rest:]), start=start)


def place_in(index: int, length: int, dimension: int) -> int:
    """An index within a dimension; a negative one counts from its end."""
    if not -length <= index < length:
        raise ArrayError(f"dimension {dimension} goes from 0 to {length - 1:,}; there is no {index:,}")
    return index % length


def _taken(part: slice, length: int, dimension: int) -> tuple[int, int, int]:
    """The first index that a slice takes, its step, and how many it takes."""
    if part.step == 0:
        raise ArrayError("a slice that goes on by 0 never ends; its step is 1, 2, ... or, backwards, -1, -2, ...")
    for end in (part.start, part.stop):
        if end is not None and not -length <= end <= length:
            raise ArrayError(f"dimension {dimension} goes from 0 to {length - 1:,}; the slice goes to {end:,}")
    first, end, step = part.indices(length)
    count = len(range(first, end, step))
    if not count:
        raise ArrayError(f"the slice takes none of the {length:,} in dimension {dimension}")
    return first, step, count


def broadcast(a: Array, shape: Shape) -> Array:
    """The same elements again and again, up to a larger shape: a step along what repeats goes on by 0."""
    check_shape(shape)
    new = len(shape) - len(a.shape)
    if new < 0:
        raise ArrayError(f"a broadcast adds dimensions; {said(shape)} has fewer than {said(a.shape)}")
    strides = [0] * new
    for dimension, (length, stride) in enumerate(zip(a.shape, a.strides, strict=True)):
        wanted = shape[new + dimension]
        if length not in (1, wanted):
            raise ArrayError(
                f"{said(a.shape)} does not stretch to {said(shape)}: only a dimension of 1 repeats, and {length:,} is "
                f"to become {wanted:,}"
            )
        strides.append(stride if length == wanted else 0)
    return replace(a, shape=shape, strides=tuple(strides))


def reshape(a: Array, shape: Shape) -> Array:
    """Its elements, as they are read row by row, in another shape: a view where strides can say it, else a copy."""
    shape = fitted(shape, a.size)
    check_shape(shape)
    if math.prod(shape) != a.size:
        raise ArrayError(f"{said(shape)} has {math.prod(shape):,} elements, and {said(a.shape)} has {a.size:,}")
    strides = strides_of(a, shape)
    return copy(a, shape) if strides is None else replace(a, shape=shape, strides=strides)


def fitted(shape: Shape, size: int) -> Shape:
    """A shape in which a single -1 stands for what is left."""
    if -1 not in shape:
        return shape
    known = math.prod(length for length in shape if length != -1)
    if shape.count(-1) > 1:
        raise ArrayError("only one dimension can be -1, for what is left over by the others")
    if known < 1 or size % known:
        raise ArrayError(f"{size:,} elements do not fill {said(shape)}: {known:,} does not divide them")
    return tuple(size // known if length == -1 else length for length in shape)


def strides_of(a: Array, shape: Shape) -> Shape | None:
    """The strides with which the same strip reads as another shape; None where there are none.

    Dimensions through which the strip is gone in even steps are one long run; each run is cut into new dimensions,
    from its end. A new dimension that reaches over the end of a run finds no stride.
    """
    runs: list[tuple[int, int]] = []  # length, stride
    for length, stride in zip(a.shape, a.strides, strict=True):
        if length == 1:
            continue
        if runs and runs[-1][1] == length * stride:
            runs[-1] = (runs[-1][0] * length, stride)
        else:
            runs.append((length, stride))
    left, stride, strides = 1, 1, []
    for length in reversed(shape):
        if left == 1 and length > 1:
            left, stride = runs.pop()
        if left % length:
            return None
        strides.append(stride)
        left, stride = left // length, stride * length
    return tuple(reversed(strides))


# ---------------------------------------------------------------- copies: numbers move


def flatten(a: Array) -> Array:
    """Its elements in one row, as they are read row by row."""
    return reshape(a, (a.size,))


def ordered(a: Array, by_columns: bool) -> Array:
    """The same array, its elements laid down row by row or column by column; itself where they lie so."""
    strides = column_order(a.shape) if by_columns else row_order(a.shape)
    lies_so = all(length == 1 or s == t for length, s, t in zip(a.shape, a.strides, strides, strict=True))
    if lies_so:
        return a
    if not by_columns:
        return copy(a, a.shape)
    return transpose(copy(transpose(a), a.shape[::-1]))


def copy(a: Array, shape: Shape) -> Array:
    """Its elements in a strip of their own, in the order in which they are read."""
    check_strip(a.size)
    memory = a.memory
    return Array(array("d", [memory[place] for place in offsets(a)]), shape, row_order(shape))


def offsets(a: Array) -> list[int]:
    """Where the elements lie in the strip, in the order in which they are read: the last index counts fastest."""
    places = [a.start]
    for length, stride in zip(a.shape, a.strides, strict=True):
        places = [place + index * stride for place in places for index in range(length)]
    return places


def moved(before: Array, after: Array) -> int:
    """How many numbers an operation moved: none, or all elements into another strip."""
    return 0 if after.memory is before.memory else after.size


# ---------------------------------------------------------------- in words


def said(shape: Shape) -> str:
    """A shape: "3 by 4", or of one dimension "12"."""
    return " by ".join(f"{length:,}" for length in shape) if shape else "of a single number"


def _dimensions(count: int) -> str:
    return f"{count} dimension{'' if count == 1 else 's'}"
