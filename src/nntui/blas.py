"""Matrix products in one thread, so that their last bits do not depend on how many cores a machine has.

Nor what a replay comes to. Starting threads takes 50 ms as well, and the front end wants a core; only layers of
thousands of weights are slower for it, up to twice. Whoever wants more sets the variable.
"""

from __future__ import annotations

import os

THREADS = "OPENBLAS_NUM_THREADS"


def one_thread() -> None:
    """Ask for it; works only before numpy is imported."""
    os.environ.setdefault(THREADS, "1")
