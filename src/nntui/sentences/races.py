"""The sentences of the ladder and of races: how fast each rung is, which wins, and what loses to the rung below."""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice, capital, plural

SCALES = ((1e9, "billion"), (1e6, "million"))
ROUGH = 2  # significant digits of what is measured: the third is noise
CLEARLY = 1.05  # times as fast, from which on one rung is said to be faster than another


# ---------------------------------------------------------------- the race


def began(f: m.RaceBegan, v: Voice) -> list[str]:
    """Who races, for how long, on what."""
    view = f.view
    racers = [lane for lane in view.lanes if lane.state != "absent"]
    head = f"{plural(len(racers), 'rung')}, {_seconds(view.seconds, v)} each, on {_work_of(view)}."
    lines = [capital(head)]
    if v.detail == "full":
        lines += [f"{_name(lane, view)} is absent: {lane.note}" for lane in view.lanes if lane.state == "absent"]
    return lines


def lane_ended(f: m.LaneEnded, v: Voice) -> list[str]:
    """How fast a rung is, as it ends."""
    return [_lane(f.lane, v, with_bits=f.lane.precision == 32, with_compiling=True)]


def ended(f: m.RaceEnded, v: Voice) -> list[str]:
    """Who has won, and which tricks do not pay at this size."""
    head = f"{capital(f.stopped)}. " if f.stopped else ""
    told = [f"{head}{_winner(f.view, v)}".strip(), *_lost(f.view, v), _against(f.view)]
    return [line for line in told if line]


def compared(f: m.RaceCompared, v: Voice) -> list[str]:
    """What is drawn beside, or that nothing is any more."""
    view = f.view
    if not view.saved:
        return ["No saved result is drawn beside any more."]
    machine = f", from {view.saved_machine}" if view.saved_machine else ""
    return [f"{view.saved_name} is drawn beside{machine}: {plural(len(view.saved), 'rung')}.", *_other_work(view)]


def race(r: m.RaceView, v: Voice) -> list[str]:
    """The race as it stands: a line a rung."""
    done = [lane for lane in r.lanes if lane.steps]
    if not done and not r.running and not any(lane.state == "failed" for lane in r.lanes):
        names = ", ".join(dict.fromkeys(lane.rung for lane in r.lanes if lane.state != "absent"))
        told = [f"There has been no race yet; race begins one of {names}.", *_saved(r, v)]
        return told + (_machine(r, v) if v.detail == "full" else [])
    lines = [_winner(r, v) if not r.running else "The race is on."]
    lines += [_lane(lane, v, len({lane.precision for lane in done}) > 1) for lane in r.lanes]
    lines += [*_lost(r, v), *_saved(r, v), *(_machine(r, v) if v.detail == "full" else [])]
    return [line for line in lines if line]


def _machine(view: m.RaceView, v: Voice) -> list[str]:
    """What was raced on, what that was measured to reach, and what compiling took."""
    had = "had" if any(lane.steps for lane in view.lanes) else "has"
    said = [f"Each rung {had} {_seconds(view.seconds, v)}, on {_work_of(view)}."]
    compiled = [f"{lane.rung} {lane.compile_seconds:.1f} s" for lane in view.lanes if lane.compile_seconds >= 0.05]
    said += [f"Made ready before, apart: {', '.join(compiled)}."] if compiled else []
    peaks = [f"in {bits} bits {rough(one)} on a core, {rough(every)} on all" for bits, one, every in view.peaks]
    said += [f"Peak measured here, in GFLOP/s: {'; '.join(peaks)}."] if peaks else []
    return [*said, _stopped(view.machine)]


def _lane(lane: m.Lane, v: Voice, with_bits: bool = False, with_compiling: bool = False) -> str:
    name = lane.rung + (f" in {lane.precision} bits" if with_bits else "")
    if lane.state == "absent":
        return f"{name} is absent: {lane.note}" + ("" if lane.note.endswith(".") else ".")
    if lane.state == "failed":
        return f"{lane.note}."
    if not lane.steps:
        return f"{name}: {'being made ready' if lane.state == 'compiling' else 'to come'}."
    parts = [f"{scaled(lane.samples_per_second)} samples a second"]
    if lane.speedup is not None and lane.rung != "loops":
        parts.append(f"{rough(lane.speedup)} times loops")
    if v.detail != "brief":
        parts.append(f"{rough(lane.gflops)} GFLOP/s")
        if lane.peak_share is not None:
            parts.append(f"{rough(100 * lane.peak_share)} % of peak")
        if lane.threads > 1:
            parts.append(f"{lane.threads} threads")
    if v.detail == "full":
        epochs = f", {rough(lane.epochs)} epochs," if lane.epochs else ""
        parts.append(f"{v.count(lane.steps)} steps{epochs} in {_seconds(lane.seconds, v)}")
    said = f"{name}: {', '.join(parts)}."
    if with_compiling and lane.compile_seconds >= 0.1:
        said += f" Made ready in {lane.compile_seconds:.1f} s before."
    if lane.note and v.detail != "brief":
        said += f" {capital(lane.note)}."
    return said


