"""Which elements of lists a line works on."""

from nntui.trace import Cursor, record
from nntui.trace.elements import elements, in_hand, uses

MODULE = """
    FIRST = 1
    LAST = -1

    def top(rows, order, count):
        own = [5.0, 6.0]
        row = rows[FIRST]
        total = row[LAST] + own[count - 1] + rows[order[0]][order[count]]
        total += row[count * 9] + rows[0:1][0][0] + len(rows[0]) + {"a": 1.0}["a"]
        row[0] = below(rows[0], total)
        return row[0] + top.__name__[0] if count > 9 else row[0]

    def below(part, total):
        return part[0] + total
"""


def at(load, text, rows=None):
    module = load(MODULE)
    trace = record(module.top, (rows or [[1.0, 2.0], [3.0] * 10], [1, 0], 1))
    cursor = Cursor(trace)
    while text not in trace.source.line_text(cursor.line):
        cursor.move(cursor.index + 1)
    return cursor


def test_indices_are_worked_out(load):
    cursor = at(load, "total = row")
    assert uses(cursor) == ("rows[1][9]", "own[0]", "rows[1][0]", "order[0]", "order[1]")
    assert dict(in_hand(cursor)) == {"row": 9, "own": 0, "rows": 1, "order": 0}


def test_what_cannot_be_worked_out_is_left_out(load):
    cursor = at(load, "total += row")
    assert uses(cursor) == ("rows[1][9]",), "slices, lists and dicts are no elements"


def test_the_place_stored_into_and_the_callers_come_along(load):
    cursor = at(load, "part[0]")
    assert uses(cursor) == ("rows[0][0]", "rows[1][0]")
    assert [element.local for element in elements(cursor, cursor.line, cursor.frame)] == ["part"]


def test_there_is_nothing_at_the_end(load):
    cursor = at(load, "return row")
    cursor.move(len(cursor.trace))
    assert uses(cursor) == in_hand(cursor) == ()
