"""An array as what it is: a strip of memory with a shape and strides."""

from __future__ import annotations

import math
from typing import Literal

from nntui.messages.base import *


class TensorView(Message, frozen=True):
    """The array at hand, how it lies in memory, and what made it.

    Strides are counted in numbers, not bytes. `rows` are its numbers as they are read, a row each (of more than two
    dimensions the last two, `slices` names which); `offsets` their places in the strip. Of what is large, both the
    strip and the rows hold what lies around the element looked at: `strip_first` and `first` say where they begin.
    """

    made_by: str  # such as "transpose"
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int
    strip: tuple[float, ...]  # the memory (the first of much)
    strip_length: int
    rows: tuple[tuple[float, ...], ...]
    offsets: tuple[tuple[int, ...], ...]
    copied: bool  # whether the last operation copied the numbers
    moved: int  # how many numbers it moved
    element: tuple[int, ...] = ()  # the index looked at
    sum: tuple[tuple[int, int], ...] = ()  # index and stride by dimension, whose products add up to its offset
    note: str = ""
    product: ProductStep | None = None
    strip_first: int = 0  # the offset of the first number of `strip`
    first: tuple[int, int] = (0, 0)  # the row and column of the first of `rows`
    slices: tuple[int, ...] = ()  # the indices of the dimensions before the last two

    @property
    def place(self) -> int:
        """The offset of the element looked at."""
        return self.offset + sum(index * stride for index, stride in self.sum)

    @property
    def value(self) -> float:
        """The element looked at."""
        return self.strip[self.place - self.strip_first]

    @property
    def size(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    @property
    def jumps(self) -> tuple[int, int, int]:
        """How far it is in the strip to the next column, to the next row, and from the end of a row to the next one."""
        across, columns = (self.strides[-1], self.shape[-1]) if self.shape else (0, 1)
        down = self.strides[-2] if len(self.shape) > 1 else 0
        return across, down, down - (columns - 1) * across


class ProductStep(Message, frozen=True):
    """One cell of a matrix product: a row of the left, a column of the right, and the sum so far."""

    left: tuple[tuple[float, ...], ...]
    right: tuple[tuple[float, ...], ...]
    done: tuple[tuple[float | None, ...], ...]
    row: int
    column: int
    terms: tuple[tuple[float, float], ...]
    total: float
    cells: int
    left_name: str = "left"
    right_name: str = "right"


class StagesView(Message, frozen=True):
    """The stages of folding a loop into arrays: what each gives, how far that is from the one before, how long it took.

    (name, largest difference from the stage before, seconds for the same work, the best of several)
    """

    samples: int
    stages: tuple[tuple[str, float, float], ...]


class ArrayMade(Message, frozen=True):
    """An array was made, or another element of it looked at, or a product carried on."""

    what: Literal["array", "element", "product"]
    view: TensorView
