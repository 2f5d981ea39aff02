"""The rung `numba-fused`: never leave fast memory. Each number that is fetched is used as often as it can be.

Three products of matrices are nearly all of the work: totals = outputs times weights, the gradients of the weights =
gradients of the totals times outputs, and what is handed back = gradients of the totals times weights. All three go
through one microkernel (tiles.py), which keeps its sums in registers. Around it:

- Weights stand in panels (panels.py): all that goes into two vectors of neurons, in the order in which it is read.
- Sums over many sources are made in parts of at most 256, so that this part of a panel stays in the nearest cache (L1)
  while all samples of a block pass by.
- Totals are bent while they are still in that cache, and weights move downhill in the very tile in which their
  gradients are summed up: those never go to memory (with `momentum` and `adam` no further than the nearest cache).
- Where several cores work, each keeps panels of its own (shares.py), so that weights never go from core to core.

A batch is done in blocks of samples that are small enough to be interrupted after each. Every number is summed up by
one worker from its first term to its last, so the bits do not depend on how many workers there are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.crew import give_up, meet, now, over, share
from nntui.models.lanes import across, load, store, zeros
from nntui.models.mlp.lane_rows import bend, copy, cross_entropy, descend, multiply_by_slope, softmax, squared_error
from nntui.models.mlp.loops import CROSS_ENTROPY, SGD, SOFTMAX
from nntui.models.mlp.panels import DEEP, GRADIENTS, TWISTS, fours
from nntui.models.mlp.shares import changes_hands, neurons_of, owned, rows_of, samples_of, sources_of
from nntui.models.mlp.tiles import fetch, lanes_of, lay, multiply

MANY = 96  # samples over which a gradient is summed up at once, at most
CHUNK = 64  # sources whose gradients are summed up before they move the weights, where an optimizer remembers


def predict(net, room, data, batch, team):
    """Answer a block of samples, a worker's part of it: carry the inputs through the network, layer by layer.

    Returns for how long others had to be waited for.
    """
    lanes, waited = lanes_of(room.weights), 0
    gather(net, room, data, batch, team)
    for layer in range(len(net.panels)):
        if layer > 0 and changes_hands(net, layer, lanes, team):
            waited += meet(team)
        first, end = neurons_of(net, layer, lanes, team)
        for neuron in range(first, end, 2 * lanes):
            answer(net, room, layer, neuron, len(batch), team)
    if owned(net, layer, lanes, team):
        waited += meet(team)
    return waited


def gather(net, room, data, batch, team):
    """Fetch some samples of a block; those that fill it up are 0."""
    lanes, last = lanes_of(room.weights), len(net.panels)
    rows = rows_of(net, 0, len(room.losses), lanes, team)
    first, end = samples_of(net, 0, len(batch), lanes, team)
    for sample in range(first, end):
        to = rows + sample * net.steps[0]
        if sample < len(batch):
            copy(data.inputs, batch[sample] * net.sizes[0], room.outputs, to, net.sizes[0])
        else:
            for source in range(net.sizes[0]):
                room.outputs[to + source] = 0.0
    first, end = share(fours(len(batch)), team)
    for sample in range(first, min(end, len(batch))):
        copy(data.targets, batch[sample] * net.sizes[last], room.targets, sample * net.steps[last], net.sizes[last])


def answer(net, room, layer, neuron, samples, team):
    """What the neurons of one panel answer to a worker's samples."""
    lanes = lanes_of(room.weights)
    activation = net.output_activation if layer == len(net.panels) - 1 else net.activation
    sources = net.sizes[layer]
    first, end = samples_of(net, layer, samples, lanes, team)
    heard = rows_of(net, layer, len(room.losses), lanes, team) + first * net.steps[layer]
    parts = (sources + DEEP - 1) // DEEP
    part = (sources + parts - 1) // parts
    vectors = 2 if net.sizes[layer + 1] - neuron > lanes else 1
    panel, wide = net.panels[layer] + neuron * (fours(sources) + 1), vectors * lanes
    into = (room.outputs, net.rows[layer + 1] + first * net.steps[layer + 1] + neuron, net.steps[layer + 1])
    start = (room.weights, panel + fours(sources) * wide, 0)  # each sample starts with the biases
    for source in range(0, sources, part):
        left = (room.outputs, heard + source, net.steps[layer], 1)
        right = (room.weights, panel + source * wide, wide)
        multiply(end - first, vectors, min(part, sources - source), left, right, start, into, 1.0, 1.0)
        start = into
    for sample in range(end - first):
        bend(room.outputs, into[1] + sample * into[2], vectors, activation)


