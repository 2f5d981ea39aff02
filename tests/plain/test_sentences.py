"""Sentences: every fact and every answer has one, in all voices, within the width, and none is a box or an arrow."""

from typing import get_args

import msgspec
import pytest

from nntui import messages as m
from nntui.sentences.answers import AnswerTeller
from nntui.sentences.facts import SILENT, FactTeller
from nntui.sentences.numbers import Voice, spoken, wrapped

W = "weights[0][1][0]"
VISIT = m.Visit("c", "*", 12.0, 2.0, (("2", 2.0), ("b", 6.0)), (m.Given("b", 4.0, 2.0, 8.0),),
                "a product hands on its gradient times the other factor")  # fmt: skip
TURNED = m.TensorView(
    "transpose", (3, 2), (1, 3), 0, (0.0, 1.0, 2.0, 3.0, 4.0, 5.0), 6, ((0.0, 3.0), (1.0, 4.0), (2.0, 5.0)),
    ((0, 3), (1, 4), (2, 5)), False, 0, (2, 1), ((2, 1), (1, 3)), "Counted from 0.",
)  # fmt: skip
CHECK = m.CheckView("numba-simd", 100, 1.2e-16, 2.8e-14, 1e-12, 1e-9, False, False, "gradient")
LADDER = m.LadderView(
    (m.RungOnLadder("loops", "loops", used=True), m.RungOnLadder("numba-simd", "vectors")), "numba-simd", "loops", "vectors",
    "One instruction works on many numbers.", "a manual", "simd.py", "loops.py",
    (m.SourceLine("def predict():"), m.SourceLine("    pass", "new")), (m.SourceLine("def predict():"),), (("predict", 0),),
    ((0, 0),), CHECK,
)  # fmt: skip
RACE = m.RaceView(
    (m.Lane("loops", 64, "done", 90_000.0, 27_000, 2_700, 270.0, 0.3, 0.0, 1.0, 0.008, 0.0001, 1, 0.5),
     m.Lane("numba", 32, "done", 2.5e6, 750_000, 75_000, 7_500.0, 0.3, 5.9, 27.8, 0.23, 0.002, 1, 0.4, "it is quick"),
     m.Lane("numpy", 32, "done", 1.5e5, 7_500, 750, 75.0, 0.3, speedup=1.7), m.Lane("cuda", 32, "absent", note="no GPU")),
    0.3, (2, 4, 2, 1), 10, "gradient", "sgd", "xor", 100, 92.0, "a processor, 2 cores",
    saved=(m.Lane("numba", 64, "done", 1e6),), saved_name="then.json", saved_machine="another machine",
)  # fmt: skip
WIDTHS = m.WidthsView(
    (2, 100), ("numpy", "numba"), (m.WidthPoint("numpy", 100, 1e5), m.WidthPoint("numba", 100, 5e4)),
    ((2, "numba", "A step is 520 operations."), (100, "numpy", "A step is 600,000 operations.")), (2, 4, 1), 10, "gradient",
    64, 0.2,
)  # fmt: skip
FACTS: list[m.Fact] = [
    m.Opened("02-twist.toml", "Twist", "Turn it.", 12, "2-2-1 tanh", "4 samples of corners-xor", 0, 1.03),
    m.BeatBegan(1, 12, "One idea.\nTwo lines.", "", ("code", "loss"), True),
    m.Asked("How many?", ("5", "about half", "95")),
    m.Guessed((3, 12, 0), ("5", "about half", "95")), m.Blanked(True),
    m.Answered(2, True, "One way helps."),
    m.Returned(3, 0),
    m.LessonOver(),
    m.Walked(36, "total += weights[layer][neuron][source] * sources[source]", (m.Change("total", 0.2, -0.1181),), 35,
             "for source in range(len(sources)):", "predict", 0, 9, 1),
    m.Tried(0, W, 0.0, 0.059, 1.03, 1.02, True),
    m.Descended(3, 1.01, 0.99, 0.5, W, 0.25, 0.2, 1.0),
    m.Trained(326, 94, 326, 0.0372, 0.1),
    m.Judged(23, "weights[layer][neuron][source] -= 1", True, "It comes too early.", (0.291027924, -0.0044),
             (0.291027774, -0.0043), W, 1, 1, 0.298371109),
    m.GraphOpened("a * b + c", 5, (("a", 2.0), ("b", -3.0), ("c", 0.5), ("d", 1.0)), None),
    m.Visited("backward", (VISIT, m.Visit("a", "", 2.0, 24.0)), 50, 3, 2),
    m.GradientsCleared(),
    m.LeafSet("a", 2.0, 3.0, (m.Visit("a * b", "*", -9.0, 0.0, (("a", 3.0), ("b", -3.0))),), 1, -5.5, -8.5),
    m.NodePointed("a * b", None, 0.0),
    m.ArrayMade("array", TURNED),
    m.Measured(250, 0.3),
    m.Moved(150, 150, 0.354),
    m.Changed(W, 0.1, 0.2, 1.03, 1.02, (0.5,), (0.6,)),
    m.SettingChanged("data", "xor", "circle", True, 1.1),
    m.SampleChosen("typed input", (-1.0, 1.0), (-0.23743,), (1.0,), "wrong"),
    m.Pointed(W, 0.5),
    m.BreakpointSet(36, "total += 1", True),
    m.WalkChosen("training", 102, "loss_before = batch_loss()"),
    m.Preparing("numba"),
    m.Ready("numba", 1.2),
    m.Overflowed(12, float("inf")),
    m.Marked("the plateau", 300),
    m.RecordingBegan("mine.nnrec"),
    m.RecordingLost("mine.nnrec cannot be written any more: no space left on device"),
    m.RecordingOpened("mine.nnrec", "0.7", "2026-11-25T10:00:00+00:00", 95.0, 120,
                      "Damaged at line 97 (checksum): played up to there", "yours.nnrec"),
    m.PlayerMoved("playing", 40.0, 95.0, 300, 2.0),
    m.DoneAgain("run 300"),
    m.Branched("mine.nnrec", 40.0, 300, "branch.nnrec"),
    m.Rejoined("mine.nnrec", 40.0, 300),
    m.RecordingClosed("mine.nnrec"),
    m.Resumed("mine.nnrec", 300),
    m.Climbed(LADDER),
    m.Checked(CHECK),
    m.RaceBegan(RACE),
    m.LaneEnded(RACE.lanes[1], 2, 2),
    m.RaceEnded(RACE, "stopped"),
    m.WidthEnded(100, WIDTHS.points, "numpy", "A step is 600,000 operations: its calls cost nothing."),
    m.WidthsEnded(WIDTHS),
    m.RaceCompared(RACE),
    m.Undone("run 500", 0, 1.03),
    m.WasReset(0, 1.03),
    m.Note("numpy passes breakpoints."),
    m.Error("there is no rung 'x'"),
    m.Told(m.Reading("loss", 1.0)),
    m.KeyframeLaid(m.Position(), b""),
    m.Settled(m.Position()),
]  # fmt: skip

