"""The survey's curve runs through what was read from it."""

import numpy as np
import pytest

from tenfold.forecast.survey import WEEKS_A_MONTH, weibull_hazard


def test_the_curve_runs_through_the_survey():
    cumulated = np.concatenate([[0], weibull_hazard().cumsum()])
    for months, left in ((1, 0.70), (3, 0.50), (12, 0.26)):
        assert np.exp(-np.interp(months * WEEKS_A_MONTH, np.arange(len(cumulated)), cumulated)) == pytest.approx(left, abs=0.02)
    assert (np.diff(weibull_hazard()) < 0).all()
