"""What is said of each line of a room when it is accused: what is wrong with it, or what it does and why that is right.

Lines are known by their text, never by their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nntui.messages import WalkName


@dataclass(frozen=True)
class Lines:
    """The lines of one room: those that may be named as wrong, all others, and a question that helps to look on."""

    guilty: Mapping[str, str]
    innocent: Mapping[str, str]
    hint: str


ALL_NEURONS = "It visits every neuron of the layer."
ALL_SOURCES = "It visits every source that the layer listens to."
SOURCES = {
    "last = len(weights) - 1": "Layers count from 0, so this is the number of the last one.",
    "if layer == 0:": "The first layer listens to the inputs, every other one to the layer before.",
    "sources = inputs": "The first layer listens to the inputs.",
    "sources = outputs[layer - 1]": "This layer listens to what the layer before it answered.",
}
BACKWARDS = (
    "It goes from the last layer to the first: the gradients of a layer are made from those of the layer behind it."
)
PREDICTION = "It answers the sample, and so fills in outputs, which the way back needs."
START = "It says how the loss changes with each total of the last layer: there the way back begins."
BIASES_TOO = "It asks whether the biases are trained, too."

FIRST = Lines(
    guilty={
        "weights[layer][neuron][source] -= learning_rate * weight_gradient": (
            "It changes this layer's weights before the gradients are handed back through them. "
            "Hand back first, then change."
        ),
        "handed_back += total_gradients[layer][neuron] * weights[layer][neuron][source]": (
            "These weights have been changed already, and the answer was made with those before. "
            "Hand back first, then change."
        ),
    },
    innocent={
        **SOURCES,
        "predict(weights, biases, inputs, activation, output_activation, outputs)": PREDICTION,
        "start_at_the_loss(outputs[last], target, output_activation, loss, total_gradients[last])": START,
        "for layer in range(last, -1, -1):": BACKWARDS,
        "for neuron in range(len(weights[layer])):": ALL_NEURONS,
        "for source in range(len(sources)):": ALL_SOURCES,
        "gradient = total_gradients[layer][neuron]": (
            "It looks up how the loss changes with this neuron's total; what put that number there is another line."
        ),
        "weight_gradient = gradient * sources[source]": (
            "A total is a sum of weights times sources, so a weight's gradient is the total's, times the source."
        ),
        "if train_biases:": BIASES_TOO,
        "biases[layer][neuron] -= learning_rate * gradient": (
            "A bias is added as it is, so its gradient is the total's; and nothing else in this step reads it."
        ),
        "if layer > 0:": "In front of the first layer stand the inputs, and they are given.",
        "handed_back = 0.0": "Each source's sum over the neurons that listen to it begins at 0.",
        "total_gradients[layer - 1][source] = handed_back * slope(sources[source], activation)": (
            "A gradient that comes back through a bend is multiplied by the slope there: that is the rule."
        ),
    },
    hint="Ask of each number that a gradient is made from: did the answer come from this one?",
)

SECOND = Lines(
    guilty={
        "clear(weight_gradients, bias_gradients)": (
            "It runs once, in front of the loop, so the second step adds to the gradients of the first. "
            "It belongs in the loop, at the beginning of each step."
        ),
        "for step in range(steps):": (
            "Here a step begins with the gradients that the step before has left. "
            "They have to be cleared as the first thing in this loop, and not once in front of it."
        ),
    },
    innocent={
        "for sample in batch:": "In every step each sample has its say.",
        "predict(weights, biases, inputs[sample], activation, output_activation, outputs)": PREDICTION,
        "add_gradients(": (
            "It adds what this sample says to what the others have said: a step goes by the average over all of them."
        ),
        "for layer in range(len(weights)):": "It visits every layer, now that the gradients are known.",
        "for neuron in range(len(weights[layer])):": ALL_NEURONS,
        "go_down(weights[layer][neuron], weight_gradients[layer][neuron], len(batch), learning_rate)": (
            "It moves the weights of one neuron by their gradients, whatever these are."
        ),
        "if train_biases:": BIASES_TOO,
        "go_down(biases[layer], bias_gradients[layer], len(batch), learning_rate)": (
            "It moves the biases of one layer by their gradients, whatever these are."
        ),
        "for source in range(len(row)):": "It visits every number of the row.",
        "row[source] -= learning_rate * (gradients[source] / samples)": (
            "It goes against the gradient: the sum over the samples, divided by how many they are."
        ),
    },
    hint="Ask what each row holds at the moment when the second step begins.",
)

THIRD = Lines(
    guilty={
        "weight_gradients[layer][neuron][source] = gradient * sources[source]": (
            "It puts what this sample says in the place of what those before it said, so the last sample alone "
            "counts. It is +=, as for the biases, that gathers them all."
        ),
    },
    innocent={
        **SOURCES,
        "clear(weight_gradients, bias_gradients)": "It sets all gradients to 0, at the beginning of the step.",
        "for sample in batch:": "Each sample has its say.",
        "predict(weights, biases, inputs[sample], activation, output_activation, outputs)": PREDICTION,
        "gather_gradients(": "It goes back through the prediction of this sample; step into it.",
        "divide(weight_gradients, bias_gradients, len(batch))": "It turns sums over the samples into averages.",
        "for layer in range(len(weights)):": "It visits every layer, now that the gradients are known.",
        "plain_step(weights[layer][neuron], weight_gradients[layer][neuron], learning_rate)": (
            "It moves the weights of one neuron against their gradients, whatever these are."
        ),
        "if train_biases:": BIASES_TOO,
        "plain_step(biases[layer], bias_gradients[layer], learning_rate)": (
            "It moves the biases of one layer against their gradients."
        ),
        "start_at_the_loss(outputs[last], target, output_activation, loss, total_gradients[last])": START,
        "for layer in range(last, -1, -1):": BACKWARDS,
        "for neuron in range(len(weights[layer])):": ALL_NEURONS,
        "gradient = total_gradients[layer][neuron]": "It looks up how the loss changes with this neuron's total.",
        "bias_gradients[layer][neuron] += gradient": (
            "It adds what this sample says about the bias to what the samples before it said."
        ),
        "for source in range(len(sources)):": ALL_SOURCES,
        "if layer > 0:": "In front of the first layer stand the inputs, and they are given.",
        "hand_back(weights[layer], total_gradients[layer], sources, activation, total_gradients[layer - 1])": (
            "It hands this layer's gradients back through weights that this step has not changed yet."
        ),
    },
    hint="Ask what each gradient holds when the second sample has had its say.",
)

LINES: dict[WalkName, Lines] = {"bug 1": FIRST, "bug 2": SECOND, "bug 3": THIRD}
