"""The simulation against the times per degree that docs/world.md derives, and those against sums that can be made by hand."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from tenfold.errors import SpecError
from tenfold.world.run import run_world
from tenfold.world.theory import _stationary_united, approximate_steps, critical_lapse, expected_steps
from tenfold.world.world import World

RUNS = 400
WORLDS = {
    "ten": World(10_000),
    "eight": World(10_000, factor=8.0),
    "twelve": World(10_000, factor=12.0),
    "first 1": World(10_000, first=1.0),
    "half": World(10_000, threshold=0.5),
    "nine": World(10_000, threshold=0.9),
    "quick": World(10_000, join=0.2),
    "six parts": World(6000),
    "three circles": World(30),
}
LEAST = 4.6  # standard errors: with 9 worlds and 2 to 4 degrees each, one run of the test in 7,000 fails by chance


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_times_per_degree(world):
    """The first degree is exact, so its z-score is; the second approximates the spread in a hundred, and the wider ones take groups by
    their mean, which is off by less than a step."""
    run = run_world(world, replicates=RUNS, seed=11)
    theory = expected_steps(world)
    took = run.degree_steps
    error = took.std(axis=0, ddof=1) / math.sqrt(RUNS)
    off = np.abs(took.mean(axis=0) - theory["mean"].to_numpy())
    assert off[0] < LEAST * theory["deviation"][0] / math.sqrt(RUNS)
    assert (off[1:] < 1.0 + LEAST * error[1:]).all(), (took.mean(axis=0), theory["mean"].to_list())
    assert took[:, 0].std(ddof=1) == pytest.approx(theory["deviation"][0], rel=LEAST * math.sqrt(2 / RUNS))


def test_the_first_degree_by_hand():
    """Two of two are wanted, and one is there: a geometric time."""
    chance = 1 - math.exp(-0.05 / 10)
    steps = expected_steps(World(2, threshold=1.0))
    assert steps["mean"][0] == pytest.approx(1 / chance, rel=1e-6)
    assert steps["deviation"][0] == pytest.approx(math.sqrt(1 - chance) / chance, rel=1e-4)


def test_the_numbers_of_the_text():
    """With a factor of ten each wider degree takes about as long as the one before, with less longer, with more less; and the first one
    takes longer than each."""
    same, slower, quicker = (expected_steps(World(10**6, factor=factor))["mean"].to_numpy() for factor in (10.0, 8.0, 12.0))
    assert np.ptp(same[1:]) < 1.0
    assert (np.diff(slower[1:]) > 1.0).all()
    assert (np.diff(quicker[1:]) < -0.5).all()
    for steps in (same, slower, quicker):
        assert (steps[0] > 2 * steps[1:]).all()


@pytest.mark.parametrize("factor", [5.0, 8.0, 10.0])
def test_the_critical_rate_of_lapsing(factor):
    """Well below it a united hundred brings over the whole, above it it does not: the mean field leaves out that ten circles vary."""
    world = World(10_000, factor=factor)
    critical = critical_lapse(world)
    for share, least, most in ((0.8, 20, 24), (1.1, 0, 4)):
        run = run_world(world.with_changes(lapse=share * critical), start=100, replicates=24, seed=3)
        assert least <= (run.degree_times[:, -1] >= 0).sum() <= most, (factor, share)


def test_a_circle_in_the_long_run_by_hand():
    """Where people of a circle do not draw each other, each is there with the chance c / (c + 1 - e^-lapse), c that of joining."""
    come, leave = 1 - math.exp(-0.03), 1 - math.exp(-0.02)
    alone = come / (come + leave)
    assert _stationary_united(0.0, 0.03, 0.02, 7) == pytest.approx(binom.sf(6, 10, alone), rel=1e-9)


def test_the_critical_rate_follows_joining_threshold_and_power():
    slow, quick = (critical_lapse(World(100, join=join)) for join in (0.0005, 0.001))
    assert quick == pytest.approx(2 * slow, rel=0.01)  # where chances are small only the ratio of rates counts
    assert critical_lapse(World(100, threshold=0.5)) > critical_lapse(World(100)) > critical_lapse(World(100, threshold=0.9))
    assert critical_lapse(World(100, first=3.0)) < critical_lapse(World(100)) < critical_lapse(World(1000))


def test_the_deterministic_equation_has_the_order_of_the_times():
    for world in (World(10**5), World(10**5, factor=8.0), World(10**5, first=1.0)):
        close = expected_steps(world)["mean"].to_numpy()
        approximate = np.array([approximate_steps(world, degree) for degree in range(1, 6)])
        assert np.abs(np.log(approximate / close)).max() < math.log(1.5)


def test_more_than_the_rule_of_joining_is_refused():
    with pytest.raises(SpecError, match=r"theory: lapse is 0.01; expected 0, as it covers the rule of joining alone\."):
        expected_steps(World(1000, lapse=0.01))


@pytest.mark.parametrize(
    ("world", "words"),
    [(World(10), "more than 10"), (World(1000, mentors=0.1), "mentors is 0.1"), (World(1000, support=1.0), "support is 1.0")],
)
def test_more_than_joining_and_lapsing_is_refused(world, words):
    with pytest.raises(SpecError, match=words):
        critical_lapse(world)
