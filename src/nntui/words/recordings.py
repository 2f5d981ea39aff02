"""The words of marking, and of moving along a recording."""

from __future__ import annotations

from nntui import messages as m
from nntui.words.arguments import number, whole
from nntui.words.word import Meaning, WordError, fail

PLACES = {"start": 0.0, "end": 100.0}


def read_mark(rest: list[str]) -> Meaning:
    """`mark the plateau`: the rest of the line is the name."""
    if not rest:
        raise fail("mark")
    return m.Mark(_name(rest))


def read_play(rest: list[str]) -> Meaning:
    """`play`, `play 2`."""
    if not rest:
        return m.Play()
    if len(rest) > 1:
        raise fail("play")
    speed = number(rest[0], "the speed")
    if not m.SLOWEST <= speed <= m.FASTEST:
        raise WordError(f"the speed goes from {m.SLOWEST:g} to {m.FASTEST:g} times, not {rest[0][:40]}")
    return m.Play(speed)


def read_seek(rest: list[str]) -> Meaning:
    """`seek 40%`, `seek 95`, `seek 1:35`, `seek step 300`, `seek beat 3`, `seek mark NAME`, `seek next`, `seek end`."""
    first, others = (rest[0], rest[1:]) if rest else ("", [])
    if first == "mark" and others:
        return m.Seek("mark", name=_name(others))
    if first in ("step", "beat") and len(others) == 1:
        value = float(whole(others[0], f"a {first}", 0, m.MOST_STEPS))
        return m.Seek("step" if first == "step" else "beat", value)
    if others or first in ("", "step", "beat", "mark"):
        raise fail("seek")
    if first in PLACES:
        return m.Seek("percent", PLACES[first])
    if first in ("next", "last"):
        return m.Seek("next" if first == "next" else "last")
    if first.endswith("%"):
        return m.Seek("percent", _within(number(first[:-1], "the place"), 100.0, first))
    return m.Seek("time", _within(_seconds(first), m.LONGEST, first))


def _name(parts: list[str]) -> str:
    name = " ".join(parts)
    if len(name) > 2 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip() or name  # as in a shell
    if len(name) > m.MOST_NAME:
        raise WordError(f"the name of a mark has at most {m.MOST_NAME} characters, not {len(name):,}")
    return name


def _seconds(text: str) -> float:
    """`95`, `1:35`, `1:02:03`."""
    *larger, last = text.split(":")
    if not larger:
        return number(last, "the place")
    if len(larger) > 2:
        raise fail("seek")
    seconds = number(last, "the place")
    for factor, part in zip((60, 3600), reversed(larger), strict=False):
        seconds += factor * whole(part, "a place", 0, int(m.LONGEST))
    if not 0 <= number(last, "the place") < 60:
        raise WordError(f"the seconds behind a colon go from 0 to 59, not {last[:40]}")
    return seconds


def _within(value: float, most: float, text: str) -> float:
    if not 0 <= value <= most:
        raise WordError(f"a place of the recording goes from 0 to {most:,.0f}, not {text[:40]}")
    return value


def seek_words(c: m.Seek) -> str:
    """What stands behind `seek`."""
    if c.to == "mark":
        return f"mark {c.name}"
    if c.to in ("step", "beat"):
        return f"{c.to} {int(c.value)}"
    if c.to in ("next", "last"):
        return c.to
    return f"{c.value!r}%" if c.to == "percent" else repr(c.value)
