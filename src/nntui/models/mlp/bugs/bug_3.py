"""A step downhill on a few samples. Something in it is wrong; `gradient_step` in loops.py does the same rightly."""

from nntui.models.mlp.loops import clear, divide, hand_back, plain_step, predict, start_at_the_loss


def step_on_samples(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients, learning_rate, train_biases,
):
    """Take one step downhill by the average gradient of some samples."""
    clear(weight_gradients, bias_gradients)
    for sample in batch:
        predict(weights, biases, inputs[sample], activation, output_activation, outputs)
        gather_gradients(
            weights, inputs[sample], targets[sample], activation, output_activation, loss, outputs,
            total_gradients, weight_gradients, bias_gradients,
        )
    divide(weight_gradients, bias_gradients, len(batch))
    for layer in range(len(weights)):
        for neuron in range(len(weights[layer])):
            plain_step(weights[layer][neuron], weight_gradients[layer][neuron], learning_rate)
        if train_biases:
            plain_step(biases[layer], bias_gradients[layer], learning_rate)


def gather_gradients(
    weights, inputs, target, activation, output_activation, loss, outputs,
    total_gradients, weight_gradients, bias_gradients,
):
    """Go back through the prediction of one sample, and gather what it says about each weight and bias."""
    last = len(weights) - 1
    start_at_the_loss(outputs[last], target, output_activation, loss, total_gradients[last])
    for layer in range(last, -1, -1):
        if layer == 0:
            sources = inputs
        else:
            sources = outputs[layer - 1]
        for neuron in range(len(weights[layer])):
            gradient = total_gradients[layer][neuron]
            bias_gradients[layer][neuron] += gradient
            for source in range(len(sources)):
                weight_gradients[layer][neuron][source] = gradient * sources[source]
        if layer > 0:
            hand_back(weights[layer], total_gradients[layer], sources, activation, total_gradients[layer - 1])
