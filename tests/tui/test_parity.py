"""Plain and screen are compared: every number on the screen, and every word that names something, is in a sentence."""

from __future__ import annotations

import io
import re

import pytest
from hall import Hall, hall

from nntui import messages as m
from nntui import words
from nntui.plain.front import Plain
from nntui.scenario.library import find
from nntui.session.process.local import LocalEngine
from nntui.session.race import widths
from nntui.tui.panes.code import CodePane
from nntui.tui.panes.ladder import LadderPane
from nntui.tui.panes.landscape import LandscapePane
from nntui.tui.panes.loss import LossPane
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.picture import PicturePane
from nntui.tui.panes.race import RacePane
from nntui.tui.panes.sweep import SweepPane
from nntui.tui.panes.widths import WidthsPane
from nntui.tui.story import ORDINARY

ASKED = (
    "where", "summary", "show code", "show values", "show network", "show diagram", "show loss", "show twist",
    "show picture", "show confusion", "show settings", "show weights", "why output", "why loss", "show graph",
    "show tensor", "show ladder", "show race", "show widths", "show landscape", "show sweep", "show gradient", "show confusion",
)  # fmt: skip
NUMBER = re.compile(r"(?<![\w.])([−-]?\d[\d,]*(?:\.\d+)?(?:e[−-]?\d+)?)(?: (k|M|G|million|billion)(?!\w))?")
SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "million": 1e6, "G": 1e9, "billion": 1e9}


class Asked:
    """An engine for the plain front end that asks the one that the screen has."""

    def __init__(self, place: Hall) -> None:
        self.place = place

    def ask(self, query: m.Query, timeout: float = 0.0) -> m.Result:
        return self.place.engine.ask(query)


def sentences(place: Hall, asked: tuple[str, ...] = ASKED) -> str:
    """All that the plain front end says of the state that the screen shows, with all detail."""
    out = io.StringIO()
    plain = Plain(Asked(place), out)  # type: ignore[arg-type]
    plain.answer("full")
    for line in asked:
        plain.answer(line)
    plain.answer("digits 3")
    for line in asked:
        plain.answer(line)
    return out.getvalue()


def numbers(text: str) -> set[float]:
    """The numbers in a text, "2.1 k" and "2.1 million" at their size."""
    found = set()
    for match, scale in NUMBER.findall(text.replace("−", "-")):
        try:
            found.add(float(f"{float(match.replace(',', '')) * SCALES[scale]:.12g}"))
        except ValueError:
            continue
    return found


def is_said(value: float, said: set[float]) -> bool:
    """Whether a number is among those said, as it is or rounded to fewer digits on the screen; its sign may stand apart."""
    if value in said or -value in said:
        return True
    if 0 < abs(value) < 1e-5:  # as powers of ten are written: by their leading digits
        leading = len(f"{abs(value):.10e}".partition("e")[0].rstrip("0").replace(".", ""))
        return any(float(f"{abs(other):.{leading - 1}e}") == abs(value) for other in said)
    digits = len(f"{abs(value):.10g}".partition(".")[2])
    return digits > 0 and any(round(abs(other), digits) == round(abs(value), digits) for other in said)


def told(lesson: str, lines: tuple[str, ...]) -> str:
    """What the plain front end says on the way when the same is done with it."""
    out = io.StringIO()
    with LocalEngine.start() as engine:
        plain = Plain(engine, out)
        plain.open(find(lesson))
        plain.read(lines)
    return out.getvalue()


def facts_of(pane: Pane) -> str:
    """What stands in a pane and in its frame, but line numbers of the source and the scale at the left of a plot."""
    rows = [strip.text for strip in pane._rows]
    below = str(pane.border_subtitle or "")
    if isinstance(pane, LadderPane):
        below = ""  # how far one has scrolled in the source
    if isinstance(pane, RacePane):
        rows = rows[1:]  # the decades over the bars
    if isinstance(pane, WidthsPane) and pane._plot is not None:
        beside = pane._plot.left - 1  # the decades, and the curves: their points are told below for each width
        rows = [row for row in rows if row[beside : beside + 1] not in ("│", "┤")]
        rows = [re.sub(r"\b\d (?=loops|num)|(?<=\d):\d\b", "", row) for row in rows]  # the digit that marks a curve
    if isinstance(pane, CodePane):
        rows = [row[pane._gutter_width() :] for row in rows]
    if isinstance(pane, LossPane | PicturePane) and pane._plot is not None:
        rows = [row[pane._plot.left :] for row in rows]
    if isinstance(pane, SweepPane):
        rows = [
            re.sub(r" in [\d.]+ s$", "", row.rstrip()) for row in rows
        ]  # measured: each sweep has a time of its own
    if isinstance(pane, LandscapePane):
        rows = rows[:-1]  # the scale of its colours: the ends of the map as finely as the screen has room for it
    return "\n".join([*rows, str(pane.border_title or ""), below])


