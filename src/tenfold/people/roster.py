"""The roster: the list of people, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tenfold import checks, notebook
from tenfold.errors import DataError

__all__ = ["PEOPLE_SCHEMA", "People"]

PEOPLE_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "name": pl.String(),
    "aliases": pl.String(),  # other names, separated by |
    "email": pl.String(),
    "language": pl.String(),  # languages, the first one best, separated by |
    "timezone": pl.String(),  # IANA name, such as Europe/Lisbon
    "place": pl.String(),
    "joined": pl.Date(),
    "role": pl.String(),  # "gone" for somebody who left
    "can_mentor": pl.Boolean(),
    "capacity": pl.Int64(),  # people whom this person can look after
    "degree": pl.Int64(),
    "availability": pl.String(),  # free hours in the person's own zone: "Mon-Fri 18-22; Sat 9-12"
    "paused_until": pl.Date(),
    "consent": pl.Boolean(),  # False: does not want to be contacted
}

GONE_ROLES = ("gone", "left", "former")


@dataclass(frozen=True)
class People:
    """People by `id`.

    `table` has one row a person and the columns of `PEOPLE_SCHEMA`; all but `id` may be null. `name` falls back to `id`.
    """

    table: pl.DataFrame

    def __repr__(self) -> str:
        """The roster in a line: how many people, and the first of them."""
        return notebook.line("People", [("people", len(self)), ("such as", notebook.few(self.table["name"]))])

    def __len__(self) -> int:
        return self.table.height

    @classmethod
    def from_table(cls, frame: pl.DataFrame) -> People:
        """Take a frame with at least `id`; canonical columns that are absent are filled with null, others are dropped.

        Raises
        ------
        DataError
            No `id`, an empty `id`, or an `id` that stands twice.

        Examples
        --------
        >>> People.from_table(pl.DataFrame({"id": ["ana", "binh"]})).table["name"].to_list()
        ['ana', 'binh']
        """
        checks.columns(frame, ["id"], "people")
        table = frame.select(
            frame[name].cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in PEOPLE_SCHEMA.items()
        )
        if table["id"].null_count() or (table["id"] == "").any():
            row = table.with_row_index("row").filter(pl.col("id").is_null() | (pl.col("id") == ""))["row"][0] + 1
            raise DataError(f"people row {row}: id is empty; every person needs an id of their own.")
        twice = table["id"].filter(table["id"].is_duplicated())
        if len(twice):
            raise DataError(
                f"people: id '{twice[0]}' stands {(twice == twice[0]).sum()} times; ids must differ. Merge the rows or rename one."
            )
        return cls(table.with_columns(pl.col("name").fill_null(pl.col("id"))))

    def display_names(self) -> dict[str, str]:
        """Name by id; where two people share a name, the id is added."""
        shared = set(self.table.filter(pl.col("name").is_duplicated())["id"])
        return {
            one: name if one not in shared else one if one.startswith(name) else f"{name} ({one})"
            for one, name in self.table.select("id", "name").iter_rows()
        }

    @classmethod
    def from_ids(cls, ids: Iterable[object]) -> People:
        """People of whom only the ids are known, sorted."""
        return cls.from_table(pl.DataFrame({"id": sorted({str(one) for one in ids})}, schema={"id": pl.String}))
