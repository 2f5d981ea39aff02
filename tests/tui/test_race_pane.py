"""The race: bars over marked decades, what is always there in 80 columns, what is saved, what has lost; the widths."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ladders import LANES, SAVED, on_the_way, race, widths
from rich.cells import cell_len
from snapshots import is_as_seen
from textual.geometry import Size

from nntui import messages as m
from nntui.sentences import races
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.pane import DONE
from nntui.tui.panes.race import RacePane, scale_of, scaled, winner
from nntui.tui.panes.widths import WidthsPane

PLAIN = Look(shapes=ASCII, depth=0)
LOOKS = [Look(), PLAIN]
SIZES = [(78, 16), (158, 20)]
VIEWS = {"over": race(), "on-the-way": on_the_way(), "saved": race(saved=SAVED, saved_name="then.json")}


class Bare(RacePane):
    """Without an app."""

    voice = Voice()
    size = Size(80, 20)


class BareWidths(WidthsPane):
    """Without an app."""

    voice = Voice()
    size = Size(80, 20)


def text(view: m.RaceView, width: int = 78, height: int = 16, look: Look | None = None) -> list[str]:
    made = Bare(look or Look())
    made.view = view
    return ["".join(part for part, _ in row) for row in made.draw(width, height)]


def row_of(rows: list[str], rung: str) -> str:
    return next(row for row in rows if row[1:].startswith(f"{rung} "))


# ---------------------------------------------------------------- the race


@pytest.mark.parametrize("look", LOOKS, ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VIEWS)
def test_it_looks_as_it_did(name: str, size: tuple[int, int], look: Look) -> None:
    rows = text(VIEWS[name], *size, look)
    assert is_as_seen(f"race-{name}-{size[0]}-{'ascii' if look is PLAIN else 'unicode'}", rows)
    assert all(cell_len(row) <= size[0] for row in rows)
    assert look is not PLAIN or all(row.isascii() for row in rows)


@pytest.mark.parametrize("width", [78, 100, 158])
def test_each_lane_has_name_bar_speed_and_times_loops(width: int) -> None:
    rows = text(race(), width)
    for name, pace, times in (
        ("loops", "52 k", "1×"),
        ("numba", "1.9 M", "36×"),
        ("numba-generated", "110 M", "2,100×"),
    ):
        row = row_of(rows, name)
        assert "█" in row
        assert row.index("█") < row.index(pace) < row.index(times)


def test_two_thousand_times_can_be_seen_beside_one() -> None:
    view = race(lanes=(LANES[0], LANES[4]))
    bars = [row.count("█") for row in text(view) if "█" in row]
    assert bars[0] >= 3
    assert bars[1] > 3 * bars[0]


def test_the_scale_is_marked_and_said_to_be_logarithmic() -> None:
    rows = text(race(), 158)
    marks = [rows[0].index(label) for label in ("10k", "100k", "1M", "10M", "100M")]
    apart = {after - before for before, after in pairwise(marks)}
    assert max(apart) - min(apart) <= 1
    assert "logarithmic" in "\n".join(rows)


def test_the_winner_and_those_who_lost_are_marked_and_an_absent_rung_says_why() -> None:
    rows = text(race())
    assert next(row for row in rows if "numba-generated" in row).startswith("✓")
    assert "✗" in row_of(rows, "numpy")  # loops has but one precision, and is below all
    lost = text(race(lanes=(LANES[0], m.Lane("numpy", 64, "done", 3e4, 10, 10))))
    assert "✗" in row_of(lost, "numpy")
    assert "slower than the rung below" in "\n".join(lost)
    assert "absent: numba is not installed" in row_of(rows, "numba-fused")
    assert "Fastest: 1. numba-generated 110 M   2. numba 1.9 M" in "\n".join(rows)


def test_nobody_has_won_while_it_runs_or_where_one_runs_alone() -> None:
    assert winner(on_the_way()) is None
    assert winner(race(lanes=LANES[:1])) is None
    assert not any(row.startswith("✓") for row in text(on_the_way()))


def test_a_bar_grows_with_what_is_done_and_nothing_else_moves() -> None:
    lane = on_the_way().lanes[2]
    seen = []
    for samples in (50_000, 475_000, 950_000):
        now = msgspec.structs.replace(lane, samples=samples)
        seen.append(text(race(lanes=(*LANES[:2], now, *on_the_way().lanes[3:]), running=True)))
    bars = [row_of([r.replace("▶", " ") for r in rows], "numba").count("█") for rows in seen]
    assert bars == sorted(set(bars))
    rest = [[row for row in rows if row[1:7] != "numba "] for rows in seen]
    assert rest[0] == rest[1] == rest[2]


def test_a_saved_result_is_a_thin_bar_below_or_a_mark_on_the_bar() -> None:
    view = race(saved=SAVED, saved_name="then.json", saved_machine="another machine")
    roomy, tight = text(view, 78, 20), text(view, 78, 7)
    thin = [row for row in roomy if "━" in row]
    assert [row.split()[-2:] for row in thin] == [["20", "k"], ["4", "M"], ["9", "M"]]
    assert not any("━" in row for row in tight)
    assert sum("◆" in row for row in tight) >= 2
    assert "then.json, another machine" in "\n".join(text(view, 158, 30))


def test_the_title_says_what_is_raced() -> None:
    made = Bare(Look())
    made.view = race()
    assert made.title() == "race 0.5 s each · 2-4-2-1, batches of 10 · by the gradient, sgd"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (740.0, "740"), (2_100.0, "2.1 k"), (999_600.0, "1 M"), (62.4e6, "62 M"), (1e9, "1 G")],
)
def test_speeds_are_short(value: float, said: str) -> None:
    assert scaled(value) == said


def test_a_scale_has_whole_decades() -> None:
    assert scale_of([]) == (3, 7)
    assert scale_of([52_000.0, 1.1e8]) == (4, 9)
    assert scale_of([20.0, 300.0]) == (1, 5)


paces = st.one_of(st.floats(0, 1e12), st.just(float("nan")), st.just(float("inf")))
states = st.sampled_from(["waiting", "compiling", "racing", "done", "absent", "failed"])
lanes = st.builds(
    m.Lane, st.sampled_from(["loops", "numba-generated"]), st.sampled_from([32, 64]), states, paces, st.integers(0, 10**9),
    st.integers(0, 10**6), paces, paces, paces, st.none() | paces, paces, st.none() | paces, st.integers(1, 64),
    note=st.just("no reason at all"),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(lanes, max_size=5).map(tuple), st.lists(lanes, max_size=3).map(tuple), st.booleans(),
    st.integers(1, 170), st.integers(1, 50), st.sampled_from([*LOOKS, Look(THEMES["projector"])]),
)  # fmt: skip
def test_no_view_and_no_size_is_too_much(
    found: tuple[m.Lane, ...], saved: tuple[m.Lane, ...], running: bool, width: int, height: int, look: Look
) -> None:
    assert len(text(race(lanes=found, saved=saved, running=running), width, height, look)) <= max(height, 1)


def test_what_the_pane_shows_is_told_in_full_as_well() -> None:
    view = race(saved=SAVED, saved_name="then.json", saved_machine="another machine")
    told = " ".join(races.race(view, Voice(detail="full")))
    for said in ("110 million", "2,100 times loops", "10 % of peak", "2 threads", "550,000 epochs", "numba 3.1 s",
                 "290 on all", "a machine, 2 cores", "numpy is slower than loops", "then.json", "20,000",
                 "numba is not installed"):  # fmt: skip
        assert said in told, said


# ---------------------------------------------------------------- over widths


def widths_text(made: BareWidths, width: int = 78, height: int = 18) -> list[str]:
    return ["".join(part for part, _ in row) for row in made.draw(width, height)]


def pane(view: m.WidthsView, look: Look | None = None) -> BareWidths:
    made = BareWidths(look or Look())
    made.view = view
    return made


@pytest.mark.parametrize("look", LOOKS, ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
def test_widths_look_as_they_did(size: tuple[int, int], look: Look) -> None:
    rows = widths_text(pane(widths(), look), *size)
    assert is_as_seen(f"widths-{size[0]}-{'ascii' if look is PLAIN else 'unicode'}", rows)
    assert all(cell_len(row) <= size[0] for row in rows)
    assert look is not PLAIN or all(row.isascii() for row in rows)


def test_each_curve_has_its_digit_at_its_points_and_in_the_legend() -> None:
    rows = widths_text(pane(widths()))
    assert rows[0].split() == ["1", "loops", "2", "numpy", "3", "numba"]
    drawn = "\n".join(row.partition("┤")[2] or row.partition("│")[2] for row in rows[1:])
    assert {digit: drawn.count(digit) >= 2 for digit in "123"} == dict.fromkeys("123", True)


def test_winners_stand_below_and_left_and_right_choose_the_width_that_is_explained() -> None:
    made = pane(widths())
    rows = "\n".join(widths_text(made))
    assert "fastest  3 numba 2 to 32  2 numpy 320" in rows
    assert "320 hidden neurons: numpy 6 k, numba 900, loops 10." in rows
    assert "a matrix product uses each number often" in rows
    assert made.arrow("left", False) == DONE
    assert "32 hidden neurons: numba 100 k" in "\n".join(widths_text(made))
    assert "no line is read twice" in "\n".join(widths_text(made))
    made.arrow("left", False)
    made.arrow("left", False)
    assert " 2 hidden neurons: numba 2 M" in "\n".join(widths_text(made))
    assert made.arrow("up", False) is None
    made.clicked(60, 5, False)
    assert "320 hidden neurons:" in "\n".join(widths_text(made))


def test_winners_that_change_often_lose_the_first_part_of_their_names_before_the_rest() -> None:
    won = [(2, "numba-simd"), (10, "numba-fused"), (1000, "numpy"), (3200, "numba-simd"), (10_000, "numba-fused")]
    names = ("numpy", "numba-simd", "numba-fused")
    view = widths(widths=tuple(w for w, _ in won), rungs=names, points=(), winners=tuple((*each, "") for each in won))
    rows = [
        next(row for row in widths_text(pane(view), width) if row.startswith(" fastest")) for width in (110, 78, 50)
    ]
    assert rows[0].endswith("2 numba-simd 3,200  3 numba-fused 10,000")
    assert rows[1] == " fastest  2 simd 2  3 fused 10  1 numpy 1,000  2 simd 3,200  3 fused 10,000"
    assert rows[2] == " fastest  2 2  3 10  1 1,000  2 3,200  3 10,000"


def test_before_the_first_width_is_done_the_widths_stand_there_already() -> None:
    rows = "\n".join(widths_text(pane(widths(points=(), winners=()))))
    assert "1 loops" in rows
    assert "Being raced." in rows


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9), st.integers(0, 3), st.integers(1, 120), st.integers(1, 40), st.sampled_from(LOOKS))
def test_no_part_of_widths_and_no_size_is_too_much(points: int, won: int, width: int, height: int, look: Look) -> None:
    whole = widths()
    part = widths(points=whole.points[:points], winners=whole.winners[:won])
    assert len(widths_text(pane(part, look), width, height)) <= height