CURVE = m.Curve("loss", (0.0, 1.0, 2.0, 3.0), (1.03, 0.5, 0.05, 0.049))
RESULTS: list[m.Result] = [
    m.Where("Twist", "02-twist.toml", 3, 9, 0, 0, 1.03, "loops", "predict", "sample 1", 36, "total += 1", "predict", 9,
            40, "How many?"),
    m.Summary("Twist", "Turn it.", "2-2-1 tanh", "4 samples", "by twists", 3, 1.03, 0.9, 0.75, ("try 3",)),
    m.Why("outputs[1][0]", -0.237, "tanh of", -0.242, (m.Term("biases[1][0]", 0.0),
          m.Term("outputs[0][0]", 0.137, (("weights[1][0][0]", 0.25), ("outputs[0][0]", 0.546))),
          m.Term("outputs[0][1]", -0.379, (("weights[1][0][1]", -0.87), ("outputs[0][1]", 0.436))))),
    m.CodeView("loops.py", "predict", 30, ("def predict():", "    total = 0.0"), 31, (31,), (("predict", 31),),
               ("weights[0][0][1]", "inputs[1]"), 3, 40, "this call is long"),
    m.ValuesView("predict", (("total", 0.5), ("sources", m.ListValue("inputs", (1.0, 2.0), 2))), ()),
    m.NetworkView((2, 1), "tanh", "tanh", (0.5, 1.0), (m.Neuron(0, 0, 0.1, (0.2, 0.3), 0.4),), 0, (1.0,), "sample 0"),
    m.CurvesView("loss over the training samples", "step", "loss", (CURVE, m.Curve("test loss", (0.0, 2.0), (1.1, 0.2)),
                 m.Curve("ahead", (4.0, 5.0), (0.04, 0.03))), ((1.0, "edit"), (2.0, "twists ±0.1")), 3.0),
    m.TwistView(W, 0.5, 0.05, 1.03, 1.02, 1.04, "set at step 3", CURVE, 0.4, (0.1,), (1.0,)),
    m.MapView("answers", (-1.0, 1.0), (-1.0, 1.0), ((-0.5, 0.5), (0.5, 0.5)), 0.0, ((0.0, 0.0, 1.0, False),), 0.75,
              True, 1, 1),
    m.BarsView("sample 3", ("0", "1"), (0.1, 0.9), "1", ((0.0, 1.0), (0.5, 0.2)), "0", "wrong"),
    m.WeightsView((("weights[0]", (1, 2), (0.1, 0.2)), ("biases[0]", (1,), (0.0,))), 7),
    m.DiagramView(
        (m.DrawnLayer(2, (m.DrawnNeuron(0, 0.5), m.DrawnNeuron(1, -1.0))),
         m.DrawnLayer(9, (m.DrawnNeuron(3, 0.1, 0.0, (0.2, 0.3)), m.DrawnNeuron(7, 0.2, 0.1, (0.4, 0.5)))),
         m.DrawnLayer(1, (m.DrawnNeuron(0, -0.25, 0.5, (0.6, 0.7)),))),
        "sample 1", (1.0,), "weights[0][3][1]", ("weights[0][7][1]", "inputs[1]")),
    m.SettingsView((
        m.Setting("data", "data set", "xor", ("xor", "circle"), restarts=True),
        m.Setting("size", "size of twists", "0.3", hint="above 0, up to 100"),
        m.Setting("use", "rung", "loops", ("loops", "numpy"), absent=(("numba", "it is not installed"),)))),
    m.SlopeView(W, 0.25, 0.01, 1.0299, 1.0289, -0.0967, -0.0987, ((0.1, -0.0784), (0.01, -0.0967))),
    m.GradientView((m.Share(W, 0.25, -0.0987, -0.0988), m.Share("biases[0][0]", 0.0, 0.04)), 3, 1e-5, 4, 40, 9.3, 1e-9, 0.3),
    m.LandscapeView(W, "biases[0][1]", (-2.0, 2.0), (-1.0, 1.0), ((0.9, 0.5, 1.4), (0.1, 0.7, 0.3)), (0.2, 0.5, 1.0),
                    (0.3, 0.1), 0.6, ((0.1, 0.2), (0.3, 0.1)), (0, 12), (0.2, -0.3), False, 50, 100),
    m.SweepView(0.1, 1.03, (m.Effect(W, 0.25, 1.1, 1.0), m.Effect("biases[0][0]", 0.0, 1.03, 1.03)), 5, 40, 0.001, 2, 4, 4),
    m.ConfusionView("test", ("0", "1"), ((5, 1), (0, 4)), 10, 9, ((3, 0, 1),)),
    m.TimelineView("mine.nnrec", 95.0, 40.0, "paused", 1.0, True, True,
                   (m.TimelineMark(10.0, 0, "One idea.", 1), m.TimelineMark(40.0, 300, "the plateau")),
                   ((0.0, 1.03), (95.0, 0.02)), "Torn last line", ((300, 0.5), (600, 0.02)), ((300, 0.5), (500, 0.04)),
                   "branch.nnrec"),
    m.LessonView("Twist", 2, True, (m.BeatLine(1, "Here it is.", True, True, 65.0), m.BeatLine(2, "Turn it", False, False))),
    m.NotesView(2, 12, 2, 8, "Turn it.", "Wait.\nLet them guess.", 3, "So.", 65.0, 4000.0, "How many?", ("5", "95"), (3, 1)),
    LADDER,
    RACE,
    WIDTHS,
    CHECK,
    m.GraphView("a * b", (m.GraphNode(0, "a", "", (), 2.0, -3.0, 0, 0), m.GraphNode(1, "b", "", (), -3.0, 2.0, 0, 1),
                          m.GraphNode(2, "a * b", "*", (0, 1), -6.0, 1.0, 1, 0, (-3.0, 2.0))),
                2, 2, 3, "backward", 2, 3, 1, 0, -1, VISIT, 2),
    m.ComparisonView("loss of sample 0", 9, (m.Compared(W, 0.4, 0.4, 0.4),), 1e-17, W, 1e-10, 60, 70, 70, 18),
    TURNED,
    m.StagesView(4, (("stage 1", 0.0, 2e-5), ("stage 2", 1e-17, 3e-5), ("stage 3", 0.0, 2.0))),
    m.Reading("loss", 1.03),
    m.ScenarioText("format = 1\n"),
    m.Refused("there is no value 'x'"),
]  # fmt: skip

