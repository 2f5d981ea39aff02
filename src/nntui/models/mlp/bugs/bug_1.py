"""One step downhill on one sample. Something in it is wrong; `gradient_step` in loops.py does the same rightly."""

from nntui.models.mlp.loops import predict, slope, start_at_the_loss


def step_on_a_sample(
    weights, biases, inputs, target, activation, output_activation, loss, outputs, total_gradients,
    learning_rate, train_biases,
):
    """Take one step downhill on one sample: from the loss back to the inputs, layer by layer."""
    predict(weights, biases, inputs, activation, output_activation, outputs)
    last = len(weights) - 1
    start_at_the_loss(outputs[last], target, output_activation, loss, total_gradients[last])
    for layer in range(last, -1, -1):
        if layer == 0:
            sources = inputs
        else:
            sources = outputs[layer - 1]
        for neuron in range(len(weights[layer])):
            gradient = total_gradients[layer][neuron]
            for source in range(len(sources)):
                weight_gradient = gradient * sources[source]
                weights[layer][neuron][source] -= learning_rate * weight_gradient
            if train_biases:
                biases[layer][neuron] -= learning_rate * gradient
        if layer > 0:
            for source in range(len(sources)):
                handed_back = 0.0
                for neuron in range(len(weights[layer])):
                    handed_back += total_gradients[layer][neuron] * weights[layer][neuron][source]
                total_gradients[layer - 1][source] = handed_back * slope(sources[source], activation)
