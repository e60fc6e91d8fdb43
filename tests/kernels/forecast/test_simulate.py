"""The weekly simulation against its twin, on the same draws, and what must hold for every schedule."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.kernels.forecast.simulate import UNIT, Cohort, Hazards, Schedule, run_replicate

WEEKS = 20


def make(seed: int, contacts_a_week: int) -> tuple[Cohort, Hazards, Schedule]:
    """A small community with everything in it: lost people, possible bonds, a full schedule."""
    rng = np.random.default_rng(seed)
    n = 12
    pairs = np.array([(i, j) for i in range(n) for j in range(i + 1, n)])
    pairs = pairs[rng.permutation(len(pairs))[:40]]
    m = len(pairs)
    cohort = Cohort(
        active=(rng.random(n) < 0.85).astype(np.uint8),
        person_age=rng.integers(0, 30, n).astype(np.int32),
        a=pairs[:, 0].astype(np.int32),
        b=pairs[:, 1].astype(np.int32),
        alive=(rng.random(m) < 0.5).astype(np.uint8),
        bond_age=rng.integers(0, 30, m).astype(np.int32),
        formation=(rng.random(m) * 2**32).astype(np.uint64),
    )
    hazards = Hazards(
        bond=(rng.random(25) * 0.2 * UNIT).astype(np.int64),
        person=(rng.random(25) * 0.1 * UNIT).astype(np.int64),
        degree_ratios=np.array([2048, 1434, 1024, 819], np.int64),
        contact_ratio=717,
        adherence=int(0.8 * 2**32),
        reactivation=int(0.5 * 2**32),
    )
    bonds = rng.integers(0, m, WEEKS * contacts_a_week)
    forth = rng.random(len(bonds)) < 0.5
    initiator = np.where(forth, pairs[bonds, 0], pairs[bonds, 1])
    recipient = np.where(forth, pairs[bonds, 1], pairs[bonds, 0])
    start = np.arange(WEEKS + 1) * contacts_a_week
    return cohort, hazards, Schedule(start, initiator.astype(np.int32), recipient.astype(np.int32), bonds.astype(np.int32))


def run(cohort: Cohort, hazards: Hazards, schedule: Schedule, seed: int, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    counts, kept = np.zeros((WEEKS + 1, 3), np.int64), np.zeros(cohort.active.size, np.int64)
    run_replicate(cohort, hazards, schedule, seed, replicate, WEEKS // 2, counts, kept)
    return counts, kept


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 2**32 - 1), st.integers(0, 50))
def test_equals_its_twin(make_seed, contacts, seed, replicate):
    cohort, hazards, schedule = make(make_seed, contacts)
    counts, kept = run(cohort, hazards, schedule, seed, replicate)
    twin = oracle.simulate_cohort(cohort, hazards, schedule, seed, replicate, weeks=WEEKS, unit=UNIT)
    assert [tuple(row) for row in counts] == twin
    assert kept.sum() == counts[WEEKS // 2, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 1000))
def test_no_contact_ever_makes_anybody_leave_earlier(make_seed, contacts, seed):
    cohort, hazards, schedule = make(make_seed, contacts)
    nothing = Schedule(np.zeros(WEEKS + 1, np.int64), *(np.zeros(0, np.int32) for _ in range(3)))
    with_plan, kept_with = run(cohort, hazards, schedule, seed, 3)
    without, kept_without = run(cohort, hazards, nothing, seed, 3)
    assert (with_plan >= without).all()
    assert (kept_with >= kept_without).all()


def test_without_contacts_bonds_follow_their_hazard():
    """Survival of untouched bonds is exp(−Σ hazard): a z-score at each of 20 weeks, family-wise bound."""
    n, hazard = 20_000, 0.05
    cohort = Cohort(
        active=np.ones(2 * n, np.uint8),
        person_age=np.zeros(2 * n, np.int32),
        a=np.arange(n, dtype=np.int32) * 2,
        b=np.arange(n, dtype=np.int32) * 2 + 1,
        alive=np.ones(n, np.uint8),
        bond_age=np.zeros(n, np.int32),
        formation=np.zeros(n, np.uint64),
    )
    hazards = Hazards(
        bond=np.array([round(hazard * UNIT)], np.int64),
        person=np.zeros(1, np.int64),
        degree_ratios=np.array([1024], np.int64),
        contact_ratio=1024,
        adherence=0,
        reactivation=0,
    )
    nothing = Schedule(np.zeros(WEEKS + 1, np.int64), *(np.zeros(0, np.int32) for _ in range(3)))
    counts, _ = run(cohort, hazards, nothing, 5, 0)
    expected = np.exp(-hazard * np.arange(WEEKS + 1))
    z = (counts[1:, 1] / n - expected[1:]) / np.sqrt(expected[1:] * (1 - expected[1:]) / n)
    assert np.abs(z).max() < 4.0
