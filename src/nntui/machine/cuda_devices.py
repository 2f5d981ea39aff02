"""Asks numba-cuda for its devices and prints them as JSON: `python -m nntui.machine.cuda_devices`.

It is a program of its own (machine/gpu.py runs it), for a driver that hangs or dies takes its whole process along.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def found() -> dict[str, Any]:
    """The devices that can be used, or why none can."""
    try:
        cuda: Any = import_module("numba.cuda")  # numba-cuda takes its place there
        if not cuda.is_available():
            return {"why": str(_or_none(lambda: cuda.cuda_error()) or "it finds no driver of NVIDIA")}
        version = _or_none(lambda: cuda.cudadrv.driver.driver.get_version())
        driver = f"for CUDA {version[0]}.{version[1]}" if version else None
        return {"devices": [_device(cuda, number, device, driver) for number, device in enumerate(cuda.list_devices())]}
    except Exception as error:  # whatever a driver, or a version of numba-cuda that does not fit, comes up with
        return {"why": str(error) or type(error).__name__}


def _device(cuda: Any, number: int, device: Any, driver: str | None) -> dict[str, Any]:
    name = device.name
    capability = _or_none(lambda: ".".join(str(part) for part in device.compute_capability))
    memory = _or_none(lambda: int(cuda.current_context(number).get_memory_info()[1]))
    return {
        "name": name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name),
        "memory_bytes": memory,
        "compute_capability": capability,
        "driver": driver,
    }


def _or_none(ask: Callable[[], Any]) -> Any:
    """The answer; None where this device or this version cannot give it."""
    try:
        return ask()
    except Exception:
        return None


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found()) + "\n")