VOICES = [
    Voice(),
    Voice(detail="brief", digits=3, names="spoken", width=40),
    Voice(detail="full", digits=0, width=20),
]


def test_the_table_of_facts_is_complete() -> None:
    assert [type(fact) for fact in FACTS] == list(get_args(m.Fact))


def test_the_table_of_answers_is_complete() -> None:
    assert [type(result) for result in RESULTS] == list(get_args(m.Result))


@pytest.mark.parametrize("voice", VOICES, ids=["usual", "brief spoken", "full exact"])
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_fact_has_a_sentence(fact: m.Fact, voice: Voice) -> None:
    lines = FactTeller().tell(fact, voice)
    assert lines or isinstance(fact, (*SILENT, m.Preparing, m.RecordingBegan, m.RecordingClosed, m.DoneAgain))
    _check_sentences(lines, voice)


@pytest.mark.parametrize("voice", VOICES, ids=["usual", "brief spoken", "full exact"])
@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_every_answer_has_a_sentence(result: m.Result, voice: Voice) -> None:
    lines = AnswerTeller().tell(result, voice)
    assert lines
    _check_sentences(lines, voice)


def test_what_a_picture_gets_wrong_is_told_as_the_engine_counted_it() -> None:
    told = {type(result): " ".join(AnswerTeller().tell(result, Voice())) for result in RESULTS}
    assert "75 percent of the plane is above 0. 1 of 1 sample wrong." in told[m.MapView]
    assert "Sample 3, target 1. Answers 0, wrong. Highest: 1 with 0.9" in told[m.BarsView]


