"""What can be changed on a desk, each setting with the word that changes it."""

from __future__ import annotations

from collections.abc import Iterator

from nntui import data as data_sets
from nntui import messages as m
from nntui.models.plans import OPTIMIZERS
from nntui.scenario.meaning import MOST_LEARNING_RATE, MOST_SEED, MOST_TWIST, MOST_WEIGHT_DECAY
from nntui.session.run.timeline import Settings
from nntui.session.setup import takes_noise
from nntui.session.subject import Desk
from nntui.text import short

_TITLES = {"layers": "layer sizes", "activation": "activation", "output": "output activation"}


def settings_of(desk: Desk) -> m.SettingsView:
    """All settings that this model and its data have, in the order in which a scenario file names them."""
    return m.SettingsView((*_data(desk), *_model(desk), *_training(desk)))


def _data(desk: Desk) -> Iterator[m.Setting]:
    table = desk.scenario.data
    if table is None:
        return
    yield m.Setting("data", "data set", table.name or table.file or "", data_sets.NAMES, restarts=True)
    if takes_noise(table):
        hint = f"a share from 0 to {data_sets.MOST_NOISE:g}"
        yield m.Setting("noise", "noise in the data", _said(table.noise), hint=hint, restarts=True)
    if table.name == "digits":
        hint = f"pixels to the right, from -{m.MOST_SHIFT} to {m.MOST_SHIFT}"
        yield m.Setting("shift", "shift of the images", str(table.shift), hint=hint)


def _model(desk: Desk) -> Iterator[m.Setting]:
    for word, choice in desk.model.settings.items():
        yield m.Setting(word, _TITLES[word], choice.value, choice.choices, choice.hint, restarts=word == "layers")
    hint = f"a whole number from 0 to {MOST_SEED:,}"
    yield m.Setting("seed", "seed of the dice", str(desk.training.settings.seed), hint=hint, restarts=True)


def _training(desk: Desk) -> Iterator[m.Setting]:
    now, model = desk.training.settings, desk.model
    if now.method == "gradient":
        yield from _gradient(now)
    else:
        yield m.Setting("size", "size of twists", _said(now.twist), hint=f"above 0, up to {MOST_TWIST:g}")
    if model.samples:
        hint = f"a whole number from 1 to {model.samples:,}"
        yield m.Setting("batch", "samples in a batch", str(now.batch_size), hint=hint)
    here = tuple(name for name, info in model.rungs.items() if info.make is not None)
    absent = tuple((name, info.absent) for name, info in model.rungs.items() if info.make is None)
    yield m.Setting("use", "rung", now.rung, here, absent=absent)
    yield m.Setting("method", "method", now.method, tuple(model.directions))


def _gradient(now: Settings) -> Iterator[m.Setting]:
    """How steps are taken downhill."""
    hint = f"above 0, up to {MOST_LEARNING_RATE:,g}"
    yield m.Setting("rate", "learning rate", _said(now.learning_rate), hint=hint)
    yield m.Setting("optimizer", "optimizer", now.optimizer, tuple(OPTIMIZERS))
    if now.optimizer == "momentum":
        yield m.Setting("momentum", "momentum", _said(now.momentum), hint="from 0 to below 1")
    hint = f"a share from 0 to {MOST_WEIGHT_DECAY:g}"
    yield m.Setting("decay", "weight decay", _said(now.weight_decay), hint=hint)


def _said(number: float) -> str:
    """A number as a word takes it: short where that is exact."""
    return said if float(said := short(number)) == number else repr(number)
