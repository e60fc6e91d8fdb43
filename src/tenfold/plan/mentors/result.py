"""Mentors of a community, as frames."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["MentorPlacement"]


@dataclass(frozen=True)
class MentorPlacement:
    """Who should be a mentor, and why; people by id.

    Attributes
    ----------
    mentors
        `mentor`, `group`, `reaches` (people expected to be reached from this mentor alone), `adds` (beside those before), `together` (from
        this mentor and those before), `only` (whom no other mentor reaches), `only_in` (the group with most of these), `only_there` (how
        many), `looks_after`, `capacity`, `backup` (where everybody able is chosen, the nearest mentor), `reason` (words).
    care
        `mentor`, `person`, `steps` (bonds on the shortest path between them; null: there is none).
    groups
        `group`, `people`, `mentors`, `with_mentors`, `at_random` (people expected to be reached from these mentors, and from as many
        drawn at random among those who could be, on the same random numbers), `low`, `high` (95 % interval of the difference).
    left
        `person`, `why`: whom no mentor reaches in any run, or for whom no mentor has capacity.
    reach, low, high
        People expected to be reached, and the bounds that `choose_seeds` guarantees. `guarantee` in words; `people`: of how many.
    at_random
        People expected to be reached from as many mentors drawn at random among those who could be.
    all_chosen
        Whether nobody else could be a mentor, so that there was nothing to choose.
    settings
        What they were chosen with.
    """

    mentors: pl.DataFrame
    care: pl.DataFrame
    groups: pl.DataFrame
    left: pl.DataFrame
    reach: float
    low: float
    high: float
    at_random: float
    people: int
    all_chosen: bool
    guarantee: str
    settings: dict[str, object]

    def sentence(self) -> str:
        """What an organiser should know first."""
        few, many = self.mentors.head(10), self.mentors.height
        reached = float(self.groups["with_mentors"].sum())
        first = f"{many} {'mentor reaches' if many == 1 else 'mentors reach'} {reached:,.0f} of {self.people:,} people expected"
        if few.height < many:
            first += f"; the first {few.height} alone {few['together'][-1]:,.0f}"
        if self.all_chosen:
            return f"{first}. These are all who can be mentors."
        return f"{first}. As many drawn at random among those who could be would reach {self.at_random:,.0f}."

    def tables(self) -> dict[str, pl.DataFrame]:
        """All frames by name."""
        return {"reach_mentors": self.mentors, "reach_care": self.care, "reach_groups": self.groups, "reach_left": self.left}
