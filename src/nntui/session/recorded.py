"""A training run without questions that is recorded: a session does it, so that it can be played and verified."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from nntui import messages as m
from nntui.models.model import ModelError
from nntui.scenario.schema import Scenario
from nntui.scenario.write import to_toml
from nntui.session.recording.recorder import Recorder
from nntui.session.run.training import Training
from nntui.session.session import Session

SLICE_SECONDS = 0.04  # of training between two looks at the file and at signals
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RecordedRun:
    """A scenario, opened without its lesson, and trained in a session that is recorded."""

    def __init__(self, scenario: Scenario, name: str, folder: str, path: Path) -> None:
        """Begin the file and open the scenario. Raises RecordingError or ModelError."""
        self.lost = ""  # why nothing is recorded any more
        self._session = Session()
        self._recorder = Recorder(path)
        self._recorder.take_up(self._session)
        self._stopped = False
        text = to_toml(msgspec.structs.replace(scenario, beat=()))
        self._obey(m.Open(text, name, folder))
        self._turn()

    @property
    def training(self) -> Training:
        """The run."""
        assert self._session.desk is not None
        return self._session.desk.training

    def advance(self, steps: int) -> list[m.Fact]:
        """Train so many steps. Raises KeyboardInterrupt at the end of a step after a signal that ends it."""
        facts = self._obey(m.Run(steps))
        while self._session.busy and not self._stopped:
            began = time.perf_counter()
            some = self._session.work(began + SLICE_SECONDS)
            self._recorder.note(self._session, some, time.perf_counter() - began)
            self._turn()
            facts += some
        if self._stopped:
            self._obey(m.Stop())
            raise KeyboardInterrupt
        return facts

    def _obey(self, command: m.Command) -> list[m.Fact]:
        facts = self._session.handle(command)
        errors = [fact.sentence for fact in facts if isinstance(fact, m.Error)]
        if errors:
            raise ModelError(errors[0])
        self._recorder.note(self._session, facts, 0.0)
        return facts

    def _turn(self) -> None:
        self._recorder.turn(self._session)
        self.lost = self._recorder.failed

    def _stop(self, number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # the second one does not wait
        self._stopped = True

    @contextmanager
    def minded(self) -> Iterator[None]:
        """While this lasts, signals that end it are heeded between slices; then the file is brought to its end."""
        before = [(number, signal.signal(number, self._stop)) for number in ENDING]
        try:
            yield
        finally:
            self._recorder.end(self._session)
            for number, handler in before:
                signal.signal(number, handler)
