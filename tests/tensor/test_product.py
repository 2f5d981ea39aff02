"""The product of two matrices, one multiply-add at a time, with numpy as the judge."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.tensor import strided
from nntui.tensor.product import product
from nntui.tensor.strided import ArrayError

lengths = st.integers(1, 5)


@given(lengths, lengths, lengths, st.data())
def test_every_multiply_add_leads_to_numpys_product(rows, terms, columns, data):
    numbers = st.integers(-9, 9).map(float)
    left = data.draw(st.lists(numbers, min_size=rows * terms, max_size=rows * terms))
    right = data.draw(st.lists(numbers, min_size=terms * columns, max_size=terms * columns))
    begun = product(strided.filled((rows, terms), left), strided.transpose(strided.filled((columns, terms), right)))
    judge = np.reshape(left, (rows, terms)) @ np.reshape(right, (columns, terms)).T
    assert begun.all == rows * terms * columns
    done = data.draw(st.integers(0, begun.all))
    at = replace(begun, done=done)
    row, column = at.place
    added = sum(a * b for a, b in at.terms())
    if done and done % terms == 0:
        assert added == judge[row, column] == at.cells()[row][column]
    known = [cell for cells in at.cells() for cell in cells if cell is not None]
    assert known == judge.ravel().tolist()[: done // terms]


def test_what_does_not_fit_gets_one_sentence():
    with pytest.raises(ArrayError, match="so many rows the right must have, not 2"):
        product(strided.counted((2, 3)), strided.counted((2, 3)))
    with pytest.raises(ArrayError, match="up to 64"):
        product(strided.counted((2, 65)), strided.counted((65, 2)))
    with pytest.raises(ArrayError, match="two dimensions"):
        product(strided.counted((2,)), strided.counted((2, 3)))
