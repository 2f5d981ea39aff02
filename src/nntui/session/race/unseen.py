"""`nntui race`: a race without a screen, a line for each rung as it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from nntui import messages as m
from nntui.session.session import Session
from nntui.session.subject import CommandError

SLICE_SECONDS = 0.1


def facts_of(path: Path, text: str, command: m.Race, beside: m.CompareRace | None) -> Iterator[m.Fact]:
    """Open a scenario, race, and give what happens as it happens; CommandError where it cannot be done.

    Whoever closes this in the middle stops the race: its end is then given by `stop`.
    """
    session = Session()
    commands: Sequence[m.Command] = [m.Open(text, path.name, str(path.parent)), *([beside] if beside else []), command]
    for each in commands:
        facts = session.handle(each)
        while True:
            for fact in facts:
                if isinstance(fact, m.Error):
                    raise CommandError(fact.sentence)
                yield fact
            if not session.busy:
                break
            try:
                facts = session.work(time.perf_counter() + SLICE_SECONDS)
            except KeyboardInterrupt:
                yield from session.handle(m.Stop())
                raise
