"""What is told by a file somebody wrote by hand need not fit together: it costs its own sentence, and nothing else."""

from __future__ import annotations

import io

import pytest

from nntui import messages as m
from nntui.plain.front import Plain
from nntui.sentences import unfit
from nntui.sentences.answers import AnswerTeller
from nntui.sentences.facts import FactTeller
from nntui.sentences.numbers import Voice
from nntui.session.process.local import LocalEngine

LEFT_OUT = "What is told here does not fit together, and is left out"
TENSOR = m.TensorView(
    "product", (2, 2), (), 0, (1.0,), 4, ((1.0,),), ((),), False, 0, element=(5, 5), sum=((5, 2), (5, 1))
)  # fmt: skip
FACTS = (
    m.ArrayMade("array", m.TensorView("", (), (1,), 9, (), 0, (), (), True, -1)), m.ArrayMade("element", TENSOR),
    m.Told(TENSOR), m.PlayerMoved("playing", float("inf"), float("nan"), 0, 1.0),
)  # fmt: skip


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is outside of tests."""
    monkeypatch.setattr(unfit, "STRICT", False)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_what_does_not_fit_together_costs_its_own_sentence(patient: None, fact: m.Fact) -> None:
    out = io.StringIO()
    plain = Plain(LocalEngine(), out)
    for one in (fact, m.Note("On it goes.")):
        plain._hear(one)
    assert out.getvalue().splitlines()[-1] == "On it goes."
    assert LEFT_OUT in out.getvalue()


def test_in_tests_a_fault_is_a_fault() -> None:
    with pytest.raises(IndexError):
        FactTeller().tell(FACTS[1], Voice())


def test_a_block_that_claims_to_be_huge_is_told_as_far_as_there_are_numbers() -> None:
    view = m.WeightsView((("weights[0]", (2**62, 1), (0.5, 0.25)),), 0)
    assert len(AnswerTeller().tell(view, Voice(detail="full"))) == 2
