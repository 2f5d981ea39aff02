"""The generators against their formulas, stated once more for one point at a time, in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui import data
from nntui.data import DataError

GENERATED = tuple(name for name in data.NAMES if name != "digits")
WITH_DICE = tuple(name for name in GENERATED if name not in data.EXACT)

Point = tuple[float, float, float]


def points(name: str, samples: int = 200, noise: float = 0.0, seed: int = 0) -> list[Point]:
    """Return the points as (x, y, target)."""
    dataset = data.load(name, samples, noise, seed)
    return [(x, y, target) for (x, y), (target,) in zip(dataset.inputs.tolist(), dataset.targets.tolist(), strict=True)]


def targets(name: str, samples: int) -> list[float]:
    return [target for _, _, target in points(name, samples)]


# ---------------------------------------------------------------- formulas


def spiral_point(i: int, n: int, turn: float) -> tuple[float, float]:
    r = i / n * 5
    t = 1.75 * i / n * 2 * math.pi + turn
    return r * math.sin(t), r * math.cos(t)


@pytest.mark.parametrize("samples", [1, 2, 7, 200])
def test_spiral_without_noise_is_two_arms(samples: int) -> None:
    first, second = math.ceil(samples / 2), samples // 2
    expected = [(*spiral_point(i, first, 0.0), 1.0) for i in range(first)]
    expected += [(*spiral_point(i, second, math.pi), -1.0) for i in range(second)]
    assert points("spiral", samples) == [pytest.approx(point, abs=1e-12) for point in expected]


def test_spiral_noise_moves_points_by_at_most_itself() -> None:
    calm, noisy = np.array(points("spiral", 400)), np.array(points("spiral", 400, noise=0.3))
    moves = np.abs(noisy - calm)[:, :2]
    assert 0.25 < moves.max() <= 0.3 + 1e-12


@pytest.mark.parametrize("samples", [1, 2, 7, 200])
def test_moons_without_noise_are_two_half_circles(samples: int) -> None:
    first, second = math.ceil(samples / 2), samples // 2
    expected = []
    for i in range(first):
        t = math.pi * i / max(first - 1, 1)
        expected.append((math.cos(t), math.sin(t), -1.0))
    for i in range(second):
        t = math.pi * i / max(second - 1, 1)
        expected.append((1.0 - math.cos(t), 1.0 - math.sin(t) - 0.5, 1.0))
    assert points("moons", samples) == [pytest.approx(point, abs=1e-12) for point in expected]


def test_moons_noise_is_a_standard_deviation() -> None:
    calm, noisy = np.array(points("moons", 20_000)), np.array(points("moons", 20_000, noise=0.2))
    moves = (noisy - calm)[:, :2]
    assert moves.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.01)
    assert moves.std(axis=0) == pytest.approx([0.2, 0.2], rel=0.03)


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_its_centres_and_variance(noise: float, variance: float) -> None:
    cloud = np.array(points("gauss", 40_000, noise))
    for target in (1.0, -1.0):
        members = cloud[cloud[:, 2] == target, :2]
        assert members.mean(axis=0) == pytest.approx([2 * target, 2 * target], abs=0.06)
        assert members.var(axis=0) == pytest.approx([variance, variance], rel=0.04)


def test_circle_without_noise_is_a_disc_in_a_ring() -> None:
    for i, (x, y, target) in enumerate(points("circle", 1001)):
        r = math.sqrt(x * x + y * y)
        if i < 501:
            assert r <= 2.5
            assert target == 1.0
        else:
            assert 3.5 - 1e-12 <= r <= 5.0
            assert target == -1.0


def test_xor_is_kept_off_the_axes_and_labelled_by_sign() -> None:
    for x, y, target in points("xor", 1000):
        assert 0.3 <= abs(x) <= 5.3
        assert 0.3 <= abs(y) <= 5.3
        assert target == (1.0 if x * y >= 0 else -1.0)


@pytest.mark.parametrize("name", ["xor", "circle", "plane", "multigauss"])
def test_noise_that_moves_labels_leaves_the_points_in_place(name: str) -> None:
    calm, noisy = np.array(points(name, 500)), np.array(points(name, 500, noise=0.4))
    assert (calm[:, :2] == noisy[:, :2]).all()
    assert (calm[:, 2] != noisy[:, 2]).any()


def test_noisy_labels_belong_to_a_point_within_reach() -> None:
    noise = 0.2
    for x, y, target in points("circle", 1000, noise):
        nearest = math.hypot(max(abs(x) - 5 * noise, 0.0), max(abs(y) - 5 * noise, 0.0))
        farthest = math.hypot(abs(x) + 5 * noise, abs(y) + 5 * noise)
        assert nearest < 2.5 if target == 1.0 else farthest >= 2.5
    for x, y, target in points("xor", 1000, noise):
        if target != (1.0 if x * y >= 0 else -1.0):
            assert min(abs(x), abs(y)) <= 5 * noise
    for x, y, target in points("plane", 1000, noise):
        assert abs(target - (x + y) / 10) <= 2 * 6 * noise / 10 + 1e-12


def test_plane_is_a_tenth_of_the_sum() -> None:
    for x, y, target in points("plane", 500):
        assert max(abs(x), abs(y)) <= 6.0
        assert target == (x + y) / 10.0


def hill(x: float, y: float) -> float:
    """The height that is largest in absolute value, as Playground chooses it."""
    label = 0.0
    for cx, cy, sign in [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]:
        distance = math.sqrt((x - cx) ** 2 + (y - cy) ** 2)
        new = sign * min(max(1 - distance / 2, 0.0), 1.0)
        if abs(new) > abs(label):
            label = new
    return label


def test_multigauss_is_the_nearest_hill() -> None:
    cloud = points("multigauss", 2000)
    assert [target for _, _, target in cloud] == [pytest.approx(hill(x, y), abs=1e-12) for x, y, _ in cloud]
    assert max(max(abs(x), abs(y)) for x, y, _ in cloud) <= 6.0
    assert {0.0, 1.0, -1.0} == {math.copysign(1.0, t) if t else 0.0 for _, _, t in cloud}


def test_twice_is_a_number_and_its_double_whatever_is_asked() -> None:
    dataset = data.load("twice", samples=9, noise=0.3, seed=4)
    assert dataset.inputs[:, 0].tolist() == [1, 2, -1, -2]
    assert (dataset.targets == 2 * dataset.inputs).all()
    assert dataset.classes == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("corners-and", [-1, -1, -1, 1]), ("corners-or", [-1, 1, 1, 1]), ("corners-xor", [-1, 1, 1, -1])],
)
def test_corners_are_truth_tables_whatever_is_asked(name: str, expected: list[int]) -> None:
    for dataset in (data.load(name), data.load(name, samples=99, noise=0.5, seed=8)):
        assert dataset.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
        assert dataset.targets[:, 0].tolist() == expected


# ---------------------------------------------------------------- samples, seeds, limits


@pytest.mark.parametrize(("name", "first"), [("gauss", 1.0), ("circle", 1.0), ("spiral", 1.0), ("moons", -1.0)])
def test_the_first_class_gets_the_odd_sample(name: str, first: float) -> None:
    assert targets(name, 5) == [first, first, first, -first, -first]
    assert targets(name, 1) == [first]


@given(
    name=st.sampled_from(WITH_DICE),
    samples=st.integers(1, 60),
    noise=st.floats(0.0, 0.5),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_same_arguments_give_the_same_bits(name: str, samples: int, noise: float, seed: int) -> None:
    first, again = (data.load(name, samples, noise, seed) for _ in range(2))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.targets.tobytes() == again.targets.tobytes()
    assert first.samples == samples
    assert np.isfinite(first.targets).all()


@pytest.mark.parametrize("name", WITH_DICE)
def test_another_seed_gives_other_points(name: str) -> None:
    assert points(name, noise=0.1, seed=1) != points(name, noise=0.1, seed=2)


def test_numpy_still_deals_the_same() -> None:
    """The streams of numpy 1.26 and 2.4 are these; a lesson's expectations rest on them."""
    assert [p[:2] for p in points("xor", 2, 0.1, 1)] == [
        (-4.631979906603437, -5.242228819692197),
        (-4.5098701764509705, 3.3655669413495373),
    ]
    assert points("gauss", 2, 0.1, 1) == [
        pytest.approx((2.6150433683904106, 2.0278025214715876, 1.0), rel=1e-14),
        pytest.approx((-3.0537498030365224, -2.539567122748015, -1.0), rel=1e-14),
    ]


