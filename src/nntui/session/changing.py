"""The commands that change something: a parameter, a setting, the network, the data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from nntui import data as data_sets
from nntui import messages as m
from nntui import models
from nntui.models.model import ModelError
from nntui.models.plans import OPTIMIZERS
from nntui.scenario.meaning import MOST_LEARNING_RATE, MOST_TWIST, MOST_WEIGHT_DECAY
from nntui.scenario.schema import DataTable, Scenario
from nntui.session.moving import Activity, Tell
from nntui.session.setup import build_model, takes_noise
from nntui.session.subject import CommandError, Desk, chosen
from nntui.session.walking.walk import WalkError
from nntui.text import clean, did_you_mean, short

MOST_OUTPUTS = 3  # told after a change by hand


class Changer:
    """Changes what lies on a desk."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell

    # ------------------------------------------------------------ parameters

    def set_value(self, address: str, value: float) -> None:
        """Give a parameter a value."""
        self._change_parameter(self.desk.model.layout.index(address), value)

    def twist(self, address: str, amount: float) -> None:
        """Change a parameter by an amount."""
        index = self.desk.model.layout.index(address)
        self._change_parameter(index, float(self.desk.training.parameters[index]) + amount)

    def _change_parameter(self, index: int, value: float) -> None:
        desk, run = self.desk, self.desk.training
        problem = desk.model.allowed(index, value)
        if problem:
            raise CommandError(problem)
        if not run.held(value, run.settings.rung):
            raise CommandError(f"{value:g} is beyond the largest number that {run.settings.rung} can hold in 32 bits")
        before, out_before = run.loss(), self._outputs()
        old = desk.clock.keep_place(lambda: run.edit(index, value))
        address = desk.model.layout.address(index)
        desk.pointed = desk.last_told = address
        new = float(run.parameters[index])
        self.tell(m.Changed(address, old, new, before, run.loss(), out_before, self._outputs()))

    def _outputs(self) -> tuple[float, ...]:
        """What comes out for the sample looked at, where it is few numbers."""
        if not self.desk.model.samples and not self.desk.look.typed:
            return ()
        return self.desk.model.see(self.desk.training.parameters, self.desk.look).outputs[:MOST_OUTPUTS]

    def point(self, address: str) -> None:
        """Point at a parameter."""
        layout = self.desk.model.layout
        index = layout.index(address)
        self.desk.pointed = self.desk.last_told = layout.address(index)
        self.tell(m.Pointed(self.desk.pointed, float(self.desk.training.parameters[index])))

    # ------------------------------------------------------------ how it is trained

    def twist_size(self, size: float) -> None:
        """Draw twists from another range."""
        if not 0 < size <= MOST_TWIST:
            raise CommandError(f"the size of twists goes from above 0 to {MOST_TWIST:g}, not {size:g}")
        self._training_setting("size of twists", "twist", size)

    def batch_size(self, size: int) -> None:
        """Compute the loss of a step over another number of samples."""
        samples = self.desk.model.samples
        if not samples:
            raise CommandError("this model has no data, and so no batches")
        note = f"There are {samples:,} samples to train on: each batch holds all of them." if size > samples else ""
        self._training_setting("batch", "batch_size", size, note)

    def learning_rate(self, rate: float) -> None:
        """Walk downhill by another multiple of the gradient."""
        if not 0 < rate <= MOST_LEARNING_RATE:
            raise CommandError(f"the learning rate goes from above 0 to {MOST_LEARNING_RATE:,g}, not {rate:g}")
        self._gradient_setting("learning rate", "learning_rate", rate)

    def momentum(self, share: float) -> None:
        """Keep another share of the velocity from step to step."""
        if not 0 <= share < 1:
            raise CommandError(f"momentum goes from 0 to below 1, not {share:g}")
        optimizer = self.desk.training.settings.optimizer
        note = "" if optimizer == "momentum" else f"The optimizer is {optimizer}; `optimizer momentum` is what uses it."
        self._gradient_setting("momentum", "momentum", share, note)

    def optimizer(self, name: str) -> None:
        """Turn the gradient into a step in another way."""
        if name not in OPTIMIZERS:
            hint = did_you_mean(name, OPTIMIZERS) or f"; there are {', '.join(OPTIMIZERS)}"
            raise CommandError(f"there is no optimizer '{clean(name, 40)}'{hint}")
        self._gradient_setting("optimizer", "optimizer", name)

    def weight_decay(self, amount: float) -> None:
        """Let weights shrink by another share of themselves."""
        if not 0 <= amount <= MOST_WEIGHT_DECAY:
            raise CommandError(f"weight decay goes from 0 to {MOST_WEIGHT_DECAY:g}, not {amount:g}")
        self._gradient_setting("weight decay", "weight_decay", amount)

    def _gradient_setting(self, name: str, field: str, value: Any, note: str = "") -> None:
        known, method = self.desk.model.directions, self.desk.training.settings.method
        if "gradient" not in known:
            raise CommandError(f"this model does not learn by the gradient, and so has no {name}")
        if method != "gradient":
            note = f"The method is {method}; `method gradient` is what uses it."
        self._training_setting(name, field, value, note)

    def _training_setting(self, name: str, field: str, value: Any, note: str = "") -> None:
        desk, run = self.desk, self.desk.training
        old = getattr(run.settings, field)
        if value != old:  # what is so already is no change, and costs nobody the future that one has gone back from
            desk.clock.keep_place(lambda: run.change(**{field: value}))
        self.tell(m.SettingChanged(name, _said(old), _said(value), False, run.loss(), note))

    def use(self, name: str) -> Activity:
        """Go on on another rung, once it is ready."""
        desk, run = self.desk, self.desk.training
        info = desk.model.rungs.get(name)
        if info is None:
            hint = did_you_mean(name, desk.model.rungs) or f"; there are {', '.join(desk.model.rungs)}"
            raise CommandError(f"there is no rung '{clean(name, 40)}'{hint}")
        if info.make is None:
            raise CommandError(f"{name} is absent here: {info.absent}")
        if not run.held(run.parameters, name):
            raise CommandError(f"a weight is beyond the largest number that {name} can hold in 32 bits")
        note = info.note
        if note and run.settings.method == "twist":
            note += " A close twist may go the other way."
        if not info.traced and not note:
            note = "Lines are walked through the loops, which compute the same."
        self._training_setting("rung", "rung", name, note)
        return self._prepare(info.instant)

    def _prepare(self, instant: bool) -> Activity:
        """Make the rung ready. What is not instant takes one turn, however long, for turns are counted."""
        facts: list[m.Fact] = []
        self.desk.training.ready(facts)
        self._tell_all(facts)
        if not instant:
            yield
            self.desk.training.ready(facts)
            self._tell_all(facts)

    def _tell_all(self, facts: list[m.Fact]) -> None:
        for fact in facts:
            self.tell(fact)
        facts.clear()

    def method(self, name: str) -> None:
        """Choose how the model learns."""
        known = self.desk.model.directions
        if name not in known:
            there = "there is" if len(known) == 1 else "there are"
            hint = did_you_mean(name, known) or f"; {there} {', '.join(known)}"
            raise CommandError(f"there is no method '{clean(name, 40)}'{hint}")
        desk = self.desk
        if desk.walk == "training" and name != desk.training.settings.method:
            desk.clock.forget()  # another function takes the next step: there is no place in it to keep
        self._training_setting("method", "method", name)

    # ------------------------------------------------------------ another network, other data

    def reseed(self, seed: int) -> None:
        """Start again with the dice (and drawn weights) of another seed."""
        given = "weights" in self.desk.scenario.model
        note = "The weights stay the lesson's own; only the dice are new." if given else ""
        old = str(self.desk.scenario.model.get("seed", 0))
        self._start_again(self._with_model(seed=seed), "seed", old, str(seed), note)

    def use_data(self, name: str) -> None:
        """Start again on another data set; the ends of the network are fitted to it."""
        if name not in data_sets.NAMES:
            hint = did_you_mean(name, data_sets.NAMES) or f"; there are {', '.join(data_sets.NAMES)}"
            raise CommandError(f"there is no data set '{clean(name, 40)}'{hint}")
        table = self._data_table()
        old = table.name or table.file or ""
        samples = table.samples if name != "digits" and table.name not in (None, "digits") else None
        noise = 0.0 if name == "digits" else table.noise
        table = msgspec.structs.replace(
            table, name=name, file=None, inputs=(), targets=(), samples=samples, noise=noise, shift=0
        )
        scenario = msgspec.structs.replace(self.desk.scenario, data=table)
        fitted, note = self._fit_ends(scenario, name, table)
        self._start_again(fitted, "data", old, name, note)

    def _fit_ends(self, scenario: Scenario, name: str, table: DataTable) -> tuple[Scenario, str]:
        """Give the network as many inputs and outputs as the data asks for, and a loss that fits; say so."""
        dataset = data_sets.load(name, table.samples, table.noise, table.seed)
        sizes, model = list(scenario.model.get("layers", ())), dict(scenario.model)
        if not sizes:
            return scenario, ""
        by_class = model.get("loss") == "cross-entropy"
        choices = [n for n in dataset.output_choices() if n > 1 or not by_class] or list(dataset.output_choices())
        fitted = [dataset.inputs.shape[1], *sizes[1:-1], sizes[-1] if sizes[-1] in choices else choices[0]]
        if fitted == sizes:
            return scenario, ""
        note = f"The network is now {'-'.join(str(size) for size in fitted)}"
        dropped = {"weights", "biases"}
        if by_class and fitted[-1] == 1:
            dropped |= {"loss", "output"}
            note += ", and the loss is mean squared error: a single output has no classes to choose from"
        kept = {key: value for key, value in model.items() if key not in dropped}
        return msgspec.structs.replace(scenario, model={**kept, "layers": fitted}), f"{note}."

    def noise(self, share: float) -> None:
        """Start again with another share of noise."""
        if not 0 <= share <= data_sets.MOST_NOISE:
            raise CommandError(f"noise goes from 0 to {data_sets.MOST_NOISE}, not {share:g}")
        table = self._data_table()
        if not takes_noise(table):
            raise CommandError(f"{table.name or table.file} is as it is; noise can be added to generated data only")
        scenario = msgspec.structs.replace(self.desk.scenario, data=msgspec.structs.replace(table, noise=share))
        self._start_again(scenario, "noise", _said(table.noise), _said(share))

    def shift(self, pixels: int) -> None:
        """Move every image by so many pixels to the right; the weights stay, and see them where they are now."""
        desk, run, table = self.desk, self.desk.training, self._data_table()
        if abs(pixels) > m.MOST_SHIFT:
            raise CommandError(f"a shift goes from -{m.MOST_SHIFT} to {m.MOST_SHIFT} pixels, not {pixels:,}")
        with _as_typed():
            scenario = msgspec.structs.replace(desk.scenario, data=msgspec.structs.replace(table, shift=pixels))
            model = build_model(scenario, desk.folder)
        if pixels != table.shift:
            desk.clock.keep_place(lambda: run.change(model=model, scenario=scenario))
        self.tell(m.SettingChanged("shift", str(table.shift), str(pixels), False, run.loss()))

    def _data_table(self) -> DataTable:
        table = self.desk.scenario.data
        if table is None:
            raise CommandError("this model has no data")
        return table

    def layers(self, sizes: tuple[int, ...]) -> None:
        """Start again with other layer sizes."""
        self._needs("layers")
        old = "-".join(str(size) for size in self.desk.scenario.model.get("layers", ()))
        scenario = self._with_model(layers=list(sizes))
        model = {k: v for k, v in scenario.model.items() if k not in ("weights", "biases")}
        scenario = msgspec.structs.replace(scenario, model=model)
        self._start_again(scenario, "layers", old, "-".join(str(size) for size in sizes))

    def activation(self, field: str, name: str) -> None:
        """Bend the hidden layers (`activation`) or the last (`output`) with another curve; the weights stay."""
        self._needs(field)
        desk, run = self.desk, self.desk.training
        old = desk.model.settings[field].value
        if name != old:
            scenario = self._with_model(**{field: name})
            with _as_typed():
                model = build_model(scenario, desk.folder)
            desk.clock.keep_place(lambda: run.change(model=model, scenario=scenario))
        said = "activation" if field == "activation" else "output activation"
        self.tell(m.SettingChanged(said, old, name, False, run.loss()))

    def _needs(self, setting: str) -> None:
        kind = models.kind(str(self.desk.scenario.model["kind"]))
        if setting not in kind.settings:
            raise CommandError(f"this model has no {setting}")

    def _with_model(self, **keys: Any) -> Scenario:
        model: Mapping[str, Any] = {**self.desk.scenario.model, **keys}
        return msgspec.structs.replace(self.desk.scenario, model=dict(model))

    def _start_again(self, scenario: Scenario, name: str, old: str, new: str, note: str = "") -> None:
        with _as_typed():
            self.desk.start_again(msgspec.structs.replace(scenario, state=None))
        self.desk.last_told = "loss"
        self.tell(m.SettingChanged(name, old, new, True, self.desk.training.loss(), note))

    def reset(self) -> None:
        """Go back to the start of the lesson or scenario."""
        desk = self.desk
        desk.start_afresh()
        self.tell(m.WasReset(desk.training.step, desk.training.loss()))

    # ------------------------------------------------------------ what is looked at

    def choose_sample(self, number: int, split: m.Split) -> None:
        """Look at a sample of a split."""
        if not self.desk.model.samples:
            raise CommandError("this model has no data, and so no samples")
        if split == "test" and not self.desk.model.test_samples:
            raise CommandError("no samples are kept back for testing here; `sample N` looks at those to train on")
        self._look(sample=number, typed=(), split=split)

    def next_mistake(self, forwards: bool) -> None:
        """Look at the next sample that is answered wrongly, or the one before; after the last comes the first."""
        desk, split = self.desk, self._judged()
        numbers = desk.model.mistakes(desk.training.parameters, split)
        if not len(numbers):
            samples = desk.model.test_samples if split == "test" else desk.model.samples
            which = "test" if split == "test" else "training"
            self.tell(m.Note(f"There is no mistake: all {samples:,} {which} samples are answered rightly."))
            return
        look = desk.look
        here = look.sample if look.split == split and not look.typed else -1
        if forwards:
            place = int(np.searchsorted(numbers, here, side="right")) % len(numbers)
        else:
            place = int(np.searchsorted(numbers, here)) - 1  # before the first comes the last
        self._look(sample=int(numbers[place]), typed=(), split=split)

    def _judged(self) -> m.Split:
        """The split whose mistakes count: the one that was not trained on, where there is one."""
        return "test" if self.desk.model.test_samples else "train"

    def type_input(self, values: tuple[float, ...]) -> None:
        """Look at an input of one's own."""
        if not all(math.isfinite(value) for value in values):
            raise CommandError("an input must be a finite number")
        self._look(typed=values)

    def _look(self, **changes: Any) -> None:
        desk = self.desk
        look = replace(desk.look, **changes)
        seen = desk.model.see(desk.training.parameters, look)  # ModelError before anything is changed
        desk.look = look
        desk.walk = "predict"
        desk.clock.forget()
        desk.last_told = "output"
        self.tell(chosen(seen))

    def choose_walk(self, what: m.WalkName) -> None:
        """Choose the call that is walked."""
        desk = self.desk
        call = desk.call_of(what)  # refused before anything is changed
        if what.startswith("bug") and call.case is None:
            raise CommandError("this model has no code with a bug in it; a network has")
        if what != desk.walk:
            desk.walk = what
            desk.clock.forget()
        try:
            line = desk.clock.trace.lines[desk.clock.event] if not desk.clock.over else 0
        except WalkError as error:  # too long to be recorded, but there is more to it than its lines
            self.tell(m.WalkChosen(what, 0, ""))
            self.tell(m.Note(f"{str(error)[:1].upper()}{str(error)[1:]}."))
            return
        self.tell(m.WalkChosen(what, line, desk.clock.source.line_text(line).strip() if line else ""))

    def set_breakpoint(self, line: int) -> None:
        """Set or clear a breakpoint."""
        clock = self.desk.clock
        stop = clock.stop_line(line)
        on = stop not in clock.breakpoints
        clock.breakpoints = tuple(sorted({*clock.breakpoints, stop} if on else {*clock.breakpoints} - {stop}))
        self.tell(m.BreakpointSet(stop, clock.source.line_text(stop).strip(), on))


def _said(value: Any) -> str:
    return short(value) if isinstance(value, float) else str(value)


@contextmanager
def _as_typed() -> Iterator[None]:
    """What is said of `model.layers` is meant for the one who wrote a file: who typed `layers` hears of `layers`."""
    try:
        yield
    except ModelError as error:
        raise ModelError(str(error).removeprefix("model.")) from None
