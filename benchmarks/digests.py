"""Digests of results, so that a change of the code can be held against what it gave before: `python benchmarks/digests.py [CASE …]`.

A case is a name and what it returns: arrays, frames, numbers, words. Two trees give the same digest where they give the same result,
bit for bit. Cases in `EXACT` rest on whole numbers alone, so they are the same on every machine; `tests/pinned` keeps them. The others
go through `log` and `exp`, which differ between machines in the last bit.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import polars as pl

import tenfold as tf
from plan import ENDS, community
from tenfold.spread.spec import read_experiment

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared")) / "data"
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
Case = Callable[[], Iterable[object]]


def digest(values: Iterable[object]) -> str:
    """Sixteen hexadecimal digits of some arrays, frames, numbers and words, in their order."""
    told = hashlib.sha256()
    for value in values:
        if isinstance(value, pl.DataFrame):
            told.update(repr(value.schema).encode())
            told.update(repr(value.rows()).encode())
        elif isinstance(value, np.ndarray):
            told.update(f"{value.dtype.str} {value.shape}".encode())
            told.update(np.ascontiguousarray(value).tobytes())
        else:
            told.update(repr(value).encode())
    return told.hexdigest()[:16]


def example(path: Path) -> Iterable[object]:
    """An experiment of `examples/`, as `tenfold simulate` runs it."""
    given = read_experiment(path)
    result = tf.simulate(
        given.model,
        given.graph,
        steps=given.steps,
        start=given.start,
        groups=given.groups,
        traits=given.traits,
        clock=given.clock,
        replicates=given.replicates,
        seed=given.seed,
        keep=("first_time", "final"),
    )
    return result.counts, result.first_time, result.final


def steps() -> Iterable[object]:
    """SIR and SEIR in synchronous steps on a random network, with times and final states."""
    graph = tf.generators.erdos_renyi(5000, 8.0, seed=3)
    for model in (tf.models.sir(chance=0.08, recovery=0.2), tf.models.seir(), tf.models.sis(chance=0.05, recovery=0.3)):
        start = {"I": [0, 7, 4999]}
        result = tf.simulate(model, graph, steps=40, start=start, replicates=8, seed=11, keep=("first_time", "final"))
        yield from (result.counts, result.first_time, result.final)


def continuous() -> Iterable[object]:
    """SIR and SIS on the continuous clock."""
    graph = tf.generators.erdos_renyi(3000, 8.0, seed=5)
    for model in (tf.models.sir(rate=0.4, recovery_rate=1.0), tf.models.sis(rate=0.3, recovery_rate=1.0)):
        result = tf.simulate(model, graph, steps=12, start={"I": 5}, replicates=6, seed=2, clock="continuous", keep=("final",))
        yield from (result.counts, result.final)


def networks() -> Iterable[object]:
    """The generators whose draws are whole numbers, as rows of arcs."""
    made = (
        tf.generators.erdos_renyi(2000, 6.0, seed=1),
        tf.generators.regular(500, 6, seed=1),
        tf.generators.watts_strogatz(2000, 6, 0.1, seed=1),
        tf.generators.barabasi_albert(2000, 3, seed=1),
    )
    for graph in made:
        yield from (graph.start, graph.other, tf.measures.core_numbers(graph))


def seeds() -> Iterable[object]:
    """Every objective, on a scale-free network in groups; cascades, thresholds and contagion with lapse."""
    graph = tf.generators.barabasi_albert(3000, 3, seed=4)
    group = [f"place {i % 7}" for i in range(graph.n)]
    cascade, lapse = tf.models.independent_cascade(chance=0.05), tf.models.sis(chance=0.03, recovery=0.1)
    simulated, costs = tf.models.sir(chance=0.05, recovery=0.3), 1.0 + np.arange(graph.n) % 3
    for found in (
        tf.choose_seeds(graph, 12, model=cascade, seed=1),
        tf.choose_seeds(graph, 12, model=cascade, seed=1, quality=None, required=[5], excluded=[0, 1]),
        tf.choose_seeds(
            graph,
            8,
            model=simulated,
            seed=1,
            replicates=20,
            steps=20,
            excluded=np.arange(40, 3000),
        ),
        tf.choose_seeds(graph, 10, model=cascade, objective="worst_group", groups=group, seed=1),
        tf.choose_seeds(graph, model=cascade, objective="everyone", groups=group, target=0.05, seed=1),
        tf.choose_seeds(graph, model=cascade, costs=costs, budget=20.0, capacity=5, seed=1),
        tf.choose_seeds(graph, 6, model=lapse, steps=20, seed=1),
        tf.choose_seeds(graph, 4, objective="kept", least=4, seed=1),
    ):
        yield from (found.nodes, found.reach, found.low, found.high, found.backups)
    reach = tf.estimate_reach(graph, [1, 2, 3], model=cascade, seed=1)
    yield from (reach.reach, reach.low, reach.high)


def world() -> Iterable[object]:
    """The world in nested tens: with defaults, and with all that people live through."""
    for one in (tf.World(10_000), tf.World.lived(10_000)):
        run = tf.run_world(one, start="circle", seed=3, replicates=2, steps=150)
        yield from (run.reach, run.degree_times, run.summary())


def wave() -> Iterable[object]:
    """A cascade on the ties that take no memory."""
    for chance in (1.0, 0.15):
        run = tf.run_wave(100_000, seed=1, chance=chance)
        yield from (run.counts, run.tried, run.groups_reached, run.groups_full, run.digest)


def claims() -> Iterable[object]:
    """All fourteen claims, quick: a minute and more."""
    found = tf.claims()
    return found.table.drop("seconds", strict=False), found.parts


def plan(people: tf.People, met: tf.Contacts, at: object = None) -> Iterable[object]:
    """Every table of a plan, and of the plan of the next week."""
    made = tf.make_plan(people, met, at=at, replicates=40, seed=1)
    yield from made.tables().values()
    yield from (made.settings, made.wins, made.warning)
    yield from tf.make_plan(people, met, at=at, replicates=10, seed=2, previous=made.circles).tables().values()


def demo_plan() -> Iterable[object]:
    """A plan for the demo."""
    return plan(*community(600, None), at=ENDS)


def sfhh_plan() -> Iterable[object]:
    """A plan for a conference, if its data is there."""
    met = tf.read_contacts(SHARED / "contacts" / "sfhh_conference.tij.dat.gz")
    return plan(tf.People.from_ids(met.people()), met)


def forecast() -> Iterable[object]:
    """Bonds, standing and chances of the demo."""
    people, met = community(600, None)
    bonds = tf.measure_bonds(met, at=ENDS)
    at = "2026-11-01"
    yield from (bonds.table, tf.measure_standing(people, met, bonds))
    yield from (tf.predict_people(met, at=at, horizon="28d"), tf.predict_bonds(met, at=at, horizon="28d"))


CASES: dict[str, Case] = {
    **{f"example {path.stem}": (lambda path=path: example(path)) for path in EXAMPLES},
    "steps": steps,
    "continuous": continuous,
    "networks": networks,
    "wave": wave,
    "world": world,
    "seeds": seeds,
    "forecast": forecast,
    "demo plan": demo_plan,
    "sfhh plan": sfhh_plan,
    "claims": claims,
}
EXACT = (*(f"example {path.stem}" for path in EXAMPLES if path.stem != "sir_rates"), "steps", "networks", "wave")
"""Those that rest on whole numbers alone."""


def main(names: list[str]) -> int:
    """A line a case; of all cases, or of those whose names are given (or begin so)."""
    chosen = [name for name in CASES if not names or any(name.startswith(wanted) for wanted in names)]
    if not chosen:
        print(f"no case is named {names[0]!r}; the cases are {', '.join(CASES)}", file=sys.stderr)
        return 2
    for name in chosen:
        if name == "sfhh plan" and not SHARED.is_dir():
            print(f"{name}: no data at {SHARED}; set TENFOLD_SHARED")
            continue
        print(f"{digest(CASES[name]())}  {name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
