"""The array at hand and how it was made: what the words behind `tensor` do to it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nntui.tensor import strided
from nntui.tensor.product import Product, product
from nntui.tensor.strided import Array, ArrayError, Shape, said
from nntui.text import clean, did_you_mean

MOST_OPERATIONS = 50  # on one array, one after another
MOST_COPIED = 4_000_000  # numbers of the arrays that `back` can go back to
NONE = "there is no array yet; `tensor 3 4` makes one of 3 rows and 4 columns"


@dataclass(frozen=True, eq=False)
class Bench:
    """An array, the words that made it, and the array that it was made from."""

    words: tuple[str, ...]
    array: Array
    element: Shape  # the index looked at
    moved: int = 0  # how many numbers the words moved
    before: Bench | None = None
    product: Product | None = None
    names: tuple[str, str] = ("left", "right")  # of what is multiplied
    note: str = ""
    taken: bool = False  # whether its numbers come from the network

    @property
    def source(self) -> Bench:
        """The first of the arrays that this was made from."""
        found = self
        while found.before is not None:
            found = found.before
        return found

    @property
    def chain(self) -> list[Bench]:
        """From the first to this."""
        found, each = [self], self
        while each.before is not None:
            each = each.before
            found.append(each)
        return found[::-1]

    @property
    def bytes(self) -> dict[int, int]:
        """How much memory the strips take that were filled, by their identity: a strip may be shared."""
        strips = [each.array.memory for each in self.chain]
        return {id(strip): 8 * len(strip) for strip in strips if not isinstance(strip, range)}


# ---------------------------------------------------------------- making one


def counted(words: Sequence[str]) -> Bench:
    """0, 1, 2 and so on in a shape."""
    array = strided.counted(shape_of(words))
    return Bench(tuple(words), array, _zeros(array), note="Counted from 0, row by row.")


def multiplied(words: Sequence[str], left: Array, right: Array, names: tuple[str, str], note: str = "") -> Bench:
    """Two matrices about to be multiplied."""
    begun = product(left, right)
    return Bench(tuple(words), _result(begun), (0, 0), product=begun, names=names, note=note)


def counted_product(words: Sequence[str]) -> Bench:
    """`product 2 3 4`: 2 by 3 numbers times 3 by 4 numbers, both counted from 0."""
    shape = shape_of(words[1:])
    if len(shape) != 3:
        raise ArrayError("a product of your own is written tensor product 2 3 4: 2 by 3 numbers times 3 by 4 numbers")
    rows, terms, columns = shape
    left, right = strided.counted((rows, terms)), strided.counted((terms, columns))
    return multiplied(words, left, right, ("left", "right"), "Both are counted from 0, row by row.")


# ---------------------------------------------------------------- what the words do


def obeyed(bench: Bench | None, words: Sequence[str]) -> Bench:
    """What becomes of the array at hand; ArrayError with a sentence where that cannot be."""
    if bench is None:
        raise ArrayError(NONE)
    name, rest = words[0], list(words[1:])
    if name == "back" and not (bench.product and bench.product.done):
        return _back(bench, rest)
    if bench.product is not None and name in _STEPS:
        return _stepped(bench, bench.product, name, rest)
    if name in _MOVES:
        return replace(bench, element=_MOVES[name](bench, rest))
    if name in OPERATIONS:
        return _operated(bench, name, rest)
    if name in _STEPS:
        raise ArrayError("no product is under way; `tensor product` multiplies the inputs and the first weights")
    known = ("weights", "inputs", "product", "back", *OPERATIONS, *_MOVES, *_STEPS)
    hint = did_you_mean(name, known) or "; `help tensor` lists what it knows"
    raise ArrayError(f"tensor knows no '{clean(name, 40)}'{hint}")


def _back(bench: Bench, rest: list[str]) -> Bench:
    if rest or bench.before is None:
        raise ArrayError("there is no array before this one; it is the one that was made first")
    return bench.before


def _operated(bench: Bench, name: str, rest: list[str]) -> Bench:
    """The array after one operation, and the element looked at where it now stands, as far as it is still there."""
    if bench.product is not None and bench.product.done < bench.product.all:
        raise ArrayError("the product is not done; `tensor rest` adds up what is left, then the result is at hand")
    if len(bench.chain) > MOST_OPERATIONS:
        raise ArrayError(f"{MOST_OPERATIONS} operations on one array are the limit; `tensor 3 4` makes a new one")
    array = OPERATIONS[name](bench.array, rest)
    moved = strided.moved(bench.array, array)
    if moved and sum(bench.bytes.values()) + 8 * moved > 8 * MOST_COPIED:
        raise ArrayError(f"more than {MOST_COPIED:,} numbers would be kept; `tensor back` lets go of a copy")
    return Bench((name, *rest), array, _element_after(bench, name, rest, array.shape), moved, bench)


def _element_after(bench: Bench, name: str, rest: list[str], shape: Shape) -> Shape:
    """The index of the number looked at where it is as easily found again; else that of the first element."""
    if name == "transpose":
        order = [whole(part, "a dimension") for part in rest] or list(range(len(shape)))[::-1]
        return tuple(bench.element[dimension] for dimension in order)
    if name in ("reshape", "flatten"):  # another shape is read in the same order
        return index_of(turn_of(bench.element, bench.array.shape), shape)
    return bench.element if name == "order" else (0,) * len(shape)


# ---------------------------------------------------------------- operations


def _transpose(a: Array, rest: list[str]) -> Array:
    return strided.transpose(a, tuple(whole(part, "a dimension") for part in rest))


def _reshape(a: Array, rest: list[str]) -> Array:
    return strided.reshape(a, shape_of(rest))


def _slice(a: Array, rest: list[str]) -> Array:
    if not rest:
        raise ArrayError("a slice is written tensor slice 0:2 1:3, a part for each dimension from the first")
    return strided.slice_(a, [_part(part) for part in rest])


def _part(text: str) -> int | slice:
    """`1`, `0:2`, `:`, `::-1`."""
    if ":" not in text:
        return whole(text, "a part of a slice")
    ends = text.split(":")
    if len(ends) > 3:
        raise ArrayError(f"a part of a slice is written 1, 0:2 or 0:4:2, not '{clean(text, 40)}'")
    return slice(*(whole(end, "an end of a slice") if end else None for end in ends))


def _broadcast(a: Array, rest: list[str]) -> Array:
    return strided.broadcast(a, shape_of(rest))


def _flatten(a: Array, rest: list[str]) -> Array:
    if rest:
        raise ArrayError("flatten stands alone: tensor flatten")
    return strided.flatten(a)


def _order(a: Array, rest: list[str]) -> Array:
    if rest not in (["row"], ["column"]):
        raise ArrayError("an order is tensor order row or tensor order column")
    return strided.ordered(a, rest == ["column"])


OPERATIONS: dict[str, Callable[[Array, list[str]], Array]] = {
    "transpose": _transpose,
    "reshape": _reshape,
    "slice": _slice,
    "broadcast": _broadcast,
    "flatten": _flatten,
    "order": _order,
}


# ---------------------------------------------------------------- the element looked at


def _element(bench: Bench, rest: list[str]) -> Shape:
    shape = bench.array.shape
    if len(rest) != len(shape):
        raise ArrayError(f"the shape is {said(shape)}: an element has {len(shape)} of its indices, not {len(rest)}")
    given = (whole(part, "an index") for part in rest)
    return tuple(
        strided.place_in(index, length, dimension)
        for dimension, (index, length) in enumerate(zip(given, shape, strict=True))
    )


def _read_on(bench: Bench, by: int) -> Shape:
    """The element that is read before or after this one, row by row."""
    turn = turn_of(bench.element, bench.array.shape) + by
    if not 0 <= turn < bench.array.size:
        raise ArrayError(f"this is the {'last' if by > 0 else 'first'} element, as they are read row by row")
    return index_of(turn, bench.array.shape)


def _row_on(bench: Bench, by: int) -> Shape:
    """The element in the next row or the one before, in the same column."""
    if len(bench.element) < 2:
        raise ArrayError("an array of one dimension has no rows to go up and down; left and right go along it")
    *outer, row, column = bench.element
    if not 0 <= row + by < bench.array.shape[-2]:
        raise ArrayError(f"this is the {'last' if by > 0 else 'first'} row")
    return (*outer, row + by, column)


_MOVES: dict[str, Callable[[Bench, list[str]], Shape]] = {
    "element": _element,
    "left": lambda bench, rest: _read_on(bench, -1),
    "right": lambda bench, rest: _read_on(bench, 1),
    "up": lambda bench, rest: _row_on(bench, -1),
    "down": lambda bench, rest: _row_on(bench, 1),
}


def turn_of(index: Shape, shape: Shape) -> int:
    """When an element is read, row by row, counted from 0."""
    turn = 0
    for place, length in zip(index, shape, strict=True):
        turn = turn * length + place
    return turn


def index_of(turn: int, shape: Shape) -> Shape:
    """The index of the element that is read then."""
    index = []
    for length in reversed(shape):
        turn, place = divmod(turn, length)
        index.append(place)
    return tuple(reversed(index))


# ---------------------------------------------------------------- a product under way

_STEPS = ("next", "back", "cell", "rest", "right", "left", "down", "up", "element")


def _stepped(bench: Bench, under_way: Product, name: str, rest: list[str]) -> Bench:
    """Some multiply-adds on or back: one, a cell, or all that are left."""
    p, done = under_way, under_way.done
    if name == "rest":
        done = p.all
    elif name in ("cell", "element") and rest:
        done = (turn_of(_element(bench, rest), (p.rows, p.columns)) + 1) * p.length
    elif name in ("cell", "element", "down"):
        done = (done // p.length + 1) * p.length
    elif name == "up":
        done = (math.ceil(done / p.length) - 1) * p.length
    else:
        count = whole(rest[0], "how many multiply-adds") if rest else 1
        done += count if name in ("next", "right") else -count
    if done > p.all and p.done == p.all:
        raise ArrayError(f"the product is done, with {p.all:,} multiply-adds; its result can be looked at as any array")
    if done < 0 and not p.done:
        raise ArrayError("this is the beginning of the product; nothing has been multiplied yet")
    at = replace(p, done=min(max(done, 0), p.all))
    return replace(bench, array=_result(at), element=at.place, product=at)


def _result(p: Product) -> Array:
    """The result as it lies in memory: 0 where nothing has been added up yet."""
    return strided.filled((p.rows, p.columns), [cell or 0.0 for row in p.cells() for cell in row])


# ---------------------------------------------------------------- reading words


def plain(words: Sequence[str]) -> list[str]:
    """The words without brackets and commas, and 3x4 as two: so shapes and indices may be written as one likes."""
    text = re.sub(r"[\[\](),]", " ", " ".join(words)).replace("−", "-")
    return re.sub(r"(?<=\d)[x×](?=\d)", " ", text.lower()).split()


def shape_of(words: Sequence[str]) -> Shape:
    """The lengths of the dimensions."""
    if not words:
        raise ArrayError("a shape is written as its dimensions, such as 3 4")
    return tuple(whole(word, "a dimension") for word in words)


def whole(text: str, what: str) -> int:
    """A whole number."""
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise ArrayError(f"{what} is a whole number, not '{clean(text, 40)}'")
    return int(text)


def _zeros(array: Array) -> Shape:
    return (0,) * len(array.shape)
