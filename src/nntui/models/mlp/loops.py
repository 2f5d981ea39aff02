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


# The gradient: how the loss changes with each of these numbers, if that one alone is turned a little.
#
# total_gradients[layer][neuron]           with a neuron's total
# weight_gradients[layer][neuron][source]  with a weight
# bias_gradients[layer][neuron]            with a bias

# How the gradient is turned into a step downhill.
SGD = 0  # a multiple of the gradient: stochastic gradient descent
MOMENTUM = 1
ADAM = 2

MEMORY = 0.9  # Adam: how much of the running mean of the gradient stays at each step
SQUARE_MEMORY = 0.999  # and of that of its square
TINY = 1e-8  # keeps Adam from dividing by 0


def gradient_step(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients,
    optimizer, learning_rate, momentum, weight_decay, train_biases,
    step, weight_velocities, bias_velocities, weight_squares, bias_squares,
):
    """Take one step downhill: find out how the loss changes with every weight and bias, then change them all."""
    loss_before = batch_gradient(
        weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
        total_gradients, weight_gradients, bias_gradients,
    )
    # Only now, when all gradients are known: they are those of the weights as they were.
    update(
        weights, biases, weight_gradients, bias_gradients, optimizer, learning_rate, momentum, weight_decay,
        train_biases, step, weight_velocities, bias_velocities, weight_squares, bias_squares,
    )
    return loss_before


def batch_gradient(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients,
):
    """Find out how the loss over some samples changes with every weight and bias; return that loss."""
    clear(weight_gradients, bias_gradients)
    total = 0.0
    for sample in batch:
        answer = predict(weights, biases, inputs[sample], activation, output_activation, outputs)
        total += sample_loss(answer, targets[sample], loss)
        add_gradients(
            weights, inputs[sample], targets[sample], activation, output_activation, loss, outputs,
            total_gradients, weight_gradients, bias_gradients,
        )
    divide(weight_gradients, bias_gradients, len(batch))
    return total / len(batch)


def add_gradients(
    weights, inputs, target, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients,
):
    """Go back through the prediction of one sample, layer by layer, and add what it says to the gradients.

    This is backpropagation (Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating
    errors"): each layer's gradients are made from those of the layer behind it.
    """
    last = len(weights) - 1
    start_at_the_loss(outputs[last], target, output_activation, loss, total_gradients[last])
    for layer in range(last, -1, -1):
        if layer == 0:
            sources = inputs
        else:
            sources = outputs[layer - 1]
        for neuron in range(len(total_gradients[layer])):
            gradient = total_gradients[layer][neuron]
            bias_gradients[layer][neuron] += gradient
            for source in range(len(sources)):
                weight_gradients[layer][neuron][source] += gradient * sources[source]
        if layer > 0:
            hand_back(weights[layer], total_gradients[layer], sources, activation, total_gradients[layer - 1])


def start_at_the_loss(answer, target, output_activation, loss, gradients):
    """Say how the loss of one sample changes with each total of the last layer."""
    if loss == CROSS_ENTROPY:
        # Softmax bends, the logarithm bends back: what is left of both is the output minus its target.
        whole = 0.0
        for neuron in range(len(target)):
            whole += target[neuron]  # probabilities: 1 in all
        for neuron in range(len(answer)):
            gradients[neuron] = answer[neuron] * whole - target[neuron]
        return
    for neuron in range(len(answer)):
        error = answer[neuron] - target[neuron]
        gradients[neuron] = 2.0 * error / len(answer) * slope(answer[neuron], output_activation)


def hand_back(weights, gradients, sources, activation, source_gradients):
    """Hand a layer's gradients back to its sources, each through the weight that it came along."""
    for source in range(len(sources)):
        gradient = 0.0
        for neuron in range(len(gradients)):
            gradient += gradients[neuron] * weights[neuron][source]
        source_gradients[source] = gradient * slope(sources[source], activation)


def slope(output, activation):
    """Say how fast a neuron's output changes with its total; its output is enough to tell."""
    if activation == TANH:
        return 1.0 - output * output
    if activation == RELU:
        return 1.0 if output > 0.0 else 0.0
    if activation == SIGMOID:
        return output * (1.0 - output)
    return 1.0


