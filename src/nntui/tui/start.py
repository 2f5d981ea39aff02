"""Starts the screen: a look at the terminal, then the app, and the engine while the first picture is painted."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nntui import messages as m
from nntui.session.process.client import Engine
from nntui.tui import confined

if TYPE_CHECKING:
    from textual.driver import Driver

    from nntui.session.process.remote import Copy

FAULT = 1
FRAMES = "250"  # a second, at most: what is drawn waits for the next of them; `wire/pace.py` sees to it that few are
BROWSER = "TEXTUAL_DRIVER"  # an environment variable, by which textual-serve tells a program that it is in a browser
INSTEAD = "`nntui plain 1` teaches the same in sentences"


class NoScreenError(ValueError):
    """The screen cannot be shown, or not with this lesson; the text says why, in one sentence."""


def refusal(environment: Mapping[str, str], *streams: TextIO | None) -> str:
    """Why this is no terminal for a screen, and what to use instead; empty where it is one."""
    if not all(stream is not None and stream.isatty() for stream in streams):
        return f"the screen needs a terminal, and here input or output is none; {INSTEAD}, also through a pipe"
    term = environment.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        said = f"TERM is '{term}'" if term else "TERM is not set"
        return f"{said}, so this terminal cannot place a cursor; {INSTEAD}, in any terminal"
    return ""


def is_in_browser(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one in a browser, at the other end of `nntui serve`."""
    return environment.get(BROWSER, "").rpartition(":")[2] == "WebDriver"


def _driver(in_browser: bool) -> type[Driver]:
    """What takes the terminal over."""
    if in_browser:
        from nntui.tui.wire.web import SparingWebDriver

        return SparingWebDriver
    from nntui.tui.wire.driver import SparingDriver

    return SparingDriver


def start(
    path: Path | None,
    record: m.Record | None = None,
    follow: bool = False,
    resume: bool = False,
    copy: Copy | None = None,
    short: bool = False,
) -> int:
    """Open a lesson, the list of them, or a recording, to be played or to go on from; returns the exit code.

    What is done is recorded, where that is wanted.
    """
    in_browser = is_in_browser(os.environ)
    sentence = refusal(os.environ, sys.stdin, sys.stdout)
    if sentence and not in_browser:
        raise NoScreenError(sentence)
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from nntui.tui.app import NntuiApp
    from nntui.tui.ending import ended_by_fault
    from nntui.tui.wire.terminal import as_given, shapes

    with Engine.start(door=confined.room() is None) as engine:  # it starts while the first picture is painted
        if record is not None:
            engine.record(record.path, record.shelved)
        app = NntuiApp(
            engine, path, shapes=shapes(as_given(os.environ)), driver_class=_driver(in_browser), follow=follow,
            resume=resume, branches=record.path if record is not None and record.shelved else "",
        )  # fmt: skip
        if copy is not None:
            copy.ended = lambda sentence: app.call_from_thread(app.say, sentence, "bad")
        app.short = short
        app.endings.remember()
        app.run()
        driver = app._driver
    if getattr(driver, "stuck", False):
        os._exit(FAULT)  # the terminal takes nothing: to flush would wait for ever
    if app.refusal:
        raise NoScreenError(app.refusal)
    fault = ended_by_fault(app)
    if fault:
        sys.stderr.write(f"nntui: {fault}\n")
    return FAULT if fault else 0
