"""The array on a desk: what `tensor` does to it, how it looks, why it is so, and how it is kept in a saved scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nntui import messages as m
from nntui.models.model import Layered, ModelError
from nntui.scenario.schema import StateTable
from nntui.tensor import strided
from nntui.tensor.bench import NONE, OPERATIONS, Bench, counted, counted_product, multiplied, obeyed, plain, whole
from nntui.tensor.strided import Array, ArrayError
from nntui.text import SHOWN, clean

if TYPE_CHECKING:
    from nntui.session.subject import Desk

MOST_STRIP = 64  # numbers of the strip that are shown
MOST_ROWS = MOST_COLUMNS = 16  # of the array that are shown
MOST_TAKEN = 20_000  # numbers of the network: they stand in the saved scenario
MOST_FACTORS = 64  # rows or columns of what is multiplied

TAKEN = "The numbers are the network's as they are now; training on does not change them here."
SAVED = (*OPERATIONS, "next", "element")  # what the lines after the first of a saved array may begin with
READINGS = ("moved", "offset", "size", "element", "strides", "shape", "product_total")


# ---------------------------------------------------------------- obeying


def arrange(desk: Desk, words: tuple[str, ...], tell: Callable[[m.Fact], None]) -> None:
    """Make an array, or another one of that at hand; ArrayError with a sentence leaves all as it was."""
    before, said = desk.bench, plain(words)
    if not said:
        raise ArrayError("a tensor is written as its dimensions, such as tensor 3 4; `help tensor` lists all words")
    desk.bench = after = _made(desk, said)
    if after.product is not None:
        what = "product"
    else:
        what = "element" if before is not None and before.array is after.array else "array"
    tell(m.ArrayMade(what, view(after)))  # type: ignore[arg-type]


def _made(desk: Desk, words: list[str]) -> Bench:
    name = words[0]
    if name[:1].isdigit() or name[:1] in "+-":
        return counted(words)
    if name == "inputs":
        array = strided.filled(*_numbers(_inputs(desk)))
        return Bench(tuple(words), array, (0, 0), array.size, note=TAKEN, taken=True)
    if name == "weights":
        layer = whole(words[1], "a layer") if len(words) == 2 else 0
        array = strided.filled(*_numbers(_weights(desk, layer)))
        return Bench(("weights", str(layer)), array, (0, 0), array.size, note=TAKEN, taken=True)
    if name == "product" and len(words) == 1:
        inputs = _inputs(desk)[:MOST_FACTORS]
        left, right = strided.filled(*_numbers(inputs)), strided.filled(*_numbers(_weights(desk, 0)))
        return _totals(left, strided.transpose(right))
    return counted_product(words) if name == "product" else obeyed(desk.bench, words)


def _totals(left: Array, right: Array) -> Bench:
    """A batch of inputs times the weights of layer 0, transposed."""
    note = "With each neuron's bias added, these are the totals of layer 0."
    made = multiplied(("product",), left, right, ("inputs", "weights[0], transposed"), note)
    return Bench(made.words, made.array, made.element, product=made.product, names=made.names, note=note, taken=True)


def _inputs(desk: Desk) -> np.ndarray[Any, Any]:
    """As many samples as a batch holds, from the first, (samples, inputs)."""
    model = desk.model
    if not isinstance(model, Layered) or not model.samples:
        raise ArrayError("this model has no inputs to be laid out; `tensor 3 4` makes an array of its own")
    most = max(1, MOST_TAKEN // model.first_inputs(1).shape[1])
    return model.first_inputs(min(desk.training.settings.batch_size, most))


def _weights(desk: Desk, layer: int) -> np.ndarray[Any, Any]:
    """The weights of a layer as they are now, (neurons, sources)."""
    views = desk.model.layout.views(desk.training.parameters)
    known = [name for name in views if name.startswith("weights[")]
    name = f"weights[{layer}]"
    if name not in views:
        raise ArrayError(f"there is no {name}; there is {', '.join(known)}" if known else "this model has no weights")
    return views[name]


def _numbers(block: np.ndarray[Any, Any]) -> tuple[tuple[int, ...], list[float]]:
    if not np.isfinite(block).all():
        raise ArrayError("the network's numbers are not finite any more; `undo` or `back 1 step` goes back")
    if block.size > MOST_TAKEN:
        raise ArrayError(f"{block.size:,} numbers of the network are more than the {MOST_TAKEN:,} that can be taken")
    return block.shape, block.ravel().tolist()


# ---------------------------------------------------------------- how it looks


def tensor_view(desk: Desk) -> m.TensorView:
    """The array at hand; ArrayError where there is none."""
    if desk.bench is None:
        raise ArrayError(NONE)
    return view(desk.bench)


def view(bench: Bench) -> m.TensorView:
    """An array as it is shown: of what is large, what lies around the element looked at."""
    a, element = bench.array, bench.element
    first = _window(a.offset(element), len(a.memory), MOST_STRIP)
    shape, index = (1,) * (2 - len(a.shape)) + a.shape, (0,) * (2 - len(element)) + element
    top, left = _window(index[-2], shape[-2], MOST_ROWS), _window(index[-1], shape[-1], MOST_COLUMNS)
    offsets = _offsets(a, element[:-2], (top, left), shape)
    return m.TensorView(
        " ".join(bench.words), a.shape, a.strides, a.start,
        tuple(float(number) for number in a.memory[first : first + MOST_STRIP]), len(a.memory),
        tuple(tuple(float(a.memory[place]) for place in row) for row in offsets), offsets,
        bench.moved > 0, bench.moved, element, tuple(zip(element, a.strides, strict=True)), bench.note,
        None if bench.product is None else _step(bench), first, (top, left), element[:-2],
    )  # fmt: skip


def _window(at: int, length: int, most: int) -> int:
    """Where a window of so many begins that has a place in its middle, as far as it can."""
    return max(0, min(at - most // 2, length - most))


def _offsets(
    a: Array, outer: tuple[int, ...], first: tuple[int, int], shape: tuple[int, ...]
) -> tuple[tuple[int, ...], ...]:
    """The places in the strip of the rows that are shown."""
    rows = range(first[0], min(shape[-2], first[0] + MOST_ROWS))
    columns = range(first[1], min(shape[-1], first[1] + MOST_COLUMNS))

    def place(row: int, column: int) -> int:
        return a.offset((*outer, row, column) if len(a.shape) > 1 else (column,) if a.shape else ())

    return tuple(tuple(place(row, column) for column in columns) for row in rows)


def _step(bench: Bench) -> m.ProductStep:
    p = bench.product
    assert p is not None
    row, column = p.place
    terms = p.terms()
    total = 0.0
    for one, other in terms:
        total += one * other
    return m.ProductStep(
        _rows(p.left), _rows(p.right), tuple(tuple(cells) for cells in p.cells()), row, column, terms, total,
        p.rows * p.columns, *bench.names,
    )  # fmt: skip


def _rows(a: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(a.element((i, j))) for j in range(a.shape[1])) for i in range(a.shape[0]))


# ---------------------------------------------------------------- readings, why


def reading(desk: Desk, name: str) -> float | None:
    """The value of a reading of the array at hand; None where the name is none of them."""
    base, _, rest = name.partition("[")
    if base == "stage_difference" and not rest:
        return _layered(desk).stage_difference(desk.training.parameters, batch(desk))
    if base not in READINGS or desk.bench is None:
        return None
    bench, a = desk.bench, desk.bench.array
    if base in ("strides", "shape"):
        numbers = a.strides if base == "strides" else a.shape
        place = rest.rstrip("]")
        if not place.isdigit() or int(place) >= len(numbers):
            raise ArrayError(f"{base} goes from {base}[0] to {base}[{len(numbers) - 1}]")
        return float(numbers[int(place)])
    if base == "product_total":
        return sum_in_hand(bench)
    counts = {"moved": bench.moved, "offset": a.offset(bench.element), "size": a.size}
    return float(counts[base]) if base in counts else float(a.element(bench.element))


def sum_in_hand(bench: Bench) -> float:
    """What has been added up in the cell in hand; ArrayError where no product is under way."""
    if bench.product is None:
        raise ArrayError("no product is under way; `tensor product` begins one")
    return _step(bench).total


def why(desk: Desk, name: str) -> m.Why | None:
    """How an offset, or a cell of a product, is added up; None where the name is neither, or there is no array."""
    bench = desk.bench
    if bench is None or name not in ("offset", "product_total"):
        return None
    if name == "product_total":
        total, step = sum_in_hand(bench), _step(bench)
        terms = tuple(
            m.Term(
                f"term {number}",
                one * other,
                ((f"left[{step.row}][{number}]", one), (f"right[{number}][{step.column}]", other)),
            )
            for number, (one, other) in enumerate(step.terms)
        )
        return m.Why(name, total, "", total, terms, f"Row {step.row} of the left, column {step.column} of the right.")
    a = bench.array
    place = float(a.offset(bench.element))
    start = (m.Term("the start", float(a.start)),) if a.start else ()
    steps = tuple(
        m.Term(f"dimension {dimension}", float(index * stride), _factors(dimension, index, stride))
        for dimension, (index, stride) in enumerate(zip(bench.element, a.strides, strict=True))
    )
    return m.Why(name, place, "", place, start + steps, f"There it holds {a.element(bench.element):g}.")


def _factors(dimension: int, index: int, stride: int) -> tuple[tuple[str, float], ...]:
    return (f"index[{dimension}]", float(index)), (f"strides[{dimension}]", float(stride))


def stages(desk: Desk, samples: int) -> m.StagesView:
    """The stages of folding the loops into arrays, on so many samples; 0: on as many as a batch holds."""
    return _layered(desk).stages(desk.training.parameters, samples or batch(desk))


def batch(desk: Desk) -> int:
    """How many samples a batch holds, of those that there are."""
    return min(desk.training.settings.batch_size, desk.model.samples)


def _layered(desk: Desk) -> Layered:
    """The model, whose loops can be folded; ModelError where they cannot."""
    if not isinstance(desk.model, Layered):
        raise ModelError("this model has no stages: its loops cannot be folded")
    return desk.model


# ---------------------------------------------------------------- keeping it


def saved_bench(bench: Bench | None) -> dict[str, Any]:
    """The words that make it again, and the numbers that were taken from the network, as fields of `[state]`."""
    if bench is None:
        return {}
    lines = []
    for each in bench.chain:
        lines.append(" ".join(each.words))
        if each.product is not None and each.product.done:
            lines.append(f"next {each.product.done}")
    if bench.product is None and any(bench.element):
        lines.append("element " + " ".join(str(index) for index in bench.element))
    source = bench.source
    if not source.taken:
        return {"tensor": tuple(lines)}
    if source.product is None:
        return {"tensor": tuple(lines), "tensor_shape": source.array.shape,
                "tensor_numbers": tuple(source.array.memory)}  # fmt: skip
    left, right = source.product.left, source.product.right
    return {"tensor": tuple(lines), "tensor_shape": (*left.shape, right.shape[1]),
            "tensor_numbers": (*left.memory, *right.memory)}  # fmt: skip


def bench_of(state: StateTable) -> Bench | None:
    """What was at hand when a scenario was saved; ArrayError where the words do not make it."""
    if not state.tensor:
        return None
    first, *others = (plain((line,)) for line in state.tensor)
    if not all((first, *others)):
        raise ArrayError("a line of state.tensor is empty; each holds words such as transpose")
    bench: Bench = _source(first, state.tensor_shape, state.tensor_numbers)
    for words in others:
        if words[0] not in SAVED:
            raise ArrayError(f"a line of state.tensor begins with {', '.join(SAVED)}, not '{clean(words[0], SHOWN)}'")
        bench = obeyed(bench, words)
    return bench


def _source(words: list[str], shape: tuple[int, ...], numbers: tuple[float, ...]) -> Bench:
    if words == ["product"]:
        if len(shape) != 3 or min(shape) < 1:
            raise ArrayError("state.tensor_shape of a product holds its rows, terms and columns")
        rows, terms, columns = shape
        left = strided.filled((rows, terms), numbers[: rows * terms])
        right = strided.filled((columns, terms), numbers[rows * terms :])
        return _totals(left, strided.transpose(right))
    if words[0] in ("weights", "inputs"):
        array = strided.filled(shape, numbers)
        if len(shape) != 2:
            raise ArrayError("state.tensor_shape holds the rows and columns of what was taken from the network")
        return Bench(tuple(words), array, (0, 0), array.size, note=TAKEN, taken=True)
    return counted_product(words) if words[0] == "product" else counted(words)
