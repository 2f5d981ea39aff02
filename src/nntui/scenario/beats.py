"""What the beats of a lesson must mean: what is said fits the screen, what is done and expected can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nntui import messages as m
from nntui import words
from nntui.scenario import expect
from nntui.scenario.lines import KeyPath
from nntui.scenario.meaning import Problems, columns
from nntui.scenario.schema import MOST_BEATS, MOST_CHOICES, MOST_SAY_COLUMNS, MOST_SAY_LINES
from nntui.scenario.shape import MISFIT, listed, quoted, wrong
from nntui.text import did_you_mean

LEAST_CHOICES = 2
MOST_ITEMS = 50  # commands of a beat, panes, expectations

PANES = m.PANES

# These lead through the lesson, or take back what a person has done: a beat cannot do them to itself.
FOR_PEOPLE = (
    m.Next, m.Previous, m.Answer, m.Return, m.Undo, m.Stop, m.GoToBeat, m.ShortLecture, m.Guesses, m.Reveal, m.Blank,
    words.Own,
)  # fmt: skip

# These move along a recording that is played.
ALONG_A_RECORDING = (m.Play, m.Pause, m.Seek, m.Branch, m.Rejoin)


def check_beats(beats: Sequence[Any]) -> Problems:
    """Check all beats; those that do not fit at all are gaps."""
    if len(beats) > MOST_BEATS:
        yield wrong(("beat", MOST_BEATS), f"is one too many; the limit is {MOST_BEATS}")
    for number, beat in enumerate(beats[:MOST_BEATS]):
        if beat is not MISFIT:
            yield from _check_beat(beat, ("beat", number))


def check_play(table: Mapping[str, Any] | None, has_beats: bool) -> Problems:
    """Check [check], which is for a scenario without beats: a lesson's beats say themselves what must hold."""
    if table is None:
        return
    if has_beats:
        yield wrong(("check",), "is for a scenario without beats; each beat has its own do and expect")
    if "expect" in table and not table["expect"]:
        yield wrong(("check", "expect"), "is empty; say what must hold, such as test_loss < 0.1")
    for key, what_is_wrong in (("do", _do_problem), ("expect", _expect_problem)):
        yield from _check_items(table.get(key, ()), ("check", key), what_is_wrong)


def _check_beat(beat: Mapping[str, Any], path: KeyPath) -> Problems:
    if "say" in beat:
        yield from _check_say(beat["say"], (*path, "say"))
    for key, what_is_wrong in (("do", _do_problem), ("show", _show_problem), ("expect", _expect_problem)):
        yield from _check_items(beat.get(key, ()), (*path, key), what_is_wrong)
    if "point" in beat and not beat["point"].strip():
        yield wrong((*path, "point"), "is empty; name a weight, a neuron or a line, or leave it out")
    if "ask" in beat:
        yield from _check_ask(beat["ask"], (*path, "ask"))


def _check_say(say: str, path: KeyPath) -> Problems:
    lines = say.split("\n")
    if not say.strip():
        yield wrong(path, "is empty; a beat says something")
    if len(lines) > MOST_SAY_LINES:
        yield wrong(path, f"has {len(lines):,} lines; the limit is {MOST_SAY_LINES}")
    for number, line in enumerate(lines[:MOST_SAY_LINES], 1):
        if columns(line) > MOST_SAY_COLUMNS:
            yield wrong(path, f"has {columns(line):,} columns in line {number}; the limit is {MOST_SAY_COLUMNS}")


# ---------------------------------------------------------------- what is done, shown, expected


def _check_items(items: Sequence[Any], path: KeyPath, what_is_wrong: Callable[[str], str]) -> Problems:
    """Check the items of a list, each by itself, and that there are not too many."""
    if len(items) > MOST_ITEMS:
        yield wrong(path, f"has {len(items):,} items; the limit is {MOST_ITEMS}")
    for number, item in enumerate(items[:MOST_ITEMS]):
        sentence = "" if item is MISFIT else what_is_wrong(item)
        if sentence:
            yield wrong((*path, number), f"is {quoted(item)}: {sentence}")


def _do_problem(line: str) -> str:
    try:
        meaning = words.parse(line)
    except words.WordError as error:
        return str(error)
    if isinstance(meaning, ALONG_A_RECORDING):
        return "that moves along a recording, and none is played in a lesson"
    return "only a person can do that, not a lesson" if isinstance(meaning, FOR_PEOPLE) else ""


def _show_problem(pane: str) -> str:
    if pane in PANES:
        return ""
    return f"there is no such pane{did_you_mean(pane, PANES) or f'; it is {listed(PANES)}'}"


def _expect_problem(claim: str) -> str:
    try:
        expect.parse(claim)
    except expect.ExpectationError as error:
        return str(error)
    return ""


# ---------------------------------------------------------------- what is asked


def _check_ask(ask: Mapping[str, Any], path: KeyPath) -> Problems:
    yield from (wrong(place, "is empty; write it") for place, text in _texts(ask, path) if not text.strip())
    if "choices" not in ask:
        return
    choices, right, replies = len(ask["choices"]), ask.get("right", 1), len(ask.get("replies", ()))
    if not LEAST_CHOICES <= choices <= MOST_CHOICES:
        yield wrong((*path, "choices"), f"must have from {LEAST_CHOICES} to {MOST_CHOICES} items, not {choices:,}")
    elif not 1 <= right <= choices:
        yield wrong((*path, "right"), f"goes from 1 to {choices}, the number of choices, not {quoted(right)}")
    if replies not in (0, choices):
        yield wrong((*path, "replies"), f"must have {choices} items, one for each choice, or none, not {replies:,}")


def _texts(ask: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield the texts of a question with their places."""
    if "question" in ask:
        yield (*path, "question"), ask["question"]
    for key in ("choices", "replies"):
        for number, text in enumerate(ask.get(key, ())):
            if text is not MISFIT:
                yield (*path, key, number), text
