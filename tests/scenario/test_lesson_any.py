"""Whatever stands in a lesson file, checking it ends with a scenario or with sentences, and never with an error."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_samples import GOOD

from nntui.scenario.check import check, load
from nntui.scenario.reader import ScenarioError
from nntui.scenario.write import to_toml
from nntui.text import clean

STATE = "\n[state]\nstep = 3\ninput = [0.5, 1]\nbreakpoints = [1]\n[state.parameters]\n'weights[0]' = [[1.0]]\n"
LINES = (GOOD + STATE).split("\n")
KEYS = sorted({match[1] for line in LINES if (match := re.match(r"(\w+) = ", line))})
VALUES = [
    "0", "1", "-1", "2", "5", "1e308", "-1e308", "nan", "inf", "1e999", "0.5", "999999999999999999999999999999", "0xff",
    "true", '""', '"xor"', '"\\u001b"', '"\\u0000"', "'''\n\n'''", "[]", "[[]]", "[[[]]]", "{}", "[{}]", "[1, 'a']",
    "[true]", "[[1, 2], 3]", "{a = 1, b.c = [2]}", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", '"a\\nb\\nc\\nd"',
    "[2, 99999999999]", "[2, -1, 1]", "[2, 1.0]", "[1e999]", "['loss < 1', '', 'x']", "'digits'", "'corners-xor'",
]  # fmt: skip


def checked(text: str) -> None:
    scenario, problems = check(text, "x.toml")
    if scenario is not None:
        assert not problems
        assert load(to_toml(scenario), "x.toml") == scenario
        return
    assert problems
    for problem in problems:
        assert problem.startswith("x.toml:")
        assert clean(problem) == problem
    with pytest.raises(ScenarioError) as caught:
        load(text, "x.toml")
    assert str(caught.value).startswith(problems[0])


@given(st.text())
def test_any_text(text: str) -> None:
    checked(text)


@settings(max_examples=400)
@given(st.data())
def test_a_good_file_with_lines_changed(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["value", "key", "drop", "double", "swap", "insert"]))
        if change == "value":
            lines[at] = lines[at].split(" = ")[0] + " = " + data.draw(st.sampled_from(VALUES))
        elif change == "key":
            lines[at] = data.draw(st.sampled_from(KEYS)) + " = " + lines[at].partition(" = ")[2]
        elif change == "drop":
            lines[at] = ""
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines.insert(at, data.draw(st.text(st.sampled_from("[]{}=.\"'#,a1 "))))
    checked("\n".join(lines))


keys = st.sampled_from(
    [*KEYS, "data", "model", "training", "view", "state", "beat", "ask", "parameters", "weights", "x"]
)
numbers = st.integers(-(10**29), 10**29) | st.floats() | st.booleans()
trees = st.recursive(
    numbers | st.text(max_size=5) | st.sampled_from(["xor", "mlp", "loops", "tanh"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400)
@given(st.dictionaries(keys, trees))
def test_any_tables(tables: dict[str, Any]) -> None:
    checked("\n".join(f"{key} = {toml(value)}" for key, value in ({"format": 1, "title": "t"} | tables).items()))


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    return repr(value)


def test_importing_is_light() -> None:
    code = (
        "import sys, nntui.scenario.check, nntui.scenario.library, nntui.scenario.write\n"
        "print([name for name in ('numba', 'tomlkit', 'textual', 'rich') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
