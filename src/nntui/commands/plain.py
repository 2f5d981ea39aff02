"""`nntui plain LESSON`: a lesson in sentences."""

from __future__ import annotations

import argparse

from nntui.plain.start import start


def run(arguments: argparse.Namespace) -> int:
    """Open the lesson and answer lines."""
    return start(arguments.lesson)
