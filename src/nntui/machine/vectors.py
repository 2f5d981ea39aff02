"""How wide the vectors of this processor are, and which of its sets of instructions work on them, as LLVM knows it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

# As LLVM calls them and as their makers do, from the oldest on.
SETS: Mapping[str, str] = {
    "sse2": "SSE2", "sse4.2": "SSE4.2", "avx": "AVX", "f16c": "F16C", "fma": "FMA", "avx2": "AVX2",
    "avxvnni": "AVX-VNNI", "avx512f": "AVX-512F", "avx512cd": "AVX-512CD", "avx512bw": "AVX-512BW",
    "avx512dq": "AVX-512DQ", "avx512vl": "AVX-512VL", "avx512vnni": "AVX-512 VNNI", "avx512bf16": "AVX-512 BF16",
    "avx512fp16": "AVX-512 FP16", "amx-tile": "AMX", "avx10.1": "AVX10.1", "avx10.2": "AVX10.2",
    "neon": "NEON", "fullfp16": "FP16", "dotprod": "dot product", "bf16": "BF16", "i8mm": "I8MM", "sve": "SVE",
    "sve2": "SVE2", "sme": "SME", "altivec": "AltiVec", "vsx": "VSX", "vector": "vector facility", "v": "RVV",
}  # fmt: skip


class Vectors(Struct, frozen=True):
    """The bits of one vector register, 0 where that is not told; the sets of instructions, by name."""

    bits: int = 0
    sets: tuple[str, ...] = ()


def vectors() -> Vectors:
    """What LLVM tells of this processor; importing it takes a tenth of a second."""
    try:
        from llvmlite import binding

        return of(binding.get_host_cpu_features())
    except (ImportError, OSError, RuntimeError):  # no llvmlite, one that cannot be loaded, or it does not know
        return Vectors()


def of(features: Mapping[str, bool]) -> Vectors:
    """The width and the names of a processor with such features."""
    sets = tuple(said for name, said in SETS.items() if features.get(name))
    if features.get("avx512f"):
        return Vectors(512, sets)
    return Vectors(256 if features.get("avx") else 128 if sets else 0, sets)
