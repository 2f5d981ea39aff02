"""The array on a desk: by its words, with numpy as the judge; taken back, come back to, saved and opened again."""

import re

import numpy as np
import pytest
from driving import CLOUD, CORNERS, LESSON, do, errors, opened, told

from nntui import messages as m
from nntui.session.session import Session, replay


def view(session):
    return session.ask(m.AskView("tensor"))


def reading(session, name):
    answer = session.ask(m.AskReading(name))
    return answer.value if isinstance(answer, m.Reading) else answer


def test_the_offset_of_an_element_is_told_as_its_sum():
    session = opened()
    made = told(do(session, "tensor 3 4", "tensor element 1 2", "tensor transpose"), m.ArrayMade)
    assert [fact.what for fact in made] == ["array", "element", "array"]
    assert (made[1].view.sum, made[1].view.place, made[1].view.value) == (((1, 4), (2, 1)), 6, 6.0)
    assert (made[2].view.shape, made[2].view.strides, made[2].view.copied) == ((4, 3), (1, 4), False)
    assert (made[2].view.element, made[2].view.place) == ((2, 1), 6), "the same number, elsewhere"
    assert made[2].view.jumps == (4, 1, -7)


def test_what_moves_and_what_does_not():
    session = opened()
    do(session, "tensor 1000 1000", "tensor transpose")
    assert (reading(session, "moved"), reading(session, "size")) == (0, 1_000_000)
    do(session, "tensor flatten")
    assert (reading(session, "moved"), reading(session, "shape[0]"), reading(session, "strides[0]")) == (1e6, 1e6, 1)
    assert view(session).strip[:3] == (0.0, 1000.0, 2000.0)
    do(session, "tensor back")
    assert view(session).strides == (1, 1000)
    assert (len(view(session).strip), len(view(session).rows), len(view(session).rows[0])) == (64, 16, 16)


def test_column_order_lays_the_numbers_down_anew():
    session = opened()
    do(session, "tensor 2 3", "tensor order column")
    seen = view(session)
    assert (seen.shape, seen.strides, seen.strip) == ((2, 3), (1, 2), (0.0, 3.0, 1.0, 4.0, 2.0, 5.0))
    assert (seen.copied, seen.moved) == (True, 6)
    do(session, "tensor order column")
    assert not view(session).copied


def test_the_keys_read_on_row_by_row():
    session = opened()
    do(session, "tensor 2 3", "tensor right", "tensor right", "tensor right")
    assert view(session).element == (1, 0)
    do(session, "tensor up")
    assert view(session).element == (0, 0)
    assert errors(do(session, "tensor left")) == ["this is the first element, as they are read row by row"]
    assert errors(do(session, "tensor up")) == ["this is the first row"]


def test_the_networks_own_numbers_are_copied():
    session = opened(CLOUD)
    do(session, "tensor weights 0")
    before = session.desk.model.layout.views(session.desk.training.parameters)["weights[0]"].copy()
    do(session, "set weights[0][0][0] 9")
    assert view(session).rows == tuple(map(tuple, before.tolist()))
    assert view(session).moved == before.size
    do(session, "tensor inputs")
    assert np.array_equal(view(session).rows, session.desk.model.network.inputs[:7])


def test_the_product_of_a_batch_and_the_weights_gives_the_totals_of_lesson_1():
    session = opened()
    do(session, "tensor product", "tensor rest")
    model, parameters = session.desk.model, session.desk.training.parameters
    network = model.network
    totals = network.inputs @ network.weights(parameters)[0].T
    assert np.allclose(view(session).product.done, totals, rtol=0, atol=1e-15)
    do(session, "walk predict", "sample 2", "step neuron", "step neuron")
    outputs = model.outputs(parameters, tuple(network.inputs[2]))
    assert np.allclose(np.tanh(np.array(totals[2]) + network.biases(parameters)[0]), outputs[0])


def test_a_product_goes_on_and_back():
    session = opened()
    do(session, "tensor product 2 3 4")
    assert view(session).product.terms == ()
    do(session, "tensor next 2")
    assert view(session).product.terms == ((0.0, 0.0), (1.0, 4.0))
    assert (reading(session, "product_total"), view(session).product.done[0][0]) == (4.0, None)
    do(session, "tensor cell")
    assert view(session).product.done[0][0] == 20.0
    do(session, "tensor cell 1 2")
    assert (view(session).product.row, view(session).product.column, reading(session, "product_total")) == (1, 2, 80.0)
    do(session, "tensor back")
    assert view(session).product.done[1][2] is None
    do(session, "tensor up")
    assert (view(session).product.row, view(session).product.column) == (1, 1)
    assert errors(do(session, "tensor transpose"))[0].startswith("the product is not done")
    do(session, "tensor rest", "tensor transpose")
    assert view(session).rows[0] == (20.0, 56.0)
    assert errors(do(session, "tensor next"))[0].startswith("no product is under way")


