"""`nntui list`: the lessons in teaching order, then the playground."""

from __future__ import annotations

import argparse

from nntui.commands import say
from nntui.scenario import library
from nntui.text import full_stop


def run(_arguments: argparse.Namespace) -> int:
    """Print a line for each."""
    for entry in library.lessons():
        say(f"{entry.number:>3}  {full_stop(entry.title)} {entry.summary}")
    entries = library.playground()
    width = max((len(entry.name) for entry in entries), default=0)
    say("Playground:")
    for entry in entries:
        say(f"     {entry.name:<{width}}  {entry.summary}")
    return 0
