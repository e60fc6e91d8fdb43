"""Times in text. Inside, every time is UTC."""

from __future__ import annotations

import polars as pl

__all__ = ["iso"]

_ISO = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def iso(column: pl.Series) -> pl.Series:
    """ISO 8601 text as UTC times (microseconds); null where it is no such text. Without a zone it is taken as UTC."""
    found = column.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    plain = column.str.replace("T", " ", literal=True)
    for form in _ISO:
        if found.null_count() == column.null_count():
            break
        dates = plain.str.to_date(form, strict=False).cast(pl.Datetime("us")) if form == "%Y-%m-%d" else None
        times = dates if dates is not None else plain.str.to_datetime(form, time_unit="us", strict=False)
        found = found.fill_null(times.dt.replace_time_zone("UTC"))
    return found
