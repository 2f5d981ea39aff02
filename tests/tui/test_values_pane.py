"""The values pane: which values, in which order, what is marked, and what is selected."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, Look
from nntui.tui.panes.pane import DONE
from nntui.tui.panes.values import NOTHING, ValuesPane
from nntui.tui.panes.written import aligned, apart, fitted, whole
from nntui.tui.rows import Row, strip_of


class Quiet(ValuesPane):
    """A pane that is on no screen."""

    voice = Voice()  # type: ignore[assignment]
    has_focus = True


def rows_list(name: str, count: int = 2) -> m.ListValue:
    return m.ListValue(name, (), count, count)


INPUTS = m.ListValue("inputs", (0.31, -0.77), 2)
BEFORE: tuple[tuple[str, m.Value], ...] = (
    ("weights", rows_list("weights")), ("inputs", INPUTS), ("activation", 0), ("outputs", rows_list("outputs")),
    ("sources", INPUTS), ("layer", 0), ("neuron", 2), ("total", 0.2), ("source", 1),
)  # fmt: skip
LOOPS = ("layer", "neuron", "source")


def view(
    values: tuple[tuple[str, m.Value], ...] = BEFORE, *changed: m.Change, loops: tuple[str, ...] = LOOPS,
    in_hand: tuple[tuple[str, int], ...] = (("weights", 0), ("sources", 1)), function: str = "predict",
) -> m.ValuesView:  # fmt: skip
    return m.ValuesView(function, values, changed, in_hand, loops)


def pane(shown: m.ValuesView, look: Look | None = None) -> Quiet:
    made = Quiet(look or Look())
    made.show(shown)
    return made


def texts(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in row).rstrip() for row in rows]


def drawn(shown: m.ValuesView, width: int = 40, height: int = 12, look: Look | None = None) -> list[str]:
    return texts(pane(shown, look).draw(width, height))


def with_total(total: float) -> tuple[tuple[str, m.Value], ...]:
    return tuple((name, total if name == "total" else value) for name, value in BEFORE)


def test_counters_share_a_row_then_numbers_lists_lists_of_lists_and_codes() -> None:
    assert drawn(view()) == [
        " layer 0   neuron 2   source 1",
        "›total    0.2",
        " sources  [0.31, ▸−0.77◂]  inputs",
        " inputs   [0.31, −0.77]",
        " weights  2 lists  ▸[0]◂",
        " outputs  2 lists",
        " activation  0",
    ]


def test_what_a_loop_goes_through_is_told_in_a_row_of_its_own_where_it_takes_words() -> None:
    values = (("current", "d = not known yet, gradient 0"), ("order", rows_list("order")))
    rows = drawn(view(values, loops=("current",), in_hand=(), function="forward"), width=33)
    assert next(row for row in rows if "current" in row).endswith("…")


def test_what_changed_tells_what_it_was() -> None:
    shown = pane(view(with_total(0.5181), m.Change("total", 0.2, 0.5181)))
    row = shown.draw(40, 12)[1]
    assert texts([row]) == ["›total    0.2 → 0.5181"]
    assert row[-1][1] == shown.ink.accent
    assert drawn(view(BEFORE, m.Change("total", None, 0.2)))[1] == "›total    → 0.2"
    assert drawn(view(BEFORE, m.Change("source", 0, 1)))[0] == " layer 0   neuron 2   source 0 → 1"


def test_rows_keep_their_places_whatever_changed() -> None:
    one = drawn(view(BEFORE, m.Change("source", 0, 1)))
    other = drawn(view(BEFORE, m.Change("sources", None, INPUTS)))
    assert [row[1:8] for row in one[1:]] == [row[1:8] for row in other[1:]]
    assert other[2] == "›sources  → [0.31, ▸−0.77◂]  inputs"


def test_where_not_all_fit_what_changed_comes_first() -> None:
    rows = drawn(view(BEFORE, m.Change("outputs[0][1]", 0.0, -0.5459)), height=3)
    assert rows[1] == "›outputs  [0][1] 0 → −0.5459"


def test_what_came_with_a_call_has_not_changed() -> None:
    entered = (("total", 0.25), ("activation", 0))
    changes = [m.Change(name, None, value) for name, value in entered]
    assert drawn(view(entered, *changes, loops=(), in_hand=())) == ["›total  0.25", " activation  0"]


def test_a_counter_whose_loop_is_over_stays_on_its_row_muted() -> None:
    shown = pane(view())
    shown.draw(60, 9)
    shown.show(view(loops=("layer", "neuron")))
    row = shown.draw(60, 9)[0]
    assert texts([row]) == [" layer 0   neuron 2   source 1"]
    assert row[-2] == ("source 1", shown.ink.muted)


def test_a_long_list_is_shown_around_the_element_in_hand() -> None:
    many = m.ListValue("inputs", tuple(float(n) for n in range(64)), 784)
    rows = drawn(view((("inputs", many),), in_hand=(("inputs", 40),), loops=()), width=50)
    assert "▸40◂" in rows[0]
    assert "39, ▸40◂, 41" in rows[0]
    assert rows[0].endswith("…] 784")
    assert cell_len(rows[0]) <= 50
    beyond = drawn(view((("inputs", many),), in_hand=(("inputs", 700),), loops=()), width=50)
    assert "▸[700]◂" in beyond[0]


def test_a_number_that_does_not_fit_ends_in_an_ellipsis() -> None:
    long = m.ListValue("inputs", (-4.5098701764509705, 0.1234567890123456, 1.0), 2)
    small = (("total", -4.5098701764509705e-17), ("sources", long))
    exact = Quiet(Look())
    exact.voice = Voice(digits=0)  # type: ignore[misc]
    exact.show(view(small, in_hand=(("sources", 0),), loops=()))
    rows = texts(exact.draw(26, 5))
    assert rows == ["›total   −4.509870176…e−17", " sources [▸−4.5098…◂, …] 2"]
    changed = m.Change("total", 0.25, -4.5098701764509705e-17)
    exact.show(view(small, changed, in_hand=(("sources", 1),), loops=()))
    assert texts(exact.draw(26, 5)) == ["›total   → −4.5098701…e−17", " sources […, ▸0.12345…◂] 2"]
    exact.show(view(small, m.Change("inputs[1]", 0.5, 0.1234567890123456), loops=()))
    assert texts(exact.draw(26, 5))[1] == "›sources [1] → 0.12345678…"


ELLIPSIS = "…"


@given(st.lists(st.floats(allow_nan=False) | st.text("ab ,[", max_size=5), max_size=6), st.integers(0, 40))
def test_no_row_is_cut_inside_a_number_without_a_sign(parts: list[float | str], width: int) -> None:
    style = Look().ink.text
    row = [(f"{part} ", style) for part in parts]
    text = "".join(part for part, _ in row)
    kept = whole(row, width, ELLIPSIS)
    shown = strip_of(kept, width, style).text
    assert cell_len(shown) == width
    if width < len(text) and text[max(0, width - 1) : width].isdigit() and text[width].isdigit():
        assert ELLIPSIS in shown[-6:]


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 30))
def test_a_number_that_is_fitted_is_as_large_as_it_was(value: float, room: int) -> None:
    text = fitted(repr(value), room, ELLIPSIS)
    assert len(text) <= room or len(repr(value)) <= room
    if ELLIPSIS in text and "e" in repr(value) and room >= 8:
        assert text.partition("e")[2] == repr(value).partition("e")[2]


@given(st.lists(st.floats(), max_size=4), st.integers(1, 17))
def test_numbers_that_differ_look_different(values: list[float], digits: int) -> None:
    texts = apart(values, lambda value, more: Voice(digits=more).number(value), digits)
    assert len(set(texts)) == len({repr(value + 0.0) for value in values})


def test_numbers_are_aligned_on_the_decimal_point() -> None:
    assert aligned(["0.5", "−12.25", "3"]) == ["  0.5 ", "−12.25", "  3   "]
    rows = drawn(view((("loss_before", 1.5), ("saved", -0.25)), loops=(), in_hand=()))
    assert rows == ["›loss_before   1.5", " saved        −0.25"]


def test_the_selected_value_is_the_one_that_changed_until_another_is_chosen() -> None:
    shown = pane(view(with_total(0.5), m.Change("total", 0.2, 0.5)))
    shown.draw(40, 12)
    assert (shown.number_at_hand(), shown.value_at_hand()) == ("total", "0.5")
    assert shown.arrow("down", False) == DONE
    shown.draw(40, 12)
    assert (shown.number_at_hand(), shown.value_at_hand()) == ("inputs[1]", "-0.77")
    shown.show(view(BEFORE, m.Change("source", 0, 1), in_hand=(("sources", 0),)))
    assert texts(shown.draw(40, 12))[2].startswith("›sources")
    assert shown.number_at_hand() == "inputs[0]"
    assert shown.arrow("left", False) is None


def test_an_element_that_changed_is_asked_for_by_its_name() -> None:
    shown = pane(view(BEFORE, m.Change("outputs[0][1]", 0.0, 0.5459)))
    shown.draw(40, 12)
    assert shown.number_at_hand() == "outputs[0][1]"


def test_a_click_selects_also_among_the_counters() -> None:
    shown = pane(view())
    shown.draw(40, 12)
    shown.clicked(13, 0, False)
    shown.draw(40, 12)
    assert shown.number_at_hand() == "neuron"
    shown.clicked(20, 3, False)
    shown.draw(40, 12)
    assert shown.number_at_hand() == ""  # a list without an element in hand is no number
    assert shown.value_at_hand() == "[0.31, -0.77]"


def test_without_values_it_says_how_to_have_some() -> None:
    assert drawn(m.ValuesView("predict", (), ()), width=60) == [NOTHING]


def test_it_can_be_read_without_unicode() -> None:
    rows = drawn(view(with_total(-0.5), m.Change("total", 0.2, -0.5)), look=Look(shapes=ASCII))
    assert rows[1:3] == [":total    0.2 -> -0.5", " sources  [0.31, >-0.77<]  inputs"]
    assert all(row.isascii() for row in rows)


NAMES = st.sampled_from(["total", "layer", "sources", "activation", "a_rather_long_name_for_a_local", "ü"])
FLOATS = st.floats() | st.floats(-2, 2)
LISTS = st.builds(
    lambda name, items, more, rows: m.ListValue(name, () if rows else tuple(items), len(items) + more, rows),
    st.sampled_from(["", "inputs", "outputs[1]"]), st.lists(FLOATS, max_size=70), st.integers(0, 900),
    st.integers(0, 3),
)  # fmt: skip
VALUES = st.none() | st.booleans() | st.integers(-5, 10**7) | FLOATS | st.text(max_size=30) | LISTS
CHANGES = st.builds(m.Change, NAMES | st.just("inputs[1]") | st.just("outputs[0][1]"), VALUES, VALUES)
VIEWS = st.builds(
    m.ValuesView, st.just("f"), st.lists(st.tuples(NAMES, VALUES), max_size=9).map(tuple),
    st.lists(CHANGES, max_size=4).map(tuple), st.lists(st.tuples(NAMES, st.integers(0, 80)), max_size=3).map(tuple),
    st.lists(NAMES, max_size=3).map(tuple),
)  # fmt: skip


@given(
    VIEWS, VIEWS, st.integers(1, 120), st.integers(1, 50), st.integers(-3, 12),
    st.sampled_from([Look(), replace(Look(), depth=0), Look(shapes=ASCII)]),
)  # fmt: skip
def test_no_size_and_no_view_is_too_much(
    one: m.ValuesView, other: m.ValuesView, width: int, height: int, moves: int, look: Look
) -> None:
    shown = pane(one, look)
    shown.draw(width, height)
    for _ in range(abs(moves)):
        shown.arrow("up" if moves < 0 else "down", False)
        shown.draw(width, height)
    shown.show(other)
    rows = shown.draw(width, height)
    if other.values or other.changed:
        assert any(row[0] in (look.shapes.cursor,) or look.shapes.cursor in row for row in texts(rows)[:height])
    shown.clicked(width // 2, 0, False)
    shown.number_at_hand()
    shown.value_at_hand()
