"""Arrays by strides, with numpy as the judge: what is a view there is one here, and every number is the same."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.tensor import strided
from nntui.tensor.strided import Array, ArrayError

shapes = st.lists(st.integers(1, 4), min_size=0, max_size=4).map(tuple)


def agree(mine: Array, judge: np.ndarray) -> None:
    assert mine.shape == judge.shape
    read = np.array([mine.memory[place] for place in strided.offsets(mine)]).reshape(mine.shape)
    assert np.array_equal(read, judge)
    for index in np.ndindex(*mine.shape):
        assert mine.element(index) == judge[index]


def pair(shape):
    """The same array here and in numpy."""
    return strided.counted(shape), np.arange(math.prod(shape), dtype=np.float64).reshape(shape)


@st.composite
def views(draw):
    """An array after a few operations that move nothing, and what numpy makes of the same."""
    mine, judge = pair(draw(shapes))
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["transpose", "slice", "broadcast"]))
        if what == "transpose":
            order = tuple(draw(st.permutations(range(len(mine.shape)))))
            mine, judge = strided.transpose(mine, order), judge.transpose(order)
        elif what == "slice":
            parts = [draw(part_of(length)) for length in mine.shape[: draw(st.integers(0, len(mine.shape)))]]
            mine, judge = strided.slice_(mine, parts), np.asarray(judge[tuple(parts)])
        elif len(mine.shape) < strided.MOST_DIMENSIONS:
            new = draw(st.lists(st.integers(1, 3), max_size=1))
            wanted = (*new, *(draw(st.integers(1, 3)) if length == 1 else length for length in mine.shape))
            mine, judge = strided.broadcast(mine, wanted), np.broadcast_to(judge, wanted)
    return mine, judge


@st.composite
def part_of(draw, length):
    """An index, or a slice that takes something."""
    if draw(st.booleans()):
        return draw(st.integers(-length, length - 1))
    bounds = st.none() | st.integers(-length, length)
    part = slice(draw(bounds), draw(bounds), draw(st.sampled_from([None, 1, 2, -1, -2])))
    return part if len(range(*part.indices(length))) else slice(None)


@given(views())
def test_a_view_reads_as_numpys_does(both):
    mine, judge = both
    agree(mine, judge)
    assert isinstance(mine.memory, range), "no number has moved"
    steps = zip(mine.shape, mine.strides, judge.strides, strict=True)
    assert all(length == 1 or 8 * stride == numpys for length, stride, numpys in steps)


@given(views(), st.data())
def test_a_reshape_is_a_view_where_numpys_is(both, data):
    mine, judge = both
    factors = data.draw(st.permutations(_factors(mine.size)))
    cut = sorted(data.draw(st.lists(st.integers(0, len(factors)), max_size=3)))
    ends = [0, *cut, len(factors)]
    shape = tuple(math.prod(factors[a:b]) for a, b in pairwise(ends))
    made = strided.reshape(mine, shape)
    agree(made, judge.reshape(shape))
    copied = strided.moved(mine, made)
    expected = not np.shares_memory(judge, judge.reshape(shape))
    assert copied == (mine.size if expected else 0)


def _factors(number):
    found, divisor = [], 2
    while number > 1:
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
        divisor += 1
    return found


@given(views(), st.booleans())
def test_orders_and_flattening_are_numpys(both, by_columns):
    mine, judge = both
    agree(strided.flatten(mine), judge.reshape(-1))
    made = strided.ordered(mine, by_columns)
    agree(made, judge)
    order = np.asfortranarray(judge) if by_columns else np.ascontiguousarray(judge)
    if made is not mine and judge.ndim:
        longer = [(s, t) for n, s, t in zip(made.shape, made.strides, order.strides, strict=True) if n > 1]
        assert all(8 * stride == numpys for stride, numpys in longer)
        assert list(made.memory) == order.ravel(order="K").tolist()


def test_the_offset_of_an_element():
    a = strided.counted((3, 4))
    assert (a.strides, a.offset((1, 2)), a.element((1, 2))) == ((4, 1), 6, 6)
    turned = strided.transpose(a)
    assert (turned.shape, turned.strides, turned.offset((2, 1))) == ((4, 3), (1, 4), 6)


def test_a_large_transpose_moves_nothing_and_its_flattening_all():
    a = strided.counted((1000, 1000))
    turned = strided.transpose(a)
    assert strided.moved(a, turned) == 0
    assert strided.moved(turned, strided.flatten(turned)) == 1_000_000
    assert strided.moved(a, strided.flatten(a)) == 0


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda a: strided.reshape(a, (5, 3)), "5 by 3 has 15 elements, and 3 by 4 has 12"),
        (lambda a: strided.reshape(a, (5, -1)), "5 does not divide them"),
        (lambda a: strided.reshape(a, (-1, -1)), "only one dimension can be -1"),
        (lambda a: strided.reshape(a, (0, 12)), "at least one element"),
        (lambda a: strided.reshape(a, (-2, -6)), "at least one element"),
        (lambda a: strided.transpose(a, (0, 0)), "each of the dimensions 0, 1 once"),
        (lambda a: strided.slice_(a, [3]), "dimension 0 goes from 0 to 2; there is no 3"),
        (lambda a: strided.slice_(a, [slice(0, 5)]), "the slice goes to 5"),
        (lambda a: strided.slice_(a, [slice(2, 2)]), "takes none of the 3"),
        (lambda a: strided.slice_(a, [slice(0, 2, 0)]), "never ends"),
        (lambda a: strided.slice_(a, [0, 0, 0]), "3 parts for 2 dimensions"),
        (lambda a: strided.broadcast(a, (3, 5)), "4 is to become 5"),
        (lambda a: strided.broadcast(a, (12,)), "has fewer than"),
        (lambda a: strided.broadcast(a, (10**9, 3, 4)), "at most 1,000,000,000 elements"),
        (lambda a: strided.flatten(strided.broadcast(a, (10**6, 3, 4))), "12,000,000 numbers are too many"),
        (lambda a: strided.counted((10_000, 10_000)), "too many to lay down"),
        (lambda a: strided.counted((1,) * 7), "at most 6 dimensions"),
        (lambda a: strided.filled((2, 2), [1.0]), "4 elements, not 1"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(make, part):
    with pytest.raises(ArrayError) as caught:
        make(strided.counted((3, 4)))
    assert part in str(caught.value)
