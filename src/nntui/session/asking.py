"""The queries: what can be asked of a desk without changing anything."""

from __future__ import annotations

import math

from nntui import messages as m
from nntui.models.model import ModelError
from nntui.scenario.schema import MOST_BYTES, Scenario
from nntui.session import tensoring
from nntui.session.graph import asking as graph_asking
from nntui.session.readings import reading
from nntui.session.run.timeline import Settings
from nntui.session.subject import CommandError, Desk
from nntui.text import short


class Asker:
    """Answers what is asked of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # ------------------------------------------------------------ why

    def why(self, name: str) -> m.Why:
        """Open a value into what made it: one of the line's own values, a parameter, or one of the model's."""
        desk = self.desk
        name = name or desk.last_told
        of_the_array = tensoring.why(desk, name)
        if of_the_array is not None:
            return of_the_array
        of_the_graph = graph_asking.why(desk, name)
        if of_the_graph is not None:
            return of_the_graph
        named = name.isidentifier() and name not in desk.model.reading_names()
        if named and desk.clock.begun and not desk.clock.over:
            value = desk.clock.cursor.locals().get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return self._why_local(name, float(value))
            if value is not None and name not in ("outputs", "inputs"):
                name = str(value)
        try:
            return desk.model.why(desk.training.parameters, desk.look, name)
        except ModelError as error:
            try:
                index = desk.model.layout.index(name)
            except ModelError:
                raise CommandError(str(error)) from None
            return self._why_parameter(index)

    def _why_local(self, name: str, value: float) -> m.Why:
        """How a sum was added up, or which line gave a value."""
        history = self.desk.clock.local_history(name)
        terms = []
        for line, new, old, loops in history:
            where = ", ".join(f"{variable} {number}" for variable, number in loops.items()) if old is not None else ""
            said = f"line {line}" + (f", {where}" if where else "")
            terms.append(m.Term(said, new if old is None else new - old))
        if not terms:
            return m.Why(name, value, "", value, (), "It came with the call.")
        if len(terms) == 1:
            return m.Why(name, value, "", value, (), f"{terms[0].name.capitalize()} gave it this value.")
        return m.Why(name, value, "", value, tuple(terms))

    def _why_parameter(self, index: int) -> m.Why:
        desk, run = self.desk, self.desk.training
        address, value = desk.model.layout.address(index), float(run.parameters[index])
        change = run.last_change(index)
        if change is None:
            start = "its value at the start" if run.timeline.reaches(run.first_step) or not run.step else "what it was"
            return m.Why(address, value, "", value, (), f"It is {start}; nothing has changed it since.")
        was = "its value before"
        if change.by == "gradient":
            steps = change.step + 1 - change.since
            was = f"its value at step {change.since:,}"
            how = f"the step downhill at step {change.step:,}" if steps == 1 else f"the {steps:,} steps downhill since"
        else:
            how = f"{'set' if change.by == 'hand' else 'a twist kept'} at step {change.step:,}"
        terms = (m.Term(was, change.before), m.Term(how, value - change.before))
        return m.Why(address, value, "", value, terms)

    # ------------------------------------------------------------ where, summary

    def where(self, beat: int, beats: int, waiting: str) -> m.Where:
        """Where are we?"""
        desk, run, clock = self.desk, self.desk.training, self.desk.clock
        line, text, function, events = 0, "", clock.function_name, 0
        if clock.begun:
            cursor, trace = clock.cursor, clock.trace
            line, function, events = cursor.line or 0, cursor.function, len(trace)
            text = trace.source.line_text(line).strip() if line else ""
        return m.Where(
            title=desk.scenario.title, name=desk.name, beat=beat, beats=beats, step=run.step, epoch=run.epoch,
            loss=run.loss(), rung=run.settings.rung, walking=desk.walk, sample=desk.seen_sample(), line=line, text=text,
            function=function, event=clock.event, events=events, waiting=waiting,
        )  # fmt: skip

    def summary(self, commands: tuple[str, ...]) -> m.Summary:
        """What has happened so far?"""
        desk, run = self.desk, self.desk.training
        model, data = desk.model.describe()
        settings = run.settings
        batch = f", batches of {run.batches.size:,}" if desk.model.samples else ""
        return m.Summary(
            title=desk.scenario.title, summary=desk.scenario.summary, model=model, data=data,
            training=f"{_how(settings)}{batch}, on {settings.rung}, seed {settings.seed}",
            step=run.step, loss=run.loss(), test_loss=_maybe(self._read("test_loss")),
            accuracy=_maybe(self._read("accuracy")), commands=commands,
        )  # fmt: skip

    def _read(self, name: str) -> float:
        try:
            return reading(self.desk, name)
        except ModelError:
            return math.nan


def _how(settings: Settings) -> str:
    """How a step is taken, in words."""
    if settings.method != "gradient":
        return f"by twists of ±{short(settings.twist)}"
    optimizer = {
        "sgd": "",
        "momentum": f", momentum {settings.momentum:g}",
        "adam": ", optimizer adam",
    }[settings.optimizer]
    decay = f", weight decay {short(settings.weight_decay)}" if settings.weight_decay else ""
    return f"by the gradient, learning rate {short(settings.learning_rate)}{optimizer}{decay}"


def _maybe(value: float) -> float | None:
    return None if math.isnan(value) else value


def scenario_text(desk: Desk, beat: int, answered: int, short: bool = False) -> m.ScenarioText:
    """The scenario file that opens again exactly here; CommandError where it would be too large to be opened."""
    return as_text(desk.as_scenario(beat, answered, short))


def as_text(scenario: Scenario) -> m.ScenarioText:
    """A scenario as a file; CommandError where it would be too large to be opened."""
    from nntui.scenario.write import to_toml

    text = to_toml(scenario)
    size = len(text.encode())
    if size > MOST_BYTES:
        raise CommandError(f"this would be a file of {size:,} bytes, and one of more than {MOST_BYTES:,} is not opened")
    return m.ScenarioText(text)
