"""From a command to its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from nntui import messages as m
from nntui.words.presenting import beat_words
from nntui.words.races import race_words
from nntui.words.recordings import seek_words


def say(command: m.Command) -> str:
    """The words of a command; `parse` reads them back (but `open`, which the front end reads from a file)."""
    return _SAY[type(command)](command)


def _count_and_unit(word: str, count: int, unit: str, fallback: str) -> str:
    return " ".join(
        [word, *([str(count)] if count != 1 or word == "goto" else []), *([unit] if unit != fallback else [])]
    )


def _named_pair(c: m.Landscape) -> list[str]:
    """The two parameters of a landscape; an empty one is that of the last time, which only a front end leaves out."""
    return [c.first or "same", c.second or "same"] if c.first or c.second else []


_SAY: dict[type, Callable[[Any], str]] = {
    m.Open: lambda c: f"open {c.name}",
    m.Next: lambda c: "next",
    m.Previous: lambda c: "previous",
    m.Answer: lambda c: f"answer {c.choice}",
    m.Return: lambda c: "return",
    m.GoToBeat: lambda c: f"beat {beat_words(c)}",
    m.ShortLecture: lambda c: "short on" if c.on else "short off",
    m.Reveal: lambda c: "reveal",
    m.Blank: lambda c: "blank on" if c.on else "blank off",
    m.Guesses: lambda c: "guesses " + " ".join(str(count) for count in c.counts),
    m.Step: lambda c: _count_and_unit("step", c.count, c.unit, "line"),
    m.Back: lambda c: _count_and_unit("back", c.count, c.unit, "line"),
    m.Goto: lambda c: _count_and_unit("goto", c.number, c.unit, "step"),
    m.Run: lambda c: f"run {c.steps}",
    m.Try: lambda c: "try" if c.count == 1 else f"try {c.count}",
    m.Stop: lambda c: "stop",
    m.Break: lambda c: f"break {c.line}",
    m.Until: lambda c: f"until {c.line}",
    m.Walk: lambda c: f"walk {c.what}",
    m.Accuse: lambda c: f"accuse {c.line}" if c.line else "accuse",
    m.ChooseSample: lambda c: f"sample {c.sample}" + " test" * (c.split == "test"),
    m.NextMistake: lambda c: "mistake" if c.forwards else "mistake back",
    m.TypeInput: lambda c: "input " + " ".join(repr(value) for value in c.values),
    m.SetValue: lambda c: f"set {c.address} {c.value!r}",
    m.Twist: lambda c: f"twist {c.address} {c.amount:+}",
    m.Point: lambda c: f"point {c.address}",
    m.Slope: lambda c: f"slope {c.address} {c.size!r}".replace("  ", " ") if c.size else "slope off",
    m.DrawEdges: lambda c: f"draw {c.what}",
    m.Landscape: lambda c: " ".join(["landscape", *_named_pair(c), *([repr(c.reach)] if c.reach else [])]),
    m.Sweep: lambda c: f"sweep {c.size!r}" if c.size else "sweep",
    m.Use: lambda c: f"use {c.rung}",
    m.Method: lambda c: f"method {c.name}",
    m.Reseed: lambda c: f"seed {c.seed}",
    m.UseData: lambda c: f"data {c.name}",
    m.Shift: lambda c: f"shift {c.pixels}",
    m.Noise: lambda c: f"noise {c.share!r}",
    m.Layers: lambda c: "layers " + ",".join(str(size) for size in c.sizes),
    m.Activation: lambda c: f"activation {c.name}",
    m.OutputActivation: lambda c: f"output {c.name}",
    m.TwistSize: lambda c: f"size {c.size!r}",
    m.LearningRate: lambda c: f"rate {c.rate!r}",
    m.Momentum: lambda c: f"momentum {c.share!r}",
    m.Optimizer: lambda c: f"optimizer {c.name}",
    m.WeightDecay: lambda c: f"decay {c.amount!r}",
    m.BatchSize: lambda c: f"batch {c.size}",
    m.Pin: lambda c: f"pin {c.name}".rstrip(),
    m.Unpin: lambda c: "unpin",
    m.Axis: lambda c: f"axis {c.what}",
    m.OpenGraph: lambda c: " ".join(["graph", c.expression, *(f"{name}={text}" for name, text in c.leaves)]),
    m.Forward: lambda c: f"forward {c.count}" if c.count else "forward",
    m.Backward: lambda c: f"backward {c.count}" if c.count else "backward",
    m.ClearGradients: lambda c: "clear",
    m.GraphOrder: lambda c: f"graph order {c.name}",
    m.Fold: lambda c: f"fold {c.name}".rstrip(),
    m.Tensor: lambda c: "tensor " + " ".join(c.words),
    m.Race: lambda c: " ".join(["race", *race_words(c)]),
    m.RaceWidths: lambda c: " ".join(["widths", *race_words(c)]),
    m.Mark: lambda c: f"mark {c.name}",
    m.Play: lambda c: f"play {c.speed!r}" if c.speed else "play",
    m.Pause: lambda c: "pause",
    m.Seek: lambda c: f"seek {seek_words(c)}",
    m.Branch: lambda c: "branch",
    m.Rejoin: lambda c: "rejoin",
    m.CompareRace: lambda c: f"race with {c.name}" if c.text else "race alone",
    m.Climb: lambda c: f"ladder {c.rung}".rstrip(),
    m.Check: lambda c: f"check {c.rung}".rstrip(),
    m.Reset: lambda c: "reset",
    m.Undo: lambda c: "undo",
}

COMMANDS: tuple[type, ...] = get_args(m.Command)