def start_at_the_loss(net, room, samples, team):
    """The loss of each sample, and how it changes with each total of the last layer; 0 for those that fill up."""
    lanes, last = lanes_of(room.totals), len(net.panels)
    first, end = share(fours(samples), team)
    neurons = net.sizes[last]
    for sample in range(first, end):
        at, wanted = net.rows[last] + sample * net.steps[last], sample * net.steps[last]
        if net.output_activation == SOFTMAX:
            softmax(room.outputs, at, neurons)
        if sample >= samples:
            room.losses[sample] = 0.0
            room.totals[at : at + neurons] = 0.0
        elif net.loss == CROSS_ENTROPY:
            room.losses[sample] = cross_entropy(room.outputs, at, room.targets, wanted, room.totals, neurons)
        else:
            room.losses[sample] = squared_error(
                room.outputs, at, room.targets, wanted, room.totals, neurons, net.output_activation
            )  # fmt: skip
        for neuron in range(0, neurons, 2 * lanes):
            wide = 2 * lanes if neurons - neuron > lanes else lanes
            copy(room.totals, at + neuron, room.panels, panel_of(net, room, last, neuron) + sample * wide, wide)


def panel_of(net, room, layer, neuron):
    """Where the panel of gradients of totals begins that begins with some neuron: it has a row for each sample."""
    return net.rows[layer] + neuron * len(room.losses)


def hand_back(net, room, layer, samples, team):
    """Hand a layer's gradients back to its sources, each through the weight that it came along."""
    lanes = lanes_of(room.weights)
    turned = team.worker * DEEP * 2 * lanes
    sources, neurons = net.sizes[layer], net.sizes[layer + 1]
    first, end = samples_of(net, layer - 1, samples, lanes, team)
    some, enough = neurons_of(net, layer - 1, lanes, team)
    for source in range(some, enough, 2 * lanes):
        vectors = 2 if sources - source > lanes else 1
        start = (room.nothing, 0, 0)
        into = (room.totals, net.rows[layer] + first * net.steps[layer] + source, net.steps[layer])
        for neuron in range(0, neurons, DEEP):
            count = min(DEEP, neurons - neuron)
            turn(net, room, layer, neuron, count, source, vectors * lanes, turned)
            left = (room.totals, net.rows[layer + 1] + first * net.steps[layer + 1] + neuron, net.steps[layer + 1], 1)
            right = (room.turned, turned, vectors * lanes)
            multiply(end - first, vectors, count, left, right, start, into, 1.0, 1.0)
            start = into
        for sample in range(end - first):
            at = into[1] + sample * into[2]
            place = panel_of(net, room, layer, source) + (first + sample) * vectors * lanes
            multiply_by_slope(room.totals, at, room.outputs, vectors, net.activation, room.panels, place)


def turn(net, room, layer, neuron, count, source, columns, turned):
    """Write turned[neuron][source] for some neurons (whole panels) and so many sources of a layer, in square blocks."""
    lanes = lanes_of(room.weights)
    sources, neurons = net.sizes[layer], net.sizes[layer + 1]
    for first in range(neuron, neuron + count, 2 * lanes):
        wide = 2 * lanes if neurons - first > lanes else lanes
        panel, to = net.panels[layer] + first * (fours(sources) + 1), turned + (first - neuron) * columns
        for column in range(source, source + columns, lanes):
            for row in range(0, wide, lanes):
                block = fetch(room.weights, panel + column * wide + row, wide, sources - column)
                lay(room.turned, to + row * columns + column - source, columns, across(block))


def move(net, room, task, layer, samples, step, fresh, done, team):
    """Sum up the gradients of a worker's weights over a block, and after the last block move them.

    `fresh` is the first block of a batch, `done` its last one. All neurons are done for a few sources before the next
    ones, so that these sources' outputs are fetched from afar but once.
    """
    lanes = lanes_of(room.weights)
    sources, neurons = fours(net.sizes[layer]), net.sizes[layer + 1]
    rows = rows_of(net, layer, len(room.losses), lanes, team)
    first, end = sources_of(net, layer, lanes, team)
    some, enough = neurons_of(net, layer, lanes, team)
    decay, mean = task.learning_rate * task.weight_decay, 1.0 / task.sizes[step]
    at_once = fresh and done and task.optimizer == SGD
    parts = (samples + MANY - 1) // MANY
    part = (samples + parts - 1) // parts
    for source in range(first, end, CHUNK):
        count = min(CHUNK, end - source)
        for neuron in range(some, enough, 2 * lanes):
            vectors = 2 if neurons - neuron > lanes else 1
            place = net.panels[layer] + neuron * (sources + 1) + source * vectors * lanes
            into = (room.weights if at_once else room.gradients, place, vectors * lanes)
            start = (room.nothing, 0, 0) if fresh and not at_once else into
            kept, shared = (1.0 - decay, -task.learning_rate * mean) if at_once else (1.0, 1.0)
            for sample in range(0, samples, part):
                left = (room.outputs, rows + sample * net.steps[layer] + source, 1, net.steps[layer])
                panel = panel_of(net, room, layer + 1, neuron) + sample * vectors * lanes
                right = (room.panels, panel, vectors * lanes)
                multiply(count, vectors, min(part, samples - sample), left, right, start, into, kept, shared)
                start, kept = into, 1.0
            if done and not at_once:
                descend(room, task, place, count * vectors * lanes, decay, mean, step)