def test_why_an_offset_and_a_cell_are_what_they_are():
    session = opened()
    do(session, "tensor 3 4", "tensor slice 1: 1:", "tensor element 1 2")
    why = session.ask(m.AskWhy("offset"))
    assert (why.value, [term.value for term in why.terms]) == (11.0, [5.0, 4.0, 2.0])
    do(session, "tensor product 2 3 4", "tensor cell")
    why = session.ask(m.AskWhy("product_total"))
    assert sum(term.value for term in why.terms) == why.value == 20.0


@pytest.mark.parametrize("last", ["tensor reshape 6 2", "tensor element 2 3", "tensor 5", "tensor product", "reset"])
def test_what_was_done_to_an_array_can_be_taken_back(last):
    session = opened()
    do(session, "tensor 3 4", "tensor transpose", "tensor transpose")
    before = view(session)
    do(session, last)
    assert view(session) != before
    do(session, "undo")
    assert view(session) == before


def test_a_lesson_comes_back_to_its_own_array():
    session = opened(
        LESSON.replace('do = ["walk training", ', 'do = ["tensor 3 4", "tensor transpose", "walk training", ')
    )
    do(session, "next")
    its_own = view(session)
    do(session, "tensor flatten", "return")
    assert view(session) == its_own
    do(session, "answer 2", "next", "tensor 5", "previous")
    assert view(session) == its_own
    do(session, "reset")
    assert isinstance(view(session), m.Refused)


@pytest.mark.parametrize(
    "lines",
    [
        ("tensor 3 4", "tensor transpose", "tensor flatten", "tensor reshape 2 -1", "tensor element 1 2"),
        ("tensor weights 0", "tensor transpose", "tensor order column", "set weights[0][0][0] 5"),
        ("tensor inputs", "tensor slice 1: 0", "batch 2"),
        ("tensor product", "tensor next 5", "run 3"),
        ("tensor product", "tensor rest", "tensor transpose", "tensor back"),
        ("tensor product 2 3 4", "tensor cell 1 1"),
        ("tensor 3 4", "tensor slice 1 1"),
    ],
)
def test_an_array_is_saved_and_opens_again(lines):
    session = opened(CLOUD)
    do(session, *lines)
    text = session.ask(m.AskScenario()).text
    again = Session()
    assert errors(again.handle(m.Open(text, "again.toml")) + again.settle()) == []
    assert view(again) == view(session)
    assert again.ask(m.AskScenario()).text == text
    restored = Session()
    restored.restore(session.snapshot())
    assert view(restored) == view(session)
    replayed = Session()
    replay(session.log, replayed)
    assert view(replayed) == view(session)


