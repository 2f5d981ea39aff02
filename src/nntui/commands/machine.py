"""`nntui machine`: what this computer is and can do, and what would enable each rung that is absent."""

from __future__ import annotations

import argparse
import json

import msgspec

from nntui.commands import say
from nntui.machine.report import Rung, report, why_not_numba
from nntui.machine.telling import sentences

GET_NUMBA = "pip install --upgrade numba numpy gets one that fits"


def run(arguments: argparse.Namespace) -> int:
    """Say it, or print it as one JSON object."""
    numba_fails = why_not_numba()
    told = report(ladder(numba_fails), numba_fails, measured=not arguments.quick)
    if arguments.json:
        say(json.dumps(msgspec.to_builtins(told)))
        return 0
    for sentence in sentences(told):
        say(sentence)
    return 0


def ladder(numba_fails: str = "") -> tuple[Rung, ...]:
    """The rungs of a small network, and which of them are there; without numba none that has to be compiled is."""
    import numpy as np

    from nntui.models.mlp.ladder import rungs
    from nntui.models.mlp.loops import LINEAR, MEAN_SQUARED_ERROR
    from nntui.models.mlp.network import Network

    one = np.zeros((1, 1))
    told = []
    for info in rungs(Network((1, 1), LINEAR, LINEAR, MEAN_SQUARED_ERROR, one, one, one, one)).values():
        absent = "" if info.make is not None else info.absent
        if numba_fails and not info.instant:
            absent = f"numba cannot be imported; {GET_NUMBA}"
        told.append(Rung(info.name, info.idea, not absent and info.make is not None, absent))
    return tuple(told)
