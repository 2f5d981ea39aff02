"""Expectations: what they hold of, and what is no expectation."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.scenario.expect import Expectation, ExpectationError, parse


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("loss < 0.3", [0.29, -math.inf], [0.3, 0.31, math.nan]),
        ("loss <= 0.3", [0.3], [0.31, math.nan]),
        ("kept > 20", [21.0, math.inf], [20.0, math.nan]),
        ("kept>=20", [20.0], [19.0, math.nan]),
        ("step == 326", [326.0], [325.0, math.nan]),
        ("step != 326", [325.0], [326.0, math.nan]),
        ("loss ~ 1.0299", [1.0299, 1.02985001, 1.02994999], [1.02984, 1.02996, math.nan, math.inf]),
        ("tries ~ 5", [4.5, 5.0, 5.5], [4.4, 5.6]),
        ("x ~ 1.0", [1.04], [1.06]),
        ("x ~ 1.00", [1.004], [1.04]),
        ("x ~ 1e-3", [0.0014], [0.0016]),
        ("x ~ −0.5", [-0.5, -0.52], [0.5]),
        ("output ~ -.237", [-0.2373], [0.237]),
    ],
)
def test_holds(text: str, yes: list[float], no: list[float]) -> None:
    expectation = parse(text)
    assert all(expectation.holds(value) for value in yes)
    assert not any(expectation.holds(value) for value in no)


def test_parts() -> None:
    expectation = parse("  outputs[1][0]  <=  2.50 ")
    assert (expectation.name, expectation.comparison, expectation.number) == ("outputs[1][0]", "<=", 2.5)
    assert str(expectation) == "outputs[1][0] <= 2.50"
    assert parse("weights[0][1][0]!=0") == Expectation("weights[0][1][0]", "!=", "0")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("loss under 0.3", "an expectation is written like loss < 0.3 or loss ~ 1.0299, not 'loss under 0.3'"),
        ("", "an expectation is written like loss < 0.3 or loss ~ 1.0299, not ''"),
        ("loss = 3", "there is no comparison '='; there are <= >= == != < > ~"),
        ("loss <> 3", "there is no comparison '<>'; there are <= >= == != < > ~"),
        ("0.3 > 3", "an expectation begins with a name, like loss or outputs[1][0], not '0.3'"),
        ("test loss > 3", "an expectation begins with a name, like loss or outputs[1][0], not 'test loss'"),
        ("loss < half", "an expectation ends with a number, like 0.3 or 1e-5, not 'half'"),
        ("loss < nan", "an expectation ends with a number, like 0.3 or 1e-5, not 'nan'"),
        ("loss < 1e999", "the number of an expectation must be finite; '1e999' is beyond the largest"),
    ],
)
def test_what_is_none(text: str, sentence: str) -> None:
    with pytest.raises(ExpectationError) as caught:
        parse(text)
    assert str(caught.value) == sentence


@given(st.text() | st.text(st.sampled_from("loss[0] <>=~!1.e-")), st.floats())
def test_any_text(text: str, value: float) -> None:
    try:
        expectation = parse(text)
    except ExpectationError as error:
        said = str(error)
        assert "\n" not in said
    else:
        assert isinstance(expectation.holds(value), bool)
        assert parse(str(expectation)) == expectation
