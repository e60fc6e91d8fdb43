"""The result of a reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tenfold.people.readers.understanding import Understanding

__all__ = ["ParsedFile"]


@dataclass(frozen=True)
class ParsedFile:
    """A table of a file after parsing: its rows, and how it was understood.

    `what`: people, contacts or attendance. `frame`: parsed rows in canonical columns (times in UTC); of the columns that are not required,
    those that the file has. `mapping`: the header found for each canonical column. `read`: data rows in the file. `skipped`: rows left out,
    by reason. `notes`: what the person who imports should know. `sha256`: of the bytes of the file. `understanding`: what each column and
    word was taken for. `named`: what the file says of the people whom its rows name, `label`, `name`, `email`, where it says that.
    `made_ids`: whether the ids of a list of people were made from their names.
    """

    path: Path
    what: str
    format: str
    frame: pl.DataFrame
    mapping: dict[str, str]
    read: int
    encoding: str
    sha256: str
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    understanding: Understanding = field(default_factory=Understanding)
    named: pl.DataFrame | None = None
    made_ids: bool = False

    @property
    def preview(self) -> pl.DataFrame:
        """The first three parsed rows, without the columns that are empty in all rows."""
        return self.frame.select(name for name in self.frame.columns if self.frame[name].null_count() < self.frame.height).head(3)
