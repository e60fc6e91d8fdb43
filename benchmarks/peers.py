"""The programs that the spread engine is compared with, behind one shape, so that one benchmark run can time them.

Each function builds its peer's graph and model once and returns a `Run`: call it with a seed for one run (or a batch of
cascades). The result has `seconds`, spent in the peer's own stepping without drawing who starts and setting states, and what
was counted:

counts      (steps + 1, states) people in each state, row 0 the start; SIR in the order S, I, R, the others S, I
final       people in each state at the end, the last row of counts
peak        most infectious people at once, and `peak_time` when first: the step, or the exact time where time runs on
sizes       (runs) people ever reached, of a batch of cascades; `mean` of them

`start` is what `tenfold.simulate` takes for a state: a share of all (float) or a number (int), drawn anew by each seed, or ids.
A graph is anything with Tenfold's `start` (n + 1), `other` (arcs, both ways for an edge that is not directed) and `directed`.
The peers are imported where they are used; `versions()` says which are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Run = Callable[[int], dict[str, Any]]
PEERS = ("ndlib", "EoN", "cynetdiff", "hypergraphx", "networkx", "numpy", "scipy")


def versions() -> dict[str, str]:
    """Version of each peer and of what they stand on; "not installed" where one is missing."""
    found: dict[str, str] = {}
    for name in PEERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def to_networkx(graph: Any) -> Any:
    """A networkx Graph or DiGraph with nodes 0..n−1 as Python ints; parallel arcs become one, weights are left out."""
    import networkx as nx

    n = len(graph.start) - 1
    source, target = np.repeat(np.arange(n), np.diff(graph.start)), np.asarray(graph.other)
    directed = bool(getattr(graph, "directed", False))
    if not directed:
        once = source <= target
        source, target = source[once], target[once]
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_nodes_from(range(n))
    made.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    return made


def _chosen(n: int, start: float | int | ArrayLike, rng: np.random.Generator) -> list[int]:
    """Who starts, as Python ints: a share or a number drawn without replacement, or the ids that were given."""
    if not np.isscalar(start):
        return np.asarray(start).tolist()
    count = int(start) if isinstance(start, int | np.integer) else round(float(start) * n)
    return rng.choice(n, count, replace=False).tolist()


def _told(counts: NDArray[np.int64], seconds: float) -> dict[str, Any]:
    """The result of one run in steps."""
    active = counts[:, 1]
    return {
        "counts": counts,
        "final": counts[-1],
        "peak": int(active.max()),
        "peak_time": int(active.argmax()),
        "seconds": seconds,
    }


def _extended(columns: list[NDArray[np.int64]], steps: int) -> NDArray[np.int64]:
    """Counts of a run that stopped early, its last row repeated up to the last step."""
    counts = np.stack(columns, axis=1).astype(np.int64)[: steps + 1]
    return np.concatenate([counts, np.repeat(counts[-1:], steps + 1 - len(counts), axis=0)])


# NDlib --------------------------------------------------------------------------------------------------------------------------


def _ndlib(model: Any, config: Any, n: int, start: float | int | ArrayLike, steps: int) -> Run:
    """NDlib's model, set up once, run by iteration_bunch without node statuses (its fastest way); iteration 0 is the start."""
    config.add_model_initial_configuration("Infected", [0])  # else it warns and draws 5 % itself; each run's reset replaces it
    model.set_initial_status(config)
    codes = sorted(model.available_statuses.values())

    def run(seed: int) -> dict[str, Any]:
        model.reset(infected_nodes=_chosen(n, start, np.random.default_rng(seed)))
        np.random.seed(seed)  # NDlib draws from NumPy's global generator
        began = time.perf_counter()
        trail = model.iteration_bunch(steps + 1, node_status=False)
        seconds = time.perf_counter() - began
        return _told(np.array([[row["node_count"][code] for code in codes] for row in trail], np.int64), seconds)

    return run


