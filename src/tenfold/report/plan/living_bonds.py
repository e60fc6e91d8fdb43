"""Living bonds of a plan's people, and the links that they make between circles."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["circle_links", "living_bonds", "strongest_links"]


def living_bonds(report: PlanReport) -> pl.DataFrame:
    """Bonds that are not lost: `a`, `b`, `strength`."""
    return report.bonds.filter(pl.col("standing") != "lost").select(pl.col("a", "b").cast(pl.String), "strength")


def circle_links(report: PlanReport, most: int) -> pl.DataFrame:
    """The `most` strongest pairs of circles `one`, `two`, by the sum of the `strength` of the `bonds` between them."""
    people = report.plan.circles.select("person", "circle")
    ends = living_bonds(report).join(people.rename({"person": "a", "circle": "one"}), on="a")
    ends = ends.join(people.rename({"person": "b", "circle": "two"}), on="b").filter(pl.col("one") != pl.col("two"))
    pairs = ends.select("strength", one=pl.min_horizontal("one", "two"), two=pl.max_horizontal("one", "two"))
    pairs = pairs.group_by("one", "two").agg(bonds=pl.len(), strength=pl.col("strength").sum())
    return pairs.sort("strength", "one", "two", descending=[True, False, False]).head(most)


def strongest_links(report: PlanReport, most: int) -> list[dict[str, Any]]:
    """The strongest pairs of circles with the addresses of both, as rows."""
    pairs, address = circle_links(report, most), report.plan.circle_table.select("circle", "address")
    for end in ("one", "two"):
        pairs = pairs.join(
            address.rename({"circle": end, "address": f"{end}_address"}), on=end, how="left", maintain_order="left"
        )
    return pairs.to_dicts()