def _check_sentences(lines: list[str], voice: Voice) -> None:
    for line in lines:
        assert line == line.strip()
        assert not set(line) & set("┌│└─▶→←█░")
        for part in wrapped(line, voice.width):
            assert len(part) <= voice.width or " " not in part


# ---------------------------------------------------------------- the style, as TEACHING.md has it

SPOKEN = Voice(digits=3, names="spoken")


def test_where() -> None:
    result = m.Where("Twist", "02-twist.toml", 3, 9, 0, 0, 1.0299, "loops", "training", "", 0, "", "", 0, 0, "")
    assert AnswerTeller().tell(result, SPOKEN)[0] == "Lesson 2, beat 3 of 9. Step 0. Loss 1.03."


def test_input() -> None:
    fact = m.SampleChosen("typed input", (-1.0, 1.0), (-0.23743,), (1.0,), "wrong")
    assert FactTeller().tell(fact, SPOKEN) == ["Output minus 0.237. Target 1. Wrong sign."]


def test_why_output() -> None:
    brief = Voice(detail="brief", digits=3, names="spoken")
    result = next(result for result in RESULTS if isinstance(result, m.Why))
    assert AnswerTeller().tell(result, brief) == [
        "Tanh of minus 0.242.",
        "Sum: 0 bias, plus 0.137 from neuron 0, minus 0.379 from neuron 1.",
    ]


def test_try() -> None:
    fact = m.Tried(0, "biases[0][1]", 0.0, 0.059, 1.03, 1.02, True)
    assert FactTeller().tell(fact, SPOKEN) == ["Kept. Layer 0, neuron 1, bias: 0 to 0.059. Loss 1.02, was 1.03."]


def test_run() -> None:
    brief = Voice(detail="brief", digits=3)
    assert FactTeller().tell(m.Trained(326, 94, 326, 0.0494, 0.1), brief) == ["326 tries. Loss 0.0494."]


