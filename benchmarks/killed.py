"""Kills sessions at random moments: what was told 100 ms before is in the file, which opens; nobody is left behind.

    python benchmarks/killed.py [MOMENTS] [SEED] [WHO ...]

WHO is what is killed with SIGKILL, in MOMENTS/6 sessions each: `engine` under a bare handle, `plain` and
`plain-engine` (the sentences through a pipe, and their engine), `screen` and `screen-engine` (in a pseudo-terminal),
and `train`, which is one process. Linux only.

What was told is known from outside: by the facts that came through the handle, the sentences that were printed, the
steps and marks that stood on the screen, each with its time. Afterwards the file is read, verified to the bit, played,
and gone on from; where the engine was killed, the front end goes on in the same file, which is whole at its end.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tui"))
from terminal import Terminal, alive, children, engine_of  # noqa: E402

from nntui import messages as m  # noqa: E402
from nntui import words  # noqa: E402
from nntui.scenario.library import find  # noqa: E402
from nntui.session.process.client import Engine  # noqa: E402
from nntui.session.process.inbox import EngineLost  # noqa: E402
from nntui.session.recording.reading import Scan, read  # noqa: E402
from nntui.session.recording.recorder import UNTOLD  # noqa: E402
from nntui.session.recording.records import Ended, Happened, Header, RecordingError  # noqa: E402
from nntui.session.recording.resuming import resumed  # noqa: E402
from nntui.session.recording.verifying import Verifier  # noqa: E402

LATE = 0.1  # seconds: what was told longer before must be there
GONE_SECONDS = 1.0
LATEST = 3.0  # seconds after the session stands, at which it is killed at the latest
WEIGHT = "weights[0][0][0]"
STEP = re.compile(r"step ([\d,]+)")
MARK = re.compile(r"Marked: (m\d+m)")
STANDS = "Step 0."  # is said when the scenario is open
NNTUI = (sys.executable, "-m", "nntui")


def deeds(dice: random.Random) -> Iterator[str]:
    """What somebody does in a session, without end, in words."""
    number = 0
    while True:
        number += 1
        yield f"mark m{number}m"
        yield dice.choice(
            (f"run {dice.randint(1, 3000)}", f"try {dice.randint(1, 5)}", f"twist {WEIGHT} {dice.uniform(-1, 1):.3f}",
             f"set {WEIGHT} {dice.uniform(-1, 1):.3f}", "step 1 epoch", "back 1 step", "undo", "method gradient",
             "method twists", f"batch {dice.randint(2, 9)}", f"slope {WEIGHT} 0.01")
        )  # fmt: skip


@dataclass
class Killed:
    """One session that was killed: what was heard of it and when, and what is wrong with what it has left."""

    at: float = 0.0  # when it was killed, by the clock of `heard`
    heard: list[tuple[float, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    gone: float = 0.0  # seconds until the last process was gone
    margin: float | None = None  # seconds before the kill at which the oldest thing was told that is missing

    def missing(self, there: Callable[[str], bool]) -> None:
        """Note what is not there."""
        lost = [(when, text) for when, text in self.heard if when < self.at and not there(text)]
        if lost:
            self.margin = self.at - lost[0][0]
            self.counts["sessions in which the very last is missing"] += 1
        self.counts["told before the kill"] += len(self.heard)
        self.wrong += [f"{text!r}, told {self.at - when:.3f} s before, is missing" for when, text in lost
                       if when < self.at - LATE]  # fmt: skip

    def wait_until_gone(self, *pids: int) -> None:
        """Nobody is left within a second."""
        began = time.monotonic()
        while any(map(alive, pids)) and time.monotonic() < began + 10:
            time.sleep(0.002)
        self.gone = time.monotonic() - began
        if self.gone > GONE_SECONDS:
            self.wrong.append(f"a process was there for {self.gone:.1f} s afterwards")


# ---------------------------------------------------------------- what is left


def opened(killed: Killed, path: Path) -> Scan | None:
    """The file, if it is as it must be."""
    if not path.exists():
        killed.counts["killed before there was a file"] += 1
        return None
    try:
        scan = read(path)
    except RecordingError as error:
        killed.wrong.append(f"{error} ({path.stat().st_size} bytes)")
        return None
    killed.counts["torn last line"] += scan.torn
    killed.wrong += [f"line {damage.line}: {damage.sentence}" for damage in scan.damages]
    verdict = Verifier(scan).run()
    if not verdict.equal:
        killed.wrong.append(f"verifying: {verdict.difference} at line {verdict.line}")
    return scan


def gone_on(killed: Killed, path: Path, scan: Scan) -> None:
    """It is gone on from where it ends."""
    if not any(isinstance(line.sketch, Happened) and isinstance(line.sketch.fact, m.Opened) for line in scan.lines):
        killed.counts["killed before anything was open"] += 1
        return
    try:
        player, _ = resumed(path)
    except RecordingError as error:
        killed.wrong.append(f"resume: {error}")
        return
    last = max(line.position.step for line in scan.lines[-1:])
    if player.position.step != last:
        killed.wrong.append(f"resume: step {player.position.step} instead of {last}")
    player.close()


def whole(killed: Killed, path: Path) -> None:
    """After another engine has gone on in it, and has ended."""
    scan = opened(killed, path)
    if scan is not None and (scan.torn or not isinstance(scan.lines[-1].sketch, Ended)):
        killed.wrong.append("another engine has gone on, and the file has no end")


# ---------------------------------------------------------------- under a bare handle


def engine(path: Path, dice: random.Random) -> Killed:
    """The engine itself, and each fact that it has told."""
    killed, facts = Killed(), list[tuple[float, m.Fact]]()
    with Engine.start() as handle:
        handle.record(path)
        source = find("xor")
        handle.send(m.Open(source.read_text(), source.name, str(source.parent)))
        stopping = threading.Event()

        def listen() -> None:
            while not stopping.is_set():
                now = handle.receive(0.1)
                when = time.monotonic()
                facts.extend((when, item) for item in now if not isinstance(item, m.Frame | m.Reply | EngineLost))
                if any(isinstance(item, EngineLost) for item in now):
                    return

        listening = threading.Thread(target=listen)
        listening.start()
        pause(lambda: any(isinstance(fact, m.Opened) for _, fact in facts))
        end = time.monotonic() + dice.uniform(0.0, LATEST)
        for line in deeds(dice):
            if time.monotonic() >= end:
                break
            handle.send(words.parse(line))  # type: ignore[arg-type]
            time.sleep(min(dice.choice((0.0, 0.01, 0.05, 0.2)), max(0.0, end - time.monotonic())))
        killed.at = time.monotonic()
        os.kill(handle.pid, signal.SIGKILL)
        killed.wait_until_gone(handle.pid)
        listening.join()
        stopping.set()
        scan = opened(killed, path)
        there = {repr(line.record.fact) for line in scan.lines if isinstance(line.record, Happened)} if scan else set()
        killed.heard = [(when, repr(fact)) for when, fact in facts if not isinstance(fact, (*UNTOLD, m.Measured))]
        killed.missing(there.__contains__)
        if scan is not None:
            handle.restart()
            for line in ("mark afterwards", "run 50"):
                handle.send(words.parse(line))  # type: ignore[arg-type]
            list(handle.settle())
    whole(killed, path)
    return killed


# ---------------------------------------------------------------- in sentences


def pause(until: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.002)


@contextmanager
def plain_session(path: Path, killed: Killed, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`nntui plain`, whose sentences are noted with their times."""
    command = [*NNTUI, *(arguments or ("plain", "xor", "--record", str(path)))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                killed.heard.append((time.monotonic(), line.strip()))

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        yield process
        process.kill()
        listening.join()


def type_lines(process: subprocess.Popen[str], dice: random.Random, seconds: float) -> None:
    """Type what somebody does."""
    assert process.stdin is not None
    end = time.monotonic() + seconds
    for line in deeds(dice):
        left = end - time.monotonic()
        if left <= 0:
            return
        process.stdin.write(line + "\n")
        process.stdin.flush()
        time.sleep(min(left, dice.choice((0.01, 0.03, 0.05, 0.2))))


def engines(pid: int) -> list[int]:
    """The engine of a front end, if it has one by now."""
    return [child for child in children(pid) if b"process.host" in Path(f"/proc/{child}/cmdline").read_bytes()]


def plain(path: Path, dice: random.Random) -> Killed:
    """The front end in sentences."""
    killed = Killed()
    with plain_session(path, killed) as process:
        if dice.random() < 0.2:  # while it starts
            time.sleep(dice.uniform(0.0, 1.0))
        else:
            pause(lambda: any(STANDS in text for _, text in killed.heard))
            type_lines(process, dice, dice.uniform(0.0, LATEST))
        pids = engines(process.pid)
        killed.at = time.monotonic()
        process.kill()
        process.wait()
        killed.wait_until_gone(*pids)
    check_sentences(killed, path)
    return killed


def check_sentences(killed: Killed, path: Path) -> None:
    """All marks that were said are there, and the file can be gone on from."""
    scan = opened(killed, path)
    names = {line.record.fact.name for line in scan.lines if isinstance(line.record, Happened)
             and isinstance(line.record.fact, m.Marked)} if scan else set()  # fmt: skip
    killed.heard = [(when, mark[1]) for when, text in killed.heard if (mark := MARK.search(text))]
    killed.missing(names.__contains__)
    if scan is not None:
        gone_on(killed, path, scan)


def plain_engine(path: Path, dice: random.Random) -> Killed:
    """The engine of the front end in sentences, which goes on."""
    killed = Killed()
    with plain_session(path, killed) as process:
        if dice.random() < 0.8:
            pause(lambda: any(STANDS in text for _, text in killed.heard))
        else:  # while it starts
            pause(lambda: killed.heard and engines(process.pid))
        type_lines(process, dice, dice.uniform(0.0, LATEST))
        (pid,) = engines(process.pid)
        killed.at = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        killed.wait_until_gone(pid)
        heard = list(killed.heard)
        copy = path.with_suffix(".then.nnrec")
        if path.exists():
            copy.write_bytes(path.read_bytes())
        assert process.stdin is not None
        process.stdin.write("\nwhere\nmark m0m\nrun 20\nmark m0m\nquit\n")
        process.stdin.close()
        process.wait(60)
    said = "\n".join(text for _, text in killed.heard)
    for part in ("ended by SIGKILL", "The engine is started anew"):
        if part not in said:
            killed.wrong.append(f"the front end does not say '{part}'")
    if "m0m" not in said:
        killed.wrong.append("the front end does not go on")
    killed.heard = [(when, text) for when, text in heard if when < killed.at]
    check_sentences(killed, copy)
    whole(killed, path)
    return killed


# ---------------------------------------------------------------- on the screen


def look(terminal: Terminal, killed: Killed, seconds: float) -> None:
    """Read for so long, and note which steps and marks are seen, and when."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(min(left, 0.02))
        now, text = time.monotonic(), terminal.text
        step = STEP.search(terminal.rows[0])
        said = [f"step {step[1]}"] if step else []
        said += MARK.findall(text)
        recent = [text for _, text in killed.heard[-40:]]
        killed.heard += [(now, text) for text in said if text not in recent]


def type_keys(terminal: Terminal, killed: Killed, dice: random.Random, seconds: float) -> None:
    """Press keys as somebody does."""
    end, number = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        number += 1
        terminal.send(dice.choice(("r", "\x1b[C", "\x1b[D", "t", "]", "[", "}", "U", "f", "+", f":mark m{number}m\r")))
        look(terminal, killed, min(left, dice.choice((0.02, 0.1, 0.4))))


def screen(path: Path, dice: random.Random) -> Killed:
    """The screen."""
    killed = Killed()
    with Terminal("xor", "--record", str(path)) as terminal:
        if dice.random() < 0.2:
            look(terminal, killed, dice.uniform(0.2, 1.5))
        else:
            terminal.wait_for(STEP)
            type_keys(terminal, killed, dice, dice.uniform(0.0, LATEST))
        pids = engines(terminal.process.pid)
        killed.at = time.monotonic()
        terminal.process.kill()
        terminal.process.wait()
        killed.wait_until_gone(*pids)
    check_screen(killed, path)
    return killed


def check_screen(killed: Killed, path: Path) -> None:
    """All marks and steps that were seen are there."""
    scan = opened(killed, path)
    names, furthest = set[str](), -1
    for line in scan.lines if scan else []:
        if not isinstance(line.sketch, Header):
            furthest = max(furthest, line.position.step)
        if isinstance(line.sketch, Happened) and isinstance(line.sketch.fact, m.Marked):
            names.add(line.sketch.fact.name)

    def there(said: str) -> bool:
        return said in names if not said.startswith("step ") else int(said[5:].replace(",", "")) <= furthest

    killed.heard = [(when, said) for when, said in killed.heard if when < killed.at]
    killed.missing(there)
    if scan is not None:
        gone_on(killed, path, scan)


def screen_engine(path: Path, dice: random.Random) -> Killed:
    """The engine of the screen, which goes on."""
    killed = Killed()
    with Terminal("xor", "--record", str(path)) as terminal:
        terminal.wait_for(STEP)
        type_keys(terminal, killed, dice, dice.uniform(0.0, LATEST))
        pid = engine_of(terminal.process.pid)
        killed.at = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        killed.wait_until_gone(pid)
        copy = path.with_suffix(".then.nnrec")
        if path.exists():
            copy.write_bytes(path.read_bytes())
        terminal.wait_for(lambda: [other for other in engines(terminal.process.pid) if other != pid])
        terminal.wait_for("r run")
        terminal.send(":mark afterwards\r")
        terminal.wait_for("Marked")
        terminal.send("\x03")
        terminal.end()
    check_screen(killed, copy)
    whole(killed, path)
    return killed


# ---------------------------------------------------------------- without a front end


def train(path: Path, dice: random.Random) -> Killed:
    """`nntui train --record`, which is one process; nobody tells what it does until it ends."""
    killed = Killed()
    with subprocess.Popen([*NNTUI, "train", "xor", "--steps", "100000000", "--record", str(path)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        pause(lambda: path.exists() or process.poll() is not None)
        time.sleep(dice.uniform(0.0, LATEST))
        killed.at = time.monotonic()
        process.kill()
    scan = opened(killed, path)
    if scan is not None:
        gone_on(killed, path, scan)
    return killed


WHO: dict[str, Callable[[Path, random.Random], Killed]] = {
    "engine": engine, "plain": plain, "plain-engine": plain_engine, "screen": screen, "screen-engine": screen_engine,
    "train": train,
}  # fmt: skip


def main(moments: int, seed: int, who: list[str]) -> int:
    """All of them; 1 where anything is wrong."""
    wrong = 0
    for name in who:
        counts, gone, margins = Counter[str](), list[float](), list[float]()
        sessions = -(-moments // len(who))
        for number in range(sessions):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "killed.nnrec"
                killed = WHO[name](path, random.Random(f"{name} {seed} {number}"))
                counts += killed.counts
                gone.append(killed.gone)
                margins += [killed.margin] if killed.margin is not None else []
                for sentence in killed.wrong:
                    print(f"{name} {number}: {sentence}", flush=True)
                wrong += bool(killed.wrong)
                if killed.wrong and path.exists():
                    Path(f"/tmp/killed-{name}-{number}.nnrec").write_bytes(path.read_bytes())
        told = ", ".join(f"{what}: {count:,}" for what, count in sorted(counts.items()) if count)
        last = f"; what is missing was told {max(margins) * 1e3:.0f} ms before or later" if margins else ""
        print(f"{name}: {sessions} sessions; gone after {max(gone) * 1e3:.0f} ms at most; {told}{last}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    os.environ["NNTUI_RECORD"] = "0"
    numbers = [int(word) for word in sys.argv[1:3] if word.isdigit()]
    chosen = [word for word in sys.argv[1:] if word in WHO]
    sys.exit(main(numbers[0] if numbers else 200, numbers[1] if len(numbers) > 1 else 1, chosen or list(WHO)))
