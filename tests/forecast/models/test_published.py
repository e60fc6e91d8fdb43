"""Published fits: CDNOW (Pareto/NBD; BG/NBD is in `test_predict`) and the donations of the BG/BB paper."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from tenfold.forecast.models.bgbb import fit_bgbb
from tenfold.forecast.models.pareto_nbd import fit_pareto_nbd


def test_pareto_nbd_on_cdnow(shared_data):
    rows = [line.split() for line in (shared_data / "retention" / "cdnow_sample.txt").read_text().splitlines()]
    days = pl.DataFrame({"who": [row[0] + row[1] for row in rows], "day": [row[2] for row in rows]})
    end = date(1997, 9, 30)
    cases = (
        days.with_columns(pl.col("day").str.to_date("%Y%m%d"))
        .filter(pl.col("day") <= end)
        .group_by("who")
        .agg(first=pl.col("day").min(), last=pl.col("day").max(), x=pl.col("day").n_unique() - 1)
    )
    between = (cases["last"] - cases["first"]).dt.total_days().to_numpy() / 7
    observed = (pl.Series([end] * cases.height) - cases["first"]).dt.total_days().to_numpy() / 7
    model = fit_pareto_nbd(cases["x"].to_numpy(), between, observed)
    assert model.log_likelihood == pytest.approx(-9595.0, abs=0.1)
    assert (model.r, model.alpha, model.s, model.beta) == pytest.approx((0.553, 10.578, 0.606, 11.669), rel=3e-3)


def test_bgbb_on_the_donations(shared_data):
    rows = pl.read_csv(shared_data / "retention" / "donations_rf.csv")
    x, last, occasions, people = (rows[name].to_numpy().astype(float) for name in ("x", "t_x", "n", "people"))
    model = fit_bgbb(x, last, occasions, people)
    assert model.log_likelihood == pytest.approx(-33225.6, abs=0.1)
    assert (model.alpha, model.beta, model.gamma, model.delta) == pytest.approx((1.204, 0.750, 0.657, 2.783), rel=3e-3)
    each = model.expected(x, last, occasions, 5)
    assert (each * people).sum() == pytest.approx(12884, abs=10)
    by_count = [float(np.average(each[x == k], weights=people[x == k])) for k in range(7)]
    assert by_count == pytest.approx([0.073, 0.325, 0.709, 1.334, 2.031, 2.785, 3.753], abs=2e-3)
    assert model.returns(x, last, occasions, 1) == pytest.approx(model.expected(x, last, occasions, 1))
