"""The sentences of recording and playing."""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice, capital, plural
from nntui.text import clean

PATH = 200  # characters of one that are said
MINUTE = 60  # seconds
STATES = {"paused": "Paused", "playing": "Playing", "following": "Following", "over": "At the end of the recording"}


def marked(f: m.Marked, v: Voice) -> list[str]:
    """A mark was set."""
    del v
    step = f"step {f.step:,}"
    return [f"Marked: {f.name}." if f.name.endswith(step) else f"Marked: {f.name}, at {step}."]


def began(f: m.RecordingBegan, v: Voice) -> list[str]:
    """Where it is recorded; said in full detail alone, for it happens at every start."""
    return [f"This is recorded in {clean(f.path, PATH)}."] if v.detail == "full" else []


def lost(f: m.RecordingLost, v: Voice) -> list[str]:
    """Why nothing is recorded any more."""
    del v
    return [f"Nothing is recorded from here on: {f.sentence}."]


def opened(f: m.RecordingOpened, v: Voice) -> list[str]:
    """What is played."""
    head = f"Recording {f.name}, {clock(f.seconds)} long, {plural(f.events, 'event')}."
    made = [f"Made {f.created} by nntui {f.nntui}."] if v.detail == "full" else []
    parent = [f"It is a branch of {f.parent}."] if f.parent else []
    return [head, *made, *parent, *([f"{f.damage}."] if f.damage else [])]


def closed(f: m.RecordingClosed, v: Voice) -> list[str]:
    """It is played no more; said in full detail alone, for what was opened is told as well."""
    return [f"The recording {f.name} is closed."] if v.detail == "full" else []


def moved(f: m.PlayerMoved, v: Voice) -> list[str]:
    """Where the recording stands now."""
    place = f"{clock(f.at, f.seconds)} of {clock(f.seconds)}, step {f.step:,}"
    speed = f", {f.speed:g} times as fast" if f.state == "playing" and f.speed != 1.0 else ""
    del v
    return [f"{STATES[f.state]}{speed}: {place}."]


def done_again(f: m.DoneAgain, v: Voice) -> list[str]:
    """What the one did who is recorded; not said where as little as will do is said. Of what was refused there, that
    it was: the words are not known.
    """
    if v.detail == "brief":
        return []
    return [f"There: {f.words}."] if f.words else ["There: something that was refused."]


def branched(f: m.Branched, v: Voice) -> list[str]:
    """It is live from here on."""
    where = f" It is recorded in {clean(f.path, PATH)}." if f.path and v.detail == "full" else ""
    return [f"Live from step {f.step:,} on: a branch of {f.parent}, left at {clock(f.at)}.{where} rejoin goes back."]


def rejoined(f: m.Rejoined, v: Voice) -> list[str]:
    """Back in the recording."""
    del v
    return [f"Back in {f.parent} at {clock(f.at)}, step {f.step:,}."]


def resumed(f: m.Resumed, v: Voice) -> list[str]:
    """It goes on where a recording has ended."""
    del v
    return [f"Going on from {f.parent} at step {f.step:,}."]


def timeline(r: m.TimelineView, v: Voice) -> list[str]:
    """The whole timeline."""
    if r.live:
        lines = [f"This is a branch of {r.name}, left at {clock(r.at, r.seconds)} of {clock(r.seconds)}."]
        compared = beside(r)
        if compared is not None:
            (step, loss), (their_step, theirs) = compared
            when = f" at step {their_step:,}" if their_step < step else ""
            lines.append(
                f"At step {step:,} its loss is {v.number(loss)}, and that of the recording{when} {v.number(theirs)}."
            )
    else:
        lines = [f"{STATES[r.state]}: {r.name} at {clock(r.at, r.seconds)} of {clock(r.seconds)}, speed {r.speed:g}."]
    named = [mark for mark in r.marks if not mark.beat]
    if named:
        told = "; ".join(f"{mark.name} at {clock(mark.at, r.seconds)}, step {mark.step:,}" for mark in named)
        lines.append(f"{capital(plural(len(named), 'mark'))}: {told}.")
    beats = len(r.marks) - len(named)
    if beats:
        lines.append(f"{capital(plural(beats, 'beat'))} can be gone to.")
    return [*lines, *([f"{r.damage}."] if r.damage else []), *([f"Recorded in {r.recorded}."] if r.recorded else [])]


def beside(r: m.TimelineView) -> tuple[tuple[int, float], tuple[int, float]] | None:
    """The step and the loss of a branch, and of the recording at the same step, or the last before it that is known."""
    if not r.branch_loss or not r.parent_loss:
        return None
    step, loss = r.branch_loss[-1]
    found = [(at, value) for at, value in r.parent_loss if at <= step]
    return ((step, loss), found[-1]) if found else None


def clock(seconds: float, whole: float | None = None) -> str:
    """ "0:07.3", "1:35", "1:02:03": with tenths where the whole, or it alone, is shorter than a minute."""
    tenths = int(10 * seconds + 1e-6)
    minutes, rest = divmod(tenths // 10, 60)
    if (seconds if whole is None else whole) < MINUTE:
        return f"{minutes}:{rest:02}.{tenths % 10}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
