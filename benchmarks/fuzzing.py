"""What the fuzzers share: hostile values, messages of any kind, a watch on time and memory, watched workers.

A case is determined by the seed and its number. Each worker is a process: what hangs in it, or takes too much memory,
costs one case, which is named, kept as a file and can be tried again alone.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import resource
import signal
import struct
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from nntui import messages as m
from nntui.sentences.answers import AnswerTeller
from nntui.sentences.facts import FactTeller
from nntui.sentences.numbers import Voice
from nntui.text import clean

OF_A_FILE = """
format = 1
title = "Points of a file"
[data]
file = "points.csv"
inputs = ["a", "b"]
targets = ["c"]
test_share = 0.25
[model]
kind = "mlp"
layers = [2, 3, 1]
[training]
method = "gradient"
rung = "numpy"
optimizer = "adam"
"""
POINTS = "a,b,c\n" + "".join(f"{n / 10},{n % 3},{(-1) ** n}\n" for n in range(12))
SECONDS = 1.0  # of processor time that one thing may take
HUNG_SECONDS = 10.0  # of it after which a worker is ended from outside
MEGABYTES = 300
RECYCLED_MEGABYTES = 220  # from which on a worker is replaced, so that one case is not blamed for those before
STEERING = (
    "\x1b[2J\x1b[31m",
    "\x9b31m",
    "\u202eabc\u2066",
    "\x1b]0;title\x07",
    "\x08\x08",
    "\u2028",
    "a\nb\r\tc",
    "\x00",
)
HOSTILE: tuple[Any, ...] = (
    0, -1, 1, 2, 3, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, -(10**30), 1e308, -1e308, 5e-324, 0.5, -0.0,
    "nan", "inf", "-inf", "", " ", "x", None, True, False, [], {}, [[]], [0] * 5_000, [[0.5] * 50] * 50, "A" * 5_000,
    {"a": {"b": {"c": 1}}}, 1_000_000_000, "../../etc/passwd", "/dev/zero", "[/red] [bold] [[", "{0} {x!r} %s %n",
    "weights[0][0][0]", "weights[999999999][0][0]", "outputs[-1][0]", "é☃漢\U0001f469\u200d\U0001f4bb",
    "a" + "\u0301" * 300,
    *STEERING,
)  # fmt: skip


class SlowError(BaseException):
    """Something took longer than it may; no code that is tried catches this."""


# ---------------------------------------------------------------- values and messages


def value_of(kind: msgspec.inspect.Type, dice: random.Random, depth: int = 0) -> Any:
    """A value of a type, as plain data; now and then one that is not of it, or is of it and out of all limits."""
    i = msgspec.inspect
    if dice.random() < 0.03:
        return dice.choice(HOSTILE)
    if isinstance(kind, i.UnionType):
        return value_of(dice.choice(kind.types), dice, depth)
    if isinstance(kind, i.StructType):
        given = {kind.tag_field: kind.tag} if kind.tag_field else {}
        few = (field for field in kind.fields if field.required or dice.random() < 0.5)
        values = {field.encode_name: value_of(field.type, dice, depth + 1) for field in few}
        return [*given.values(), *values.values()] if kind.array_like else given | values
    if isinstance(kind, i.LiteralType):
        return dice.choice(kind.values)
    if isinstance(kind, i.ListType | i.VarTupleType):
        longest = 3 if depth > 2 else 6
        return [value_of(kind.item_type, dice, depth + 1) for _ in range(dice.randint(0, longest))]
    if isinstance(kind, i.TupleType):
        return [value_of(item, dice, depth + 1) for item in kind.item_types]
    if isinstance(kind, i.DictType):
        return {text_of(dice): value_of(kind.value_type, dice, depth + 1) for _ in range(dice.randint(0, 3))}
    if isinstance(kind, i.StrType):
        return text_of(dice)
    if isinstance(kind, i.BoolType):
        return dice.random() < 0.5
    if isinstance(kind, i.IntType):
        return dice.choice((0, 1, 2, 3, 5, -1, 10**6, 2**31, 2**62, 2**63 - 1, dice.randint(0, 40)))
    if isinstance(kind, i.FloatType):
        return dice.choice((0.0, 0.3, -1.0, 1e-300, 1e308, "nan", "inf", "-inf", dice.gauss(0, 2)))
    return None


def text_of(dice: random.Random) -> str:
    """A text: a word that means something, one that steers, or both."""
    known = (
        "xor", "digits", "spiral", "loops", "numpy", "weights[0][0][0]", "biases[0][0]", "outputs[1][0]", "graph loss",
        "tanh(a*b) a=1 b=2", "predict", "3x4", "loss < 1", "adam", "sgd", "here", "weights", "column", "1 2 3",
    )  # fmt: skip
    parts = [
        dice.choice(known) if dice.random() < 0.6 else str(dice.choice(HOSTILE))[:300]
        for _ in range(dice.randint(1, 2))
    ]
    return " ".join(parts)


COMMAND, FACT = (msgspec.inspect.type_info(kind) for kind in (m.Command, m.Fact))


def changed(value: Any, dice: random.Random, keep: tuple[str, ...] = ()) -> None:
    """Change something somewhere in plain data."""
    if isinstance(value, dict) and value:
        key: Any = dice.choice([*value])
    elif isinstance(value, list) and value:
        key = dice.randrange(len(value))
    else:
        return
    inner = value[key]
    if isinstance(inner, dict | list) and inner and dice.random() < 0.85:
        changed(inner, dice, keep)
    elif key in keep:
        return
    elif isinstance(value, dict) and dice.random() < 0.1:
        del value[key]
    elif isinstance(value, list) and dice.random() < 0.3:
        value.insert(key, dice.choice(value)) if dice.random() < 0.5 else value.pop(key)
    elif isinstance(inner, bytes):
        value[key] = bytes_like(inner, dice)
    elif isinstance(inner, int | float) and not isinstance(inner, bool) and dice.random() < 0.4:
        value[key] = dice.choice((inner + 1, inner - 1, -inner, inner * 1000, inner / 3, inner * 2**40))
    else:
        value[key] = dice.choice(HOSTILE)


def bytes_like(data: bytes, dice: random.Random) -> bytes:
    """Other bytes: shorter, longer, none, or of numbers that are none."""
    special = struct.pack("<d", dice.choice((float("nan"), float("inf"), 1e308, -0.0)))
    at = dice.randint(0, len(data))
    return dice.choice((b"", data[:at], data + data, data + b"\0", special * (len(data) // 8), data[:at] + special,
                        b"\xff" * len(data), data[:8] * 100_000))  # fmt: skip


# ---------------------------------------------------------------- what may reach a screen


def texts(value: object) -> Iterator[str]:
    """All text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from texts(list(pair))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def check_text(where: str, *said: str) -> None:
    """No line of it steers a terminal."""
    for text in said:
        for line in text.split("\n"):
            assert clean(line) == line, f"{line!r:.200} reaches {where}"


