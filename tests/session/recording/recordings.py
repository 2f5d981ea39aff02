"""What the tests of recordings share: sessions that are recorded through the real thing, and files made of lines."""

from pathlib import Path

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording.records import ALONE, Record, as_hex, checksum, kind_of, to_json

SMALL = """
format = 1
title = "Small"
[data]
name = "xor"
samples = 20
[model]
kind = "mlp"
layers = [2, 2, 1]
seed = 4
[training]
batch_size = 7
"""
LESSON = (
    SMALL.replace("Small", "Lesson")
    + """
[[beat]]
say = "One: a weight by hand."
do = ["set weights[0][0][1] 0.25", "walk predict", "step 5 line"]
[[beat]]
say = "Two: train, and answer."
do = ["walk training", "run 30", "back 10 step", "run 5"]
[beat.ask]
question = "How many samples are there?"
choices = ["19", "20"]
right = 2
[[beat]]
say = "Three: the end."
"""
)
W = "weights[0][0][1]"
ALL_SORTS: tuple[m.Command, ...] = (
    m.Next(), m.Next(), m.Answer(2), m.Next(), m.Open(SMALL, "small.toml"), m.Run(60), m.Walk("training"),
    m.Step(7, "line"), m.Back(3, "line"), m.Step(2, "call"), m.Try(5), m.Twist(W, 0.3), m.SetValue(W, -0.0),
    m.Undo(), m.Run(40), m.Goto(30), m.Run(20), m.Method("gradient"), m.LearningRate(0.2), m.Optimizer("adam"),
    m.Run(50), m.Goto(10), m.Goto(60), m.Mark("a place"), m.BatchSize(3), m.Use("numpy"), m.Run(30), m.Pin("this"),
    m.OpenGraph("tanh(a*b)", (("a", "2"), ("b", "0.5"))), m.Backward(2), m.Tensor(("3", "4")),
    m.Slope(W, 0.01), m.Sweep(0.1), m.Reset(), m.Run(10), m.Layers((2, 3, 1)), m.Run(12), m.ChooseSample(3),
    m.TypeInput((0.5, -0.25)), m.Check("numpy"), m.Race(0.01, ("loops",)), m.LearningRate(900.0), m.Run(25),
)  # fmt: skip


def recorded(path: Path, commands: tuple[m.Command, ...], text: str = SMALL, folder: str = "") -> Path:
    """Record a session through an engine."""
    engine = LocalEngine()
    engine.record(path)
    for command in (m.Open(text, "first.toml", folder), *commands):
        engine.send(command)
        list(engine.settle())
    engine.close()
    return path


def written(path: Path, *records: Record) -> Path:
    """Write lines with right checksums, whatever they say: what somebody can do by hand."""
    crc, lines = 0, []
    for record in records:
        data = to_json(record)
        crc = checksum(data, crc, kind_of(record) in ALONE)
        lines.append(f"{as_hex(crc)} ".encode() + data + b"\n")
    path.write_bytes(b"".join(lines))
    return path
