"""The weekly simulation against its twin, on the same draws, and what must hold for every schedule."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.kernels.forecast.simulate import UNIT, Cohort, Effects, Schedule, run_replicate

WEEKS = 20
NOTHING = Schedule(np.zeros(WEEKS + 1, np.int64), *(np.zeros(0, np.int32) for _ in range(3)))


def curves(rng: np.random.Generator, n: int) -> np.ndarray:
    """−ln of chances that fall, and for some rise again, from the present or the absence of each."""
    here = rng.random(n) < 0.7
    falling = np.cumsum(rng.random((n, WEEKS + 1)) * 0.2, axis=1) - 0.05
    rising = 8 - np.cumsum(rng.random((n, WEEKS + 1)) * 0.6, axis=1)
    wave = np.abs(np.sin(np.arange(WEEKS + 1) / 3)) * 2
    chosen = np.where(here[:, None], np.where(rng.random(n)[:, None] < 0.8, falling, wave), rising)
    return (np.maximum(chosen, 0) * UNIT).astype(np.int32)


def make(seed: int, contacts_a_week: int) -> tuple[Cohort, Effects, Schedule]:
    """A small community with everything in it: people and bonds that come back, possible bonds, a full schedule."""
    rng = np.random.default_rng(seed)
    n = 12
    pairs = np.array([(i, j) for i in range(n) for j in range(i + 1, n)])
    pairs = pairs[rng.permutation(len(pairs))[:40]]
    m = len(pairs)
    rows = np.flatnonzero(rng.random(m) < 0.6)
    cohort = Cohort(
        person=np.ascontiguousarray(curves(rng, n).T),
        a=pairs[:, 0].astype(np.int32),
        b=pairs[:, 1].astype(np.int32),
        pair=rows.astype(np.int32),
        bond=np.ascontiguousarray(curves(rng, len(rows)).T),
        formation=(rng.random(m) * 2**32).astype(np.uint64),
    )
    effects = Effects(
        person_after=(rng.random(WEEKS + 1) * 0.2 * UNIT).astype(np.int64),
        bond_after=(rng.random(WEEKS + 1) * 0.3 * UNIT).astype(np.int64),
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
    return cohort, effects, Schedule(start, initiator.astype(np.int32), recipient.astype(np.int32), bonds.astype(np.int32))


def run(cohort: Cohort, effects: Effects, schedule: Schedule, seed: int, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    counts, kept = np.zeros((WEEKS + 1, 3), np.int64), np.zeros(cohort.person.shape[1], np.int64)
    run_replicate(cohort, effects, schedule, seed, replicate, WEEKS // 2, counts, kept)
    return counts, kept


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 2**32 - 1), st.integers(0, 50))
def test_the_twin_finds_the_same(make_seed, contacts, seed, replicate):
    cohort, effects, schedule = make(make_seed, contacts)
    counts, _ = run(cohort, effects, schedule, seed, replicate)
    expected = oracle.simulate_cohort(cohort, effects, schedule, seed, replicate, weeks=WEEKS, unit=UNIT)
    assert [tuple(row) for row in counts.tolist()] == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 1000))
def test_no_contact_ever_loses_anybody(make_seed, contacts, seed):
    cohort, effects, schedule = make(make_seed, contacts)
    with_plan, kept_with = run(cohort, effects, schedule, seed, 3)
    without, kept_without = run(cohort, effects, NOTHING, seed, 3)
    assert (with_plan >= without).all()
    assert (kept_with >= kept_without).all()


def test_contacts_that_are_worth_nothing_change_nothing():
    cohort, effects, schedule = make(4, 6)
    idle = effects._replace(contact_ratio=1024, reactivation=0)
    cohort = cohort._replace(formation=np.zeros(len(cohort.a), np.uint64))
    tended = Schedule(schedule.start * 0, *(np.zeros(0, np.int32) for _ in range(3)))
    assert (run(cohort, idle, tended, 1, 2)[0] == run(cohort, idle, NOTHING, 1, 2)[0]).all()


def test_without_contacts_people_and_bonds_follow_their_chances():
    """Whatever the shape of the curve: a z-score at each of 20 weeks, family-wise bound."""
    n = 20_000
    chance = 0.5 + 0.45 * np.cos(np.arange(WEEKS + 1) / 3)
    curve = np.rint(-np.log(chance) * UNIT).astype(np.int32)
    given_both = np.exp(-0.05 * np.arange(WEEKS + 1))
    cohort = Cohort(
        person=np.ascontiguousarray(np.tile(curve, (2 * n, 1)).T),
        a=np.arange(n, dtype=np.int32) * 2,
        b=np.arange(n, dtype=np.int32) * 2 + 1,
        pair=np.arange(n, dtype=np.int32),
        bond=np.ascontiguousarray(np.tile(np.rint(-np.log(given_both) * UNIT).astype(np.int32), (n, 1)).T),
        formation=np.zeros(n, np.uint64),
    )
    never = np.zeros(WEEKS + 1, np.int64)
    counts, _ = run(cohort, Effects(never, never, np.array([2048, 1024], np.int64), 1024, 0, 0), NOTHING, 5, 0)
    for column, cases, expected in ((0, 2 * n, chance), (2, n, chance**2 * given_both)):
        z = (counts[:, column] / cases - expected) / np.sqrt(expected * (1 - expected) / cases)
        assert np.abs(z).max() < 4.0
