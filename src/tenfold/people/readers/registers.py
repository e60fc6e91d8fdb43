"""Registers: a row for each person and a column for each day or gathering, as rows of attendance."""

from __future__ import annotations

import polars as pl

from tenfold.people.readers.heading import Heading
from tenfold.people.readers.raw_table import ROW_NUMBER

__all__ = ["melt_register"]


def melt_register(table: pl.DataFrame, heading: Heading, event: str) -> pl.DataFrame:
    """Rows of attendance, one for each person and column: the columns that name people, `event`, `start` and `status`, as text.

    `event` names the gatherings of which the header has only the day.
    """
    naming = [pl.col(header).alias(column) for column, header in heading.match.found.items()]
    marks = {f"\x00{k}": day for k, day in enumerate(heading.days)}
    cells = [pl.col(day.header).cast(pl.String, strict=False).alias(key) for key, day in marks.items()]
    long = table.select(ROW_NUMBER, *naming, *cells).unpivot(
        on=list(marks), index=[ROW_NUMBER, *heading.match.found], variable_name="\x00day", value_name="status"
    )
    if heading.days[0].person:
        long = long.with_columns(name=pl.col("\x00day").replace_strict({key: day.header for key, day in marks.items()}))
        return long.with_columns(**({} if "event" in long.columns else {"event": pl.lit(event)})).drop("\x00day")
    return long.with_columns(
        start=pl.col("\x00day").replace_strict({key: day.date for key, day in marks.items()}),
        event=pl.col("\x00day").replace_strict({key: day.event or event for key, day in marks.items()}),
    ).drop("\x00day")
