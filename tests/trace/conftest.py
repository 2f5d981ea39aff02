"""Small networks as nested lists, and modules written for one test."""

import importlib.util
import itertools
import random
import textwrap

import pytest

from nntui.models.mlp import loops


def make_network(sizes, seed=1):
    """Weights, biases and output rows for layers of these sizes."""
    dice = random.Random(seed)
    pairs = list(itertools.pairwise(sizes))
    weights = [[[dice.uniform(-1, 1) for _ in range(sources)] for _ in range(neurons)] for sources, neurons in pairs]
    biases = [[dice.uniform(-1, 1) for _ in range(neurons)] for _, neurons in pairs]
    outputs = [[0.0] * neurons for _, neurons in pairs]
    return weights, biases, outputs


def make_predict_arguments(sizes=(2, 4, 2, 1), activation=loops.TANH, output_activation=loops.TANH):
    weights, biases, outputs = make_network(sizes)
    inputs = [0.5 - 0.25 * index for index in range(sizes[0])]
    return (weights, biases, inputs, activation, output_activation, outputs)


def make_batch_arguments(activation=loops.TANH, output_activation=loops.SIGMOID):
    weights, biases, outputs = make_network((2, 3, 2))
    inputs = [[0.0, 1.0], [1.0, 0.5], [-1.0, 0.25]]
    targets = [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    return (weights, biases, inputs, targets, [2, 0], activation, output_activation, loops.CROSS_ENTROPY, outputs)


def make_twist_arguments(layer=0, neuron=1, source=0, twist=0.5):
    weights, biases, *rest = make_batch_arguments(output_activation=loops.SOFTMAX)
    return (weights, biases, layer, neuron, source, twist, *rest)


def make_training_arguments():
    weights, biases, inputs, targets, _, activation, output_activation, loss, outputs = make_batch_arguments()
    layers, neurons, sources, twists = [0, 1, 0], [2, 0, 1], [1, loops.BIAS, 0], [0.25, -0.5, 0.75]
    notes = [0.0] * 3, [0.0] * 3, [0.0] * 3
    batches = [0, 2, 1, 1, 0, 2], [0, 2, 4, 6]
    arguments = (weights, biases, layers, neurons, sources, twists, inputs, targets, *batches, activation)
    return (*arguments, output_activation, loss, outputs, *notes)


@pytest.fixture
def load(tmp_path):
    """Write a module to a file of its own and import it."""

    def write_and_import(text, name="written"):
        path = tmp_path / f"{name}.py"
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return write_and_import


@pytest.fixture
def networks():
    """Calls of the taught functions by name: (function, arguments)."""
    return {
        "predict": (loops.predict, make_predict_arguments()),
        "relu": (loops.predict, make_predict_arguments((3, 2), loops.RELU, loops.LINEAR)),
        "softmax": (loops.predict, make_predict_arguments((2, 3, 3), loops.SIGMOID, loops.SOFTMAX)),
        "batch": (loops.batch_loss, make_batch_arguments()),
        "twist": (loops.try_a_twist, make_twist_arguments()),
        "twist of a bias": (loops.try_a_twist, make_twist_arguments(source=loops.BIAS, twist=-0.5)),
        "training": (loops.train_by_twists, make_training_arguments()),
    }


@pytest.fixture
def prediction(networks):
    return networks["predict"]


@pytest.fixture
def predict_arguments():
    return make_predict_arguments


@pytest.fixture
def batch_arguments():
    return make_batch_arguments


@pytest.fixture
def training_arguments():
    return make_training_arguments
