"""The ladder: what differs is lit and has a sign, lines that belong together stand side by side, arrows climb."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ladders import ABOVE, BELOW, CHECK, ladder
from rich.cells import cell_len
from snapshots import is_as_seen
from textual.geometry import Size

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.ladder import LadderPane, pairs
from nntui.tui.panes.pane import DONE

PLAIN = Look(shapes=ASCII, depth=0)
LOOKS = [Look(), PLAIN]


class Bare(LadderPane):
    """Without an app."""

    voice = Voice()
    size = Size(80, 20)
    is_mounted = False


def pane(view: m.LadderView, look: Look | None = None) -> Bare:
    made = Bare(look or Look())
    made.show(view)
    return made


def text(made: Bare, width: int = 78, height: int = 16) -> list[str]:
    return ["".join(part for part, _ in row) for row in made.draw(width, height)]


@pytest.mark.parametrize("look", LOOKS, ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", [(78, 16), (158, 20)])
def test_it_looks_as_it_did(size: tuple[int, int], look: Look) -> None:
    rows = text(pane(ladder(), look), *size)
    assert is_as_seen(f"ladder-{size[0]}-{'ascii' if look is PLAIN else 'unicode'}", rows)
    assert all(cell_len(row) <= size[0] for row in rows)
    assert look is not PLAIN or all(row.isascii() for row in rows)


def test_every_line_that_differs_has_a_sign() -> None:
    rows = text(pane(ladder()))
    source = rows[next(n for n, row in enumerate(rows) if "numpy.py" in row) + 1 :]
    assert [row[0] for row in source if row.strip()] == ["~", " ", "+", "~", "+"]


def test_what_differs_has_a_ground_of_its_own() -> None:
    look = Look()
    grounds = {}
    for row in pane(ladder()).draw(78, 16):
        for part, style in row:
            if "totals)" in part or "sources = inputs" in part:
                grounds[part.strip()] = style.bgcolor
    assert len(set(grounds.values())) == 2
    assert look.colours.ground in {str(ground.name) for ground in grounds.values() if ground is not None}


def test_both_sources_stand_side_by_side_where_there_is_room() -> None:
    rows = text(pane(ladder()), 130, 16)
    same = next(row for row in rows if "sources = inputs" in row)
    assert same.count("sources = inputs") == 2
    changed = next(row for row in rows if "totals = weights" in row)
    assert "total += weights[neuron]" in changed
    assert changed.index("total +=") < changed.index("totals =")
    assert not any("for neuron" in row and "totals" in row for row in rows)


def test_elsewhere_the_source_is_flipped_to_the_rung_below() -> None:
    made = pane(ladder())
    assert "return np.tanh" in "\n".join(text(made))
    assert made.flip()
    rows = "\n".join(text(made))
    assert "loops.py, the rung below" in rows
    assert "-   for neuron in range" in rows
    assert "np.tanh" not in rows
    assert not pane(ladder(below="", below_lines=(), align=())).flip()


def test_the_trick_its_source_and_the_check_stand_above() -> None:
    rows = text(pane(ladder()))
    assert rows[1] == " One call works on a whole array."
    assert rows[2] == " From Harris and others 2020"
    assert rows[3].startswith(" ✓ numpy: 1.2e−16 from the loops after 1 step, 6.5e−16 after 100.")
    exact = msgspec.structs.replace(CHECK, exact=True)
    assert "every bit as the loops" in "\n".join(text(pane(ladder(check=exact))))
    wrong = msgspec.structs.replace(CHECK, difference=1e-3)
    assert any(row.startswith(" ✗ numpy") for row in text(pane(ladder(check=wrong))))


def test_the_rungs_say_which_is_looked_at_used_checked_and_absent() -> None:
    assert text(pane(ladder(), PLAIN))[0].split() == [">loops", "[numpy]y", "(numba)"]
    rows = "\n".join(text(pane(ladder()), 158, 20))
    assert "absent: numba is not" in rows
    assert "used" in rows
    assert "✓1e−16" in rows
    assert rows.index("numba") < rows.index("›numpy") < rows.index("Python lists")


def test_an_absent_rung_has_no_source_and_says_why() -> None:
    rows = "\n".join(text(pane(ladder(rung="numba", below="numpy", lines=(), below_lines=ABOVE, align=(), check=None))))
    assert "Absent here: numba is not installed" in rows


def test_where_there_is_little_room_the_source_comes_before_what_else_is_told() -> None:
    view = ladder(trick="One call works on a whole array. " * 9)
    roomy, tight = (" ".join(" ".join(text(pane(view), 78, height)).split()) for height in (20, 12))
    assert "From Harris" in roomy
    assert "As it promises" in roomy
    assert "From Harris" not in tight
    assert "✓ numpy: 1.2e−16 from the loops after 1 step, 6.5e−16 after 100." in tight
    assert "As it promises" not in tight
    assert tight.count("whole array") >= 6
    assert "…" in tight
    assert all(line.text.strip() in tight for line in ABOVE)


def test_arrows_climb_and_scroll_and_quick_presses_count() -> None:
    made = pane(ladder())
    text(made)
    assert made.arrow("right", False) == m.Climb("numba")
    assert made.arrow("right", False) == DONE  # already on the way to the highest
    assert made.arrow("left", False) == m.Climb("numpy")
    assert made.arrow("left", False) == m.Climb("loops")
    made = pane(ladder())
    text(made, 78, 7)
    first = text(made, 78, 7)
    assert made.arrow("down", False) == DONE
    assert text(made, 78, 7) != first
    made.page(False)
    assert text(made, 78, 7) == first
    assert made.entered() == m.Use("numpy")
    made.wheel(0, 0, False, False)
    assert text(made, 78, 7) != first


def test_pages_end_where_the_source_ends_so_that_a_remote_goes_on_in_the_lesson() -> None:
    made = pane(ladder())
    text(made, 78, 7)
    assert not made.page(False)  # at the top already
    pages = 0
    while made.page(True):
        text(made, 78, 7)
        pages += 1
    assert 1 <= pages <= len(ABOVE)
    assert made.page(False)
    text(made, 78, 30)  # all of it has room
    assert not made.page(True)


@pytest.mark.parametrize("width", [78, 130])
def test_a_source_is_opened_where_it_can_be_compared_and_its_helpers_are_above(width: int) -> None:
    helper = tuple(m.SourceLine(f"    step_{n}()", "new") for n in range(9))
    align = tuple((row + len(helper), below) for row, below in ladder().align)
    view = ladder(lines=(*helper, *ABOVE), align=align, parts=(("helper", 0), ("predict", len(helper))))
    made = pane(view)
    assert "step_" not in "\n".join(text(made, width, 9))
    assert "def predict(weights, inputs):" in "\n".join(text(made, width, 9))
    assert "── numpy.py" in "\n".join(text(made, width, 9))  # stays in sight
    assert made.page(False)
    assert "step_8()" in "\n".join(text(made, width, 9))


def test_another_rung_begins_at_its_top_with_its_own_source() -> None:
    made = pane(ladder())
    text(made, 78, 9)
    made.flip()
    made.page(True)
    made.show(ladder(rung="loops", below=""))
    assert not made.flipped
    assert "── numpy.py" in "\n".join(text(made, 78, 9))


def test_pairs_have_every_line_of_both_once_and_in_order() -> None:
    found = list(pairs(ladder()))
    assert [row for row, _ in found if row >= 0] == list(range(len(ABOVE)))
    assert [row for _, row in found if row >= 0] == list(range(len(BELOW)))


sources = st.lists(
    st.builds(m.SourceLine, st.sampled_from(["", "def f(x):", "    " * 9 + "y" * 90, 'x = """', "é\t= 3"]),
              st.sampled_from(["same", "changed", "new"])), max_size=12,
).map(tuple)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    sources, sources, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5), st.integers(30, 170),
    st.integers(1, 40), st.sampled_from([*LOOKS, Look(THEMES["projector"])]), st.booleans(),
)  # fmt: skip
def test_no_source_and_no_size_is_too_much(
    above: tuple[m.SourceLine, ...], below: tuple[m.SourceLine, ...], align: list[tuple[int, int]], width: int,
    height: int, look: Look, flipped: bool,
) -> None:  # fmt: skip
    fits = tuple(sorted((a, b) for a, b in align if a < len(above) and b < len(below)))
    made = pane(ladder(lines=above, below_lines=below, align=fits), look)
    made.flipped = flipped
    made.draw(width, height)
    made.page(True)
    assert len(made.draw(width, height)) <= height
