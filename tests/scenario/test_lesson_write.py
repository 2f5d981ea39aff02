"""What is written reads back to the same scenario, to the bit."""

from __future__ import annotations

import struct
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from lesson_samples import GOOD, SMALL

from nntui.scenario.check import load
from nntui.scenario.schema import AskTable, BeatTable, DataTable, Scenario, StateTable, TrainingTable, ViewTable
from nntui.scenario.write import to_toml
from nntui.text import clean


def test_a_lesson() -> None:
    scenario = load(GOOD, "x.toml")
    text = to_toml(scenario)
    assert load(text, "x.toml") == scenario
    assert text.startswith('format = 1\ntitle = "Exclusive or, by twisting"\nsummary')
    assert "[training]" not in text  # nothing in it but defaults
    assert to_toml(load(text, "x.toml")) == text


def test_a_small_one_is_written_as_a_person_would() -> None:
    written = 'format = 1\ntitle = "t"\n\n[data]\nname = "xor"\n\n[model]\nkind = "mlp"\nlayers = [2, 2, 1]\n'
    assert to_toml(load(SMALL, "x.toml")) == written


def test_weights_stand_one_row_a_line() -> None:
    scenario = load(SMALL, "x.toml")
    weights = [[[0.1, 1e-7], [-0.0, 1e22]], [[0.3, 5]]]
    text = to_toml(msgspec.structs.replace(scenario, model={**scenario.model, "weights": weights}))
    assert "weights = [\n  [\n    [0.1, 1e-07],\n    [-0.0, 1e+22],\n  ],\n  [\n    [0.3, 5],\n  ],\n]\n" in text
    assert load(text, "x.toml").model["weights"] == weights


def test_a_state_of_nothing_but_defaults_is_a_state() -> None:
    scenario = msgspec.structs.replace(load(SMALL, "x.toml"), state=StateTable())
    assert load(to_toml(scenario), "x.toml") == scenario


# ---------------------------------------------------------------- any scenario

characters = st.characters(exclude_categories=["Cs", "Cc", "Mn", "Zl", "Zp"]).filter(lambda c: clean(c) == c)
texts = st.text(characters | st.sampled_from("\"'\\#[]"), min_size=1, max_size=20).filter(str.strip)
paragraphs = st.lists(st.text(characters | st.sampled_from('"\\'), max_size=20), max_size=3).map("\n".join)
says = paragraphs.map(lambda text: text.strip("\n")).filter(str.strip)
finite = st.floats(allow_nan=False, allow_infinity=False)
seeds = st.integers(0, 2**32 - 1)
counts = st.integers(0, 1_000_000_000)


def tuples(items: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


@st.composite
def asks(draw: st.DrawFn) -> AskTable:
    choices = draw(tuples(texts, 2, 9))
    replies = draw(st.just(()) | tuples(texts, len(choices), len(choices)))
    return AskTable(question=draw(texts), choices=choices, right=draw(st.integers(1, len(choices))), replies=replies)


beats = st.builds(
    BeatTable,
    say=says,
    do=tuples(st.sampled_from(["try 1", "run 500", "show loss", "set weights[0][0][1] -0.1"])),
    show=tuples(st.sampled_from(["code", "values", "network", "loss", "twist", "picture"])),
    point=st.just("") | texts,
    ask=st.none() | asks(),
    expect=tuples(st.sampled_from(["loss < 0.3", "kept ~ 20.0"])),
    core=st.booleans(),
    notes=paragraphs.map(lambda text: text.strip("\n")),
)
data_tables = st.builds(
    DataTable,
    name=st.sampled_from(["xor", "spiral"]),
    samples=st.none() | st.integers(1, 50),
    noise=st.floats(0, 0.5),
    seed=seeds,
    test_share=st.floats(0, 1, exclude_max=True),
)
training_tables = st.builds(
    TrainingTable,
    twist=st.floats(0, 100, exclude_min=True),
    batch_size=st.integers(1, 100_000),
    rung=st.sampled_from(["numpy", "numba"]),
    precision=st.sampled_from([32, 64]),
)
states = st.builds(
    StateTable,
    step=counts,
    kept=counts,
    since_step=counts,
    since_epoch=counts,
    sample=counts,
    input=tuples(finite),
    event=counts,
    beat=st.just(0),
    answered=st.integers(0, 9),
    point=st.just("") | texts,
    breakpoints=tuples(st.integers(1, 1_000_000)),
    parameters=st.dictionaries(texts, st.lists(finite) | st.lists(st.lists(finite)) | finite, max_size=3),
)
networks = st.fixed_dictionaries(
    {"kind": st.just("mlp"), "layers": st.just([2, 2, 1])},
    optional={
        "seed": seeds,
        "weights": st.tuples(*[st.lists(finite, min_size=2, max_size=2)] * 3).map(lambda r: [[r[0], r[1]], [r[2]]]),
        "biases": st.tuples(finite, finite, finite).map(lambda b: [[b[0], b[1]], [b[2]]]),
    },
)
scenarios = st.builds(
    Scenario,
    format=st.just(1),
    title=texts,
    summary=st.just("") | texts,
    data=data_tables,
    model=networks,
    training=training_tables,
    view=st.builds(
        ViewTable,
        arrangement=st.sampled_from(["explain", "train", "race"]),
        walk=st.sampled_from(["training", "predict"]),
    ),
    state=st.none() | states,
    beat=tuples(beats),
)


@given(scenarios)
def test_any_scenario_comes_back_to_the_bit(scenario: Scenario) -> None:
    back = load(to_toml(scenario), "x.toml")
    assert back == scenario
    if "biases" in scenario.model:
        assert bits(back.model["biases"]) == bits(scenario.model["biases"])


def bits(rows: Any) -> bytes:
    return b"".join(struct.pack("<d", value) for row in rows for value in row)
