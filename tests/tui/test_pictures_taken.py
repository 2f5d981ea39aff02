"""Recordings taken away as pictures: a cast that plays what was on the screen, and a page that can be read anywhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pyte
import pytest
from hall import hall
from recorded import record
from rich.segment import Segment
from rich.style import Style

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording.records import RecordingError
from nntui.session.recording.taking.rerun import Rerun
from nntui.tui.look import THEMES
from nntui.tui.taking import write_cast, write_handout
from nntui.tui.taking.cast import Cast
from nntui.tui.taking.svg import Classes, drawn

LESSON = ("next", "answer 1", "next", "mark a <good> question", "next", "guesses 3 12 5", "answer 1", "next")
SIZE = (80, 24)
HOSTILE = """
format = 1
title = "<script>alert(1)</script> [/red] & co"
summary = "</style><img src='https://example.org/x.png'/>"

[data]
name = "xor"

[model]
kind = "mlp"
layers = [2, 4, 2, 1]
seed = 7

[[beat]]
say = "--><h1>no</h1>"
do = ["run 3"]
"""


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A lesson that was recorded, and what is taken away of it."""
    folder = tmp_path_factory.mktemp("taken")
    files = {name: folder / f"two.{name}" for name in ("nnrec", "cast", "html")}
    record(files["nnrec"], "2", LESSON)
    write_cast(files["nnrec"], files["cast"], columns=SIZE[0], rows=SIZE[1], pause=2.0)
    write_handout(files["nnrec"], files["html"], columns=100, rows=30)
    return files


def events(path: Path) -> tuple[dict[str, Any], list[tuple[float, str, str]]]:
    """The header of a cast and its events."""
    header, *lines = path.read_text("utf-8").splitlines()
    return json.loads(header), [tuple(json.loads(line)) for line in lines]


def shown(path: Path, *times: float) -> list[list[str]]:
    """What a terminal shows after so many seconds of a cast, and at its end."""
    header, found = events(path)
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    seen: list[list[str]] = []
    for at, kind, data in [*found, (1e9, "", "")]:
        while len(seen) < len(times) and at > times[len(seen)]:
            seen.append([row.rstrip() for row in screen.display])
        stream.feed(data if kind == "o" else "")
    return [*seen, [row.rstrip() for row in screen.display]]


# ---------------------------------------------------------------- the cast


def test_a_cast_is_what_the_format_says(taken: dict[str, Path]) -> None:
    header, found = events(taken["cast"])
    assert (header["version"], header["width"], header["height"]) == (2, *SIZE)
    assert header["title"] == "Lesson 2: Twist"
    assert header["idle_time_limit"] == 2.0
    assert header["timestamp"] > 1_700_000_000
    assert len(header["theme"]["palette"].split(":")) == 16
    times = [at for at, _, _ in found]
    assert times == sorted(times)
    assert times[0] == 0
    for _, kind, data in found:
        assert kind in "om"
        rest = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", data)
        assert rest.isprintable(), rest  # no code is cut, and nothing else steers


def test_beats_and_marks_are_markers_and_long_pauses_are_shortened(taken: dict[str, Path]) -> None:
    found = events(taken["cast"])[1]
    labels = [data for _, kind, data in found if kind == "m"]
    assert [label.partition(":")[0] for label in labels] == [
        "Beat 1", "Beat 2", "Beat 3", "a <good> question", "Beat 4", "Beat 5",
    ]  # fmt: skip
    assert 2.0 * len(LESSON) <= found[-1][0] <= 2.0 * len(LESSON) + 3  # five seconds were between two commands


def test_what_comes_at_once_behind_a_marker_comes_behind_it() -> None:
    cast = Cast()
    cast.marker(2.0, "here")
    cast.picture(2.0, "there")
    assert [json.loads(line)[0] for line in cast.events] == [2.001, 2.001]


