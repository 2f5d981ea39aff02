"""What is sent to the terminal: as many cells as a strip is counted to have, whatever the text is."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nntui.tui.clusters import clusters
from nntui.tui.rows import cut, strip_of
from nntui.tui.wire.cells import Cells, _cells

PLAIN, BOLD = Style(), Style(bold=True)
TECHNICIAN, HEART = "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f"
TEXTS = st.text(max_size=12) | st.text(
    st.sampled_from("ae \u0301\u0915\u093f\u200d\ufe0f\u2764\U0001f469\U0001f4bb漢\x1b\x00\n\ud800\u1160\u202e1"),
    max_size=12,
)
PIECES = st.lists(st.tuples(TEXTS, st.sampled_from([PLAIN, BOLD])), max_size=4)


def shown(*rows: list[tuple[str, Style]], width: int = 20, before: str = "") -> pyte.Screen:
    """What a terminal shows that does not wrap lines, as Textual has it."""
    screen = pyte.Screen(width, 3)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l" + before)
    cells = Cells()
    for row in rows:
        stream.feed(cells.changes([(1, 0, strip_of(row, width, PLAIN)._segments)], ColorSystem.TRUECOLOR))
    return screen


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("e\u0301a", ["e\u0301", "a"]),
        ("\u0915\u093f\u0928", ["\u0915\u093f", "\u0928"]),
        (f"{TECHNICIAN}.", [TECHNICIAN, "", "."]),
        (f"{HEART}.", [HEART, "", "."]),
        ("漢字", ["漢", "", "字", ""]),
        ("\x1b[2Ja\x00", ["[", "2", "J", "a"]),
        ("\ud800\u0301b", [" ", "b"]),
        ("a\u202eb\u2066c\u200e", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_what_has_no_width_belongs_to_the_cell_before(text: str, parts: list[str]) -> None:
    assert [characters for characters, _ in _cells([Segment(text, PLAIN)])] == parts


def test_marks_that_a_segment_begins_with_belong_to_the_cell_before() -> None:
    assert _cells([Segment("e", PLAIN), Segment("\u0301x", BOLD)]) == [("e\u0301", PLAIN), ("x", BOLD)]
    assert _cells([Segment("\u0301x", BOLD)]) == [("x", BOLD)]


@given(TEXTS)
@example("\u200dab")
@example("\ufe0f\u2764\u0301\ufe0f\ufe0f")
def test_clusters_add_up_to_what_strips_are_counted_with(text: str) -> None:
    found = list(clusters(text))
    assert "".join(characters for characters, _ in found) == text
    assert sum(size for _, size in found) == cell_len(text)
    assert all(size for _, size in found[1:])


@given(TEXTS, st.integers(0, 12))
@example("a\u200d", 2)
def test_a_text_is_cut_to_the_cells_that_there_are(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) == width


@given(PIECES)
def test_a_strip_has_as_many_cells_as_it_is_counted_to_have(pieces: list[tuple[str, Style]]) -> None:
    strip = Strip([Segment(text, style) for text, style in pieces])
    assert len(_cells(strip)) == strip.cell_length


@given(PIECES, st.integers(0, 20))
@example([("a\u200d", PLAIN), ("b", PLAIN)], 5)
@example([("\u2764", PLAIN), ("\ufe0f", PLAIN)], 5)
def test_a_row_has_the_cells_that_it_is_made_for(pieces: list[tuple[str, Style]], width: int) -> None:
    strip = strip_of(pieces, width, PLAIN)
    assert len(_cells(strip)) == sum(cell_len(text) for text, _, _ in strip) == strip.cell_length == width


@given(PIECES, PIECES)
def test_nothing_is_written_beyond_the_row(one: list[tuple[str, Style]], other: list[tuple[str, Style]]) -> None:
    screen = shown(one, other, before="above\x1b[3;1Hbelow")
    rows = ["".join(screen.buffer[y][x].data for x in range(screen.columns)).rstrip() for y in (0, 2)]
    assert rows == ["above", "below"]


def test_what_stands_after_a_picture_stays_in_its_place() -> None:
    for picture in (TECHNICIAN, HEART, "e\u0301"):
        width = cell_len(picture)
        row = [(f"{picture}|ab", PLAIN)]
        screen = shown(row, [(f"{picture}|xy", BOLD)], width=8)
        assert [screen.buffer[1][width + i].data for i in range(3)] == ["|", "x", "y"]


def test_only_what_differs_is_sent() -> None:
    cells = Cells()
    cells.changes([(0, 0, [Segment("loss 0.5", PLAIN)])], ColorSystem.TRUECOLOR)
    assert cells.changes([(0, 0, [Segment("loss 0.7", PLAIN)])], ColorSystem.TRUECOLOR) == "\x1b[1;8H7"
    assert cells.changes([(0, 0, [Segment("loss 0.7", PLAIN)])], ColorSystem.TRUECOLOR) == ""
