"""The table of answers by class: what is drawn where, what arrows and clicks mean, and its sentences."""

import pytest

from nntui import messages as m
from nntui.sentences.confusion import confusion
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, Look
from nntui.tui.panes.confusion import ConfusionPane
from nntui.tui.panes.pane import DONE
from nntui.tui.rows import strip_of

TWO = m.ConfusionView("train", ("-1", "+1"), ((12, 3), (0, 105)), 120, 117, ((4, 0, 1), (7, 0, 1), (9, 0, 1)))


def ten(most=54):
    """Ten classes: 3 taken for 8 twice and 8 for 1 once."""
    counts = [[most if i == j else 0 for j in range(10)] for i in range(10)]
    counts[3][8], counts[8][1] = 2, 1
    mistakes = ((5, 3, 8), (40, 3, 8), (61, 8, 1))
    return m.ConfusionView("test", tuple("0123456789"), tuple(map(tuple, counts)), 10 * most + 3, 10 * most, mistakes)


def pane(view, sample=-1, split="test", look=None):
    made = ConfusionPane(look or Look())
    made.view = view
    made.status = m.Status("", "loops", 0, 0, 0.0, False, 0, 0, sample_number=sample, samples=540, split=split)
    return made


def text(made, width=40, height=12):
    return [strip_of(row, width, made.ink.text).text.rstrip() for row in made.draw(width, height)]


def counts(row):
    """The name of a row and its counts; a tick may touch what stands before it."""
    return row.replace("✓", " ").split()


def test_ten_classes_in_a_small_pane():
    rows = text(pane(ten()))
    assert rows[0].split() == list("0123456789")
    assert counts(rows[4]) == ["3", "·", "·", "·", "54", "·", "·", "·", "·", "2", "·"]
    assert counts(rows[9]) == ["8", "·", "1", "·", "·", "·", "·", "·", "·", "54", "·"]
    assert rows[0].index("8") == rows[4].index("2") == rows[9].index("✓54") + 2


def test_two_classes_and_what_rows_and_columns_stand_for():
    assert text(pane(TWO, split="train"), 60) == [
        "      -1    +1", "-1   ✓12     3", "+1     ·  ✓105", "", "rows: what it is; columns: what it is taken for",
    ]  # fmt: skip


def test_where_there_is_no_room_the_part_around_the_mistake_at_hand_is_seen():
    rows = text(pane(ten(154), sample=61), 24, 5)
    assert len(rows) == 5
    assert rows[0].split() == ["1", "2", "3", "4", "5"]
    assert counts(rows[3]) == ["8", "1", "·", "·", "·", "·"]


@pytest.mark.parametrize("look", [Look(depth=0), Look(shapes=ASCII)])
def test_right_and_wrong_are_told_apart_without_colour(look):
    rows = text(pane(ten(), look=look))
    assert look.shapes.yes + "54" in rows[4]
    assert look.shapes.unicode or all(row.isascii() for row in rows)


def test_the_title_counts_and_the_mistake_at_hand_is_lit():
    made = pane(ten(), sample=40)
    assert made.title() == "540 of 543 test samples right"
    lit = [piece for row in made.draw(40, 12) for piece in row if piece[1] == made.ink.lit]
    assert [piece[0].strip() for piece in lit] == ["2"]


def test_up_and_down_go_through_the_kinds_of_mistakes_left_and_right_through_one_kind():
    assert pane(ten()).arrow("down", False) == m.ChooseSample(5, "test")
    assert pane(ten(), 5).arrow("down", False) == m.ChooseSample(61, "test")
    assert pane(ten(), 61).arrow("down", False) == m.ChooseSample(5, "test")
    assert pane(ten(), 5).arrow("up", False) == m.ChooseSample(61, "test")
    assert pane(ten(), 5).arrow("right", False) == m.ChooseSample(40, "test")
    assert pane(ten(), 5).arrow("left", False) == m.ChooseSample(40, "test")
    assert pane(ten(), 5, split="train").arrow("right", False) == m.ChooseSample(5, "test")
    without = m.ConfusionView("train", ("a", "b"), ((1, 0), (0, 1)), 2, 2, ())
    assert pane(without).arrow("down", False) == DONE


def test_a_click_looks_at_a_mistake_of_that_kind_and_then_at_the_next():
    made = pane(ten())
    column = text(made)[4].index("2", 20)
    assert made.clicked(column, 4, False) == m.ChooseSample(5, "test")
    made = pane(ten(), 5)
    text(made)
    assert made.clicked(column, 4, False) == m.ChooseSample(40, "test")
    assert made.clicked(column, 5, False) is None
    assert made.clicked(0, 4, False) is None
    assert made.clicked(column, 11, False) is None


def test_the_sentences():
    assert confusion(ten(), Voice()) == [
        "540 of 543 test samples right: 99.4 percent.",
        "Most often 3 taken for 8, 2 times; 8 taken for 1, 1 time.",
    ]
    assert "Class 3: 54 of 56 right, 2 taken for 8." in confusion(ten(), Voice(detail="full"))
    perfect = m.ConfusionView("train", ("a", "b"), ((1, 0), (0, 1)), 2, 2, ())
    assert confusion(perfect, Voice())[1] == "No class is taken for another."