def test_a_step_downhill_says_whether_it_was() -> None:
    fact = m.Descended(3, 1.0, 0.99, 0.5, "biases[0][1]", 0.25, 0.2, 1.0)
    assert FactTeller().tell(fact, SPOKEN) == [
        "Downhill. Loss 0.99, was 1.",
        "Layer 0, neuron 1, bias moved most: 0.25 to 0.2. Length of the gradient 0.5.",
    ]
    uphill = msgspec.structs.replace(fact, loss=1.2, batch_loss=0.7)
    assert FactTeller().tell(uphill, SPOKEN)[0] == "Uphill. Loss 1.2, was 1. That of the step's batch was 0.7."


def test_a_run_downhill_counts_steps_and_not_tries() -> None:
    assert FactTeller().tell(m.Trained(300, 0, 300, 0.0494, 0.1, method="gradient"), SPOKEN) == [
        "300 steps. Loss 0.0494."
    ]


def test_an_overflow_says_what_is_no_number() -> None:
    assert FactTeller().tell(m.Overflowed(7, float("inf")), SPOKEN)[0].startswith("The loss is infinity at step 7")
    assert "would leave a weight that is no finite number" in FactTeller().tell(m.Overflowed(7, 3.0), SPOKEN)[0]


def test_of_a_bug_as_many_digits_are_told_as_tell_wrong_from_right() -> None:
    judged = next(fact for fact in FACTS if isinstance(fact, m.Judged))
    assert FactTeller().tell(judged, SPOKEN) == [
        "Found, line 23. It comes too early.",
        "Loss of the sample after 1 step: 0.2910279, rightly 0.2910278; 0.298 before.",
        "Layer 0, neuron 1, source 0 changed by minus 0.0044, rightly by minus 0.0043.",
    ]
    assert FactTeller().tell(m.Judged(24, "x = 1", False, "It is right. Ask on."), SPOKEN) == [
        "Not line 24. It is right. Ask on."
    ]


def test_a_line_is_told_with_its_number() -> None:
    walked = next(fact for fact in FACTS if isinstance(fact, m.Walked))
    assert FactTeller().tell(walked, Voice())[0] == "Line 36: total += …; total: 0.2 to -0.1181."


def test_a_curve_begins_with_the_loss_now() -> None:
    result = m.CurvesView("loss over the training samples", "step", "loss", (CURVE,))
    lines = AnswerTeller().tell(result, Voice(digits=3))
    assert lines[0] == "Loss 0.049."
    assert lines[1] == "From 1.03 to 0.049, over steps 0 to 3. Half gone by step 1."


def result_of(kind: type) -> m.Result:
    return next(result for result in RESULTS if isinstance(result, kind))


def test_the_loss_is_told_with_the_test_loss_what_lies_ahead_and_what_was_changed() -> None:
    lines = AnswerTeller().tell(result_of(m.CurvesView), Voice(digits=3))
    assert lines[0] == "Loss 0.049, on the test samples 0.2. This is step 3."
    assert "Test loss: from 1.1 to 0.2, over steps 0 to 2. Half gone by step 2." in lines
    assert lines[-1] == "Changed: edit at step 1 and twists ±0.1 at step 2."


def test_code_tells_what_its_line_uses() -> None:
    lines = AnswerTeller().tell(result_of(m.CodeView), Voice())
    assert lines[-3:] == [
        "This is line 4 of the 40 that the call runs.", "It uses weights[0][0][1] and inputs[1].", "This call is long.",
    ]  # fmt: skip
    assert "It uses layer 0, neuron 0, source 1; input 1." in AnswerTeller().tell(result_of(m.CodeView), SPOKEN)


def test_in_full_detail_the_network_has_all_its_numbers() -> None:
    many = tuple(n + 0.5 for n in range(20))
    view = m.NetworkView((20, 1), "tanh", "tanh", many, (m.Neuron(0, 0, 0.1, many, 0.4),), 0, None, "sample 0")
    usual, full = (AnswerTeller().tell(view, Voice(detail=detail)) for detail in ("normal", "full"))
    assert all("and 12 more" in line for line in usual[1:])
    assert all("19.5" in line for line in full[1:])


