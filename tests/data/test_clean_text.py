"""No character from outside may steer the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.text import clean, did_you_mean, short


@pytest.mark.parametrize(
    "character",
    list("\x00\t\n\r\x1b\x7f\x85\x9b\u2028\u2029\u061c\u200e\u200f\u202a\u202e\u2066\u2069\ud800\udfff"),
)
def test_unsafe_characters_are_replaced_one_for_one(character: str) -> None:
    assert clean(f"a{character}{character}b") == "a\ufffd\ufffdb"


@given(st.text(st.characters(codec=None)))
def test_only_safe_characters_are_left(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned
    for character in cleaned:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
    cleaned.encode()


def test_ordinary_text_is_left_alone() -> None:
    assert clean("größe ×2 – 重み 👩‍🔬 [/red]") == "größe ×2 – 重み 👩‍🔬 [/red]"


@pytest.mark.parametrize(("limit", "shown"), [(1, "…"), (4, "abc…"), (5, "abcde"), (9, "abcde"), (None, "abcde")])
def test_the_limit_counts_the_ellipsis(limit: int | None, shown: str) -> None:
    assert clean("abcde", limit) == shown


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("xr", "; did you mean 'xor'?"),
        ("XOR", "; did you mean 'xor'?"),
        ("gaus", "; did you mean 'Gauss'?"),
        ("zzz", ""),
    ],
)
def test_did_you_mean(word: str, hint: str) -> None:
    assert did_you_mean(word, ["xor", "Gauss", "spiral"]) == hint


def test_did_you_mean_cleans_what_it_suggests() -> None:
    assert did_you_mean("weight", ["weight\x1b"]) == "; did you mean 'weight\ufffd'?"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1e-5, "1e-5"), (-2.5e-7, "-2.5e-7"), (1e-10, "1e-10"), (1e22, "1e+22"), (3e8, "3e+8"), (0.1, "0.1"), (5.0, "5")],
)
def test_a_small_number_is_written_as_people_write_it(value: float, said: str) -> None:
    assert short(value) == said
