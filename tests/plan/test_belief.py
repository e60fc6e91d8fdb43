"""The belief state: what is expected without and with contacts."""

import numpy as np
import pytest

from tenfold.forecast.hazards import Hazards, weibull_hazard
from tenfold.forecast.simulate import Cohort
from tenfold.plan.belief import Belief

PRIOR = weibull_hazard()
HAZARDS = Hazards(PRIOR, PRIOR, (2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})


def test_what_is_expected_is_what_the_simulation_finds():
    """Without contacts the belief's chances are those of Kaplan and Meier's curve; a contact every week holds a bond but for
    missed ones."""
    cohort = Cohort(
        active=np.ones(3, bool),
        person_age=np.zeros(3, np.int64),
        a=np.array([0, 1]),
        b=np.array([1, 2]),
        alive=np.ones(2, bool),
        bond_age=np.zeros(2, np.int64),
        known=np.ones(2, bool),
        no_shared_language=np.zeros(2, bool),
    )
    untended = Belief(cohort, HAZARDS)
    for _ in range(12):
        untended.advance(np.zeros(0, np.int64))
    assert untended.alive == pytest.approx(np.exp(-PRIOR[:12].sum()))
    tended = Belief(cohort, HAZARDS)
    for _ in range(12):
        tended.advance(np.array([0]))
    assert tended.alive[0] > 0.8 > untended.alive[0]
    assert tended.alive[1] == pytest.approx(untended.alive[1])
    assert (tended.active[:2] > untended.active[:2]).all()
    success, bond, person = tended.gains(np.array([0, 1]))
    assert ((success >= 0) & (success <= 1)).all()
    assert (bond > 0).all()
    assert (person > 0).all()
