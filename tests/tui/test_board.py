"""Where panes stand: those that share a place, the one called for last; what has room beside what."""

from __future__ import annotations

import pytest

from nntui.tui.board import PICTURES, RACES, SUBJECTS, chosen, columns, pane_of, races, regions
from nntui.tui.story import ORDINARY

ALL = ("code", "values", *SUBJECTS, "twist", *PICTURES, "loss")
SMALL, LARGE = (80, 18), (160, 44)


@pytest.mark.parametrize("kinds", [SUBJECTS, PICTURES])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_of_those_that_share_a_place_the_one_called_for_last_is_seen(
    kinds: tuple[str, ...], size: tuple[int, int]
) -> None:
    for kind in kinds:
        others = [other for other in kinds if other != kind]
        seen = [each for each in chosen(ALL, [*others, kind], *size) if each in kinds]
        assert kind in seen
        assert len(seen) == (2 if kinds == PICTURES and size == LARGE else 1)


def test_all_others_stay() -> None:
    assert [kind for kind in chosen(ALL, (), *SMALL) if kind not in (*SUBJECTS, *PICTURES)] == [
        "code", "values", "twist", "loss",
    ]  # fmt: skip
    assert chosen(ORDINARY, (), *SMALL) == list(ORDINARY)


@pytest.mark.parametrize("size", [SMALL, (100, 24), (120, 34), LARGE])
@pytest.mark.parametrize(
    "reached",
    [
        ("code", "landscape"), ("code", "twist", "network"), ("network", "loss", "twist", "landscape"),
        ("code", "network", "twist", "landscape"), ("code", "values", "graph"), ("code", "tensor"), ("picture", "code"),
        ("code", "values", "network", "twist", "sweep", "loss"), ("confusion",),
    ],
)  # fmt: skip
def test_every_pane_that_is_shown_has_room_and_none_lies_over_another(
    reached: tuple[str, ...], size: tuple[int, int]
) -> None:
    for arrangement in ("explain", "train", "race"):
        plan = columns(reached, arrangement, *size)
        places = regions(plan, *size)
        assert places
        assert sum(place.width * place.height for place in places.values()) == size[0] * size[1]
        assert all(place.width >= 20 and place.height >= 5 for place in places.values())
    if len(reached) <= 4:
        assert set(places) == set(reached)


def test_few_panes_stand_side_by_side_but_nothing_beside_long_lines() -> None:
    assert columns(("network", "twist"), "explain", *SMALL) == [["network"], ["twist"]]
    assert columns(("network", "twist"), "explain", *LARGE) == [["network"], ["twist"]]
    assert columns(("landscape", "loss"), "train", *SMALL) == [["landscape"], ["loss"]]
    assert columns(("network", "twist"), "explain", 50, 18) == [["network", "twist"]]
    assert columns(("code", "values"), "explain", *SMALL) == [["code", "values"]]
    assert columns(("graph", "twist"), "explain", *SMALL) == [["graph", "twist"]]


def test_a_graph_is_given_more_width_than_the_code() -> None:
    places = regions(columns(("code", "values", "graph"), "explain", *SMALL), *SMALL)
    assert places["graph"].width > places["code"].width
    assert places["graph"].height == SMALL[1]


def test_what_has_more_to_show_is_given_more_rows() -> None:
    plan = columns(("code", "values", "network", "twist"), "explain", *SMALL)
    usual, more = regions(plan, *SMALL), regions(plan, *SMALL, "twist")
    assert more["twist"].height > usual["twist"].height
    assert more["network"].height >= 5


@pytest.mark.parametrize("size", [SMALL, (119, 40), LARGE])
def test_ladder_and_race_want_the_whole_width_and_stand_by_themselves(size: tuple[int, int]) -> None:
    wide = size == LARGE
    assert races(RACES, (), *size) == ([["ladder", "race"]] if wide else [["ladder"]])
    assert races(RACES, ("race",), *size) == ([["ladder", "race"]] if wide else [["race"]])
    assert races(RACES, ("ladder", "race", "widths"), *size) == ([["ladder", "widths"]] if wide else [["widths"]])
    assert races(("race", "widths"), ("race",), *size) == ([["race", "widths"]] if wide else [["race"]])
    assert races((), (), *size) == []
    assert not {kind for column in columns((*ALL, *RACES), "train", *size) for kind in column} & set(RACES)


def test_only_what_was_told_of_a_view_brings_a_pane() -> None:
    from slopes import landscape, slope, sweep

    from nntui import messages as m

    assert pane_of(landscape()) == ("landscape",)
    assert pane_of(sweep()) == ("sweep",)
    assert pane_of(slope()) == ("twist",)
    assert pane_of(m.Reading("loss", 1.0)) == ()