async def check(place: Hall, lesson: str, lines: tuple[str, ...], asked: tuple[str, ...] = ASKED) -> set[str]:
    """Hold that every number on the screen is said; return the kinds of panes that were there."""
    said = numbers(sentences(place, asked))
    work = place.app.work
    on_the_way = numbers(told(lesson, lines))
    assert numbers(facts_of(work.narration)) <= said | on_the_way
    for pane in (work.header, *work.board.shown):
        missing = {value for value in numbers(facts_of(pane)) if not is_said(value, said)}
        assert not missing, (pane.kind, missing)
    return {pane.kind for pane in work.board.shown}


@pytest.mark.parametrize("lesson", ["xor", "2", "digits", "circle"])
@pytest.mark.parametrize(
    "lines", [(), ("run 40", "walk predict", "until 36"), ("run 30", "back 10 step", "sample 2", "back 1 line")]
)  # fmt: skip
async def test_every_number_on_the_screen_can_be_had_by_a_sentence(lesson: str, lines: tuple[str, ...]) -> None:
    async with hall(lesson, (160, 50)) as place:
        await place.say(*lines)
        shown = await check(place, lesson, lines)
        await place.press("v")
        shown |= await check(place, lesson, lines)
        if lesson != "2":
            assert shown == {*ORDINARY, "ladder", "race"}


@pytest.mark.parametrize(
    "lines",
    [
        ("input 0.5, -0.25",), ("twist weights[0][0][1] 0.5", "step 30 line", "break 34"),
        ("graph b + c a=2 b=3*a c=2*b", "forward", "backward", "backward 3"),
        ("graph tanh(a*b + c) a=2 b=-3 c=0.5", "forward 2"), ("graph loss", "forward", "backward 5"),
        ("landscape weights[0][0][0] weights[1][0][0] 2",), ("run 60", "landscape"), ("run 60", "sweep 0.5"),
        ("slope weights[0][1][0] 0.01",), ("slope weights[0][1][0] 1e-13",), ("draw gradient", "run 30"),
        ("method gradient", "rate 0.5", "run 20", "try"), ("show confusion",),
        ("tensor 3 4", "tensor transpose", "tensor down"), ("tensor weights 0", "tensor slice ::2 1"),
        ("tensor inputs", "tensor flatten"), ("tensor product", "tensor next 3"), ("tensor 3 1", "tensor broadcast 2 3 4"),
    ],
)  # fmt: skip
async def test_what_is_done_by_hand_can_be_had_by_a_sentence_too(lines: tuple[str, ...]) -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say(*lines)
        await check(place, "xor", lines)


async def test_the_table_of_answers_and_the_curves_that_are_kept_can_be_had_by_sentences() -> None:
    async with hall("digits", (160, 50)) as place:
        lines = ("run 30", "pin", "reset", "method twist", "run 40", "axis predictions", "mistake")
        await place.say(*lines)
        for _ in range(4):
            if "confusion" not in {pane.kind for pane in place.app.work.board.shown}:
                await place.press("V")
        shown = await check(place, "digits", lines)
        assert {"confusion", "loss"} <= shown


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize(
    "lines",
    [
        ("ladder numpy", "check", "ladder loops"), ("ladder numba-generated",), ("race 0.01 loops,numpy 32,64",),
        ("use numpy", "method gradient", "race 0.01 loops,numpy", "widths 0.01 loops,numpy"),
    ],
)  # fmt: skip
async def test_what_the_ladder_and_the_races_show_can_be_had_by_sentences(
    lines: tuple[str, ...], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widths, "WIDTHS", (2, 10))  # wider ones take longer and are told alike
    async with hall("xor", size) as place:
        await place.say(*lines)
        shown: set[str] = set()
        for _ in range(3):
            shown |= await check(place, "xor", lines, ("where", "show ladder", "show race", "show widths"))
            await place.press("V")
        assert shown >= {"ladder", "race", "widths"}


async def test_every_view_that_the_screen_draws_can_be_shown_in_words() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("graph a*b a=2 b=3", "tensor 3 4", "widths 0.01 numpy")
        drawn = {pane.needs for pane in place.app.work.board.panes.values()}
        for view in drawn:
            meaning = words.parse(f"show {view}")
            assert isinstance(meaning, m.AskView)
            assert not isinstance(place.engine.ask(meaning), m.Refused)


async def test_every_command_that_a_key_sends_has_words() -> None:
    async with hall("xor") as place:
        await place.press("space", "t", "right", "down", "x", "w", "k", "r", "r", "n", "escape", "U")
        for command in place.sent:
            assert words.say(command)
