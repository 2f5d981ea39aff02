"""How numba is asked to compile, and where its code is kept.

Numba's own cache looks at one file at a time: a cached function goes on using an edited function of another file,
and variants compiled with other options share an entry. So each cache folder is named by a hash of everything that
its code depends on: all sources under models/, the options, and the versions of numba, numpy and Python.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import threading
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs

# "numpy" lets a division go on without a test for zero; without the interpreter lock the heartbeat goes on beating.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}

# Numba counts who uses an array, which costs more than the arithmetic in an inner loop. Functions that only read and
# write the arrays they are given need no counting. One that returns an array must count, and then counts nothing:
# there is nothing to count in an array that came in through a function that does not.
UNCOUNTED: dict[str, Any] = {"_nrt": False}
COUNTED: dict[str, Any] = {"_nrt": True}
# Copied into its caller, so that what the caller knows (the activation, that a status is "no error") need not be asked.
COPIED_IN: dict[str, Any] = {"forceinline": True}

_setting = threading.Lock()


def fingerprint(models: Path | None = None, **options: Any) -> str:
    """A hash of all that compiled code depends on, 16 hexadecimal digits; models is the folder of the sources."""
    digest = hashlib.sha256()
    asked = repr(sorted({**OPTIONS, **options}.items()))
    for part in (version("numba"), version("numpy"), sys.version, platform.machine(), asked):
        digest.update(part.encode() + b"\0")
    digest.update(_sources(models or Path(__file__).parent))
    return digest.hexdigest()[:16]


@cache
def _sources(models: Path) -> bytes:
    """A hash of the sources, read once a process."""
    digest = hashlib.sha256()
    for path in sorted(models.rglob("*.py")):
        for part in (path.relative_to(models).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def cache_folder(**options: Any) -> Path:
    """The folder for code compiled with these options, below NUMBA_CACHE_DIR or the user's cache folder."""
    root = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("nntui")
    return Path(root) / f"numba-{fingerprint(**options)}"


def _writable(folder: Path) -> bool:
    """Make the folder; False where nothing can be kept in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def jit(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Compile a function when it is first called, or fetch it from the cache of its options.

    Where no cache folder can be written, it is compiled anew in each process.
    """
    import numba
    from numba.core import config as numba_config

    config: Any = numba_config  # its settings are made when it is imported

    folder = cache_folder(**options)
    caching = _writable(folder)
    with _setting:
        # Numba reads the folder while it decorates, and keeps it for this function.
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder) if caching else before
        try:
            compiled: Any = numba.njit(cache=caching, **{**OPTIONS, **options})(function)
        finally:
            config.CACHE_DIR = before
    if caching:
        _keep_if_possible(compiled._cache)
    made: Callable[..., Any] = compiled
    return made


def _keep_if_possible(cache: Any) -> None:
    """What is compiled can be used though the disk is full; numba would raise an error for what it cannot keep."""
    keep = cache.save_overload

    def save_overload(*arguments: Any) -> None:
        with contextlib.suppress(OSError):
            keep(*arguments)

    cache.save_overload = save_overload


_jitable: set[Callable[..., Any]] = set()


def jitable(function: Callable[..., Any], **options: Any) -> None:
    """Let compiled functions call this one; it stays a plain Python function for everyone else."""
    from numba.extending import register_jitable

    if function not in _jitable:
        register_jitable(**{**OPTIONS, **options})(function)
        _jitable.add(function)
