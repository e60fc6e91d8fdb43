"""The contact process (SI and SIS in steps) drawn backwards: its dual, with recovery and ties that are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.diffusion import Diffusion, contact_process
from tenfold.seeds.triggering import contact_arcs
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact

if TYPE_CHECKING:
    from tenfold.kernels.seeds.dual_process import DualProcess

__all__ = ["chance_none_live", "dual_process"]

MOST_STEPS = 100_000


def chance_none_live(model: Model, rule: Contact, graph: Graph) -> NDArray[np.float64]:
    """The chance that no arc into each person is live in a step: ∏(1 − p) over the arcs, (n)."""
    if isinstance(rule.chance, str):
        if graph.weight is None:
            raise SpecError(
                f"model {model.name}: goes by the weights of edges, and the graph has none. See Graph.with_chance_by_degree."
            )
        with np.errstate(divide="ignore"):
            part = np.log1p(-np.minimum(graph.weight, 1.0))
        return np.exp(np.bincount(graph.other, weights=part, minlength=graph.n))
    return np.asarray((1.0 - float(rule.chance)) ** graph.in_degree(), dtype=np.float64)


def dual_process(diffusion: Diffusion) -> DualProcess:
    """The dual of a contact process whose chance to recover is nowhere more than `chance_none_live`.

    Raises
    ------
    SpecError, DataError
        A deadline that is out of range, or weights that do not fit.
    """
    from tenfold.kernels.seeds.dual_process import DualProcess

    graph, model = diffusion.graph, diffusion.model
    steps, fading = checks.whole(diffusion.deadline, "steps", low=1, high=MOST_STEPS), diffusion.fading
    found = contact_process(model)
    assert found is not None
    rule, chance = found
    none_live = chance_none_live(model, rule, graph)
    recovery = np.rint(np.minimum(chance / np.maximum(none_live, 1e-300), 1.0) * 2.0**32) if chance else np.zeros(graph.n)
    survival = np.zeros(0) if fading is None else (1 - fading) ** np.maximum(np.arange(steps + 1) - 1, 0)
    return DualProcess(
        contact_arcs(rule, model, graph),
        recovery.astype(np.uint64),
        np.rint(survival * 2.0**32).astype(np.uint64),
        not graph.directed,
        steps,
    )