@pytest.mark.parametrize(
    ("was", "is_", "part"),
    [
        (
            'tensor = ["weights 0", "transpose"]',
            'tensor = ["weights 0", "fold"]',
            "a line of state.tensor begins with transpose, reshape",
        ),
        ("tensor_shape = [3, 2]", "tensor_shape = [3, 3]", "9 elements, not 6"),
        ("tensor_shape = [3, 2]", "tensor_shape = [6]", "tensor_shape holds the rows and columns"),
        ('tensor = ["weights 0", "transpose"]', 'tensor = ["product"]', "tensor_shape of a product"),
        ('tensor = ["weights 0", "transpose"]', 'tensor = [""]', "state.tensor is empty"),
    ],
)
def test_a_saved_array_that_does_not_fit_gets_one_sentence(was, is_, part):
    session = opened(CLOUD)
    do(session, "tensor weights 0", "tensor transpose")
    text = session.ask(m.AskScenario()).text
    assert was in text
    again = Session()
    refused = errors(again.handle(m.Open(text.replace(was, is_), "again.toml")) + again.settle())
    assert len(refused) == 1
    assert part in refused[0]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("tensor transpose", "there is no array yet"),
        ("tensor 0 4", "at least one element"),
        ("tensor 10000 10000", "100,000,000 numbers are too many"),
        ("tensor 3 x", "a dimension is a whole number, not 'x'"),
        ("tensor 1 1 1 1 1 1 1", "at most 6 dimensions"),
        ("tensor weights 7", "there is no weights[7]"),
        ("tensor ,", "a tensor is written as its dimensions"),
        ("tensor product 2 3", "tensor product 2 3 4"),
        ("tensor product 65 2 2", "up to 64"),
        ("show tensor", "there is no array yet"),
    ],
)
def test_bad_input_gets_one_sentence(line, part):
    _refused(opened(CORNERS), line, part)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("tensor reshape 5 3", "5 by 3 has 15 elements, and 3 by 4 has 12"),
        ("tensor reshape", "a shape is written as its dimensions"),
        ("tensor slice 0:9", "the slice goes to 9"),
        ("tensor slice", "tensor slice 0:2 1:3"),
        ("tensor slice 1:2:3:4", "a part of a slice is written"),
        ("tensor slice 0.5", "a whole number, not '0.5'"),
        ("tensor broadcast 5 3", "only a dimension of 1 repeats"),
        ("tensor element 1", "an element has 2 of its indices, not 1"),
        ("tensor element 3 0", "dimension 0 goes from 0 to 2; there is no 3"),
        ("tensor transpose 0 0", "each of the dimensions 0, 1 once"),
        ("tensor order diagonal", "tensor order row or tensor order column"),
        ("tensor flatten 3", "flatten stands alone"),
        ("tensor back", "there is no array before this one"),
        ("tensor next", "no product is under way"),
        ("tensor tranpose", "did you mean 'transpose'"),
        ("tensor reshape " + "9" * 50, "a whole number"),
    ],
)
def test_what_does_not_fit_the_array_gets_one_sentence(line, part):
    session = opened(CORNERS)
    do(session, "tensor 3 4")
    before = view(session)
    _refused(session, line, part)
    assert view(session) == before


def _refused(session, line, part):
    from nntui import words

    meaning = words.parse(line)
    if isinstance(meaning, words.COMMANDS):
        sentences = errors(do(session, line))
    else:
        answer = session.ask(meaning)
        sentences = [answer.sentence] if isinstance(answer, m.Refused) else []
    assert len(sentences) == 1
    assert part in sentences[0]
    assert not re.search(r"[\n\x1b]", sentences[0])


def test_operations_and_copies_are_limited():
    session = opened()
    do(session, "tensor 2 2", *["tensor transpose"] * 50)
    assert "50 operations" in errors(do(session, "tensor transpose"))[0]
    do(session, "tensor 1000 1000")
    for _ in range(4):
        do(session, "tensor transpose", "tensor flatten", "tensor reshape 1000 1000")
    assert "would be kept" in errors(do(session, "tensor transpose", "tensor flatten"))[0]


def test_what_is_taken_from_a_large_network_is_limited():
    session = opened(CLOUD.replace("layers = [2, 3, 1]", "layers = [2, 200, 200, 1]"))
    assert "40,000 numbers of the network are more" in errors(do(session, "tensor weights 1"))[0]
    assert errors(do(session, "tensor weights 2")) == []
    assert "up to 64" in errors(do(session, "tensor product"))[0]


def test_the_stages_compare_on_this_machine():
    session = opened(CLOUD)
    seen = session.ask(m.AskStages())
    assert (seen.samples, [name for name, _, _ in seen.stages]) == (7, ["stage 1", "stage 2", "stage 3", "stage 4"])
    assert all(off < 1e-12 and seconds > 0 for _, off, seconds in seen.stages)
    assert session.ask(m.AskStages(40)).samples == 40
    assert 0 <= reading(session, "stage_difference") < 1e-12


def test_a_stage_is_walked_with_the_numbers_of_its_arrays():
    session = opened(CORNERS)
    do(session, "walk stage 4", "step 4 line")
    values = dict(session.ask(m.AskView("values")).values)
    assert (values["inputs"].rows, values["inputs"].columns, values["inputs"].items[:2]) == (4, 2, (-1.0, -1.0))
    assert (values["totals"].rows, values["totals"].columns) == (4, 2)
    code = session.ask(m.AskView("code"))
    assert code.function == "one_loop"
    do(session, "back 1 line")
    assert {"weights[0][0][0]", "weights[0][1][1]", "biases[0][1]"} <= set(session.ask(m.AskView("code")).uses)
    do(session, "walk stage 2", "step 2 neuron")
    values = dict(session.ask(m.AskView("values")).values)
    assert (values["neuron"], values["outputs"].length) == (1, 2)
    walked = told(do(session, "walk stage 1", "step 1000 line"), m.Walked)[-1]
    assert walked.returned is None or walked.returned.rows == 4