def check_sentence(where: str, text: str) -> None:
    """It is one line that steers no terminal, and no fault of ours."""
    assert clean(text) == text, f"{text!r:.200} is no sentence for a screen ({where})"
    assert text.strip(), f"there is nothing to read ({where})"
    assert "Traceback" not in text, f"{text!r:.300} ({where})"


class Listener:
    """Whoever hears it in sentences, as the plain front end does."""

    def __init__(self) -> None:
        self._facts, self._answers, self._voice = FactTeller(), AnswerTeller(), Voice(detail="full")

    def hear(self, facts: list[m.Fact]) -> None:
        """Hear facts."""
        for fact in facts:
            check_text(type(fact).__name__, *texts(msgspec.to_builtins(fact, builtin_types=(bytes,))))
            lines = self._facts.tell(fact, self._voice)
            if isinstance(fact, m.Told):
                lines = self._answers.tell(fact.result, self._voice)
            check_text(f"a sentence about {type(fact).__name__}", *lines)

    def answered(self, result: m.Result) -> None:
        """Hear the answer to a query."""
        check_text(type(result).__name__, *texts(msgspec.to_builtins(result, builtin_types=(bytes,))))
        check_text(f"a sentence about {type(result).__name__}", *self._answers.tell(result, self._voice))


# ---------------------------------------------------------------- time


class Watch:
    """Looks at the processor time that each thing takes."""

    def __init__(self) -> None:
        self.slowest = 0.0
        self._raises: type[BaseException] = SlowError
        signal.signal(signal.SIGPROF, self._over)

    def _over(self, _number: int, _frame: object) -> None:
        raise self._raises("it takes too long")

    @contextlib.contextmanager
    def over(self, seconds: float = SECONDS) -> Iterator[None]:
        """What is done within may take so long."""
        began = time.process_time()
        self._raises = SlowError
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.slowest = max(self.slowest, time.process_time() - began)

    @contextlib.contextmanager
    def interrupting(self, seconds: float) -> Iterator[None]:
        """What is done within gets a ctrl-c after so long, and then has a second to end."""

        def interrupt(_number: int, _frame: object) -> None:
            signal.signal(signal.SIGPROF, self._over)
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            raise KeyboardInterrupt

        self._raises = SlowError
        signal.signal(signal.SIGPROF, interrupt)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._over)


def megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


# ---------------------------------------------------------------- workers

Trial = Callable[[int, Watch], str]  # tries the case of a number; gives what came of it, in a word


class Fuzz:
    """Tries many cases. `kept` writes the file of a case for whoever looks into it, and says where."""

    def __init__(self, trial: Callable[[], Trial], kept: Callable[[int], str]) -> None:
        self._trial, self._kept = trial, kept
        self._board = mmap.mmap(-1, 16)  # the case under way, and whether there is one
        self.faults: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.slowest = self.peak = 0.0

    def run(self, first: int, cases: int) -> bool:
        """Try so many from a number on; tell whether all is well."""
        begin, began = first, time.monotonic()
        while begin < first + cases:
            begin = self._worker(begin, first + cases)
            print(f"{begin - first:,} of {cases:,} cases, {time.monotonic() - began:.0f} s", flush=True)
        print(f"{cases:,} cases: " + ", ".join(f"{count:,} {end}" for end, count in self.ends.most_common()))
        print(f"the slowest thing took {self.slowest:.2f} s; {self.peak:.0f} MB at the most")
        for fault, count in self.faults.most_common():
            print(f"{count:,} times {fault}")
        return not self.faults

    def _worker(self, begin: int, end: int) -> int:
        """Have a process try them; the number of the first that it has not tried."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            self._work(begin, end, os.fdopen(writing, "w", buffering=1))
        os.close(writing)
        last, cpu = -1, 0.0
        os.set_blocking(reading, False)
        told = b""
        while True:
            time.sleep(0.05)
            with contextlib.suppress(BlockingIOError):
                while data := os.read(reading, 65_536):
                    told += data
            *lines, told = told.split(b"\n")
            for line in lines:
                self._hear(line.decode("utf-8", "replace"))
            (case,) = struct.unpack("q", self._board[:8])
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                os.close(reading)
                if status:
                    self._fault(case, f"the process ended with {status}")
                return case + 1
            now = _cpu(pid)
            if case != last:
                last, cpu = case, now
            elif now - cpu > HUNG_SECONDS:
                os.kill(pid, signal.SIGKILL)

    def _hear(self, line: str) -> None:
        kind, _, rest = line.partition("\t")
        if kind == "case":
            print(f"case {rest}", flush=True)
        elif kind == "fault":
            number, _, what = rest.partition("\t")
            self._fault(int(number), what)
        elif kind == "end":
            self.ends[rest] += 1
        elif kind == "most":
            slowest, peak = map(float, rest.split())
            self.slowest, self.peak = max(self.slowest, slowest), max(self.peak, peak)

    def _fault(self, case: int, what: str) -> None:
        self.faults[what] += 1
        if self.faults[what] == 1:
            print(f"case {case}: {what}\n  {self._kept(case)}", flush=True)

    def _work(self, begin: int, end: int, out: Any) -> None:
        """In the worker: try them one after the other."""
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            watch, trial = Watch(), self._trial()
            for case in range(begin, end):
                self._board[:8] = struct.pack("q", case)
                if case % 2_500 == 0:
                    out.write(f"case\t{case:,}\n")
                before = megabytes()
                try:
                    out.write(f"end\t{trial(case, watch)}\n")
                except BaseException as error:
                    out.write(f"fault\t{case}\t{_signature(error)}\n")
                after = megabytes()
                if after > MEGABYTES and before < RECYCLED_MEGABYTES:
                    out.write(f"fault\t{case}\t{round(after, -2):.0f} MB instead of at most {MEGABYTES}\n")
                if after > RECYCLED_MEGABYTES:
                    break
            out.write(f"most\t{watch.slowest} {megabytes()}\n")
            status = 0
        finally:
            out.flush()
            os._exit(status)


def _signature(error: BaseException) -> str:
    """What happened and where, in a line: the same fault comes many times."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/nntui/" in frame.filename] or frames[-1:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in ours[:-5:-1])
    said = " ".join(str(error).split())[:200] if isinstance(error, AssertionError | MemoryError) else ""
    return f"{type(error).__name__} {said} at {places}"


def _cpu(pid: int) -> float:
    """The processor time of a process."""
    with contextlib.suppress(OSError, IndexError):
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
