"""What is typed comes through, in whatever pieces; what no terminal sends does no harm."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from nntui.tui.wire.typed import BEGIN, END, MOST_PASTED, PATIENCE, Typed


def heard(typed, *parts):
    return [message for part in parts for message in typed.feed(part.encode() if isinstance(part, str) else part)]


def told(messages):
    return [
        message.key if isinstance(message, events.Key)
        else ("pasted", message.text) if isinstance(message, events.Paste)
        else type(message).__name__
        for message in messages
    ]  # fmt: skip


KEYS = "aé\x1b[A\x1b[1;2D\x1b[5;7R" + BEGIN + "p\x1b[31mö\x1b" + END + "ü\x1b[<0;3;4M"
HEARD = [
    "a", "é", "up", "shift+left", "CursorPosition", ("pasted", "p\x1b[31mö\x1b"), "ü", "MouseDown"
]  # fmt: skip


def test_all_at_once():
    found = told(heard(Typed(), KEYS))
    assert found[0] == "a"
    assert found[2:6] == HEARD[2:6]
    assert found[7] == "MouseDown"


@given(st.lists(st.integers(0, len(KEYS.encode()))))
def test_in_whatever_pieces(cuts):
    data = KEYS.encode()
    places = [0, *sorted(cuts), len(data)]
    parts = [data[start:end] for start, end in pairwise(places)]
    assert told(heard(Typed(), *parts)) == told(heard(Typed(), data))


def test_half_a_letter_is_waited_for():
    typed = Typed()
    first, second = "é".encode()
    assert heard(typed, bytes([first])) == []
    assert [message.character for message in heard(typed, bytes([second]))] == ["é"]


def test_a_paste_is_cut_and_what_follows_it_is_heard():
    pasted, key = heard(Typed(), BEGIN, *["x" * 1000] * 1000, END + "q")
    assert len(pasted.text) == MOST_PASTED
    assert key.key == "q"


def test_a_paste_without_an_end_is_over_when_nothing_comes_any_more():
    typed = Typed()
    assert heard(typed, BEGIN + "all there is") == []
    quiet = [message for _ in range(PATIENCE) for message in typed.quiet()]
    assert told(quiet) == [("pasted", "all there is")]
    assert told(heard(typed, "q")) == ["q"]


def test_what_looks_like_the_first_of_a_mark_is_heard_after_a_moment():
    typed = Typed()
    assert told(heard(typed, "a\x1b[2")) == ["a"]
    assert typed.waits
    assert told(heard(typed, "4~")) == ["f12"]
    assert heard(typed, "\x1b[") == []
    assert list(typed.quiet()) == []  # the parser has it now, and waits a moment itself


@given(st.lists(st.sampled_from(["\x1b", "[", "<", ";", "M", "u", "~", "R", "99999999999", "1", ":", "48", "O", "é"])))
def test_nothing_that_is_typed_is_a_fault(parts):
    typed = Typed()
    heard(typed, *parts)
    heard(typed, BEGIN, END)
    assert told(heard(typed, "\x1b[A"))[-1] == "up"
