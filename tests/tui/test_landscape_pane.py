"""The landscape: what is drawn where, in colours and in glyphs; how one walks on it; and what it does not choke on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from slopes import WAY, landscape, valley
from snapshots import is_as_seen
from textual.geometry import Size

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import ASCII, MAP_LEVELS, THEMES, Look
from nntui.tui.panes.contours import bands_of, levels_of, on_lines, steps_of
from nntui.tui.panes.landscape import LandscapePane
from nntui.tui.panes.levels import NOTHING

MONO, PLAIN = Look(depth=0), Look(shapes=ASCII, depth=0)


class Bare(LandscapePane):
    """Without an app."""

    voice = Voice()
    size = Size(80, 20)


def pane(view: m.LandscapeView, look: Look | None = None) -> Bare:
    made = Bare(look or Look())
    made.view = view
    return made


def text(view: m.LandscapeView, width: int, height: int, look: Look | None = None) -> list[str]:
    return ["".join(part for part, _ in row) for row in pane(view, look).draw(width, height)]


@pytest.mark.parametrize("look", [MONO, PLAIN], ids=["mono", "ascii"])
@pytest.mark.parametrize(("width", "height"), [(38, 10), (78, 30)])
def test_it_looks_as_it_did(look: Look, width: int, height: int) -> None:
    rows = text(landscape(width - 6, 2 * height - 4), width, height, look)
    assert is_as_seen(f"landscape-{width}-{'ascii' if look is PLAIN else 'mono'}", rows)
    assert all(cell_len(row) <= width for row in rows)


def test_axes_marks_and_lines_are_named() -> None:
    rows = text(landscape(), 72, 20)
    assert rows[0].startswith("↑ biases[0][3]")
    assert "lines at 0.1, 0.5, 1, 2, 3   ○ start ● now" in rows[0]
    assert rows[1].startswith(" 2 ")
    assert rows[-3].startswith("−2 ")
    assert rows[-2].split() == ["−2", "weights[1][0][0]", "→", "2"]
    assert rows[-1].split()[0] == "loss"  # from the lowest to the highest on the map, the colours between them
    values = [value for row in landscape().rows for value in row]
    low, high = rows[-1].split()[1], rows[-1].split()[-1]
    assert float(low) == pytest.approx(min(values), rel=0.01)
    assert float(high) == pytest.approx(max(values), rel=0.01)


def test_where_there_is_no_room_for_axes_the_map_has_all_of_it() -> None:
    rows = text(landscape(), 20, 5)
    assert len(rows) == 5
    assert all(len(row) == 20 for row in rows)
    assert "[●]" in "".join(rows)


def test_the_way_goes_from_its_start_to_where_one_stands_and_an_arrow_points_downhill() -> None:
    rows = text(landscape(), 60, 20, MONO)
    start, here = (next((y, row.index(mark)) for y, row in enumerate(rows[1:]) if mark in row) for mark in ("○", "[●]"))
    assert start[0] < here[0]
    assert start[1] < here[1]
    assert any(head in "".join(rows) for head in "↘→")
    uphill = text(landscape(gradient=(0.25, 0.1)), 60, 20, MONO)
    assert any(head in "".join(uphill) for head in "←↙")
    assert "↘" not in "".join(uphill)


def test_what_lies_outside_the_map_is_not_drawn_at_its_edge() -> None:
    rows = text(landscape(here=(5.0, 5.0), path=((5.0, 5.0), (6.0, 6.0)), gradient=None), 40, 10, MONO)
    assert not set("".join(rows[1:])) & set("●○⠁⠉")


def test_levels_rise_with_the_loss_and_each_band_has_as_many() -> None:
    view = landscape()
    bands = bands_of(view, 9)
    losses = sorted(value for row in view.rows for value in row)
    levels = levels_of([losses], steps_of(bands))[0]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == MAP_LEVELS - 1
    low, high = (levels_of([values], steps_of(bands))[0] for values in ([0.02, 0.09], [1.1, 1.9]))
    assert low[1] - low[0] == high[1] - high[0] == 2
    assert levels_of([[math.inf, math.nan]], steps_of(bands)) == [[MAP_LEVELS - 1, NOTHING]]


def test_on_few_rows_fewer_lines_are_drawn() -> None:
    assert len(bands_of(landscape(), 2)) == 4 < len(bands_of(landscape(), 9)) == 7


def test_a_line_runs_on_the_higher_side_only() -> None:
    assert on_lines([[0.0, 1.0, 2.0]], [0.5]) == [[False, True, False]]


@pytest.mark.parametrize("theme", ["dark", "light", "projector"])
def test_the_colours_of_the_map_are_monotone_in_luminance_but_for_the_lines(theme: str) -> None:
    rows = pane(landscape(levels=()), Look(colours=THEMES[theme])).draw(38, 10)
    assert len({style.bgcolor for row in rows for _, style in row}) > 8


def test_the_title_says_the_loss_and_the_steps() -> None:
    made = pane(landscape(samples=200, samples_in_all=1347))
    assert made.title() == f"landscape · loss {Voice().number(valley(*WAY[-1]))} · steps 0 to 40 · 200 of 1,347 samples"


# ---------------------------------------------------------------- walking on it


def test_arrows_turn_the_two_weights() -> None:
    made = pane(landscape())
    assert made.arrow("right", False) == m.Twist("weights[1][0][0]", TURN)
    assert made.arrow("left", True) == m.Twist("weights[1][0][0]", -FINE)
    assert made.arrow("up", False) == m.Twist("biases[0][3]", TURN)
    assert made.arrow("down", False) == m.Twist("biases[0][3]", -TURN)


def test_the_wheel_goes_nearer_and_back() -> None:
    made = pane(landscape())
    nearer, wider = made.wheel(0, 0, True, False), made.wheel(0, 0, False, False)
    assert nearer == m.Landscape("weights[1][0][0]", "biases[0][3]", 1.6)
    assert wider == m.Landscape("weights[1][0][0]", "biases[0][3]", 2.5)
    assert pane(landscape(x_range=(-1e6, 1e6))).wheel(0, 0, False, False) is None


def test_a_click_sets_both_weights_to_that_place() -> None:
    made = pane(landscape())
    made.draw(43, 12)
    assert made.clicked_all(0, 0, False) == ()
    first, second = made.clicked_all(42, 1, False)
    assert first == m.SetValue("weights[1][0][0]", 2.0)
    assert isinstance(second, m.SetValue)
    assert second.address == "biases[0][3]"
    assert second.value == pytest.approx(1.8, abs=0.03)


def test_what_is_at_hand() -> None:
    made = pane(landscape())
    assert made.number_at_hand() == "loss"
    assert made.value_at_hand().startswith("weights[1][0][0] = 0.5, biases[0][3] = 0.1, loss 0.08")


# ---------------------------------------------------------------- of any kind


numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-3, 3))
places = st.tuples(numbers, numbers)
rows = st.integers(0, 5).flatmap(lambda n: st.lists(st.tuples(*[numbers] * n), max_size=5).map(tuple))


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        m.LandscapeView, st.sampled_from(["weights[0][0][0]", "[red]"]), st.just("biases[0][0]"), places, places,
        rows, st.lists(numbers, max_size=5).map(tuple), places, numbers, st.lists(places, max_size=5).map(tuple),
        st.just((0, 5)), st.none() | places,
    ),
    st.integers(1, 120), st.integers(1, 50), st.sampled_from([Look(), MONO, PLAIN, Look(colours=THEMES["projector"])]),
)  # fmt: skip
def test_no_view_and_no_size_is_too_much(view: m.LandscapeView, width: int, height: int, look: Look) -> None:
    made = pane(view, look)
    drawn = made.draw(width, height)
    assert len(drawn) <= max(1, height)
    made.clicked_all(width // 2, height // 2, False)
    made.wheel(0, 0, True, False)
    made.title()
