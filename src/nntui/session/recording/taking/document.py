"""A recording as one JSON document: what it is, all that was said and done in it, and its rows, a line each."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import msgspec
import numpy as np

from nntui import __version__, words
from nntui import messages as m
from nntui.models.model import FloatArray, Layout
from nntui.session.recording.records import Happened, Header, Obeyed
from nntui.session.recording.taking.computing import Lesson, Row, Rows
from nntui.session.recording.timeline import Timeline
from nntui.text import clean

FORMAT = 1  # of this document
MOST_TEXT = 400  # characters of a foreign text
_NUMBERED = re.compile(r"(\w+)\[([0-9]+)\]")


def write_document(rows: Rows, out: TextIO, folder: Path | None, told: Callable[[int, int], None]) -> int:
    """Compute a recording again, and write it as a document; returns how many rows it has.

    The rows wait in this folder, or where the system keeps what is temporary: what was opened is known after them.
    """
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder) as spool:
        for row in rows.rows(told):
            spool.write((",\n" if count else "\n") + dumped(row_as_object(row, rows.weights)))
            count += 1
        spool.seek(0)
        out.write("{\n")
        for key, value in head(rows).items():
            out.write(f"{dumped(key)}: {_lines(value)},\n")
        out.write('"rows": [')
        while text := spool.read(1 << 20):
            out.write(text)
        out.write("\n]\n}\n")
    return count


def head(rows: Rows) -> dict[str, Any]:
    """All but the rows."""
    timeline, source = rows.timeline, rows.source
    return {
        "nntui_export": FORMAT,
        "nntui": __version__,
        "recording": recording_as_object(source.name, timeline, source.damage),
        "every": rows.moments.every,
        "lessons": [lesson_as_object(lesson) for lesson in rows.lessons],
        "beats": list(_beats(timeline)),
        "marks": [
            {"name": mark.name, "seconds": mark.at, "step": mark.step} for _, mark in timeline.marks if not mark.beat
        ],
        "guesses": list(_guesses(timeline)),
        "answers": list(_answers(timeline)),
        "commands": list(_commands(timeline)),
        "losses": [{"seconds": at, "step": step, "loss": loss} for at, step, loss in timeline.losses],
    }


def recording_as_object(name: str, timeline: Timeline, damage: str) -> dict[str, Any]:
    """What the recording says of itself."""
    header = timeline.lines[0].sketch
    assert isinstance(header, Header)
    parent = None if header.parent is None else msgspec.to_builtins(header.parent)
    machine = {clean(key, 40): clean(value, MOST_TEXT) for key, value in header.machine.items()}
    return {
        "file": name, "nntui": clean(header.nntui, 40), "created": clean(header.created, 40), "machine": machine,
        "parent": parent and {**parent, "file": clean(parent["file"], MOST_TEXT)}, "seconds": timeline.seconds,
        "ended": timeline.ended, "damage": damage or None,
    }  # fmt: skip


def lesson_as_object(lesson: Lesson) -> dict[str, Any]:
    """What was opened: what matters most first."""
    return {
        "name": lesson.name, "title": lesson.title, "seconds": lesson.seconds, "step": lesson.step,
        "layers": lesson.model.get("layers"), "seed": lesson.seed, "rung": lesson.training["rung"],
        "precision": lesson.training["precision"], "model": lesson.model, "data": lesson.data,
        "training": lesson.training,
    }  # fmt: skip


def row_as_object(row: Row, weights: bool) -> dict[str, Any]:
    """Where everything stands at a moment: `parameters["weights"][1][0][2]` is weights[1][0][2]."""
    found: dict[str, Any] = {
        "step": row.step, "epoch": row.epoch, "seconds": round(row.seconds, 6), "beat": row.beat,
        "loss": number(row.loss),
    }  # fmt: skip
    if row.test_loss is not None:
        found["test_loss"] = number(row.test_loss)
    found["lesson"] = row.lesson
    found |= {key: text for key, text in (("command", row.words), ("mark", row.mark)) if text}
    return found | ({"parameters": nested(row.layout, row.parameters)} if weights else {})


def nested(layout: Layout, flat: FloatArray) -> dict[str, Any]:
    """The parameters as lists in lists, by the names that nntui gives them."""
    found: dict[str, Any] = {}
    finite = bool(np.isfinite(flat).all())
    for name, block in layout.views(flat).items():
        numbers = block.tolist() if finite else as_numbers(block.tolist())
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None:
            found[name] = numbers
        else:
            found.setdefault(numbered[1], []).append(numbers)
    return found


# ---------------------------------------------------------------- what was said and done


def _beats(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for _, seconds, record in _happened(timeline, m.BeatBegan):
        fact = record.fact
        assert isinstance(fact, m.BeatBegan)
        line = clean(fact.say.split("\n")[0], MOST_TEXT)
        yield {"number": fact.number, "seconds": seconds, "step": record.position.step, "line": line}


def _guesses(timeline: Timeline) -> Iterator[dict[str, Any]]:
    """How many of a class have guessed what, and at which beat."""
    for at, seconds, record in _happened(timeline, m.Guessed):
        fact = record.fact
        assert isinstance(fact, m.Guessed)
        choices = [clean(choice, MOST_TEXT) for choice in fact.choices]
        yield {"beat": _beat_at(timeline, at), "seconds": seconds, "choices": choices, "counts": fact.counts}


def _answers(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for at, seconds, record in _happened(timeline, m.Answered):
        fact = record.fact
        assert isinstance(fact, m.Answered)
        yield {
            "beat": _beat_at(timeline, at), "seconds": seconds, "choice": fact.choice, "right": fact.right,
        }  # fmt: skip


def _commands(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for at in timeline.done:
        record = timeline.lines[at].sketch
        assert isinstance(record, Obeyed)
        said = clean(words.say(record.command), MOST_TEXT)
        yield {"seconds": timeline.times[at], "step": record.position.step, "words": said}


def _happened(timeline: Timeline, kind: type[m.Message]) -> Iterator[tuple[int, float, Happened]]:
    """The facts of a kind, their lines and times."""
    for at, line in enumerate(timeline.lines):
        if isinstance(line.sketch, Happened) and isinstance(line.sketch.fact, kind):
            yield at, timeline.times[at], line.sketch


def _beat_at(timeline: Timeline, at: int) -> int:
    """The beat that had begun last."""
    return next((mark.beat for taken, mark in reversed(timeline.marks) if mark.beat and taken <= at), 0)


# ---------------------------------------------------------------- as JSON


def number(value: float) -> float | str:
    """A number as the recording writes it: what is no finite one as text."""
    return value if math.isfinite(value) else str(value)


def as_numbers(value: Any) -> Any:
    """The same for numbers in lists in lists."""
    return [as_numbers(item) for item in value] if isinstance(value, list) else number(value)


def dumped(value: Any) -> str:
    """JSON on one line, with all the digits that bring back the same bits."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _lines(value: Any) -> str:
    """A list with a line for each of its items, all else on one line."""
    if not isinstance(value, list) or not value:
        return dumped(value)
    return "[\n" + ",\n".join(dumped(item) for item in value) + "\n]"
