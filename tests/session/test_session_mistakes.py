"""The samples kept back for testing, the mistakes among them, and the table of what is taken for what."""

import msgspec
import pytest
from driving import CORNERS, do, errors, opened, told

from nntui import messages as m
from nntui.session.session import Session

SPLIT = """
format = 1
title = "Moons"
[data]
name = "moons"
samples = 60
noise = 0.3
seed = 1
test_share = 0.5
[model]
kind = "mlp"
layers = [2, 3, 1]
seed = 2
"""
DIGITS = """
format = 1
title = "Digits"
[data]
name = "digits"
samples = 200
test_share = 0.3
[model]
kind = "mlp"
layers = [64, 4, 10]
loss = "cross-entropy"
[training]
rung = "numpy"
"""


def seen(facts):
    """The name of the sample that was looked at last."""
    return told(facts, m.SampleChosen)[-1].sample


def table(session):
    found = session.ask(m.AskView("confusion"))
    assert isinstance(found, m.ConfusionView)
    return found


def test_a_sample_of_the_test_split_is_looked_at_and_walked_and_saved():
    session = opened(SPLIT)
    chosen = told(do(session, "sample 4 test"), m.SampleChosen)[0]
    assert chosen.sample == "test sample 4"
    network = session.desk.model.network
    assert chosen.inputs == tuple(network.test_inputs[4])
    assert chosen.target == tuple(network.test_targets[4])
    assert session.ask(m.AskView("network")).sample == session.ask(m.AskView("diagram")).sample == "test sample 4"
    assert session.ask(m.AskView("picture")).tested == tuple(network.test_inputs[4])
    assert told(do(session, "step sample"), m.Walked)[-1].sample.startswith("test sample 5: inputs")
    status = session.status()
    assert (status.sample_number, status.split, status.samples) == (5, "test", 30)
    again = opened(session.ask(m.AskScenario()).text)
    assert again.desk.look == session.desk.look
    third = Session()
    third.restore(session.snapshot())
    assert third.desk.look == session.desk.look
    do(session, "undo", "undo")
    assert session.desk.look.name == "sample 0"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (SPLIT, "sample 30 test", "there is no test sample 30; they go from 0 to 29"),
        (CORNERS, "sample 0 test", "no samples are kept back for testing here; `sample N` looks at those to train on"),
        (CORNERS, "sample 4", "there is no sample 4; they go from 0 to 3"),
        (CORNERS.replace("corners-xor", "twice").replace("[2, 2, 1]", "[1, 1]"), "mistake",
         "twice has no classes, and so no answer is a mistake"),
    ],
)  # fmt: skip
def test_what_is_not_there_gets_one_sentence(text, line, sentence):
    session = opened(text)
    assert errors(do(session, line)) == [sentence]
    assert session.desk.look.name == "sample 0"


def test_mistakes_are_gone_through_both_ways_and_after_the_last_comes_the_first():
    session = opened(SPLIT)
    numbers = sorted(sample for sample, _, _ in table(session).mistakes)
    names = [f"test sample {number}" for number in numbers]
    assert 2 < len(names) < 30
    there = [seen(do(session, "mistake")) for _ in range(len(names) + 1)]
    assert there == [*names, names[0]]
    assert [seen(do(session, "mistake back")) for _ in range(2)] == [names[-1], names[-2]]
    assert all(fact.verdict == "wrong" for fact in told(do(session, "mistake"), m.SampleChosen))
    do(session, "input 0 0")
    assert seen(do(session, "mistake")) == names[0]


def test_where_nothing_is_kept_back_the_training_samples_count_and_without_mistakes_it_is_said_so():
    session = opened(CORNERS)
    facts = do(session, "mistake")
    assert seen(facts).startswith("sample ")
    assert table(session).split == "train"
    for line in ("weights[0][0][0] 2", "weights[0][0][1] 2", "biases[0][0] 2", "weights[0][1][0] 2",
                 "weights[0][1][1] 2", "biases[0][1] -2", "weights[1][0][0] 2", "weights[1][0][1] -2",
                 "biases[1][0] -2"):  # fmt: skip
        do(session, f"set {line}")
    assert told(do(session, "mistake"), m.Note) == [
        m.Note("There is no mistake: all 4 training samples are answered rightly.")
    ]


@pytest.mark.parametrize("text", [SPLIT, DIGITS, CORNERS])
def test_the_table_counts_every_sample_once_and_its_mistakes_are_mistakes(text):
    session = opened(text)
    do(session, "run 200")
    found = table(session)
    assert sum(map(sum, found.counts)) == found.samples == found.right + len(found.mistakes)
    assert found.right == sum(found.counts[i][i] for i in range(len(found.classes)))
    name = "test_accuracy" if found.split == "test" else "accuracy"
    assert session.ask(m.AskReading(name)).value == pytest.approx(found.right / found.samples)
    for sample, wanted, answered in found.mistakes[:3]:
        fact = told(session.handle(m.ChooseSample(sample, found.split)), m.SampleChosen)[0]
        assert fact.verdict == "wrong"
        if fact.answer:
            assert (fact.wanted, fact.answer) == (found.classes[wanted], found.classes[answered])


def test_a_model_without_classes_has_no_table():
    session = opened(CORNERS.replace("corners-xor", "twice").replace("[2, 2, 1]", "[1, 1]"))
    refused = session.ask(m.AskView("confusion"))
    assert refused == m.Refused("twice has no classes that could be confused")
    assert msgspec.msgpack.encode(refused)


@pytest.mark.parametrize(
    ("pointed", "neuron"),
    [("weights[0][3][20]", 3), ("biases[0][2]", 2), ("weights[1][7][1]", 1), ("biases[1][4]", None), ("", 0)],
)
def test_the_picture_of_an_image_has_the_weights_into_the_neuron_that_is_pointed_at(pointed, neuron):
    session = opened(DIGITS)
    if pointed:
        do(session, f"point {pointed}")
    picture = session.ask(m.AskView("picture"))
    if neuron is None:
        assert (picture.weights, picture.weights_name) == ((), "")
        return
    assert picture.weights_name == f"weights[0][{neuron}]"
    model, run = session.desk.model, session.desk.training
    row = model.network.weights(run.parameters)[0][neuron]
    assert [weight for line in picture.weights for weight in line] == row.tolist()
