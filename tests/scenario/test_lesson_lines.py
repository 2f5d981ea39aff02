"""Where keys stand: checked by hand on tricky texts, and on any TOML against what tomllib reads."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_samples import GOOD

from nntui.scenario.lines import KeyPath, line_of

TRICKY = '''\
a = """
[b]
c = 1 \\"""
"""
'quoted "key"' = 1 # d = 2
"\\u0065" = [ # comment ]
  1, 2,
  "three", 'fo,ur',
  { five = 5, six.seven = 7 },
]
[b]
c.d = """""two quotes at the end"""""
e = \'\'\'it's\'\'\'
  [b.f]
g = { h = [1, { i = "}" }] }
[[t]]
x = 1
[[t.u]]
y = 1
[[t]]
[[t.u]]
y = 2
[[t.u]]
y = 3
[t.v."w.w"]
z = 4
'''

PLACES: list[tuple[KeyPath, int]] = [
    (("a",), 1),
    (('quoted "key"',), 5),
    (("e",), 6),
    (("e", 2), 8),
    (("e", 3), 8),
    (("e", 4, "five"), 9),
    (("e", 4, "six", "seven"), 9),
    (("e", 0), 6),
    (("b",), 11),
    (("b", "c"), 12),
    (("b", "c", "d"), 12),
    (("b", "e"), 13),
    (("b", "f"), 14),
    (("b", "f", "g", "h", 1, "i"), 15),
    (("b", "f", "missing"), 14),
    (("t",), 16),
    (("t", 0), 16),
    (("t", 0, "u", 0, "y"), 19),
    (("t", 1), 20),
    (("t", 1, "u", 0, "y"), 22),
    (("t", 1, "u", 1, "y"), 24),
    (("t", 1, "v", "w.w", "z"), 26),
    (("t", 1, "v", "missing", 7, "deeper"), 25),
    (("missing",), 1),
    ((), 1),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_tricky(path: KeyPath, line: int, line_end: str) -> None:
    text = TRICKY.replace("\n", line_end)
    tomllib.loads(text)
    assert line_of(text, path) == line


def test_a_lesson() -> None:
    assert line_of(GOOD, ("beat", 0, "ask", "right")) == 43
    assert line_of(GOOD, ("beat", 1, "do", 1)) == 50
    assert line_of(GOOD, ("beat", 1, "ask", "right")) == 46


@given(st.text(st.sampled_from("ab.=[]{}\"'#,\n\\ 1")), st.lists(st.text("ab") | st.integers(0, 3)))
def test_it_never_fails(text: str, path: list[str | int]) -> None:
    assert 1 <= line_of(text, tuple(path)) <= text.count("\n") + 1


@given(st.text(st.sampled_from("ab.=[]{}\"'#,\n\\ 1"), max_size=40))
def test_every_key_of_what_tomllib_accepts_is_found(text: str) -> None:
    try:
        tables = tomllib.loads(text)
    except ValueError:
        return
    for path in key_paths(tables):
        marked = line_of("# first\n" * 5 + text, path)
        assert marked > 5, path


def key_paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in [(*path, key), *key_paths(item, (*path, key))]]
    if isinstance(value, list):
        return [p for number, item in enumerate(value) for p in key_paths(item, (*path, number))]
    return []
