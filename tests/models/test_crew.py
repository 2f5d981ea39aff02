"""A crew: everyone does a share, all meet, and what goes wrong in one does not leave the others waiting."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.models.compiled import UNCOUNTED, jit
from nntui.models.crew import ALONE, Crew, Team, give_up, meet, now, over, share


def relay(rows: Any, rounds: int, team: Team) -> None:
    """In each round every worker writes its number, and after all have met adds up what the others wrote."""
    for turn in range(rounds):
        rows[team.worker, 0] = turn * team.workers + team.worker
        meet(team)
        for worker in range(team.workers):
            rows[team.worker, 1] += rows[worker, 0]
        meet(team)


def keep_waiting(rounds: int, nanoseconds: int, team: Team) -> int:
    """The last worker takes its time; the round after which all went home."""
    began, waited = now(), 0
    for turn in range(rounds):
        before = now()
        while team.worker == team.workers - 1 and now() - before < nanoseconds:
            pass
        waited += meet(team)
        give_up(team, began, waited)
        waited += meet(team)
        if over(team):
            return turn + 1
    return rounds + 1


@cache
def compiled() -> Any:
    return jit(relay, **UNCOUNTED)


@cache
def compiled_waiting() -> Any:
    return jit(keep_waiting, **UNCOUNTED)


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_each_sees_what_the_others_did_before_they_met(workers: int) -> None:
    rows, rounds = np.zeros((workers, 16), np.int64), 200
    Crew().run(workers, compiled(), rows, rounds)
    assert (rows[:, 1] == sum(range(rounds * workers))).all()


@given(st.integers(0, 10_000), st.integers(1, 70))
def test_shares_are_everything_once_and_begin_at_a_multiple_of_4(count: int, workers: int) -> None:
    parts = [share(4 * count, Team(ALONE.gate, worker, workers)) for worker in range(workers)]
    assert parts[0][0] == 0
    assert parts[-1][1] == 4 * count
    assert all(end == first for (_, end), (first, _) in pairwise(parts))
    assert all(first % 4 == 0 and first <= end for first, end in parts)


@pytest.mark.parametrize("bad", [0, 1])
def test_what_goes_wrong_in_one_is_raised_and_nobody_waits_for_it(bad: int) -> None:
    crew = Crew()

    def work(rows: Any, team: Team) -> None:
        if team.worker == bad:
            raise ValueError("no")
        compiled()(rows, 3, team)

    with pytest.raises(ValueError, match="no"):
        crew.run(2, work, np.zeros((2, 16), np.int64))
    rows = np.zeros((2, 16), np.int64)
    crew.run(2, compiled(), rows, 1)
    assert (rows[:, 1] == 1).all()


def test_all_go_home_when_one_keeps_the_others_waiting_and_then_one_goes_on_alone() -> None:
    crew = Crew()
    assert crew.run(3, compiled_waiting(), 1_000, 10_000_000) < 100
    assert crew.run(1, compiled_waiting(), 3, 10_000_000) == 4
    assert crew.at_hand(3) == 3
    for _ in range(6):
        crew.learn(False)
    assert crew.at_hand(3) == 1  # for more than a second
    crew.learn(True)
    assert crew.at_hand(3) == 1


def test_when_the_crew_is_at_work_one_worker_does_it_all() -> None:
    crew, teams = Crew(), []

    def inner(team: Team) -> None:
        teams.append((team.worker, team.workers))

    def outer(team: Team) -> None:
        if team.worker == 0:
            crew.run(2, inner)

    crew.run(2, outer)
    assert teams == [(0, 1)]