def test_a_twist_tells_the_value_before() -> None:
    line = AnswerTeller().tell(result_of(m.TwistView), Voice())[0]
    assert line == f"{W} is 0.5. Loss 1.03. Last set at step 3, was 0.4."


def test_of_a_slope_by_a_wide_twist_the_exact_one_is_not_given_away() -> None:
    wide = m.SlopeView(W, 0.25, 0.5, 1.0299, 1.0335, 0.0072, -0.0987, ((0.5, 0.0072),))
    assert AnswerTeller().tell(wide, Voice()) == [
        "Slope 0.0072: loss 1.0299 to 1.0335 for a twist of 0.5.", f"{W} is 0.25."
    ]  # fmt: skip
    assert AnswerTeller().tell(result_of(m.SlopeView), Voice())[1] == f"{W} is 0.25. The exact slope is -0.0987."
    full = AnswerTeller().tell(result_of(m.SlopeView), Voice(detail="full"))
    assert full[2:] == ["By a twist of 0.1: -0.0784.", "By a twist of 0.01: -0.0967."]


def test_of_many_nodes_the_point_is_told_first_and_each_has_its_line() -> None:
    names = [
        "loss",
        "outputs[0][0]",
        "weights[0][0][0] * inputs[0]",
        "inputs[0]",
        "weights[0][0][0]",
        "biases[0][0]",
        "x",
    ]
    visits = tuple(m.Visit(name, "" if number > 2 else "*", 1.0, 0.5) for number, name in enumerate(names))
    forward = FactTeller().tell(m.Visited("forward", visits, 7, 0), Voice())
    assert forward[:2] == ["7 values computed, at the end x: 1.", "loss: 1."]
    backward = FactTeller().tell(m.Visited("backward", visits, 7, 0), SPOKEN)
    assert backward[:2] == [
        "7 nodes visited, back from loss to x.",
        "Of the leaves: 0.5 for layer 0, neuron 0, source 0; 0.5 for layer 0, neuron 0, bias.",
    ]
    assert "Layer 0, neuron 0, source 0 times input 0: gradient 0.5." in backward
    assert FactTeller().tell(m.Visited("backward", visits, 7, 0), Voice(detail="brief")) == backward[:1]
    few = m.Visited("backward", (m.Visit("b", "*", 1.0, 8.0), m.Visit("a", "", 2.0, 24.0)), 2, 0)
    assert FactTeller().tell(few, SPOKEN) == ["b: gradient 8. a: gradient 24."]


def test_a_landscape_has_rows_of_heights_and_where_one_stands() -> None:
    rows = ((0.1, 0.3, 0.9), (0.2, 0.4, float("inf")))
    view = m.LandscapeView(W, "biases[0][0]", (-1.0, 1.0), (0.0, 2.0), rows, (0.25, 0.5), (0.0, 0.1), 0.4)
    lines = AnswerTeller().tell(view, Voice())
    assert lines[0] == f"Loss 0.4, where {W} is 0 and biases[0][0] is 0.1."
    assert lines[-3:] == [
        "Contours at 0.25, 0.5. Heights count those below: 0 is under 0.25, 2 the highest.",
        "Row 1: 0 1 2.", "Row 2: 0 1 2; here, column 2.",
    ]  # fmt: skip
    flat = m.LandscapeView(W, "biases[0][0]", (-1.0, 1.0), (0.0, 2.0), ((1.0,),), (), (5.0, 0.1), 1.0)
    assert AnswerTeller().tell(flat, Voice())[-1] == "All of it is at the same height."


def test_a_gradient_is_asked_for_by_the_name_of_what_has_it() -> None:
    term = m.Term("through totals[0][0], outputs[0][0]", 0.4, (("x", 2.0), ("y", 0.2)))
    why = m.Why("gradient weights[0][0][0]", 0.4, "", 0.4, (term,))
    assert AnswerTeller().tell(why, SPOKEN) == [
        "The gradient of layer 0, neuron 0, source 0 is 0.4.",
        "Sum: 0.4 (2 times 0.2) through total of layer 0, neuron 0, then output of layer 0, neuron 0.",
    ]


