"""Any commands at any time: never an exception, finite parameters, and a log that replays to the same bits."""

import numpy as np
import pytest
from driving import CLOUD, CORNERS, LESSON, do, errors, opened, spent, state
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nntui import messages as m
from nntui.session.run import training
from nntui.session.run.timeline import MEBIBYTE
from nntui.session.session import Session, replay

UNITS = st.sampled_from(m.UNITS)
COUNTS = st.integers(1, 4) | st.integers(1, 40)
ADDRESSES = st.sampled_from(["weights[0][0][0]", "weights[0][1][1]", "biases[0][1]", "weights[1][0][1]", "nonsense"])
SAVED = (
    "parameters", "memory", "step", "kept", "settings", "descent", "look", "walk", "event", "breakpoints", "pointed",
    "attention", "graph", "array",
)  # fmt: skip
VALUES = st.floats(-3, 3) | st.sampled_from([0.0, -0.0, 1e300, 5e-324, float("nan"), float("inf")])
CURVES = st.sampled_from(["tanh", "relu", "sigmoid", "linear", "softmax"])

MOVES = st.one_of(
    st.builds(m.Step, COUNTS, UNITS),
    st.builds(m.Back, COUNTS, UNITS),
    st.builds(m.Goto, st.integers(0, 60), UNITS),
    st.builds(m.Run, st.integers(1, 300)),
    st.builds(m.Try, st.integers(1, 5)),
    st.builds(m.Walk, st.sampled_from(["training", "predict"])),
)
CHANGES = st.one_of(
    st.builds(m.SetValue, ADDRESSES, VALUES),
    st.builds(m.Twist, ADDRESSES, VALUES),
    st.builds(m.Point, ADDRESSES),
    st.builds(m.Slope, ADDRESSES, VALUES),
    st.builds(m.Landscape, ADDRESSES, ADDRESSES, VALUES),
    st.builds(m.Sweep, VALUES),
    st.builds(m.DrawEdges, st.sampled_from(["weights", "gradient"])),
    st.builds(m.Use, st.sampled_from(["loops", "numpy", "loop"])),
    st.builds(m.Method, st.sampled_from(["twist", "gradient", "gradient", "magic"])),
    st.builds(m.LearningRate, st.floats(-0.1, 2) | st.sampled_from([1000.0, 1e9, float("nan")])),
    st.builds(m.Optimizer, st.sampled_from(["sgd", "momentum", "adam", "nothing"])),
    st.builds(m.Momentum, st.floats(-0.1, 1.1)),
    st.builds(m.WeightDecay, st.floats(-0.1, 1.1)),
    st.builds(
        m.OpenGraph, st.sampled_from(["loss", "a * a + b", "a / (b - a)"]), st.just((("a", "2"), ("b", "3 * a")))
    ),
    st.builds(m.OpenGraph, st.just("loss")),
    st.builds(m.SetValue, st.sampled_from(["a", "b", "inputs[0]"]), VALUES),
    st.builds(m.Forward, st.integers(0, 3)),
    st.builds(m.Backward, st.integers(0, 3)),
    st.builds(m.ClearGradients),
    st.builds(m.GraphOrder, st.sampled_from(["topological", "depth"])),
    st.builds(m.Fold, st.sampled_from(["", "outputs[0][1]", "nonsense"])),
    st.builds(m.Walk, st.sampled_from(["forward", "backward", "stage 2", "bug 1"])),
    st.builds(m.Tensor, st.sampled_from([("weights",), ("product",), ("3", "4"), ("transpose",), ("flatten",)])),
    st.builds(m.Tensor, st.sampled_from([("slice", "0:1"), ("next", "3"), ("rest",), ("right",), ("back",)])),
    st.builds(m.Pin, st.sampled_from(["", "one", "loss"])),
    st.builds(m.Axis, st.sampled_from(["steps", "predictions"])),
    st.builds(m.TwistSize, st.floats(-0.1, 2)),
    st.builds(m.BatchSize, st.integers(1, 50)),
    st.builds(m.Activation, CURVES),
    st.builds(m.OutputActivation, CURVES),
    st.builds(m.ChooseSample, st.integers(0, 45)),
    st.builds(m.TypeInput, st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(m.Break, st.integers(0, 180)),
    st.builds(m.Until, st.integers(0, 180)),
)
STARTS = st.one_of(
    st.builds(m.Reset),
    st.builds(m.Reseed, st.integers(0, 3)),
    st.builds(m.UseData, st.sampled_from(["xor", "corners-xor", "circle", "nothing"])),
    st.builds(m.Noise, st.floats(-0.1, 0.6)),
    st.builds(m.Shift, st.integers(-8, 8)),
    st.builds(m.Layers, st.sampled_from([(2, 2, 1), (2, 1), (2, 3, 2, 1), (3, 1), (2,)])),
)
LEADS = st.one_of(
    st.builds(m.Next),
    st.builds(m.Next),
    st.builds(m.Previous),
    st.builds(m.Answer, st.integers(1, 3)),
    st.builds(m.Return),
)


class AnyCommands(RuleBasedStateMachine):
    @initialize(
        text=st.sampled_from([CORNERS, CLOUD, LESSON]),
        budget=st.sampled_from([20_000, 64 * MEBIBYTE]),
        slice_seconds=st.sampled_from([training.SLICE_SECONDS, 1e-9]),
        keyframe_seconds=st.sampled_from([training.KEYFRAME_SECONDS, 0.0]),
    )
    def open(self, text, budget, slice_seconds, keyframe_seconds):
        """How work is cut into slices, and how much of the past is remembered, must make no difference."""
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(training, "SLICE_SECONDS", slice_seconds)
        self.patch.setattr(training, "KEYFRAME_SECONDS", keyframe_seconds)
        self.session = Session(budget=budget)
        self.budget = budget
        self.session.handle(m.Open(text, "any.toml"))

    @rule(command=MOVES)
    def move(self, command):
        self.session.handle(command)

    @rule(command=MOVES, slices=st.integers(0, 3))
    def move_a_little(self, command, slices):
        self.session.handle(command)
        spent(self.session, slices)

    @rule(command=CHANGES)
    def change(self, command):
        self.session.handle(command)

    @rule(command=STARTS)
    def start_again(self, command):
        self.session.handle(command)

    @rule(command=LEADS)
    def lead(self, command):
        self.session.handle(command)

    @rule()
    def undo(self):
        self.session.handle(m.Undo())

    @rule()
    def stop(self):
        self.session.handle(m.Stop())

    @rule(slices=st.integers(1, 8))
    def work_a_little(self, slices):
        spent(self.session, slices)

    @rule(steps=st.integers(1, 30))
    def work_some_steps(self, steps):
        self.session.work_until(m.Position(work=self.session.position.work + steps))

    @rule()
    def settle(self):
        self.session.settle()

    @rule(view=st.sampled_from(m.VIEWS))
    def look(self, view):
        self.session.ask(m.AskView(view))
        self.session.ask(m.AskWhere())
        self.session.ask(m.AskSummary())
        self.session.ask(m.AskWhy())
        self.session.ask(m.AskScenario())

    @rule()
    def save_and_restore(self):
        """Take up again elsewhere: what was before is the other session's, and the log begins anew."""
        if not self.session.steady:
            return
        self.session.settle()
        before = state(self.session)
        session = Session(budget=self.budget)
        session.restore(self.session.snapshot())
        after = state(session)
        for key in (*SAVED, "pins", "axis"):
            assert after[key] == before[key], key

    @rule()
    def save_and_open(self):
        """A saved scenario opens where it was saved, whatever had been done."""
        if not self.session.steady:
            return
        self.session.settle()
        before, text = state(self.session), self.session.ask(m.AskScenario())
        session = Session(budget=self.budget)
        assert not errors(session.handle(m.Open(text.text, "saved.toml")) + session.settle())
        after = state(session)
        for key in SAVED:
            assert after[key] == before[key], key

    @invariant()
    def parameters_are_finite(self):
        run = self.session.desk.training
        assert run.parameters.shape == (run.settings.model.layout.size,)
        assert np.isfinite(run.parameters).all()
        assert run.step >= 0
        assert run.kept >= 0

    def teardown(self):
        if not hasattr(self, "session"):
            return
        self.session.settle()
        self.patch.undo()
        again = Session()
        replay(self.session.log, again)
        assert state(again) == state(self.session)
        assert again.position == self.session.position
        assert again.log == self.session.log
        for session in (self.session, again):  # the past is the same as well, and the future
            do(session, "goto 0", "run 40")
        assert state(again) == state(self.session)


AnyCommands.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyCommands = AnyCommands.TestCase


def test_a_session_without_a_scenario_refuses_everything():
    session = Session()
    for command in (m.Step(), m.Run(3), m.Undo(), m.Next(), m.Stop(), m.SetValue("a", 1.0)):
        facts = session.handle(command) + session.settle()
        assert isinstance(command, m.Stop) or isinstance(facts[0], m.Error)
    assert isinstance(session.ask(m.AskWhere()), m.Refused)
    assert opened().desk is not None
