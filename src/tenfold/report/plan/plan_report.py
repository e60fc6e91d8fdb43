"""The data of the report of a plan: the plan, what it rests on, and names for ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import polars as pl

from tenfold.people.roster import People
from tenfold.plan.mentors.result import MentorPlacement
from tenfold.plan.plan import Plan

__all__ = ["PlanReport"]

MISSING = {"person": pl.String, "came": pl.String, "since": pl.Date, "held": pl.UInt32}


@dataclass(frozen=True)
class PlanReport:
    """A plan and what it rests on.

    `title`: of the page. `at`: the moment of the plan. `people`: everybody on the list. `bonds`: `Bonds.table`. `standing`: of
    `measure_standing`. `quality`: facts about the data. `duplicates`: pairs of entries that may be one person. `provenance`: seed,
    versions, hashes of inputs. `outreach`: the mentors that were chosen for their reach, or None. `announced`: what the calendars say;
    None: as for a first plan. `missing`: who came regularly and is missing, of `missing_people`.
    `checked`: what plans said about dates that have passed (`said`, `words`), and what `came`, and whether it `held`; may be empty.
    """

    title: str
    at: datetime
    plan: Plan
    people: People
    bonds: pl.DataFrame
    standing: pl.DataFrame
    quality: dict[str, int]
    duplicates: pl.DataFrame
    provenance: dict[str, str] = field(default_factory=dict)
    outreach: MentorPlacement | None = None
    announced: pl.DataFrame | None = None
    missing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MISSING))
    checked: pl.DataFrame = field(default_factory=pl.DataFrame)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name by id; where two people share a name, the id is added."""
        return self.people.display_names()

    def name(self, person: str | None) -> str:
        """The name of a person; empty for None."""
        return "" if person is None else self.names.get(person, person)

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of the workbook and the CSV files by name; a column of ids is followed by one of names."""
        plan = self.plan
        frames = {
            "this_week": plan.this_week,
            "left_out": plan.left_out,
            "circles": plan.circles,
            "circle_table": plan.circle_table,
            "mentors": plan.mentors,
            "bridges": plan.bridges,
            "standing": self.standing,
            "bonds": self.bonds.drop("ratio"),
            "forecast": plan.forecast,
            "comparison": plan.comparison,
            "assumptions": plan.hazards,
            "chances": plan.risks,
            "statements": plan.statements,
            "reliability": plan.reliability,
            "unmet": plan.unmet,
            "excluded": plan.excluded,
            "changes": plan.changes,
            "carers": plan.carers,
            "curve": plan.curve,
            "missing": self.missing,
            "probable_duplicates": self.duplicates,
        } | ({} if self.outreach is None else self.outreach.tables())
        return {name: self._with_names(frame) for name, frame in frames.items()}

    def _with_names(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with a column of names after each column of ids."""
        people = [one for one in ("who", "whom", "person", "first_contact", "mentor", "backup", "a", "b") if one in frame.columns]
        columns: list[pl.Expr] = []
        for column in frame.columns:
            columns.append(pl.col(column))
            if column in people:
                named = pl.col(column).cast(pl.String).replace_strict(self.names, default=pl.col(column).cast(pl.String))
                columns.append(named.alias(f"{column}_name"))
        return frame.select(columns)
