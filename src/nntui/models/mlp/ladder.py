"""The ladder: the rungs of the network from the lowest up, each with the one trick that it adds.

A rung that has to be compiled is a module with a function `prepare(network)`, which is imported only when it is needed:
this module is imported by everyone, and numba takes its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import Network
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.plans import Rung, RungInfo

HERE = __package__
NO_FASTER = 100_000  # weights and biases from which on code written for them has gained less than a tenth
NOT_HERE = "For a network as large as this numba-fused is about as fast, and is not compiled anew for each."
CLOSE = "Its sums and curves differ from those of the loops in the last bits."
BY_SIZE = "It takes as many threads as a step is worth, and NNTUI_THREADS allows; for a small network that is one."


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
            trick="No trick yet: every number is an object, and every line is read again each time that it runs.",
            file=here("loops"), exact=True,
        ),
        RungInfo(
            "numpy", "whole-array operations", lambda: NumpyRung(network), precision=bits,
            note="numpy's sums and its tanh differ from the loops in the last bits.",
            trick="One call works on a whole array: the loops over samples, neurons and sources run inside it.",
            file=here("numpy"),
        ),
        RungInfo(
            "numba", "the loops, compiled", prepare("numba"), instant=False, precision=bits,
            trick="The very functions of loops.py, compiled: no object, no line read twice, every operation the same.",
            file=here("numba"), exact=True, beside="loops",
        ),
        RungInfo(
            "numba-simd", "cache lines and vector lanes", prepare("simd_rung"), instant=False, precision=bits,
            file=here("simd"), beside="loops",
            trick="The innermost loop goes over samples that lie side by side in memory, so that one vector "
            "instruction works on many of them; and the curve that bends is one of ours, which vectors can take.",
            source="structure of arrays, Intel 64 and IA-32 optimization reference manual",
            note=CLOSE,
        ),
        RungInfo(
            "numba-parallel", "a share for each core", prepare("parallel_rung"), instant=False, precision=bits,
            file=here("parallel"), beside="numba-simd",
            trick="Each core does its share of the neurons of a layer, and all meet after each: what one does alone, "
            "and every meeting, is lost. With a small network that is more than is gained.",
            source="Amdahl 1967, Validity of the single processor approach to achieving large scale computing "
            "capabilities",
            note=f"{CLOSE} {BY_SIZE}",
        ),
        RungInfo(
            "numba-fused", "sums in registers, weights in panels", prepare("fused_rung"), instant=False, precision=bits,
            file=here("fused"), beside="loops",
            trick="Never leave fast memory: a tile of 8 by 2 vectors of sums stays in registers, so that each number "
            "fetched is used many times; weights lie in the order in which they are read; curve and update are done "
            "while the numbers are near.",
            source="Goto and van de Geijn 2008, Anatomy of high-performance matrix multiplication",
            note=CLOSE,
        ),
        generated(network, prepare("generated")),
    ]  # fmt: skip
    return {info.name: info for info in table}


def here(module: str) -> Callable[[], Path]:
    """The file of a module of this package."""
    return lambda: Path(__file__).with_name(f"{module}.py")


def generated(network: Network, make: Callable[[], Rung]) -> RungInfo:
    """The rung of generated code, whose source is another one for each network."""
    large = network.layout.size >= NO_FASTER

    def written() -> Path:
        file: Path = import_module(f"{HERE}.generated").written(network)
        return file

    return RungInfo(
        "numba-generated", "code for this very network", make, instant=False, precision=network.precision,
        file=written, beside="loops", note=f"{CLOSE} {NOT_HERE}" if large else CLOSE,
        trick="A program writes the code for these very sizes: of a small network each neuron is a line and no loop "
        "over neurons is left, of a larger one the bounds of all loops are known; what is between the lines stays in "
        "registers, the samples in the lanes of vectors.",
        source="Frigo and Johnson 2005, The design and implementation of FFTW3",
    )  # fmt: skip
