"""Views of how the loss changes: along one parameter, over two, with every one of them."""

from __future__ import annotations

import msgspec

from nntui.messages.base import *


class SlopeView(Message, frozen=True):
    """The slope of the loss along one parameter, by a twist: (loss after - loss before) / size.

    `exact` is what backpropagation says, None where the model has no gradient. `ladder` gives the same for twists of
    other sizes, the largest first: (size, slope).
    """

    address: str
    value: float
    size: float
    loss: float  # before the twist
    loss_after: float
    slope: float
    exact: float | None = None
    ladder: tuple[tuple[float, float], ...] = ()


class Share(msgspec.Struct, frozen=True, array_like=True):
    """One parameter of a gradient: by backpropagation, and by twists up and down (None where it was not asked)."""

    address: str
    value: float
    gradient: float
    twisted: float | None = None


class GradientView(Message, frozen=True):
    """How the loss changes with each parameter (the first of many), and what it costs to know.

    Costs are counted while they are computed: predictions, each of one sample. `twist_predictions` for all parameters,
    by one twist up and one down each; `backward_predictions` is what backpropagation takes, in multiply-adds of a
    prediction. `difference` is the largest between the two.
    """

    shares: tuple[Share, ...]
    left_out: int
    size: float  # of the twists
    samples: int
    twist_predictions: int
    backward_predictions: float
    difference: float | None
    norm: float  # the length of the gradient


class LandscapeView(Message, frozen=True):
    """The loss over two parameters, as rows from the top; and the way that training has come.

    `coarse` tells that finer ones will come. `path` has the places of the two by steps, the oldest first.
    """

    first: str  # along x
    second: str  # along y
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    rows: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...]  # of the contours
    here: tuple[float, float]
    loss: float
    path: tuple[tuple[float, float], ...] = ()
    path_steps: tuple[int, int] = (0, 0)
    gradient: tuple[float, float] | None = None
    coarse: bool = False
    samples: int = 0  # that the rows are computed over, of `samples_in_all`: of a large network not every one
    samples_in_all: int = 0


class Effect(msgspec.Struct, frozen=True, array_like=True):
    """What one parameter does to the loss when it is twisted up, and down."""

    address: str
    value: float
    up: float  # the loss, not the change
    down: float


class SweepView(Message, frozen=True):
    """Which parameters matter: each twisted once up and once down, sorted by the larger change of the loss."""

    size: float
    loss: float
    effects: tuple[Effect, ...]  # the first of many
    parameters: int
    predictions: int  # that it took, counted, if every loss were computed anew
    seconds: float
    samples: int = 0  # that the losses are computed over, of `samples_in_all`: of a large network not every one
    samples_in_all: int = 0
    idle: int = 0  # how many of all parameters do nothing to the loss


class ConfusionView(Message, frozen=True):
    """How often samples of each class (rows) are answered as each class (columns)."""

    split: Split
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    samples: int
    right: int
    mistakes: tuple[tuple[int, int, int], ...]  # sample, its class, the class answered: the first of many
