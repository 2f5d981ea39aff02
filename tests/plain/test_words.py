"""The words: each command has some, they read back, and nothing that is typed makes them fail."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui import messages as m
from nntui import words

EXAMPLES = [
    m.Next(), m.Previous(), m.Answer(2), m.Return(), m.Step(), m.Step(3, "neuron"), m.Step(1, "over"), m.Back(2, "out"),
    m.Goto(150), m.Goto(3, "pass"), m.Run(326), m.Try(), m.Try(3), m.Stop(), m.Break(31), m.Until(36), m.Walk("predict"),
    m.Walk("bug 2"), m.Accuse(23), m.Accuse(),
    m.ChooseSample(12), m.ChooseSample(3, "test"), m.NextMistake(), m.NextMistake(False), m.TypeInput((0.5, -1.0)), m.SetValue("weights[1][0][2]", 0.5), m.Twist("biases[0][1]", -0.1),
    m.Point("weights[0][0][0]"), m.Use("numba"), m.Method("twist"), m.Reseed(7), m.UseData("circle"), m.Noise(0.25), m.Shift(-1),
    m.Layers((2, 4, 1)), m.Activation("relu"), m.OutputActivation("linear"), m.TwistSize(0.001), m.BatchSize(4),
    m.Slope("weights[0][1][0]", 0.01), m.Slope("", 1e-13), m.Slope("", 0.0), m.DrawEdges("gradient"),
    m.DrawEdges("weights"), m.Landscape(), m.Landscape("weights[0][0][0]", "biases[0][1]", 3.0),
    m.Landscape("", "mean"), m.Landscape(reach=0.5), m.Sweep(), m.Sweep(0.2),
    m.LearningRate(0.05), m.Momentum(0.5), m.Optimizer("adam"), m.WeightDecay(0.001),
    m.OpenGraph("tanh(a * b + c)", (("a", "2"), ("b", "-3 * a"), ("c", "0.5"))), m.OpenGraph("loss"), m.Forward(),
    m.Forward(3), m.Backward(), m.Backward(2), m.ClearGradients(), m.GraphOrder("depth"), m.GraphOrder("topological"),
    m.Fold(), m.Fold("outputs[0][1]"),
    m.Tensor(("3", "4")), m.Tensor(("slice", "0:2", "::-1")), m.Tensor(("product",)),
    m.Race(), m.Race(0.5, ("numpy", "numba"), (32, 64)), m.RaceWidths(), m.RaceWidths(0.1, ("loops",)), m.CompareRace(),
    m.Climb(), m.Climb("numba-simd"), m.Check(), m.Check("numba"),
    m.GoToBeat(5), m.GoToBeat(name="the plateau"), m.ShortLecture(), m.ShortLecture(False), m.Guesses((3, 12, 0)), m.Reveal(),
    m.Blank(), m.Blank(False),
    m.Reset(), m.Undo(), m.Pin(), m.Pin("twists"), m.Unpin(), m.Axis("predictions"),
    m.Mark("the plateau"), m.Play(), m.Play(2.0), m.Play(0.25), m.Pause(), m.Branch(), m.Rejoin(),
    m.Seek("percent", 0.0), m.Seek("percent", 100 / 3), m.Seek("time", 95.25), m.Seek("step", 300), m.Seek("beat", 3),
    m.Seek("mark", name="the plateau"), m.Seek("next"), m.Seek("last"),
]  # fmt: skip


def test_every_command_has_words() -> None:
    assert {type(example) for example in EXAMPLES} | {m.Open} == set(get_args(m.Command))


@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: words.say(command))
def test_words_read_back(command: m.Command) -> None:
    assert words.parse(words.say(command)) == command


def test_open_is_read_by_the_front_end_and_said_by_its_name() -> None:
    assert words.parse("open mine.toml") == words.Own("open", "mine.toml")
    assert words.say(m.Open("", "mine.toml")) == "open mine.toml"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 9), st.integers(0, 9))
def test_numbers_survive_to_the_bit(value: float, layer: int, neuron: int) -> None:
    command = m.SetValue(f"weights[{layer}][{neuron}][0]", value)
    assert words.parse(words.say(command)) == command


def refusal(line: str) -> str:
    """Why a line is refused; nothing where it is read."""
    try:
        words.parse(line)
    except words.WordError as error:
        return str(error)
    return ""


@given(st.text(max_size=80))
def test_any_line_is_read_or_refused_by_a_sentence(line: str) -> None:
    assert "\n" not in refusal(line)


@given(st.sampled_from(sorted(words.TABLE)), st.lists(st.text("0123456789.-+e[]xinf nal", max_size=12), max_size=4))
def test_any_rest_is_read_or_refused(word: str, rest: list[str]) -> None:
    assert "\n" not in refusal(" ".join([word, *rest]))


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("step", m.Step()),
        ("step 3 neurons", m.Step(3, "neuron")),
        ("STEP epoch", m.Step(1, "epoch")),
        ("into", m.Step(1, "into")),
        ("goto 5", m.Goto(5)),
        ("goto 3 pass", m.Goto(3, "pass")),
        ("run 1,000", m.Run(1000)),
        ("set weights[0][0][1] to 0.5", m.SetValue("weights[0][0][1]", 0.5)),
        ("twist biases[0][1] −0.1", m.Twist("biases[0][1]", -0.1)),
        ("layers 2-4-1", m.Layers((2, 4, 1))),
        ("slope weights [0] [1] [0] 1e-3", m.Slope("weights[0][1][0]", 0.001)),
        ("landscape weights [0][0][0] and biases[0][0], 2", m.Landscape("weights[0][0][0]", "biases[0][0]", 2.0)),
        ("gradient", m.AskView("gradient")),
        ("show sweep", m.AskView("sweep")),
        ("why", m.AskWhy("")),
        ("why output 1", m.AskWhy("output[1]")),
        ("why neuron 1 0", m.AskWhy("outputs[1][0]")),
        ("why outputs [1] [0]", m.AskWhy("outputs[1][0]")),
        ("why sample loss", m.AskWhy("sample loss")),
        ("why sample 36", m.AskWhy("sample 36")),
        ("why sample 36 output", m.AskWhy("sample 36 output")),
        ("why sample 36 outputs [0] [1]", m.AskWhy("sample 36 outputs[0][1]")),
        ("why sample 36 neuron 0 1", m.AskWhy("sample 36 outputs[0][1]")),
        ("show twist weights[0][0][1]", m.AskView("twist", "weights[0][0][1]")),
        ("walk bug 3", m.Walk("bug 3")),
        ("accuse line 23", m.Accuse(23)),
        ("where", m.AskWhere()),
        ("tensor [3, 4]", m.Tensor(("[3,", "4]"))),
        ("stages", m.AskStages()),
        ("stages 50", m.AskStages(50)),
        (
            "graph a * b + tanh(c) a=2 b = 3*a, c=0.5",
            m.OpenGraph("a * b + tanh(c)", (("a", "2"), ("b", "3*a"), ("c", "0.5"))),
        ),
        ("graph order wrong", m.GraphOrder("depth")),
        ("graph compare", m.AskComparison()),
        ("why gradient weights [0] [0] [1]", m.AskWhy("gradient weights[0][0][1]")),
        ("why gradient", m.AskWhy("gradient")),
        ("beat 5", m.GoToBeat(5)),
        ("beat the  plateau", m.GoToBeat(name="the plateau")),
        ("short", m.ShortLecture()),
        ("guesses 3, 12,5", m.Guesses((3, 12, 5))),
        ("beats", m.AskView("lesson")),
        ("notes", m.AskView("notes")),
        ("mark  the   plateau", m.Mark("the plateau")),
        ("play 0.5", m.Play(0.5)),
        ("seek 40%", m.Seek("percent", 40.0)),
        ("seek start", m.Seek("percent", 0.0)),
        ("seek end", m.Seek("percent", 100.0)),
        ("seek 95", m.Seek("time", 95.0)),
        ("seek 1:35", m.Seek("time", 95.0)),
        ("seek 1:02:03", m.Seek("time", 3723.0)),
        ("seek step 1,000", m.Seek("step", 1000)),
        ("seek mark the plateau", m.Seek("mark", name="the plateau")),
        ("show timeline", m.AskView("timeline")),
    ],
)
def test_ways_to_say_it(line: str, meaning: object) -> None:
    assert words.parse(line) == meaning


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("stepp", "did you mean 'step'"),
        ("run", "run N"),
        ("run x", "a whole number, not 'x'"),
        ("run 0", "from 1 to 1,000,000,000"),
        ("step furlong", "there is no unit 'furlong'"),
        ("goto", "goto N [UNIT]"),
        ("show x", "nothing called 'x'"),
        ("set weights[0][0][0]", "set WEIGHT VALUE"),
        ("set weights[0][0][0] 1e999", "must be finite"),
        ("set weights[0][0][0] nan", "a number, not 'nan'"),
        ("walk backwards", "walk predict|training"),
        ("walk bug 4", "bug N"),
        ("accuse me", "a line is a whole number, not 'me'"),
        ("accuse line", "accuse [LINE]"),
        ("graph", "graph EXPRESSION"),
        ("graph a=2", "graph EXPRESSION"),
        ("graph a a=" + "1 + " * 100 + "1", "at most 200 characters"),
        ("forward 0", "from 1 to"),
        ("clear all", "it is written: clear"),
        ("", "an empty line"),
        ("tensor", "tensor 3 4"),
        ("beat", "beat N|TEXT"),
        ("beat 0", "from 1 to"),
        ("short yes", "short [on|off]"),
        ("guesses many", "a whole number, not 'many'"),
        ("guesses " + "1 " * 10, "at most 9 choices"),
        ("mark", "mark NAME"),
        ("mark " + "x" * 81, "at most 80 characters"),
        ("play 9", "from 0.25 to 8 times, not 9"),
        ("play nan", "a number, not 'nan'"),
        ("seek", "seek N%"),
        ("seek 101%", "from 0 to 100"),
        ("seek -5", "from 0 to 1,000,000"),
        ("seek 1:75", "from 0 to 59"),
        ("seek step 1.5", "a whole number"),
        ("seek beat", "seek N%"),
        ("seek mark " + "x" * 81, "at most 80 characters"),
        ("stages many", "a whole number, not 'many'"),
        ("x" * 5000, "at most 4,000 characters"),
        ("\x1b[31mred", "there is no word '�[31mred'"),
    ],
)
def test_mistakes_get_one_sentence(line: str, part: str) -> None:
    with pytest.raises(words.WordError) as caught:
        words.parse(line)
    assert part in str(caught.value)
