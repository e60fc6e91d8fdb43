"""The ensemble: the same for any number of threads and any executor."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from tenfold.forecast.hazards import Hazards, weibull_hazard
from tenfold.forecast.simulate import Start, simulate_weeks

HAZARDS = Hazards(
    bond=weibull_hazard(),
    person=weibull_hazard(),
    company=(2.0, 1.0, 0.8),
    protection=0.7,
    adherence=0.8,
    form=0.1,
    renew=0.3,
    back=0.1,
    sources={},
)


def community(seed: int = 1) -> tuple[Start, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    n, m = 60, 200
    pairs = np.array([(i, j) for i in range(n) for j in range(i + 1, n)])
    pairs = pairs[rng.permutation(len(pairs))[:m]]
    start = Start(
        active=rng.random(n) < 0.9,
        person_age=rng.integers(0, 20, n),
        a=pairs[:, 0],
        b=pairs[:, 1],
        alive=rng.random(m) < 0.6,
        bond_age=rng.integers(0, 20, m),
        known=rng.random(m) < 0.7,
        hindered=rng.random(m) < 0.2,
    )
    weeks = []
    for _ in range(15):
        k = rng.integers(0, m, 30)
        weeks.append(np.stack([pairs[k, 0], pairs[k, 1], k], axis=1))
    return start, weeks


@pytest.fixture(scope="module")
def expected():
    start, weeks = community()
    with ThreadPoolExecutor(1) as one:
        return simulate_weeks(start, weeks, HAZARDS, replicates=37, seed=5, mark=12, executor=one)


@pytest.mark.parametrize("pool", [lambda: ThreadPoolExecutor(2), lambda: ThreadPoolExecutor(7), lambda: ProcessPoolExecutor(2)])
def test_any_executor_gives_the_same(expected, pool):
    start, weeks = community()
    with pool() as executor:
        found = simulate_weeks(start, weeks, HAZARDS, replicates=37, seed=5, mark=12, executor=executor)
    for name in ("people", "held", "bonds", "kept"):
        assert (getattr(found, name) == getattr(expected, name)).all()


def test_more_replicates_keep_the_first_ones(expected):
    start, weeks = community()
    more = simulate_weeks(start, weeks, HAZARDS, replicates=50, seed=5, mark=12)
    assert (more.people[:37] == expected.people).all()


def test_another_seed_gives_other_luck(expected):
    start, weeks = community()
    assert (simulate_weeks(start, weeks, HAZARDS, replicates=37, seed=6, mark=12).people != expected.people).any()


def test_shapes_and_bounds(expected):
    assert expected.people.shape == expected.held.shape == expected.bonds.shape == (37, 16)
    assert (np.diff(expected.held, axis=1) <= 60).all()
    assert (expected.held <= expected.bonds).all()
    assert expected.kept.sum() * 37 == pytest.approx(expected.people[:, 12].sum())
