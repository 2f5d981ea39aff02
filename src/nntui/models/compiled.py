"""How numba is asked to compile, and where its code is kept.

Numba's own cache looks at one file at a time: a cached function goes on using an edited function of another file,
and variants compiled with other options share an entry. So the cache folder is named by a hash of everything that
the code depends on: all sources under models/, the options, and the versions of numba and Python.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}


@cache
def fingerprint() -> str:
    """A hash of all that compiled code depends on, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in (version("numba"), version("numpy"), sys.version, platform.machine(), repr(sorted(OPTIONS.items()))):
        digest.update(part.encode() + b"\0")
    models = Path(__file__).parent
    for path in sorted(models.rglob("*.py")):
        digest.update(str(path.relative_to(models)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """The folder of this fingerprint, below NUMBA_CACHE_DIR or the user's cache folder."""
    root = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("nntui")
    return Path(root) / f"numba-{fingerprint()}"


@cache
def _caching() -> bool:
    """Point numba to the cache folder; False where it cannot be written, then code is compiled anew each time."""
    from numba.core import config

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    config.CACHE_DIR = str(folder)
    return os.access(folder, os.W_OK)


def jit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called, or fetch it from the cache."""
    import numba

    compiled: Callable[..., Any] = numba.njit(cache=_caching(), **OPTIONS)(function)
    return compiled


@cache
def jitable(function: Callable[..., Any]) -> None:
    """Let compiled functions call this one; it stays a plain Python function for everyone else."""
    from numba.extending import register_jitable

    register_jitable(**OPTIONS)(function)
