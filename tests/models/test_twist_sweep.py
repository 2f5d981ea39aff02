"""The compiled sweep gives the losses of the loops, whatever the network, the twist and the number of threads."""

import threading

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_networks import network, parameters
from test_twisting import every_way_up_and_down, losses_anew

from nntui.models.mlp import twist_sweep, twisting

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)
CURVES = st.sampled_from(["tanh", "relu", "sigmoid", "linear"])


@given(
    sizes=SIZES, activation=CURVES, output=CURVES, seed=st.integers(0, 100), by_class=st.booleans(),
    samples=st.sampled_from([1, 7, 16, 19]), size=st.sampled_from([1e-5, 0.02, 0.1, 5.0]),
)  # fmt: skip
@example((1, 1, 1, 1), "tanh", "tanh", 0, False, 1, 0.1)
@example((3, 5, 4), "relu", "tanh", 1, True, 19, 5.0)
@settings(max_examples=40, deadline=None)
def test_the_losses_are_those_of_the_loops(sizes, activation, output, seed, by_class, samples, size):
    loss = "cross-entropy" if by_class else "mean squared error"
    net = network(sizes, activation, "softmax" if by_class else output, loss, samples=samples, seed=seed)
    flat = parameters(net, seed)
    indices, twists = every_way_up_and_down(net, size)
    found = twist_sweep.losses(net, flat, indices, twists)
    assert found == pytest.approx(losses_anew(net, flat, indices, twists), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("sizes", "output", "loss"), [((3, 5, 4, 2), "tanh", "mean squared error"), ((3, 4, 3), "softmax", "cross-entropy")]
)
def test_many_samples_over_several_chunks_and_threads_give_the_same_bits(sizes, output, loss):
    net = network(sizes, "tanh", output, loss, samples=301)
    net.inputs[:, 1] *= np.arange(301) % 50 == 0  # of this source, most blocks are empty
    net.inputs[:, 2] = 0.0
    flat, (indices, twists) = parameters(net), every_way_up_and_down(net)
    found = [twist_sweep.losses(net, flat, indices, twists, threads=threads) for threads in (1, 2, 3)]
    assert found[0] == pytest.approx(twisting.losses_by_twists(net, flat, indices, twists), rel=1e-12)
    assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()
    blank = [net.layout.index(f"weights[0][{neuron}][2]") for neuron in range(sizes[1])]
    assert len(set(found[0][np.isin(indices, blank)].tolist())) == 1, "what is 0 reaches nothing"


def test_some_samples_and_an_unlikely_class():
    net = network((2, 3, 3), "linear", "softmax", "cross-entropy", samples=40)
    flat, some = parameters(net) * 60.0, np.array([1, 5, 9, 30, 31, 32, 33, 34, 39])
    indices, twists = every_way_up_and_down(net, 40.0)
    found = twist_sweep.losses(net, flat, indices, twists, some)
    assert found == pytest.approx(twisting.losses_by_twists(net, flat, indices, twists, some), rel=1e-12)
    assert found.max() > 20.0  # some classes are less likely than is counted


@pytest.mark.parametrize("odd", ["beyond bounds", "targets of no class", "no twist"])
def test_what_it_does_not_serve_is_left_to_the_arrays(odd):
    net = network((2, 3, 2), "linear", "softmax", "cross-entropy")
    flat, (indices, twists) = parameters(net), every_way_up_and_down(net)
    if odd == "beyond bounds":
        flat[0] = 1e308
        flat[1] = 1e308
    elif odd == "targets of no class":
        net.targets[0] = 0.5
    else:
        indices, twists = indices[:0], twists[:0]
    with np.errstate(all="ignore"):
        found = twist_sweep.losses(net, flat, indices, twists)
        expected = twisting.losses_by_twists(net, flat, indices, twists)
    assert found.tobytes() == expected.tobytes()


def test_nobody_waits_for_the_compiler(monkeypatch: pytest.MonkeyPatch):
    net = network((2, 3, 1))
    flat, (indices, twists) = parameters(net), every_way_up_and_down(net)
    began, go_on = [], threading.Event()
    monkeypatch.setattr(twist_sweep, "_ready", threading.Event())
    monkeypatch.setattr(twist_sweep, "_compiling", threading.Lock())

    def compiling():
        began.append(1)
        go_on.wait(10.0)
        twist_sweep._ready.set()

    monkeypatch.setattr(twist_sweep, "_compile", compiling)
    arrays = twisting.losses_by_twists(net, flat, indices, twists).tobytes()
    assert twist_sweep.losses_by_twists(net, flat, indices, twists).tobytes() == arrays
    assert not began, "for this little nothing is compiled"
    monkeypatch.setattr(twist_sweep, "WORTH_COMPILING", 1)
    for _ in range(3):
        assert twist_sweep.losses_by_twists(net, flat, indices, twists).tobytes() == arrays
    go_on.set()
    assert twist_sweep._ready.wait(10.0)
    assert began == [1]
    by_code = twist_sweep.losses_by_twists(net, flat, indices, twists)
    assert by_code.tobytes() == twist_sweep.losses(net, flat, indices, twists).tobytes()
