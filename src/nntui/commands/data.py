"""`nntui data NAME`: a data set in a sentence, or all of its samples."""

from __future__ import annotations

import argparse
import sys

from nntui import data
from nntui.commands import say
from nntui.data.table import to_csv


def run(arguments: argparse.Namespace) -> int:
    """Make the samples, and describe or print them."""
    found = data.load(arguments.name, arguments.samples, arguments.noise, arguments.seed)
    if arguments.csv:
        for line in to_csv(found):
            sys.stdout.write(line)
        return 0
    samples, inputs = found.inputs.shape
    say(f"{found.name}: {data.SENTENCES[found.name]}")
    kinds = f"{len(found.classes)} classes" if found.classes else "values to predict"
    say(f"{samples:,} samples of {inputs} inputs; {kinds}. Add --csv to print them.")
    return 0
