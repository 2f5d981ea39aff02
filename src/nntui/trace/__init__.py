"""Runs a function, records each line and what changed, and walks the record forwards and backwards."""

from nntui.trace.cursor import Cursor, Level, follows
from nntui.trace.record import TooLong, record
from nntui.trace.source import Source, read_source
from nntui.trace.structure import Function, Loop
from nntui.trace.trace import Event, Frame, Run, Trace
from nntui.trace.values import ABSENT, Absent, Change, Reference, Value

__all__ = [
    "ABSENT",
    "Absent",
    "Change",
    "Cursor",
    "Event",
    "Frame",
    "Function",
    "Level",
    "Loop",
    "Reference",
    "Run",
    "Source",
    "TooLong",
    "Trace",
    "Value",
    "follows",
    "read_source",
    "record",
]
