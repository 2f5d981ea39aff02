"""What recording costs: training with and without it in turns, the size of files, how long a seek takes.

    python benchmarks/recording_cost.py

All in one process, in short turns that alternate; the best of many is compared.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording.player import Player

TEXT = """
format = 1
title = "Measured"
[data]
name = "{data}"
[model]
kind = "mlp"
layers = {layers}
[training]
rung = "{rung}"
{more}
"""
SMALL = TEXT.format(data="xor", layers="[2, 4, 2, 1]", rung="loops", more="")
LARGE = TEXT.format(data="digits", layers="[64, 32, 10]", rung="numpy", more='method = "gradient"')
TURN, TURNS = 0.05, 40  # seconds, and how many of each


def engine_of(text: str, path: Path | None = None) -> LocalEngine:
    """An engine with a scenario open, recorded or not."""
    engine = LocalEngine()
    if path is not None:
        engine.record(path)
    engine.send(m.Open(text, "measured.toml"))
    list(engine.settle())
    return engine


def steps_in(engine: LocalEngine, seconds: float) -> float:
    """Steps a second of processor time, over so many of them: others on this machine count less then."""
    service, first, began = engine.service, engine.service.session.position.step, time.process_time()
    while time.process_time() < began + seconds:
        service.turn()
    return (service.session.position.step - first) / (time.process_time() - began)


def cost(name: str, text: str, place: Path) -> None:
    """Train with and without, in turns."""
    path = place / f"{name.replace(chr(32), chr(45))}.nnrec"
    plain, recorded = engine_of(text), engine_of(text, path)
    rates: dict[str, list[float]] = {"plain": [], "recorded": []}
    for engine in (plain, recorded):
        engine.send(m.Run(1_000_000_000))
        steps_in(engine, 0.2)
    size, began = path.stat().st_size, 0.0
    for turn in range(TURNS):
        pair = (("plain", plain), ("recorded", recorded))
        for which, engine in pair if turn % 2 else reversed(pair):
            rates[which].append(steps_in(engine, TURN))
            began += TURN if which == "recorded" else 0.0
    shares = [1 - with_ / without for without, with_ in zip(rates["plain"], rates["recorded"], strict=True) if without]
    best = 1 - max(rates["recorded"]) / max(rates["plain"])
    growth = (path.stat().st_size - size) / began * 3600 / 1e6
    print(
        f"{name}: {max(rates['plain']):,.0f} steps a second; recording costs {best:.1%} (best of {TURNS} turns), "
        f"{statistics.median(shares):.1%} (median of pairs); at first it grows by {growth:.0f} MB an hour"
    )
    recorded.close()
    seek(name, path)


def seek(name: str, path: Path) -> None:
    """Seek to places all over it; by processor time, too."""
    player, took = Player(path), []
    player.settle()
    for number in range(40):
        began = time.process_time()
        player.handle(m.Seek("percent", number * 37 % 100))
        player.settle()
        took.append(time.process_time() - began)
    print(f"{name}: a seek takes {statistics.median(took) * 1e3:.0f} ms, {max(took) * 1e3:.0f} ms at the most")
    player.close()


def tries(place: Path) -> None:
    """10,000 steps, each told."""
    engine = engine_of(SMALL, place / "tries.nnrec")
    for _ in range(10):
        engine.send(m.Try(1_000))
        list(engine.settle())
    engine.close()
    print(f"10,000 steps by try, each told: {(place / 'tries.nnrec').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        cost("2-4-2-1, loops", SMALL, Path(folder))
        cost("64-32-10, numpy", LARGE, Path(folder))
        tries(Path(folder))
