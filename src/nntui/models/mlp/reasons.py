"""Why a number of the network is what it is: the sum that made it, with its numbers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from nntui.messages import Term, Why
from nntui.models.mlp import loops
from nntui.models.mlp.numpy import sample_losses
from nntui.models.model import FloatArray, Look, ModelError

if TYPE_CHECKING:
    from nntui.models.mlp.network_model import NetworkModel

_OF_SAMPLE = re.compile(r"sample ([0-9]{1,9})(?: (outputs?\b.*|inputs\b.*))?(?: loss)?")
_SEEN = re.compile(r"\b(?:outputs|inputs)(?=\[)")  # what depends on the sample, in a name or a note


def why(model: NetworkModel, parameters: FloatArray, look: Look, name: str) -> Why:
    """Open `output`, `outputs[1][0]`, `inputs[0]`, `loss` or `sample loss`; ModelError for anything else.

    These are of the sample looked at; `sample 36` opens the loss of that one, and `sample 36 output` its output.
    """
    if found := _OF_SAMPLE.fullmatch(name):
        sample = int(found[1])
        return _of_sample(why(model, parameters, Look(sample), found[2] or "sample loss"), f"sample {sample}")
    if name == "loss":
        return _why_loss(model, parameters)
    if name in ("sample loss", "sample_loss", "error"):
        return _why_sample_loss(model, parameters, look)
    if name.startswith("inputs["):
        return _why_input(model, look, name)
    return _why_output(model, parameters, look, *model.output_address(name))


def _of_sample(reason: Why, sample: str) -> Why:
    """The reason with the names as they are asked for when another sample is looked at."""

    def named(text: str) -> str:
        return _SEEN.sub(rf"{sample} \g<0>", text)

    terms = tuple(
        Term(named(term.name), term.value, tuple((named(name), value) for name, value in term.factors))
        for term in reason.terms
    )
    name = sample if reason.name == "sample loss" else named(reason.name)
    return Why(name, reason.value, reason.rule, reason.of, terms, named(reason.note))


def _why_output(model: NetworkModel, parameters: FloatArray, look: Look, layer: int, neuron: int) -> Why:
    """The sum over a neuron's sources, and the bend that turns it into its output."""
    net = model.network
    inputs, _ = model.looked_at(look)
    outputs = model.outputs(parameters, inputs)
    sources = inputs if layer == 0 else tuple(outputs[layer - 1])
    weights = net.weights(parameters)[layer][neuron].tolist()
    bias = float(net.biases(parameters)[layer][neuron])
    total = bias
    terms = [Term(f"biases[{layer}][{neuron}]", bias)]
    for source, (weight, value) in enumerate(zip(weights, sources, strict=True)):
        total += weight * value
        said = f"inputs[{source}]" if layer == 0 else f"outputs[{layer - 1}][{source}]"
        terms.append(Term(said, weight * value, ((f"weights[{layer}][{neuron}][{source}]", weight), (said, value))))
    activation, output_activation, _ = model.names()
    rule = output_activation if layer == len(net.sizes) - 2 else activation
    shown = "" if rule == "linear" else f"{rule} of"
    note = "Softmax also divides by the sum over all outputs." if rule == "softmax" else ""
    return Why(f"outputs[{layer}][{neuron}]", outputs[layer][neuron], shown, total, tuple(terms), note)


def _why_loss(model: NetworkModel, parameters: FloatArray) -> Why:
    """The loss as the mean of what each training sample is wrong by, the worst first."""
    net = model.network
    losses = sample_losses(model.answers(parameters, net.inputs), net.targets, net.loss)
    worst = sorted(range(len(losses)), key=lambda sample: -losses[sample])
    terms = tuple(Term(f"sample {sample}", float(losses[sample])) for sample in worst)
    return Why("loss", model.loss(parameters), f"the sum divided by {len(losses):,}, of", float(losses.sum()), terms)


def _why_sample_loss(model: NetworkModel, parameters: FloatArray, look: Look) -> Why:
    """What one sample is wrong by: the squares of output minus target, or the logarithm for cross-entropy."""
    inputs, target = model.looked_at(look)
    if target is None:
        raise ModelError("a typed input that is no sample has no target, and so no loss")
    answer = model.outputs(parameters, inputs)[-1]
    last = len(model.network.sizes) - 2
    value = float(loops.sample_loss(answer, target, model.network.loss))
    if model.names()[2] == "cross-entropy":
        return _why_cross_entropy(answer, target, value, last)
    errors = [output - wanted for output, wanted in zip(answer, target, strict=True)]
    terms = tuple(
        Term(f"outputs[{last}][{n}]", error * error, ((f"output {answer[n]!r} minus target {target[n]!r}", error),) * 2)
        for n, error in enumerate(errors)
    )
    total = 0.0
    for error in errors:  # as the loops add; Python's own sum() rounds otherwise from 3.12 on
        total += error * error
    return Why("sample loss", value, f"the sum divided by {len(errors)}, of" if len(errors) > 1 else "",
               total, terms)  # fmt: skip


def _why_cross_entropy(answer: list[float], target: tuple[float, ...], value: float, last: int) -> Why:
    """Minus the logarithm of the right class's probability; of targets between the classes, their weighted sum."""
    wanted = [neuron for neuron in range(len(target)) if target[neuron] != 0.0]
    if len(wanted) == 1 and target[wanted[0]] == 1.0:
        right = wanted[0]
        note = f"It is outputs[{last}][{right}]."
        return Why("sample loss", value, "minus the logarithm of", answer[right], (), note)
    terms = []
    for neuron in wanted:
        logarithm = math.log(max(answer[neuron], loops.SMALLEST_PROBABILITY))
        said = f"logarithm of outputs[{last}][{neuron}]"
        terms.append(Term(said, target[neuron] * logarithm, (("target", target[neuron]), (said, logarithm))))
    return Why("sample loss", value, "minus", -value, tuple(terms))


def _why_input(model: NetworkModel, look: Look, name: str) -> Why:
    inputs, _ = model.looked_at(look)
    number = name[len("inputs[") : -1]
    if not re.fullmatch("[0-9]{1,6}", number) or not name.endswith("]") or int(number) >= len(inputs):
        raise ModelError(f"there is no {name[:40]}; the inputs go from inputs[0] to inputs[{len(inputs) - 1}]")
    value = inputs[int(number)]
    return Why(name, value, "", value, (), "It is an input: nothing in the network made it.")