def ndlib_sir(graph: Any, chance: float, recovery: float, start: float | int | ArrayLike, steps: int = 50) -> Run:
    """NDlib SIRModel.

    From its source (6.0.1): every infectious person tries each susceptible neighbour by itself with `beta`, so k infectious
    neighbours infect with 1 − (1 − beta)^k; all reads are from the states of the step before (writes go to a copy); recovery
    is drawn in the same step, after the tries; who was infected in a step neither infects nor recovers in it. `tp_rate` is
    never read. So in distribution it is the same process as `tenfold.models.sir`.
    """
    import ndlib.models.epidemics as epidemics
    from ndlib.models.ModelConfig import Configuration

    config = Configuration()
    config.add_model_parameter("beta", chance)
    config.add_model_parameter("gamma", recovery)
    made = to_networkx(graph)
    return _ndlib(epidemics.SIRModel(made), config, len(made), start, steps)


def ndlib_threshold(graph: Any, fraction: float, start: float | int | ArrayLike, steps: int = 50) -> Run:
    """NDlib ThresholdModel: active once active / all neighbours (predecessors, if directed) ≥ the fraction, from the step before.

    It visits everybody in every step and does not stop early; counts are deterministic given who starts.
    """
    import ndlib.models.epidemics as epidemics
    from ndlib.models.ModelConfig import Configuration

    made, config = to_networkx(graph), Configuration()
    for node in made:
        config.add_node_configuration("threshold", node, fraction)
    return _ndlib(epidemics.ThresholdModel(made), config, len(made), start, steps)


def ndlib_cascade(graph: Any, chance: float, start: float | int | ArrayLike, steps: int = 50) -> Run:
    """NDlib IndependentCascadesModel: each newly active person tries each neighbour once in the next step, then is removed.

    Reads of who is active are from the step before; a neighbour infected earlier in the same step is not tried again, which
    does not change the distribution. A draw succeeds at ≤ chance.
    """
    import ndlib.models.epidemics as epidemics
    from ndlib.models.ModelConfig import Configuration

    made, config = to_networkx(graph), Configuration()
    for edge in made.edges:
        config.add_edge_configuration("threshold", edge, chance)
    return _ndlib(epidemics.IndependentCascadesModel(made), config, len(made), start, steps)


# EoN ----------------------------------------------------------------------------------------------------------------------------


def eon_discrete_sir(graph: Any, chance: float, start: float | int | ArrayLike, steps: int = 50) -> Run:
    """EoN basic_discrete_SIR: discrete_SIR with the test `random() < chance` for each arc from an infectious to a susceptible.

    From its source (2.0): who is infectious tries each neighbour that is still susceptible once, in waves, and recovers for
    sure after exactly one step. There is no recovery chance, so compare with `tenfold.models.sir(chance=chance,
    recovery=1.0)` or with `independent_cascade(chance=chance)`: the same in distribution, step by step. It stops when nobody
    is infectious.
    """
    import EoN

    made = to_networkx(graph)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        first = _chosen(len(made), start, rng)
        began = time.perf_counter()
        _, *columns = EoN.basic_discrete_SIR(made, chance, initial_infecteds=first, tmax=steps, rng=rng)
        seconds = time.perf_counter() - began
        return _told(_extended(columns, steps), seconds)

    return run


def eon_discrete_sis(graph: Any, chance: float, start: float | int | ArrayLike, steps: int = 50) -> Run:
    """EoN basic_discrete_SIS: infectious for exactly one step, then susceptible and open to infection from the step after.

    Each arc from an infectious to a person who is not infectious in the step before is tried by itself. Who is infectious
    cannot be infected again in the same step. Compare with `tenfold.models.sis(chance=chance, recovery=1.0)`.
    """
    import EoN

    made = to_networkx(graph)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        first = _chosen(len(made), start, rng)
        began = time.perf_counter()
        _, *columns = EoN.basic_discrete_SIS(made, chance, initial_infecteds=first, tmax=steps, rng=rng)
        seconds = time.perf_counter() - began
        return _told(_extended(columns, steps), seconds)

    return run


