"""Bonds: how many have each standing, and the strong ones that are fading."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_FADING", "content"]

MAX_FADING = 50
"""Fading bonds that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    counts = dict(report.bonds.group_by("standing").len().iter_rows())
    return {
        "total": report.bonds.height,
        "standings": [(name, counts.get(name, 0)) for name in ("kept", "due", "fading", "lost")],
        "fading": _strongest_fading(report.bonds),
        "half_life": f"{report.plan.settings['half_life_days']:g} days",
    }


def _strongest_fading(bonds: pl.DataFrame) -> list[dict[str, Any]]:
    """The strongest bonds that are due or fading."""
    fading = bonds.filter(pl.col("standing").is_in(["due", "fading"]))
    return fading.sort("strength", "a", "b", descending=[True, False, False]).head(MAX_FADING).to_dicts()
