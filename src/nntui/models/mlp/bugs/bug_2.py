"""Steps downhill on a few samples. Something in it is wrong; `gradient_step` in loops.py does the same rightly."""

from nntui.models.mlp.loops import add_gradients, clear, predict


def some_steps(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients, learning_rate, train_biases, steps,
):
    """Take some steps downhill, each by the average gradient of the same samples."""
    clear(weight_gradients, bias_gradients)
    for step in range(steps):
        for sample in batch:
            predict(weights, biases, inputs[sample], activation, output_activation, outputs)
            add_gradients(
                weights, inputs[sample], targets[sample], activation, output_activation, loss, outputs,
                total_gradients, weight_gradients, bias_gradients,
            )
        for layer in range(len(weights)):
            for neuron in range(len(weights[layer])):
                go_down(weights[layer][neuron], weight_gradients[layer][neuron], len(batch), learning_rate)
            if train_biases:
                go_down(biases[layer], bias_gradients[layer], len(batch), learning_rate)


def go_down(row, gradients, samples, learning_rate):
    """Move a row of weights (or biases) against the average of their gradients over the samples."""
    for source in range(len(row)):
        row[source] -= learning_rate * (gradients[source] / samples)
