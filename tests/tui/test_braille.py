"""Lines and points on cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from nntui.tui.panes.braille import HEAVY, SPARSE, THICK, THIN, Canvas

BLANK, RED, BLUE = Style(color="white"), Style(color="red"), Style(color="blue")


def shown(canvas: Canvas) -> list[str]:
    return ["".join(text for text, _ in row) for row in canvas.rows(BLANK)]


def dots(canvas: Canvas) -> int:
    return sum((ord(c) - 0x2800).bit_count() for row in shown(canvas) for c in row if 0x2800 <= ord(c) < 0x2900)


def test_a_dot_lies_where_it_is_set():
    canvas = Canvas(2, 1)
    canvas.set(0, 0, RED)
    canvas.set(3, 3, RED)
    assert shown(canvas) == ["⠁⢀"]


def test_a_line_goes_both_ways_alike():
    one, other = Canvas(6, 3), Canvas(6, 3)
    one.line(0, 0, 11, 11, RED)
    other.line(11, 11, 0, 0, RED)
    assert shown(one) == shown(other) == ["⠑⢄    ", "  ⠑⢄  ", "    ⠑⢄"]


def test_dotted_lines_and_weights_differ_without_colour():
    drawn = {}
    for dotted in (False, True):
        for weight in (SPARSE, THIN, THICK, HEAVY):
            canvas = Canvas(12, 1)
            canvas.line(0, 1, 23, 1, RED, dotted, weight=weight)
            drawn[dotted, weight] = (shown(canvas)[0], dots(canvas))
    assert len({text for text, _ in drawn.values()}) == 8
    for dotted in (False, True):
        amounts = [drawn[dotted, weight][1] for weight in (SPARSE, THIN, THICK, HEAVY)]
        assert amounts == sorted(set(amounts))


def test_ascii_strokes():
    canvas = Canvas(4, 3, unicode=False)
    canvas.line(0, 1, 7, 1, RED)
    canvas.line(0, 5, 7, 5, RED, weight=THICK)
    canvas.line(0, 9, 7, 9, RED, dotted=True, weight=THICK)
    assert shown(canvas) == ["----", "====", "::::"]
    for line, stroke in (((0, 0, 7, 7), "\\"), ((0, 7, 7, 0), "/"), ((0, 0, 0, 7), "|")):
        canvas = Canvas(4, 2, unicode=False)
        canvas.line(*line, RED)
        assert set("".join(shown(canvas))) == {stroke, " "}


def test_the_later_line_gives_the_style_and_can_clear_its_way():
    canvas = Canvas(3, 1)
    canvas.line(0, 0, 5, 0, RED)
    canvas.line(2, 3, 3, 3, BLUE, over=True)
    assert canvas.rows(BLANK) == [[("⠉", RED), ("⣀", BLUE), ("⠉", RED)]]


def test_text_stands_above_all_dots_whole_or_not_at_all():
    canvas = Canvas(8, 2)
    assert canvas.text(2, 0, "abc", RED)
    for column, row in ((6, 1), (-1, 1), (0, 7)):
        assert not canvas.text(column, row, "abc", RED)
    canvas.line(0, 0, 15, 0, BLUE)
    assert shown(canvas) == ["⠉ abc ⠉⠉", " " * 8]


def test_text_is_never_overwritten_nor_touched():
    canvas = Canvas(12, 1)
    assert canvas.text(4, 0, "0.55", RED)
    for column in range(12):
        assert not canvas.text(column, 0, "+0.75", RED)
        assert not canvas.text(column, 0, " +0.75 ", RED)
        assert canvas.mark(column, 0, "●", BLUE) == (column < 3 or column > 8)
    assert shown(canvas) == ["●●● 0.55 ●●●"]


def test_text_touches_no_glyph_but_its_own():
    canvas = Canvas(6, 1)
    assert canvas.mark(3, 0, "●", BLUE)
    assert not canvas.text(0, 0, "1.5", RED)
    assert not canvas.text(4, 0, "1", RED, touching=(0, 0))
    assert canvas.text(0, 0, "1.5", RED, touching=(3, 0))
    assert canvas.text(4, 0, " 1", RED)
    assert shown(canvas) == ["1.5● 1"]


def test_a_copy_is_another_canvas():
    one = Canvas(3, 1)
    one.set(0, 0, RED)
    other = one.copy()
    other.set(4, 0, RED)
    other.text(0, 0, "x", RED)
    assert (shown(one), shown(other)) == (["⠁  "], ["x ⠁"])
    again = other.copy()
    assert not again.text(1, 0, "y", RED)
    assert again.text(2, 0, "y", RED)
    assert shown(other) == ["x ⠁"]


far = st.integers(-1000, 1000)


@given(st.integers(0, 20), st.integers(0, 10), far, far, far, far, st.booleans(), st.integers(0, 3), st.booleans())
def test_rows_always_fill_the_field(width, height, x0, y0, x1, y1, dotted, weight, unicode):
    canvas = Canvas(width, height, unicode)
    canvas.line(x0, y0, x1, y1, RED, dotted, weight=weight)
    rows = shown(canvas)
    assert [len(row) for row in rows] == ([width] * height if width else [])
