"""Plays a lesson from its first beat to its last, answers its questions rightly, and holds it to its expectations.

A scenario for free play does what its [check] says, and is held to that.
"""

from __future__ import annotations

from typing import cast

from nntui import messages as m
from nntui import words
from nntui.scenario.expect import parse
from nntui.scenario.lines import line_of
from nntui.scenario.schema import CheckTable
from nntui.session.session import Session


def rehearse(text: str, name: str, folder: str) -> list[str]:
    """Play a file without problems in its text; return what did not come true, each with file and line."""
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
    check = session.desk.original.check if session.desk is not None else None
    return problems + (_play(session, check, text, name) if check is not None else [])


def _play(session: Session, check: CheckTable, text: str, name: str) -> list[str]:
    """Do what [check] says, and hold the scenario to what it expects then."""
    problems: list[str] = []
    for index, line in enumerate(check.do):
        where = f"{name}:{line_of(text, ('check', 'do', index))}"
        meaning = words.parse(line)
        if isinstance(meaning, words.COMMANDS):
            problems += _errors(session.handle(cast(m.Command, meaning)) + session.settle(), where)
        else:
            problems += _errors([m.Told(session.ask(cast(m.Query, meaning)))], where)
    for index, line in enumerate(check.expect):
        where = f"{name}:{line_of(text, ('check', 'expect', index))}"
        problems += _held(session, line, f"{where}: check")
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
    """What went wrong while something was done: errors, answers refused, a loss that overflowed."""
    problems = [f"{where}: {fact.sentence}" for fact in facts if isinstance(fact, m.Error)]
    problems += [
        f"{where}: {fact.result.sentence}"
        for fact in facts
        if isinstance(fact, m.Told) and isinstance(fact.result, m.Refused)
    ]
    return problems + [f"{where}: the loss overflows at step {f.step}" for f in facts if isinstance(f, m.Overflowed)]