def move_biases(net, room, task, layer, samples, step, fresh, done, team):
    """The same for the biases, which hear 1 of every sample."""
    lanes = lanes_of(room.weights)
    sources, neurons = fours(net.sizes[layer]), net.sizes[layer + 1]
    first, end = neurons_of(net, layer, lanes, team)
    if not owned(net, layer, lanes, team) and layer % team.workers != team.worker:
        end = 0  # they are few: one worker does them
    for neuron in range(first, end, 2 * lanes):
        vectors = 2 if neurons - neuron > lanes else 1
        place = net.panels[layer] + neuron * (sources + 1) + sources * vectors * lanes
        for column in range(0, vectors * lanes, lanes):
            add_up(
                room, samples, place + column, panel_of(net, room, layer + 1, neuron) + column, vectors * lanes, fresh
            )
        if done:
            descend(room, task, place, vectors * lanes, 0.0, 1.0 / task.sizes[step], step)


def add_up(room, samples, place, at, wide, fresh):
    """Sum up the gradients of one vector of biases over a block of samples, every other one by itself."""
    lanes = lanes_of(room.weights)
    even = zeros(room.panels, lanes) if fresh else load(room.gradients, place, lanes)
    odd = zeros(room.panels, lanes)
    for sample in range(0, samples - 1, 2):
        even = even + load(room.panels, at + sample * wide, lanes)
        odd = odd + load(room.panels, at + (sample + 1) * wide, lanes)
    if samples % 2:
        even = even + load(room.panels, at + (samples - 1) * wide, lanes)
    store(room.gradients, place, even + odd)


def sum_of(losses, samples):
    """The sum of some losses, in the order of the samples."""
    loss = 0.0
    for sample in range(samples):
        loss += losses[sample]
    return loss


def twist(room, task, losses, step):
    """After a loss twist a weight, after the next one keep the twist if the loss has fallen, and undo it if not."""
    place = task.places[step // 2]
    if step % 2 == 0:
        task.saved[step // 2] = room.weights[place]
        room.weights[place] += task.amounts[step // 2]
    elif not losses[step] < losses[step - 1]:
        room.weights[place] = task.saved[step // 2]


def train(net, room, data, task, losses, first, end, team):
    """Work through some blocks of samples, and after the last one of each step do what is to be done with its loss.

    Returns the block that comes next: the end, or an earlier one where workers keep each other waiting.
    """
    began, waited = now(), 0
    for block in range(first, end):
        step, batch = task.steps[block], task.order[task.begins[block] : task.ends[block]]
        fresh = block == 0 or task.steps[block - 1] != step
        done = block + 1 == len(task.steps) or task.steps[block + 1] != step
        waited += predict(net, room, data, batch, team)
        start_at_the_loss(net, room, len(batch), team)
        if task.method == GRADIENTS:
            for layer in range(len(net.panels) - 1, 0, -1):
                if changes_hands(net, layer, lanes_of(room.weights), team):
                    waited += meet(team)
                hand_back(net, room, layer, len(batch), team)
        waited += meet(team)
        # Only when all gradients of totals are known: they are those of the weights as they were.
        if task.method == GRADIENTS:
            for layer in range(len(net.panels)):
                move(net, room, task, layer, len(batch), step, fresh, done, team)
                if task.train_biases:
                    move_biases(net, room, task, layer, len(batch), step, fresh, done, team)
        if team.worker == 0:
            losses[step] += sum_of(room.losses, len(batch))
            if done:
                losses[step] /= task.sizes[step]
                if task.method == TWISTS:
                    twist(room, task, losses, step)
        give_up(team, began, waited)
        waited += meet(team)
        if over(team):
            return block + 1
    return end


@cache
def compiled() -> Any:
    """Compile (or fetch from the cache) the functions of this file; called once a process."""
    jitable(panel_of, **UNCOUNTED, **COPIED_IN)
    for function in (
        gather,
        answer,
        predict,
        start_at_the_loss,
        turn,
        hand_back,
        add_up,
        move,
        move_biases,
        sum_of,
        twist,
    ):
        jitable(function, **UNCOUNTED)
    return jit(train, **UNCOUNTED)
