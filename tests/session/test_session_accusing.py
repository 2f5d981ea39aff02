"""Find the bug, through commands: rooms are entered, walked and left, lines are accused, and nothing is changed by it."""

import pytest
from driving import CORNERS, do, errors, opened, parameters, state, told, without

from nntui import messages as m
from nntui.models.mlp.bugs.lines import LINES
from nntui.trace import follows

ROOMS = ("bug 1", "bug 2", "bug 3")


def read(session, name):
    result = session.ask(m.AskReading(name))
    assert isinstance(result, m.Reading), result
    return result.value


def line_of(session, text):
    source = session.desk.clock.source
    return next(n for n in sorted(source.executable) if source.line_text(n).strip() == text)


@pytest.mark.parametrize("room", ROOMS)
def test_the_guilty_line_is_found_and_the_numbers_are_told(room):
    session = opened()
    do(session, f"walk {room}", "step 7 line")
    for text, sentence in LINES[room].guilty.items():
        (judged,) = told(do(session, f"accuse {line_of(session, text)}"), m.Judged)
        assert judged.guilty
        assert judged.sentence == sentence
        assert judged.wrong[0] == read(session, "wrong_loss") != read(session, "right_loss") == judged.right[0]
        assert judged.wrong[1] != judged.right[1]
        assert session.desk.model.layout.index(judged.address) >= 0
    assert read(session, "wrong_line") == line_of(session, next(iter(LINES[room].guilty)))


@pytest.mark.parametrize("room", ROOMS)
def test_the_values_in_a_room_are_those_that_the_call_leaves(room):
    session = opened()
    do(session, f"walk {room}", "over")
    assert follows(session.desk.clock.trace)


@pytest.mark.parametrize("room", ROOMS)
def test_another_line_is_explained_and_nothing_is_given_away(room):
    session = opened()
    do(session, f"walk {room}")
    for text in LINES[room].innocent:
        (judged,) = told(do(session, f"accuse line {line_of(session, text)}"), m.Judged)
        assert not judged.guilty
        assert judged.wrong == judged.right == ()
        assert not any(sentence in judged.sentence for sentence in LINES[room].guilty.values())


def test_without_a_number_the_line_about_to_run_is_accused():
    session = opened()
    (judged,) = told(do(session, "walk bug 2", "accuse"), m.Judged)
    assert judged.guilty
    assert judged.text == "clear(weight_gradients, bias_gradients)"
    assert errors(do(session, "out", "accuse")) == [
        "the call has returned, and no line is about to run; `accuse N` takes a line's number"
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_walked_to_its_end_and_back_and_trains_nothing(room):
    session = opened()
    before = parameters(session)
    do(session, f"walk {room}", "step 100000 line")
    first = session.desk.clock
    assert first.trace.error is None
    (walked,) = told(do(session, f"goto {len(first.trace)} line"), m.Walked)
    assert walked.event == len(first.trace)
    do(session, "step")
    assert session.desk.clock.event == 0  # after its end it begins again
    assert errors(do(session, "back")) == ["there is nothing before this: it is the beginning of this call"]
    assert (parameters(session), session.desk.training.step) == (before, 0)


def test_to_accuse_is_no_detour_and_nothing_to_take_back():
    session = opened()
    do(session, "walk bug 1", "step 3 line")
    before = state(session)
    do(session, "accuse", "accuse 23")
    assert state(session) == before
    do(session, "undo", "undo")
    assert session.desk.walk == "training"


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        (("accuse 23",), "there is no bug to be found in the code at hand"),
        (("walk bug 1", "accuse 1"), "line 1 of bug_1.py holds nothing that runs"),
        (("walk bug 1", "accuse 5000"), "line 5,000 of bug_1.py holds nothing that runs"),
        (("input 0.5 0.5", "walk bug 1"), "a step needs a target"),
        (("layers 2,1", "walk bug 1"), "bug 1 needs a hidden layer"),
    ],
)
def test_refusals_are_one_sentence_and_change_nothing(lines, part):
    session = opened()
    do(session, *lines[:-1])
    before = state(session)
    (sentence,) = errors(do(session, lines[-1]))
    assert part in sentence
    assert state(session) == before


def test_readings_are_there_in_a_room_only():
    result = opened().ask(m.AskReading("wrong_loss"))
    assert isinstance(result, m.Refused)
    assert "no bug to be found" in result.sentence


def test_with_a_network_that_has_no_such_room_training_is_walked():
    session = opened()
    do(session, "walk bug 1", "layers 2,1")
    assert session.desk.walk == "training"
    assert not isinstance(session.ask(m.AskView("code")), m.Refused)


def test_breakpoints_stay_in_their_file():
    session = opened()
    source = session.desk.clock.source
    line = line_of(session, "loss_before = batch_loss(weights, biases, inputs, targets, batch, activation, "
                   "output_activation, loss, outputs)")  # fmt: skip
    do(session, f"break {line}", "walk bug 1")
    assert session.desk.clock.breakpoints == ()
    do(session, "break 23", "out")
    assert session.desk.clock.cursor.line == 23
    do(session, "walk training")
    assert session.desk.clock.source is source
    assert session.desk.clock.breakpoints == (line,)
    do(session, "reset", "walk bug 1")
    assert session.desk.clock.breakpoints == ()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_can_be_saved_and_opened_again(room):
    session = opened(CORNERS)
    do(session, f"walk {room}", "step 9 line")
    saved = session.ask(m.AskScenario())
    again = opened(saved.text)
    assert again.desk.walk == room
    assert again.desk.clock.values() == session.desk.clock.values()
    other = opened()
    other.restore(session.snapshot())
    assert without(state(other), "scenario") == without(state(session), "scenario")
