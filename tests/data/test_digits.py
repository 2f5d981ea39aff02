"""The handwritten digits are the published ones, and are read only when asked for."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib.resources import files

import numpy as np

from nntui import data


def test_counts_are_as_published() -> None:
    dataset = data.load("digits")
    assert dataset.labels is not None
    assert dataset.samples == 1797
    assert np.bincount(dataset.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert dataset.classes == tuple("0123456789")


def test_pixels_are_sixteenths_and_targets_one_hot() -> None:
    dataset = data.load("digits")
    sixteenths = dataset.inputs * 16.0
    assert (sixteenths == sixteenths.round()).all()
    assert (dataset.inputs.min(), dataset.inputs.max()) == (0.0, 1.0)
    assert dataset.targets.shape == (1797, 10)
    assert (dataset.targets.argmax(axis=1) == dataset.labels).all()
    assert (dataset.targets.sum(axis=1) == 1.0).all()
    assert (dataset.targets_for(10, -1.0) == dataset.targets).all()


def test_bytes_are_those_that_were_extracted() -> None:
    dataset = data.load("digits")
    assert dataset.labels is not None
    note = files("nntui.data").joinpath("DIGITS.md").read_text(encoding="utf-8")
    images = (dataset.inputs * 16.0).astype(np.uint8).tobytes()
    assert hashlib.sha256(images).hexdigest() in note
    assert hashlib.sha256(dataset.labels.astype(np.uint8).tobytes()).hexdigest() in note
    assert "CC BY 4.0" in note


def test_the_first_image_is_a_zero_in_rows() -> None:
    dataset = data.load("digits", samples=1)
    assert dataset.image_shape == (8, 8)
    assert dataset.input_names[:8] == tuple(f"pixel_0_{column}" for column in range(8))
    assert (dataset.input_names[8], dataset.input_names[63]) == ("pixel_1_0", "pixel_7_7")
    assert dataset.target_names == tuple(f"digit_{digit}" for digit in range(10))
    assert (dataset.inputs * 16.0).reshape(8, 8).astype(int).tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]


def test_fewer_are_the_first_ones() -> None:
    few, all_of_them = data.load("digits", samples=12), data.load("digits")
    assert few.samples == 12
    assert (few.inputs == all_of_them.inputs[:12]).all()
    assert (few.targets == all_of_them.targets[:12]).all()


def test_the_file_is_small_and_holds_no_pickle() -> None:
    resource = files("nntui.data").joinpath("digits.npz")
    assert len(resource.read_bytes()) < 100_000
    with resource.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        assert {name: (arrays[name].dtype, arrays[name].shape) for name in arrays.files} == {
            "images": (np.uint8, (1797, 8, 8)),
            "labels": (np.uint8, (1797,)),
        }


def test_importing_reads_no_digits_and_nothing_heavy() -> None:
    program = """
import sys, numpy
def refuse(*arguments, **options): raise AssertionError("read at import")
numpy.load = refuse
import nntui.data
nntui.data.load("xor")
heavy = {"numba", "scipy", "sklearn", "pandas", "textual", "rich", "msgspec"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)
