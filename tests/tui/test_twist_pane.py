"""The twist pane: what it says of views made by hand, and how it is turned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.twist import Scale, TwistPane

XS = tuple(-1.0 + i / 10 for i in range(21))


class Lone(TwistPane):
    """Without an app around it."""

    said = Voice()

    @property
    def voice(self) -> Voice:
        return self.said


def view(**changes: object) -> m.TwistView:
    fields: dict[str, object] = {
        "address": "weights[0][2][1]",
        "value": 0.41312345,
        "amount": 0.05,
        "loss": 0.0312,
        "loss_up": 0.0298,
        "loss_down": 0.0331,
        "last": "twisted at step 114",
        "curve": m.Curve("loss", XS, tuple((x - 0.6) ** 2 + 0.01 for x in XS)),
        "before": -0.5,
        "outputs": (0.73,),
        "target": (1.0,),
    }
    return m.TwistView(**(fields | changes))  # type: ignore[arg-type]


def pane_of(seen: m.TwistView, look: Look | None = None, digits: int = 5) -> Lone:
    pane = Lone(look or Look())
    pane.said = Voice(digits=digits)
    pane.view = seen
    return pane


def drawn(seen: m.TwistView, width: int, height: int, look: Look | None = None, digits: int = 5) -> list[str]:
    rows = pane_of(seen, look, digits).draw(width, height)
    return ["".join(text for text, _ in row).rstrip() for row in rows]


def test_five_rows_say_what_matters():
    assert drawn(view(), 40, 5) == [
        " weights[0][2][1]              +0.41312",
        " ◀━━━━━━━━━○━━━━━━━━━━━━━━━●━━━━━━━━━━▶",
        " loss now   0.0312",
        " if +0.05   0.0298    ✓ better",
        " if −0.05   0.0331    ✗ worse",
    ]


def test_with_more_room_there_is_more():
    rows = drawn(view(), 60, 18)
    assert rows[1] == " −0.5 → +0.41312  twisted at step 114"
    assert rows[-1].split() == ["output", "0.73", "target", "1"]
    knob = next(y for y, row in enumerate(rows) if "◀" in row)
    assert rows[knob + 1].split() == ["−1", "1"]
    curve = rows[3:knob]
    assert len(curve) >= 5
    assert curve[0].split()[0] == "2.57"
    assert curve[-1].split()[0] == "0.01"
    marks = [row.index("●") for row in rows[: knob + 1] if "●" in row]
    assert len(marks) == 2
    assert marks[0] == marks[1]


def test_three_rows_are_cut_down_to_what_the_sketch_has():
    assert drawn(view(loss=0.79429, loss_up=0.79514), 32, 3) == [
        " weights[0][2][1]      +0.41312",
        " ◀━━━━━━━○━━━━━━━━━━━●━━━━━━━━▶",
        " loss 0.7943  if +0.05: 0.7951 ✗",
    ]


def test_exactly_means_all_digits():
    assert drawn(view(value=-0.1 - 0.2), 60, 5, digits=0)[0].endswith("−0.30000000000000004")
    rows = drawn(view(value=-0.1 - 0.2), 30, 8, digits=0)
    assert rows[0] == " weights[0][2][1]"
    assert rows[1].endswith(" −0.30000000000000004")


def test_the_same_is_neither_better_nor_worse():
    rows = drawn(view(loss_up=0.0312, loss_down=math.nan), 40, 5)
    assert rows[3].endswith("─ the same")
    assert rows[4].endswith("✗ worse")


def test_in_ascii_there_is_no_other_character():
    for height in (3, 5, 20):
        text = "\n".join(drawn(view(), 60, height, Look(shapes=ASCII, depth=0)))
        assert text.isascii()
        assert "<---" in text


def test_the_wheel_turns():
    pane = pane_of(view())
    assert pane.wheel(3, 3, True, False) == m.Twist("weights[0][2][1]", 0.05)
    assert pane.wheel(3, 3, False, False) == m.Twist("weights[0][2][1]", -0.05)
    assert pane.wheel(3, 3, False, True) == m.Twist("weights[0][2][1]", -0.005)
    pane.view = m.Refused("There is no parameter.")
    assert pane.wheel(3, 3, True, False) is None


def test_a_click_on_the_knob_or_curve_sets_the_value_there():
    pane = pane_of(view())
    rows = ["".join(text for text, _ in row) for row in pane.draw(60, 18)]
    knob = next(y for y, row in enumerate(rows) if "◀" in row)
    left, right = rows[knob].index("◀"), rows[knob].index("▶")
    assert pane.clicked(left + 1, knob, False) == m.SetValue("weights[0][2][1]", -1.0)
    assert pane.clicked(right - 1, knob, False) == m.SetValue("weights[0][2][1]", 1.0)
    middle = pane.clicked((left + right) // 2, knob - 2, False)
    assert isinstance(middle, m.SetValue)
    assert abs(middle.value) < 0.03
    assert len(repr(middle.value)) <= 6
    assert pane.clicked(5, 0, False) is None
    assert pane.clicked(5, len(rows) - 1, False) is None


def test_a_click_comes_out_where_it_fell():
    scale = Scale(3, 40, -1.25, 0.75)
    for column in range(3, 43):
        assert scale.column(scale.value(column)) == column


def test_what_is_at_hand():
    pane = pane_of(view())
    assert (pane.number_at_hand(), pane.value_at_hand()) == ("weights[0][2][1]", "0.41312345")


numbers = st.one_of(st.floats(), st.floats(-2, 2), st.sampled_from([math.nan, math.inf, -math.inf, 1e308, -1e308, 0.0]))
some = st.lists(numbers, max_size=8).map(tuple)
looks = st.sampled_from([Look(), Look(shapes=ASCII, depth=0), Look(colours=THEMES["projector"])])


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        m.TwistView, address=st.sampled_from(["mean", "weights[0][12][345]", "[red]"]), value=numbers, amount=numbers,
        loss=numbers, loss_up=numbers, loss_down=numbers, last=st.sampled_from(["", "set at step 3"]),
        curve=st.builds(m.Curve, st.just("loss"), some, some), before=st.none() | numbers, outputs=some,
        target=st.none() | some,
    ),
    st.integers(1, 120), st.integers(1, 50), looks, st.sampled_from([0, 1, 5, 17]),
)  # fmt: skip
def test_no_view_and_no_size_is_too_much(seen, width, height, look, digits):
    pane = pane_of(seen, look, digits)
    pane.draw(width, height)
    for y in range(height):
        pane.clicked(width // 2, y, False)
    pane.value_at_hand()


@pytest.mark.parametrize("height", range(5, 24))
def test_nothing_is_cut_off_from_five_rows_on(height):
    rows = drawn(view(), 40, height)
    assert len(rows) <= height
    text = "\n".join(rows)
    assert all(part in text for part in ("+0.41312", "◀", "loss now", "✓ better", "✗ worse"))
