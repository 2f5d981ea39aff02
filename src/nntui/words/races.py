"""The words of the race: how long, which rungs, in which precisions, in any order."""

from __future__ import annotations

import re
from collections.abc import Callable

from nntui import messages as m
from nntui.words.arguments import number
from nntui.words.word import Meaning, Own, WordError, fail

PRECISIONS = {"32": (32,), "64": (64,), "32,64": (32, 64), "64,32": (64, 32)}


def read_race(rest: list[str]) -> Meaning:
    """`race`, `race 1 numpy,numba 32`, `race widths 0.1`, `race with FILE`, `race alone`.

    A result is a file, which the front end reads: the engine is given its text.
    """
    if rest[:1] == ["widths"]:
        return read_widths(rest[1:])
    if rest == ["alone"]:
        return m.CompareRace()
    if rest[:1] == ["with"]:
        if len(rest) < 2:
            raise fail("race")
        return Own("race with", " ".join(rest[1:]))
    seconds, rungs, precisions = _read("race", rest)
    return m.Race(m.Race().seconds if seconds is None else seconds, rungs, precisions)  # type: ignore[arg-type]


def read_widths(rest: list[str]) -> Meaning:
    """`widths`, `widths 0.1 numpy,numba`."""
    seconds, rungs, precisions = _read("widths", rest)
    if precisions:
        raise WordError("a race over widths is run in the precision of the scenario; `race 1 32,64` races both")
    return m.RaceWidths(m.RaceWidths().seconds if seconds is None else seconds, rungs)


def _read(word: str, rest: list[str]) -> tuple[float | None, tuple[str, ...], tuple[int, ...]]:
    """Seconds, rungs and precisions; 32 and 64 are precisions, for that is longer than most want to wait."""
    seconds: float | None = None
    precisions: tuple[int, ...] = ()
    rungs: list[str] = []
    for token in re.sub(r"\s*,\s*", ",", " ".join(rest)).strip(", ").split():
        if token in PRECISIONS and not precisions:
            precisions = PRECISIONS[token]
        elif token[:1].isdigit() or token[:1] in ".+-−":
            if seconds is not None:
                raise fail(word)
            seconds = number(token, "the time of each rung")
            if not m.SHORTEST_RACE <= seconds <= m.LONGEST_RACE:
                raise WordError(
                    f"each rung races for {m.SHORTEST_RACE:g} to {m.LONGEST_RACE:g} seconds, not {token[:40]}"
                )
        else:
            rungs += [part[:200] for part in token.split(",") if part]
    if len(rungs) > m.MOST_RACERS:
        raise WordError(f"at most {m.MOST_RACERS} rungs race, not {len(rungs):,}")
    return seconds, tuple(rungs), precisions


def race_words(c: m.Race | m.RaceWidths) -> list[str]:
    """What stands behind the word, with nothing that goes without saying."""
    seconds = [] if c.seconds == type(c)().seconds else [f"{c.seconds:f}".rstrip("0").rstrip(".")]
    if seconds and float(seconds[0]) != c.seconds:
        seconds = [repr(c.seconds)]
    if seconds and seconds[0] in PRECISIONS:
        seconds = [f"{seconds[0]}.0"]
    bits = [] if isinstance(c, m.RaceWidths) or not c.precisions else [",".join(str(bit) for bit in c.precisions)]
    return [*seconds, *([",".join(c.rungs)] if c.rungs else []), *bits]


def optional(name: str, make: Callable[[str], Meaning]) -> Callable[[list[str]], Meaning]:
    """For a word with one name behind it, or none."""

    def read(rest: list[str]) -> Meaning:
        if len(rest) > 1:
            raise fail(name)
        return make("".join(rest)[:200])

    return read
