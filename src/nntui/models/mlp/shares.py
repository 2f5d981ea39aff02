"""Who does what of a layer, for the rung `numba-fused`.

A core that reads what another core has just written waits for it to be sent over: a few hundredths of a microsecond
for each cache line, and weights are written anew in every step. So where a layer is wide enough, each worker has panels
of its own: it answers for their neurons, all samples of a block, and moves their weights, which never leave its core's
cache; what is sent over are the neurons' outputs, which are fewer. For inputs each has a copy of its own. A layer that
has no panel for everyone is shared by samples instead, and its weights by sources.
"""

from __future__ import annotations

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.crew import share
from nntui.models.mlp.panels import fours


def owned(net, layer, lanes, team):
    """Whether each worker has panels of its own in a layer."""
    return team.workers > 1 and net.sizes[layer + 1] >= 2 * lanes * team.workers


def changes_hands(net, layer, lanes, team):
    """Whether others need what a worker has computed of the layer before: then all have to meet in between."""
    return owned(net, layer, lanes, team) or (layer > 0 and owned(net, layer - 1, lanes, team))


def samples_of(net, layer, samples, lanes, team):
    """For which samples of a block a worker computes a layer: from the first to the end."""
    return (0, fours(samples)) if owned(net, layer, lanes, team) else share(fours(samples), team)


def neurons_of(net, layer, lanes, team):
    """Which neurons of a layer a worker computes: those of its panels, or all."""
    neurons, wide = net.sizes[layer + 1], 2 * lanes
    if not owned(net, layer, lanes, team):
        return 0, neurons
    panels = (neurons + wide - 1) // wide
    first, end = panels * team.worker // team.workers, panels * (team.worker + 1) // team.workers
    return first * wide, min(neurons, end * wide)


def sources_of(net, layer, lanes, team):
    """From which sources of a layer a worker moves the weights, those to its neurons."""
    sources = fours(net.sizes[layer])
    return (0, sources) if owned(net, layer, lanes, team) else share(sources, team)


def rows_of(net, layer, block, lanes, team):
    """Where a worker finds the outputs of a layer, which has room for a block; the copies of inputs come last."""
    if layer > 0 or team.worker == 0 or not owned(net, 0, lanes, team):
        return net.rows[layer]
    last = len(net.panels)
    return net.rows[last] + (net.steps[last] + (team.worker - 1) * net.steps[0]) * block


jitable(fours, **UNCOUNTED, **COPIED_IN)
for _function in (owned, changes_hands, samples_of, neurons_of, sources_of, rows_of):
    jitable(_function, **UNCOUNTED)
