"""The sentences of answers: where we are, why a number is what it is, and what a picture shows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

from nntui import messages as m
from nntui.sentences import graphs, presenting, races, recordings, slopes, tensors
from nntui.sentences.confusion import confusion
from nntui.sentences.facts import WALKED, whole
from nntui.sentences.kept import compared
from nntui.sentences.numbers import Voice, capital, plural
from nntui.sentences.unfit import lines_of
from nntui.text import full_stop

FEW_TERMS = 6  # of a sum are said one by one
FEW_POINTS = 5  # that a picture gets wrong are named
STEADY = 0.05  # of the range of a curve: a stretch that stays within it is flat


class AnswerTeller:
    """Says answers. What a lesson has not come to yet, the loss or backpropagation, is not named."""

    def __init__(self) -> None:
        self.knows_loss = True
        self.knows_backpropagation = True

    def tell(self, result: m.Result, voice: Voice) -> list[str]:
        """The lines of an answer."""
        return lines_of(lambda: _TELL[type(result)](self, result, voice), result)

    # ------------------------------------------------------------ where and why

    def _where(self, r: m.Where, v: Voice) -> list[str]:
        number = re.match(r"(\d+)-", r.name)
        title = f"Lesson {int(number[1])}" if number and r.beats else r.title
        beat = f", beat {r.beat} of {r.beats}" if r.beats else ""
        beat += f", core beat {r.core} of {r.cores}" if r.cores else ""
        step = f" Step {r.step:,}. Loss {v.number(r.loss)}." if self.knows_loss else ""
        lines = [f"{title}{beat}.{step}"]
        if r.line:
            lines.append(f"About to run line {r.line} of {r.function}: {whole(r.text)}")
        if v.detail != "brief":
            lines.append(self._walking(r))
        if r.waiting:
            lines.append(f"A question is open: {r.waiting}")
        return lines

    def _walking(self, r: m.Where) -> str:
        sample = f" of {r.sample}" if r.walking == "predict" and r.sample else ""
        known = {"predict": f"the prediction{sample}", "training": f"step {r.step:,} of training, on {r.rung}"}
        what = known.get(r.walking) or WALKED[r.walking].split(";")[0]  # what can be done there has been told
        at = f", line {r.event:,} of the {r.events:,} that it runs" if r.event and r.events else ""
        return f"Walking {what}{at}."

    def _summary(self, r: m.Summary, v: Voice) -> list[str]:
        lines = [f"{full_stop(r.title)} {r.summary}".strip(), f"{capital(r.model)}, {r.data}."]
        if self.knows_loss:
            lines += [standing(r, v), f"Trained {r.training}."]
        if r.commands:
            lines.append(f"Last said: {'; '.join(r.commands)}.")
        return lines

    def _why(self, r: m.Why, v: Voice) -> list[str]:
        name = v.name(r.name.removeprefix("gradient "))
        name = capital(name) if name == v.name(r.name) else f"The gradient of {name}"
        head = "" if v.detail == "brief" else f"{name} is {v.number(r.value)}"
        lines = []
        if r.rule:
            made = f"{r.rule} {v.number(r.of)}"
            lines.append(f"{head}: {made}." if head else capital(made) + ".")
        elif head:
            lines.append(f"{head}.")
        if r.terms:
            lines.append(f"Sum: {self._sum(r.terms, v)}.")
        if r.note:
            lines.append(r.note)
        return lines

    def _sum(self, terms: tuple[m.Term, ...], v: Voice) -> str:
        """The terms with their signs; of many the weightiest, and the others together."""
        chosen, rest = terms, terms[:0]
        if v.detail != "full" and len(terms) > FEW_TERMS:
            order = sorted(range(len(terms)), key=lambda i: -abs(terms[i].value))
            few = sorted(order[: FEW_TERMS - 1])
            chosen = tuple(terms[i] for i in few)
            rest = tuple(terms[i] for i in range(len(terms)) if i not in few)
        said = [self._term(term, first=not i, v=v) for i, term in enumerate(chosen)]
        if rest:
            total = sum(term.value for term in rest)
            said.append(f"{_joined(total, v)} from the {len(rest):,} others")
        return ", ".join(said)

    def _term(self, term: m.Term, first: bool, v: Voice) -> str:
        value = v.number(term.value) if first else _joined(term.value, v)
        factors = ""
        if v.detail != "brief" and term.factors:
            factors = " (" + " times ".join(_factor(factor, v) for factor in term.factors) + ")"
        return f"{value}{factors} {v.short_name(term.name)}"

    # ------------------------------------------------------------ the views

    def _code(self, r: m.CodeView, v: Voice) -> list[str]:
        lines = []
        for number, text in enumerate(r.lines, start=r.first):
            mark = "About to run, line" if number == r.line else "Line"
            stop = ", breakpoint" if number in r.breakpoints else ""
            depth = (len(text) - len(text.lstrip())) // 4
            indent = f", indent {depth}" if depth and text.strip() else ""
            lines.append(f"{mark} {number}{indent}{stop}: {text.strip()}" if text.strip() else "")
        here = r.line - r.first if r.line else 0
        called = " in ".join(f"{name} at line {line}" for name, line in reversed(r.stack) if line)
        lines = [line for line in lines[here:] + lines[:here] if line]
        return [
            *lines,
            _progress(r),
            self._uses(r.uses, v),
            f"Calls: {called}." if len(r.stack) > 1 else "",
            f"{capital(r.note)}." if r.note else "",
        ]

    def _uses(self, names: tuple[str, ...], v: Voice) -> str:
        return f"It uses {_listed([v.name(name) for name in names])}." if names else ""

    def _values(self, r: m.ValuesView, v: Voice) -> list[str]:
        changed = [c.name for c in r.changed]
        order = sorted(r.values, key=lambda pair: changed.index(pair[0]) if pair[0] in changed else len(changed))
        return [f"{v.name(name)}: {v.value(value)}." for name, value in order] or ["No values yet."]

    def _network(self, r: m.NetworkView, v: Voice) -> list[str]:
        sizes = ", ".join(f"{size:,}" for size in r.sizes[1:])
        bends = r.activation if r.activation == r.output_activation else f"{r.activation}, {r.output_activation} output"
        lines = [f"{plural(r.sizes[0], 'input')}, then layers of {sizes}. {capital(bends)}."]
        wanted = f", target {v.numbers(r.target)}" if r.target is not None and self.knows_loss else ""
        lines.append(f"{capital(r.sample)}: inputs {_all(r.inputs, v)}{wanted}.")
        for n in r.neurons:
            lines.append(
                f"Layer {n.layer}, neuron {n.neuron}: bias {v.number(n.bias)}, weights {_all(n.weights, v)}; "
                f"output {v.number(n.output)}."
            )
        if r.left_out:
            lines.append(f"And {plural(r.left_out, 'neuron')} more.")
        return lines

    def _diagram(self, r: m.DiagramView, v: Voice) -> list[str]:
        lines = []
        for number, layer in enumerate(r.layers):
            who = f"Layer {number - 1}: {plural(layer.size, 'neuron')}" if number else plural(layer.size, "input")
            left_out = layer.size - len(layer.neurons)
            names = _listed([str(neuron.neuron) for neuron in layer.neurons])
            lines.append(f"{who}, drawn are {names}; {left_out:,} left out." if left_out else f"{who}, all drawn.")
        lines.append(f"Pointed at: {v.name(r.pointed)}." if r.pointed else "")
        lines.append(f"In use: {_listed([v.name(name) for name in r.uses])}." if r.uses else "")
        target = f", target {v.numbers(r.target)}" if r.target is not None else ""
        out = v.numbers(tuple(neuron.value for neuron in r.layers[-1].neurons))
        return [*lines, f"{capital(r.sample)}: output {out}{target}."]

    def _settings(self, r: m.SettingsView, v: Voice) -> list[str]:
        return [self._setting(setting) for setting in r.settings]

    def _setting(self, s: m.Setting) -> str:
        """Its word and value, what it may be, and what a change of it costs."""
        said = [f"{s.word}: {s.value}"]
        if len(s.choices) > 1:
            said.append(f"one of {', '.join(s.choices)}")
        if s.hint:
            said.append(s.hint)
        said += [f"{name} is absent: {why}" for name, why in s.absent]
        if s.restarts:
            said.append("begins again at step 0")
        return "; ".join(said) + "."

    def _curves(self, r: m.CurvesView, v: Voice) -> list[str]:
        course = [line for curve in r.curves for line in self._course(r, curve, v)]
        marks = _listed([f"{what} at {r.x_name} {v.number(_whole(x))}" for x, what in r.marks])
        course.append(f"Changed: {marks}." if marks else "")
        if r.y_name == "loss" and r.curves:
            loss = f"Loss {v.number(r.curves[0].y[-1])}"
            test = next((f", on the test samples {v.number(c.y[-1])}" for c in r.curves if c.name == "test loss"), "")
            ahead = any(curve.name == "ahead" for curve in r.curves)
            now = f" This is {r.x_name} {v.number(_whole(r.now))}." if ahead and r.now is not None else ""
            return [f"{loss}{test}.{now}", compared(r, v), *course]
        return [f"{capital(r.title)}.", *course]

    def _course(self, r: m.CurvesView, curve: m.Curve, v: Voice) -> list[str]:
        """From where to where, when half of the way was gone, the lowest, and where nothing moves."""
        x, y = curve.x, curve.y
        who = "" if len(r.curves) == 1 else f"{capital(curve.name)}: "
        if len(x) < 2:
            return [f"{who}One point yet, at {r.x_name} {v.number(_whole(x[0]))}."] if x else []
        said = (
            f"{who}{'from' if who else 'From'} {v.number(y[0])} to {v.number(y[-1])}, over {r.x_name}s {_span(x, v)}."
        )
        low = min(range(len(y)), key=lambda i: y[i])
        lines = [said]
        if y[-1] < y[0]:
            half = next(i for i in range(len(y)) if y[i] <= (y[0] + y[-1]) / 2)
            lines[0] += f" Half gone by {r.x_name} {v.number(_whole(x[half]))}."
        if y[low] < y[-1]:
            lines.append(f"Lowest {v.number(y[low])} at {r.x_name} {v.number(_whole(x[low]))}.")
        flat = _flat_from(y)
        if 0 < flat < len(y) - 2:
            lines.append(f"Nearly flat from {r.x_name} {v.number(_whole(x[flat]))} on.")
        return lines

    def _twist(self, r: m.TwistView, v: Voice) -> list[str]:
        up, down = _better(r.loss_up, r.loss), _better(r.loss_down, r.loss)
        output = f"Output {v.numbers(r.outputs)}." if r.outputs else ""
        target = f" Target {v.numbers(r.target)}." if r.outputs and r.target is not None else ""
        before = f", was {v.number(r.before)}" if r.before is not None else ""
        last = f" Last {r.last}{before}." if r.last else ""
        return [
            f"{capital(v.name(r.address))} is {v.number(r.value)}. Loss {v.number(r.loss)}.{last}",
            f"Up by {v.number(r.amount)}: {v.apart(r.loss_up, r.loss)[0]}, {up}. "
            f"Down by {v.number(r.amount)}: {v.apart(r.loss_down, r.loss)[0]}, {down}.",
            self._turned(r.curve, v),
            output + target,
            *((*slopes.slope(r.slope, v)[:1], *slopes.ladder(r.slope, v)) if r.slope is not None else ()),
        ]

    def _turned(self, curve: m.Curve, v: Voice) -> str:
        """The ends of a curve along a parameter, its lowest and its highest point."""
        x, y = curve.x, curve.y
        if not x:
            return ""
        low, high = (pick(range(len(y)), key=lambda i: y[i]) for pick in (min, max))
        return (
            f"Turned from {v.number(x[0])} to {v.number(x[-1])}: lowest {v.number(y[low])} at {v.number(x[low])}, "
            f"highest {v.number(y[high])} at {v.number(x[high])}."
        )

    def _map(self, r: m.MapView, v: Voice) -> list[str]:
        above = f"above {v.number(r.threshold)}"
        wrong = [point for point in r.points if not point[3]]
        counted = f" {r.wrong:,} of {plural(r.shown, 'sample')} wrong." if r.classes else ""
        lines = [f"{round(100 * r.share_above)} percent of the plane is {above}.{counted}"]
        if wrong:
            named = "; ".join(
                f"{v.number(x)}, {v.number(y)}, target {v.number(t)}" for x, y, t, _ in wrong[:FEW_POINTS]
            )
            more = f"; and {r.wrong - FEW_POINTS:,} more" if r.wrong > FEW_POINTS else ""
            lines.append(f"Wrong at {named}{more}.")
        x, y = r.x_range, r.y_range
        lines.append(f"Rows from the top, {v.number(y[1])}, down to {v.number(y[0])}; columns {v.number(x[0])} to "
                     f"{v.number(x[1])}:")  # fmt: skip
        for number, row in enumerate(r.rows, start=1):
            runs = [(key, len(list(group))) for key, group in groupby(value > r.threshold for value in row)]
            lines.append(f"Row {number}: " + ", ".join(f"{n} {'plus' if key else 'minus'}" for key, n in runs) + ".")
        return lines

    def _bars(self, r: m.BarsView, v: Voice) -> list[str]:
        target = f", target {r.target}" if r.target else ""
        answer = f" Answers {r.answer}{', ' * bool(r.verdict)}{r.verdict}." if r.answer else ""
        best = sorted(zip(r.names, r.values, strict=True), key=lambda pair: -pair[1])
        said = ", ".join(f"{name} with {v.number(value)}" for name, value in best[:3])
        lines = [f"{capital(r.title)}{target}.{answer} Highest: {said}."]
        if r.image:
            lines.append("The image, row by row, ink from 0 to 9:")
            top = max(max(row) for row in r.image) or 1.0
            for number, row in enumerate(r.image, start=1):
                lines.append(f"Row {number}: " + " ".join(str(round(9 * max(0.0, pixel) / top)) for pixel in row))
        if r.weights:
            lines.append(f"{capital(v.name(r.weights_name))}, the weights of these pixels, row by row, from -9 to 9:")
            top = max(abs(weight) for row in r.weights for weight in row) or 1.0
            for number, row in enumerate(r.weights, start=1):
                lines.append(f"Row {number}: " + " ".join(_ninths(weight, top) for weight in row))
        return lines

    def _weights(self, r: m.WeightsView, v: Voice) -> list[str]:
        lines = []
        for name, shape, values in r.blocks:
            if len(shape) < 2:
                lines.append(f"{capital(v.name(name))}: {', '.join(v.number(value) for value in values)}.")
                continue
            for row in range(min(shape[0], len(values))):
                some = values[row * shape[1] : (row + 1) * shape[1]]
                lines.append(f"{capital(v.name(f'{name}[{row}]'))}: {', '.join(v.number(value) for value in some)}.")
        return [*lines, f"And {r.left_out:,} more." if r.left_out else ""]

    def _reading(self, r: m.Reading, v: Voice) -> list[str]:
        return [f"{capital(v.name(r.name))}: {v.number(r.value)}."]

    def _scenario(self, r: m.ScenarioText, v: Voice) -> list[str]:
        return r.text.splitlines()

    def _refused(self, r: m.Refused, v: Voice) -> list[str]:
        return [f"Error: {r.sentence}"]


def _listed(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"; of names that have commas themselves, "a, b; c, d"."""
    if any("," in name for name in names):
        return "; ".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _all(values: tuple[float, ...], v: Voice) -> str:
    """A row of numbers: the first few, or all of them where all detail is wanted."""
    return ", ".join(v.number(value) for value in values) if v.detail == "full" else v.numbers(values)


