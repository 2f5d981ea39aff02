"""An array as what it is: a strip of memory with a shape and strides."""

from __future__ import annotations

from nntui.messages.base import *


class TensorView(Message, frozen=True):
    """The array at hand, how it lies in memory, and what made it.

    Strides are counted in numbers, not bytes. `rows` are its numbers as they are read, a row each (of more than two
    dimensions the last two, `slices` names which); `offsets` their places in the strip.
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
