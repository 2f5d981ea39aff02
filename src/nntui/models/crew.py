"""Several threads that do one thing together: all run the same compiled function, and wait for each other in it.

A loop that numba spreads over threads (`prange`) wakes them up and sends them to sleep at every turn, which takes
longer than a step of training. So a crew is sent once into a function that takes many steps. In it, each worker does
its own share, and where one needs what others have done, all of them `meet`: each counts itself in at the gate, and
waits there until everyone of this round has come.

On a busy machine somebody is always missing: other programs have his core. Who waits for long lets others have the
core, too; and where most of the time goes in waiting, one worker goes on alone for a while.

What a worker's share is must not change what is computed. Then the bits are the same with any number of workers, and
when the crew is already at work for somebody else, one worker does it all.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from nntui.models.compiled import UNCOUNTED, jitable
from nntui.models.lanes import pointer

PATIENCE = 1_000  # looks at the gate before the core is left to others: a few millionths of a second
LONG = 2_000_000  # nanoseconds of waiting, all in all, that are nothing yet
SHORTEST, LONGEST = 0.02, 1.0  # seconds that one worker goes on alone for: at first, and after many times in a row
OPEN = 1 << 62  # at the gate when somebody failed: nobody waits any more

_let_others = types.ExternalFunction("sched_yield", types.int32())


class Team(NamedTuple):
    """Who one is among those who do something together."""

    gate: NDArray[np.int64]  # how many have come to it, in all rounds together; then whether they should go home
    worker: int
    workers: int


ALONE = Team(np.zeros(2, np.int64), 0, 1)


@intrinsic
def _count_in(typing: Any, gate: Any) -> Any:
    """Add 1 to the gate as if nobody else were there; what it was before."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        where = pointer(context, builder, gate, arguments[0], ir.IntType(64)(0), ir.IntType(64))
        return builder.atomic_rmw("add", where, ir.IntType(64)(1), "seq_cst")

    return types.int64(gate), code


@intrinsic
def _come(typing: Any, gate: Any) -> Any:
    """How many have come to the gate by now; all that they wrote before is seen after it."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        where = pointer(context, builder, gate, arguments[0], ir.IntType(64)(0), ir.IntType(64))
        return builder.load_atomic(where, "acquire", 8)

    return types.int64(gate), code


@intrinsic
def now(typing: Any) -> Any:
    """Nanoseconds on a clock that only goes forward."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        word, long = ir.IntType(32), ir.IntType(64)
        moment = cgutils.alloca_once(builder, ir.ArrayType(long, 2))  # seconds, nanoseconds
        of = ir.FunctionType(word, [word, moment.type])
        clock = cgutils.get_or_insert_function(builder.module, of, "clock_gettime")
        builder.call(clock, [word(time.CLOCK_MONOTONIC), moment])
        seconds, rest = (builder.extract_value(builder.load(moment), index) for index in (0, 1))
        return builder.add(builder.mul(seconds, long(1_000_000_000)), rest)

    return types.int64(), code


def meet(team):
    """Wait until every worker has come here; for how many nanoseconds."""
    if team.workers == 1:
        return 0
    awaited = min(OPEN, (_count_in(team.gate) // team.workers + 1) * team.workers)
    looks, since = 0, 0
    while _come(team.gate) < awaited:
        looks += 1
        if looks == PATIENCE:
            since = now()
        elif looks > PATIENCE:
            _let_others()
    return now() - since if looks >= PATIENCE else 0


def give_up(team, began, waited):
    """Between two meetings: say that all should go home, if a worker has mostly been waiting since it began."""
    if waited > LONG and waited > (now() - began) // 4:
        team.gate[1] = 1


def over(team):
    """After the second one: whether somebody has said so. Everyone gets the same answer."""
    return team.gate[1] != 0


def share(count, team):
    """The part of so many things that a worker does: from the first to the end, both multiples of 4 or the very end."""
    first = count * team.worker // team.workers // 4 * 4
    end = count * (team.worker + 1) // team.workers // 4 * 4
    return first, count if team.worker + 1 == team.workers else end


for _function in (meet, give_up, over, share):
    jitable(_function, **UNCOUNTED)


def cores() -> int:
    """How many cores this process may use; fewer where NNTUI_THREADS says so."""
    try:
        there = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        there = os.cpu_count() or 1
    asked = os.environ.get("NNTUI_THREADS", "")
    return min(there, max(1, int(asked))) if asked.isdecimal() else there


class Crew:
    """Threads that sleep until there is something to do. They start when they are first needed."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._free = threading.Lock()
        self._helpers: list[SimpleQueue[Any]] = []
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._alone_until = 0.0
        self._alone_for = SHORTEST

    def learn(self, well: bool) -> None:
        """Whether several did well together. Where they kept each other waiting, one goes on alone for a while.

        Each time in a row that while is twice as long: a thread that starts may have to look for a core at first.
        """
        if well:
            self._alone_for = SHORTEST
            return
        self._alone_until = time.perf_counter() + self._alone_for
        self._alone_for = min(2 * self._alone_for, LONGEST)

    def at_hand(self, workers: int) -> int:
        """So many workers, or one where the machine is busy."""
        return workers if time.perf_counter() > self._alone_until else 1

    def run(self, workers: int, function: Callable[..., Any], *arguments: Any) -> Any:
        """Let so many workers run a function at the same time; its last argument is a worker's Team.

        What the first of them returns is returned; what goes wrong in one is raised here, when all have come back.
        """
        if workers == 1 or self._process != os.getpid() or not self._free.acquire(blocking=False):
            return function(*arguments, ALONE)
        try:
            return self._together(workers, function, arguments)
        finally:
            self._free.release()

    def _together(self, workers: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        while len(self._helpers) < workers - 1:
            jobs: SimpleQueue[Any] = SimpleQueue()
            threading.Thread(target=_help, args=(jobs, self._done), name="crew", daemon=True).start()
            self._helpers.append(jobs)
        gate = np.zeros(8, np.int64)  # a cache line
        for worker in range(1, workers):
            self._helpers[worker - 1].put((function, (*arguments, Team(gate, worker, workers))))
        result, failed = _attempt(function, (*arguments, Team(gate, 0, workers)))
        for _ in range(1, workers):
            failed = self._done.get() or failed
        if failed is not None:
            raise failed
        return result


def _help(jobs: SimpleQueue[Any], done: SimpleQueue[BaseException | None]) -> None:
    """One job after another, for as long as the process lives."""
    while True:
        done.put(_attempt(*jobs.get())[1])


def _attempt(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """Run a worker's function; if it fails, let the others out and say what went wrong."""
    try:
        return function(*arguments), None
    except BaseException as error:  # also an interrupt from the keyboard: the others must not wait for ever
        arguments[-1].gate[0] = OPEN
        return None, error


@cache
def crew() -> Crew:
    """The crew of this process."""
    return Crew()
