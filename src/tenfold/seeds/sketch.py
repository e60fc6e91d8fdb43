"""Which models fit inside sketches, and how: cascades and thresholds as they are, contagions with lapse by their dual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.inward import arcs_of, cascade, inward
from tenfold.spread.model import Model
from tenfold.spread.rules import LAST, Contact, Spontaneous

if TYPE_CHECKING:
    from tenfold.kernels.seeds.dual_process import Dual
    from tenfold.kernels.seeds.reverse_reachable import Inward

__all__ = ["STEPS", "contagion", "deadline", "needs_simulation", "sketch"]

STEPS, MOST_STEPS = 50, 100_000  # where no deadline is given, and a model needs one; and at most


def contagion(model: Model) -> tuple[Contact, float] | None:
    """How people take up a practice from others, and the chance of a step to lapse (0: never), if that is all there is (SI, SIS)."""
    if len(model.states) != 2 or any((rule.since, rule.until) != (1, LAST) for rule in model.rules):
        return None
    spread = [rule for rule in model.rules if isinstance(rule, Contact)]
    lapse = [rule for rule in model.rules if isinstance(rule, Spontaneous)]
    if len(spread) != 1 or len(lapse) > 1 or len(model.rules) != 1 + len(lapse):
        return None
    one = spread[0]
    if one.rate is not None or one.layer is not None or (one.source, one.target) != model.states or one.via != one.target:
        return None
    if not lapse:
        return one, 0.0
    back = lapse[0]
    if isinstance(back.chance, str) or back.rate is not None or (back.source, back.target) != (one.target, one.source):
        return None
    return one, float(back.chance)


def needs_simulation(model: Model, graph: Graph, counted: Sequence[str] | None = None) -> str:
    """Why sketches do not apply to a model on a graph, in words; empty where they do. `counted`: states, if not all but the first."""
    if counted is not None and set(counted) != set(model.states[1:]):
        return f"of the states of {model.name} only {', '.join(counted)} counts, so that gains are simulated"
    if cascade(model) is not None:
        return ""
    found = contagion(model)
    if found is None:
        return (
            f"the model {model.name} is neither a cascade, a linear threshold, nor a contagion with or without lapse in steps, "
            "so that gains are simulated"
        )
    none = _none_live(model, found[0], graph)
    if graph.n and found[1] > none.min() + 1e-12:
        who = int(none.argmin())
        name = who if graph.labels is None else graph.labels[who]
        return (
            f"in the model {model.name} the chance {found[1]:.6g} to lapse in a step is more than the chance {none[who]:.3g} that "
            f"nobody brings it to person {name} in that step, where sketches end, so that gains are simulated"
        )
    return ""


def sketch(
    model: Model, graph: Graph, *, steps: int | None = None, capacity: int | None = None, fading: float | None = None
) -> Inward | Dual:
    """How sets are drawn, for a model that needs no simulation.

    Raises
    ------
    SpecError, DataError
        Options that the model does not have, or weights that do not fit.
    """
    if cascade(model) is not None:
        if fading is not None:
            raise SpecError(f"fading is given, and who takes up {model.name} tries once; expected si or sis, who go on.")
        return inward(model, graph, steps=steps, capacity=capacity)
    if capacity is not None:
        raise SpecError(f"capacity is given for the model {model.name}; expected a cascade or a linear threshold.")
    return _dual(model, graph, checks.whole(deadline(model, steps), "steps", low=1, high=MOST_STEPS), fading)


def deadline(model: Model, steps: int | None) -> int | None:
    """Up to which step is counted: for contagions always to some."""
    return STEPS if steps is None and cascade(model) is None and contagion(model) is not None else steps


def _none_live(model: Model, rule: Contact, graph: Graph) -> NDArray[np.float64]:
    """The chance that no arc into each is live in a step, (n)."""
    if isinstance(rule.chance, str):
        if graph.weight is None:
            raise SpecError(
                f"model {model.name}: goes by the weights of edges, and the graph has none. See Graph.with_chance_by_degree."
            )
        with np.errstate(divide="ignore"):
            part = np.log1p(-np.minimum(graph.weight, 1.0))
        return np.exp(np.bincount(graph.other, weights=part, minlength=graph.n))
    return np.asarray((1.0 - float(rule.chance)) ** graph.in_degree(), dtype=np.float64)


def _dual(model: Model, graph: Graph, steps: int, fading: float | None) -> Dual:
    """The dual of a contagion, with its chances in 2⁻³²."""
    from tenfold.kernels.seeds.dual_process import Dual

    found = contagion(model)
    assert found is not None
    rule, chance = found
    none = _none_live(model, rule, graph)
    lapse = np.rint(np.minimum(chance / np.maximum(none, 1e-300), 1.0) * 2.0**32) if chance else np.zeros(graph.n)
    alive = np.zeros(0) if fading is None else (1 - fading) ** np.maximum(np.arange(steps + 1) - 1, 0)
    return Dual(
        arcs_of(rule, model, graph),
        lapse.astype(np.uint64),
        np.rint(alive * 2.0**32).astype(np.uint64),
        not graph.directed,
        steps,
    )
