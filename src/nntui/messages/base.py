"""What all messages are made of: their base, their units and limits, and the position at which one takes effect."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

Unit: TypeAlias = Literal["line", "into", "over", "out", "call", "pass", "neuron", "layer", "sample", "step", "epoch"]
UNITS: tuple[Unit, ...] = ("line", "into", "over", "out", "call", "pass", "neuron", "layer", "sample", "step", "epoch")
WalkName: TypeAlias = Literal[
    "training", "predict", "forward", "backward", "stage 1", "stage 2", "stage 3", "stage 4", "bug 1", "bug 2", "bug 3"
]
WALKS: tuple[WalkName, ...] = (
    "training", "predict", "forward", "backward", "stage 1", "stage 2", "stage 3", "stage 4", "bug 1", "bug 2", "bug 3",
)  # fmt: skip
Split: TypeAlias = Literal["train", "test"]
Pane: TypeAlias = Literal[
    "code",
    "values",
    "network",
    "loss",
    "twist",
    "picture",
    "landscape",
    "sweep",
    "confusion",
    "graph",
    "tensor",
    "ladder",
    "race",
    "widths",
]
PANES: tuple[Pane, ...] = (
    "code", "values", "network", "loss", "twist", "picture", "landscape", "sweep", "confusion", "graph", "tensor",
    "ladder", "race", "widths",
)  # fmt: skip
View: TypeAlias = Literal[
    "code", "values", "network", "loss", "twist", "picture", "landscape", "sweep", "confusion", "graph", "tensor",
    "ladder", "race", "widths", "weights", "diagram", "settings", "gradient", "timeline", "lesson",
    "notes",
]  # fmt: skip
VIEWS: tuple[View, ...] = (*PANES, "weights", "diagram", "settings", "gradient", "timeline", "lesson", "notes")

MOST_STEPS = 1_000_000_000
MOST_SHIFT = 7  # pixels
MOST_TEXT = 1_000_000  # characters of a scenario file

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MOST_STEPS)]
Seed: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """What all messages have in common: immutable, told apart by a tag, no unknown fields."""


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Where the engine stands: training step, sample that predict looks at, line event within the call walked.

    `work` counts what has been worked on until then, in steps and turns, and never goes back: the engine can be at the
    same step twice, and a command must take effect the same time round when it is replayed.
    """

    step: int = 0
    sample: int = 0
    event: int = 0
    subject: str = "training"
    work: int = 0
