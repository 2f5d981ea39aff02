"""The race of the rungs: a bar for each, which grows while it runs. The bars are logarithmic.

Run it alone: `python -m nntui.tui.panes.race xor "race 0.3"`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nntui import messages as m
from nntui.sentences.races import rough
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.picture import bar_of
from nntui.tui.panes.written import fitted
from nntui.tui.rows import Row, folded

LEAST_BAR, MOST_BAR = 6, 60  # columns
UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
ROOMY = 96  # columns, from which on there is room for operations and the share of the peak
PACE, TIMES, GFLOPS, PEAK = 8, 8, 7, 6  # columns of numbers
SLOWER = 1.05  # times as slow as the rung below, from which on that is marked


class RacePane(Pane):
    """The lanes of the race."""

    kind = "race"
    needs = "race"

    def title(self) -> str:
        """How long each rung has, and what it works on."""
        view, dot = self.view, self.look.shapes.dot
        if not isinstance(view, m.RaceView):
            return self.kind
        sizes = "-".join(map(str, view.sizes))
        parts = [f"{self.kind} {view.seconds:g} s each", f"{sizes}, batches of {view.batch:,}"]
        title = f" {dot} ".join(parts)
        return title if len(title) <= self.size.width - 4 else parts[0]

    def draw(self, width: int, height: int) -> list[Row]:
        """A row for each lane, and who has won."""
        view: m.RaceView = self.view
        names = max(len(name_of(lane, view)) for lane in (*view.lanes, *view.saved)) if view.lanes else 0
        rows = [self._head(names, width)] if height > len(view.lanes) else []
        scale = scale_of((*view.lanes, *view.saved))
        below: m.Lane | None = None
        for lane in view.lanes:
            rows.append(self._lane(lane, below, view, names, scale, width))
            rows += [
                self._lane(old, None, view, names, scale, width, saved=True)
                for old in view.saved
                if (old.rung, old.precision) == (lane.rung, lane.precision)
            ]
            below = lane if lane.steps else below
        return [*rows, *self._foot(view, width, height - len(rows))][:height]

    def _head(self, names: int, width: int) -> Row:
        """What the columns are."""
        text = f" {'rung'.ljust(names)} {'samples/s'.rjust(PACE + 1)} {'times loops'[: TIMES + 3].rjust(TIMES)}"
        if width >= ROOMY:
            text += f" {'GFLOP/s'.rjust(GFLOPS)} {'peak'.rjust(PEAK)}"
        return [(text[:width], self.ink.muted)]

    def _lane(
        self, lane: m.Lane, below: m.Lane | None, view: m.RaceView, names: int, scale: tuple[float, float], width: int,
        saved: bool = False,
    ) -> Row:  # fmt: skip
        """One rung: its numbers and its bar, or why it has none."""
        ink, shapes = self.ink, self.look.shapes
        best = max((each.samples_per_second for each in view.lanes), default=0.0)
        wins = not saved and not view.running and 0 < lane.samples_per_second == best
        style = ink.muted if saved else ink.strong if lane.state == "racing" or wins else ink.text
        name = ("  then" if saved else name_of(lane, view)).ljust(names)
        row: Row = [
            (shapes.cursor if lane.state == "racing" else shapes.yes if wins else " ", ink.accent),
            (name, style),
        ]
        if not lane.samples_per_second:
            said = {"waiting": "", "compiling": "is being made ready", "racing": "sets out"}.get(lane.state, lane.note)
            room = max(0, width - names - 3)
            return [
                *row,
                ("  " + fitted(said, room, shapes.ellipsis), ink.wrong if lane.state == "failed" else ink.muted),
            ]
        lost = below is not None and below.precision == lane.precision and (
            below.samples_per_second > SLOWER * lane.samples_per_second
        )  # fmt: skip
        row.append((" " + scaled(lane.samples_per_second).rjust(PACE + 1), style))
        times = "" if lane.speedup is None else f"{rough(lane.speedup)}{'×' if shapes.unicode else 'x'}"
        row.append((" " + times.rjust(TIMES), style))
        if width >= ROOMY:
            peak = "" if lane.peak_share is None else f"{rough(100 * lane.peak_share)} %"
            row.append((f" {rough(lane.gflops).rjust(GFLOPS)} {peak.rjust(PEAK)}", ink.muted))
        row.append((" " + (shapes.no if lost else " "), ink.wrong))
        room = width - sum(len(part) for part, _ in row) - 1
        if room >= LEAST_BAR:
            bar = bar_of(math.log10(lane.samples_per_second) - scale[0], (0.0, scale[1]), min(MOST_BAR, room), shapes)
            row.append((bar, ink.muted if saved or lost else ink.accent))
        return row

    def _foot(self, view: m.RaceView, width: int, room: int) -> list[Row]:
        """How the bars are to be read, what has lost, and what compiling took, as far as there is room."""
        mark = self.look.shapes.no
        said = ["Each step of a bar's length that is the same is ten times as fast."]
        if any(lane.samples_per_second for lane in view.lanes):
            said.append(f"{mark} slower than the rung below: at this size its trick costs more than it brings.")
        compiled = [f"{lane.rung} {lane.compile_seconds:.1f} s" for lane in view.lanes if lane.compile_seconds >= 0.1]
        if compiled:
            said.append(f"Made ready before, apart: {', '.join(compiled)}.")
        if view.saved:
            said.append(f"then: {view.saved_name}, {view.saved_machine}.")
        if width >= ROOMY:
            said.append(f"{view.machine}.")
        rows: list[Row] = [[]] if room > 1 else []
        for sentence in said if any(lane.samples_per_second for lane in view.lanes) else ["race begins it."]:
            lines = folded(sentence, width - 2)
            if len(rows) + len(lines) <= room:
                rows += [[(f" {line}", self.ink.muted)] for line in lines]
        return rows


def name_of(lane: m.Lane, view: m.RaceView) -> str:
    """A rung, with its precision where both are raced."""
    both = len({each.precision for each in view.lanes if each.rung != "loops"}) > 1
    return f"{lane.rung} {lane.precision}" if both else lane.rung


def scale_of(lanes: Sequence[m.Lane]) -> tuple[float, float]:
    """The decade below the slowest, and how many decades there are from it to above the fastest."""
    found = [math.log10(lane.samples_per_second) for lane in lanes if lane.samples_per_second > 0]
    if not found:
        return 0.0, 1.0
    low = math.floor(min(found) - 0.3)
    return float(low), float(max(1, math.ceil(max(found)) - low))


def scaled(value: float) -> str:
    """A measured number in few characters: 62 M, 5.7 M, 2,100 as 2.1 k."""
    for size, unit in UNITS:
        if value >= size:
            return f"{rough(value / size)} {unit}"
    return rough(value)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(RacePane())