def clear(weight_gradients, bias_gradients):
    """Set all gradients to 0."""
    for layer in range(len(weight_gradients)):
        for neuron in range(len(bias_gradients[layer])):
            bias_gradients[layer][neuron] = 0.0
            for source in range(len(weight_gradients[layer][neuron])):
                weight_gradients[layer][neuron][source] = 0.0


def divide(weight_gradients, bias_gradients, samples):
    """Turn sums over samples into averages."""
    for layer in range(len(weight_gradients)):
        for neuron in range(len(bias_gradients[layer])):
            bias_gradients[layer][neuron] /= samples
            for source in range(len(weight_gradients[layer][neuron])):
                weight_gradients[layer][neuron][source] /= samples


def update(
    weights, biases, weight_gradients, bias_gradients, optimizer, learning_rate, momentum, weight_decay,
    train_biases, step, weight_velocities, bias_velocities, weight_squares, bias_squares,
):
    """Change all weights and biases, a row at a time."""
    for layer in range(len(weights)):
        for neuron in range(len(biases[layer])):
            if weight_decay > 0.0:
                decay(weights[layer][neuron], learning_rate, weight_decay)
            descend(
                weights[layer][neuron], weight_gradients[layer][neuron],
                weight_velocities[layer][neuron], weight_squares[layer][neuron],
                optimizer, learning_rate, momentum, step,
            )
        if train_biases:
            descend(
                biases[layer], bias_gradients[layer], bias_velocities[layer], bias_squares[layer],
                optimizer, learning_rate, momentum, step,
            )


def decay(row, learning_rate, weight_decay):
    """Let weights shrink by a share of themselves, apart from the gradient (Loshchilov and Hutter 2019)."""
    for source in range(len(row)):
        row[source] -= learning_rate * weight_decay * row[source]


def descend(row, gradients, velocities, squares, optimizer, learning_rate, momentum, step):
    """Move a row of weights (or biases) downhill."""
    if optimizer == MOMENTUM:
        momentum_step(row, gradients, velocities, learning_rate, momentum)
    elif optimizer == ADAM:
        adam_step(row, gradients, velocities, squares, learning_rate, step)
    else:
        plain_step(row, gradients, learning_rate)


def plain_step(row, gradients, learning_rate):
    """Go against the gradient: where the loss rises with a weight, make the weight smaller."""
    for source in range(len(row)):
        row[source] -= learning_rate * gradients[source]


def momentum_step(row, gradients, velocities, learning_rate, momentum):
    """Go on in the direction of the steps before, as a ball that rolls downhill (Polyak 1964)."""
    for source in range(len(row)):
        velocities[source] = momentum * velocities[source] + gradients[source]
        row[source] -= learning_rate * velocities[source]


def adam_step(row, gradients, velocities, squares, learning_rate, step):
    """Give each weight a step of about the same length, whatever the size of its gradient.

    This is Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1); step counts from 1.
    """
    # Both means began at 0, and so they are too small at first: by these shares.
    share = 1.0 - math.pow(MEMORY, float(step))
    square_share = 1.0 - math.pow(SQUARE_MEMORY, float(step))
    for source in range(len(row)):
        gradient = gradients[source]
        velocities[source] = MEMORY * velocities[source] + (1.0 - MEMORY) * gradient
        squares[source] = SQUARE_MEMORY * squares[source] + (1.0 - SQUARE_MEMORY) * gradient * gradient
        length = math.sqrt(squares[source] / square_share)
        row[source] -= learning_rate * (velocities[source] / share) / (length + TINY)


def train_by_gradients(
    weights, biases, inputs, targets, order, starts, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients,
    optimizer, learning_rate, momentum, weight_decay, train_biases,
    first_step, weight_velocities, bias_velocities, weight_squares, bias_squares, losses_before,
):
    """Take one step downhill after another, each by its own batch, and note the loss that it began with."""
    for step in range(len(losses_before)):
        batch = order[starts[step] : starts[step + 1]]
        losses_before[step] = gradient_step(
            weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
            total_gradients, weight_gradients, bias_gradients,
            optimizer, learning_rate, momentum, weight_decay, train_biases,
            first_step + step, weight_velocities, bias_velocities, weight_squares, bias_squares,
        )
