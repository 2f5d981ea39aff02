"""What the lines of a recording say: a kind each. FORMAT.md is the page about it for other programs.

A line is `crc32 SPACE json LF`. The checksum covers the JSON, and is chained to the line before, but for the header and
the keyframes, which stand for themselves: from each of them a reader can take up again. Numbers are written with all
the digits that bring back the same bits; what is no finite number, as "nan", "inf" or "-inf".
"""

from __future__ import annotations

import math
import zlib
from typing import Any, TypeAlias

import msgspec

from nntui import messages as m
from nntui.session.run.behind import Behind

# Told of files, not of what is done: neither written into a recording, nor told again when it is played.
OF_FILES = (
    m.RecordingBegan, m.RecordingLost, m.RecordingOpened, m.RecordingClosed, m.PlayerMoved, m.DoneAgain, m.Branched,
    m.Rejoined, m.Resumed,
)  # fmt: skip
FORMAT = 1
MOST_LINE = 16_000_000  # bytes of one line
MOST_FILE_TEXT = 8_000_000  # characters of a data file that goes along
SUFFIX = ".nnrec"


class RecordingError(ValueError):
    """A recording that cannot be written, read or played; the text says why, in one sentence."""


class Parent(msgspec.Struct, frozen=True):
    """The recording that this one branched off from: its file, after which line, its checksum, the step there."""

    file: str
    line: int
    checksum: str
    step: int = 0


class Header(msgspec.Struct, frozen=True, tag_field="kind", tag="nnrec"):
    """The first line: what made the recording, and where."""

    format: int
    nntui: str
    created: str  # date and time in UTC, as ISO 8601 has it
    machine: dict[str, str] = {}
    parent: Parent | None = None


class DataFile(msgspec.Struct, frozen=True, tag_field="kind", tag="file"):
    """A data file of the scenario that is opened next, so that the recording needs nothing beside it."""

    at: float
    name: str
    text: str


class Obeyed(msgspec.Struct, frozen=True, tag_field="kind", tag="command"):
    """A command was obeyed, `at` seconds after the beginning, at a position."""

    at: float
    position: m.Position
    command: m.Command


class Happened(msgspec.Struct, frozen=True, tag_field="kind", tag="fact"):
    """A fact was told."""

    at: float
    position: m.Position
    fact: m.Fact


class Passed(msgspec.Struct, frozen=True, tag_field="kind", tag="passed"):
    """Where the engine stood while something ran, now and then."""

    at: float
    position: m.Position
    loss: float | None = None


class Keyframe(msgspec.Struct, frozen=True, tag_field="kind", tag="keyframe"):
    """All that determines the future. `after` is the checksum of the line before: no whole part can go missing.

    `resting` tells that nothing was running: then it is all, and otherwise what ran is told by the commands before.
    `begins` tells that the session begins here, in a branch, or was begun anew: what was before does not lead here.
    """

    at: float
    position: m.Position
    after: str
    resting: bool
    snapshot: bytes
    begins: bool = False


class Losses(msgspec.Struct, frozen=True, tag_field="kind", tag="losses"):
    """The losses along the run, for its plot: those since the last such line, after those from some steps on were
    dropped; so those on the test samples, and the way of the parameters. From step 0 on: these are all there are.
    """

    at: float
    position: m.Position
    behind: Behind
    since: tuple[int, int, int] = (0, 0, 0)

    @property
    def whole(self) -> bool:
        """Whether nothing before it counts."""
        return self.since == (0, 0, 0)


class Ended(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    """The session ended properly: nothing follows."""

    at: float
    position: m.Position
    lines: int


Record: TypeAlias = Header | DataFile | Obeyed | Happened | Passed | Losses | Keyframe | Ended
# What these lead to depends on what was before: after each of them there is a keyframe.
INTO_THE_PAST = (m.Goto, m.Back, m.Undo, m.Previous, m.GoToBeat, m.Return)
ALONE = ("nnrec", "keyframe")  # kinds whose checksum covers nothing but their own line
KINDS: dict[str, type[Any]] = {
    "nnrec": Header, "file": DataFile, "command": Obeyed, "fact": Happened, "passed": Passed, "losses": Losses,
    "keyframe": Keyframe, "end": Ended,
}  # fmt: skip


def kind_of(record: Record) -> str:
    """What stands in a record's line as its kind."""
    return str(type(record).__struct_config__.tag)


def to_json(record: Record) -> bytes:
    """A record as the JSON of its line."""
    data = _encoder.encode(record)
    if b"null" not in data:  # what is no finite number comes out as null; nothing does here
        return data
    return _encoder.encode(_without_infinities(msgspec.to_builtins(record, builtin_types=(bytes,))))


def checksum(data: bytes, before: int, alone: bool) -> int:
    """The checksum of a line's JSON: chained to that of the line before, or alone."""
    return zlib.crc32(data, 0 if alone else before)


def as_hex(crc: int) -> str:
    """A checksum as it is written."""
    return f"{crc:08x}"


_encoder = msgspec.json.Encoder()


def _without_infinities(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else str(data)
    if isinstance(data, dict):
        return {key: _without_infinities(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_without_infinities(value) for value in data]
    return data
