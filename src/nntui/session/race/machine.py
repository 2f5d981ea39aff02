"""The machine that a race is run on: what it is, and what it reaches at most, measured once."""

from __future__ import annotations

from functools import cache

from nntui.machine.about import machine
from nntui.machine.peak import measure


@cache
def peaks() -> tuple[tuple[int, float, float], ...]:
    """For 32 and 64 bits the billions of operations a second that one core reaches, and all; takes about 0.3 s."""
    return tuple((peak.bits, peak.one_core, peak.all_cores) for peak in measure())


def described() -> str:
    """This machine, in a phrase."""
    return machine().removesuffix(".")