def _winner(view: m.RaceView, v: Voice) -> str:
    """The fastest, and by how much."""
    done = sorted((lane for lane in view.lanes if lane.steps), key=lambda lane: -lane.samples_per_second)
    if not done:
        return "No rung has come to an end."
    best = done[0]
    times = f", {rough(best.speedup)} times loops" if best.speedup is not None and best.rung != "loops" else ""
    return f"Fastest: {_name(best, view)}, {scaled(best.samples_per_second)} samples a second{times}."


def _lost(view: m.RaceView, v: Voice) -> list[str]:
    """The rungs that are slower than the one below them: at this size their trick costs more than it brings."""
    if v.detail == "brief":
        return []
    said: list[str] = []
    below: dict[int, m.Lane] = {}
    loops = next((lane for lane in view.lanes if lane.rung == "loops" and lane.steps), None)  # has but one precision
    for lane in view.lanes:
        if not lane.steps:
            continue
        under = below.get(lane.precision) or loops
        if under is not None and under.samples_per_second > CLEARLY * lane.samples_per_second:
            bits = f" in {lane.precision} bits" if len({each.precision for each in view.lanes}) > 1 else ""
            said.append(f"{lane.rung} is slower than {under.rung}{bits} at this size.")
        below[lane.precision] = lane
    return said


def _saved(view: m.RaceView, v: Voice) -> list[str]:
    if not view.saved:
        return []
    machine = f" on {view.saved_machine}" if view.saved_machine else ""
    paces = "; ".join(f"{_name(lane, view)} {scaled(lane.samples_per_second)}" for lane in view.saved)
    told = [f"Beside, {view.saved_name}{machine}, in samples a second: {paces}.", *_other_work(view), _against(view)]
    return [line for line in told if line]


def _other_work(view: m.RaceView) -> list[str]:
    """That the saved result is of other work, so that its numbers do not compare."""
    return [f"That was another race, on {view.saved_on}: the numbers do not compare."] if view.saved_on else []


def _against(view: m.RaceView) -> str:
    """How fast each rung was against the saved result, where both did the same work."""
    then = {(lane.rung, lane.precision): lane.samples_per_second for lane in view.saved if not view.saved_on}
    both = [(lane, then.get((lane.rung, lane.precision), 0.0)) for lane in view.lanes if lane.steps]
    said = [f"{_name(lane, view)} {rough(lane.samples_per_second / before)} times" for lane, before in both if before]
    return f"Against {view.saved_name}: {', '.join(said)} the samples a second." if said else ""


def _name(lane: m.Lane, view: m.RaceView) -> str:
    """A rung, with its precision where the race is of both."""
    both = len({each.precision for each in view.lanes if each.rung != "loops"}) > 1
    return f"{lane.rung} in {lane.precision} bits" if both else lane.rung


def _work_of(view: m.RaceView) -> str:
    sizes = "-".join(str(size) for size in view.sizes)
    batch = f", batches of {view.batch:,}" if view.samples else ""
    return f"{sizes or 'this model'}{batch}, {'by twists' if view.method == 'twist' else 'by the gradient'}"


def _seconds(seconds: float, v: Voice) -> str:
    return f"{v.number(float(f'{seconds:.3g}'))} s"


# ---------------------------------------------------------------- over widths


def width_ended(f: m.WidthEnded, v: Voice) -> list[str]:
    """Which rung wins at a width, and why."""
    best = max((point.samples_per_second for point in f.points), default=0.0)
    said = f"{plural(f.width, 'hidden neuron')}: {f.winner}, {scaled(best)} samples a second."
    return [said + (f" {f.why}" if v.detail != "brief" else "")]


def widths_ended(f: m.WidthsEnded, v: Voice) -> list[str]:
    """Where one winner takes over from another."""
    return ([f"{capital(f.stopped)}."] if f.stopped else []) + _takeovers(f.view)


def widths(r: m.WidthsView, v: Voice) -> list[str]:
    """The winners, width by width."""
    if not r.winners:
        return ["The rungs have not been raced over widths yet; race widths does."]
    lines = _takeovers(r) if not r.running else ["The race over widths is on."]
    for width, rung, why in r.winners:
        pace = max((p.samples_per_second for p in r.points if p.width == width and p.rung == rung), default=0.0)
        lines.append(f"{plural(width, 'hidden neuron')}: {rung}, {scaled(pace)} samples a second. {why}".strip())
        lines += _others_at(width, rung, r) if v.detail == "full" else []
    return lines + [f"{rung}: {why}." for rung, why in r.left_out if v.detail == "full"]


