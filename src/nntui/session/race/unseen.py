"""`nntui race`: a race without a screen, a line for each rung as it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from nntui import messages as m
from nntui.session.session import Session
from nntui.session.subject import CommandError

SLICE_SECONDS = 0.1


class UnseenRace:
    """A scenario that is opened and raced on, with a saved result beside where there is one."""

    def __init__(self, path: Path, text: str, command: m.Race, beside: m.CompareRace | None) -> None:
        opening = m.Open(text, path.name, str(path.parent))
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
