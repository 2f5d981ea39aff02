"""What one state of a session holds, and what can be asked to go wrong.

A `Desk` is all that commands work on: the training run, what is looked at, the line clock, the scenario that says how
it was set up. Commands are obeyed in moving.py and changing.py, queries answered in asking.py, the lesson led in
lesson.py; session.py routes to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from nntui import messages as m
from nntui.autograd.errors import GraphError
from nntui.data import DataError
from nntui.models.model import Call, FloatArray, Look, Model, ModelError, Seen
from nntui.scenario.reader import ScenarioError
from nntui.scenario.schema import Scenario, StateTable
from nntui.session.attention import Attention, attention_of, saved_attention
from nntui.session.graph.state import GraphOnDesk, saved_graph, table_of
from nntui.session.graph.walk import pass_of
from nntui.session.race.state import Races
from nntui.session.run.behind import Behind
from nntui.session.run.curves import Kept
from nntui.session.run.memento import Memento
from nntui.session.run.training import Training
from nntui.session.run.workshop import Preparer
from nntui.session.setup import build_training
from nntui.session.tensoring import bench_of, saved_bench
from nntui.session.walking.walk import LineClock, WalkError
from nntui.tensor.bench import Bench
from nntui.tensor.strided import ArrayError
from nntui.words import WordError

CHANGING = ("data", "model", "training", "view")  # the tables of a scenario that commands change
FEW_INPUTS = 8  # are said with a sample
NO_SCREEN = "no screen shows this session; `blank` is for `nntui notes`, beside a screen"
NO_RECORDING = "no recording is played here; `nntui FILE.nnrec` plays one"


class CommandError(ValueError):
    """A command that cannot be obeyed; the text says why, and what would be right, in one sentence."""


# All by which a command may be refused.
REFUSALS = (CommandError, ModelError, DataError, WalkError, ScenarioError, WordError, ArrayError, GraphError)


@dataclass(frozen=True)
class Moment:
    """All of a desk at one moment, for coming back to it."""

    training: Training
    run: Memento
    look: Look
    walk: m.WalkName
    event: int
    breakpoints: tuple[int, ...]
    pointed: str
    attention: Attention
    kept: Kept
    bench: Bench | None = None
    graph: GraphOnDesk | None = None
    words: str = ""  # of the command that it lies before
    beat: int = 0
    answered: int = 0


class SavedEdit(msgspec.Struct, frozen=True, array_like=True):
    """An edit; where it is one of settings, these as the scenario that says the same."""

    step: int
    index: int
    value: float
    scenario: Scenario | None
    since_step: int
    since_epoch: int


class SavedLesson(msgspec.Struct, frozen=True, array_like=True):
    """How a lesson is presented: whether it is the short lecture, what a class has guessed at each beat, and whether
    its state may be another than that at the end of its beat.
    """

    short: bool = False
    guesses: tuple[tuple[int, tuple[int, ...]], ...] = ()
    detoured: bool = True


class Snapshot(msgspec.Struct, frozen=True):
    """All that determines the future, in a form that can be sent to another process."""

    name: str
    folder: str
    original: Scenario
    scenario: Scenario
    parameters: bytes
    state: StateTable
    work: int
    waiting: tuple[SavedEdit, ...]  # edits in the future that one has gone back from
    moments: bytes = b""  # of the optimizer
    kept: Kept = Kept()
    lesson: SavedLesson = SavedLesson()
    behind: Behind | None = None  # for the plot of the loss; a recording has lines of its own for it


def chosen(seen: Seen) -> m.SampleChosen:
    """Tell what comes out for what is looked at."""
    return m.SampleChosen(
        seen.name, seen.inputs, seen.outputs, seen.target, seen.verdict, seen.answer, seen.wanted
    )  # fmt: skip


def as_it_stands(scenario: Scenario) -> Scenario:
    """A scenario with the tables that its saved state has changed."""
    state = scenario.state
    if state is None:
        return scenario
    changes = {key: getattr(state, key) for key in CHANGING if getattr(state, key) is not None}
    return msgspec.structs.replace(scenario, **changes)


class Desk:
    """An opened scenario and all that has been done to it."""

    def __init__(
        self,
        scenario: Scenario,
        original: Scenario,
        name: str,
        folder: str,
        preparer: Preparer | None,
        budget: int,
        parameters: FloatArray | None = None,
        moments: FloatArray | None = None,
    ) -> None:
        self.name = name
        self.folder = folder
        self.original = original
        self.preparer = preparer
        self.budget = budget
        self.walk: m.WalkName = scenario.view.walk
        self.pointed = ""
        self.attention = Attention()
        self.graph: GraphOnDesk | None = None
        self.kept = Kept()
        self.bench: Bench | None = None  # the array at hand
        self.races = Races()
        self.last_told = "output"  # what a bare `why` asks about
        self.training: Training
        self.look: Look
        self.training, self.look = build_training(scenario, folder, preparer, budget, parameters, moments)
        self.clock = LineClock(self._call, lambda: dict(self.model.units), lambda: self.training.version)
        if scenario.state is not None:
            self.clock.breakpoints = scenario.state.breakpoints
            self.pointed = scenario.state.point
            self.attention = attention_of(scenario.state).fitting(self.model.layout)
            self.graph = saved_graph(scenario.state.graph, self.model, self.training.parameters, scenario, folder)
            self.bench = bench_of(scenario.state)
        if self.graph is None:
            self.close_graph()
        if scenario.state is not None and scenario.state.event:
            self.clock.event = min(scenario.state.event, len(self.clock.trace))

    @property
    def scenario(self) -> Scenario:
        """The scenario as it has been changed by this step: on a way back the settings change back."""
        return self.training.settings.scenario

    @property
    def model(self) -> Model:
        """The model being trained."""
        return self.training.settings.model

    def _call(self) -> Call:
        return self.call_of(self.walk)

    def call_of(self, what: m.WalkName) -> Call:
        """A call that can be walked; CommandError or ModelError where there is no such one."""
        if what not in ("forward", "backward"):
            return self.model.call(what, self.training.parameters, self.look, self.training.plan(1))
        if self.graph is None:
            raise CommandError("no graph is open; open one, as in: graph tanh(a*b + c) a=2 b=-3 c=0.5")
        return pass_of(self.graph, what)

    def start_again(self, scenario: Scenario) -> None:
        """Make a new training run of a changed scenario; ModelError or DataError leave everything as it was."""
        training, look = build_training(scenario, self.folder, self.preparer, self.budget)
        self.training.stop()
        self.training, self.look = training, look
        self.races.checks.clear()  # they were of the network before
        self.clock.forget()
        if self.walk.startswith("bug"):
            try:
                self._call()
            except ModelError:  # with this network or data, the bug would make no difference
                self.walk = "training"
        self.attention = self.attention.fitting(self.model.layout)
        if self.graph is not None and self.graph.of_loss:  # it was of the network that there is no more
            self.close_graph()
        if self.pointed:
            try:
                self.model.layout.index(self.pointed)
            except ModelError:
                self.pointed = ""

    def close_graph(self) -> None:
        """Let no graph be open, and none be walked."""
        self.graph = None
        if self.walk in ("forward", "backward"):
            self.walk = "training"
            self.clock.forget()

    def start_afresh(self) -> None:
        """Be at the start of the lesson or scenario."""
        self.start_again(self.original)
        self.walk, self.pointed = self.original.view.walk, ""
        self.close_graph()
        self.attention = Attention()
        self.bench = None
        self.clock.clear_breakpoints()

    def moment(self, words: str = "", beat: int = 0, answered: int = 0) -> Moment:
        """Remember all of this."""
        c = self.clock
        return Moment(
            self.training, self.training.memento(), self.look, self.walk, c.event, c.breakpoints,
            self.pointed, self.attention, self.kept, bench=self.bench, graph=self.graph, words=words, beat=beat,
            answered=answered,
        )  # fmt: skip

    def come_back(self, moment: Moment) -> None:
        """Be at a remembered moment again."""
        self.training.stop()
        self.training = moment.training
        self.training.restore(moment.run)
        self.look, self.walk = moment.look, moment.walk
        self.graph, self.bench = moment.graph, moment.bench
        self.pointed, self.attention, self.kept = moment.pointed, moment.attention, moment.kept
        self.clock.forget()
        self.clock.breakpoints = moment.breakpoints
        if moment.event:
            self.clock.event = min(moment.event, len(self.clock.trace))

    def position(self, work: int) -> m.Position:
        """Where the engine stands; a journey under way still stands where it began."""
        run = self.training
        step = run.origin_step if run.origin_step is not None else run.step
        return m.Position(step, self.look.sample, self.clock.event, work=work)

    def state_table(self, beat: int, answered: int, parameters: dict[str, Any]) -> StateTable:
        """Where all of this stands, as a saved scenario says it."""
        run, settings = self.training, self.training.settings
        return StateTable(
            step=run.step, kept=run.kept, optimizer_steps=run.memory.taken,
            since_step=settings.since_step, since_epoch=settings.since_epoch,
            sample=self.look.sample, split=self.look.split, input=self.look.typed, event=self.clock.event,
            beat=beat, answered=answered, point=self.pointed, breakpoints=self.clock.breakpoints, parameters=parameters,
            **saved_attention(self.attention), **saved_bench(self.bench),
            graph=table_of(self.graph, self.model),
        )  # fmt: skip

    def as_scenario(self, beat: int, answered: int, short: bool = False) -> Scenario:
        """The scenario that opens again exactly here."""
        run = self.training
        table = self.state_table(beat, answered, self._blocks(run.parameters))
        moments = dict(zip(("velocities", "squares"), map(self._blocks, run.memory.moments), strict=False))
        table = msgspec.structs.replace(table, short=short, **moments)
        now, was = self.scenario_now(), self.original
        if not was.beat:
            return msgspec.structs.replace(now, state=table, check=None)  # it speaks of the start
        changes = {key: getattr(now, key) for key in CHANGING if getattr(now, key) != getattr(was, key)}
        return msgspec.structs.replace(was, state=msgspec.structs.replace(table, **changes))

    def _blocks(self, flat: FloatArray) -> dict[str, Any]:
        """A flat array as the blocks of a saved scenario."""
        return {name: block.tolist() for name, block in self.model.layout.views(flat).items()}

    def scenario_now(self) -> Scenario:
        """The scenario as it has been changed, with the call that is walked."""
        view = msgspec.structs.replace(self.scenario.view, walk=self.walk)
        return msgspec.structs.replace(self.scenario, view=view)

    @property
    def samples(self) -> int:
        """How many samples the split has that is looked at."""
        return self.model.test_samples if self.look.split == "test" else self.model.samples

    def seen_sample(self, with_inputs: bool = False) -> str:
        """What predict looks at, in words."""
        if not self.look.typed and not self.model.samples:
            return ""
        said = self.look.name
        inputs = self.model.see(self.training.parameters, self.look).inputs if with_inputs else ()
        return f"{said}: inputs {', '.join(f'{x:g}' for x in inputs)}" if 0 < len(inputs) <= FEW_INPUTS else said

    def look_at(self, **changes: Any) -> None:
        """Look at something else; the call that predicts is another then."""
        self.look = replace(self.look, **changes)
        if self.walk == "predict":
            self.clock.forget()
