"""Everything that can be wrong with a lesson file: the sentence and the line of each."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lesson_samples import GOOD, SMALL, instead

from nntui.scenario.check import MOST_PROBLEMS, check, load
from nntui.scenario.reader import ScenarioError
from nntui.scenario.schema import Scenario


def problems(text: str, folder: Path | str = "") -> list[str]:
    scenario, sentences = check(text, "x.toml", folder)
    assert (scenario is None) == bool(sentences)
    return sentences


def problem(line: str, new: str) -> str:
    (sentence,) = problems(instead(line, new))
    return sentence


def test_a_good_file() -> None:
    scenario = load(GOOD, "x.toml")
    assert isinstance(scenario, Scenario)
    assert scenario.beat[0].say == "One random weight, one small twist.\nKeep it only if the loss falls."
    assert scenario.beat[0].ask is not None
    assert scenario.beat[0].ask.choices == ("5", "about half", "95")
    assert scenario.model == {"kind": "mlp", "layers": [2, 2, 1], "activation": "tanh", "seed": 7}
    assert scenario.data is not None
    assert scenario.data.noise == 0.1
    assert load(SMALL, "x.toml").training.twist == 0.3


def test_a_whole_number_is_a_number() -> None:
    twist = load(instead("twist = 0.3", "twist = 1"), "x.toml").training.twist
    assert (twist, type(twist)) == (1.0, float)


def test_a_whole_number_that_nothing_can_pack_is_as_near_as_a_float_is() -> None:
    model = load(instead("seed = 7", "weights = [[[18446744073709551616, 1], [2, 3]], [[4, 5]]]"), "x.toml").model
    assert repr(model["weights"]) == "[[[1.8446744073709552e+19, 1], [2, 3]], [[4, 5]]]"


KEYS = [
    ('summary = "Two wrongs make a right."', "sumary = \"x\"", "3: sumary is unknown; did you mean 'summary'?"),
    ("seed = 1", "sed = 1", "9: data.sed is unknown; did you mean 'seed'?"),
    ('rung = "loops"', "xyzzy = 1", "22: training.xyzzy is unknown"),
    ("core = true", "cor = true", "37: beat 1: cor is unknown; did you mean 'core'?"),
    ("seed = 7", "sead = 7", "16: model.sead is unknown; did you mean 'seed'?"),
    ("[view]", "[veiw]", "25: veiw is unknown; did you mean 'view'?"),
    ('title = "Exclusive or, by twisting"', "",
     '1: title is missing; give it one, such as title = "Exclusive or"'),
    ("format = 1", "", "1: format is missing; a lesson file begins with format = 1"),
    ('kind = "mlp"', "", "12: model.kind is missing; it is mlp"),
    ("layers = [2, 2, 1]", "", "12: model.layers is missing; it lists the sizes, such as layers = [2, 4, 2, 1]"),
    ('say = "What is the loss now?"', "", "46: beat 2: say is missing; a beat says something"),
    ('question = "How many of them are kept?"', "", "40: beat 1: ask.question is missing; ask one"),
    ('choices = ["5", "about half", "95"]', "",
     '40: beat 1: ask.choices is missing; list them, such as choices = ["0", "1"]'),
    ("right = 2", "", "40: beat 1: ask.right is missing; it is the number of the right choice, from 1"),
]  # fmt: skip

TYPES = [
    ("batch_size = 10", 'batch_size = "ten"', "21: training.batch_size must be a whole number, not 'ten'"),
    ("batch_size = 10", "batch_size = 1.5", "21: training.batch_size must be a whole number, not 1.5"),
    ("batch_size = 10", "batch_size = true", "21: training.batch_size must be a whole number, not true"),
    ("twist = 0.3", "twist = false", "20: training.twist must be a number, not false"),
    ("twist = 0.3", "twist = [1]", "20: training.twist must be a number, not a list"),
    ("twist = 0.3", "twist = nan", "20: training.twist must be a finite number, not nan"),
    ("noise = 0.1", "noise = -inf", "8: data.noise must be a finite number, not -inf"),
    ("noise = 0.1", "noise = 1e999", "8: data.noise must be a finite number, not inf"),
    ("core = true", "core = 1", "37: beat 1: core must be true or false, not 1"),
    ("core = true", "core = 1979-05-27", "37: beat 1: core must be true or false, not a date or time"),
    ('summary = "Two wrongs make a right."', "summary = 5", "3: summary must be text in quotation marks, not 5"),
    ('summary = "Two wrongs make a right."', 'summary = "a\\nb"', "3: summary must stand on a single line"),
    ('show = ["code", "network"]', 'show = "code"', "34: beat 1: show must be a list, not 'code'"),
    ('show = ["code", "network"]', 'show = ["code", 2]',
     "34: beat 1: show item 2 must be text in quotation marks, not 2"),
    ("[view]", "view = 3", "25: training.view is unknown"),
    ("precision = 64", "precision = 16", "23: training.precision must be 32 or 64, not 16"),
    ('arrangement = "explain"', 'arrangement = "trian"',
     "26: view.arrangement must be explain, train or race, not 'trian'; did you mean 'train'?"),
    ('walk = "training"', "walk = 5", "27: view.walk must be training, predict, forward, backward, stage 1"),
]  # fmt: skip

LIMITS = [
    ("format = 1", "format = 2", "1: format 2 is newer than this nntui, which reads format 1; a newer nntui reads it"),
    ("format = 1", "format = 0", "1: format must be 1, not 0"),
    ('title = "Exclusive or, by twisting"', 'title = "  "', "2: title is empty; say what this is about"),
    ('title = "Exclusive or, by twisting"', f'title = "{"a" * 77}"', "2: title has 77 columns; the limit is 76"),
    ('title = "Exclusive or, by twisting"', f'title = "{"字" * 39}"', "2: title has 78 columns; the limit is 76"),
    ('summary = "Two wrongs make a right."', f'summary = "{"a" * 161}"',
     "3: summary has 161 characters; the limit is 160"),
    ("samples = 20", "samples = 0", "7: data.samples goes from 1 to 100,000, not 0"),
    ("samples = 20", "samples = 100001", "7: data.samples goes from 1 to 100,000, not 100001"),
    ("noise = 0.1", "noise = 0.6", "8: data.noise goes from 0 to 0.5, not 0.6"),
    ("seed = 1", "seed = -1", "9: data.seed goes from 0 to 4,294,967,295, not -1"),
    ("test_share = 0.25", "test_share = 1", "10: data.test_share must be at least 0 and below 1, not 1.0"),
    ("twist = 0.3", "twist = 0", "20: training.twist must be above 0 and at most 100, not 0.0"),
    ("twist = 0.3", "twist = 101", "20: training.twist must be above 0 and at most 100, not 101.0"),
    ("batch_size = 10", "batch_size = 0", "21: training.batch_size goes from 1 to 100,000, not 0"),
    ("batch_size = 10", "batch_size = 999999999999999999999999999",
     "21: training.batch_size goes from 1 to 100,000, not 999999999999999999999999999"),
]  # fmt: skip

NAMES = [
    ('name = "xor"', 'name = "xorr"', "6: data.name 'xorr' is unknown; did you mean 'xor'?"),
    ('kind = "mlp"', 'kind = "mpl"', "13: model.kind 'mpl' is unknown; did you mean 'mlp'?"),
    ('kind = "mlp"', "kind = [1]", "13: model.kind a list is unknown; it is mlp"),
    ("layers = [2, 2, 1]", "layers = [3, 2, 1]", "14: model.layers must begin with 2, the inputs of xor, not 3"),
    ('method = "twist"', 'method = "magic"', "19: training.method 'magic' is unknown; it is twist or gradient"),
    ('rung = "loops"', 'rung = "nunba"', "22: training.rung 'nunba' is unknown; did you mean 'numba'?"),
    ("precision = 64", "precision = 32",
     "23: training.precision 32 needs a rung above the loops, such as numpy or numba: there, Python computes in 64 bits"),
    ('name = "xor"', "", '5: data must have either a name, such as name = "xor", or a file'),
    ('name = "xor"', 'name = "xor"; file = "a.csv"', None),
    ("seed = 1", 'inputs = ["a"]', "9: data.inputs names columns of a file; it goes with data.file alone"),
]  # fmt: skip

BEATS = [
    ('do = ["try 1", "run 500"]', 'do = ["try 1", "xyzzy 3"]',
     "33: beat 1: do item 2 is 'xyzzy 3': there is no word 'xyzzy'"),
    ('    "why output",', '    "open 2",',
     "50: beat 2: do item 2 is 'open 2': only a person can do that, not a lesson"),
    ('    "why output",', '    "next",',
     "50: beat 2: do item 2 is 'next': only a person can do that, not a lesson"),
    ('    "why output",', '    "seek 40%",',
     "50: beat 2: do item 2 is 'seek 40%': that moves along a recording, and none is played in a lesson"),
    ('    "why output",', '    "run 0",', "50: beat 2: do item 2 is 'run 0': "),
    ('show = ["code", "network"]', 'show = ["netwrok"]',
     "34: beat 1: show item 1 is 'netwrok': there is no such pane; did you mean 'network'?"),
    ('point = "weights[0][0][1]"', 'point = " "',
     "35: beat 1: point is empty; name a weight, a neuron or a line, or leave it out"),
    ('expect = ["loss < 0.3", "kept > 20"]', 'expect = ["loss under 1"]',
     "36: beat 1: expect item 1 is 'loss under 1': "),
    ('say = "What is the loss now?"', 'say = "  "', "47: beat 2: say is empty; a beat says something"),
    ('say = "What is the loss now?"', 'say = "a\\nb\\nc\\nd"', "47: beat 2: say has 4 lines; the limit is 3"),
    ('say = "What is the loss now?"', f'say = "a\\n{"b" * 77}"',
     "47: beat 2: say has 77 columns in line 2; the limit is 76"),
    ('choices = ["5", "about half", "95"]', 'choices = ["5"]', None),
    ("right = 2", "right = 4", "43: beat 1: ask.right goes from 1 to 3, the number of choices, not 4"),
    ("right = 2", "right = 0", "43: beat 1: ask.right goes from 1 to 3, the number of choices, not 0"),
    ('replies = ["More.", "Yes.", "Fewer."]', 'replies = ["a", "b"]',
     "44: beat 1: ask.replies must have 3 items, one for each choice, or none, not 2"),
    ('replies = ["More.", "Yes.", "Fewer."]', 'replies = ["a", "", "c"]',
     "44: beat 1: ask.replies item 2 is empty; write it"),
    ('question = "How many of them are kept?"', 'question = ""', "41: beat 1: ask.question is empty; write it"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "new", "expected"), [*KEYS, *TYPES, *LIMITS, *NAMES, *BEATS])
def test_one_thing_wrong(line: str, new: str, expected: str | None) -> None:
    if expected is None:
        assert problems(instead(line, new))
    else:
        assert any(said.startswith(f"x.toml:{expected}") for said in problems(instead(line, new)))


@pytest.mark.parametrize(("line", "new", "expected"), [*LIMITS, *NAMES[:4]])
def test_one_thing_wrong_is_one_problem(line: str, new: str, expected: str) -> None:
    assert problem(line, new) == f"x.toml:{expected}"


def test_choices() -> None:
    wrong = instead('choices = ["5", "about half", "95"]', 'choices = ["5"]')
    assert problems(wrong)[0] == "x.toml:42: beat 1: ask.choices must have from 2 to 9 items, not 1"


def test_every_problem_is_told_in_the_order_of_the_lines() -> None:
    text = instead("batch_size = 10", "batch_size = 0", instead('name = "xor"', 'name = "xro"'))
    text = instead("seed = 7", "seed = -7", text)
    said = problems(text.replace("[view]", "[[veiw]]"))
    assert [int(sentence.split(":")[1]) for sentence in said] == [6, 16, 21, 25]


def test_load_tells_the_first_and_how_many_more() -> None:
    with pytest.raises(ScenarioError) as one:
        load(instead("seed = 7", "seed = -7"), "x.toml")
    assert "more" not in str(one.value)
    with pytest.raises(ScenarioError) as three:
        load('format = 1\ntitle = "t"\nextra = 1\nmodel = 2\nview = 3\n', "x.toml")
    assert str(three.value) == "x.toml:3: extra is unknown (and 2 more problems; `nntui check x.toml` lists them)"


def test_problems_are_limited_and_quick_to_find() -> None:
    text = SMALL + ("[[beat]]\nsay = 'a'\ndo = [" + "'trie 1', " * 50 + "]\n") * 200
    began = time.perf_counter()
    assert len(problems(text)) == MOST_PROBLEMS
    assert len(problems("".join(f"k{i} = 1\n" for i in range(40_000)))) == MOST_PROBLEMS
    assert time.perf_counter() - began < 2


def test_too_many_beats() -> None:
    said = problems(SMALL + "[[beat]]\nsay = 'a'\n" * 201)
    assert said == ["x.toml:408: beat 201 is one too many; the limit is 200"]


def test_missing_tables() -> None:
    said = problems('format = 1\ntitle = "t"\n')
    assert said == ['x.toml:1: model is missing; say what is trained, such as kind = "mlp" below a line [model]']
    said = problems('format = 1\ntitle = "t"\n[model]\nkind = "mlp"\nlayers = [2, 1]\n')
    assert said == ['x.toml:1: data is missing; say what to learn from, such as name = "xor" below a line [data]']
    assert problems("model = 1\nbeat = 5\nformat=1\ntitle='t'") == [
        "x.toml:1: model must be a table, not 1",
        "x.toml:2: beat must be tables [[beat]], not 5",
    ]


def test_what_a_scenario_without_beats_is_held_to() -> None:
    play = '[check]\ndo = ["run 5"]\nexpect = ["loss < 2", "step == 5"]\n'
    scenario = load(SMALL + play, "x.toml")
    assert scenario.check is not None
    assert scenario.check.do == ("run 5",)
    assert problems(GOOD + play) == [
        "x.toml:52: check is for a scenario without beats; each beat has its own do and expect"
    ]
    assert problems(SMALL + '[check]\ndo = ["run", "next"]\nexpect = ["loss"]\n') == [
        "x.toml:9: check.do item 1 is 'run': it is written: run N",
        "x.toml:9: check.do item 2 is 'next': only a person can do that, not a lesson",
        "x.toml:10: check.expect item 1 is 'loss': an expectation is written like loss < 0.3 or loss ~ 1.0299, "
        "not 'loss'",
    ]
    assert problems(SMALL + "[check]\n") == [
        "x.toml:8: check.expect is missing; say what must hold, such as test_loss < 0.1"
    ]
    assert problems(SMALL + "[check]\nexpect = []\n") == [
        "x.toml:9: check.expect is empty; say what must hold, such as test_loss < 0.1"
    ]


def test_digits_are_as_they_are() -> None:
    digits = instead("layers = [2, 2, 1]", "layers = [64, 10]", instead('name = "xor"', 'name = "digits"'))
    assert problems(digits) == ["x.toml:8: data.noise must be 0 for digits, which are real"]
    said = problems(instead("samples = 20", "samples = 1798", digits))
    assert said[0] == "x.toml:7: data.samples goes from 1 to 1,797 for digits, not 1,798"


def test_a_saved_state() -> None:
    state = "[state]\nstep = 5\nbeat = 2\nbreakpoints = [3]\ninput = [1, -0.5]\n"
    state += "[state.parameters]\n'weights[0]' = [[1, 2]]\n"
    scenario = load(GOOD + state, "x.toml")
    assert scenario.state is not None
    assert scenario.state.parameters == {"weights[0]": [[1, 2]]}
    assert scenario.state.input == (1.0, -0.5)
    wrong = state.replace("beat = 2", "beat = 3").replace("[3]", "[3, 0]").replace("[[1, 2]]", "[[1, nan]]")
    assert problems(GOOD + wrong.replace("step = 5", "step = 2000000000")) == [
        "x.toml:53: state.step goes from 0 to 1,000,000,000, not 2000000000",
        "x.toml:54: state.beat goes from 0 to 2, the beats that there are, not 3",
        "x.toml:55: state.breakpoints item 2 goes from 1 to 1,000,000, not 0",
        "x.toml:58: state.parameters.weights[0] must hold finite numbers only",
    ]


def test_texts_are_cleaned() -> None:
    (said,) = problems(instead('activation = "tanh"', 'activation = "a\\nb"'))
    assert said.startswith("x.toml:15: model.activation 'a\ufffdb' is unknown")
    text = instead('title = "Exclusive or, by twisting"', 'title = "a\\u001b[31mb"')
    assert load(text, "x.toml").title == "a\ufffd[31mb"
    text = instead("seed = 1", '"s\\u001bed" = 1')
    assert problem("seed = 1", '"s\\u001bed" = 1') == "x.toml:9: data.s\ufffded is unknown; did you mean 'seed'?"
    (said,) = problems(text.replace("[[beat]]", "[[beat]]", 1))
    assert "\x1b" not in said
    assert check("a\x1b", "\x1b[31m.toml")[1][0].startswith("\ufffd[31m.toml:1: ")
