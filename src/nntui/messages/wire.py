"""Frames and envelopes: what passes between the engine and who looks at it, and how it is packed."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypeVar

import msgspec

from nntui.messages.base import *
from nntui.messages.commands import *
from nntui.messages.facts import *
from nntui.messages.queries import *
from nntui.messages.recordings import *
from nntui.messages.views import *


class Status(Message, frozen=True):
    """The header: what always stands on the screen."""

    title: str
    rung: str
    step: int
    epoch: int
    loss: float
    running: bool  # whether it trains, or waits to train
    beat: int
    beats: int
    name: str = ""  # of the file
    model: str = ""  # a phrase, such as "2-4-2-1 tanh"
    furthest: int = 0  # the last step that has been reached, and can be gone to again
    preparing: bool = False  # whether a rung is waited for that is being made ready
    sample: str = ""
    walking: WalkName = "predict"
    question: bool = False  # whether a question is open
    detoured: bool = False  # whether the state may be another than the lesson's own
    sample_number: int = -1  # of the sample looked at; -1 where it is a typed input
    typed: tuple[float, ...] = ()  # that input
    samples: int = 0  # in the split that is looked at
    split: Split = "train"
    method: str = "twist"  # how it learns
    axis: Literal["steps", "predictions", "seconds"] = "steps"  # that the loss is plotted along
    core: int = 0  # of so many core beats that is the last reached; 0 of 0 where it is not the short lecture
    cores: int = 0
    making: str = ""  # the rung that a race or a check waits for


class Frame(Message, frozen=True):
    """How it looks now, section by section: `status`, and of the views that a client subscribed to those made anew.

    While nothing runs, all that changed is in one frame. While something runs, costly views are made less often than
    cheap ones: a view that is not in a frame stays as it was. One that is `coarse` comes again, finer.
    """

    number: int
    status: Status
    sections: dict[str, Result]


class Subscribe(Message, frozen=True):
    """A client wants frames with these views; none: no frames. `sizes` gives the cells of those that differ in it."""

    views: tuple[View, ...]
    size: tuple[int, int] = (40, 20)
    sizes: dict[str, tuple[int, int]] = {}  # noqa: RUF012 - msgspec copies it


class Acknowledge(Message, frozen=True):
    """A client has shown the frame of this number and wants the next."""

    number: int


class Restore(Message, frozen=True):
    """Take up again from a keyframe."""

    snapshot: bytes


class Shutdown(Message, frozen=True):
    """End."""


Control: TypeAlias = Subscribe | Acknowledge | Restore | Record | OpenRecording | Resume | Shutdown


class Heartbeat(Message, frozen=True):
    """The engine lives; told several times a second, whatever it is busy with.

    `stuck` is for how many seconds it has been at one thing without looking at what arrives; 0 while all is well.
    """

    stuck: float = 0.0


class Ask(Message, frozen=True):
    """A query with the number by which its answer is known."""

    id: int
    query: Query


class Cancel(Message, frozen=True):
    """The answer to this query is not wanted any more."""

    id: int


class Reply(Message, frozen=True):
    """The answer to a query."""

    id: int
    result: Result


class Envelope(msgspec.Struct, frozen=True):
    """A message on its way: from or to which client, its number in that client's order, and where it took effect.

    In what the engine sends, `heard` is the number of the last message of that client that it had obeyed by then.
    """

    client: int
    number: int
    body: Command | Ask | Cancel | Control | Fact | Reply | Frame | Heartbeat
    position: Position | None = None
    heard: int = 0


class Stamped(msgspec.Struct, frozen=True, array_like=True):
    """A command with the position at which it took effect: what a recording holds."""

    position: Position
    command: Command


class MalformedMessageError(Exception):
    """Bytes that are no message of this vocabulary; the text says why in one sentence."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Envelope)

T = TypeVar("T")


def encode(envelope: Envelope) -> bytes:
    """Pack an envelope for the pipe."""
    return _encoder.encode(envelope)


def decode(data: bytes) -> Envelope:
    """Unpack an envelope; raise MalformedMessageError where it is none."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessageError(f"this is no message: {error}") from None


def validated(message: Any, kinds: Any) -> Any:
    """Return `message` checked field by field against `kinds`; raise MalformedMessageError where it does not fit."""
    try:
        return msgspec.convert(msgspec.to_builtins(message), kinds)
    except (msgspec.MsgspecError, TypeError, RecursionError, OverflowError) as error:
        raise MalformedMessageError(f"this is no message: {error}") from None
