"""The network's loss as a graph: its value and every gradient are those of the loops and of backpropagation."""

import numpy as np
import pytest
from small_networks import Table, model_of

from nntui.autograd.graph import Graph
from nntui.models.mlp import loops
from nntui.models.mlp.network import ACTIVATIONS
from nntui.models.model import Look, ModelError

PAIRS = [(output, "mean squared error") for output in ACTIVATIONS] + [("softmax", "cross-entropy")]


def gradients(graph: Graph) -> dict[str, float]:
    progress, _ = graph.forward(graph.begin(), 0)
    progress, _ = graph.backward(progress, 0)
    return dict(zip(graph.names, progress.gradients, strict=True))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_all_gradients_are_those_of_backpropagation(activation: str, output: str, loss: str) -> None:
    dice = np.random.default_rng(5)
    inputs, targets = dice.uniform(-1, 1, (4, 3)), dice.uniform(-1, 1, (4, 2))
    if loss == "cross-entropy":
        targets = np.array([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75], [1.0, 0.0]])
    table = {"layers": [3, 4, 3, 2], "activation": activation, "output": output, "loss": loss}
    model = model_of(table, Table(inputs, targets))
    for sample in range(4):
        parameters = dice.uniform(-0.5, 1.0, model.layout.size)
        graph = model.loss_graph(parameters, Look(sample))
        found = gradients(graph)
        exact = model.gradient(parameters, np.array([sample]))
        mine = np.array([found.get(model.layout.address(index), 0.0) for index in range(model.layout.size)])
        assert np.abs(mine - exact).max() < 1e-10
        assert np.abs(exact).max() > 1e-3 or "relu" in (activation, output)  # that may be silent
        progress, _ = graph.forward(graph.begin(), 0)
        answer = model.outputs(parameters, tuple(inputs[sample].tolist()))[-1]
        wanted = loops.sample_loss(answer, targets[sample].tolist(), model.network.loss)
        assert progress.values[graph.result] == pytest.approx(wanted, rel=1e-12)


def test_neurons_are_groups_and_leaves_have_their_addresses() -> None:
    graph = model_of({"layers": [2, 2, 1]}, Table(np.ones((1, 2)), np.ones((1, 1)))).loss_graph(np.ones(9), Look(0))
    assert graph.title == "loss of sample 0"
    for name in ("weights[0][1][0]", "biases[1][0]", "totals[0][1]", "outputs[0][1]", "inputs[1]", "loss"):
        assert graph.has(name)
    assert graph.groups[graph.number("weights[0][1][0]")] == "outputs[0][1]"
    assert graph.groups[graph.number("inputs[0]")] == graph.groups[graph.number("loss")] == ""


def test_what_has_no_graph() -> None:
    model = model_of({"layers": [2, 2, 1]}, Table(np.ones((1, 2)), np.ones((1, 1))))
    with pytest.raises(ModelError, match="has no target"):
        model.loss_graph(np.ones(9), Look(typed=(0.5, 0.25)))
    large = model_of({"layers": [2, 80, 80, 1]}, Table(np.ones((1, 2)), np.ones((1, 1))))
    with pytest.raises(ModelError, match="more than 13,602 nodes, and 12,000 are the most"):
        large.loss_graph(np.ones(large.layout.size), Look(0))
