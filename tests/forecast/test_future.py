"""One account of the future: the weekly simulation agrees with the direct chances, in total and person by person."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from communities_in_time import chats, weekly
from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.future import KNOTS, WEEKS, foresee
from tenfold.forecast.histories import community_of
from tenfold.forecast.simulate import Cohort, hazard_after, simulate_weeks
from tenfold.forecast.statements import in_window

REPLICATES = 300
ASSUMPTIONS = Assumptions((2.0, 1.4, 1.0, 0.8), 0.7, 0.8, 0.1, 0.3, 0.1, {})


@pytest.fixture(scope="module", params=["chats", "weekly"])
def contacts(request):
    return chats(5, people=120, days=500) if request.param == "chats" else weekly(40, 60, 2)


def simulated(future, endpoint):
    """Nobody does anything: the simulation of the whole community."""
    m = len(future.a)
    cohort = Cohort(
        person=future.chances.weekly,
        a=future.a,
        b=future.b,
        pair=np.arange(m),
        bond=future.bonds.weekly,
        known=np.ones(m, bool),
        no_shared_language=np.zeros(m, bool),
        person_after=hazard_after(future.chances.weekly),
        bond_after=hazard_after(future.bonds.weekly),
    )
    nobody = [np.zeros((0, 3), np.int64)] * WEEKS
    return simulate_weeks(cohort, nobody, ASSUMPTIONS, replicates=REPLICATES, seed=3, endpoint=endpoint)


def test_the_simulation_agrees_with_the_direct_chances(contacts):
    at = contacts.last() + timedelta(days=1)
    future = foresee(contacts, at)
    community = community_of(contacts, at, gatherings_make_pairs=True)
    for weeks in KNOTS[1:]:
        direct = in_window(community, int(at.timestamp()), weeks, future.window)
        found = simulated(future, weeks)
        p = direct.chance
        total = found.people_kept[:, weeks].mean()
        assert abs(total - p.sum()) < 4 * np.sqrt((p * (1 - p)).sum() / REPLICATES) + 1e-6
        z = (found.kept_share - p) / np.sqrt(np.maximum(p * (1 - p), 1e-9) / REPLICATES)
        assert np.abs(z[(p > 0.01) & (p < 0.99)]).max(initial=0) < 4.5
        q = future.bonds.weekly[:, weeks]
        both = future.chances.weekly[future.a, weeks] * future.chances.weekly[future.b, weeks]
        expected = np.minimum(q, both).sum()
        bonds = found.living_bonds[:, weeks]
        assert abs(bonds.mean() - expected) < 4 * bonds.std(ddof=1) / np.sqrt(REPLICATES) + 1e-6


def test_week_0_is_a_fact(contacts):
    at = contacts.last()
    future = foresee(contacts, at)
    assert set(np.unique(future.chances.weekly[:, 0])) <= {0.0, 1.0}
    recent = contacts.until(at)
    since = at - timedelta(weeks=future.window)
    who = pl.concat(
        [
            *(recent.table.filter(pl.col("time") > since)[end].cast(pl.String) for end in ("a", "b")),
            recent.gatherings.filter(pl.col("time") > since)["person"].cast(pl.String),
        ]
    ).n_unique()
    assert future.chances.weekly[:, 0].sum() == who


def test_three_years_are_not_lost_in_weeks():
    """The old fault: whoever was older than a year was lost within weeks."""
    contacts = weekly(30, 156, 7)
    future = foresee(contacts, contacts.last())
    assert future.chances.weekly[:, 12].mean() > 0.85
    chances = future.of_people(pl.Series(["0", "29", "nobody"]))
    assert chances[2].sum() == 0
    assert (chances[:2, 26] > 0.5).all()


def test_bonds_are_the_same_whether_or_not_the_people_were_forecast_before(contacts):
    at = contacts.last()
    community, moment = community_of(contacts, at, gatherings_make_pairs=True), int(at.timestamp())
    who = in_window(community, moment, 12, 4)
    alone, given = (in_window(community, moment, 12, 4, bonds=True, who=one) for one in (None, who))
    np.testing.assert_array_equal(alone.chance, given.chance)