def _on_grid(times: NDArray[np.float64], columns: list[NDArray[np.int64]], end: float, seconds: float) -> dict[str, Any]:
    """An event-driven run: counts at the times 0, 1, .. end, the peak from every event."""
    at = np.searchsorted(times, np.arange(int(end) + 1), side="right") - 1
    counts = np.stack(columns, axis=1).astype(np.int64)
    told = _told(counts[at], seconds)
    most = int(counts[:, 1].argmax())
    return told | {"final": counts[-1], "peak": int(counts[most, 1]), "peak_time": float(times[most])}


def eon_fast_sir(graph: Any, rate: float, recovery: float, start: float | int | ArrayLike, end: float = 50.0) -> Run:
    """EoN fast_SIR: continuous time, each arc transmits at `rate`, infectious people recover at `recovery`, up to time `end`.

    Event driven and exact: it draws the duration, then how many neighbours are reached within it (shared by all of one
    person's arcs, as it must be). Rates, not chances for a step: a chance p for each step is nearest to the rate −ln(1 − p),
    but the curves differ.
    """
    import EoN

    made = to_networkx(graph)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        first = _chosen(len(made), start, rng)
        began = time.perf_counter()
        times, *columns = EoN.fast_SIR(made, rate, recovery, initial_infecteds=first, tmax=end, rng=rng)
        seconds = time.perf_counter() - began
        return _on_grid(times, columns, end, seconds)

    return run


def eon_fast_sis(graph: Any, rate: float, recovery: float, start: float | int | ArrayLike, end: float = 50.0) -> Run:
    """EoN fast_SIS: continuous time, each arc transmits at `rate`, infectious people are susceptible again at `recovery`."""
    import EoN

    made = to_networkx(graph)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        first = _chosen(len(made), start, rng)
        began = time.perf_counter()
        times, *columns = EoN.fast_SIS(made, rate, recovery, initial_infecteds=first, tmax=end, rng=rng)
        seconds = time.perf_counter() - began
        return _on_grid(times, columns, end, seconds)

    return run


# CyNetDiff ----------------------------------------------------------------------------------------------------------------------


def _rows(graph: Any) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """CyNetDiff's rows: n starts (not n + 1) and the arcs, both uint32."""
    return np.ascontiguousarray(graph.start[:-1], np.uint32), np.ascontiguousarray(graph.other, np.uint32)


def cynetdiff_cascade(
    graph: Any, chance: float | ArrayLike, start: float | int | ArrayLike = 50, runs: int = 1000, mean_only: bool = False
) -> Run:
    """CyNetDiff IndependentCascadeModel, `runs` cascades to the end; `chance` is one number or one for each arc (float32).

    Each arc out of a newly active person is tried once, also towards people who are active already; a draw succeeds at ≤
    chance. Runs on one thread. A number or share of seeds is drawn anew for each cascade. `mean_only` runs all the cascades
    inside one call of compute_marginal_gains, from one set of seeds, which yields the mean alone (summed in float32: rough
    above 2^24 in all).
    """
    from cynetdiff.models import IndependentCascadeModel

    starts, edges = _rows(graph)
    n = len(starts)
    each = None if np.isscalar(chance) else np.ascontiguousarray(chance, np.float32)
    given: dict[str, Any] = {"activation_probs": each} if each is not None else {"activation_prob": chance}
    model = IndependentCascadeModel(starts, edges, **given)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        model.set_rng(rng.integers(2**63))
        if mean_only:
            first = _chosen(n, start, rng)
            began = time.perf_counter()
            mean = model.compute_marginal_gains(first, [], runs)[0]
            return {"mean": float(mean), "seconds": time.perf_counter() - began}
        sizes, seconds = np.empty(runs, np.int64), 0.0
        for row in range(runs):
            model.set_seeds(_chosen(n, start, rng))
            began = time.perf_counter()
            model.advance_until_completion()
            seconds += time.perf_counter() - began
            sizes[row] = model.get_num_activated_nodes()
        return {"sizes": sizes, "mean": float(sizes.mean()), "seconds": seconds}

    return run


