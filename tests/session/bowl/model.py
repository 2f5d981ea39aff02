"""The bowl as the engine knows it: the Model interface, and its one rung."""

import math

import numpy as np

from bowl import loops
from nntui.autograd.graph import Graph
from nntui.autograd.node import Node, log
from nntui.messages import Term, Why
from nntui.models.model import Block, Call, Layout, ModelError, Problem, Seen
from nntui.models.pieces import PieceWork, in_pieces, outcome_of
from nntui.models.plans import RungInfo


class Loops:
    """The plain functions, on a list of two numbers."""

    def __init__(self):
        self._pieces = in_pieces(loops, ("train_by_twists",), using={})

    def load(self, parameters):
        self._values = parameters.tolist()

    def store(self):
        return np.array(self._values)

    def start(self, plan):
        saved, before, after = ([0.0] * plan.steps for _ in range(3))
        pieces = self._pieces["train_by_twists"](
            self._values, plan.parameters.tolist(), plan.amounts.tolist(), saved, before, after
        )
        return PieceWork(pieces, lambda: outcome_of(before, after, saved))

    def loss(self, split="train"):
        return loops.height(self._values) if split == "train" else math.nan


class Bowl:
    kind = "bowl"
    layout = Layout([Block("mean", ()), Block("spread", ())])
    rungs = {"loops": RungInfo("loops", "plain lines", Loops, traced=True)}  # noqa: RUF012
    units = {}  # noqa: RUF012
    directions = {"twist": "down"}  # noqa: RUF012
    settings = {}  # noqa: RUF012
    samples = test_samples = 0
    first = "mean"

    def __init__(self, start):
        self.start = start

    def describe(self):
        return "a bowl", "no data"

    def initial(self):
        return np.array(self.start)

    def allowed(self, index, value):
        if not math.isfinite(value):
            return "a value must be a finite number"
        return "spread must be above zero" if index == loops.SPREAD and value <= 0 else ""

    def loss(self, parameters, split="train"):
        return loops.height(parameters.tolist()) if split == "train" else math.nan

    def losses(self, parameters, index, values, samples=None):
        rows = np.repeat(parameters[None], len(values), axis=0)
        rows[:, index] = values
        return np.array([self.loss(row) for row in rows])

    def twisted(self, parameters, indices, twists, samples=None):
        rows = np.repeat(parameters[None], len(twists), axis=0)
        rows[np.arange(len(twists)), indices] += twists
        return np.array([self.loss(row) for row in rows])

    gradient_cost = 2.0

    def reached(self, index):
        return 2

    def operations(self, method):
        return 12.0

    def gradient(self, parameters, samples=None):
        mean, spread = parameters.tolist()
        return np.array([2.0 * (mean - 3.0), 2.0 * (math.log(spread) - 1.0) / spread])

    def call(self, what, parameters, look, plan):
        if what == "predict":
            return Call(loops.height, (parameters.tolist(),))
        return Call(loops.try_a_twist, (parameters.tolist(), int(plan.parameters[0]), float(plan.amounts[0])))

    def see(self, parameters, look):
        if look.typed or look.sample:
            raise ModelError("a bowl has no inputs")
        return Seen("the bowl", (), (self.loss(parameters),), None)

    def mistakes(self, parameters, split):
        raise ModelError("a bowl has no classes, and so no mistakes")

    def reading_names(self):
        return ("loss", "mean", "spread")

    def reading(self, parameters, look, name):
        return self.loss(parameters) if name == "loss" else float(parameters[self.layout.index(name)])

    def loss_graph(self, parameters, look):
        mean, spread = parameters.tolist()
        mean, spread = Node(mean, name="mean"), Node(spread, name="spread")
        return Graph("loss of the bowl", (mean - 3.0) ** 2 + (log(spread) - 1.0) ** 2)

    def why(self, parameters, look, name):
        if name not in ("loss", "output"):
            raise ModelError(f"there is no value '{name}'; there is loss")
        mean, spread = parameters.tolist()
        aside, width = mean - 3.0, math.log(spread) - 1.0
        terms = (
            Term("aside", aside * aside, (("aside", aside),) * 2),
            Term("width", width * width, (("width", width),) * 2),
        )
        return Why("loss", self.loss(parameters), "", self.loss(parameters), terms)

    def view(self, parameters, look, view, size, marks=None):
        raise ModelError(f"a bowl has no {view}")


def check(table, data):
    problems = [Problem((key,), f"model.{key} is unknown") for key in table if key not in ("start", "seed")]
    start = table.get("start", [0.0, 1.0])
    if len(start) != 2 or start[1] <= 0:
        problems.append(Problem(("start",), "model.start must be a mean and a spread above zero"))
    return problems


def build(table, data, precision):
    return Bowl([float(x) for x in table.get("start", (0.0, 1.0))])
