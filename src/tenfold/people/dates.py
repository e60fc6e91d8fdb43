"""Times in text. Inside, every time is UTC."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["Times", "iso", "parse_times"]

_ISO = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
_ORDERED = (
    r"^\s*(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\.?"
    r"(?:[\sT,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(?i:([ap])\.?m?\.?)?)?\s*$"
)
_EPOCH, _EPOCH_MS = 1e8, 1e11  # numbers from here on are seconds, milliseconds since 1970


@dataclass(frozen=True)
class Times:
    """`times`: UTC, null where the text is no time. `order`: "day first" or "month first" where that was needed and decided by the column.
    `ambiguous`: the index of a text whose day and month cannot be told apart. `contradicts`: the indexes of two texts of which one can only be day first
    and the other only month first."""

    times: pl.Series
    order: str | None = None
    ambiguous: int | None = None
    contradicts: tuple[int, int] | None = None


def parse_times(column: pl.Series, dayfirst: bool | None = None) -> Times:
    """Parse ISO 8601, ``D/M/Y`` or ``M/D/Y`` (also with ``.`` or ``-``, two-digit years, ``HH:MM[:SS]``, am and pm), and seconds or milliseconds since 1970.

    Parameters
    ----------
    column
        Text, or a column that holds times or numbers already.
    dayfirst
        How to read ``03/04/2026``; None: as the other texts of the column decide, and if none does, the result says that it is ambiguous.
    """
    if isinstance(column.dtype, pl.Datetime):
        zoned = column if column.dtype.time_zone else column.dt.replace_time_zone("UTC")
        return Times(zoned.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
    if column.dtype == pl.Date:
        return Times(column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    if column.dtype.is_numeric():
        return Times(_epoch(column.cast(pl.Float64)))
    column = column.cast(pl.String).str.strip_chars()
    found = iso(column)
    missing = found.is_null() & column.is_not_null() & (column != "")
    if not missing.any():
        return Times(found)
    found = found.fill_null(_epoch(column.cast(pl.Float64, strict=False)))
    parts = column.to_frame("text").select(
        *(pl.col("text").str.extract(_ORDERED, k).cast(pl.Int64, strict=False).alias(f"p{k}") for k in range(1, 7)),
        pl.col("text").str.extract(_ORDERED, 7).str.to_lowercase().alias("half"),
    )
    open_rows = found.is_null() & parts["p1"].is_not_null()
    small = open_rows & (parts["p1"] < 1000)
    day_only = (small & (parts["p1"] > 12)).arg_true()
    month_only = (small & (parts["p2"] > 12)).arg_true()
    order = dayfirst
    if order is None and small.any():
        if len(day_only) and len(month_only):
            return Times(found, contradicts=(int(day_only[0]), int(month_only[0])))
        unclear = (small & (parts["p1"] != parts["p2"])).arg_true()
        if not len(day_only) and not len(month_only) and len(unclear):
            return Times(found, ambiguous=int(unclear[0]))
        order = bool(len(day_only)) or not len(month_only)
    year_first = pl.col("p1") >= 1000
    hour = pl.col("p4").fill_null(0)
    hour = pl.when(pl.col("half") == "p").then(hour % 12 + 12).when(pl.col("half") == "a").then(hour % 12).otherwise(hour)
    year = pl.when(year_first).then(pl.col("p1")).otherwise(pl.col("p3"))
    year = pl.when(year < 100).then(year + pl.when(year < 70).then(2000).otherwise(1900)).otherwise(year)
    day, month = ("p1", "p2") if order else ("p2", "p1")
    text = pl.format(
        "{}-{}-{} {}:{}:{}",
        year,
        pl.when(year_first).then(pl.col("p2")).otherwise(pl.col(month)),
        pl.when(year_first).then(pl.col("p3")).otherwise(pl.col(day)),
        hour,
        pl.col("p5").fill_null(0),
        pl.col("p6").fill_null(0),
    )
    dates = parts.select(text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)).to_series()
    decided = None if dayfirst is not None or not small.any() else "day first" if order else "month first"
    return Times(found.fill_null(dates.dt.replace_time_zone("UTC")), order=decided)


def iso(column: pl.Series) -> pl.Series:
    """ISO 8601 text as UTC times (microseconds); null where it is no such text. Without a zone it is taken as UTC."""
    found = column.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    if found.null_count() == column.null_count():
        return found
    plain = column.str.replace("T", " ", literal=True)
    for form in _ISO:
        found = found.fill_null(plain.str.to_datetime(form, time_unit="us", strict=False).dt.replace_time_zone("UTC"))
    return found.fill_null(plain.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


def _epoch(numbers: pl.Series) -> pl.Series:
    """Seconds or milliseconds since 1970, null where a number is neither."""
    frame = numbers.to_frame("n")
    scale = (
        pl.when(pl.col("n").is_between(_EPOCH, _EPOCH_MS, closed="left"))
        .then(1e6)
        .when(pl.col("n").is_between(_EPOCH_MS, 1e14))
        .then(1e3)
    )
    return frame.select((pl.col("n") * scale).cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")).to_series()
