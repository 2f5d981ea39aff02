"""plotext draws curves, and its ANSI becomes cells of ours."""

import math
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.plot import Line, NoPlotError, Scale, cells_of, finest, joined, plain, plot, scale_of

LOOK = Look()
INK = LOOK.ink
numbers = st.floats(allow_nan=True, allow_infinity=True)


def number(value, digits):
    return f"{value:.{digits}g}"


def text(drawn):
    return ["".join(part for part, _ in row) for row in drawn.rows()]


def test_ansi_becomes_cells_with_our_styles():
    cells = cells_of(
        "\x1b[0ma\x1b[0m\x1b[38;5;16mbc\x1b[0m\n\x1b[0m\x1b[38;5;17m⠑\x1b[0m\n", {"16": INK.accent}, INK.text, 4, 3
    )
    assert [joined(row) for row in cells] == [
        [("a", INK.text), ("bc", INK.accent), (" ", INK.text)],
        [("⠑   ", INK.text)],
        [("    ", INK.text)],
    ]


def test_a_line_goes_from_corner_to_corner():
    drawn = plot([Line((0, 9), (0, 9), INK.accent, "*")], 10, 4, LOOK, number)
    assert text(drawn) == ["        **", "     ***  ", "  ***     ", "**        "]
    assert not drawn.axes
    assert {style for row in drawn.rows() for part, style in row if "*" in part} == {INK.accent}


def test_axes_have_a_few_round_ticks():
    rows = text(plot([Line(range(100), range(100), INK.accent)], 40, 12, LOOK, number))
    assert [row[:3] for row in rows if "┤" in row] == ["50┤", " 0┤"]
    assert len(rows) == 12
    assert rows[-2].startswith("  └──")


def test_logarithmic_ticks_are_decades_or_within_one_round():
    assert Scale(0.0012, 30, True).ticks(9) == pytest.approx([0.01, 0.1, 1, 10])
    assert Scale(0.04, 0.9, True).ticks(3) == pytest.approx([0.05, 0.1, 0.2, 0.5])


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_column_is_what_its_value_is_drawn_in(logarithmic):
    drawn = plot([Line((10, 20, 50), (1, 2, 3), INK.accent)], 50, 12, LOOK, number, logarithmic)
    for x in (10, 20, 35, 50):
        assert drawn.x_at(drawn.column(x)) == pytest.approx(x, abs=0.6)
    assert drawn.x_at(0) == 10
    assert drawn.x_at(10_000) == 50


def test_a_gap_where_there_is_no_number():
    whole = "".join(text(plot([Line(range(40), [1] * 40, INK.text, "*")], 40, 3, LOOK, number)))
    gap = "".join(
        text(plot([Line(range(40), [1] * 10 + [math.nan] * 10 + [1] * 20, INK.text, "*")], 40, 3, LOOK, number))
    )
    assert whole.count("*") == 40
    assert gap.count("*") == 30


def test_a_spike_among_many_points_is_kept():
    y = [0.0] * 5_000
    y[2_345] = 1.0
    rows = text(plot([Line(range(5_000), y, INK.text, "*")], 30, 5, LOOK, number))
    assert rows[0].count("*") == 1


def test_nothing_is_written_over():
    drawn = plot([Line((0, 1), (1, 1), INK.text, "*")], 10, 3, LOOK, number)
    row = next(i for i, line in enumerate(text(drawn)) if "*" in line)
    assert not drawn.put(3, row, "no", INK.muted)
    assert drawn.put(3, 0, "[/b]", INK.muted)
    assert not drawn.put(5, 0, "no", INK.muted)
    assert not drawn.put(8, 0, "too long", INK.muted)
    assert text(drawn)[0] == "   [/b]   "


def test_no_point_with_a_place():
    with pytest.raises(NoPlotError):
        plot([Line((0, 1), (math.nan, math.inf), INK.text)], 10, 3, LOOK, number)
    with pytest.raises(NoPlotError):
        plot([Line((0, 1), (0, -1), INK.text)], 10, 3, LOOK, number, logarithmic=True)


def test_thick_and_plain_strokes():
    assert (finest(LOOK), finest(Look(THEMES["projector"])), finest(Look(shapes=ASCII))) == ("braille", "hd", "*")


def test_odd_characters_take_one_cell_each():
    assert plain("a\x1b[31m漢e\u0301") == "a?[31m?e?"


@given(st.lists(numbers, min_size=1), st.sampled_from([0, 0.5]), st.booleans())
@example([-1.2e308], 0, False)
@example([1.75e308], 0, False)
@example([sys.float_info.max], 0.5, True)
def test_all_values_lie_on_their_scale(values, from_zero, logarithmic):
    try:
        scale = scale_of(values, from_zero, logarithmic)
    except NoPlotError:
        return
    assert scale.low < scale.high
    assert all(scale.low <= value <= scale.high for value in values if scale.has(value))
    shares = [scale.share(value) for value in sorted(filter(scale.has, values))]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert all(math.isfinite(scale.at(share)) for share in (0, 0.3, 1))
    slack = (scale.high / 2 - scale.low / 2) * 1e-6
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in scale.ticks(4))


@settings(max_examples=60, deadline=None)
@example([[(0.0, 5e-324)]], 32, 6, True, False)  # half of it is 0
@given(
    st.lists(st.lists(st.tuples(numbers, numbers), max_size=30), min_size=1, max_size=3),
    st.integers(1, 120), st.integers(1, 50), st.booleans(), st.booleans(),
)  # fmt: skip
def test_any_curves_fill_any_size(curves, width, height, logarithmic, together):
    lines = [Line([x for x, _ in c], [y for _, y in c], INK.text, joined=together) for c in curves]
    try:
        drawn = plot(lines, width, height, LOOK, number, logarithmic)
    except NoPlotError:
        return
    assert len(drawn.cells) == height
    assert all(len(row) == width for row in drawn.cells)
