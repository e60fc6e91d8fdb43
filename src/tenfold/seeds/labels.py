"""What people are called, for tables and messages."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.networks.graph import Graph
from tenfold.networks.labels import label_text

__all__ = ["label_list", "labels_of"]


def labels_of(graph: Graph, people: NDArray[np.int64]) -> pl.Series | None:
    """The names of people, null where the number is negative; None where the network has no names."""
    if graph.labels is None:
        return None
    return graph.labels.gather(np.maximum(people, 0)).cast(pl.String).set(pl.Series(people < 0, dtype=pl.Boolean), None)


def label_list(graph: Graph, people: NDArray[np.int64], most: int = 3) -> str:
    """A few people by name, and how many more there are, for a message."""
    few = ", ".join(label_text(graph, int(one)) for one in people[:most])
    return few + (f" and {len(people) - most} more" if len(people) > most else "")
