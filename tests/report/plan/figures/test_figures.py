"""The figures of the page: lines and points have names."""

import re

from tenfold.report.plan.figures.forecast import forecast_figure
from tenfold.report.plan.figures.trial import trial_figure


def test_every_figure_names_its_lines_and_points(made_up):
    drawn = forecast_figure(made_up, "people", "People in touch")
    assert ">with the plan</text>" in drawn
    assert ">without a plan</text>" in drawn
    assert "After 12 weeks: 25 without a plan, 30 with the plan." in drawn
    assert ">+7.0</text>" in trial_figure(made_up)
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", drawn)
