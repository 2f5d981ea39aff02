"""The tensor pane: the strip and the array read from it, products, what keys and the mouse mean, all looks and sizes."""

from __future__ import annotations

import pytest
from hall import hall
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.session.tensoring import view as seen
from nntui.tensor.bench import counted, counted_product, obeyed
from nntui.tui.look import ASCII, Look
from nntui.tui.panes.tensor import TensorPane
from nntui.tui.rows import strip_of


class Bare(TensorPane):
    """Without an app."""

    voice = Voice()


def pane(*lines: str, look: Look | None = None) -> Bare:
    """A pane that shows the array which these words make."""
    first, *others = (line.split() for line in lines)
    bench = counted_product(first) if first[0] == "product" else counted(first)
    for words in others:
        bench = obeyed(bench, words)
    made = Bare(look or Look())
    made.view = seen(bench)
    return made


def text(made: Bare, width: int = 38, height: int = 8) -> list[str]:
    return [strip_of(row, width, made.ink.text).text.rstrip() for row in made._drawn(width, height)]


def lit(made: Bare, width: int = 38, height: int = 8) -> list[str]:
    """What is drawn in the style of the element in hand."""
    return [part for row in made._drawn(width, height) for part, style in row if style == made.ink.lit]


def test_a_transpose_in_the_smallest_pane() -> None:
    made = pane("3 4", "element 1 2", "transpose")
    assert text(made) == [
        "  0  1  2  3  4  5 ▸6◂ 7  8  9 10 11",
        "        ╰────+4─────┴────+4─────╯",
        "shape 4×3  strides 1, 4",
        "0      0    4    8",
        "1      1    5    9",
        "2      2   ▸6◂  10",
        "3      3    7   11",
        "[2, 1]  2·1 + 1·4 = 6 holds 6",
    ]
    assert made.title() == "tensor transpose · view, 0 moved"
    assert lit(made) == ["6", "6"], "in the memory and in the array"


def test_with_more_room_offsets_and_jumps_are_named() -> None:
    rows = text(pane("3 4", "element 1 2", "transpose"), 70, 20)
    assert rows[0].split() == ["offset", *map(str, range(12))]
    assert "one column on +4  one row on +1  next row −7" in rows
    assert [row.split()[-12:] for row in rows if row.startswith(("row by row", "column by column"))] == [
        ["0", "4", "8", "1", "5", "9", "2", "6", "10", "3", "7", "11"], [str(place) for place in range(12)],
    ]  # fmt: skip


def test_a_copy_says_how_many_numbers_moved() -> None:
    made = pane("3 4", "transpose", "flatten")
    assert made.title() == "tensor flatten · copy, 12 moved"
    assert text(made)[1].split()[:4] == ["▸0◂", "4", "8", "1"]


def test_a_stride_of_0_is_seen() -> None:
    rows = text(pane("3 1", "broadcast 3 4", "element 1 2"), 60, 12)
    assert any("strides 1, 0  stride 0 repeats" in row for row in rows)
    assert any("↑ 4 times" in row for row in rows)
    assert any(row.split()[:5] == ["1", "1", "1", "▸1◂", "1"] for row in rows)


def test_of_three_dimensions_a_slice_is_shown() -> None:
    rows = text(pane("2 3 4", "element 1 2 0"), 60, 14)
    assert any("shape 2×3×4  strides 12, 4, 1  [1] of 2" in row for row in rows)
    assert any(row.startswith("2") and "▸20◂" in row for row in rows)


def test_numbers_that_are_not_their_offsets_stand_beside_them() -> None:
    rows = text(pane("2 2", "order column", "transpose"), 50, 8)
    assert any(row.endswith(("at   0   1", "at  0 1")) for row in rows)


def test_a_product_meets_in_its_cell() -> None:
    made = pane("product 2 3 4", "cell 1 2", "back 1")
    assert text(made) == [
        "                right",
        "                   0    1    2    3",
        "                   4    5   ▸6◂   7",
        "left               8    9   10   11",
        "   0   1   2      20   23   26   29",
        "   3  ▸4◂  5      56   68  ▸30◂   ·",
        "row 1, column 2: 3·2 + 4·6 = 30",
    ]
    assert lit(made) == ["6", "4", "30"]
    assert made.title() == "tensor product 2 3 4 · 6 of 8 cells"


def test_arrows_read_on_and_a_click_looks_at_an_element() -> None:
    made = pane("3 4", "element 1 2", "transpose")
    assert made.arrow("right", False) == m.Tensor(("right",))
    rows = text(made)
    x = rows[6].index("7")
    assert made.clicked(x, 6, False) == m.Tensor(("element", "3", "1"))
    assert made.clicked(rows[0].index(" 8") + 1, 0, False) == m.Tensor(("element", "0", "2")), "in the memory"
    assert made.clicked(30, 2, False) is None
    assert (made.number_at_hand(), made.value_at_hand()) == ("offset", "6.0")


def test_a_click_on_a_cell_of_a_product_computes_it() -> None:
    made = pane("product 2 3 4", "next 2")
    rows = text(made)
    assert made.clicked(rows[5].rindex("·"), 5, False) == m.Tensor(("element", "1", "3"))
    assert (made.number_at_hand(), made.value_at_hand()) == ("product_total", "4.0")


@pytest.mark.parametrize("look", [Look(shapes=ASCII), Look(depth=0, shapes=ASCII)])
@pytest.mark.parametrize("lines", [("3 4", "transpose"), ("product 2 3 4", "next 5"), ("2 3 4", "broadcast 2 2 3 4")])
def test_in_ascii_all_is_said_by_ascii_signs(look: Look, lines: tuple[str, ...]) -> None:
    rows = text(pane(*lines, look=look), 60, 18)
    assert "".join(rows).isascii()
    assert any(">" in row and "<" in row for row in rows), "the element in hand is marked"


OPERATIONS = ["transpose", "flatten", "order column", "slice ::-1", "slice 0", "right", "down", "broadcast 2 3 4"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["3 4", "1000 1000", "12", "2 3 4", "1", "product 3 40 30", "product 2 2 2"]),
    st.lists(st.sampled_from([*OPERATIONS, "rest", "next 7", "cell"]), max_size=4),
    st.integers(12, 120), st.integers(3, 40), st.booleans(),
)  # fmt: skip
def test_any_array_fits_any_room(first: str, others: list[str], width: int, height: int, ascii_only: bool) -> None:
    lines = [first]
    for line in others:
        try:
            pane(*lines, line)
        except ValueError:
            continue
        lines.append(line)
    made = pane(*lines, look=Look(shapes=ASCII) if ascii_only else Look())
    rows = made._drawn(width, height)
    assert "cannot be drawn" not in "".join(text(made, width, height))
    assert len(rows) <= max(height, 5)
    assert all(cell_len(row) <= width for row in text(made, width, height))


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_words_bring_it_up_and_the_keys_go_on(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        await place.say("tensor 3 4", "tensor transpose")
        shown = next(each for each in place.app.work.board.shown if each.kind == "tensor")
        assert "tensor transpose · view, 0 moved" in place.text
        assert "strides 1, 4" in place.text
        place.app.work.focus_pane(shown)
        await place.press("right")
        assert place.sent[-1] == m.Tensor(("right",))
        assert "[0, 1]  0·1 + 1·4 = 4" in place.text
        await place.press("down")
        assert "[1, 1]  1·1 + 1·4 = 5" in place.text
        await place.press("enter")
        assert "index[1] × strides[1]" in place.text
        await place.press("escape")
        await place.say("tensor product")
        await place.press("right", "right", "down")
        assert "2 of 40 cells" in place.text
