"""The ensemble: the same for any number of threads and any executor."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.simulate import Cohort, hazard_after, simulate_weeks

ASSUMPTIONS = Assumptions(
    degree_ratios=(2.0, 1.0, 0.8), contact_ratio=0.7, adherence=0.8, formation=0.1, renewal=0.3, reactivation=0.1, sources={}
)


def community(seed: int = 1) -> tuple[Cohort, list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    n, m = 60, 200
    pairs = np.array([(i, j) for i in range(n) for j in range(i + 1, n)])
    pairs = pairs[rng.permutation(len(pairs))[:m]]
    person = np.minimum(1.0, (rng.random(n) < 0.9)[:, None] * np.exp(-0.03 * np.arange(16)) + 0.05)
    rows = np.flatnonzero(rng.random(m) < 0.6)
    cohort = Cohort(
        person=person,
        a=pairs[:, 0],
        b=pairs[:, 1],
        pair=rows,
        bond=person[pairs[rows, 0]] * person[pairs[rows, 1]] * np.exp(-0.05 * np.arange(16)),
        known=rng.random(m) < 0.7,
        no_shared_language=rng.random(m) < 0.2,
        person_after=hazard_after(person),
        bond_after=np.full(16, 0.05),
    )
    weeks = []
    for _ in range(15):
        k = rng.integers(0, m, 30)
        weeks.append(np.stack([pairs[k, 0], pairs[k, 1], k], axis=1))
    return cohort, weeks


@pytest.fixture(scope="module")
def expected():
    cohort, weeks = community()
    with ThreadPoolExecutor(1) as one:
        return simulate_weeks(cohort, weeks, ASSUMPTIONS, replicates=37, seed=5, endpoint=12, executor=one)


@pytest.mark.parametrize("pool", [lambda: ThreadPoolExecutor(2), lambda: ThreadPoolExecutor(7), lambda: ProcessPoolExecutor(2)])
def test_any_executor_gives_the_same(expected, pool):
    cohort, weeks = community()
    with pool() as executor:
        found = simulate_weeks(cohort, weeks, ASSUMPTIONS, replicates=37, seed=5, endpoint=12, executor=executor)
    for name in ("people_kept", "bonds_kept", "living_bonds", "kept_share"):
        assert (getattr(found, name) == getattr(expected, name)).all()


def test_more_replicates_keep_the_first_ones(expected):
    cohort, weeks = community()
    more = simulate_weeks(cohort, weeks, ASSUMPTIONS, replicates=50, seed=5, endpoint=12)
    assert (more.people_kept[:37] == expected.people_kept).all()


def test_another_seed_gives_other_luck(expected):
    cohort, weeks = community()
    assert (
        simulate_weeks(cohort, weeks, ASSUMPTIONS, replicates=37, seed=6, endpoint=12).people_kept != expected.people_kept
    ).any()


def test_shapes_and_bounds(expected):
    assert expected.people_kept.shape == expected.bonds_kept.shape == expected.living_bonds.shape == (37, 16)
    assert (expected.bonds_kept <= expected.living_bonds).all()
    assert expected.kept_share.sum() * 37 == pytest.approx(expected.people_kept[:, 12].sum())
