"""What a neural network does, in loops.

weights[layer][neuron][source]  how strongly a neuron listens to one of its sources
biases[layer][neuron]           what a neuron adds, whatever it hears
outputs[layer][neuron]          what each neuron answered last; filled in by predict

The sources of the first layer are the inputs; those of every other layer are the outputs of the layer before.
"""

import math

# Which curve bends a neuron's total into its output.
TANH = 0
RELU = 1
SIGMOID = 2
LINEAR = 3
SOFTMAX = 4  # for the last layer only: it looks at all of its totals at once

# Which number says how wrong an answer is.
MEAN_SQUARED_ERROR = 0
CROSS_ENTROPY = 1

BIAS = -1  # in place of a source: the neuron's bias
SMALLEST_PROBABILITY = 1e-30  # cross-entropy takes a logarithm, and there is none of 0


def predict(weights, biases, inputs, activation, output_activation, outputs):
    """Answer one sample: carry its inputs through the network, layer by layer."""
    sources = inputs
    for layer in range(len(weights)):
        if layer == len(weights) - 1:
            activation = output_activation
        for neuron in range(len(biases[layer])):
            total = biases[layer][neuron]
            for source in range(len(sources)):
                total += weights[layer][neuron][source] * sources[source]
            outputs[layer][neuron] = activate(total, activation)
        sources = outputs[layer]
    if output_activation == SOFTMAX:
        softmax(sources)
    return sources


def activate(total, activation):
    """Bend a neuron's total into its output."""
    if activation == TANH:
        return math.tanh(total)
    if activation == RELU:
        return total if total > 0.0 else 0.0
    if activation == SIGMOID:
        # Two forms of one formula: neither ever takes the exponential of a large number.
        if total >= 0.0:
            return 1.0 / (1.0 + math.exp(-total))
        small = math.exp(total)
        return small / (1.0 + small)
    return total


def softmax(row):
    """Turn a row of totals into probabilities that add up to 1, in place."""
    largest = row[0]
    for neuron in range(1, len(row)):
        if row[neuron] > largest:
            largest = row[neuron]
    total = 0.0
    for neuron in range(len(row)):
        row[neuron] = math.exp(row[neuron] - largest)
        total += row[neuron]
    for neuron in range(len(row)):
        row[neuron] = row[neuron] / total


def sample_loss(answer, target, loss):
    """Say in one number how wrong one answer is; 0 is perfect."""
    total = 0.0
    if loss == CROSS_ENTROPY:
        for neuron in range(len(answer)):
            probability = answer[neuron]
            if probability < SMALLEST_PROBABILITY:
                probability = SMALLEST_PROBABILITY
            total -= target[neuron] * math.log(probability)
        return total
    for neuron in range(len(answer)):
        error = answer[neuron] - target[neuron]
        total += error * error
    return total / len(answer)


def batch_loss(weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs):
    """Say how wrong the network is on the average over some samples."""
    total = 0.0
    for sample in batch:
        answer = predict(weights, biases, inputs[sample], activation, output_activation, outputs)
        total += sample_loss(answer, targets[sample], loss)
    return total / len(batch)


def try_a_twist(
    weights, biases, layer, neuron, source, twist, inputs, targets, batch, activation, output_activation, loss, outputs
):
    """Twist one weight (or bias) a little; keep the twist if the loss falls, undo it if not."""
    loss_before = batch_loss(weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs)
    if source == BIAS:
        saved = biases[layer][neuron]
        biases[layer][neuron] = saved + twist
    else:
        saved = weights[layer][neuron][source]
        weights[layer][neuron][source] = saved + twist
    loss_after = batch_loss(weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs)
    kept = loss_after < loss_before
    if not kept:
        # Put the saved value back: taking the twist away again would not always give the same number.
        if source == BIAS:
            biases[layer][neuron] = saved
        else:
            weights[layer][neuron][source] = saved
    return loss_before, loss_after


def train_by_twists(
    weights, biases, layers, neurons, sources, twists, inputs, targets, order, starts,
    activation, output_activation, loss, outputs, saved, losses_before, losses_after,
):
    """Try one twist after another, each on its own batch, and note what became of it."""
    for step in range(len(twists)):
        layer = layers[step]
        neuron = neurons[step]
        source = sources[step]
        if source == BIAS:
            saved[step] = biases[layer][neuron]
        else:
            saved[step] = weights[layer][neuron][source]
        batch = order[starts[step] : starts[step + 1]]
        before, after = try_a_twist(
            weights, biases, layer, neuron, source, twists[step], inputs, targets, batch,
            activation, output_activation, loss, outputs,
        )
        losses_before[step] = before
        losses_after[step] = after
