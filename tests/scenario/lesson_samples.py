"""Lesson files for the tests, and how one of their lines is replaced by another."""

from __future__ import annotations

GOOD = """\
format = 1
title = "Exclusive or, by twisting"
summary = "Two wrongs make a right."

[data]
name = "xor"
samples = 20
noise = 0.1
seed = 1
test_share = 0.25

[model]
kind = "mlp"
layers = [2, 2, 1]
activation = "tanh"
seed = 7

[training]
method = "twist"
twist = 0.3
batch_size = 10
rung = "loops"
precision = 64

[view]
arrangement = "explain"
walk = "training"

[[beat]]
say = \"\"\"
One random weight, one small twist.
Keep it only if the loss falls.\"\"\"
do = ["try 1", "run 500"]
show = ["code", "network"]
point = "weights[0][0][1]"
expect = ["loss < 0.3", "kept > 20"]
core = true
notes = "Wait for an answer."

[beat.ask]
question = "How many of them are kept?"
choices = ["5", "about half", "95"]
right = 2
replies = ["More.", "Yes.", "Fewer."]

[[beat]]
say = "What is the loss now?"
do = [
    "show loss",
    "why output",
]
"""

SMALL = 'format = 1\ntitle = "t"\n[data]\nname = "xor"\n[model]\nkind = "mlp"\nlayers = [2, 2, 1]\n'


def instead(line: str, new: str, text: str = GOOD) -> str:
    """Return the text with one line replaced; an empty new line takes it out but keeps the numbering."""
    lines = text.split("\n")
    assert lines.count(line) == 1, line
    lines[lines.index(line)] = new
    return "\n".join(lines)