def test_two_hundred_samples_unless_asked() -> None:
    assert data.load("xor").samples == data.DEFAULT_SAMPLES == 200
    assert data.load("xor", samples=data.MOST_SAMPLES).samples == 100_000


@pytest.mark.parametrize(
    ("name", "samples", "noise", "seed", "sentence"),
    [
        ("xor", 0, 0.0, 0, "the data set 'xor' has 1 to 100,000 samples, not 0"),
        ("xor", 100_001, 0.0, 0, "the data set 'xor' has 1 to 100,000 samples, not 100,001"),
        ("xor", None, 0.6, 0, "the noise must be between 0 and 0.5, not 0.6"),
        ("xor", None, -0.1, 0, "the noise must be between 0 and 0.5, not -0.1"),
        ("xor", None, math.nan, 0, "the noise must be between 0 and 0.5, not nan"),
        ("xor", None, 0.0, -3, "the seed must be 0 or more, not -3"),
        ("digits", 1798, 0.0, 0, "the data set 'digits' has 1 to 1,797 samples, not 1,798"),
        ("digits", None, 0.1, 0, "the data set 'digits' takes no noise; leave it at 0, not 0.1"),
    ],
)
def test_numbers_out_of_range(name: str, samples: int | None, noise: float, seed: int, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        data.load(name, samples, noise, seed)
    assert str(caught.value) == sentence


def test_an_unknown_name_is_answered_with_those_that_exist() -> None:
    with pytest.raises(DataError) as caught:
        data.load("XR\x1b[31m")
    sentence = str(caught.value)
    assert sentence.startswith("there is no data set 'XR\ufffd[31m', but there is gauss, circle, xor, ")
    with pytest.raises(DataError, match=r"; did you mean 'spiral'\?$"):
        data.load("Spirale")
