"""Strangers' scenarios and tables: text and structure of the shipped ones, changed in any way.

    python benchmarks/fuzz_scenarios.py CASES [SEED [FIRST]]   mutations, from the case FIRST on
    python benchmarks/fuzz_scenarios.py case NUMBER [SEED]     one of them alone, in this process

Each case is read from a file, checked, and, where nothing is wrong with it, written and read back, opened, led through
and trained for a moment, with all that is told put into the sentences of the plain front end. A third of the cases
have a CSV of their own. Nothing may end in a traceback, take more than a second of processor time to be refused, or
more than 300 MB; what is within the limits may take longer to be opened, for the limits allow large networks.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
from fuzzing import (
    HOSTILE,
    OF_A_FILE,
    POINTS,
    STEERING,
    Fuzz,
    Listener,
    Trial,
    Watch,
    changed,
    check_sentence,
    check_text,
    text_of,
    texts,
)  # fmt: skip

from nntui import messages as m
from nntui.scenario import library
from nntui.scenario.check import check
from nntui.scenario.reader import ScenarioError, read_text
from nntui.scenario.write import _table, to_toml
from nntui.session.session import Session

OPENED_SECONDS = 8.0  # for what is within the limits
LITERALS = (
    "nan", "inf", "-inf", "1e999", "9" * 5_000, "0x" + "f" * 400, "1_000", "1979-05-27T07:32:00Z", "07:32:00", "true",
    "[" * 3_000 + "]" * 3_000, "{a={b={c=1}}}", '"""\n' + "x\n" * 2_000 + '"""', "'''\x1b[2J'''", '"\\u001b[31m"',
    '"\\U0010FFFF\\u202e"', '"\\ud800"', "[1, 2.5, \"x\", true]", "[[0.5], [0.5]]", "-0.0", "1e-400", '""', "[]", "{}",
    "",
)  # fmt: skip
LINES = (
    "[state]\nstep = 5", "[state]\nparameters = {weights = [[[1.0]]]}", "[[beat]]\nsay = \"x\"",
    "[data]\nname = \"xor\"",
    "a.b.c.d.e = 1", "." * 100 + "=1", "a" * 70_000 + " = 1", ("a." * 20_000) + "b = 1", "[" + "x." * 5_000 + "y]",
    "format = 2", "format = -1", "#" + "x" * 100_000, "\x00", "\ufeff", "\x1b]0;x\x07 = 1", "title = '''", '"\\',
    "\r\r\r", "[[",
    "[check]\ndo = [\"run 5\"]\nexpect = [\"loss < 9\"]",
)  # fmt: skip
DONE = (
    "run 2", "step", "walk predict", "walk stage 2", "step 5", "back 2", "until 30", "twist", "try 3", "sample 2",
    "sample 99",
    "mistake", "input 0.5 0.5", "set weights[0][0][0] 1e300", "twist biases[0][0] -1e30", "point outputs[1][0]",
    "use numpy",
    "graph loss", "graph tanh(a*b+c)/d a=1 b=2 c=0 d=0", "forward", "backward 4", "backward", "tensor 3 4",
    "tensor weights 1",
    "tensor reshape 4 3", "tensor transpose", "tensor slice 0:2", "slope weights[0][0][0] 0.1", "sweep 1e30",
    "rate 1000",
    "landscape weights[0][0][0] biases[0][0] 1e9", "layers 3 3", "activation relu", "noise 5", "reseed 3",
    "batch 100000", "decay 1",
    "edges gradient", "axis seconds", "pin", "optimizer adam", "momentum 0.999", "goto 0", "break 30", "mark x",
    "method gradient",
    "data digits", "data moons", "show loss", "why loss",
)  # fmt: skip
CELLS = (
    "nan",
    "inf",
    "-1e999",
    "1_000",
    "0x10",
    "",
    " ",
    "1e400",
    "\u0661",
    "=1+1",
    '"',
    '"a\nb"',
    "1;2",
    "9" * 400,
    "-",
    "1.5.2",
    *STEERING,
)


class Cases:
    """The cases of a seed."""

    def __init__(self, seed: int, place: Path) -> None:
        self._seed, self._place = seed, place
        self._texts = [path.read_text("utf-8") for path in sorted(library.folder().glob("*.toml"))] + [OF_A_FILE] * 8
        self._tables = [tomllib.loads(text) for text in self._texts]

    def made(self, case: int) -> tuple[bytes, dict[str, bytes], random.Random]:
        """The file of a case, those beside it, and the dice that go on from there."""
        dice = random.Random(self._seed * 1_000_003 + case)
        beside = {"points.csv": POINTS.encode()}
        if dice.random() < 0.3:
            beside, text = _with_a_table(dice)
        elif dice.random() < 0.3:
            text = self._other_play(dice)
        elif dice.random() < 0.5:
            text = self._other_structure(dice)
        else:
            text = self._other_text(dice)
        data = text.encode("utf-8", "surrogatepass")
        if dice.random() < 0.03:
            data = bytes(byte if dice.random() > 0.01 else dice.randrange(256) for byte in data)
        return data, beside, dice

    def _other_structure(self, dice: random.Random) -> str:
        """Well-formed TOML that says something else."""
        tables = json.loads(json.dumps(dice.choice(self._tables), default=str))
        for _ in range(dice.choice((1, 1, 2, 4))):
            changed(tables, dice)
        if dice.random() < 0.2:
            other = dice.choice(self._tables)
            tables |= {key: other[key] for key in other if dice.random() < 0.3}
        with contextlib.suppress(Exception):
            return "\n".join(_table((), tables)).lstrip("\n") + "\n"
        return self._other_text(dice)

    def _other_text(self, dice: random.Random) -> str:
        """Text with changes anywhere."""
        text = dice.choice(self._texts)
        for _ in range(dice.choice((1, 1, 2, 3, 6))):
            text = dice.choice((_other_literal, _other_line, _other_place, _spliced(self._texts)))(text, dice)
        return text

    def _other_play(self, dice: random.Random) -> str:
        """A lesson whose beats do something else, within what a lesson may do."""
        tables = json.loads(json.dumps(dice.choice(self._tables), default=str))
        beats = tables.setdefault("beat", [{"say": "One."}, {"say": "Two."}])
        for beat in beats[:3]:
            beat["do"] = [dice.choice(DONE) for _ in range(dice.randint(1, 3))]
        with contextlib.suppress(LookupError, TypeError):
            tables["data"] = {
                "name": dice.choice(("xor", "circles", "spiral")),
                "samples": dice.choice((1, 2, 50)),
                "noise": 0.1,
            }
            tables["model"]["layers"] = [2, *([dice.choice((1, 2, 5))] * dice.choice((0, 1, 2))), dice.choice((1, 2))]
            tables["training"] = {"method": dice.choice(("twist", "gradient")), "rung": dice.choice(("loops", "numpy")),
                                  "optimizer": dice.choice(("sgd", "momentum", "adam")), "batch_size": dice.choice((1,
                                  7, 100))}  # fmt: skip
            tables.pop("state", None)
        return "\n".join(_table((), tables)).lstrip("\n") + "\n"

    def trial(self) -> Trial:
        """Try cases in this process."""

        def one(case: int, watch: Watch) -> str:
            data, beside, dice = self.made(case)
            path = self._place / "case.toml"
            path.write_bytes(data)
            for name, content in beside.items():
                (self._place / name).write_bytes(content)
            return tried(path, dice, watch)

        return one

    def kept(self, case: int) -> str:
        """Keep the files of a case."""
        data, beside, _ = self.made(case)
        folder = Path(tempfile.gettempdir()) / f"fuzz-{self._seed}-{case}"
        folder.mkdir(exist_ok=True)
        for name, content in {**beside, "case.toml": data}.items():
            (folder / name).write_bytes(content)
        return str(folder)


# ---------------------------------------------------------------- mutations


def _other_literal(text: str, dice: random.Random) -> str:
    """Another value somewhere."""
    places = list(re.finditer(r"(?<==)\s*[^\n]*|-?\b\d[\d.e]*\b|\"[^\"\n]*\"", text))
    if not places:
        return text
    place = dice.choice(places)
    new = dice.choice(
        (
            dice.choice(LITERALS),
            json.dumps(text_of(dice)),
            str(dice.choice(HOSTILE[:17])),
            json.dumps(dice.choice(STEERING)),
        )
    )
    return f"{text[: place.start()]} {new} {text[place.end() :]}"


def _other_line(text: str, dice: random.Random) -> str:
    """A line more, less, twice or elsewhere."""
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    deed = dice.randrange(4)
    if deed == 0:
        lines.insert(at, dice.choice(LINES))
    elif deed == 1:
        del lines[at]
    elif deed == 2:
        lines.insert(at, dice.choice(lines))
    else:
        lines.insert(dice.randrange(len(lines)), lines.pop(at))
    return "\n".join(lines)


def _other_place(text: str, dice: random.Random) -> str:
    """A few characters more or less."""
    at = dice.randint(0, len(text))
    deed = dice.randrange(3)
    if deed == 0:
        return text[:at] + text[at + dice.randint(1, 30) :]
    new = dice.choice(
        ('"', "'", "[", "]", "{", "}", "=", "#", "\\", "\n", ",", ".", "-", "0", "\ud800", "\U0001f469", *STEERING)
    )
    return text[:at] + new * (1 if deed == 1 else dice.randint(1, 200)) + text[at:]


def _spliced(others: list[str]) -> Callable[[str, random.Random], str]:
    def spliced(text: str, dice: random.Random) -> str:
        """The beginning of one and the end of another."""
        other = dice.choice(others)
        return text[: dice.randint(0, len(text))] + other[dice.randint(0, len(other)) :]

    return spliced


def _with_a_table(dice: random.Random) -> tuple[dict[str, bytes], str]:
    """A scenario that reads a CSV, with another name or other content."""
    text = OF_A_FILE
    name = "points.csv"
    if dice.random() < 0.25:
        name = dice.choice(("", " ", "../points.csv", "/dev/zero", "/etc/passwd", "a/../points.csv", "points.csv/",
        ".", "http://x/y.csv",
                            "C:\\x.csv", "\x1b[31m.csv", "x" * 5_000, "points\u202e.csv", "\0", "~/.bashrc",
                            "case.toml"))  # fmt: skip
        text = text.replace('"points.csv"', json.dumps(name))
    rows = [line.split(",") for line in POINTS.rstrip("\n").split("\n")]
    for _ in range(dice.choice((0, 1, 2, 5))):
        row = dice.choice([known for known in rows if known] or [["a"]])
        deed, few = dice.random(), sum(map(len, rows)) < 500
        if deed < 0.5:
            row[dice.randrange(len(row))] = dice.choice(CELLS) if dice.random() < 0.8 else text_of(dice)
        elif deed < 0.6 and len(row) > 1:
            row.pop()
        elif deed < 0.7:
            row += [str(dice.gauss(0, 1))] * dice.choice((1, 3, 3_000) if few else (1,))
        elif deed < 0.8:
            rows.insert(dice.randrange(len(rows)), [])
        elif deed < 0.85:
            rows += [list(row) for row in rows[1:] * 3_000] if few else []
        else:
            rows = rows[: dice.randint(1, len(rows))]
    content = dice.choice(("\n", "\n", "\n", "\r\n", "\r")).join(",".join(row) for row in rows)
    data = content.encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        data = dice.choice((b"", b"\xff\xfe", b"\0" * 50, b"\xef\xbb\xbf" + data, data[: len(data) // 2],
        data + b"\xc3", b"a\n" * 100_000,
                            b"," * 100_000, b'"' * 10_001))  # fmt: skip
    beside = {"points.csv": data}
    if dice.random() < 0.2:
        text = _other_literal(text, dice)
    if "file" in text and dice.random() < 0.1:
        columns = json.dumps([text_of(dice) for _ in range(dice.randint(0, 3))])
        text = re.sub(r"(inputs|targets) = \[.*\]", lambda found: f"{found[1]} = {columns}", text, count=1)
    return beside, text


# ---------------------------------------------------------------- trying one


def tried(path: Path, dice: random.Random, watch: Watch) -> str:
    """Read it, check it, and go about in it; what came of it, in a word."""
    try:
        with watch.over():
            text = read_text(path)
            scenario, problems = check(text, path.name, path.parent)
    except ScenarioError as error:
        check_sentence("read", str(error))
        return "not read"
    for problem in problems:
        check_sentence("check", problem)
        assert problem.startswith(path.name), f"{problem!r:.200} does not say where"
    if scenario is None:
        assert problems, "nothing is wrong, and there is no scenario"
        return "refused"
    check_text("the scenario", *texts(msgspec.to_builtins(scenario)))
    with watch.over():
        again, more = check(to_toml(scenario), path.name, path.parent)
    assert (again, more) == (scenario, []), f"it does not come back as it was written: {more}"
    return _gone_about(text, path, dice, watch)


def _gone_about(text: str, path: Path, dice: random.Random, watch: Watch) -> str:
    """Open it, and try a few things."""
    session, listener = Session(), Listener()
    with watch.over(OPENED_SECONDS):
        facts = session.handle(m.Open(text, path.name, str(path.parent)))
        facts += session.work(time.perf_counter() + 0.02)
    listener.hear(facts)
    errors = [fact.sentence for fact in facts if isinstance(fact, m.Error)]
    if session.desk is None:
        assert errors, "it is good, and not opened, and nobody says why"
        return "not opened"
    commands = [
        m.Next(),
        m.Next(),
        m.Step(),
        m.Run(2),
        m.Answer(1),
        m.ChooseSample(1),
        m.Undo(),
        m.Walk("predict"),
        m.Goto(0),
    ]
    for command in dice.sample(commands, 3):
        with watch.over(OPENED_SECONDS):
            listener.hear(session.handle(command))
            listener.hear(session.work(time.perf_counter() + 0.005))
        with watch.over(OPENED_SECONDS):
            listener.hear(session.handle(m.Stop()))
    view: m.View
    for view in dice.sample(m.VIEWS, 2):
        with watch.over(OPENED_SECONDS):
            listener.answered(session.ask(m.AskView(view, "", (40, 12)), glance=True))
    with watch.over(OPENED_SECONDS):
        listener.answered(session.ask(m.AskScenario()))
        session.snapshot()
    return "opened"


def main(arguments: list[str]) -> int:
    """Do what was asked for."""
    alone = arguments[:1] == ["case"]
    numbers = [int(word) for word in arguments[alone:]]
    seed = numbers[1] if len(numbers) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(seed, Path(folder))
        if alone:
            print(cases.kept(numbers[0]))
            print(cases.trial()(numbers[0], Watch()))
            return 0
        first = numbers[2] if len(numbers) > 2 else 0
        return 0 if Fuzz(cases.trial, cases.kept).run(first, numbers[0] if numbers else 1_000) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
