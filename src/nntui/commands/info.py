"""`nntui info FILE`: what a recording is, without computing any of it."""

from __future__ import annotations

import argparse

from nntui import messages as m
from nntui.commands import say
from nntui.commands.replay import DIFFERS, Checked
from nntui.sentences.numbers import plural
from nntui.sentences.recordings import clock
from nntui.session.recording.reading import Scan, being_written, read
from nntui.session.recording.records import Happened
from nntui.session.recording.timeline import Timeline
from nntui.session.recording.verifying import Verdict
from nntui.text import clean, full_stop

SHOWN = 200


def run(arguments: argparse.Namespace) -> int:
    """Say it; 1 for a recording that is not whole."""
    scan = read(arguments.file)
    timeline = Timeline()
    for line in scan.lines:
        if line.sound:
            timeline.add(line)
    name = clean(arguments.file.name, SHOWN)
    for sentence in _what(name, scan, timeline):
        say(sentence)
    state = Checked(name, scan, Verdict(0, 0, 0, 0), 0.0)
    growing = not state.ended and being_written(arguments.file)
    say("It is still being written." if growing else f"{state.damage or 'It is whole'}.")
    return 0 if state.whole or growing else DIFFERS


def _what(name: str, scan: Scan, timeline: Timeline) -> list[str]:
    header = scan.header
    steps = max((line.position.step for line in timeline.lines), default=0)
    commands, lines = plural(timeline.commands, "command"), plural(len(scan.lines), "line")
    said = [f"{name}: {clock(timeline.seconds)} long, up to step {steps:,}, {commands}, {lines}."]
    if header is not None:
        said.append(f"Made {clean(header.created, 40)} by nntui {clean(header.nntui, 40)}, format {header.format}.")
        machine = ", ".join(f"{clean(key, 40)} {clean(value, 100)}" for key, value in header.machine.items())
        said += [f"Machine: {machine}."] if machine else []
        if header.parent is not None:
            parent = header.parent
            said.append(f"It goes on from {clean(parent.file, SHOWN)}, line {parent.line:,}, step {parent.step:,}.")
    for title in _titles(scan):
        said.append(f"Opened: {title}")
    marks = [mark for _, mark in timeline.marks if not mark.beat]
    told = "; ".join(f"{mark.name} at {clock(mark.at, timeline.seconds)}, step {mark.step:,}" for mark in marks)
    said.append(f"Marks: {told}." if marks else "No marks.")
    beats = len(timeline.marks) - len(marks)
    said += [f"{plural(beats, 'beat')} begun."] if beats else []
    return said


def _titles(scan: Scan) -> list[str]:
    """What was opened, each once."""
    found = [line.record.fact for line in scan.lines if line.sound and isinstance(line.record, Happened)]
    opened = [fact for fact in found if isinstance(fact, m.Opened)]
    return list(dict.fromkeys(full_stop(clean(fact.title or fact.name, SHOWN)) for fact in opened))
