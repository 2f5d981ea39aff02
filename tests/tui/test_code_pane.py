"""The code pane: what is drawn of a source, how it moves, and what clicks stand for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nntui import messages as m
from nntui.tui.look import ASCII, Look
from nntui.tui.panes.code import CodePane, fold_code, page_of
from nntui.tui.panes.pane import DONE
from nntui.tui.rows import Row

LINES = (
    "def predict(weights, biases, inputs):",
    '    """Answer one sample."""',
    "    sources = inputs",
    "    for layer in range(len(weights)):",
    "        for neuron in range(len(biases[layer])):",
    "            total = biases[layer][neuron]  # the bias first",
    "            for source in range(len(sources)):",
    "                total += weights[layer][neuron][source] * sources[source]",
    "            outputs[layer][neuron] = activate(",
    "                total, activation",
    "            )",
    "        sources = outputs[layer]",
    "    return sources",
)
FIRST = 27


def view(line: int = 29, **more: object) -> m.CodeView:
    known = {
        "file": "loops.py", "function": "predict", "first": FIRST, "lines": LINES, "line": line, "breakpoints": (),
        "stack": (("predict", line),), "event": 3, "events": 43,
    }  # fmt: skip
    return m.CodeView(**{**known, **more})  # type: ignore[arg-type]


def pane(shown: m.CodeView, look: Look | None = None) -> CodePane:
    made = CodePane(look or Look())
    made.show(shown)
    return made


def texts(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in row).rstrip() for row in rows]


def drawn(shown: m.CodeView, width: int = 80, height: int = 20, look: Look | None = None) -> list[str]:
    return texts(pane(shown, look).draw(width, height))


def test_all_lines_stand_there_with_their_numbers_and_the_one_about_to_run_is_marked() -> None:
    rows = drawn(view(30))
    assert rows[0] == " 27 def predict(weights, biases, inputs):"
    assert rows[3] == "▶30     for layer in range(len(weights)):"
    assert [row[0] for row in rows] == [" ", " ", " ", "▶"] + [" "] * 9


def test_the_line_about_to_run_is_lit_over_the_whole_row() -> None:
    made = pane(view(30))
    row = made.draw(80, 20)[3]
    lit = made.ink.lit
    assert sum(cell_len(text) for text, _ in row) == 80
    assert all(style.bgcolor == lit.bgcolor for _, style in row)


def test_a_statement_of_several_lines_is_lit_as_one() -> None:
    made = pane(view(35))
    ground = made.ink.lit.bgcolor
    lit = [y for y, row in enumerate(made.draw(80, 20)) if row[0][1].bgcolor == ground]
    assert lit == [8, 9, 10]


def test_keywords_are_strong_and_what_is_not_run_is_muted() -> None:
    made = pane(view(29))
    rows = made.draw(80, 20)
    styles = {text.strip(): style for row in rows for text, style in row}
    assert styles["def"] == made.ink.strong
    assert styles['"""Answer one sample."""'] == made.ink.muted
    assert styles["# the bias first"] == made.ink.muted


def test_a_narrow_pane_indents_by_two_and_shortens_what_is_not_about_to_run() -> None:
    rows = drawn(view(29), width=40)
    assert rows[3] == " 30   for layer in range(len(weights)):"
    assert rows[7] == " 34         total += weights[layer][neu…"
    assert all(cell_len(row) <= 40 for row in rows)


def test_the_line_about_to_run_is_folded_not_shortened() -> None:
    rows = drawn(view(34), width=40)
    folded = "".join(row[4:].replace(" ", "") for row in rows[7:10])
    assert LINES[7].replace(" ", "") in folded
    assert not any("…" in row for row in rows[7:10])


def test_the_line_about_to_run_is_in_sight_at_three_rows_of_thirty() -> None:
    for line in range(FIRST, FIRST + len(LINES)):
        rows = drawn(view(line), width=30, height=3)
        assert any(row.startswith(f"▶{line}") for row in rows)


def test_what_is_in_sight_does_not_move_while_the_line_is_well_inside_it() -> None:
    made = pane(view(33))
    before = texts(made.draw(90, 8))
    made.show(view(32, event=4))
    after = texts(made.draw(90, 8))
    assert [row[1:] for row in before] == [row[1:] for row in after]
    made.show(view(39, event=5))
    assert texts(made.draw(90, 8))[-1].startswith("▶39")


def test_elements_in_use_stand_at_the_end_of_the_line_or_else_in_the_border() -> None:
    uses = ("weights[0][0][1]", "inputs[1]")
    assert drawn(view(32, uses=uses), width=100)[5].endswith("· weights[0][0][1] · inputs[1]")
    made = pane(view(34, uses=uses))
    assert "inputs[1]" not in texts(made.draw(78, 20))[7]
    assert made.border_subtitle == "weights[0][0][1] · inputs[1]"


def test_a_call_that_cannot_be_walked_says_why_under_its_source() -> None:
    rows = drawn(view(0, event=0, events=0, note="This call is too long to be walked."), width=30, height=30)
    assert rows[len(LINES) :] == ["This call is too long to be", "walked."]
    assert drawn(view(0, event=0, events=0, note="Too long."), width=30, height=4)[-1] == "Too long."


def test_the_title_tells_calls_and_how_far_it_has_run() -> None:
    assert pane(view()).title() == "predict in loops.py, line 4 of 43 that it runs"
    assert pane(view(0, event=43)).title() == "predict in loops.py, all 43 lines run"
    inside = view(45, function="activate", stack=(("predict", 37), ("activate", 45)))
    assert pane(inside).title().startswith("predict › activate in loops.py")
    assert pane(inside, Look(shapes=ASCII)).title().startswith("predict > activate")


def test_the_cursor_follows_until_it_is_moved_and_a_step_sets_it_free() -> None:
    made = pane(view(30))
    assert made.cursor is None
    assert made.cursor_line() == 30
    assert made.arrow("down", False) == DONE
    assert made.arrow("down", False) == DONE
    assert made.cursor_line() == 32
    assert texts(made.draw(80, 20))[5].startswith("›32")
    assert made.value_at_hand() == "total = biases[layer][neuron]  # the bias first"
    made.show(view(30, breakpoints=(32,)))
    assert made.cursor_line() == 32
    made.show(view(31, event=4))
    assert made.cursor is None
    assert made.cursor_line() == 31


def test_the_cursor_stays_within_the_function_and_left_and_right_are_left_alone() -> None:
    made = pane(view(27))
    made.arrow("up", False)
    assert made.cursor_line() == 27
    for _ in range(40):
        made.arrow("down", False)
    assert made.cursor_line() == FIRST + len(LINES) - 1
    assert texts(made.draw(30, 3))[-1].startswith("›39")
    assert made.arrow("left", False) is None
    assert made.arrow("right", False) is None


def test_a_click_before_a_line_is_a_breakpoint_and_one_on_its_text_the_cursor() -> None:
    made = pane(view(34, breakpoints=(30,)))
    rows = texts(made.draw(40, 16))
    assert rows[3].startswith(" 30●")
    assert made.clicked(2, 3, False) == m.Break(30)
    assert made.clicked(3, 8, False) == m.Break(34)  # a further row of the line about to run
    assert made.clicked(20, 4, False) is None
    assert made.cursor_line() == 31
    assert made.clicked(0, 15, False) is None


def test_it_can_be_read_without_unicode() -> None:
    rows = drawn(view(32, breakpoints=(30,), uses=("biases[0][0]",)), width=40, look=Look(shapes=ASCII))
    assert rows[3].startswith(" 30*")
    assert any(row.startswith(">32") for row in rows)
    assert all(row.isascii() for row in rows)


@pytest.mark.parametrize("broken", [("def f(:", "  x = '''"), ("    if", "  )"), ("", ""), ()])
def test_a_source_that_is_no_python_is_shown_plain(broken: tuple[str, ...]) -> None:
    assert len(page_of(broken, 4).lines) == len(broken)
    drawn(view(27, lines=broken))


@given(st.text("ab (.[,", max_size=60), st.integers(1, 40))
def test_folding_loses_nothing_but_spaces(line: str, width: int) -> None:
    rows = fold_code(line, width)
    assert "".join(rows).replace(" ", "") == line.replace(" ", "")
    assert all(cell_len(row) <= width for row in rows)


LOOKS = [Look(), replace(Look(), depth=0), Look(shapes=ASCII)]


@given(
    st.integers(1, 120), st.integers(1, 50), st.integers(0, 60), st.integers(0, 60) | st.none(), st.sampled_from(LOOKS),
    st.lists(st.text(max_size=90), max_size=20), st.text("ab ü×[].,−", max_size=200),
)  # fmt: skip
def test_no_size_and_no_view_is_too_much(
    width: int, height: int, line: int, cursor: int | None, look: Look, lines: list[str], note: str
) -> None:
    made = pane(view(line, lines=(*lines, *LINES), uses=("weights[0][1][2]",) * 3, breakpoints=(30,), note=note), look)
    if cursor is not None:
        made._move_to(cursor)
    rows = made.draw(width, height)
    assert len(rows) <= max(height, 1)
    made.clicked(width // 2, height // 2, False)
    if width >= 8 and FIRST <= line < FIRST + len(lines) + len(LINES) and cursor is None:
        assert any(row.startswith(look.shapes.about_to_run) for row in texts(rows))


def test_the_number_at_hand_is_the_output_or_input_that_the_line_works_on():
    assert pane(view(34, uses=("weights[0][0][1]", "inputs[1]"))).number_at_hand() == "inputs[1]"
    assert pane(view(34, uses=("weights[1][0][1]", "outputs[0][1]"))).number_at_hand() == "outputs[0][1]"
    assert pane(view(32, uses=("biases[0][0]",))).number_at_hand() == ""
    assert pane(view(34, uses=("inputs[36][1]",))).number_at_hand() == "", "of no sample that can be asked about"
    assert pane(view(0)).number_at_hand() == ""
    made = pane(view(34, uses=("inputs[1]",)))
    made.draw(80, 20)
    made.arrow("down", False)
    assert made.number_at_hand() == "", "the cursor is on another line"


def test_of_a_call_with_lines_of_arguments_the_first_line_is_lit():
    lines = (
        "def step(a):",
        "    found = gradient(",
        "        a,",
        "        a,",
        "        a,",
        "    )",
        "    return found",
    )
    view = m.CodeView("loops.py", "step", 10, lines, 11, (), (("step", 11),))
    pane = CodePane(Look())
    pane.show(view)
    rows = pane.draw(60, 12)
    lit = [pane.ink.lit in [style for _, style in row] for row in rows]
    assert lit == [False, True, False, False, False, False, False]
