"""The state at any place of a recording as a scenario, which opens again exactly there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from nntui import messages as m
from nntui.scenario.schema import Scenario
from nntui.session.asking import as_text
from nntui.session.recording.growing import Source
from nntui.session.recording.records import RecordingError
from nntui.session.recording.way import Way
from nntui.session.subject import Desk

END = m.Seek("percent", 100.0)


@dataclass(frozen=True)
class State:
    """A scenario as text, where in the recording it is of, and the data file that has to lie beside it."""

    text: str
    step: int
    seconds: float
    beat: int
    data_name: str = ""  # empty: it needs none
    data_text: str = ""


def state_at(path: Path, place: m.Seek = END, data_name: str = "") -> State:
    """The state at a place that a seek leads to; its data file may be given another name than it had.

    Of a beat it is the state when all is done that the beat does. Raises RecordingError or CommandError where there is
    no such place, or nothing is open there.
    """
    source = Source(path, grows=False)
    way = Way(source.timeline, None)
    try:
        desk, seconds = _stand(way, place, source.name)
        lesson = way.session.lesson
        scenario, name, text = desk.as_scenario(lesson.beat, lesson.answered, lesson.short), "", ""
        if scenario.data is not None and scenario.data.file:
            name = data_name or scenario.data.file
            text = (Path(desk.folder) / scenario.data.file).read_text("utf-8")
            scenario = with_data(scenario, name)
        return State(as_text(scenario).text, desk.training.step, seconds, lesson.beat, name, text)
    finally:
        source.close()
        way.close()


def _stand(way: Way, place: m.Seek, name: str) -> tuple[Desk, float]:
    timeline = way.timeline
    way.stand(timeline.place(place, timeline.beginning()), int(place.value) if place.to == "step" else None)
    seconds = max(timeline.time_of(place), way.seconds)
    while not (way.over or _has_arrived(way, place)):
        way.stand(way.taken + 1)
        seconds = way.seconds
    desk = way.session.desk
    if desk is None:
        raise RecordingError(f"nothing is open there in {name}")
    if way.lost or not _has_arrived(way, place):
        raise RecordingError(f"{name} ends before that is done, which leads there; choose a place before")
    return desk, seconds


def _has_arrived(way: Way, place: m.Seek) -> bool:
    """Whether it stands where it is asked for: not on a way back, and of a beat, where all of it is done."""
    desk, session = way.session.desk, way.session
    return desk is None or (session.steady if place.to == "beat" else desk.training.origin_step is None)


def with_data(scenario: Scenario, name: str) -> Scenario:
    """The same scenario with its data file under another name."""
    assert scenario.data is not None
    was = scenario.data.file
    scenario = msgspec.structs.replace(scenario, data=msgspec.structs.replace(scenario.data, file=name))
    state = scenario.state
    if state is not None and state.data is not None and state.data.file == was:
        state = msgspec.structs.replace(state, data=msgspec.structs.replace(state.data, file=name))
    return msgspec.structs.replace(scenario, state=state)