def _progress(r: m.CodeView) -> str:
    """How far the call has run."""
    if not r.events:
        return ""
    if r.event >= r.events:
        return f"All {r.events:,} lines that the call runs have run."
    return f"This is line {r.event + 1:,} of the {r.events:,} that the call runs."


def standing(r: m.Summary, v: Voice) -> str:
    """The step, its loss, and how the test samples fare, in a sentence or two."""
    test = f", on the test samples {v.number(r.test_loss)}" if r.test_loss is not None else ""
    right = f", {v.percent(r.accuracy)} percent right" if r.accuracy is not None else ""
    return f"Step {r.step:,}. Loss {v.number(r.loss)}{test}{right}."


def _joined(value: float, v: Voice) -> str:
    """An amount within a sum: "plus 0.1", "minus 0.2"."""
    return f"minus {v.number(-value)}" if value < 0 else f"plus {v.number(value)}"


def _factor(factor: tuple[str, float], v: Voice) -> str:
    return v.number(factor[1])


def _whole(x: float) -> float:
    return int(x) if x == int(x) else x


def _span(x: tuple[float, ...], v: Voice) -> str:
    return f"{v.number(_whole(x[0]))} to {v.number(_whole(x[-1]))}"


def _flat_from(y: tuple[float, ...]) -> int:
    """The first place from which on a curve stays within a small part of its range."""
    span = max(y) - min(y)
    place = len(y) - 1
    while place > 0 and abs(y[place - 1] - y[-1]) <= STEADY * span:
        place -= 1
    return place


