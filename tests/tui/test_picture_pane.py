"""The picture pane: maps, curves, images with scores, and what a click on them means."""

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, MAP_LEVELS, Look
from nntui.tui.panes.levels import HALF, NOTHING, level_glyphs, level_of, levels_of, with_boundary
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.picture import PicturePane, bar_of
from nntui.tui.rows import strip_of
from nntui.tui.themes import defaults


def status(sample=-1, typed=()):
    return m.Status("", "loops", 0, 0, 0.0, False, 0, 0, sample_number=sample, typed=typed)


class Bare(PicturePane):
    """Without an app."""

    voice = Voice()


def pane(view, look=None, sample=-1, typed=()):
    made = Bare(look or Look())
    made.view = view
    made.status = status(sample, typed)
    return made


def text(made, width=40, height=10):
    return [strip_of(row, width, made.ink.text).text for row in made.draw(width, height)]


def piece_at(made, column, row, width=40, height=10):
    at = 0
    for part, style in made.draw(width, height)[row]:
        if at <= column < at + len(part):
            return part[column - at], style
        at += len(part)
    raise AssertionError("no such column")


def slope(width=40, height=20, points=(), classes=True):
    """Rising to the right and to the top."""
    rows = tuple(
        tuple((x / (width - 1) - 0.5) * 2 + (0.5 - y / (height - 1)) for x in range(width)) for y in range(height)
    )
    wrong = sum(not right for *_, right in points)
    return m.MapView(
        "answers, [odd]", (-1.0, 1.0), (-2.0, 2.0), rows, 0.0, tuple(points), 0.5, classes, wrong, len(points)
    )  # fmt: skip


POINTS = (
    (-0.5, 0.0, -1.0, True), (0.5, 1.0, 1.0, True), (0.5, -1.0, 1.0, False), (9.0, 9.0, 1.0, True),
)  # fmt: skip


# ---------------------------------------------------------------- levels


def test_the_threshold_is_the_middle_of_the_levels():
    assert levels_of([[-2, -0.1, 0, 0.1, 2, math.nan, math.inf, -math.inf]], 0) == [
        [0, HALF - 1, HALF - 1, HALF, MAP_LEVELS - 1, NOTHING, MAP_LEVELS - 1, 0]
    ]
    assert levels_of([[1.0, 1.0]], 1.0) == [[HALF - 1, HALF - 1]]
    assert levels_of([[0.2, 0.5, 0.8]], 0.5) == [[0, HALF - 1, MAP_LEVELS - 1]]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.floats(-1e9, 1e9))
def test_levels_tell_the_side_and_the_order(values, threshold):
    levels = levels_of([sorted(values)], threshold)[0]
    assert levels == sorted(levels)
    assert [level >= HALF for level in levels] == [value > threshold for value in sorted(values)]


def test_quick_levels_are_the_slow_ones():
    row = [i / 97 - 1 for i in range(195)]
    assert levels_of([row], 0)[0] == [level_of(v, 0, HALF / max(map(abs, row))) for v in row]


def test_the_boundary_lies_on_the_lower_side():
    low, high, line = 3, 12, MAP_LEVELS
    assert with_boundary([[low, low, high, high]]) == [[low, line, high, high]]
    assert with_boundary([[low], [high], [high]]) == [[line], [high], [high]]
    assert with_boundary([[low, NOTHING]]) == [[low, NOTHING]]


@pytest.mark.parametrize("look", [Look(depth=0), Look(shapes=ASCII)])
def test_without_colours_other_glyphs_stand_above_the_threshold(look):
    glyphs = level_glyphs(look)
    assert not set(glyphs[:HALF]) & set(glyphs[HALF:MAP_LEVELS])
    assert "+" not in glyphs
    assert "o" not in glyphs


# ---------------------------------------------------------------- a map


def test_a_map_in_half_blocks():
    made = pane(slope())
    rows = made.draw(40, 10)
    assert len(rows) == 10
    assert set("".join(text(made))) <= set(" ▀-1,2.")
    low, high = piece_at(made, 0, 5)[1], piece_at(made, 39, 5)[1]
    assert low.bgcolor.name == made.look.ramp[0] or low.bgcolor != high.bgcolor
    grounds = {style.bgcolor.name for row in rows for _, style in row}
    assert made.look.colours.ground in grounds  # the boundary, in the dark theme


def test_the_y_axis_goes_up_and_shapes_tell_the_class():
    made = pane(slope(points=POINTS))
    assert piece_at(made, 10, 5)[0] == "o"  # x -0.5, y 0
    right, wrong = piece_at(made, 29, 2), piece_at(made, 29, 7)
    assert (right[0], wrong[0]) == ("+", "+")
    assert not right[1].reverse
    assert wrong[1].reverse


