"""What a large graph costs: opened, laid out and drawn, and a key in it: `python benchmarks/graph.py`.

The graph is the loss of the digits' network, 64-32-10. Each key is obeyed by the engine, the view made, and the pane
drawn, in this one process; the time between the processes and of the terminal is not in it.
"""

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tui"))
from graphs import Lone  # noqa: E402

from nntui import messages as m  # noqa: E402
from nntui import words  # noqa: E402
from nntui.scenario.library import find  # noqa: E402
from nntui.scenario.reader import read_text  # noqa: E402
from nntui.session.process.local import LocalEngine  # noqa: E402
from nntui.tui.look import Look  # noqa: E402

SIZES = ((42, 15), (62, 25), (158, 42))  # of the pane: at 80x24, at 160x50, and filling that
KEYS = {
    "forward": ["forward 1"] * 40,
    "backward": ["forward", *["backward 1"] * 60],
    "an arrow": [f"point outputs[0][{neuron}]" for neuron in range(32)],
    "fold": ["fold outputs[0][3]", "fold outputs[0][4]"] * 10,
    "a leaf set": [f"set weights[0][3][5] 0.{digit}" for digit in range(1, 10)] * 2,
}


def timed(engine: LocalEngine, pane: Lone, line: str, size: tuple[int, int]) -> tuple[float, float, float]:
    """Seconds for the command, the view and the drawing."""
    began = time.perf_counter()
    engine.send(words.parse(line))  # type: ignore[arg-type]
    list(engine.settle())
    obeyed = time.perf_counter()
    pane.view = engine.ask(m.AskView("graph", size=size))
    seen = time.perf_counter()
    pane.draw(*size)
    return obeyed - began, seen - obeyed, time.perf_counter() - seen


def told(what: str, times: list[tuple[float, float, float]]) -> None:
    """Medians in milliseconds, and the worst sum."""
    parts = [statistics.median(part) * 1e3 for part in zip(*times, strict=True)]
    sums = sorted(sum(each) * 1e3 for each in times)
    said = ", ".join(f"{name} {part:.1f}" for name, part in zip(("command", "view", "drawing"), parts, strict=True))
    print(f"{what:12} {said}; together {statistics.median(sums):.1f}, worst {sums[-1]:.1f} ms")


def main() -> None:
    """All sizes."""
    for size in SIZES:
        print(f"a pane of {size[0]}x{size[1]}")
        with LocalEngine.start() as engine:
            path = find("digits")
            engine.send(m.Open(read_text(path), path.name, str(path.parent)))
            list(engine.settle())
            pane = Lone(Look())
            told("opened", [timed(engine, pane, "graph loss", size)])
            for what, lines in KEYS.items():
                told(what, [timed(engine, pane, line, size) for line in lines])


if __name__ == "__main__":
    main()