@pytest.mark.parametrize(
    ("made_by", "shape", "strides", "said"),
    [
        ("reshape 2 6", (2, 6), (6, 1), "Reshape: shape 2 by 6, strides 6 and 1. A view: no number moved."),
        ("slice 0:2 1:6:2", (2, 3), (6, 2), "Slice 0 to 2, 1 to 6 by 2: shape 2 by 3, strides 6 and 2."),
        ("slice ::-1 3", (4,), (-1,), "Slice all by -1, 3: shape 4, stride -1."),
        ("weights 0", (2, 2), (2, 1), "Weights of layer 0: shape 2 by 2, strides 2 and 1."),
    ],
)
def test_an_array_is_told_by_what_made_it(
    made_by: str, shape: tuple[int, ...], strides: tuple[int, ...], said: str
) -> None:
    view = msgspec.structs.replace(
        result_of(m.TensorView), made_by=made_by, shape=shape, strides=strides, copied=False, offset=0
    )
    assert FactTeller().tell(m.ArrayMade("array", view), Voice())[0].startswith(said)


def test_a_call_over_several_lines_is_told_as_one() -> None:
    chosen = m.WalkChosen("training", 165, "loss_before = batch_gradient(")
    assert FactTeller().tell(chosen, Voice()) == [
        "Walking the next training step. Next, line 165: loss_before = batch_gradient(…)"
    ]


def test_a_title_that_asks_needs_no_full_stop() -> None:
    opened = m.Opened("03-slope.toml", "How fast?", "It depends.", 3, "", "", 0, 1.0)
    assert FactTeller().tell(opened, Voice())[0] == "Lesson 3: How fast? It depends."


def test_losses_that_differ_never_sound_alike() -> None:
    tried = m.Tried(1, W, 0.1, 0.2, 1.0091, 1.0116, False)
    assert "Loss 1.009, would be 1.012." in FactTeller().tell(tried, Voice(digits=3))[0]
    changed = m.Changed(W, 0.1, 0.2, 1.0091, 1.0116)
    assert FactTeller().tell(changed, Voice(digits=3)) == [f"{W}: 0.1 to 0.2. Loss 1.012, was 1.009."]


def test_a_beat_is_broken_anew_where_its_lines_are_too_wide() -> None:
    beat = m.BeatBegan(1, 1, "One sentence that is long,\nand another.", "", (), False)
    assert FactTeller().tell(beat, Voice()) == ["One sentence that is long,", "and another."]
    assert FactTeller().tell(beat, Voice(width=20)) == ["One sentence that is long, and another."]


def test_a_setting_that_stays_says_so() -> None:
    assert FactTeller().tell(m.SettingChanged("seed", "3", "3", False, 1.0, ""), Voice()) == ["Seed: 3, as before."]


def test_a_diagram_tells_what_is_drawn() -> None:
    assert AnswerTeller().tell(result_of(m.DiagramView), Voice()) == [
        "2 inputs, all drawn.",
        "Layer 0: 9 neurons, drawn are 3 and 7; 7 left out.",
        "Layer 1: 1 neuron, all drawn.",
        "Pointed at: weights[0][3][1].",
        "In use: weights[0][7][1] and inputs[1].",
        "Sample 1: output -0.25, target 1.",
    ]


def test_each_setting_is_a_sentence() -> None:
    assert AnswerTeller().tell(result_of(m.SettingsView), Voice()) == [
        "data: xor; one of xor, circle; begins again at step 0.",
        "size: 0.3; above 0, up to 100.",
        "use: loops; one of loops, numpy; numba is absent: it is not installed.",
    ]


def test_until_a_lesson_speaks_of_the_loss_nobody_does() -> None:
    teller = FactTeller()
    teller.tell(m.Opened("01-a.toml", "A", "", 2, "", "", 0, 1.03), Voice())
    teller.tell(m.BeatBegan(1, 2, "x", "", ("code",), True), Voice())
    assert teller.tell(m.Changed(W, 0.1, 0.2, 1.03, 1.02, (0.5,), (0.6,)), Voice()) == [
        f"{W}: 0.1 to 0.2. Output 0.6, was 0.5."
    ]
    teller.tell(m.BeatBegan(2, 2, "x", "", ("loss",), True), Voice())
    assert "Loss 1.02" in teller.tell(m.Changed(W, 0.1, 0.2, 1.03, 1.02), Voice())[0]


