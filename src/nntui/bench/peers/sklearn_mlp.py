"""scikit-learn's MLPRegressor by `partial_fit`, an epoch a call.

It differs in one thing: its output does not bend (for the squared error there is no other), so that it has one tanh
less to compute; it is held to a reference with such an output. Its error is half the sum over the outputs where ours
is their mean: the learning rate makes up for it.
"""

from __future__ import annotations

import warnings

from nntui.bench.peers.serving import Maker, Numbers, flat, kind, rows, serve


def start() -> tuple[str, Maker]:
    """Import scikit-learn."""
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPRegressor

    from nntui.bench.tasks import LEARNING_RATE, Task
    from nntui.models.model import FloatArray

    warnings.simplefilter("ignore")

    class Regressor:
        """The samples of several steps are gathered, and one call takes them batch by batch."""

        def __init__(self, task: Task, bits: int, _threads: int) -> None:
            self.inputs = task.inputs.astype(kind(bits))
            targets = task.targets.astype(kind(bits))
            self.targets = targets[:, 0] if task.size.sizes[-1] == 1 else targets
            self.model = MLPRegressor(
                hidden_layer_sizes=task.size.sizes[1:-1], activation="tanh", solver="sgd", alpha=0.0,
                batch_size=task.size.batch, learning_rate_init=LEARNING_RATE * 2 / task.size.sizes[-1],
                shuffle=False, momentum=0.0, nesterovs_momentum=False,
            )  # fmt: skip
            self.run(task.orders[:1])  # makes its weights, which are then ours
            for layer, (weights, biases) in enumerate(zip(*rows(task, bits), strict=True)):
                self.model.coefs_[layer][...] = weights.T
                self.model.intercepts_[layer][...] = biases

        def run(self, orders: Numbers) -> None:
            chosen = orders.reshape(-1)
            self.model.partial_fit(self.inputs[chosen], self.targets[chosen])

        def parameters(self) -> FloatArray:
            return flat([np.transpose(w) for w in self.model.coefs_], self.model.intercepts_)

    return sklearn.__version__, Regressor


if __name__ == "__main__":
    serve(start, output="linear")
