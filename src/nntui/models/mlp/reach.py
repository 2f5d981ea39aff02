"""The loss after a twist, in loops: only what the twisted weight reaches is computed again.

A weight (or bias) is listened to by one neuron. All layers before it answer as they did, and so do the other neurons
of its own layer. The layer after hears one of its sources say something else; from there on everything may change.
The names are those of loops.py, and what a sample gave before any twist is remembered:

totals[layer][sample][neuron]   each neuron's total
answers[layer][sample][neuron]  each neuron's output

`outputs` is room for what the twist changes. twisting.py does the same in arrays, twist_lanes.py in machine code.
"""

from nntui.models.mlp.loops import BIAS, SOFTMAX, activate, sample_loss, softmax


def remember_all(weights, biases, inputs, activation, output_activation, totals, answers):
    """Carry every sample through the network once, and remember the total and the output of each neuron."""
    for sample in range(len(inputs)):
        sources = inputs[sample]
        for layer in range(len(weights)):
            last = layer == len(weights) - 1
            for neuron in range(len(biases[layer])):
                total = biases[layer][neuron]
                for source in range(len(sources)):
                    total += weights[layer][neuron][source] * sources[source]
                totals[layer][sample][neuron] = total
                answers[layer][sample][neuron] = activate(total, output_activation if last else activation)
            sources = answers[layer][sample]
        if output_activation == SOFTMAX:
            softmax(sources)


def loss_after_a_twist(
    weights, biases, layer, neuron, source, twist, inputs, targets, activation, output_activation, loss,
    totals, answers, outputs,
):
    """Say what the loss would be if one weight (or bias) were twisted."""
    total_loss = 0.0
    last = len(weights) - 1
    for sample in range(len(inputs)):
        heard = 1.0
        if source != BIAS:
            if layer == 0:
                heard = inputs[sample][source]
            else:
                heard = answers[layer - 1][sample][source]
        total = totals[layer][sample][neuron] + twist * heard
        if layer == last:
            for other in range(len(outputs[last])):
                outputs[last][other] = totals[last][sample][other]
            outputs[last][neuron] = total
        else:
            change = activate(total, activation) - answers[layer][sample][neuron]
            for listener in range(len(outputs[layer + 1])):
                outputs[layer + 1][listener] = (
                    totals[layer + 1][sample][listener] + weights[layer + 1][listener][neuron] * change
                )
            go_on(weights, biases, layer + 1, activation, outputs)
        bend(outputs[last], output_activation)
        total_loss += sample_loss(outputs[last], targets[sample], loss)
    return total_loss / len(inputs)


def go_on(weights, biases, layer, activation, outputs):
    """From the totals of a layer go on to the totals of the last."""
    for after in range(layer + 1, len(weights)):
        bend(outputs[after - 1], activation)
        for neuron in range(len(outputs[after])):
            total = biases[after][neuron]
            for source in range(len(outputs[after - 1])):
                total += weights[after][neuron][source] * outputs[after - 1][source]
            outputs[after][neuron] = total


def bend(row, activation):
    """Bend a layer's totals into its outputs, in place."""
    if activation == SOFTMAX:
        softmax(row)
    else:
        for neuron in range(len(row)):
            row[neuron] = activate(row[neuron], activation)


def losses_by_twists(
    weights, biases, layers, neurons, sources, twists, inputs, targets, activation, output_activation, loss,
    totals, answers, outputs, losses,
):
    """Twist one weight (or bias) after another, each by itself, and note the loss after each."""
    remember_all(weights, biases, inputs, activation, output_activation, totals, answers)
    for place in range(len(twists)):
        losses[place] = loss_after_a_twist(
            weights, biases, layers[place], neurons[place], sources[place], twists[place], inputs, targets,
            activation, output_activation, loss, totals, answers, outputs,
        )
