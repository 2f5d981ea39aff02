"""The history of a training run: what was done at which step, and how to be at any of those steps again.

The past can be taken back exactly: every kept twist and every edit left the value that it replaced. That log is kept
under a budget; what is older, and what went downhill by the gradient, is reached from keyframes, by computing again.
The future that one has gone back from is kept as well, its edits waiting at their steps, until something new is done
in the past.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nntui.models.model import FloatArray, IntArray, Model
from nntui.models.plans import OPTIMIZERS
from nntui.scenario.schema import Scenario
from nntui.session.run.curves import LossCurve
from nntui.session.run.path import PathRecord
from nntui.session.run.spent import Times

MEBIBYTE = 1024 * 1024
KEYFRAME_SECONDS = 0.1  # of computing, at most, from one keyframe to the next


@dataclass(frozen=True)
class Settings:
    """All that decides how a step is taken, but for the parameters; and the scenario that says the same."""

    scenario: Scenario
    model: Model
    seed: int
    rung: str
    method: str
    twist: float
    batch_size: int
    since_step: int = 0  # the batches have had this size since this step, which began this epoch
    since_epoch: int = 0
    learning_rate: float = 0.1
    momentum: float = 0.9
    optimizer: str = "sgd"
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Memory:
    """What the optimizer remembers of the steps that it has taken so far (as a GradientPlan carries it)."""

    moments: FloatArray
    taken: int = 0

    @classmethod
    def begun(cls, settings: Settings) -> Memory:
        """Nothing yet."""
        rows = OPTIMIZERS[settings.optimizer] if settings.method == "gradient" else 0
        return cls(np.zeros((rows, settings.model.layout.size)))

    def after_change(self, old: Settings, new: Settings) -> Memory:
        """What it remembers under other settings: another method, optimizer or network begins anew."""
        if (old.method, old.optimizer, old.scenario.model) == (new.method, new.optimizer, new.scenario.model):
            return self
        return Memory.begun(new)


@dataclass(frozen=True)
class Edit:
    """Something done by hand at a step: one parameter given a value, or other settings."""

    step: int
    index: int = -1
    value: float = 0.0
    settings: Settings | None = None


@dataclass(frozen=True)
class Keyframe:
    """All that determines the future of a run at one of its steps; `edits` have been made before it."""

    step: int
    edits: int
    kept: int
    parameters: FloatArray
    settings: Settings
    memory: Memory

    @property
    def size(self) -> int:
        """Bytes, about."""
        return int(self.parameters.nbytes + self.memory.moments.nbytes) + 200


@dataclass
class Past:
    """A stretch of the past that can be taken back, and the stretches before it.

    Twists: the steps, parameters and values replaced of those that were kept between `first` and `last`. Or an edit:
    what it replaced. Or steps downhill: each changed all there is, so they cannot be taken back; the parameters at
    `first` are kept to tell what they did. The stretches form a list that branches share, so that remembering a past
    costs nothing.
    """

    before: Past | None
    first: int
    last: int
    steps: IntArray
    indices: IntArray
    saved: FloatArray
    settings: Settings | None = None  # of before an edit of settings
    parameters: FloatArray | None = None  # of before an edit that rounded them all, or before steps downhill
    memory: Memory | None = None  # of before an edit of settings
    edit: bool = False
    downhill: bool = False
    total: int = 0  # bytes, with all before it

    def __post_init__(self) -> None:
        whole = self.parameters.nbytes if self.parameters is not None else 0
        whole += self.memory.moments.nbytes if self.memory is not None else 0
        here = int(self.steps.nbytes + self.indices.nbytes + self.saved.nbytes + whole) + 400
        self.total = here + (self.before.total if self.before else 0)


@dataclass(frozen=True)
class LastChange:
    """How a parameter came to its value: when it last changed, from what, and by what.

    `since` is the step from which on steps downhill have changed it, where it is these that did; then `before` is its
    value at that step.
    """

    step: int
    before: float
    by: Literal["hand", "twist", "gradient"]
    since: int = 0


_NO_STEPS = np.zeros(0, np.int64)
_NO_VALUES = np.zeros(0)


class Timeline:
    """The past behind a state, the edits around it, and the keyframes."""

    def __init__(self, first: Keyframe, budget: int = 64 * MEBIBYTE) -> None:
        self.budget = budget
        self.past: Past | None = None
        self.edits: tuple[Edit, ...] = ()
        self.keyframes: tuple[Keyframe, ...] = (first,)
        self.curve = LossCurve()  # over the whole training split
        self.test_curve = LossCurve()  # over the test split, where there is one
        self.path = PathRecord()  # of the parameters
        self.times = Times()  # that the steps took
        self.costs: dict[int, float] = {}  # predictions by steps up to the first keyframe, where a run was taken up
        self.began: int | None = None  # the step of the last change by hand before it
        self.marks: tuple[tuple[int, str], ...] = ()  # what was changed by hand before it
        self.furthest = first.step  # the last step reached, of those that can be gone to again

    # ------------------------------------------------------------ moving along

    def remember_twists(self, first: int, last: int, steps: IntArray, indices: IntArray, saved: FloatArray) -> None:
        """Note a stretch of training: of its kept twists, when, which parameter, and the value replaced."""
        self.past = Past(self.past, first, last, steps, indices, saved)
        self.furthest = max(self.furthest, last)
        self._trim()

    def remember_descent(self, first: int, last: int, parameters: FloatArray) -> None:
        """Note steps downhill; those that follow such steps make one stretch with them."""
        before, past = self.past, self.past
        if past is not None and past.downhill and past.last == first and past.parameters is not None:
            before, first, parameters = past.before, past.first, past.parameters
        self.past = Past(before, first, last, _NO_STEPS, _NO_STEPS, _NO_VALUES, parameters=parameters, downhill=True)
        self.furthest = max(self.furthest, last)
        self._trim()

    def remember_edit(
        self, step: int, index: int, saved: float, settings: Settings | None, all_: FloatArray | None,
        memory: Memory | None = None,
    ) -> None:  # fmt: skip
        """Note an edit made (or made again) at a step, and what it replaced."""
        indices, values = (np.array([index]), np.array([saved])) if index >= 0 else (_NO_STEPS, _NO_VALUES)
        self.past = Past(self.past, step, step, _NO_STEPS, indices, values, settings, all_, memory, edit=True)
        self._trim()

    def new_edit(self, edit: Edit, made: int) -> None:
        """Add an edit after the first `made` ones; the future that was there is no more."""
        self.edits = (*self.edits[:made], edit)
        self.keyframes = tuple(k for k in self.keyframes if k.edits <= made and k.step <= edit.step)
        self.curve.forget_from(edit.step)
        self.test_curve.forget_from(edit.step)
        self.path.forget_from(edit.step)
        self.times.forget_from(edit.step)
        self.furthest = edit.step

    def next_edit(self, made: int) -> Edit | None:
        """The edit that waits in the future after the first `made` ones."""
        return self.edits[made] if made < len(self.edits) else None

    # ------------------------------------------------------------ taking back

    def reaches(self, step: int) -> bool:
        """Whether the log of the past goes back to this step: no further than to the last step downhill."""
        stretch = self.past
        while stretch is not None and not (stretch.downhill and stretch.last > step):
            if stretch.first <= step:
                return True
            stretch = stretch.before
        return False

    def take_back(self, step: int) -> Iterator[Past]:
        """Give the stretches (or parts) to take back, newest first, until the state is that of `step`.

        Edits made at the very step stay: the state of a step is the one from which training went on.
        """
        while self.past is not None and self.past.last > step:
            stretch = self.past
            self.past = stretch.before
            if stretch.first < step:
                cut = int(np.searchsorted(stretch.steps, step))
                self.past = Past(
                    stretch.before, stretch.first, step, stretch.steps[:cut], stretch.indices[:cut], stretch.saved[:cut]
                )
                stretch = replace(
                    stretch, first=step, steps=stretch.steps[cut:], indices=stretch.indices[cut:],
                    saved=stretch.saved[cut:],
                )  # fmt: skip
            yield stretch

    def last_change(self, index: int, trainable: bool = True) -> LastChange | None:
        """How a parameter last changed; None if out of memory. Steps downhill change all that are trainable."""
        stretch = self.past
        while stretch is not None:
            if stretch.downhill and trainable and stretch.parameters is not None:
                return LastChange(stretch.last - 1, float(stretch.parameters[index]), "gradient", stretch.first)
            found = np.flatnonzero(stretch.indices == index)
            if len(found):
                last = int(found[-1])
                step = stretch.first if stretch.edit else int(stretch.steps[last])
                return LastChange(step, float(stretch.saved[last]), "hand" if stretch.edit else "twist")
            stretch = stretch.before
        return None

    # ------------------------------------------------------------ keyframes

    def lay(self, keyframe: Keyframe) -> None:
        """Add a keyframe, and thin out the old ones where they take more than half of the budget."""
        others = [k for k in self.keyframes if (k.step, k.edits) != (keyframe.step, keyframe.edits)]
        self.keyframes = tuple(sorted([*others, keyframe], key=lambda k: (k.step, k.edits)))
        while sum(k.size for k in self.keyframes) > self.budget // 2 and len(self.keyframes) > 2:
            half = len(self.keyframes) // 2 + 1
            # Of the older half every second one goes; the very first stays, for everything can be reached from it.
            self.keyframes = self.keyframes[:half:2] + self.keyframes[half:]

    def keyframe_before(self, step: int) -> Keyframe:
        """The last keyframe at or before a step, of those on the way there."""
        return max((k for k in self.keyframes if k.step <= step), key=lambda k: (k.step, k.edits))

    # ------------------------------------------------------------ memory

    @property
    def size(self) -> int:
        """Bytes, about."""
        past = self.past.total if self.past is not None else 0
        curves = 100 * (len(self.curve) + len(self.test_curve)) + self.path.size + self.times.size
        return past + sum(k.size for k in self.keyframes) + curves + 200 * len(self.edits)

    def _trim(self) -> None:
        """Forget the older half of the past where it takes more than half of the budget."""
        if self.past is None or self.past.total <= self.budget // 2:
            return
        keep, stretch = self.budget // 4, self.past
        while stretch.before is not None and self.past.total - stretch.before.total < keep:
            stretch = stretch.before
        forgotten = stretch.before.total if stretch.before else 0
        stretch.before = None
        kept: Past | None = self.past
        while kept is not None:
            kept.total -= forgotten
            kept = kept.before
