"""Any data set written as CSV and read again is the same to the bit."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nntui import data
from nntui.data import Dataset, read_table, to_csv


def there_and_back(dataset: Dataset) -> Dataset:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "there.csv"
        path.write_text("".join(to_csv(dataset)), encoding="utf-8", newline="")
        return read_table(path, dataset.input_names, dataset.target_names)


def assert_same(dataset: Dataset, back: Dataset) -> None:
    assert back.inputs.shape == dataset.inputs.shape
    assert back.inputs.tobytes() == dataset.inputs.tobytes()
    assert back.targets.tobytes() == dataset.targets.tobytes()
    assert (back.input_names, back.target_names) == (dataset.input_names, dataset.target_names)
    assert (None if back.labels is None else back.labels.tolist()) == (
        None if dataset.labels is None else dataset.labels.tolist()
    )


def test_the_first_lines() -> None:
    assert list(to_csv(data.load("corners-and")))[:2] == ["x1,x2,label\n", "-1.0,-1.0,-1.0\n"]


@pytest.mark.parametrize("name", data.NAMES)
def test_every_data_set_comes_back_to_the_bit(name: str) -> None:
    dataset = data.load(name, noise=0.0 if name == "digits" else 0.2)
    assert_same(dataset, there_and_back(dataset))


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.integers(1, 5).flatmap(lambda rows: hnp.arrays(np.float64, (rows, 3), elements=finite)),
    st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), min_size=1, max_size=20).filter(
            lambda name: bool(name.strip()) and name == name.strip()
        ),
        min_size=3,
        max_size=3,
        unique=True,
    ),
)
def test_any_finite_numbers_under_any_names_come_back_to_the_bit(numbers: np.ndarray, names: list[str]) -> None:
    dataset = Dataset(
        name="any",
        inputs=np.ascontiguousarray(numbers[:, :2]),
        targets=np.ascontiguousarray(numbers[:, 2:]),
        labels=None,
        classes=(),
        input_names=tuple(names[:2]),
        target_names=(names[2],),
    )
    back = there_and_back(dataset)
    assert back.inputs.tobytes() == dataset.inputs.tobytes()
    assert back.targets.tobytes() == dataset.targets.tobytes()
    assert back.input_names + back.target_names == tuple(names)


def test_a_column_that_is_input_and_target_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    dataset = read_table(path, ["a", "b"], ["b", "a"])
    assert list(to_csv(dataset)) == ["a,b\n", "1.0,2.0\n", "3.0,4.0\n"]
    assert_same(dataset, there_and_back(dataset))
