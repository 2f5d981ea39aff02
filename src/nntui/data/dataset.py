"""What a data set is: inputs, targets and, where it has classes, the class of each sample; and its split in two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]

TWO_CLASSES = ("-1", "+1")
SPLIT_STREAM = 1  # keeps the dice of the split apart from those that generate the data of the same seed


class DataError(ValueError):
    """Data that cannot be had as asked; the text says what is wrong, where, what would be right, in one sentence."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples to learn from, one a row; arrays are C-contiguous.

    Attributes:
        name: what it is called: one of `nntui.data.NAMES`, or the name of a file.
        inputs: shape (samples, inputs).
        targets: shape (samples, outputs). Two generated classes are one column of -1 and +1, digits are one-hot.
        labels: shape (samples,), the index into `classes` of each sample; None for regression.
        classes: the names of the classes; empty for regression.
        input_names: one name for each column of `inputs`.
        target_names: one name for each column of `targets`.
        image_shape: (rows, columns) where the inputs are the pixels of an image, row by row.
        as_they_are: the targets are a person's own columns, and no network gets them in another form.
    """

    name: str
    inputs: FloatArray
    targets: FloatArray
    labels: IntArray | None
    classes: tuple[str, ...]
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    as_they_are: bool = False

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.inputs)

    def shifted(self, pixels: int) -> Dataset:
        """Return the images moved by so many pixels to the right, or below 0 to the left; what comes in is 0.

        Raises DataError for samples that are no images.
        """
        if not pixels:
            return self
        if self.image_shape is None:
            raise DataError(f"a shift moves images, and the samples of '{self.name}' are none")
        rows, columns = self.image_shape
        images = self.inputs.reshape(-1, rows, columns)
        by = min(abs(pixels), columns)
        moved = np.zeros_like(images)
        if pixels > 0:
            moved[:, :, by:] = images[:, :, : columns - by]
        else:
            moved[:, :, : columns - by] = images[:, :, by:]
        return replace(self, inputs=moved.reshape(self.inputs.shape))

    def output_choices(self) -> tuple[int, ...]:
        """Return the numbers of outputs that a network for these data can have, smallest first."""
        if self.labels is None or self.as_they_are:
            return (self.targets.shape[1],)
        return (1, 2) if len(self.classes) == 2 else (len(self.classes),)

    def targets_for(self, outputs: int, low: float) -> FloatArray:
        """Return the targets as a network with so many outputs needs them: a new array, shape (samples, outputs).

        Two classes on one output become `low` and +1 (low is -1 for outputs like tanh, 0 for sigmoid); as many
        outputs as classes get 1 at the class and 0 elsewhere; regression and a person's own columns stay as they
        are. Raises DataError, saying which numbers are right, for any other number of outputs.
        """
        choices = self.output_choices()
        if outputs not in choices:
            right = " or ".join(str(choice) for choice in choices) + (" output" if choices == (1,) else " outputs")
            raise DataError(f"a network for the data set '{self.name}' needs {right}, not {outputs}")
        if self.labels is None or self.as_they_are:
            return self.targets.copy()
        if outputs == 1:
            return np.where(self.labels == 1, 1.0, low).reshape(-1, 1)
        return one_hot(self.labels, outputs)


def one_hot(labels: IntArray, classes: int) -> FloatArray:
    """Turn class indices of shape (samples,) into rows of zeros with a one at the class: (samples, classes)."""
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels] = 1.0
    return rows


def split(samples: int, test_share: float, seed: int) -> tuple[IntArray, IntArray]:
    """Draw which samples train and which test: their indices, each part in ascending order, together all of them.

    The test part has round(samples * test_share) indices, but leaves at least one to train on. The same arguments
    always give the same parts. Raises DataError if there are no samples, the share is not within 0 to 1, or the seed
    is negative.
    """
    if samples < 1:
        raise DataError(f"there must be at least 1 sample to split, not {samples}")
    if not 0.0 <= test_share <= 1.0:
        raise DataError(f"the test share must be between 0 and 1, not {test_share}")
    check_seed(seed)
    tests = min(round(samples * test_share), samples - 1)
    stream = np.random.SeedSequence(seed, spawn_key=(SPLIT_STREAM,))
    shuffled = np.random.Generator(np.random.Philox(stream)).permutation(samples).astype(np.int64)
    return np.sort(shuffled[tests:]), np.sort(shuffled[:tests])


def check_seed(seed: int) -> None:
    """Raise DataError for a negative seed."""
    if seed < 0:
        raise DataError(f"the seed must be 0 or more, not {seed}")
