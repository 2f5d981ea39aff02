"""Starts the screen: a look at the terminal, the engine, since it takes longest, then the app."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nntui.session.client import Engine
from nntui.tui.wire.terminal import refusal

WRONG, FAULT = 2, 1


class NoScreenError(ValueError):
    """This terminal cannot show the screen; the text says why, and what to use instead."""


def start(path: Path | None) -> int:
    """Open a lesson, or the list of them; returns the exit code."""
    sentence = refusal(os.environ, sys.stdin, sys.stdout)
    if sentence:
        raise NoScreenError(sentence)
    with Engine.start() as engine:
        from nntui.tui.app import NntuiApp, ended_by_fault  # while the engine starts
        from nntui.tui.wire.driver import SparingDriver
        from nntui.tui.wire.terminal import shapes

        app = NntuiApp(engine, path, shapes=shapes(os.environ), driver_class=SparingDriver)
        app.run()
        fault = ended_by_fault(app)
        driver = app._driver
        if fault:
            sys.stderr.write(f"nntui: {fault}\n")
    if getattr(driver, "stuck", False):
        os._exit(FAULT)  # the terminal takes nothing: to flush would wait for ever
    return FAULT if fault else app.return_code or 0
