"""The loss pane: what stands in it, and what a click or an arrow key means."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.loss import LossPane
from nntui.tui.panes.pane import DONE, Pane
from nntui.tui.rows import strip_of
from nntui.tui.themes import defaults

STEPS = tuple(float(step) for step in range(0, 1001, 20))
LOSS = m.Curve("loss", STEPS[:36], tuple(math.exp(-x / 300) for x in STEPS[:36]))
TEST = m.Curve("test loss", STEPS[:36], tuple(math.exp(-x / 300) + 0.1 for x in STEPS[:36]))
AHEAD = m.Curve("ahead", STEPS[35:], tuple(math.exp(-x / 300) for x in STEPS[35:]))
FULL = m.CurvesView("loss", "step", "loss", (LOSS, TEST, AHEAD), ((200.0, "rung numba"), (500.0, "edit")), 700.0)
ONLY = m.CurvesView("loss", "step", "loss", (LOSS,))
BRAILLE = [chr(code) for code in range(0x2801, 0x2900)]


class Bare(LossPane):
    """Without an app."""

    voice = Voice()


def pane(view, look=None):
    made = Bare(look or Look())
    made.view = view
    return made


def text(made, width=60, height=16):
    return [strip_of(row, width, made.ink.text).text for row in made.draw(width, height)]


def styles_of(made, glyphs, width=60, height=16):
    return {style for row in made.draw(width, height) for part, style in row if set(part) & set(glyphs)}


def test_curves_marks_and_where_one_stands():
    rows = text(pane(FULL))
    assert "⠒ loss  • test loss  · ahead" in rows[0]
    assert any("┊numba from here" in row for row in rows)
    assert any("┊edit" in row for row in rows)
    assert rows[-1].split() == ["0", "step", "▲", "700", "1,000"]
    column = rows[-1].index("▲")
    assert sum(row[column] == "│" for row in rows[:-2]) >= 10
    assert all(len(row) == 60 for row in rows)


def test_each_curve_has_a_colour_and_a_mark_of_its_own():
    made = pane(FULL)
    assert made.ink.minus in styles_of(made, "•")
    assert made.ink.accent in styles_of(made, BRAILLE)
    assert made.ink.muted in styles_of(made, "·")


def test_the_title_tells_the_losses():
    made = pane(FULL)
    assert made.title() == f"loss {made.voice.number(LOSS.y[-1])} · test {made.voice.number(TEST.y[-1])}"
    made.toggle_scale()
    assert made.title().endswith(" · log")
    assert pane(None).title() == "loss"
    assert (made.number_at_hand(), made.value_at_hand()) == ("loss", made.title())


def test_a_logarithmic_axis_is_another_picture():
    made = pane(ONLY)
    linear = text(made)
    made.toggle_scale()
    assert text(made) != linear
    assert any(row.startswith("0.2┤") for row in text(made))


def test_small_panes_have_no_axes():
    rows = text(pane(FULL), 26, 5)
    assert not any("┤" in row or "step" in row for row in rows)
    assert any("⠒" in row or "⠢" in row for row in rows)
    assert any("┤" in row for row in text(pane(FULL), 38, 6))


@pytest.mark.parametrize(
    ("x", "y", "logarithmic", "said"),
    [
        ((), (), False, "no loss yet"),
        ((0.0,), (0.5,), False, "one point yet"),
        ((0.0, 1.0), (0.5, math.nan), False, "one point yet"),
        ((0.0, 1.0), (math.nan, math.inf), False, "not a finite number"),
        ((0.0, 1.0), (-1.0, 0.0), True, "no logarithm"),
    ],
)
def test_why_there_is_no_curve(x, y, logarithmic, said):
    made = pane(m.CurvesView("", "step", "loss", (m.Curve("loss", x, y),)))
    made.logarithmic = logarithmic
    assert said in " ".join(text(made, 50, 8))
    assert made.clicked(5, 2, False) is None or x


def test_plain_characters_only():
    made = pane(FULL, Look(shapes=ASCII))
    made.logarithmic = True
    rows = text(made)
    assert all(row.isascii() for row in rows)
    assert "* loss  o test loss  . ahead" in rows[0]


def test_the_projector_has_thick_strokes():
    assert any(set("▀▄▚▞▙▛▜▟") & set(row) for row in text(pane(ONLY, Look(THEMES["projector"]))))


def test_a_click_goes_to_the_nearest_step():
    made = pane(FULL)
    rows = text(made)
    assert made.clicked(rows[-1].index("▲"), 3, False) == m.Goto(700, "step")
    assert made.clicked(0, 3, False) == m.Goto(0, "step")
    assert made.clicked(59, 3, False) == m.Goto(1000, "step")


def test_arrows_go_along_the_curve():
    made = pane(FULL)
    assert made.arrow("right", False) == m.Goto(750, "step")
    assert made.arrow("left", False) == m.Goto(650, "step")
    assert made.arrow("left", True) == m.Goto(699, "step")
    assert made.arrow("up", False) is None
    end = pane(ONLY)
    assert end.arrow("right", False) == DONE
    assert end.arrow("left", False) == m.Goto(665, "step")
    assert pane(m.CurvesView("", "step", "loss", ())).arrow("left", False) is None
    assert pane(None).arrow("left", False) is None


def test_odd_labels_are_shown_as_they_are():
    view = m.CurvesView("", "step", "loss", (LOSS,), ((300.0, "[/red]\x1b漢"),))
    assert any("[/red]??" in row for row in text(pane(view)))


numbers = st.floats(allow_nan=True, allow_infinity=True)
names = st.sampled_from(["loss", "test loss", "ahead", "[b]odd"])
curves = st.lists(
    st.builds(m.Curve, names, st.lists(numbers, max_size=20).map(tuple), st.lists(numbers, max_size=20).map(tuple)),
    max_size=4,
).map(tuple)
marks = st.lists(st.tuples(numbers, st.text(max_size=20)), max_size=4).map(tuple)


@settings(max_examples=80, deadline=None)
@given(curves, marks, st.none() | numbers, st.integers(1, 120), st.integers(1, 50), st.booleans(), st.booleans())
def test_no_view_and_no_size_is_too_odd(some, marked, now, width, height, logarithmic, unicode):
    made = pane(m.CurvesView("", "step", "loss", some, marked, now), Look() if unicode else Look(shapes=ASCII))
    made.logarithmic = logarithmic
    rows = made.draw(width, height)
    assert all(strip_of(row, width, made.ink.text).cell_length == width for row in rows)
    assert isinstance(made.title(), str)
    for x, y in ((0, 0), (width - 1, height - 1), (width // 2, 0)):
        message = made.clicked(x, y, False)
        assert message is None or m.validated(message, m.Goto)
    assert made.arrow("left", False) in (None, DONE) or m.validated(made.arrow("left", False), m.Goto)


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
    app = One(LossPane())
    async with app.run_test(size=(60, 18)) as pilot:
        app.made.show(FULL)
        await pilot.pause()
        assert app.made.border_title.startswith("loss ")
        await pilot.click(LossPane, offset=(58, 3))
        await pilot.pause()
        assert app.picked == [m.Goto(1000, "step")]
        before = app.made.render_line(4).text
        app.made.toggle_scale()
        assert app.made.render_line(4).text != before


# ---------------------------------------------------------------- curves that are kept, and other axes


def kept(steps=()):
    """A run, two curves that are kept, over predictions."""
    curves = (
        m.Curve("loss", (0.0, 40.0, 80.0), (1.0, 0.5, 0.2)), m.Curve("test loss", (0.0, 80.0), (1.1, 0.4)),
        m.Curve("twist", (0.0, 400.0, 800.0), (1.0, 0.6, 0.3)), m.Curve("adam", (0.0, 100.0), (0.9, 0.1)),
    )  # fmt: skip
    return m.CurvesView(
        "loss", "prediction", "loss", curves, (), 80.0, ("twist", "adam"), steps, 0.3, (80.0, 800.0, 100.0)
    )


def test_kept_curves_are_named_each_in_a_look_of_its_own():
    made = pane(kept((0, 5, 10)))
    rows = "\n".join(text(made, 80, 20))
    assert all(name in rows for name in ("loss", "test loss", "twist", "adam", "prediction"))
    looks = [made._look_of(name) for name in ("loss", "test loss", "twist", "adam")]
    assert len({str(look) for look in looks}) == 4
    made = pane(kept(), Look(shapes=ASCII, depth=0))
    assert len({made._look_of(name)[0] for name in ("twist", "adam", "test loss", "ahead")}) == 4


def test_where_there_is_little_room_the_names_stand_below_each_other():
    rows = text(pane(kept()), 34, 12)
    assert sum("twist" in row for row in rows) == sum("adam" in row for row in rows) == 1
    assert not any("twist" in row and "adam" in row for row in rows)


def test_along_another_axis_a_click_goes_to_the_step_of_that_place():
    made = pane(kept((0, 5, 10)))
    text(made, 80, 20)
    assert made.clicked(made._plot.column(41.0), 3, False) == m.Goto(5, "step")
    assert made.clicked(79, 3, False) == m.Goto(10, "step"), "a kept curve has no steps to go to"
    assert made.arrow("left", True) == m.Goto(9, "step")
