"""Data sets to learn from: generated, the handwritten digits, or a CSV of your own.

`load` returns one of ours by its name, `read_table` reads a CSV file, `to_csv` writes any of them as one, and `split`
draws which samples are kept for testing. Nothing heavier than numpy is imported, and the digits are read from disk
only when they are asked for.
"""

from __future__ import annotations

from nntui.data.dataset import DataError, Dataset, FloatArray, IntArray, check_seed, split
from nntui.data.digits import SAMPLES as MOST_DIGITS
from nntui.data.digits import digits
from nntui.data.generators import EXACT, generate
from nntui.data.table import read_table, to_csv
from nntui.text import SHOWN, clean, did_you_mean

__all__ = [
    "DEFAULT_SAMPLES",
    "EXACT",
    "MOST_DIGITS",
    "MOST_NOISE",
    "MOST_SAMPLES",
    "NAMES",
    "SENTENCES",
    "DataError",
    "Dataset",
    "FloatArray",
    "IntArray",
    "load",
    "read_table",
    "split",
    "to_csv",
]

DEFAULT_SAMPLES = 200
MOST_SAMPLES = 100_000
MOST_NOISE = 0.5

SENTENCES: dict[str, str] = {
    "gauss": "Two round clouds that a straight line can part.",
    "circle": "A disc inside a ring, which no straight line can part.",
    "xor": "Four squares: opposite ones belong together, neighbours do not.",
    "spiral": "Two arms wound about each other, the hardest of the classics.",
    "plane": "A tilted plane: predict its height, not a class.",
    "multigauss": "Three hills and three hollows: predict the height.",
    "moons": "Two half moons that reach into each other.",
    "digits": "1,797 real handwritten digits of 8 by 8 pixels.",
    "corners-and": "Four corners: plus only where both inputs are plus.",
    "corners-or": "Four corners: minus only where both inputs are minus.",
    "corners-xor": "Four corners: plus only where the two inputs differ.",
    "twice": "1 gives 2, 2 gives 4, and the same below 0: one weight can say it.",
}
NAMES: tuple[str, ...] = tuple(SENTENCES)


def load(name: str, samples: int | None = None, noise: float = 0.0, seed: int = 0) -> Dataset:
    """Return a data set by its name; the same arguments give the same bits.

    Args:
        name: one of NAMES.
        samples: how many, 1 to MOST_SAMPLES; DEFAULT_SAMPLES if None. Of the digits the first so many, all if None.
            The corners, and `twice`, are always four.
        noise: a share, 0 to MOST_NOISE; what it does is each generator's own. None for the digits.
        seed: 0 or more; neither these nor the digits have dice.

    Raises:
        DataError: for a name that is not known, or a number out of its range, with one sentence.
    """
    if name not in NAMES:
        listed, hint = ", ".join(NAMES), did_you_mean(name, NAMES)
        raise DataError(f"there is no data set '{clean(name, SHOWN)}', but there is {listed}{hint}")
    check_seed(seed)
    most = MOST_DIGITS if name == "digits" else MOST_SAMPLES
    if samples is not None and not 1 <= samples <= most:
        raise DataError(f"the data set '{name}' has 1 to {most:,} samples, not {samples:,}")
    if name == "digits":
        if noise != 0.0:
            raise DataError(f"the data set 'digits' takes no noise; leave it at 0, not {noise}")
        return digits(MOST_DIGITS if samples is None else samples)
    if not 0.0 <= noise <= MOST_NOISE:
        raise DataError(f"the noise must be between 0 and {MOST_NOISE}, not {noise}")
    return generate(name, DEFAULT_SAMPLES if samples is None else samples, noise, seed)
