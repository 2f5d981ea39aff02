"""How the races of a desk look: the last one, or what one would be run with."""

from __future__ import annotations

import msgspec

from nntui import messages as m
from nntui.models.model import Model
from nntui.models.plans import RungInfo
from nntui.session.race.machine import described
from nntui.session.race.state import SavedResult
from nntui.session.subject import Desk
from nntui.text import clean


def seen_race(desk: Desk) -> m.RaceView:
    """The race that is on, or the last one; before the first the lanes that it would have."""
    races = desk.races
    if races.race is None:
        bits = desk.scenario.training.precision
        lanes = tuple(lane_of(info, bits) for info in desk.model.rungs.values())
        return idle_view(desk, m.Race().seconds, lanes)
    return with_saved(races.race, races.saved)


def lanes_in(desk: Desk, state: m.LaneState) -> int:
    """How many lanes of the last race are in this state."""
    return 0 if desk.races.race is None else sum(lane.state == state for lane in desk.races.race.lanes)


def lane_of(info: RungInfo, bits: int) -> m.Lane:
    """The lane of a rung before it has raced."""
    if info.make is None:
        return m.Lane(info.name, info.precision, "absent", note=info.absent)
    note = f"computes in {info.precision} bits" if info.precision != bits else ""
    return m.Lane(info.name, info.precision, note=note)


def sizes_of(model: Model) -> tuple[int, ...]:
    """The sizes of a model's layers; nothing where it has none."""
    layers = model.settings.get("layers")
    return tuple(int(size) for size in layers.value.split(",")) if layers is not None else ()


def idle_view(desk: Desk, seconds: float, lanes: tuple[m.Lane, ...] = ()) -> m.RaceView:
    """How a race on this desk looks before it has begun."""
    run = desk.training
    s, table = run.settings, desk.scenario.data
    name = "" if table is None else table.name or clean(table.file or "", 60)
    view = m.RaceView(
        lanes, seconds, sizes_of(desk.model), run.batches.size, s.method, s.optimizer if s.method == "gradient" else "",
        name, desk.model.samples, desk.model.operations(s.method), described(),
    )  # fmt: skip
    return with_saved(view, desk.races.saved)


def with_saved(view: m.RaceView, saved: SavedResult) -> m.RaceView:
    """A race with a saved result beside; where that was raced on something else, it is told on what."""
    same = not saved.method or (saved.sizes, saved.batch, saved.method) == (view.sizes, view.batch, view.method)
    sizes = "-".join(map(str, saved.sizes)) or "another model"
    batch = f", batches of {saved.batch:,}" if saved.batch else ""
    on = f"{sizes}{batch}, {'by twists' if saved.method == 'twist' else 'by the gradient'}"
    return msgspec.structs.replace(
        view, saved=saved.lanes, saved_name=saved.name, saved_machine=saved.machine, saved_on="" if same else on
    )