def cynetdiff_threshold(graph: Any, fraction: float, start: float | int | ArrayLike, steps: int | None = None) -> Run:
    """CyNetDiff LinearThresholdModel as Watts' threshold: influence 1 / in-degree, one threshold for all; to the end or `steps`.

    By itself the model draws thresholds uniformly and forgets them at each reset, so they are set again
    (`_assign_thresholds`, which its authors meant for tests) before each run, outside `seconds`. A person turns active in
    the wave in which the sum reaches the threshold (≥), as in `tenfold.models.threshold`. Sums are float32; the threshold is
    lowered by 1e-5 of itself so that a share that equals the fraction exactly counts, which holds while nobody needs more
    than some 100 active neighbours. One thread.
    """
    from cynetdiff.models import LinearThresholdModel

    starts, edges = _rows(graph)
    n = len(starts)
    degree = np.bincount(edges, minlength=n).astype(np.float32)
    influence = np.float32(1) / degree[edges]
    thresholds = np.full(n, fraction * (1 - 1e-5), np.float32)
    model = LinearThresholdModel(starts, edges, influence=influence)

    def run(seed: int) -> dict[str, Any]:
        model.set_seeds(_chosen(n, start, np.random.default_rng(seed)))
        model._assign_thresholds(thresholds)
        active = [model.get_num_activated_nodes()]
        began = time.perf_counter()
        while steps is None or len(active) <= steps:
            model.advance_model()
            active.append(model.get_num_activated_nodes())
            if active[-1] == active[-2]:  # a wave that activates nobody leaves none to advance from
                break
        seconds = time.perf_counter() - began
        reached = np.array(active, np.int64)
        columns = [n - reached, reached]
        return _told(_extended(columns, len(active) - 1 if steps is None else steps), seconds)

    return run


# hypergraphx --------------------------------------------------------------------------------------------------------------------


def hypergraphx_contagion(
    n: int,
    edges: ArrayLike,
    triangles: ArrayLike,
    chance: float,
    chance_triangle: float,
    recovery: float,
    start: float | int | ArrayLike,
    steps: int = 50,
) -> Run:
    """hypergraphx simplicial_contagion, an SIS: `edges` (m, 2) and `triangles` (t, 3) are people 0..n−1, each listed once.

    From its source (1.8.0): reads are from the step before. A susceptible person is tried once by each infectious neighbour
    over the pairs, and only if that fails by each triangle whose two others are both infectious: 1 − (1 − β)^k (1 − β_D)^t
    in all. Infectious people recover with mu and cannot be infected again in that step. Edges are not taken from the
    triangles: list a triangle's sides for a simplicial complex. Its T counts the start, so T = steps + 1; after extinction
    it returns zeros.
    """
    from hypergraphx import Hypergraph
    from hypergraphx.dynamics.contagion import simplicial_contagion

    made = Hypergraph()
    made.add_nodes(list(range(n)))
    listed = [*map(tuple, np.asarray(edges).tolist()), *map(tuple, np.asarray(triangles).tolist())]
    made.add_edges(listed)

    def run(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        first = dict.fromkeys(range(n), 0) | dict.fromkeys(_chosen(n, start, rng), 1)
        began = time.perf_counter()
        share = simplicial_contagion(made, first, steps + 1, chance, chance_triangle, recovery, rng=rng)
        seconds = time.perf_counter() - began
        infectious = np.rint(share * n).astype(np.int64)
        return _told(np.stack([n - infectious, infectious], axis=1), seconds)

    return run


if __name__ == "__main__":
    print(versions())
