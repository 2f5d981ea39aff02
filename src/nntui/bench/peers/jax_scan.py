"""JAX with the whole loop inside one compiled function: `lax.scan` over the steps, under `jit`."""

from __future__ import annotations

import os
from typing import Any

from nntui.bench.peers.serving import Maker, Numbers, flat, kind, rows, serve, threads


def start() -> tuple[str, Maker]:
    """Import JAX; in one thread it is held to one core, since nothing else keeps it from starting a pool."""
    if threads() == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp

    from nntui.bench.tasks import LEARNING_RATE, Task
    from nntui.models.model import FloatArray

    jax.config.update("jax_enable_x64", True)

    def loss(layers: Any, inputs: Any, targets: Any) -> Any:
        outputs = inputs
        for weights, biases in layers:
            outputs = jnp.tanh(outputs @ weights.T + biases)
        return jnp.mean((outputs - targets) ** 2)

    slopes = jax.grad(loss)

    def train(layers: Any, inputs: Any, targets: Any, orders: Any) -> Any:
        def step(layers: Any, batch: Any) -> Any:
            gradients = slopes(layers, inputs[batch], targets[batch])
            return jax.tree.map(lambda row, gradient: row - LEARNING_RATE * gradient, layers, gradients), None

        return jax.lax.scan(step, layers, orders)[0]

    class Scan:
        """One call for all steps."""

        def __init__(self, task: Task, bits: int, _threads: int) -> None:
            self.inputs = jnp.asarray(task.inputs.astype(kind(bits)))
            self.targets = jnp.asarray(task.targets.astype(kind(bits)))
            self.layers = [(jnp.asarray(w), jnp.asarray(b)) for w, b in zip(*rows(task, bits), strict=True)]
            self.train = jax.jit(train, donate_argnums=0)
            kept = jax.tree.map(jnp.array, self.layers)
            self.run(task.orders)  # compiles
            self.layers = kept

        def run(self, orders: Numbers) -> None:
            self.layers = jax.block_until_ready(self.train(self.layers, self.inputs, self.targets, orders))

        def parameters(self) -> FloatArray:
            return flat([w for w, _ in self.layers], [b for _, b in self.layers])

    return jax.__version__, Scan


if __name__ == "__main__":
    serve(start, whole=True)
