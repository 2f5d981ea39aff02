"""A desk as bytes, for going on in another process, and from bytes again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from nntui.models.model import Model, ModelError
from nntui.scenario.schema import Scenario, StateTable
from nntui.session.run.behind import MOST_ROWS
from nntui.session.run.remembering import behind, remember
from nntui.session.run.timeline import Edit, Settings
from nntui.session.run.workshop import Preparer
from nntui.session.setup import build_model
from nntui.session.subject import Desk, SavedEdit, SavedLesson, Snapshot

FEW_ROWS = 1_000  # of losses, in what is sent to another process with every command
AS_IT_IS = SavedLesson()  # neither short nor guessed at


def saved(
    desk: Desk,
    beat: int,
    answered: int,
    work: int,
    portable: bool = False,
    lesson: SavedLesson = AS_IT_IS,
    plot: bool = False,
) -> bytes:
    """All that determines the future; a portable one does not say in which folder its data file lies.

    With the plot of the loss, also what lies behind.
    """
    run = desk.training
    state = desk.state_table(beat, answered, {})
    parameters = run.parameters.astype("<f8").tobytes()
    moments = run.memory.moments.astype("<f8").tobytes()
    waiting = tuple(_saved_edit(edit) for edit in run.timeline.edits[run.made :])
    folder = "" if portable else desk.folder
    snapshot = Snapshot(
        desk.name, folder, desk.original, desk.scenario_now(), parameters, state, work, waiting,
        moments, desk.kept, lesson, behind(run, MOST_ROWS if portable else FEW_ROWS) if plot else None,
    )  # fmt: skip
    return msgspec.msgpack.encode(snapshot)


def _saved_edit(edit: Edit) -> SavedEdit:
    s = edit.settings
    if s is None:
        return SavedEdit(edit.step, edit.index, edit.value, None, 0, 0)
    return SavedEdit(edit.step, edit.index, edit.value, s.scenario, s.since_step, s.since_epoch)


def restored(
    snapshot: bytes, preparer: Preparer | None, budget: int, folder: str | None = None
) -> tuple[Desk, StateTable, int, SavedLesson]:
    """The desk, where the lesson stands, how much had been worked, how it is presented; raises what building it raises.

    A folder given stands for the one that it was saved in.
    """
    found = msgspec.msgpack.decode(snapshot, type=Snapshot)
    if folder is not None:
        found = msgspec.structs.replace(found, folder=folder)
    scenario = msgspec.structs.replace(found.scenario, state=found.state)
    flat = np.frombuffer(found.parameters, "<f8").astype(np.float64)
    moments = np.frombuffer(found.moments, "<f8").astype(np.float64)
    desk = Desk(scenario, found.original, found.name, found.folder, preparer, budget, flat, moments)
    desk.kept = found.kept
    run = desk.training
    edits, settings = [], run.settings
    for saved_edit in found.waiting:
        edit = _edit(saved_edit, settings, desk.folder)
        settings = edit.settings or settings
        edits.append(edit)
    run.timeline.edits = tuple(edits)
    if found.behind is not None:
        remember(run, found.behind)
    return desk, found.state, found.work, found.lesson


def _edit(found: SavedEdit, before: Settings, folder: str) -> Edit:
    """An edit as it was; `before` are the settings that it follows: their model is shared where it is the same."""
    if found.scenario is None:
        return Edit(found.step, found.index, found.value)
    training = found.scenario.training
    settings = replace(
        before, scenario=found.scenario, model=_model(found.scenario, before, folder), method=training.method,
        twist=training.twist, batch_size=training.batch_size, rung=training.rung, since_step=found.since_step,
        since_epoch=found.since_epoch, learning_rate=training.learning_rate, momentum=training.momentum,
        optimizer=training.optimizer, weight_decay=training.weight_decay,
    )  # fmt: skip
    return Edit(found.step, found.index, found.value, settings)


def _model(scenario: Scenario, before: Settings, folder: str) -> Any:
    if scenario.model == before.scenario.model:
        return before.model
    model: Model = build_model(scenario, folder)
    if model.layout.size != before.model.layout.size:
        raise ModelError("the data have changed since this was saved")
    return model
