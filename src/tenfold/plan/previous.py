"""What the last plan decided, and how much of it may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

__all__ = ["MOVABLE", "Previous"]

MOVABLE = 0.1
"""Share of the people with a circle in the last plan whom a new plan moves at most."""


@dataclass(frozen=True)
class Previous:
    """The last plan; without arguments: there is none.

    `circle_of`: circle of each person by id, from 1. `movable`: share of these people whom the new plan may move, 0 to 1.
    """

    circle_of: Mapping[str, int] = field(default_factory=dict)
    movable: float = MOVABLE

    @classmethod
    def of(cls, circles: pl.DataFrame | None) -> Previous:
        """From the frame `Plan.circles` of the last plan; None: there is none."""
        return cls({} if circles is None else dict(circles.select("person", "circle").iter_rows()))

    def changes(self, ids: Iterable[str], circles: Iterable[int]) -> pl.DataFrame:
        """`person`, `before` (null: new), `now`: who is in another circle than in the last plan; `circles` are numbered from 0."""
        moved = [
            {"person": one, "before": self.circle_of.get(one), "now": int(circle) + 1}
            for one, circle in zip(ids, circles, strict=True)
            if self.circle_of and self.circle_of.get(one) != int(circle) + 1
        ]
        return pl.DataFrame(moved, schema={"person": pl.String, "before": pl.Int64, "now": pl.Int64})