def test_the_corners_are_named_where_there_is_room():
    rows = text(pane(slope()))
    assert rows[-1].startswith(" -1, -2 ")
    assert rows[0].endswith(" 1, 2 ")
    assert "samples: + above 0, o not, +o wrong" in text(pane(slope(points=POINTS)), 80, 20)[-1]
    assert not any("-1" in row for row in text(pane(slope()), 20, 5))


def test_the_title_counts_the_wrong_ones():
    made = pane(slope(points=POINTS))
    made.draw(60, 10)
    assert made.title() == "answers, [odd] · 1 of 4 wrong"
    made.draw(25, 10)
    assert made.title() == "1 of 4 wrong"
    assert pane(slope(points=POINTS, classes=False)).title() == "answers, [odd]"
    assert made.number_at_hand() == "output"


def test_the_sample_looked_at_is_marked():
    assert "[+]" in text(pane(slope(points=POINTS), sample=1))[2]
    assert "[o]" in text(pane(slope(points=POINTS), sample=0))[5]
    assert "[?]" in text(pane(slope(points=POINTS), typed=(0.0, 0.0)))[5]
    for number, typed in ((3, ()), (99, ()), (-1, ()), (-1, (math.nan, 0.0)), (-1, (9.0, 9.0)), (-1, (0.0,))):
        assert not any("[" in row for row in text(pane(slope(points=POINTS), sample=number, typed=typed)))


def test_what_is_wrong_is_told_by_the_engine_and_not_counted_here():
    view = slope(points=POINTS)
    told = msgspec.structs.replace(view, wrong=36, shown=100)
    made = pane(told)
    made.draw(60, 10)
    assert made.title() == "answers, [odd] · 36 of 100 wrong"
    scores = m.BarsView("s", ("a", "b"), (0.1, 0.9), "b", (), "a", "wrong")
    assert pane(scores).title() == "s answers a, not b"


def test_without_colours_a_map_can_be_read():
    rows = text(pane(slope(points=POINTS), Look(shapes=ASCII)))
    assert all(row.isascii() for row in rows)
    assert rows[5][0] in " ."
    assert rows[5][39] in "#@="
    assert rows[2][29] == "+"


def test_a_view_of_another_size_is_sampled():
    assert len(text(pane(slope(17, 9)), 40, 10)) == 10
    assert len(text(pane(slope(100, 60)), 40, 10)) == 10


def test_a_click_asks_the_network_there():
    made = pane(slope())
    made.draw(41, 10)
    x, y = made.clicked(20, 0, False).values
    assert (x, y) == pytest.approx((0, 2), abs=0.2)
    x, y = made.clicked(0, 9, False).values
    assert (x, y) == pytest.approx((-1, -2), abs=0.2)
    assert pane(m.BarsView("", (), (), "")).clicked(0, 0, False) is None


# ---------------------------------------------------------------- a curve


def test_a_curve_with_samples():
    x = tuple(i / 10 for i in range(-20, 21))
    view = m.CurvesView(
        "answers over the input", "input", "output",
        (m.Curve("output", x, tuple(map(math.tanh, x))), m.Curve("samples", (-1.0, 1.0), (-1.0, 1.0))),
    )  # fmt: skip
    made = pane(view)
    rows = text(made)
    assert sum(row.count("•") for row in rows) == 2
    assert rows[-1].split() == ["-2", "input", "2"]
    assert made.title() == "answers over the input"
    assert made.clicked(39, 3, False) == m.TypeInput((2.0,))
    assert pane(m.CurvesView("", "", "", ())).draw(20, 3)


# ---------------------------------------------------------------- an image and its scores

DIGIT = tuple(tuple(float((x + y) % 3) for x in range(8)) for y in range(8))
SCORES = m.BarsView(
    "sample 3", tuple("0123456789"), (0.01, 0.02, 0.5, 0.3, 0, 0.1, 0, 0, 0.05, 0.02), "3", DIGIT, "2", "wrong"
)


def test_scores_beside_an_image():
    made = pane(SCORES)
    rows = text(made, 60, 12)
    assert any("›2" in row and row.rstrip().endswith("0.5") for row in rows)
    assert any(" 3" in row and row.rstrip().endswith("0.3 ✓") for row in rows)
    assert made.title() == "sample 3 answers 2, not 3"
    assert pane(m.BarsView("s", ("a", "b"), (0.1, 0.9), "b", (), "b", "right")).title() == "s answers b ✓"


def test_of_too_many_scores_the_highest_and_the_right_one():
    rows = text(pane(m.BarsView("", SCORES.names, SCORES.values, "7", (), "2", "wrong")), 20, 4)
    assert any("›2" in row for row in rows)
    assert any(" 7" in row and "✓" in row for row in rows)
    assert rows[-1].startswith("and 7 more")


def test_bars():
    ascii_bar = bar_of(-0.5, (-1, 1), 8, ASCII)
    assert ascii_bar == "  ##    "
    assert bar_of(0.5, (0, 1), 8, Look().shapes) == "████    "
    assert bar_of(math.nan, (0, 1), 4, ASCII) == "    "


