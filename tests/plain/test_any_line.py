"""Whatever is typed, in whatever state: one sentence where it is wrong, and the session goes on."""

import io
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nntui import messages as m
from nntui import words
from nntui.messages.wire import validated
from nntui.plain.front import Plain
from nntui.scenario.library import find
from nntui.session.process.local import LocalEngine

OWN = {"quit", "open", "save", "digits", "names", "width", "brief", "normal", "full", "repeat", "more", "help"}
DEAR = {"run", "try", "stages", "goto"}  # what they cost grows with their numbers
MIXED = (
    "0 1 2 -1 0.5 nan 1e9 1e308 1,2 ½ ١٢ é ☃ [] a a=2 b=3*a tanh(a) a/0 same off test compare loss order depth column "
    "weights biases[0][0] weights[0][0][0] weights[0][0][1] weights[9][9][9] weights[0][0] inputs product gradient "
    "graph line predict bug stage next cell rest transpose reshape slice 0:2 broadcast adam twist digits xor"
)
ARGUMENTS = st.sampled_from(MIXED.split())
LINES = st.tuples(st.sampled_from(sorted(set(words.TABLE) - OWN - DEAR)), st.lists(ARGUMENTS, max_size=4))

STATES = {
    "nothing done": ("xor", ()),
    "a graph": ("xor", ("graph tanh(a*b + c) a=2 b=-3 c=0.5", "forward 1")),
    "the loss as a graph": ("xor", ("graph loss", "forward", "backward 3")),
    "a room with a bug": ("5", ("walk bug 1", "step 3")),
    "one weight": ("4", ("next",)),
    "an array": ("xor", ("tensor 3 4", "tensor transpose")),
}


def opened(state: str) -> tuple[Plain, io.StringIO]:
    lesson, lines = STATES[state]
    out = io.StringIO()
    plain = Plain(LocalEngine(), out)
    plain.open(find(lesson))
    plain.read(lines)
    return plain, out


@pytest.mark.parametrize("state", STATES)
def test_any_words_are_answered_and_the_session_goes_on(state: str) -> None:
    @settings(max_examples=8, deadline=None)
    @given(st.lists(LINES, min_size=4, max_size=10))
    def answered(lines: list[tuple[str, list[str]]]) -> None:
        plain, out = opened(state)
        for word, arguments in lines:
            before = len(plain.last)
            out.seek(0)
            out.truncate()
            plain.answer(" ".join([word, *arguments]))
            said = out.getvalue()
            assert said or word == "stop" or len(plain.last) >= before
            assert said.count("Error: ") <= 1
            assert "Traceback" not in said
            assert "this is no message" not in said
        plain.answer("where")
        assert "Step" in out.getvalue() or "Lesson" in out.getvalue()

    answered()


@given(st.sampled_from(sorted(words.TABLE)), st.lists(ARGUMENTS | st.text(max_size=300), max_size=4))
def test_what_is_read_is_a_message_that_may_be_sent(word: str, arguments: list[str]) -> None:
    try:
        meaning = words.parse(" ".join([word, *arguments]))
    except words.WordError:
        return
    if not isinstance(meaning, words.Own):
        validated(meaning, m.Command | m.Query)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("graph a a=x",), "Error: 'x' has no value here; give it one, as in x=2"),
        (("graph a / b a=1 b=0",), "Error: 'a / b' divides by zero"),
        (("graph sinus(a) a=1",), "Error: there is no function 'sinus'; there are exp, log, tanh, relu"),
        (("graph " + "a+" * 5_000 + "a a=1",), "Error: a line has at most 4,000 characters, not 10,011"),
        (("graph order sideways",), "Error: there is no order 'sideways'; it is written: graph order topological|depth"),
        (("rate 0",), "Error: the learning rate goes from above 0 to 1,000, not 0"),
        (("rate 1e9",), "Error: the learning rate goes from above 0 to 1,000, not 1e+09"),
        (("rate nan",), "Error: the learning rate is a number, not 'nan'"),
        (("optimizer adm",), "Error: there is no optimizer 'adm'; did you mean 'adam'?"),
        (("tensor 3 4", "tensor reshape 5 5"), "Error: 5 by 5 has 25 elements, and 3 by 4 has 12"),
        (("slope weights[0][0][0]",),
         "Error: a slope needs the size of a twist, too, as in: slope weights[0][0][0] 0.01"),
        (("landscape weights[0][0][0]",),
         "Error: a landscape lies over two weights, as in: landscape weights[0][0][0] same"),
        (("landscape biases[0][0] biases[0][0]",),
         "Error: a landscape over two equal directions is none: it needs two weights, not biases[0][0] twice"),
        (("activation bent",),
         "Error: activation 'bent' is unknown; it is one of tanh, relu, sigmoid, linear"),
        (("why " + "x" * 300,), f"Error: there is no value '{'x' * 40}'; outputs go from outputs[0][0] to outputs[2][0]"),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_sentence_and_nothing_is_lost(lines: tuple[str, ...], said: str) -> None:
    out = io.StringIO()
    plain = Plain(LocalEngine(), out)
    plain.open(find("xor"))
    plain.read(("width 200", "method gradient", *lines[:-1]))
    out.seek(0)
    out.truncate()
    plain.read((lines[-1], "where"))
    answer, *rest = out.getvalue().splitlines()
    assert answer == said
    assert rest[0].startswith("Exclusive or. Step 0.")


def test_help_tells_every_word_in_a_few_lines() -> None:
    out = io.StringIO()
    plain = Plain(LocalEngine(), out)
    for word in words.TABLE:
        out.seek(0)
        out.truncate()
        plain.answer(f"help {word}")
        said = out.getvalue().splitlines()
        assert said[0].startswith(word)
        assert "|" not in out.getvalue()
        assert 2 <= len(said) <= 14
    assert {row.name for row in words.TABLE.values()} == set(chain(words.TABLE))


def test_lines_fit_a_narrow_terminal() -> None:
    out = io.StringIO()
    plain = Plain(LocalEngine(), out)
    plain.fit(40)
    plain.open(find("3"))
    plain.read(("next", "where", "show loss"))
    assert max(map(len, out.getvalue().splitlines())) <= 40
    plain.fit(1_000)
    assert plain.voice.width == 40
