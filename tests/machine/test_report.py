import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from trees import hyperthreaded

from nntui.machine import about, caches, cores, report
from nntui.machine.cores import Clock, Cores, Memory
from nntui.machine.gpu import Gpu, Gpus
from nntui.machine.peak import Peak
from nntui.machine.report import Blas, Report, Rung, Software
from nntui.machine.telling import in_bytes, sentences
from nntui.machine.vectors import Vectors, of
from nntui.text import clean

KNOWN = Report(
    "Sun Lane 3", "x86_64", Cores(2, 4, 3, 1.5), Clock(4.8e9, "most"), (), Memory(8 << 30, 1 << 30, 2 << 30),
    Vectors(256, ("SSE2", "AVX2")), (Peak(32, 100.4, 190.0),), "",
    Gpus((Gpu("RTX", 12 << 30, "8.6", "for CUDA 12.4"),), "numba-cuda"),
    Software("1.0", "CPython 3.13.0", "2.4", "0.68", "Linux"), Blas("openblas", "0.3", 1, "OPENBLAS_NUM_THREADS"),
    (Rung("loops", "for loops", True), Rung("cuda", "a thread each", False, "there is no GPU; a driver enables it")),
)  # fmt: skip
NOTHING = Report(
    "a processor without a name", "unknown", Cores(None, None, 1), Clock(), (), Memory(None), Vectors(), (),
    "it was not measured", Gpus(note="numba-cuda is not installed; there is no nvidia-smi"),
    Software("1.0", "CPython 3.13.0", None, None, "an island", "No module named 'numba'"), Blas(), (),
)  # fmt: skip


def test_a_machine_that_tells_all(tmp_path: Path):
    told = replace(KNOWN, caches=caches.on_linux(hyperthreaded(tmp_path)))
    assert list(sentences(told)) == [
        "Processor: Sun Lane 3, x86_64; up to 4.8 GHz.",
        "Cores: 2 physical with 4 hardware threads together (hyperthreads); this process may use 3, for as much time "
        "as 1.5 of them have.",
        "Cache L1 for data: 48 KiB, lines of 64 bytes, 12 ways; 2 of them, one for each core.",
        "Cache L1 for instructions: 32 KiB, lines of 64 bytes, 12 ways; 2 of them, one for each core.",
        "Cache L2: 2 MiB, lines of 64 bytes, 16 ways; 2 of them, one for each core.",
        "Cache L3: 36 MiB, lines of 64 bytes, 12 ways; shared by all 4 hardware threads.",
        "Memory: 8 GiB, of which programs can have 1 GiB now; this process is held to 2 GiB.",
        "Vectors: 256 bits, which is 8 numbers of 32 bits, or 4 of 64, at once; SSE2, AVX2.",
        "Peak in 32 bits: 100 GFLOP/s on one core, 190 on all 3 that this process may use, measured by a matrix product.",
        "GPU 0: RTX, 12 GiB of memory, compute capability 8.6, driver for CUDA 12.4 (numba-cuda tells it).",
        "Software: nntui 1.0, CPython 3.13.0, numpy 2.4, numba 0.68, on Linux.",
        "Matrix products of numpy: openblas 0.3, in 1 thread (OPENBLAS_NUM_THREADS).",
        "Rungs: 1 of 2 are there.",
        "Rung loops (for loops): there.",
        "Rung cuda (a thread each): absent; there is no GPU; a driver enables it.",
    ]


def test_a_machine_that_tells_nothing():
    assert list(sentences(NOTHING)) == [
        "Processor: a processor without a name, unknown; its clock is not told.",
        "Cores: how many there are is not told; this process may use 1.",
        "Caches: not told here.",
        "Memory: not told.",
        "Vectors: not told.",
        "Peak: it was not measured.",
        "GPU: none that CUDA can use is found (numba-cuda is not installed; there is no nvidia-smi).",
        "No rung of this version of nntui computes on a GPU.",
        "Software: nntui 1.0, CPython 3.13.0, no numpy, no numba, on an island.",
        "numba cannot be imported: No module named 'numba'.",
        "Matrix products of numpy: by which library is not told.",
        "Rungs: 0 of 0 are there.",
    ]


