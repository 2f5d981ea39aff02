"""A [state] that nobody saved: each of its tables is held to what the file's own are held to, in one sentence."""

import pytest

from nntui.scenario.check import check, load

FILE = """format = 1
title = "Saved"
[data]
name = "xor"
samples = 40
[model]
kind = "mlp"
layers = [2, 2, 1]
"""
WRONG = [
    ("[state.data]\n", 'state.data must have either a name, such as name = "xor", or a file'),
    ('[state.data]\nname = "xo"', "state.data.name 'xo' is unknown; did you mean 'xor'?"),
    ('[state.data]\nname = "digits"', "model.layers must begin with 64, the inputs of digits, not 2"),
    ('[state.data]\nfile = "../x.csv"', "state.data.inputs is missing"),
    ("[state.model]\nlayers = [2, 1]", "state.model.kind is missing; it is mlp"),
    ('[state.model]\nkind = "mlp"\nlayers = [3, 1]', "state.model.layers"),
    ('[state.training]\nmethod = "magic"', "state.training.method 'magic' is unknown; it is twist or gradient"),
    ("[state.training]\nlearning_rate = -1.0", "state.training.learning_rate must be above 0 and at most 1,000"),
    ("[state.training]\nbatch_size = 0", "state.training.batch_size goes from 1 to"),
    ("[state]\nreach = 1e-300", "state.reach must be 0 or at least 1e-09, not 1e-300"),
    ("[state]\nreach = 1e300", "state.reach goes from 0 to 1,000,000.0, not 1e+300"),
    ("[state]\ntensor_shape = [1000000000000]", "state.tensor_shape item 1 goes from 1 to 1,000,000"),
    ('[state.graph]\nwords = "graph loss"\nsample = -1', "state.graph.sample goes from 0 to 1,000,000,000, not -1"),
    (f'[state.graph]\nwords = "graph loss"\npasses = {10**29}', "state.graph.passes goes from 0 to 1,000,000,000"),
]


@pytest.mark.parametrize(("state", "expected"), WRONG)
def test_what_is_wrong_with_a_state_is_told_by_check(state: str, expected: str) -> None:
    scenario, problems = check(FILE + state, "x.toml")
    assert scenario is None
    assert any(expected in problem for problem in problems), problems
    assert all(len(problem) < 300 for problem in problems)


def test_a_state_with_tables_of_its_own_is_right() -> None:
    state = '[state.data]\nname = "circle"\nsamples = 30\n[state.training]\nmethod = "gradient"\n'
    state += '[state.model]\nkind = "mlp"\nlayers = [2, 5, 1]\n'
    found = load(FILE + state, "x.toml").state
    assert found is not None
    assert found.model == {"kind": "mlp", "layers": [2, 5, 1]}


def test_many_lines_for_an_array_are_refused_before_they_are_obeyed() -> None:
    lines = ", ".join(['"product 64 64 64"'] + ['"next 1"'] * 20_000)
    _, problems = check(f"{FILE}[state]\ntensor = [{lines}]\n", "x.toml")
    assert problems == ["x.toml:10: state.tensor has 20,001 items; the limit is 200"]
