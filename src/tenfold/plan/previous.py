"""What the last plan decided, and how much of it may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

__all__ = ["CHANGES", "MOVABLE", "Previous"]

MOVABLE = 0.1
"""Share of the people with a circle in the last plan whom a new plan moves at most."""
CHANGES: dict[str, type[pl.DataType]] = {
    "what": pl.String,
    "person": pl.String,
    "before": pl.String,
    "now": pl.String,
    "circle": pl.Int64,
    "why": pl.String,
}


@dataclass(frozen=True)
class Previous:
    """The last plan; without arguments: there is none.

    Attributes
    ----------
    circle_of
        Circle of each person by id, from 1.
    seat_of
        Seat of each person in their circle.
    role
        Circle and role (mentor, backup) to the id of who has it.
    carer
        Who looks after each person, by id.
    names, addresses
        Of each circle, by number.
    parent, generation
        From which circle each came (0: from none), and how many came before it in that line, by number.
    movable
        Share of these people whom the new plan may move, 0 to 1.
    """

    circle_of: Mapping[str, int] = field(default_factory=dict)
    seat_of: Mapping[str, int] = field(default_factory=dict)
    role: Mapping[tuple[int, str], str] = field(default_factory=dict)
    carer: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    addresses: Mapping[int, str] = field(default_factory=dict)
    parent: Mapping[int, int] = field(default_factory=dict)
    generation: Mapping[int, int] = field(default_factory=dict)
    movable: float = MOVABLE

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame] | None) -> Previous:
        """From the frames of the last plan (`Plan.tables()`, or some of them; `circles` at least); None: there is none."""
        if tables is None:
            return cls()
        circles = tables["circles"]
        seats = circles["address"].str.extract(r"([0-9]+)$").cast(pl.Int64, strict=False)
        roles = circles.filter(pl.col("role") != "member").select("circle", "role", "person")
        table, carers = tables.get("circle_table", pl.DataFrame()), tables.get("carers", pl.DataFrame())

        def by_circle(column: str) -> dict[int, object]:
            return dict(table.select("circle", column).drop_nulls().iter_rows()) if column in table.columns else {}

        return cls(
            circle_of=dict(circles.select("person", "circle").iter_rows()),
            seat_of=dict(zip(circles["person"], seats, strict=True)),
            role={(circle, role): person for circle, role, person in roles.iter_rows()},
            carer=dict(carers.drop_nulls().iter_rows()) if carers.width == 2 else {},
            names={circle: str(name) for circle, name in by_circle("name").items()},
            addresses={circle: str(address) for circle, address in by_circle("address").items()},
            parent={circle: int(str(one)) for circle, one in by_circle("parent").items()},
            generation={circle: int(str(one)) for circle, one in by_circle("generation").items()},
        )

    def __bool__(self) -> bool:
        return bool(self.circle_of)

    def newcomers(self, ids: Iterable[str]) -> list[str]:
        """Those of some people who had no circle."""
        return [one for one in ids if one not in self.circle_of]
