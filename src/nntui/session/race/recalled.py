"""What was measured in a race or a check is never measured again in a replay: it is taken from the facts told then."""

from __future__ import annotations

from collections.abc import Generator

import msgspec

from nntui import messages as m
from nntui.session.subject import Desk


def recalling() -> Generator[None, None, None]:
    """A race that is not raced: one turn of work, like any race."""
    yield


def recalled(desk: Desk, fact: m.Fact) -> None:
    """Let the desk have what a fact says was measured."""
    races = desk.races
    if isinstance(fact, m.RaceBegan | m.RaceEnded | m.RaceCompared):
        races.race = fact.view
    elif isinstance(fact, m.LaneEnded) and races.race is not None:
        lanes = tuple(fact.lane if _same(lane, fact.lane) else lane for lane in races.race.lanes)
        races.race = msgspec.structs.replace(races.race, lanes=lanes)
    elif isinstance(fact, m.WidthsEnded):
        races.widths = fact.view
    elif isinstance(fact, m.Checked):
        races.checks.pop(fact.view.rung, None)
        races.checks[fact.view.rung] = fact.view


def _same(lane: m.Lane, other: m.Lane) -> bool:
    return (lane.rung, lane.precision) == (other.rung, other.precision)
