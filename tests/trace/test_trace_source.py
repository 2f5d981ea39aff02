"""The source of what runs, and what happens when somebody changes it."""

from pathlib import Path

import pytest

from nntui.models.mlp import loops
from nntui.trace import Cursor, read_source, record


@pytest.fixture
def source():
    return read_source(loops.__file__)


def line_with(source, text):
    return next(number for number, line in enumerate(source.lines, 1) if text in line)


def test_lines_are_those_of_the_file(source):
    assert list(source.lines) == Path(loops.__file__).read_text(encoding="utf-8").splitlines()
    assert source.line_text(1) == '"""What a neural network does, in loops.'
    for outside in (0, -1, len(source.lines) + 1):
        with pytest.raises(IndexError, match="the file has lines 1 to"):
            source.line_text(outside)


def test_functions(source):
    function = source.function("predict")
    assert source.line_text(function.first).startswith("def predict(")
    assert source.line_text(function.last).strip() == "return sources"
    assert source.function_at(function.first + 5) == function
    assert source.function_at(1) is None
    with pytest.raises(KeyError):
        source.function("prediction")
    names = {"predict", "activate", "softmax", "sample_loss", "batch_loss", "try_a_twist", "train_by_twists"}
    assert names <= {function.name for function in source.functions}


def test_statements_and_breakpoints(source):
    call = line_with(source, "before, after = try_a_twist(")
    first, last = source.statement(call + 3)
    assert (first, source.line_text(last).strip()) == (call, ")")
    assert source.stop_line(call + 3) == call
    assert source.stop_line(line_with(source, "def predict")) is None
    assert source.stop_line(line_with(source, "Answer one sample")) is None
    assert source.stop_line(line_with(source, "TANH = 0")) is None  # nobody runs it in a call
    assert source.stop_line(line_with(source, "total +=")) == line_with(source, "total +=")


def test_every_event_is_on_an_executable_line(networks):
    for function, arguments in networks.values():
        trace = record(function, arguments)
        assert set(trace.lines) <= trace.source.executable


def test_loops_around_a_line(source):
    around = source.loops_at(line_with(source, "total += weights"))
    assert [loop.variables for loop in around] == [("source",), ("neuron",), ("layer",)]
    assert [loop.leaf for loop in around] == [True, False, False]
    samples = next(loop for loop in source.loops if loop.variables == ("sample",))
    assert not samples.leaf  # it calls predict


def test_parsed_once_until_the_contents_change(tmp_path):
    path = tmp_path / "some.py"
    path.write_text("x = 1\n")
    one = read_source(str(path))
    assert read_source(str(path)) is one
    path.write_text("x = 2\n")
    assert read_source(str(path)).line_text(1) == "x = 2"
    path.write_text("x =\n")
    with pytest.raises(SyntaxError):
        read_source(str(path))


def test_an_edited_line_changes_trace_text_and_result(load, predict_arguments):
    """What you see is what runs."""
    text = Path(loops.__file__).read_text(encoding="utf-8")
    assert text.count("total += weights") == 1
    copied, edited = load(text, "copied"), load(text.replace("total += weights", "total -= weights"), "edited")
    before, after = record(copied.predict, predict_arguments()), record(edited.predict, predict_arguments())
    line = line_with(before.source, "total += weights")
    assert after.source.line_text(line).strip().startswith("total -= weights")
    assert before.returned != after.returned
    place = before.visits["predict", line][0]
    assert after.lines[place] == line
    one, other = Cursor(before), Cursor(after)
    one.move(place)
    other.move(place)
    start = one.value("total")
    assert other.value("total") == start
    one.move(place + 1)
    other.move(place + 1)
    assert one.value("total") - start == pytest.approx(start - other.value("total"))
    assert edited.predict(*predict_arguments()) == after.returned


def test_a_file_edited_after_the_import_is_noticed(load):
    module = load("def f(n):\n    return n + 1\n")
    assert read_source(module.__file__).matches(module.f)
    Path(module.__file__).write_text("def f(n):\n    return n - 1\n")
    assert not read_source(module.__file__).matches(module.f)


def test_the_shown_source_is_what_was_imported(source):
    assert all(source.matches(getattr(loops, function.name)) for function in source.functions)
