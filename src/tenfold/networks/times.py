"""Times of contacts as seconds: numbers, dates, ISO 8601 text. What could be read in two ways is refused, what is guessed is said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import DataError
from tenfold.notebook import one_line

__all__ = ["finite_numbers", "seconds_of"]

SURELY_MILLISECONDS = 10**11
"""Seconds since 1970 are below this until the year 5138, milliseconds have been above it since 1973."""

_DAY_OR_MONTH_FIRST = r"^\s*[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}\b"


def finite_numbers(given: ArrayLike, name: str) -> NDArray[np.float64]:
    """Times in seconds as finite numbers in one dimension."""
    try:
        values = np.asarray(given)
        values = values.astype(np.float64) if values.dtype.kind in "iuf" or not values.size else np.zeros((0, 0))
    except (ValueError, TypeError, OverflowError):
        values = np.zeros((0, 0))
    if values.ndim != 1:
        raise DataError(f"contacts: {name} is no list of numbers; expected the seconds of each contact.")
    if not np.isfinite(values).all():
        raise DataError(f"contacts: {name} {int(np.argmin(np.isfinite(values)))} is no finite number; expected seconds.")
    return values


def seconds_of(time: pl.Series) -> tuple[NDArray[np.float64], str]:
    """Times as seconds since 1970, or as the seconds they are; and a sentence on what they were taken for.

    Raises
    ------
    DataError
        Times that are neither numbers, dates nor ISO 8601 text, or whose day and month are unclear.
    """
    note = "Times: numbers, taken as seconds."
    try:
        if time.dtype == pl.String:
            seconds = time.cast(pl.Float64, strict=False)
            if seconds.null_count() > time.null_count() or seconds.is_infinite().any():
                seconds = _from_text(time)
                note = "Times: dates and times in ISO 8601; those without a zone are taken as UTC."
        elif time.dtype == pl.Datetime or time.dtype == pl.Date:
            seconds, note = time.cast(pl.Datetime("us")).dt.epoch("us") / 1e6, "Times: dates and times; without a zone, UTC."
        elif time.dtype.is_numeric():
            seconds = time.cast(pl.Float64)
        else:
            raise DataError(f"contacts: time holds {time.dtype}; expected seconds, dates or ISO 8601 text.")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OverflowError):
        raise DataError("contacts: time cannot be read; expected seconds, dates or ISO 8601 text.") from None
    if seconds.null_count():
        at = int(seconds.is_null().arg_max() or 0)
        raise DataError(f"contacts: time {at} is {_shown(time, at)!r}; expected seconds, a date or ISO 8601 text.")
    values: NDArray[np.float64] = seconds.to_numpy()
    if len(values) and time.dtype != pl.Datetime and time.dtype != pl.Date and note.startswith("Times: numbers"):
        return _from_numbers(values)
    return values, note


def _shown(time: pl.Series, at: int) -> str:
    """A time for a message, as text: Python knows fewer than Polars."""
    return one_line(time.slice(at, 1).cast(pl.String, strict=False)[0])


def _from_text(time: pl.Series) -> pl.Series:
    """Dates and times in ISO 8601 as seconds since 1970; null where a text is none."""
    if time.str.contains(_DAY_OR_MONTH_FIRST).any():
        at = int(time.str.contains(_DAY_OR_MONTH_FIRST).arg_max() or 0)
        raise DataError(f"contacts: time {at} is {_shown(time, at)!r}, whose day and month are unclear; expected ISO 8601.")
    plain = time.str.strip_chars()
    try:
        found = plain.str.to_datetime(strict=False, time_zone="UTC")
    except pl.exceptions.PolarsError:
        found = pl.Series(time.name, [None] * len(time), pl.Datetime("us", "UTC"))
    if found.null_count() > time.null_count():
        distinct = plain.unique().drop_nulls()
        if len(distinct) <= 10**6:
            read = {one: moment for one in distinct.to_list() if (moment := _moment(one)) is not None}
            texts = pl.Series(list(read), dtype=pl.String)
            moments = pl.Series(list(read.values()), dtype=pl.Float64)
            return plain.replace_strict(texts, moments, default=None, return_dtype=pl.Float64)
    return found.dt.epoch("us") / 1e6


def _moment(text: str) -> float | None:
    """A text in ISO 8601, or with slashes as 2026/09/03, as seconds since 1970."""
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def _from_numbers(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], str]:
    """Numbers as seconds: those of a calendar (20260903) are days, very large ones are parts of a second."""
    days = _calendar_days(values)
    if days is not None:
        return days, "Times: dates written as numbers, year, month and day (20260903)."
    least = float(values.min())
    for power, unit in ((9, "nanoseconds"), (6, "microseconds"), (3, "milliseconds")):
        if least > SURELY_MILLISECONDS * 10.0 ** (power - 3):
            return values / 10.0**power, f"Times: numbers, taken as {unit} since 1970, as they are so large."
    return values, "Times: numbers, taken as seconds."


def _calendar_days(values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Seconds since 1970 of dates such as 20260903, if all numbers are such dates from 1900 to 2100."""
    if values.min() < 19000101 or values.max() > 21001231 or (values != np.floor(values)).any():
        return None
    number: Any = values.astype(np.int64)
    year, month, day = number // 10000, number // 100 % 100, number % 100
    if not ((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all():
        return None
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1).astype("timedelta64[M]")
    date = first.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    if (date.astype("datetime64[M]") != first).any():
        return None
    seconds: NDArray[np.float64] = date.astype("datetime64[s]").astype(np.float64)
    return seconds
