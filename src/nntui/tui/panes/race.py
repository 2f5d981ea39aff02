"""The race of the rungs: a bar for each, which grows while it runs, over a logarithmic scale whose decades are marked.

While a rung races, its bar is what it has done of the time that it has: it grows, and ends at the rung's speed. A saved
result is a thin bar below, or a mark on the bar where there is no room. Nothing moves while a race is on but the bars.

Run it alone: `python -m nntui.tui.panes.race xor "race 0.3"`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nntui import messages as m
from nntui.sentences.races import CLEARLY, rough
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.written import fitted
from nntui.tui.rows import Piece, Row, folded, shortened

UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
EIGHTHS = " ▏▎▍▌▋▊▉"
LEAST_BAR = 12  # columns
DECADES = 4  # of the scale at least: it shall not change with every rung that ends
PACE, TIMES = 6, 7  # columns of the numbers that are always there
OTHERS = ("GFLOP/s", "of peak", "threads", "epochs", "ready in")  # those that come with more room, in this order
OTHER = 9  # columns of each
ROOM_FOR_BAR = 26  # columns that the bar keeps before others get theirs: at 80 there is room for the share of the peak
MEDALS = 3
SAVED = "before"


@dataclass(frozen=True)
class Plan:
    """Where things stand in a row: the columns of names and bar, how many other numbers, and the scale's decades."""

    names: int
    bar: int
    others: int
    low: int
    high: int

    def share(self, pace: float) -> float:
        """Where on the bar a speed lies, 0 to 1."""
        if not 0 < pace < math.inf:
            return 0.0
        return min(1.0, max(0.0, (math.log10(pace) - self.low) / (self.high - self.low)))

    def decade(self, power: int) -> int:
        """The column of the bar in which a decade begins."""
        return round((power - self.low) / (self.high - self.low) * self.bar)


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
        batch = f", batches of {view.batch:,}" if view.samples else ""
        method = "by twists" if view.method == "twist" else f"by the gradient, {view.optimizer}"
        parts = [f"{self.kind} {view.seconds:g} s each", f"{sizes}{batch}".strip(" ,"), method]
        for count in (3, 2, 1):
            title = f" {dot} ".join(part for part in parts[:count] if part)
            if len(title) <= self.size.width - 4:
                break
        return title

    # ------------------------------------------------------------ what stands where

    def draw(self, width: int, height: int) -> list[Row]:
        """A row for each lane below the scale; saved lanes below theirs, and blank rows between, if there is room."""
        view: m.RaceView = self.view
        if not view.lanes:
            return [[("there is nothing to race", self.ink.muted)]]
        plan = self._plan(view, width)
        saved = {(lane.rung, lane.precision): lane for lane in view.saved}
        thin = bool(saved) and height >= len(view.lanes) + len(saved) + 1
        apart = height >= (2 + thin) * len(view.lanes) + 6
        rows = [self._scale(plan, width)]
        for lane in view.lanes:
            old = saved.pop((lane.rung, lane.precision), None)
            rows += [[]] if apart else []
            rows.append(self._lane(lane, below(lane, view), None if thin else old, plan, width))
            rows += [self._old(old, plan)] if thin and old is not None else []
        if thin:  # rungs that were raced then and are not now
            rows += [self._old(old, plan, name_of(old, view)) for old in saved.values()]
        return [*rows, *self._foot(view, thin, plan, width, height - len(rows))][:height]

    def _plan(self, view: m.RaceView, width: int) -> Plan:
        lanes = (*view.lanes, *view.saved)
        names = max(len(name_of(lane, view)) for lane in view.lanes)
        room = width - 1 - names - 1 - (PACE + 1) - (TIMES + 1) - 2
        others = min(len(OTHERS), max(0, (room - ROOM_FOR_BAR) // OTHER))
        low, high = scale_of([lane.samples_per_second for lane in lanes])
        return Plan(names, max(1, room - others * OTHER), others, low, high)

    def _scale(self, plan: Plan, width: int) -> Row:
        """The decades over the bars, and what the columns are."""
        text = [" "] * plan.bar
        end = -1
        for power in range(plan.low, plan.high + 1):
            label, at = scaled(10.0**power).replace(" ", ""), plan.decade(power)
            at = min(at, plan.bar - len(label)) if power == plan.high else at
            if at > end and at + len(label) <= len(text) and plan.bar >= LEAST_BAR:
                text[at : at + len(label)] = label
                end = at + len(label)
        heads = f"{'per s'.rjust(PACE + 1)}{'loops'.rjust(TIMES + 1)}  "
        heads += "".join(head.rjust(OTHER) for head in OTHERS[: plan.others])
        name = next((n for n in ("samples/s", "per s") if len(n) <= plan.names), "").ljust(plan.names + 1)
        return [(f" {name}{''.join(text)}{heads}"[:width], self.ink.muted)]

    # ------------------------------------------------------------ the lanes

    def _lane(self, lane: m.Lane, under: m.Lane | None, old: m.Lane | None, plan: Plan, width: int) -> Row:
        """One rung: its bar and its numbers, or why it has none."""
        view, ink, shapes = self.view, self.ink, self.look.shapes
        wins, racing = lane == winner(view), lane.state in ("racing", "compiling")
        style = ink.strong if wins or racing else ink.muted if lane.state in ("absent", "waiting") else ink.text
        sign = (shapes.yes, ink.right) if wins else (shapes.about_to_run, ink.accent) if racing else (" ", ink.text)
        name = shortened(name_of(lane, view), plan.names, shapes.ellipsis).ljust(plan.names + 1)
        row: Row = [sign, (name, style)]
        if lane.state in ("absent", "failed"):
            said = f"absent: {lane.note}" if lane.state == "absent" else f"failed: {lane.note}"
            room = width - plan.names - 2
            return [*row, (fitted(said, room, shapes.ellipsis), ink.wrong if lane.state == "failed" else ink.muted)]
        if not lane.samples_per_second:
            said = {"compiling": f"compiling{shapes.ellipsis}", "racing": "racing"}.get(lane.state, "")
            return [*row, *self._empty(said, plan)]
        lost = has_lost(lane, under)
        pace = lane.samples_per_second
        if lane.state == "racing" and view.seconds > 0:  # what it has done of its time: so the bar grows
            pace = lane.samples / view.seconds
        colour = ink.right if wins else ink.accent if racing else ink.muted if lost else ink.minus
        row += self._bar(pace, plan, colour, old)
        times = "" if lane.speedup is None else f"{rough(lane.speedup)}{'×' if shapes.unicode else 'x'}"
        row.append((f" {scaled(lane.samples_per_second).rjust(PACE)} {times.rjust(TIMES)}", style))
        row.append((f" {shapes.no if lost else ' '}", ink.wrong))
        return [*row, ("".join(text.rjust(OTHER) for text in self._others(lane)[: plan.others]), ink.muted)]

    def _others(self, lane: m.Lane) -> tuple[str, ...]:
        """The numbers that come with more room."""
        peak = "" if lane.peak_share is None else f"{rough(100 * lane.peak_share)} %"
        ready = f"{lane.compile_seconds:.1f} s" if lane.compile_seconds >= 0.05 else ""
        return rough(lane.gflops), peak, str(lane.threads), rough(lane.epochs) if lane.epochs else "", ready

    def _bar(self, pace: float, plan: Plan, style: object, old: m.Lane | None) -> Row:
        """A bar up to a speed, to an eighth of a cell, the decades marked beyond it; a saved speed as a mark."""
        shapes = self.look.shapes
        if shapes.unicode:
            full, eighths = divmod(round(plan.share(pace) * plan.bar * 8), 8)
            bar = (shapes.bar * full + EIGHTHS[eighths].strip()) or EIGHTHS[1]
        else:
            bar = shapes.bar * max(1, round(plan.share(pace) * plan.bar))
        cells: list[Piece] = [(cell, style) for cell in bar[: plan.bar]]  # type: ignore[misc]
        cells += self._grid(plan, len(cells))
        if old is not None:
            at = min(plan.bar - 1, round(plan.share(old.samples_per_second) * plan.bar))
            cells[at] = (self._mark(), self.ink.strong)
        return cells

    def _mark(self) -> str:
        return "◆" if self.look.shapes.unicode else "|"

    def _grid(self, plan: Plan, start: int) -> Row:
        """The marks of the decades from a cell of the bar on."""
        grid = "┊" if self.look.shapes.unicode else ":"
        places = {plan.decade(power) for power in range(plan.low, plan.high + 1)}
        return [(grid if at in places else " ", self.ink.line) for at in range(start, plan.bar)]

    def _empty(self, said: str, plan: Plan) -> Row:
        """A lane without a speed yet."""
        said = said[: plan.bar]
        return [(said, self.ink.accent), *self._grid(plan, len(said))]

    def _old(self, old: m.Lane, plan: Plan, name: str = "") -> Row:
        """A saved lane: a thin bar."""
        shapes = self.look.shapes
        length = min(plan.bar, max(1, round(plan.share(old.samples_per_second) * plan.bar)))
        said = shortened(f"{name} {SAVED}".strip(), plan.names, shapes.ellipsis).rjust(plan.names)
        bar = (shapes.knob_line * length, self.ink.muted)
        pace = scaled(old.samples_per_second)
        return [(f" {said} ", self.ink.muted), bar, *self._grid(plan, length), (f" {pace.rjust(PACE)}", self.ink.muted)]

    # ------------------------------------------------------------ below

    def _foot(self, view: m.RaceView, thin: bool, plan: Plan, width: int, room: int) -> list[Row]:
        """Who has won, what has lost, what compiling took, and how the bars are to be read; the first matter most."""
        raced = any(lane.steps for lane in view.lanes)
        said: list[tuple[str, bool]] = [(self._podium(view, width), True)] if raced and not view.running else []
        mark = self.look.shapes.no
        if not raced and not view.running:
            said.append((f"A rung has {view.seconds:g} s; all begin with the same weights. ! begins the race.", True))
        compiled = [f"{lane.rung} {lane.compile_seconds:.1f} s" for lane in view.lanes if lane.compile_seconds >= 0.05]
        if any(has_lost(lane, below(lane, view)) for lane in view.lanes):
            said.append(
                (f"{mark} slower than the rung below: at this size its trick costs more than it brings.", False)
            )
        room_for_why = width - plan.names - 2 - len("absent: ")
        long = {lane.note for lane in view.lanes if lane.state == "absent" and len(lane.note) > room_for_why}
        said += [(f"Absent: {note}.", False) for note in sorted(long)]
        if view.saved:
            where = f", {view.saved_machine}" if view.saved_machine else ""
            on = f", of another race: {view.saved_on}" if view.saved_on else ""
            said.append((f"{SAVED if thin else self._mark()}: {view.saved_name}{where}{on}.", False))
        if compiled and plan.others < len(OTHERS):
            said.append((f"Made ready before, apart: {', '.join(compiled)}.", False))
        said.append(("The scale is logarithmic: from one mark to the next is ten times as fast.", False))
        peaks = "; ".join(
            f"{bits} bits {rough(one)} on a core, {rough(every)} on all" for bits, one, every in view.peaks
        )
        if peaks:
            said.append((f"Peak measured here, in GFLOP/s: {peaks}.", False))
        said.append((f"{view.machine}.", False))
        rows: list[Row] = [[]] if room > len(said) else []
        for sentence, matters in said:
            lines = folded(sentence, max(1, width - 2))
            if sentence.strip(".") and len(rows) + len(lines) <= room:
                rows += [[(f" {line}", self.ink.strong if matters else self.ink.muted)] for line in lines]
        return rows

    def _podium(self, view: m.RaceView, width: int) -> str:
        """The first three."""
        best = sorted((lane for lane in view.lanes if lane.steps), key=lambda lane: -lane.samples_per_second)
        said = [f"{n}. {name_of(lane, view)} {scaled(lane.samples_per_second)}" for n, lane in enumerate(best, 1)]
        return next(
            (text for n in range(MEDALS, 0, -1) if len(text := "Fastest: " + "   ".join(said[:n])) <= width - 2), ""
        )

    def value_at_hand(self) -> str:
        """The speeds, a rung a line."""
        view = self.view
        if not isinstance(view, m.RaceView):
            return ""
        done = [lane for lane in view.lanes if lane.steps]
        return "\n".join(f"{name_of(lane, view)}: {lane.samples_per_second!r} samples a second" for lane in done)


def name_of(lane: m.Lane, view: m.RaceView) -> str:
    """A rung, with its precision where both are raced."""
    both = len({each.precision for each in view.lanes if each.rung != "loops"}) > 1
    return f"{lane.rung} {lane.precision}" if both else lane.rung


def below(lane: m.Lane, view: m.RaceView) -> m.Lane | None:
    """The rung below that has raced, in the same precision; loops has but one, and is below all in both."""
    before = view.lanes[: view.lanes.index(lane)] if lane in view.lanes else ()
    raced = [each for each in before if each.steps and (each.precision == lane.precision or each.rung == "loops")]
    return raced[-1] if raced else None


def winner(view: m.RaceView) -> m.Lane | None:
    """The fastest lane, once the race is over and there is more than one to be compared."""
    done = [] if view.running else [lane for lane in view.lanes if lane.steps]
    return max(done, key=lambda lane: lane.samples_per_second) if len(done) > 1 else None


def has_lost(lane: m.Lane, below: m.Lane | None) -> bool:
    """Whether a rung is clearly slower than the one below it, once it has had its time."""
    if lane.state != "done" or below is None:
        return False
    return below.samples_per_second > CLEARLY * lane.samples_per_second


def scale_of(paces: Sequence[float]) -> tuple[int, int]:
    """The first and the last decade of the scale: from below the slowest to above the fastest."""
    found = [math.log10(pace) for pace in paces if 0 < pace < math.inf]
    if not found:
        return 3, 3 + DECADES
    low = math.floor(min(found) - 0.05)
    return low, max(low + DECADES, math.ceil(max(found)))


def scaled(value: float) -> str:
    """A measured number in few characters: 62 M, 5.7 M, 2,100 as 2.1 k."""
    for size, unit in UNITS:
        if value >= size * 0.995:
            return f"{rough(value / size)} {unit}"
    return rough(value)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(RacePane())
