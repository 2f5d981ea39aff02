"""The plain front end: a session as sentences, for ears, for a braille line, for a pipe.

Append only: nothing is redrawn, no box, no arrow, no spinner. One prompt. A mistake is answered by one line that
starts with "Error", and the next line is read.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TextIO, cast

from nntui import messages as m
from nntui import words
from nntui.scenario.keep import keep, target
from nntui.scenario.library import find, heading
from nntui.scenario.reader import read_text
from nntui.sentences.answers import AnswerTeller
from nntui.sentences.facts import FactTeller, headline
from nntui.sentences.numbers import Voice, wrapped
from nntui.session.process.inbox import EngineLost
from nntui.session.recording.records import SUFFIX
from nntui.words.results import race_with

FEW_LINES = 3  # of one answer are said; the others wait for `more`
NARROWEST, WIDEST = 20, 200  # columns of a line
FEW_CHOICES = 2  # of a word are said with "or" between
PICTURE = (9, 5)  # columns and rows of a picture in words
ASK_SECONDS = 60.0


class OpenError(ValueError):
    """The lesson that the program was started with cannot be opened; the text says why, in one sentence."""


class Engine(Protocol):
    """What the plain front end needs of an engine."""

    def send(self, command: m.Command) -> None:
        """Send a command."""

    def ask(self, query: m.Query, timeout: float = ...) -> m.Result:
        """Ask and wait for the answer."""

    def settle(self) -> Iterable[m.Fact]:
        """Give facts as they come, until nothing is running."""

    def play(self, path: str | Path, follow: bool = ..., branches: str | Path = ...) -> None:
        """Play a recording."""

    def resume(self, path: str | Path) -> None:
        """Go on where a recording ends."""

    def restart(self) -> str:
        """Start the engine anew from its last keyframe; a sentence says where that is."""


class Plain:
    """One session in sentences."""

    def __init__(self, engine: Engine, out: TextIO) -> None:
        self.engine = engine
        self.out = out
        self.voice = Voice()
        self.facts = FactTeller()
        self.answers = AnswerTeller()
        self.waiting: list[str] = []  # for `more`
        self.last: list[str] = []  # for `repeat`
        self.asked = False  # whether a question is open: then a number is its answer
        self.opened = False
        self._first: m.Open | None = None  # opened again where the engine is lost before it is open
        self.branches = ""  # the folder in which branches of a recording are recorded, if any

    # ------------------------------------------------------------ the loop

    def announce(self, path: Path) -> None:
        """Say what a shipped lesson is about before the engine has it open: its file is known to be good."""
        title, summary = heading(path)
        if title:
            self.facts.announced = headline(path.name, title, summary)
            self._say([self.facts.announced])

    def fit(self, columns: int) -> None:
        """Break lines at clauses where a narrow terminal would break them within a number."""
        self.voice = replace(self.voice, width=max(NARROWEST, min(self.voice.width, columns)))

    def open(self, path: Path) -> None:
        """Open a lesson; raises what reading it raises."""
        command = m.Open(read_text(path), path.name, str(path.parent))
        self._first = command if not self.opened else None
        self.obey(command)

    def play(self, path: Path, follow: bool = False) -> None:
        """Play a recording; one that is followed is told as it grows, until ctrl-c or its end."""
        self.engine.play(path, follow, self.branches)
        self._listen_or_stop()

    def resume(self, path: Path) -> None:
        """Go on where a recording ends."""
        self.engine.resume(path)
        self._listen_or_stop()

    def read(self, lines: Iterable[str]) -> None:
        """Read lines and answer each, until `quit` or the end."""
        for line in lines:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if not self.answer(text):
                return

    def answer(self, text: str) -> bool:
        """Answer one line; False for `quit`."""
        try:
            if self.asked and text.isdigit():
                text = f"answer {text}"
            meaning = words.parse(text)
            if isinstance(meaning, words.Own):
                return self._own(meaning)
            self.last = []
            if isinstance(meaning, words.COMMANDS):
                self.obey(cast(m.Command, meaning))
            else:
                self._ask(cast(m.Query, meaning))
        except (words.WordError, ValueError, OSError) as error:
            self._say([f"Error: {error}"])
        return True

    def obey(self, command: m.Command) -> None:
        """Send a command, and say what comes of it until nothing is running."""
        self.engine.send(command)
        self._listen_or_stop()

    def _listen_or_stop(self) -> None:
        """Say what comes until nothing is running; ctrl-c stops it."""
        try:
            self._listen()
        except KeyboardInterrupt:
            self.engine.send(m.Stop())
            self._listen()

    def _listen(self) -> None:
        try:
            for fact in self.engine.settle():
                self._hear(fact)
        except EngineLost as lost:
            self._say([f"Error: {lost}", self.engine.restart()])
            first, self._first = self._first, None
            if first is not None and not self.opened:
                self.obey(first)

    def _hear(self, fact: m.Fact) -> None:
        if isinstance(fact, m.Error) and not self.opened:
            raise OpenError(fact.sentence)
        if isinstance(fact, m.Opened | m.RecordingOpened):
            self.opened = True
        if isinstance(fact, m.Asked):
            self.asked = True
        elif isinstance(fact, m.BeatBegan | m.Opened):
            self.asked = False
        lines = self.facts.tell(fact, self.voice)
        self.answers.knows_loss = self.facts.knows_loss
        self.answers.knows_backpropagation = self.facts.introduced("backpropagation")
        if isinstance(fact, m.Told):
            lines = self.answers.tell(fact.result, self.voice)
        self._say(lines, whole=isinstance(fact, m.BeatBegan | m.Asked))

    def _ask(self, query: m.Query) -> None:
        if isinstance(query, m.AskView):
            query = m.AskView(query.view, query.address, PICTURE)
        try:
            self._say(self.answers.tell(self.engine.ask(query, ASK_SECONDS), self.voice))
        except EngineLost as lost:
            self._say([f"Error: {lost}", self.engine.restart()])

    # ------------------------------------------------------------ saying

    def say_all(self, lines: list[str]) -> None:
        """Say lines that are not an answer to anything."""
        self._say(lines, whole=True)

    def _say(self, lines: list[str], whole: bool = False) -> None:
        """Say lines; of more than a few the first, and the others when asked for."""
        self.last += lines
        if not whole and self.voice.detail != "full" and len(lines) > FEW_LINES:
            self.waiting = lines[FEW_LINES:]
            lines = [*lines[:FEW_LINES], f"{len(self.waiting):,} more lines; type more."]
            if len(self.waiting) == 1:
                lines = [*lines[:FEW_LINES], *self.waiting]
                self.waiting = []
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        for line in lines:
            for part in wrapped(line.replace("`", ""), self.voice.width):
                print(part, file=self.out)
        self.out.flush()

    # ------------------------------------------------------------ words of its own

    def _own(self, own: words.Own) -> bool:
        if own.word == "quit":
            return False
        _OWN[own.word](self, own.rest)
        return True

    def _open(self, rest: str) -> None:
        self.last = []
        if rest.endswith(SUFFIX):
            self.play(Path(rest).expanduser().absolute())
        else:
            self.open(find(rest))

    def _repeat(self, _rest: str) -> None:
        lines, self.last = self.last, []
        self._say(lines or ["Nothing has been said yet."])

    def _more(self, _rest: str) -> None:
        if not self.waiting:
            self._write(["There is no more."])
            return
        lines, self.waiting = self.waiting, []
        self._say(lines)

    def _detail(self, detail: str) -> None:
        self.voice = replace(self.voice, detail=detail)  # type: ignore[arg-type]
        self._write([{"brief": "Brief.", "normal": "Normal.", "full": "Full: all of it at once."}[detail]])

    def _digits(self, rest: str) -> None:
        self.voice = self.voice.with_digits(rest)
        said = "exactly" if not self.voice.digits else f"with {self.voice.digits} digits"
        self._write([f"Numbers are said {said}."])

    def _names(self, rest: str) -> None:
        if rest not in ("code", "spoken"):
            raise ValueError("names are said as code or spoken")
        self.voice = replace(self.voice, names=rest)  # type: ignore[arg-type]
        self._write([f"Names are said as {'the code writes them' if rest == 'code' else 'one speaks them'}."])

    def _width(self, rest: str) -> None:
        if not rest.isdigit() or not NARROWEST <= int(rest) <= WIDEST:
            raise ValueError(f"width goes from {NARROWEST} to {WIDEST} columns")
        self.voice = replace(self.voice, width=int(rest))
        self._write([f"Lines break after {rest} columns."])

    def _race_with(self, rest: str) -> None:
        self.last = []
        self.obey(race_with(rest))

    def _save(self, rest: str) -> None:
        path = target(rest)
        result = self.engine.ask(m.AskScenario(), ASK_SECONDS)
        if not isinstance(result, m.ScenarioText):
            self._say(self.answers.tell(result, self.voice))
            return
        keep(path, result.text)
        self._write([f"Saved as {path}."])

    def _help(self, rest: str) -> None:
        word = rest.split()[0].lower() if rest else ""
        if not word:
            groups = {group: [w.name for w in words.TABLE.values() if w.group == group] for group in _GROUPS}
            lines = [f"{_GROUPS[group]}: {', '.join(names)}." for group, names in groups.items()]
            self._write([*lines, "Type help and a word to hear more of it; a number answers an open question."])
            return
        if word not in words.TABLE:
            words.parse(word)  # raises, with what was meant
        row = words.TABLE[word]
        one_of = " or " if row.usage.count("|") <= FEW_CHOICES else ", "
        self._write([f"{row.usage.replace('|', one_of)}.", row.help])


_GROUPS = {"lesson": "The lesson", "move": "Move", "change": "Change", "look": "Look", "speak": "Speaking"}

_OWN: dict[str, Callable[[Plain, str], None]] = {
    "open": Plain._open,
    "repeat": Plain._repeat,
    "more": Plain._more,
    "brief": lambda plain, rest: plain._detail("brief"),
    "normal": lambda plain, rest: plain._detail("normal"),
    "full": lambda plain, rest: plain._detail("full"),
    "digits": Plain._digits,
    "names": Plain._names,
    "width": Plain._width,
    "save": Plain._save,
    "race with": Plain._race_with,
    "help": Plain._help,
}


def prompted(stdin: TextIO) -> Iterable[str]:
    """Lines typed at a prompt, or read from a pipe without one."""
    if not stdin.isatty():
        yield from stdin
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - gives input() its line editing
    while True:
        try:
            yield input("> ")
        except EOFError:
            print()  # noqa: T201 - the line of the prompt ends
            return
        except KeyboardInterrupt:
            print(file=sys.stdout)  # noqa: T201