def _ninths(weight: float, top: float) -> str:
    """A weight as a whole number from -9 to 9, for the largest."""
    return str(round(9 * (weight / top))) if math.isfinite(weight / top) else "?"


def _better(loss: float, now: float) -> str:
    return "better" if loss < now else "worse" if loss > now else "the same"


_TELL: dict[type, Callable[[AnswerTeller, Any, Voice], list[str]]] = {
    m.Where: AnswerTeller._where,
    m.Summary: AnswerTeller._summary,
    m.Why: AnswerTeller._why,
    m.CodeView: AnswerTeller._code,
    m.ValuesView: AnswerTeller._values,
    m.NetworkView: AnswerTeller._network,
    m.CurvesView: AnswerTeller._curves,
    m.TwistView: AnswerTeller._twist,
    m.MapView: AnswerTeller._map,
    m.BarsView: AnswerTeller._bars,
    m.WeightsView: AnswerTeller._weights,
    m.DiagramView: AnswerTeller._diagram,
    m.TensorView: lambda teller, r, v: tensors.tensor(r, v),
    m.StagesView: lambda teller, r, v: tensors.stages(r, v),
    m.ConfusionView: lambda teller, r, v: confusion(r, v),
    m.SlopeView: lambda teller, r, v: slopes.slope(r, v),
    m.GradientView: lambda teller, r, v: slopes.gradient(r, v, both=teller.knows_backpropagation),
    m.LandscapeView: lambda teller, r, v: slopes.landscape(r, v),
    m.SweepView: lambda teller, r, v: slopes.sweep(r, v),
    m.TimelineView: lambda teller, r, v: recordings.timeline(r, v),
    m.LessonView: lambda teller, r, v: presenting.lesson(r, v),
    m.NotesView: lambda teller, r, v: presenting.notes(r, v),
    m.LadderView: lambda teller, r, v: races.ladder(r, v),
    m.CheckView: lambda teller, r, v: races.check(r, v),
    m.RaceView: lambda teller, r, v: races.race(r, v),
    m.WidthsView: lambda teller, r, v: races.widths(r, v),
    m.GraphView: lambda teller, r, v: graphs.graph(r, v),
    m.ComparisonView: lambda teller, r, v: graphs.comparison(r, v),
    m.SettingsView: AnswerTeller._settings,
    m.Reading: AnswerTeller._reading,
    m.ScenarioText: AnswerTeller._scenario,
    m.Refused: AnswerTeller._refused,
}
