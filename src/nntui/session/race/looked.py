"""How the races of a desk look: the last one, or what one would be run with."""

from __future__ import annotations

import msgspec

from nntui import messages as m
from nntui.session.race.racing import idle_view, lane_of
from nntui.session.subject import Desk


def seen_race(desk: Desk) -> m.RaceView:
    """The race that is on, or the last one; before the first the lanes that it would have."""
    races = desk.races
    if races.race is None:
        bits = desk.scenario.training.precision
        lanes = tuple(lane_of(info, bits) for info in desk.model.rungs.values())
        return idle_view(desk, m.Race().seconds, lanes)
    saved = races.saved
    return msgspec.structs.replace(
        races.race, saved=saved.lanes, saved_name=saved.name, saved_machine=saved.machine
    )  # fmt: skip
