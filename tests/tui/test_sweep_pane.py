"""The sweep: what matters most stands at the top, each change says whether it is better, and one walks through it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from slopes import NOW, sweep
from snapshots import is_as_seen
from textual.geometry import Size

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, Look
from nntui.tui.panes.pane import DONE
from nntui.tui.panes.sweep import SweepPane

PLAIN = Look(shapes=ASCII, depth=0)


class Bare(SweepPane):
    """Without an app."""

    voice = Voice()
    size = Size(80, 20)
    has_focus = False


def pane(view: m.SweepView, pointed: str = "", look: Look | None = None) -> Bare:
    made = Bare(look or Look())
    made.view, made.pointed = view, pointed
    return made


def text(made: Bare, width: int = 38, height: int = 8) -> list[str]:
    return ["".join(part for part, _ in row) for row in made.draw(width, height)]


@pytest.mark.parametrize("look", [Look(), PLAIN], ids=["unicode", "ascii"])
@pytest.mark.parametrize(("width", "height"), [(38, 8), (78, 30)])
def test_it_looks_as_it_did(look: Look, width: int, height: int) -> None:
    rows = text(pane(sweep(), "weights[0][0][1]", look), width, height)
    assert is_as_seen(f"sweep-{width}-{'ascii' if look is PLAIN else 'unicode'}", rows)
    assert all(cell_len(row) <= width for row in rows)


def test_the_largest_effect_has_the_longest_bar_and_what_does_nothing_has_none() -> None:
    rows = text(pane(sweep()), 78, 30)
    bars = [row.count("█") for row in rows[1:13]]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] > 2 * bars[2] > 0
    assert rows[12].startswith(" biases[1][0] ")
    assert "█" not in rows[12]
    assert rows[12].count("─") == 2


def test_better_and_worse_are_marked() -> None:
    first, second = text(pane(sweep()), 78, 30)[1:3]
    assert first.split()[2:4] == ["1.2299✗", "0.8299✓"]
    assert second.split()[2:4] == ["0.9299✓", "1.1299✗"]


def test_it_begins_with_the_largest_until_it_has_the_keys() -> None:
    made = pane(sweep(), "biases[1][0]")
    assert "weights[0][0][0]" in text(made)[1]
    made.has_focus = True
    assert "›biases[1][0]" in "\n".join(text(made))
    made.pointed = "weights[0][0][0]"
    assert text(made)[1].startswith("›weights[0][0][0]")


def test_up_and_down_point_at_the_next() -> None:
    made = pane(sweep(), "weights[0][0][1]")
    text(made)
    assert made.arrow("down", False) == m.Point("weights[0][0][2]")
    assert made.arrow("up", False) == m.Point("weights[0][0][0]")
    assert made.arrow("left", False) is None
    made.pointed = "weights[0][0][0]"
    assert made.arrow("up", False) == DONE
    made.pointed = "weights[7][7][7]"
    assert made.arrow("down", False) == m.Point("weights[0][0][0]")


def test_a_click_points_and_enter_asks_why() -> None:
    made = pane(sweep(), "weights[0][0][1]")
    text(made)
    assert made.clicked(3, 1, False) == m.Point("weights[0][0][0]")
    assert made.clicked(3, 0, False) is None
    assert made.number_at_hand() == "weights[0][0][1]"
    assert made.value_at_hand().startswith("weights[0][0][1]: loss 0.92")


def test_the_title_and_the_last_row_say_what_was_done() -> None:
    made = pane(sweep(parameters=2410, samples=200, samples_in_all=1347))
    assert made.title() == "sweep ±0.1 · loss 1.0299"
    last = text(made, 78, 30)[-1]
    assert last == " and 2,398 more; 2,410 weights over 200 of 1,347 samples in 0.01 s"
    assert text(made, 98, 30)[-1].endswith("samples, 12,000 predictions in 0.01 s")


def test_losses_that_differ_look_different() -> None:
    effects = (m.Effect("weights[0][0][0]", 0.5, NOW + 1e-9, NOW - 1e-9),)
    row = text(pane(sweep(effects=effects, parameters=1)), 78, 8)[1]
    assert len(set(row.split()[2:4])) == 2
    assert "1.029900001✗" in row


# ---------------------------------------------------------------- of any kind


numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-3, 3))
effects = st.builds(m.Effect, st.sampled_from(["weights[0][0][0]", "biases[11][222]"]), numbers, numbers, numbers)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(m.SweepView, numbers, numbers, st.lists(effects, max_size=6).map(tuple), st.integers(0, 10**6),
              st.just(10), st.just(0.1)),
    st.integers(1, 120), st.integers(1, 50), st.sampled_from([Look(), PLAIN]),
)  # fmt: skip
def test_no_view_and_no_size_is_too_much(view: m.SweepView, width: int, height: int, look: Look) -> None:
    made = pane(view, "biases[11][222]", look)
    assert len(made.draw(width, height)) <= max(height, 1)
    made.clicked(0, 1, False)
    made.title()