async def test_a_cast_ends_with_what_was_on_the_screen_and_comes_by_all_that_was_before(taken: dict[str, Path]) -> None:
    seen: list[list[str]] = []
    async with hall("2", SIZE) as lecturer:
        for line in LESSON:
            await lecturer.say(line)
            seen.append(lecturer.rows)
    # The lesson was opened two seconds before the first of them.
    assert shown(taken["cast"], *(2.0 * number + 3.0 for number in range(len(LESSON)))) == [*seen, seen[-1]]


# ---------------------------------------------------------------- the page


def words_of(page: Element, kind: str) -> list[str]:
    """What stands in all elements of a kind."""
    return [" ".join("".join(found.itertext()).split()) for found in page.iter(kind)]


def test_a_handout_tells_what_was_said_asked_and_guessed(taken: dict[str, Path]) -> None:
    text = taken["html"].read_text("utf-8")
    page = fromstring(text)
    assert words_of(page, "h1") == ["Handout: Lesson 2: Twist"]
    assert [re.split(" of| 0:", head)[0] for head in words_of(page, "h3")] == [
        "Beat 1", "Beat 2", "Beat 3", "Marked: a <good> question", "Beat 4", "Beat 5",
    ]  # fmt: skip
    assert len(words_of(page.find(".//nav") or page, "li")) == 7
    said = " ".join(words_of(page, "p"))
    assert "three neurons, with nine numbers that nobody chose" in said
    assert "By 0.1 the loss fell, by 0.5 it rose" in said
    assert "about 0.5 (12 of 20, 60 percent)" in " ".join(words_of(page, "li"))
    assert "Answer 1. Not so." in said
    assert any("Step 326. Loss 0.0372" in caption for caption in words_of(page, "figcaption"))


def test_a_handout_needs_nothing_beside_it_and_every_picture_is_told(taken: dict[str, Path]) -> None:
    text = taken["html"].read_text("utf-8")
    assert not re.search(r"https?:|url\(|@import|<script|<img|<link", text)
    page = fromstring(text)
    pictures = list(page.iter("svg"))
    told = {found.get("id"): " ".join(found.itertext()) for found in page.iter("div")}
    assert len(pictures) == len(words_of(page, "figcaption")) >= 5
    for picture in pictures:
        assert picture.get("role") == "img"
        assert "beat" in told[picture.get("aria-labelledby")]
    anchors = {found.get("id") for found in page.iter()}
    assert all((link.get("href") or "")[1:] in anchors for link in page.iter("a"))