def _others_at(width: int, winner: str, view: m.WidthsView) -> list[str]:
    """What the others reached at a width, the faster first."""
    points = [point for point in view.points if point.width == width and point.rung != winner]
    points.sort(key=lambda point: -point.samples_per_second)
    said = ", ".join(f"{point.rung} {scaled(point.samples_per_second)}" for point in points)
    return [f"Behind it: {said}."] if said else []


def _takeovers(view: m.WidthsView) -> list[str]:
    """ "numba-generated wins from 2 to 32 hidden neurons, numba-fused from 100 to 10,000."."""
    stretches: list[tuple[str, int, int]] = []
    for width, rung, _ in view.winners:
        if stretches and stretches[-1][0] == rung:
            stretches[-1] = (rung, stretches[-1][1], width)
        else:
            stretches.append((rung, width, width))
    said = [f"{rung} {f'from {a:,} to {b:,}' if a != b else f'at {a:,}'}" for rung, a, b in stretches]
    return [f"Fastest by hidden neurons: {', '.join(said)}."] if said else []


# ---------------------------------------------------------------- the ladder


def climbed(f: m.Climbed, v: Voice) -> list[str]:
    """The rung that is looked at, and its trick."""
    return ladder(f.view, v)[: 1 if v.detail == "brief" else 2]


def ladder(r: m.LadderView, v: Voice) -> list[str]:
    """A rung: its idea, its trick, how it compares with the one below, and all rungs."""
    above = f", above {r.below}" if r.below else ", the lowest rung"
    lines = [f"{r.rung}{above}: {_stopped(r.idea)}", _stopped(capital(r.trick))]
    changed = sum(line.mark == "changed" for line in r.lines)
    new = sum(line.mark == "new" for line in r.lines)
    if r.below:
        lines.append(
            f"Of {plural(len(r.lines), 'line')} of {r.file}, {changed:,} differ from {r.below}, {new:,} are new."
        )
    if r.source:
        lines.append(f"The trick comes from {_stopped(r.source)}")
    if r.check is not None:
        lines += check(r.check, v)
    rungs = ", ".join(rung.name + " (absent)" * bool(rung.absent) for rung in r.rungs)
    lines.append(f"The ladder from below: {rungs}.")
    if v.detail == "full":
        lines += [f"{rung.name} is absent: {_stopped(rung.absent)}" for rung in r.rungs if rung.absent]
        checks = [rung.check for rung in r.rungs if rung.check is not None and rung.name != r.rung]
        lines += [line for found in checks for line in check(found, v)]
        lines += _source(r.file, r.lines)
        lines += _source(f"The rung below, {r.below_file}", r.below_lines) if r.below else []
    return [line for line in lines if line.strip(".")]


def _source(name: str, lines: tuple[m.SourceLine, ...]) -> list[str]:
    """A source line by line, each that differs from the other rung's with a word before it."""
    marks = {"new": "differs: ", "changed": "changed: ", "same": ""}
    told = [f"{marks[line.mark]}{line.text.strip()}" for line in lines if line.text.strip()]
    return [f"{name}:", *told] if told else []


def checked(f: m.Checked, v: Voice) -> list[str]:
    """How a rung compares with the loops."""
    return check(f.view, v)


def check(r: m.CheckView, v: Voice) -> list[str]:
    """The largest difference from the loops, and what is allowed."""
    steps = plural(r.steps, "step")
    if r.exact:
        return [f"{r.rung}: every bit as the loops, after {steps}."]
    if r.kept_differently:
        others = plural(r.kept_differently, "twist")
        first = f"{r.rung}: {others} of {r.steps:,} went the other way than with the loops."
    else:
        one, later = v.number(float(f"{r.difference:.2g}")), v.number(float(f"{r.difference_later:.2g}"))
        after = f", {later} after {r.steps:,}" if r.steps > 1 else ""
        first = f"{r.rung}: {one} from the loops after 1 step{after}."
    verdict = "As it promises" if r.holds else "That is more than it promises"
    bounds = f"{v.number(r.bound)}" + (f" and {v.number(r.bound_later)}" if r.steps > 1 else "")
    return [f"{first} {verdict}: {'every bit' if r.promised_exact else f'at most {bounds}'}, of the largest parameter."]


def _stopped(text: str) -> str:
    return text if text[-1:] in ("", ".", "!", "?") else f"{text}."


# ---------------------------------------------------------------- numbers as they are measured


def rough(value: float) -> str:
    """A measured number to two digits, or three where it is large: "0.62", "58", "2,100"."""
    if value == 0 or value != value:
        return "0"
    return f"{float(f'{value:.{ROUGH}g}'):,.10g}"


def scaled(value: float) -> str:
    """A measured number in words: "5.7 million", "2,100"."""
    for scale, word in SCALES:
        if value >= scale:
            return f"{rough(value / scale)} {word}"
    return rough(value)
