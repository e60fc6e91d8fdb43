"""The one way to choose seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from numpy.typing import ArrayLike

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.seeds.request import Divided, Request, divide, request
from tenfold.seeds.result import Seeds
from tenfold.seeds.sketch import contagion, deadline, needs_simulation
from tenfold.spread.model import Model

__all__ = ["OBJECTIVES", "choose_seeds"]

OBJECTIVES = ("reach", "everyone", "worst_group", "kept")


def choose_seeds(
    graph: Graph,
    k: int | None = None,
    *,
    model: Model | None = None,
    objective: str = "reach",
    groups: Groups | Sequence[object] | ArrayLike | Mapping[str, Any] | None = None,
    target: float = 0.5,
    epsilon: float = 0.1,
    delta: float | None = None,
    quality: float | None = 0.01,
    required: Any = None,
    excluded: Any = None,
    costs: ArrayLike | None = None,
    budget: float | None = None,
    capacity: int | None = None,
    fading: float | None = None,
    steps: int | None = None,
    counted: Sequence[str] | None = None,
    least: int | None = None,
    replicates: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> Seeds:
    """Choose the few who reach the most, or everyone.

    Parameters
    ----------
    graph
        Who can reach whom.
    k
        How many seeds, 1 to n. With a budget, or for ``"everyone"``, it may be left out: as many as the budget allows, or as are needed.
    model
        How the practice spreads. For the independent cascade (one chance, or the weights of the edges as chances), the
        linear threshold, and contagion with or without lapse (`sis`, `si`, in steps) the choice is made by reverse-reachable
        sets and has a guarantee; for any other model gains are simulated, and the result says that nothing is sure. With lapse
        those count who practise at the end of `steps`; sets need a chance to lapse that is no more than the chance that
        nobody brings it to a person in a step.
    objective
        ``"reach"``: the most people expected; ``"everyone"``: the fewest seeds so that the expected share reached of each group is at least
        `target`; ``"worst_group"``: k seeds so that the smallest expected share of a group is largest;
        ``"kept"``: those whose staying keeps the most people, where everybody leaves who has fewer than `least` ties to people who stay
        (`tenfold.seeds.anchored_core`; it needs no model).
    groups
        For each person the name of the group (None: in none); or a mapping of names to people; or `Groups`. By default the
        connected components.
    target
        The share of each group that has to be reached, 0 to 1, for ``"everyone"``.
    epsilon, delta
        With probability 1 − delta (default 1/n) the seeds reach at least 1 − 1/e − epsilon of the best choice; both above 0 and below 1.
    quality
        Goes on until a choice made on one half of the draws looks at most this much better there than on the other half (as a
        share); None: ends at the certificate.
    required, excluded
        People who have to be, or must not be, among the seeds: numbers, or the names that the network came with.
    costs, budget
        A positive cost for each person, (n), and what may be spent.
    capacity
        Each who takes up the practice approaches at most so many of those whom they can reach, drawn at random; by default all.
    fading
        For `si` and `sis`: the chance that a bond is lost for good in a step, above 0 and below 1; by default none is.
    steps
        Reached within so many steps; by default without limit (contagions and simulated models: 50).
    counted
        The states whose people count at the end, as in `estimate_reach`; those of cascades and contagions are all but the first,
        others are simulated.
    least
        For ``"kept"``: how many ties to people who stay it takes to stay.
    replicates
        Runs for simulated gains.
    seed
        The same seed gives the same seeds, on any number of threads.
    executor
        Threads to use; by default those of this process.

    Raises
    ------
    SpecError, PlanError, DataError
        What is out of range, does not fit together, or cannot be met; a target that cannot be met names those whom nobody can reach.

    References
    ----------
    Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769; Tang, Tang, Xiao, Yuan 2018, doi:10.1145/3183713.3183749.

    Examples
    --------
    >>> from tenfold.spread.library import independent_cascade
    >>> two_stars = Graph.from_edges([0, 0, 0, 4, 4], [1, 2, 3, 5, 6])
    >>> seeds = choose_seeds(two_stars, 2, model=independent_cascade(chance=0.5))
    >>> sorted(seeds.nodes.tolist()), seeds.low <= 4.5 <= seeds.high
    ([0, 4], True)
    """
    if objective not in OBJECTIVES:
        raise SpecError(f"objective is {objective!r}; expected one of {', '.join(OBJECTIVES)}.")
    if k is None and (budget is None or objective == "kept") and objective != "everyone":
        raise SpecError("k is missing; expected how many seeds, or costs and a budget.")
    if objective == "kept":
        if least is None:
            raise SpecError(
                "least is missing; expected how many ties to people who stay it takes to stay, for the objective 'kept'."
            )
        beside = {"groups": groups, "costs": costs, "capacity": capacity, "fading": fading, "steps": steps, "counted": counted}
        if extra := next((name for name, value in beside.items() if value is not None), None):
            raise SpecError(f"{extra} is given, and has no meaning for the objective 'kept'; leave it out.")
        return _kept(graph, int(k or 0), least, required, excluded)
    if model is None:
        raise SpecError("model is missing; expected a Model, such as tf.models.independent_cascade(chance=0.1).")
    asked = request(
        graph, model, k, required=required, excluded=excluded, costs=costs, budget=budget, epsilon=epsilon, delta=delta,
        quality=quality, steps=steps, capacity=capacity, fading=fading, seed=seed,
    )  # fmt: skip
    if objective == "reach" and groups is not None:
        raise SpecError("groups are given for the objective 'reach'; expected 'everyone' or 'worst_group'.")
    checks.share(target, "target")
    checks.whole(replicates, "replicates", low=2)
    parts = None if objective == "reach" else components(graph) if groups is None else divide(graph, groups)
    found = _found(asked, objective, parts, float(target), replicates, counted, executor)
    about = {
        "objective": objective, "model": model.to_dict(), "k": k, "epsilon": asked.epsilon, "delta": asked.chance,
        "quality": asked.quality, "steps": deadline(model, steps), "capacity": capacity, "fading": asked.fading, "budget": budget,
        "target": target, "seed": asked.seed, "people": graph.n, "arcs": graph.arcs, "tenfold": version("tenfold"),
    }  # fmt: skip
    return replace(found, objective=objective, provenance=about)


def _found(
    asked: Request,
    objective: str,
    parts: Divided | None,
    target: float,
    replicates: int,
    counted: Sequence[str] | None,
    executor: Executor | None,
) -> Seeds:
    """By sketches where the model has them, else by simulation."""
    from tenfold.seeds import groups, reach, simulated

    why = needs_simulation(asked.model, asked.graph, counted)
    if why:
        return simulated.by_simulation(asked, objective, parts, target, replicates, counted, why, executor)
    if parts is None:
        found = reach.reach_most(asked, executor)
    elif objective == "everyone":
        found = groups.reach_everyone(asked, parts, target, executor)
    else:
        found = groups.reach_worst(asked, parts, executor)
    if contagion(asked.model) is not None:
        note = f"reach counts people in {asked.model.states[1]} after {deadline(asked.model, asked.steps)} steps"
        return replace(found, notes=(*found.notes, note))
    return found


def _kept(graph: Graph, k: int, least: int, required: Any, excluded: Any) -> Seeds:
    """Anchors as seeds: what is reached is who is kept, and it is counted, not estimated."""
    from tenfold.seeds.anchored_core import choose_anchors

    found = choose_anchors(graph, k, least=least, required=required or (), excluded=excluded or ())
    sure = "no choice keeps more" if found.exact else "none: each is the best beside those before"
    note = f"{found.kept_without} of {graph.n} people would stay without them"
    about = {"objective": "kept", "k": k, "least": least, "people": graph.n, "arcs": graph.arcs, "tenfold": version("tenfold")}
    return Seeds(
        found.nodes, float(found.kept), float(found.kept), float(found.kept if found.exact else graph.n), found.gains.astype(float),
        found.labels, 0, "kept", "exact" if found.exact else "greedy", found.exact, sure, notes=(note,), provenance=about,
    )  # fmt: skip


def components(graph: Graph) -> Divided:
    """The connected components as groups, the largest first."""
    from tenfold.networks.measures import components as which

    return divide(graph, which(graph))