def test_what_a_stranger_writes_stands_there_as_text(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(HOSTILE)
    path = record(tmp_path / "bad.nnrec", str(tmp_path / "bad.toml"), ("next", 'mark "><svg onload=x>', "next"))
    write_handout(path, tmp_path / "bad.html", columns=60, rows=16, theme="projector")
    page = fromstring((tmp_path / "bad.html").read_text("utf-8"))
    assert not list(page.iter("script")) + list(page.iter("img"))
    assert len(words_of(page, "h1")) == 1
    assert "<script>alert(1)</script> [/red] & co" in words_of(page, "h2")[0]
    assert 'Marked: "><svg onload=x>' in words_of(page, "h3")[1]
    assert all("onload" not in found.attrib for found in page.iter())
    write_cast(path, tmp_path / "bad.cast", columns=60, rows=16)
    assert events(tmp_path / "bad.cast")[0]["title"] == "<script>alert(1)</script> [/red] & co"


def test_glyphs_of_a_picture_stand_in_their_columns() -> None:
    style = Style(color="#ff0000", bgcolor="#00ff00", bold=True)
    rows = [[Segment("a<b  &", None), Segment("▀▀", style)], [Segment("│⣿⣀ ──╮", style), Segment("字", None)]]
    classes = Classes()
    picture = fromstring(drawn(rows, 9, THEMES["dark"], classes, 'role="img"'))
    texts = {found.text: found for found in picture.iter("text")}
    assert list(texts) == ["a<b", "&", "⣿⣀", "字"]
    assert [(found.get("x"), found.get("textLength")) for found in texts.values()] == [
        ("0", "30"), ("50", "10"), ("10", "20"), ("70", "20"),
    ]  # fmt: skip
    assert texts["⣿⣀"].get("lengthAdjust") == "spacingAndGlyphs"
    paths = [found.get("d") for found in picture.iter("path")]
    assert "M60 0h20v20h-20z" in (paths[0] or "")  # the ground
    assert "M60 0h20v10h-20z" in (paths[1] or "")  # two half blocks
    assert "{fill:#ff0000}" in classes.rules()


CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
MEASURE = """<script>
const wrong = [...document.querySelectorAll("svg text")].filter(
  t => Math.abs(t.getBBox().width - t.textLength.baseVal.value) > 1.6).map(t => t.textContent);
document.title = `${document.querySelectorAll("svg text").length} texts, ${wrong.length} wrong: ${wrong.slice(0, 5)}`;
</script></body>"""


@pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
def test_a_browser_shows_the_page_with_all_columns_in_line(taken: dict[str, Path], tmp_path: Path) -> None:
    text = taken["html"].read_text("utf-8")
    page = tmp_path / "measured.html"  # the page itself lets nothing run
    page.write_text(re.sub(r"<meta http-equiv.*?/>", "", text).replace("</body>", MEASURE), "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
               "--dump-dom", page.as_uri()]  # fmt: skip
    seen = subprocess.run(command, capture_output=True, timeout=100, check=True).stdout.decode()
    title = re.search(r"<title>(.*?)</title>", seen)
    assert title is not None
    assert re.match(r"\d{3,} texts, 0 wrong", title[1]), title[1]
    assert seen.count("<figure") == text.count("<figure")


# ---------------------------------------------------------------- what they are made of


def test_a_branch_begins_with_what_was_open(taken: dict[str, Path], tmp_path: Path) -> None:
    with LocalEngine.start() as engine:
        engine.play(taken["nnrec"], branches=tmp_path)
        list(engine.settle())
        for command in (m.Seek("beat", 4), m.Branch(), m.Try(2)):
            engine.send(command)
            list(engine.settle())
    branch = next(tmp_path.glob("*.nnrec"))
    write_cast(branch, tmp_path / "branch.cast", columns=80, rows=24)
    text = "\n".join(shown(tmp_path / "branch.cast")[-1])
    assert "2  Twist" in text
    assert "beat 4/12" in text
    assert events(tmp_path / "branch.cast")[0]["title"] == "Lesson 2: Twist"


def test_a_recording_is_done_again_with_all_that_was_told(taken: dict[str, Path]) -> None:
    rerun = Rerun(taken["nnrec"])
    commands = [type(moment.command) for moment in rerun.moments if moment.command is not None]
    assert commands[:3] == [m.Open, m.Next, m.Answer]
    told = [fact for moment in rerun.moments for facts in rerun.take(moment) for fact in facts]
    assert [fact.number for fact in told if isinstance(fact, m.BeatBegan)] == [1, 2, 3, 4, 5]
    assert rerun.session.position.step == 326
    rerun.close()


def test_what_is_no_recording_or_no_size_is_refused_in_a_sentence(taken: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "no.nnrec").write_text("no recording\n")
    with pytest.raises(RecordingError, match="is no recording"):
        write_cast(tmp_path / "no.nnrec", tmp_path / "no.cast")
    with pytest.raises(RecordingError, match="a screen has 60 to 250 columns"):
        write_handout(taken["nnrec"], tmp_path / "no.html", columns=20)
    with pytest.raises(RecordingError, match="a pause is shortened"):
        write_cast(taken["nnrec"], tmp_path / "no.cast", pause=0)
    assert not list(tmp_path.glob("no.[ch]*"))
