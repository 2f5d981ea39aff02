"""The twist pane: what it says of views made by hand, and how it is turned."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.plot import Scale
from nntui.tui.panes.twist import Track, TwistPane

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


CLOSE = {"loss": 1.0000000028, "loss_up": 1.0000000031, "loss_down": 1.0000000029}
LONG = {
    "value": -0.30000000000000004, "loss": 0.7942912345678901, "loss_up": 0.7951412345678901,
    "loss_down": 0.7930112345678901, "outputs": (0.91234567890123456,),
}  # fmt: skip


def test_in_three_rows_words_and_the_knob_give_way_before_digits():
    near = view(loss=0.79429, loss_up=0.79514, loss_down=0.79301)
    assert drawn(near, 25, 3) == [
        "weights[0][2][1] +0.41312",
        "loss 0.79429 +: 0.79514 ✗",
        "             −: 0.79301 ✓",
    ]
    assert drawn(near, 32, 3)[1:] == ["loss 0.79429 +0.05: 0.79514 ✗", "             −0.05: 0.79301 ✓"]
    assert drawn(near, 60, 3)[1:] == [
        " ◀━━━━━━━━━━━━━━○━━━━━━━━━━━━━━━━━━━━━━━━●━━━━━━━━━━━━━━━━▶",
        " loss 0.79429  if +0.05: 0.79514 ✗  if −0.05: 0.79301 ✓",
    ]


def test_losses_that_differ_never_look_equal():
    for width, height in ((25, 3), (25, 4), (25, 5), (40, 3), (40, 12), (80, 20)):
        text = "\n".join(drawn(view(**CLOSE), width, height))
        assert all(part in text for part in ("1.0000000028", "1.0000000031", "1.0000000029")), (width, height, text)
        assert "+" in text
        assert "−" in text
    pane = pane_of(view(**CLOSE))
    pane.draw(25, 3)
    assert pane.title() == "weights[0][2][1] +0.41312", "the losses have taken its row"


def test_the_labels_of_the_curve_and_of_the_knob_are_told_apart():
    flat = m.Curve("loss", tuple(12345 + x for x in XS), tuple(1 + x / 1e6 for x in XS))
    rows = drawn(view(curve=flat, value=12345.0, before=None, last="", **CLOSE), 60, 20)
    assert any(row.split()[:1] == ["1"] for row in rows)
    assert any(row.split()[:1] == ["0.999999"] for row in rows)
    assert any(row.split() == ["12,340", "12,350"] for row in rows)


@pytest.mark.parametrize("width", [16, 20, 25, 30, 40])
@pytest.mark.parametrize("height", [3, 5, 8, 12])
def test_a_number_that_does_not_fit_ends_in_an_ellipsis(width, height):
    pane = pane_of(view(**LONG), digits=0)
    pane.view = view(**LONG)
    told = {f"{abs(each)!r}" for each in (*[value for value in LONG.values() if isinstance(value, float)], 0.5, 1.0)}
    told |= {repr(LONG["outputs"][0]), "0.05", "2.57", "0.01", "0", "1", "2"}
    for row in pane._drawn(width, height):
        text = "".join(part for part, _ in row)
        assert cell_len(text) <= width
        for number in re.findall(r"(?<![\[\d.])\d[\d.]*…?", text):
            if number.endswith("…"):
                assert any(each.startswith(number[:-1]) for each in told), text
            else:
                assert number in told, text


def test_the_target_has_a_row_of_its_own_where_there_is_no_room_beside_the_output():
    rows = drawn(view(**LONG), 25, 16, digits=0)
    assert rows[-2:] == [" output 0.91234567890123…", " target 1.0"]
    assert drawn(view(), 60, 12)[-1].split() == ["output", "0.73", "target", "1"]


def test_the_curve_comes_before_the_output_and_blank_rows():
    for height in range(8, 30):
        rows = drawn(view(before=0.5, last="set at step 3"), 60, height)
        told = any(row.split()[:1] == ["output"] for row in rows)
        curve = any(0x2800 < ord(glyph) <= 0x28FF for row in rows for glyph in row)
        assert curve or not told or height < 10, (height, rows)
    assert any("0.73" in row for row in rows)


def test_at_the_bottom_of_a_bowl_both_sides_look_alike():
    rows = drawn(view(loss=0.0, loss_up=0.00624999999999996, loss_down=0.00625000000000001), 40, 5)
    assert sum("0.00625 " in row for row in rows) == 2
    both = drawn(view(loss=0.0, loss_up=0.00624999999999996, loss_down=0.00625000000000001), 60, 5, digits=0)
    assert any("0.00624999999999996" in row for row in both)


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
    assert (TURN, FINE) == (0.05, 0.005), "as much as an arrow key"
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
    track = Track(3, 40, Scale(-1.25, 0.75))
    for column in range(3, 43):
        assert track.column(track.value(column)) == column


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
