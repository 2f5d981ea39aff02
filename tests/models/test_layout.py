"""Where each parameter lies, and the address that people give it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.models.mlp.network import layout_of, places_of
from nntui.models.model import Block, Layout, ModelError

BLOCKS = st.lists(
    st.tuples(st.lists(st.integers(1, 4), max_size=3).map(tuple), st.booleans()), min_size=1, max_size=5
).map(lambda rows: [Block(f"block_{n}", shape, trainable) for n, (shape, trainable) in enumerate(rows)])


@given(BLOCKS)
def test_addresses_print_and_parse(blocks: list[Block]) -> None:
    layout = Layout(blocks)
    addresses = [layout.address(index) for index in range(layout.size)]
    assert [layout.index(address) for address in addresses] == list(range(layout.size))
    assert len(set(addresses)) == layout.size == sum(block.size for block in blocks)
    assert (layout.first, layout.last) == (addresses[0], addresses[-1])


@given(BLOCKS)
def test_an_address_names_the_element_of_its_block(blocks: list[Block]) -> None:
    layout = Layout(blocks)
    flat = np.arange(layout.size, dtype=np.float64)
    views = layout.views(flat)
    for index in range(layout.size):
        name, _, rest = layout.address(index).partition("[")
        where = tuple(int(part) for part in rest.rstrip("]").split("][")) if rest else ()
        assert views[name][where] == index
    assert all(np.shares_memory(view, flat) for view in views.values())
    trained = [index for index in range(layout.size) if index in set(layout.trainable.tolist())]
    names = {block.name for block in blocks if block.trainable}
    assert trained == [i for i in range(layout.size) if layout.address(i).partition("[")[0] in names]


WRONG = [
    "", "weights", "weights[0]", "weights[0][0]", "weights[0][0][2]", "weights[0][2][0]", "weights[2][0][0]",
    "weights[1][1][0]", "weights[0][0][0][0]", "weights[-1][0][0]", "weights[0][0][-1]", "weights[0][0][0", "weights0",
    "weights[0][0][x]", "weights[0][0][1e0]", "weights[0][0][0.0]", "weights[0,0,0]", "weights[0][0][٣]",
    "weights[0][0][²]", "weights[0][0][]", "Weights[0][0][0]", "biases[0]", "biases[0][2]", "biases[0][0][0]", "loss",
    "biases[0][0]x", "weights[0][0][99999999999999999999]", "[0]", "weights[0][0][0]]", "xweights[0][0][0]", "a" * 200,
]  # fmt: skip


@pytest.mark.parametrize("address", WRONG)
def test_wrong_addresses_are_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(ModelError) as caught:
        layout_of((2, 2, 1)).index(address)
    shown = address[:60]
    assert str(caught.value) == f"there is no parameter '{shown}'; they go from weights[0][0][0] to biases[1][0]"


@given(st.text(max_size=30) | st.text("weightsba[]0123 -", max_size=30))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    layout = layout_of((2, 3, 1))
    try:
        index = layout.index(text)
    except ModelError:
        return
    assert layout.index(layout.address(index)) == index


@pytest.mark.parametrize("index", [-1, 9])
def test_there_is_no_address_outside(index: int) -> None:
    with pytest.raises(IndexError):
        layout_of((2, 2, 1)).address(index)


def test_a_single_number_is_addressed_by_its_name() -> None:
    layout = Layout([Block("mean", ()), Block("spread", (), trainable=False)])
    assert (layout.first, layout.last, layout.index("spread"), layout.trainable.tolist()) == ("mean", "spread", 1, [0])


@given(st.lists(st.integers(1, 6), min_size=2, max_size=6))
def test_places_are_those_of_the_addresses(sizes: list[int]) -> None:
    layout, places = layout_of(sizes), places_of(sizes)
    assert len(places) == layout.size
    for index, (layer, neuron, source) in enumerate(places.tolist()):
        if source < 0:
            assert layout.address(index) == f"biases[{layer}][{neuron}]"
        else:
            assert layout.address(index) == f"weights[{layer}][{neuron}][{source}]"
