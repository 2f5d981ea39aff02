"""The GPUs of this machine: by numba-cuda where that is installed, which computes on them, and else by nvidia-smi."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from nntui.machine.asked import answer_of, number_of
from nntui.text import clean

SMI: Final = "nvidia-smi"
GET_CUDA = "pip install 'nntui[cuda]'"
SECONDS = 20.0  # a driver that nobody has used since the machine was started may take ten
NAME, WORD, SENTENCE = 60, 30, 200  # characters of foreign text
MOST = 64  # GPUs
SIMULATOR = "NUMBA_ENABLE_CUDASIM"  # with it numba-cuda tells of a GPU that is none


class Gpu(Struct, frozen=True):
    """One GPU; None stands for what is not told."""

    name: str
    memory_bytes: int | None = None
    compute_capability: str | None = None
    driver: str | None = None


class Gpus(Struct, frozen=True):
    """All that were found, by whom, and what stands in the way of finding or using them."""

    devices: tuple[Gpu, ...] = ()
    by: Literal["numba-cuda", "nvidia-smi", ""] = ""
    note: str = ""


class Answer(Struct, frozen=True):
    """What machine/cuda_devices.py prints."""

    devices: tuple[Gpu, ...] = ()
    why: str = ""


def gpus() -> Gpus:
    """The GPUs that are found."""
    lacking = note = "numba-cuda is not installed"
    if _installed("numba-cuda"):
        answer = by_numba()
        if answer.devices:
            return Gpus(answer.devices, "numba-cuda")
        note = f"numba-cuda finds none: {answer.why or 'it says nothing'}"
    path = shutil.which(SMI)
    if path is None:
        return Gpus(note=f"{note}; there is no {SMI}")
    found = by_smi(path)
    if found and note == lacking:
        note += f"; {GET_CUDA} gets it"
    return Gpus(found, SMI, note) if found else Gpus(note=f"{note}; {SMI} finds none")


def by_numba() -> Answer:
    """What numba-cuda finds, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != SIMULATOR}
    command = [sys.executable, "-P", "-m", "nntui.machine.cuda_devices"]
    well, text = answer_of(command, SECONDS, environment)
    try:
        answer = msgspec.json.decode(text.strip().rpartition("\n")[2].encode(), type=Answer)  # drivers print, too
    except msgspec.DecodeError:
        return Answer(why=f"it {'says nothing' if well else 'fails or hangs'}")
    return Answer(tuple(map(_clean, answer.devices[:MOST])), clean(" ".join(answer.why.split()), SENTENCE).rstrip("."))


def by_smi(path: str) -> tuple[Gpu, ...]:
    """What nvidia-smi finds; older ones do not know the compute capability."""
    for fields in ("name,memory.total,driver_version,compute_cap", "name,memory.total,driver_version"):
        well, text = answer_of([path, f"--query-gpu={fields}", "--format=csv,noheader,nounits"], SECONDS)
        if well:
            rows = [[part.strip() for part in row.split(",")] for row in text.split("\n")[:MOST]]
            return tuple(_clean(_of_row(row)) for row in rows if len(row) == len(fields.split(",")))
    return ()


def _of_row(row: list[str]) -> Gpu:
    name, mebibytes, driver, *capability = (part if part.strip("[]") != "N/A" else "" for part in row)
    memory = number_of(mebibytes)
    return Gpu(name, memory << 20 if memory else None, capability[0] or None if capability else None, driver or None)


def _clean(gpu: Gpu) -> Gpu:
    return replace(
        gpu,
        name=clean(" ".join(gpu.name.split()), NAME) or "a GPU without a name",
        compute_capability=clean(gpu.compute_capability, WORD) if gpu.compute_capability else None,
        driver=clean(gpu.driver, WORD) if gpu.driver else None,
    )


def _installed(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False