def test_where_products_take_several_threads_a_core_alone_is_not_sure():
    said = list(sentences(replace(KNOWN, blas=Blas("accelerate"))))
    assert "What one core reaches is not sure: a product of numpy takes as many threads as it likes here." in said


def test_a_gpu_that_python_cannot_use_says_what_it_takes():
    found = Gpus((Gpu("H100"),), "nvidia-smi", "numba-cuda is not installed; pip install 'nntui[cuda]' gets it")
    said = " ".join(sentences(replace(KNOWN, gpus=found)))
    assert "GPU 0: H100, its memory is not told, compute capability not told, driver not told" in said
    assert "Python cannot compute on it: numba-cuda is not installed; pip install 'nntui[cuda]' gets it." in said


# Files that a kernel never writes: any bytes, and bytes that are almost right.
TEXTS = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"0-3", b"0", b"1", b"9" * 99, b"64K\n", b"K", b"Data", b"0-8191", b"max 1", b"1 1", b"\x1b[2J"]),
)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_bytes_in_the_files_of_a_kernel_give_clean_sentences(data: st.DataObject):
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = hyperthreaded(Path(name) / "cpus")
        cache = folder / "cpu1" / "cache" / "index2"
        places = (folder / "online", folder / "cpu1" / "topology" / "core_cpus_list", *sorted(cache.iterdir()))
        beside = [Path(name) / each for each in ("cpuinfo", "meminfo", "cpu.max", "memory.max")]
        for place in (*places, *beside):
            if data.draw(st.booleans()):
                place.write_bytes(data.draw(TEXTS))
        patch.setattr("sys.platform", "linux")
        patch.setattr(cores, "CPUS", folder)
        patch.setattr(cores, "GROUP", Path(name))
        patch.setattr(cores, "MEMINFO", Path(name) / "meminfo")
        patch.setattr(about, "CPUINFO", Path(name) / "cpuinfo")
        told = replace(
            KNOWN, processor=about.processor(), cores=cores.on_linux(folder), clock=cores.clock(),
            caches=caches.on_linux(folder), memory=cores.memory(),
        )  # fmt: skip
        for sentence in sentences(told):
            assert sentence == clean(sentence)
            assert sentence.endswith(".")
            assert len(sentence) < 400


@pytest.mark.parametrize(
    ("count", "said"),
    [(100, "100 bytes"), (1536, "1.5 KiB"), (48 << 10, "48 KiB"), (260 << 20, "260 MiB"), (1 << 45, "32 TiB")],
)
def test_bytes_are_said_in_units(count: int, said: str):
    assert in_bytes(count) == said


def test_vectors_of_processors():
    assert of({"avx512f": True, "avx": True, "sse2": True}) == Vectors(512, ("SSE2", "AVX", "AVX-512F"))
    assert of({"avx": True, "avx2": False}).bits == 256
    assert of({"neon": True}) == Vectors(128, ("NEON",))
    assert of({"unheard of": True}) == of({}) == Vectors()


def test_the_threads_of_products_are_what_the_environment_says(monkeypatch: pytest.MonkeyPatch):
    told = {"Build Dependencies": {"blas": {"name": "scipy-openblas", "version": "0.3.31"}}}
    monkeypatch.setattr("numpy.show_config", lambda mode: told)
    for name in report.THREADS["openblas"]:
        monkeypatch.delenv(name, raising=False)
    assert report.blas() == Blas("scipy-openblas", "0.3.31")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert report.blas() == Blas("scipy-openblas", "0.3.31", 4, "OMP_NUM_THREADS")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "١")
    assert report.blas().threads == 4
    monkeypatch.setattr("numpy.show_config", lambda mode: {})
    assert report.blas() == Blas()


def test_a_machine_without_memory_to_measure_says_so(monkeypatch: pytest.MonkeyPatch):
    def fails():
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(report, "measure", fails)
    assert report._peaks() == ((), "this machine has no memory or no threads left to measure it")