# ---------------------------------------------------------------- numbers, names, lines


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (-0.2374333892277581, 5, "-0.23743"),
        (1.02985, 3, "1.03"),
        (0.0, 5, "0"),
        (-0.0, 5, "0"),
        (1234567.0, 3, "1,230,000"),
        (3e-33, 3, "3e-33"),
        (1e-5, 5, "1e-5"),
        (78737.3, 5, "78,737"),
        (1315.04, 5, "1,315"),
        (float("inf"), 5, "infinity"),
        (float("nan"), 5, "not a number"),
        (0.1, 0, "0.1"),
        (1 / 3, 0, "0.3333333333333333"),
    ],
)
def test_numbers(value: float, digits: int, said: str) -> None:
    assert Voice(digits=digits).number(value) == said


def test_exact_numbers_read_back_to_the_bit() -> None:
    for value in (0.1 + 0.2, 1e-300, -(2.0**-1074), 1.7976931348623157e308):
        assert float(Voice(digits=0).number(value)) == value


def test_minus_is_a_word_when_spoken() -> None:
    assert Voice(names="spoken").number(-0.5) == "minus 0.5"
    assert Voice(names="spoken").number(-6.7e-5) == "minus 6.7e minus 5"
    for width in range(20, 60):
        assert not any(line.endswith("e") for line in wrapped("The slope is minus 6.7e minus 5 for 2e minus 8.", width))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("weights[1][0][2]", "layer 1, neuron 0, source 2"),
        ("biases[0][1]", "layer 0, neuron 1, bias"),
        ("outputs[0][1]", "output of layer 0, neuron 1"),
        ("inputs[3]", "input 3"),
        ("sample 36", "sample 36"),
        ("sample 36 outputs[0][1]", "sample 36, output of layer 0, neuron 1"),
        ("loss_before", "loss before"),
        ("weights[0][0][1] * inputs[1]", "layer 0, neuron 0, source 1 times input 1"),
        ("error of outputs[1][0]", "error of output of layer 1, neuron 0"),
        ("totals[0][1] - largest", "total of layer 0, neuron 1 minus largest"),
        ("tanh(-a * b + c)", "tanh(minus a times b plus c)"),
        ("a ** 2 / b", "a to the power 2 over b"),
    ],
)
def test_names(name: str, said: str) -> None:
    assert spoken(name) == said


def test_lines_break_at_clauses_and_never_inside_a_number() -> None:
    text = "Sum: 0 bias, plus 0.137 from neuron 0, minus 0.379 from neuron 1, plus 12345678.25 from neuron 2."
    for width in range(20, 100):
        lines = wrapped(text, width)
        assert " ".join(lines) == text
        assert not any(line.endswith(("plus", "minus")) for line in lines)
    assert wrapped(text, 40)[0] == "Sum: 0 bias, plus 0.137 from neuron 0,"


def test_backpropagation_is_not_named_before_the_lesson_that_introduces_it() -> None:
    gradient = next(answer for answer in RESULTS if isinstance(answer, m.GradientView))
    teller, facts = AnswerTeller(), FactTeller()
    for name, known in (("03-slope", False), ("05-autograd", True), ("mine", True)):
        facts.tell(m.Opened(name, "Title", "Summary.", 12, "2-2-1", "xor", 0, 1.0), Voice())
        assert facts.introduced("backpropagation") is known
        teller.knows_backpropagation = known
        assert ("ackpropagation" in " ".join(teller.tell(gradient, Voice()))) is known


def test_inputs_are_named_where_a_beat_gives_them_and_not_where_the_listener_typed_them() -> None:
    facts = FactTeller()
    typed = m.SampleChosen("typed input", (-1.0, 1.0), (-0.23743,), (1.0,), "wrong")
    facts.tell(m.BeatBegan(5, 14, "Four inputs.", "", ("code", "loss"), True), Voice())
    assert facts.tell(typed, Voice()) == ["Inputs -1, 1. Output -0.23743. Target 1. Wrong sign."]
    facts.tell(m.Asked("Which word?", ("or", "and")), Voice())
    assert facts.tell(typed, Voice()) == ["Output -0.23743. Target 1. Wrong sign."]
