"""The one way to choose seeds: `choose_seeds`, for every objective and every model."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from numpy.typing import ArrayLike

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.diffusion import Diffusion, contact_process
from tenfold.seeds.group_members import GivenGroups, connected_components, group_members
from tenfold.seeds.problem import Objective, SeedProblem, precision, seed_limits
from tenfold.seeds.result import Seeds
from tenfold.seeds.reverse_reachable import reason_to_simulate
from tenfold.spread.model import Model
from tenfold.version import __version__

__all__ = ["OBJECTIVES", "SeedOptions", "choose_seeds"]

OBJECTIVES = ("reach", "everyone", "worst_group", "kept")


class SeedOptions(TypedDict, total=False):
    """The further keywords of `choose_seeds`."""

    target: float
    epsilon: float
    delta: float | None
    quality: float | None
    required: Any
    excluded: Any
    costs: ArrayLike | None
    budget: float | None
    capacity: int | None
    fading: float | None
    steps: int | None
    counted: Sequence[str] | None
    least: int | None
    replicates: int
    executor: Executor | None


def choose_seeds(
    graph: Graph,
    k: int | None = None,
    *,
    model: Model | None = None,
    objective: str = "reach",
    groups: GivenGroups | None = None,
    seed: int = 0,
    **options: Unpack[SeedOptions],
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
    seed
        The same seed gives the same seeds, on any number of threads.
    target
        The share of each group that has to be reached, 0 to 1 (default .5), for ``"everyone"``.
    epsilon, delta
        With probability 1 − delta (default 1/n) the seeds reach at least 1 − 1/e − epsilon (default .1) of the best choice; both above 0
        and below 1.
    quality
        Goes on until a choice made on one half of the draws looks at most this much better there than on the other half (as a
        share; default .01); None: ends at the certificate.
    required, excluded
        People who have to be, or must not be, among the seeds: labels (positions where the network has none), or `Positions`.
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
        Runs for simulated gains (default 200).
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
    checks.options(options, SeedOptions, "choose_seeds")
    if objective not in OBJECTIVES:
        raise SpecError(f"objective is {objective!r}; expected one of {', '.join(OBJECTIVES)}.")
    if k is None and (options.get("budget") is None or objective == "kept") and objective != "everyone":
        raise SpecError("k is missing; expected how many seeds, or costs and a budget.")
    if objective == "kept":
        return _choose_anchors(graph, int(k or 0), groups, options)
    if model is None:
        raise SpecError("model is missing; expected a Model, such as tf.models.independent_cascade(chance=0.1).")
    diffusion = Diffusion(
        graph, model, options.get("steps"), options.get("capacity"), options.get("fading"), options.get("counted")
    )
    problem = _problem(diffusion, k, objective, groups, seed, options)
    found = _solve(problem, options.get("replicates", 200), options.get("executor"))
    return replace(found, objective=objective, provenance=_provenance(problem, k, options))


def _problem(
    diffusion: Diffusion, k: int | None, objective: str, groups: GivenGroups | None, seed: int, options: SeedOptions
) -> SeedProblem:
    """All that was asked for, checked."""
    graph = diffusion.graph
    limits = seed_limits(
        graph,
        k,
        required=options.get("required"),
        excluded=options.get("excluded"),
        costs=options.get("costs"),
        budget=options.get("budget"),
    )
    wanted = precision(
        graph.n, epsilon=options.get("epsilon", 0.1), delta=options.get("delta"), quality=options.get("quality", 0.01)
    )
    diffusion = diffusion.checked()
    number = checks.whole(seed, "seed", low=0, high=2**32 - 1)
    if objective == "reach" and groups is not None:
        raise SpecError("groups are given for the objective 'reach'; expected 'everyone' or 'worst_group'.")
    target = checks.share(options.get("target", 0.5), "target")
    checks.whole(options.get("replicates", 200), "replicates", low=2)
    members = None
    if objective != "reach":
        members = connected_components(graph) if groups is None else group_members(graph, groups)
    return SeedProblem(diffusion, Objective(objective, members, target), limits, wanted, number)


def _solve(problem: SeedProblem, replicates: int, executor: Executor | None) -> Seeds:
    """By reverse-reachable sets where the model has them, else by simulation."""
    diffusion = problem.diffusion
    if reason := reason_to_simulate(diffusion):
        from tenfold.seeds.simulated_greedy import choose_by_simulation

        return choose_by_simulation(problem, replicates, reason, executor)
    if problem.objective.name == "reach":
        from tenfold.seeds.objective_reach import maximise_reach

        found = maximise_reach(problem, executor)
    elif problem.objective.name == "everyone":
        from tenfold.seeds.objective_everyone import cover_every_group

        found = cover_every_group(problem, executor)
    else:
        from tenfold.seeds.objective_worst_group import maximise_worst_group

        found = maximise_worst_group(problem, executor)
    if contact_process(diffusion.model) is not None:
        note = f"reach counts people in {diffusion.model.states[1]} after {diffusion.deadline} steps"
        return replace(found, notes=(*found.notes, note))
    return found


def _provenance(problem: SeedProblem, k: int | None, options: SeedOptions) -> dict[str, Any]:
    """What replays a choice."""
    diffusion, wanted, graph = problem.diffusion, problem.precision, problem.graph
    return {
        "objective": problem.objective.name,
        "model": diffusion.model.to_dict(),
        "k": k,
        "epsilon": wanted.epsilon,
        "delta": wanted.delta,
        "quality": wanted.quality,
        "steps": diffusion.deadline,
        "capacity": diffusion.capacity,
        "fading": diffusion.fading,
        "budget": options.get("budget"),
        "target": options.get("target", 0.5),
        "seed": problem.seed,
        "people": graph.n,
        "arcs": graph.arcs,
        "tenfold": __version__,
    }


def _choose_anchors(graph: Graph, k: int, groups: GivenGroups | None, options: SeedOptions) -> Seeds:
    """Anchors of the k-core as seeds: what is reached is who is kept, and it is counted, not estimated."""
    from tenfold.seeds.anchored_core import choose_anchors

    least = options.get("least")
    if least is None:
        raise SpecError("least is missing; expected how many ties to people who stay it takes to stay, for the objective 'kept'.")
    meaningless: dict[str, object] = {"groups": groups}
    meaningless |= {name: options.get(name) for name in ("costs", "capacity", "fading", "steps", "counted")}
    if extra := next((name for name, value in meaningless.items() if value is not None), None):
        raise SpecError(f"{extra} is given, and has no meaning for the objective 'kept'; leave it out.")
    required, excluded = options.get("required") or (), options.get("excluded") or ()
    found = choose_anchors(graph, k, least=least, required=required, excluded=excluded)
    return Seeds(
        found.nodes,
        float(found.kept),
        float(found.kept),
        float(found.kept if found.exact else graph.n),
        found.gains.astype(float),
        found.labels,
        objective="kept",
        method="exact" if found.exact else "greedy",
        certified=found.exact,
        guarantee="no choice keeps more" if found.exact else "none: each is the best beside those before",
        notes=(f"{found.kept_without} of {graph.n} people would stay without them",),
        provenance={
            "objective": "kept",
            "k": k,
            "least": least,
            "people": graph.n,
            "arcs": graph.arcs,
            "tenfold": __version__,
        },
    )
