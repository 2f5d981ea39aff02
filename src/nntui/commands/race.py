"""`nntui race LESSON`: a race without a screen, told in sentences, or as one JSON object a rung."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from nntui import messages as m
from nntui.commands import INTERRUPTED, UserError, say
from nntui.scenario import library
from nntui.scenario.reader import read_text
from nntui.sentences.facts import FactTeller
from nntui.sentences.numbers import Voice
from nntui.session.race.results import as_json
from nntui.session.session import Session
from nntui.session.subject import CommandError
from nntui.words.results import race_with

WIDEST = 200  # columns of a sentence
SLICE_SECONDS = 0.1
TOLD = (m.RaceBegan, m.Preparing, m.LaneEnded, m.RaceEnded, m.RaceCompared)


def run(arguments: argparse.Namespace) -> int:
    """Race to the end, or until ctrl-c: then what has been measured is told, too."""
    path = library.find(arguments.lesson)
    try:
        beside = None if arguments.beside is None else race_with(arguments.beside)
    except ValueError as error:
        raise UserError(str(error)) from None
    teller: Objects | Sentences = Objects() if arguments.json else Sentences()
    race = UnseenRace(path, m.Race(arguments.seconds, arguments.rungs, arguments.precision), beside)
    try:
        for fact in race.facts():
            teller.tell(fact)
    except KeyboardInterrupt:
        for fact in race.stop():
            teller.tell(fact)
        return INTERRUPTED
    return 0


class UnseenRace:
    """A scenario that is opened and raced on, with a saved result beside where there is one."""

    def __init__(self, path: Path, command: m.Race, beside: m.CompareRace | None) -> None:
        opening = m.Open(read_text(path), path.name, str(path.parent))
        self._commands: Sequence[m.Command] = [opening, *([beside] if beside else []), command]
        self._session = Session()

    def facts(self) -> Iterator[m.Fact]:
        """What happens, as it happens; CommandError where it cannot be done."""
        for command in self._commands:
            facts = self._session.handle(command)
            while True:
                for fact in facts:
                    if isinstance(fact, m.Error):
                        raise CommandError(fact.sentence)
                    yield fact
                if not self._session.busy:
                    break
                facts = self._session.work(time.perf_counter() + SLICE_SECONDS)

    def stop(self) -> list[m.Fact]:
        """Stop in the middle: what was measured until then."""
        return self._session.handle(m.Stop())


class Sentences:
    """Tells a race as the plain front end does."""

    def __init__(self) -> None:
        self._teller, self._voice = FactTeller(), Voice(width=WIDEST)

    def tell(self, fact: m.Fact) -> None:
        """Say what belongs to the race; what belongs to opening the lesson is passed over."""
        if isinstance(fact, TOLD):
            say(" ".join(self._teller.tell(fact, self._voice)))


class Objects:
    """Tells a race as one object a rung: of each that ends, and of those that are absent, whose note says why."""

    def __init__(self) -> None:
        self._view: m.RaceView | None = None
        self._told = 0  # lanes that have ended

    def tell(self, fact: m.Fact) -> None:
        """Print the rungs that a fact is the first to tell of."""
        if isinstance(fact, m.RaceBegan):
            self._view = fact.view
            for lane in fact.view.lanes:
                if lane.state == "absent":
                    say(as_json(lane, fact.view))
        elif isinstance(fact, m.LaneEnded) and self._view is not None:
            say(as_json(fact.lane, self._view))
            self._told += 1
        elif isinstance(fact, m.RaceEnded) and fact.stopped:  # in the middle of a rung, maybe
            for lane in [lane for lane in fact.view.lanes if lane.state in ("done", "failed")][self._told :]:
                say(as_json(lane, fact.view))
