"""People by number and by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph

__all__ = ["label", "label_list", "labels_of", "node_ids"]


def node_ids(graph: Graph, people: Any, name: str) -> NDArray[np.int64]:
    """Numbers of different people, in the order given, from numbers or from the names that the network came with; None: nobody.

    Raises
    ------
    SpecError
        Somebody is not in the network, or is named twice; `name` is what the error calls the argument.
    """
    if people is None:
        return np.zeros(0, np.int64)
    if isinstance(people, str) or not hasattr(people, "__iter__"):
        raise SpecError(f"{name} is {people!r}; expected a list of people.")
    given = list(people)
    if given and all(isinstance(one, str) for one in given):
        if graph.labels is None:
            raise SpecError(f"{name} names '{given[0]}', and the network has no names; expected numbers from 0 to {graph.n - 1}.")
        numbers = {str(label): k for k, label in enumerate(graph.labels)}
        if unknown := [one for one in given if one not in numbers]:
            raise SpecError(f"{name} names '{unknown[0]}', who is not in the network.")
        given = [numbers[one] for one in given]
    ids = np.array([checks.whole(one, f"{name}: a person", low=0, high=graph.n - 1) for one in given], np.int64)
    if len(np.unique(ids)) < len(ids):
        raise SpecError(f"{name} names somebody twice.")
    return ids


def labels_of(graph: Graph, people: NDArray[np.int64]) -> pl.Series | None:
    """The names of people, null where the number is negative; None where the network has no names."""
    if graph.labels is None:
        return None
    return graph.labels.gather(np.maximum(people, 0)).cast(pl.String).set(pl.Series(people < 0, dtype=pl.Boolean), None)


def label(graph: Graph, person: int) -> str:
    """The name of one person, or the number."""
    return str(person if graph.labels is None else graph.labels[person])


def label_list(graph: Graph, people: NDArray[np.int64], most: int = 3) -> str:
    """A few people by name, and how many more there are, for a message."""
    few = ", ".join(label(graph, int(one)) for one in people[:most])
    return few + (f" and {len(people) - most} more" if len(people) > most else "")