# ---------------------------------------------------------------- whatever comes

numbers = st.floats(allow_nan=True, allow_infinity=True)
rows_of = st.lists(st.lists(numbers, max_size=5).map(tuple), max_size=5).map(tuple)
pairs = st.tuples(numbers, numbers)
points_of = st.lists(st.tuples(numbers, numbers, numbers, st.booleans()), max_size=5).map(tuple)
views = st.one_of(
    st.builds(m.MapView, st.text(max_size=9), pairs, pairs, rows_of, numbers, points_of, numbers, st.booleans()),
    st.builds(
        m.BarsView, st.text(max_size=9), st.lists(st.text(max_size=9), max_size=12).map(tuple),
        st.lists(numbers, max_size=12).map(tuple), st.text(max_size=3), rows_of, st.text(max_size=3),
        st.sampled_from(["", "right", "wrong"]),
    ),
    st.builds(
        m.CurvesView, st.text(max_size=9), st.text(max_size=9), st.just("y"),
        st.lists(st.builds(m.Curve, st.sampled_from(["output", "samples"]), st.lists(numbers, max_size=9).map(tuple),
                           st.lists(numbers, max_size=9).map(tuple)), max_size=3).map(tuple),
    ),
)  # fmt: skip
looks = st.sampled_from([Look(), Look(depth=0), Look(shapes=ASCII)])


@settings(max_examples=150, deadline=None)
@given(views, looks, st.integers(1, 120), st.integers(1, 50))
def test_no_view_and_no_size_is_too_odd(view, look, width, height):
    made = pane(view, look, 0)
    rows = made.draw(width, height)
    assert all(strip_of(row, width, made.ink.text).cell_length == width for row in rows)
    assert isinstance(made.title(), str)
    message = made.clicked(width - 1, height - 1, False)
    assert message is None or all(map(math.isfinite, message.values))


class One(App):
    CSS = "Pane { width: 1fr; height: 1fr; }"

    def __init__(self, made):
        super().__init__()
        self.made, self.look, self.voice, self.picked = made, Look(), Voice(), []

    def get_theme_variable_defaults(self):
        return defaults()

    def compose(self):
        yield self.made

    def on_pane_picked(self, picked: Pane.Picked):
        self.picked.append(picked.message)


async def test_in_an_app():
    app = One(PicturePane())
    async with app.run_test(size=(42, 12)) as pilot:
        app.made.show(slope(points=POINTS), status(1))
        await pilot.pause()
        assert app.made.border_title == "answers, \\[odd] · 1 of 4 wrong"
        assert "[+]" in app.made.render_line(2).text
        app.made.show(app.made.view, status(0))
        assert "[o]" in app.made.render_line(5).text
        assert "[+]" not in app.made.render_line(2).text
        await pilot.click(PicturePane, offset=(1, 1))
        await pilot.pause()
        (asked,) = app.picked
        assert asked.values == pytest.approx((-1, 2), abs=0.3)


# ---------------------------------------------------------------- the weights into a neuron

DIGIT = tuple(tuple(float(x == y) for x in range(8)) for y in range(8))
WEIGHTS = tuple(tuple(x - 3.5 for x in range(8)) for _ in range(8))


def digit(weights=WEIGHTS):
    scores = tuple(n / 45 for n in range(10))
    names = tuple("0123456789")
    return m.BarsView("sample 3", names, scores, "9", DIGIT, "9", "right", weights, "weights[0][7]")


def test_the_weights_into_a_neuron_stand_beside_the_image_with_their_name():
    made = pane(digit())
    rows = text(made, 60, 12)
    assert "weights[0][7]" in rows[10]
    column = rows[10].index("weights[0][7]")
    left, right = piece_at(made, column, 2, 60, 12)[1], piece_at(made, column + 19, 2, 60, 12)[1]
    assert left.bgcolor.name == made.look.ramp[0]
    assert right.bgcolor.name == made.look.ramp[-1]
    assert piece_at(made, 0, 0, 60, 12)[1].color.name == made.look.ramp[-1]  # the first pixel has all the ink


def test_where_there_is_little_room_they_stand_below_and_where_there_is_less_not_at_all():
    rows = text(pane(digit()), 26, 10)
    assert rows[9].startswith("weights[0][…")
    assert not any("weights" in row for row in text(pane(digit()), 26, 7))
    assert not any("weights" in row for row in text(pane(digit(())), 60, 12))


def test_signs_are_told_without_colour():
    rows = text(pane(digit(), Look(shapes=ASCII)), 60, 12)
    column = rows[10].index("weights")
    assert all(row.isascii() for row in rows)
    assert set(rows[0][column : column + 10]).isdisjoint(rows[0][column + 10 : column + 20])
