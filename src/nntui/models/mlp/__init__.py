"""The network: layers of neurons, from the loops of loops.py up the ladder of rungs."""

from nntui.models.mlp.network_model import build
from nntui.models.mlp.table import NetworkTable, check
from nntui.models.model import Kind

KIND = Kind(
    "mlp",
    needs_data=True,
    check=check,
    build=build,
    outputs=lambda table: int(table["layers"][-1]),
    low=lambda table: 0.0 if NetworkTable.of(table).output == "sigmoid" else -1.0,
    settings=frozenset({"layers", "activation", "output"}),
)
