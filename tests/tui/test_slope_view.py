"""The slope in the twist pane: the line through two points of the curve, its numbers, and the ladder of other sizes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from slopes import slope
from snapshots import is_as_seen

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.sloped import Sloped
from nntui.tui.panes.twist import TwistPane

XS = tuple(-0.6 + i / 20 for i in range(41))
CURVE = m.Curve("loss", XS, tuple((x - 0.6) ** 2 + 0.01 for x in XS))
MONO, PLAIN = Look(depth=0), Look(shapes=ASCII, depth=0)


class Bare(TwistPane):
    """Without an app."""

    voice = Voice()


def view(found: m.SlopeView | None = None, **changes: object) -> m.TwistView:
    found = found or slope()
    fields: dict[str, object] = {
        "address": "weights[0][2][1]",
        "value": found.value,
        "amount": 0.05,
        "loss": found.loss,
        "loss_up": 0.04,
        "loss_down": 0.06,
        "last": "",
        "curve": CURVE,
        "slope": found,
    }
    return m.TwistView(**(fields | changes))  # type: ignore[arg-type]


def pane(seen: m.TwistView, look: Look | None = None) -> Bare:
    made = Bare(look or Look())
    made.view = seen
    return made


def text(seen: m.TwistView, width: int, height: int, look: Look | None = None) -> list[str]:
    return ["".join(part for part, _ in row) for row in pane(seen, look).draw(width, height)]


def line_cells(seen: m.TwistView, width: int, height: int) -> set[tuple[int, int]]:
    """The cells in which the line runs, by its colour, above the knob."""
    made = pane(seen)
    accent, cells = made.ink.accent, set()
    for y, row in enumerate(made.draw(width, height)):
        x = 0
        for part, style in row:
            if style == accent and "\u2800" <= part[0] <= "\u28ff":
                cells |= {(x + i, y) for i in range(len(part))}
            x += len(part)
    return cells


@pytest.mark.parametrize("look", [MONO, PLAIN], ids=["mono", "ascii"])
@pytest.mark.parametrize(("width", "height"), [(34, 9), (46, 26)])
def test_it_looks_as_it_did(look: Look, width: int, height: int) -> None:
    rows = text(view(), width, height, look)
    assert is_as_seen(f"slope-{width}-{'ascii' if look is PLAIN else 'mono'}", rows)
    assert all(cell_len(row) <= width for row in rows)


def test_the_numbers_are_those_of_the_twist() -> None:
    rows = "\n".join(text(view(), 60, 12))
    assert "twist 0.1" in rows
    assert "slope −0.3" in rows
    assert "loss 0.05 → 0.02" in rows


@pytest.mark.parametrize("size", [0.5, 0.1, 0.01])
def test_both_points_are_marked_and_the_line_goes_from_side_to_side(size: float) -> None:
    seen = view(slope(size))
    rows = text(seen, 60, 16)
    curve = "\n".join(rows[1:12])
    assert "●" in curve
    assert ("○" in curve) == (size > 0.01), "a tiny twist ends in the very same cell"
    columns = {x for x, _ in line_cells(seen, 60, 16)}
    assert max(columns) >= 40


def test_as_the_twist_shrinks_the_line_turns_into_the_tangent() -> None:
    cells = [line_cells(view(slope(size)), 60, 20) for size in (0.5, 0.1, 0.01, 1e-4)]
    tangent = line_cells(view(slope(1e-7)), 60, 20)
    away = [len(each ^ tangent) for each in cells]
    assert away == sorted(away, reverse=True)
    assert away[0] > 20
    assert away[-1] == 0


def test_losses_of_a_tiny_twist_stand_one_below_the_other_in_all_digits() -> None:
    found = slope(1e-13, loss=1.0299123456789012, loss_after=1.0299123456789003, slope=-0.0088)
    rows = [row.rstrip() for row in text(view(found), 34, 12)]
    assert " loss  1.029912345678901" in rows
    assert " after 1.0299123456789" in rows
    assert any("slope −0.0088" in row for row in rows)


def test_a_slope_that_falls_apart_is_a_line_that_jumps() -> None:
    good, steep = (line_cells(view(slope(1e-14, slope=value)), 60, 16) for value in (-0.4, 3.0))
    assert good != steep
    assert line_cells(view(slope(1e-16, slope=0.0)), 60, 16) not in (good, steep)


def test_where_there_is_room_the_ladder_marks_the_one_in_hand() -> None:
    rows = text(view(), 60, 26)
    marked = next(row for row in rows if "›" in row)
    assert "› 0.1" in marked
    assert sum(size in "\n".join(rows[-6:]) for size in ("0.5", "0.1", "0.01", "0.001", "0.0001")) == 5
    few = text(view(slope(1e-4)), 30, 15)
    assert any("› 0.0001" in row for row in few), "of a ladder that is too long, the part around the one in hand"


def test_the_exact_slope_is_shown_once_a_twist_has_come_near_it_and_is_no_answer_given_away_before() -> None:
    assert any("exact −0.4" in row for row in text(view(slope(0.01)), 60, 26))
    assert "exact" not in "\n".join(text(view(slope(0.1)), 60, 26))


def test_without_a_gradient_nothing_is_said_to_be_exact() -> None:
    assert "exact" not in "\n".join(text(view(slope(0.01, exact=None)), 60, 26))


def test_a_click_on_the_curve_still_sets_the_value() -> None:
    made = pane(view())
    made.draw(60, 16)
    command = made.clicked(40, 4, False)
    assert isinstance(command, m.SetValue)


numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-3, 3))
sizes = st.sampled_from([100.0, 0.5, -0.1, 1e-8, 1e-16])


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        m.SlopeView, st.just("weights[0][0][0]"), numbers, sizes, numbers, numbers, numbers, st.none() | numbers,
        st.lists(st.tuples(sizes, numbers), max_size=12).map(tuple),
    ),
    st.integers(1, 120), st.integers(1, 50), st.sampled_from([Look(), PLAIN, Look(colours=THEMES["projector"])]),
)  # fmt: skip
def test_no_view_and_no_size_is_too_much(found: m.SlopeView, width: int, height: int, look: Look) -> None:
    rows = text(view(found), width, height, look)
    assert len(rows) <= max(height, 4)
    assert math.isfinite(len(rows))


def test_a_ladder_has_as_many_heads_as_columns() -> None:
    few = slope(ladder=((0.5, 0.1), (0.1, 0.2), (0.01, 0.3)))
    rows = Sloped(few, MONO, lambda value, digits: f"{value:g}", 5).ladder(200, 10)
    assert "".join(text for text, _ in rows[0]).count("slope") == 3
