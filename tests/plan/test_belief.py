"""The belief state: what is expected without and with contacts."""

import numpy as np
import pytest

from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.simulate import Cohort
from tenfold.forecast.survey import weibull_hazard
from tenfold.plan.belief import Belief

STAYS = np.exp(-np.concatenate([[0], weibull_hazard(52).cumsum()]))
ASSUMPTIONS = Assumptions((2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})


def test_what_is_expected_is_what_was_forecast():
    """Without contacts the belief's chances are those of the forecast; a contact every week holds a bond but for missed ones."""
    cohort = Cohort(
        person=np.stack([STAYS, STAYS, STAYS, 0 * STAYS]),
        a=np.array([0, 1, 2]),
        b=np.array([1, 2, 3]),
        pair=np.array([0, 1]),
        bond=np.stack([STAYS**3, STAYS**3]),
        known=np.ones(3, bool),
        no_shared_language=np.zeros(3, bool),
        person_after=weibull_hazard(53),
        bond_after=weibull_hazard(53),
    )
    untended = Belief(cohort, ASSUMPTIONS)
    for _ in range(12):
        untended.advance(np.zeros(0, np.int64))
    assert untended.alive[:2] == pytest.approx(STAYS[12])
    assert untended.active[:3] == pytest.approx(STAYS[12])
    tended = Belief(cohort, ASSUMPTIONS)
    for _ in range(12):
        tended.advance(np.array([0]))
    assert tended.alive[0] > 0.8 > untended.alive[0]
    assert tended.alive[1] == pytest.approx(untended.alive[1])
    assert (tended.active[:2] > untended.active[:2]).all()
    success, bond, person = tended.gains(np.array([0, 1, 2]))
    assert ((success >= 0) & (success <= 1)).all()
    assert (bond[[0, 2]] > 0).all()
    assert (person[:3] > 0).all()
    called = Belief(cohort, ASSUMPTIONS)
    called.advance(np.array([2]))
    assert called.active[3] == pytest.approx(0.8 * 0.3 * 0.12 * np.exp(-weibull_hazard()[0]), rel=0.1)
