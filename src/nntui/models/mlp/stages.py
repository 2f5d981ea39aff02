"""The loops of lesson 1, folded into array operations one loop at a time.

Each function answers a whole batch of samples, and each computes what the one before it computes:

    four_loops    sample, layer, neuron, source    on nested lists, as in loops.py
    three_loops   sample, layer, neuron            the loop over sources is a dot product
    two_loops     sample, layer                    the loop over neurons is a matrix times a vector
    one_loop      layer                            the loop over samples is a matrix times a matrix

The loop over layers stays. A layer's sources are the outputs of the layer before, so there is nothing to do at once;
and the layers have different sizes, so that their weights do not fit into one array.

weights[layer] has the shape (neurons, sources), biases[layer] (neurons), inputs (samples, inputs).
"""

from numpy import dot, zeros

from nntui.models.mlp.loops import SOFTMAX, activate, softmax
from nntui.models.mlp.numpy import activate as activate_all


def four_loops(weights, biases, inputs, activation, output_activation):
    """Stage 1: nothing is folded. One multiply-add after another."""
    answers = []
    for sample in range(len(inputs)):
        sources = inputs[sample]
        for layer in range(len(weights)):
            bend = output_activation if layer == len(weights) - 1 else activation
            outputs = [0.0] * len(biases[layer])
            for neuron in range(len(biases[layer])):
                total = biases[layer][neuron]
                for source in range(len(sources)):
                    total += weights[layer][neuron][source] * sources[source]
                outputs[neuron] = activate(total, bend)
            if bend == SOFTMAX:
                softmax(outputs)
            sources = outputs
        answers += [sources]
    return answers


def three_loops(weights, biases, inputs, activation, output_activation):
    """Stage 2: the loop over sources is folded. A row of weights times all sources, added up: a dot product."""
    answers = []
    for sample in range(len(inputs)):
        sources = inputs[sample]
        for layer in range(len(weights)):
            bend = output_activation if layer == len(weights) - 1 else activation
            outputs = zeros(len(biases[layer]))
            for neuron in range(len(biases[layer])):
                total = biases[layer][neuron] + dot(weights[layer][neuron], sources)
                outputs[neuron] = activate(total, bend)
            if bend == SOFTMAX:
                softmax(outputs)
            sources = outputs
        answers += [sources]
    return answers


def two_loops(weights, biases, inputs, activation, output_activation):
    """Stage 3: the loop over neurons is folded. All rows of weights at once: a matrix times a vector."""
    answers = []
    for sample in range(len(inputs)):
        sources = inputs[sample]
        for layer in range(len(weights)):
            bend = output_activation if layer == len(weights) - 1 else activation
            totals = weights[layer] @ sources + biases[layer]
            sources = activate_all(totals, bend)
        answers += [sources]
    return answers


def one_loop(weights, biases, inputs, activation, output_activation):
    """Stage 4: the loop over samples is folded. The batch is one more dimension: a matrix times a matrix."""
    sources = inputs
    for layer in range(len(weights)):
        bend = output_activation if layer == len(weights) - 1 else activation
        totals = sources @ weights[layer].T + biases[layer]
        sources = activate_all(totals, bend)
    return sources
