"""Runs one pane alone over a real engine: `python -m nntui.tui.panes.network [LESSON] [WORDS; WORDS ...]`.

For the one who works on a pane: nothing else is on the screen; the words are obeyed first. `q` ends, `t` cycles themes,
`space` takes a step, `enter` a try.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from textual.app import App, ComposeResult

from nntui import messages as m
from nntui import words
from nntui.scenario.library import find
from nntui.scenario.reader import read_text
from nntui.sentences.numbers import Voice
from nntui.session.process.local import LocalEngine
from nntui.tui.look import THEMES, Look
from nntui.tui.panes.pane import Pane
from nntui.tui.themes import defaults, themes


class Alone(App[None]):
    """One pane and an engine in this very process."""

    CSS = "Pane { width: 1fr; height: 1fr; }"

    def __init__(self, pane: Pane, lesson: str, lines: list[str]) -> None:
        super().__init__()
        self.look = Look()
        self.voice = Voice()
        self.pane = pane
        self.engine = LocalEngine.start()
        path = find(lesson)
        self.obey(m.Open(read_text(path), path.name, str(path.parent)))
        for line in lines:
            self.obey(words.parse(line))  # type: ignore[arg-type]

    def compose(self) -> ComposeResult:
        """The pane."""
        yield self.pane

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables."""
        return defaults()

    def on_mount(self) -> None:
        """Show the first view."""
        for theme in themes():
            self.register_theme(theme)
        self.theme = "nntui-dark"
        self.call_after_refresh(self.update)

    def on_resize(self) -> None:
        """Ask for a view of the new size."""
        self.call_after_refresh(self.update)

    def obey(self, message: m.Command) -> None:
        """Send a command and wait for its end."""
        self.engine.send(message)
        for fact in self.engine.settle():
            if isinstance(fact, m.Error):
                self.notify(fact.sentence)

    def update(self) -> None:
        """Show how it looks now."""
        size = (self.pane.size.width, self.pane.size.height * getattr(self.pane, "cells_per_row", 1))
        status = self.engine.service.session.status()
        self.pane.show(self.engine.ask(m.AskView(self.pane.needs, size=size)), status)

    def on_pane_picked(self, picked: Pane.Picked) -> None:
        """Obey what a click stands for."""
        if isinstance(picked.message, words.COMMANDS):
            self.obey(picked.message)  # type: ignore[arg-type]
            self.update()

    async def on_key(self, event: object) -> None:
        """A few keys."""
        key = getattr(event, "key", "")
        if key == "q":
            self.exit()
        elif key == "t":
            names = list(THEMES)
            name = names[(names.index(self.look.colours.name) + 1) % len(names)]
            self.look = replace(self.look, colours=THEMES[name])
            self.theme = f"nntui-{name}"
            self.pane.redraw()
        elif key in ("space", "enter"):
            self.obey(m.Step() if key == "space" else m.Try())
            self.update()


def run(pane: Pane) -> None:
    """Run it with the lesson and words of the command line."""
    lesson = sys.argv[1] if len(sys.argv) > 1 else "xor"
    lines = " ".join(sys.argv[2:]).split(";") if len(sys.argv) > 2 else []
    Alone(pane, lesson, [line for line in lines if line.strip()]).run()
