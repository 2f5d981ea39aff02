"""The ladder: the rungs of the network from the lowest up, each with the one trick that it adds.

A rung that has to be compiled is a module with a function `prepare(network)`, which is imported only when it is needed:
this module is imported by everyone, and numba takes its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec

from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import Network
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.plans import Rung, RungInfo

HERE = __package__


def rungs(network: Network) -> Mapping[str, RungInfo]:
    """The rungs for one network, by name, from the lowest up."""
    bits = network.precision

    def prepare(module: str) -> Callable[[], Rung]:
        def make() -> Rung:
            rung: Rung = import_module(f"{HERE}.{module}").prepare(network)
            return rung

        return make

    table = [
        RungInfo(
            "loops", "Python lists and for loops", lambda: InterpretedRung(network), traced=True,
            note="Python's own floats have 64 bits; loops computes in those." if bits == 32 else "",
            trick="None yet: every number is an object, and every line is read again each time that it runs.",
            module="loops", exact=True,
        ),
        RungInfo(
            "numpy", "whole-array operations", lambda: NumpyRung(network), precision=bits,
            note="numpy's sums and its tanh differ from the loops in the last bits, so a close twist may go the "
            "other way.",
            trick="One call works on a whole array: the loops over samples, neurons and sources run inside it.",
            module="numpy",
        ),
        RungInfo(
            "numba", "the loops, compiled", prepare("numba"), instant=False, precision=bits,
            trick="The very functions of loops.py, compiled: no object, no line read twice, every operation the same.",
            module="numba", exact=True,
        ),
        RungInfo(
            "numba-simd", "cache lines and vector lanes", prepare("simd"), instant=False, precision=bits, module="simd",
        ),
        RungInfo(
            "numba-parallel", "several cores", prepare("parallel"), instant=False, precision=bits, module="parallel",
        ),
        RungInfo(
            "numba-fused", "never leave fast memory", prepare("fused"), instant=False, precision=bits, module="fused",
        ),
        RungInfo(
            "numba-generated", "code for this very network", prepare("generated"), instant=False, precision=bits,
            module="generated",
        ),
    ]  # fmt: skip
    return {info.name: info for info in table if find_spec(f"{HERE}.{info.module}")}
