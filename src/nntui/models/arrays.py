"""The kinds of array that numbers of a model stand in."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]  # of 32 or 64 bits
Precise = TypeVar("Precise", bound=np.floating[Any])
