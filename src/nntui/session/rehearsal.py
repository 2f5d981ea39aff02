"""Plays a lesson from its first beat to its last, answers its questions rightly, and holds it to its expectations."""

from __future__ import annotations

from nntui import messages as m
from nntui.scenario.expect import parse
from nntui.scenario.lines import line_of
from nntui.session.session import Session


def rehearse(text: str, name: str, folder: str) -> list[str]:
    """Play a lesson without problems in its text; return what did not come true, each with file and line."""
    session = Session()
    facts = session.handle(m.Open(text, name, folder)) + session.settle()
    problems = _errors(facts, f"{name}:1")
    for number, beat in enumerate(session.lesson.beats, start=1):
        if number > 1:
            facts = session.handle(m.Next()) + session.settle()
            problems += _errors(facts, f"{name}:{line_of(text, ('beat', number - 1))}")
        for index, line in enumerate(beat.expect):
            where = f"{name}:{line_of(text, ('beat', number - 1, 'expect', index))}"
            problems += _held(session, line, f"{where}: beat {number}")
        if beat.ask is not None:
            session.handle(m.Answer(beat.ask.right))
    return problems


def _held(session: Session, line: str, where: str) -> list[str]:
    expectation = parse(line)
    result = session.ask(m.AskReading(expectation.name))
    if isinstance(result, m.Refused):
        return [f"{where} expects {line}, but {result.sentence}"]
    assert isinstance(result, m.Reading)
    if expectation.holds(result.value):
        return []
    return [f"{where} expects {line}, but {expectation.name} is {result.value!r}"]


def _errors(facts: list[m.Fact], where: str) -> list[str]:
    """What went wrong while a beat was played: errors, answers refused, a loss that overflowed."""
    problems = [f"{where}: {fact.sentence}" for fact in facts if isinstance(fact, m.Error)]
    problems += [
        f"{where}: {fact.result.sentence}"
        for fact in facts
        if isinstance(fact, m.Told) and isinstance(fact.result, m.Refused)
    ]
    return problems + [f"{where}: the loss overflows at step {f.step}" for f in facts if isinstance(f, m.Overflowed)]
