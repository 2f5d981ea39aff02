"""Handwritten digits: 1,797 real images of 8 by 8 pixels. Where they come from, and their licence: DIGITS.md."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from nntui.data.dataset import Dataset, one_hot

SAMPLES = 1797
SIDE = 8  # pixels
DIGITS = 10
BRIGHTEST = 16.0  # a pixel counts the inked ones among 4 by 4 finer pixels


def digits(samples: int = SAMPLES) -> Dataset:
    """Return the first so many digits: pixels in 0 to 1, inputs (samples, 64), one-hot targets (samples, 10).

    The arrays are read from the package's own digits.npz: images, uint8 0 to 16 of shape (1797, 8, 8), and labels.
    """
    with files("nntui.data").joinpath("digits.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        images, labels = arrays["images"][:samples], arrays["labels"][:samples].astype(np.int64)
    return Dataset(
        name="digits",
        inputs=images.reshape(-1, SIDE * SIDE) / BRIGHTEST,
        targets=one_hot(labels, DIGITS),
        labels=labels,
        classes=tuple(str(digit) for digit in range(DIGITS)),
        input_names=tuple(f"pixel_{row}_{column}" for row in range(SIDE) for column in range(SIDE)),
        target_names=tuple(f"digit_{digit}" for digit in range(DIGITS)),
        image_shape=(SIDE, SIDE),
    )
