"""What a data set promises: shapes, targets for a network, and the split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui import data
from nntui.data import DataError, Dataset, split


@pytest.mark.parametrize("name", data.NAMES)
def test_every_data_set_fits_together(name: str) -> None:
    dataset = data.load(name)
    assert dataset.name == name
    assert dataset.inputs.shape == (dataset.samples, len(dataset.input_names))
    assert dataset.targets.shape == (dataset.samples, len(dataset.target_names))
    for array in (dataset.inputs, dataset.targets):
        assert array.dtype == np.float64
        assert array.flags.c_contiguous
        assert np.isfinite(array).all()
    if dataset.labels is None:
        assert dataset.classes == ()
    else:
        assert dataset.labels.dtype == np.int64
        assert dataset.labels.shape == (dataset.samples,)
        assert set(dataset.labels.tolist()) == set(range(len(dataset.classes)))


def test_two_classes_have_one_column_and_names() -> None:
    dataset = data.load("xor", samples=50)
    assert dataset.labels is not None
    assert dataset.classes == ("-1", "+1")
    assert dataset.input_names == ("x1", "x2")
    assert dataset.target_names == ("label",)
    assert dataset.targets.tolist() == [[-1.0 if label == 0 else 1.0] for label in dataset.labels]


@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_two_classes_on_one_output_run_from_low_to_one(low: float) -> None:
    dataset = data.load("corners-xor")
    assert dataset.targets_for(1, low).tolist() == [[low], [1.0], [1.0], [low]]


def test_two_classes_on_two_outputs_are_one_hot() -> None:
    dataset = data.load("corners-and")
    assert dataset.targets_for(2, -1.0).tolist() == [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]


def test_regression_keeps_its_column() -> None:
    dataset = data.load("plane", samples=7)
    assert (dataset.targets_for(1, 0.0) == dataset.targets).all()


def test_targets_for_gives_away_nothing_of_its_own() -> None:
    dataset = data.load("plane", samples=7)
    dataset.targets_for(1, 0.0)[:] = 99.0
    assert (dataset.targets != 99.0).all()


@pytest.mark.parametrize(
    ("name", "choices"), [("xor", (1, 2)), ("plane", (1,)), ("digits", (10,)), ("corners-or", (1, 2))]
)
def test_output_choices(name: str, choices: tuple[int, ...]) -> None:
    dataset = data.load(name)
    assert dataset.output_choices() == choices
    for outputs in choices:
        assert dataset.targets_for(outputs, -1.0).shape == (dataset.samples, outputs)


@pytest.mark.parametrize(
    ("name", "outputs", "sentence"),
    [
        ("xor", 3, "a network for the data set 'xor' needs 1 or 2 outputs, not 3"),
        ("plane", 2, "a network for the data set 'plane' needs 1 output, not 2"),
        ("digits", 1, "a network for the data set 'digits' needs 10 outputs, not 1"),
    ],
)
def test_other_numbers_of_outputs_are_refused_with_the_right_one(name: str, outputs: int, sentence: str) -> None:
    with pytest.raises(ValueError, match="needs") as caught:
        data.load(name).targets_for(outputs, -1.0)
    assert str(caught.value) == sentence


def test_own_columns_are_used_as_they_are() -> None:
    dataset = Dataset(
        name="mine.csv",
        inputs=np.zeros((2, 1)),
        targets=np.array([[0.0], [1.0]]),
        labels=np.array([0, 1]),
        classes=("0", "1"),
        input_names=("a",),
        target_names=("b",),
        as_they_are=True,
    )
    assert dataset.output_choices() == (1,)
    assert dataset.targets_for(1, -1.0).tolist() == [[0.0], [1.0]]
    with pytest.raises(DataError, match="needs 1 output, not 2"):
        dataset.targets_for(2, -1.0)


# ---------------------------------------------------------------- split


@given(samples=st.integers(1, 300), share=st.floats(0.0, 1.0, allow_nan=False), seed=st.integers(0, 2**32 - 1))
def test_split_parts_are_sorted_disjoint_and_complete(samples: int, share: float, seed: int) -> None:
    train, test = split(samples, share, seed)
    assert len(test) == min(round(samples * share), samples - 1)
    assert train.tolist() == sorted(train.tolist())
    assert test.tolist() == sorted(test.tolist())
    assert sorted(train.tolist() + test.tolist()) == list(range(samples))
    assert train.dtype == test.dtype == np.int64


def test_split_depends_on_the_seed_alone() -> None:
    first, again, other = (split(100, 0.3, seed)[1].tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first[:6] == [3, 5, 7, 9, 12, 18]  # a numpy that deals otherwise would show here


def test_split_with_no_share_leaves_all_to_train() -> None:
    train, test = split(5, 0.0, 3)
    assert train.tolist() == [0, 1, 2, 3, 4]
    assert test.tolist() == []


@pytest.mark.parametrize(
    ("samples", "share", "seed", "sentence"),
    [
        (0, 0.5, 0, "there must be at least 1 sample to split, not 0"),
        (10, 1.5, 0, "the test share must be between 0 and 1, not 1.5"),
        (10, -0.1, 0, "the test share must be between 0 and 1, not -0.1"),
        (10, float("nan"), 0, "the test share must be between 0 and 1, not nan"),
        (10, 0.5, -1, "the seed must be 0 or more, not -1"),
    ],
)
def test_split_refuses_what_cannot_be_split(samples: int, share: float, seed: int, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        split(samples, share, seed)
    assert str(caught.value) == sentence
