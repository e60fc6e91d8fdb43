"""Tables of other libraries as Polars frames: pandas, whatever hands itself over as a stream of Arrow, and mappings of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tenfold import checks
from tenfold.errors import DataError

__all__ = ["as_frame"]

_ABSENT = {"NAType", "NaTType"}
"""Types of pandas' marks for a value that is not there."""


def as_frame(given: Any, needed: list[str], where: str) -> pl.DataFrame:
    """The needed columns of a table as a Polars frame; a Polars frame as it is.

    Pandas itself is not imported: its columns are taken one by one, as arrays.

    Raises
    ------
    DataError
        Something that is no table, lacks a column, or holds a column that is of no one kind.

    Examples
    --------
    >>> as_frame({"a": [1, 2], "b": ["x", None]}, ["b"], "edges")["b"].to_list()
    ['x', None]
    """
    if isinstance(given, pl.LazyFrame):
        given = given.collect()
    if isinstance(given, pl.DataFrame):
        checks.columns(given, needed, where)
        return given
    if isinstance(given, Mapping):
        names = list(given)
    elif hasattr(given, "columns") and hasattr(given, "__getitem__"):
        names = [str(name) for name in given.columns]
    elif hasattr(given, "__arrow_c_stream__"):
        return as_frame(_from_arrow(given, where), needed, where)
    else:
        raise DataError(f"{where}: is a {type(given).__name__}; expected a table (Polars, pandas, or a mapping of columns).")
    for name in needed:
        if names.count(name) > 1:
            raise DataError(f"{where}: has {names.count(name)} columns '{name}'; expected one. Rename them.")
    checks.columns(pl.DataFrame(schema=dict.fromkeys(names, pl.Null)), needed, where)
    columns = [_column(given[name], name, where) for name in dict.fromkeys(needed)]
    if len({len(column) for column in columns}) > 1:
        raise DataError(f"{where}: its columns have different lengths; expected a value of each in a row.")
    return pl.DataFrame(columns)


def _from_arrow(given: Any, where: str) -> pl.DataFrame:
    """A frame from a table that hands itself over as a stream of Arrow."""
    try:
        return pl.DataFrame(given)
    except Exception as error:  # whatever the other library raises
        raise DataError(f"{where}: the table cannot be read ({_first_line(error)}). Hand over a Polars frame.") from None


def _column(given: Any, name: str, where: str) -> pl.Series:
    """One column, with null where a value is absent (None, NaN in text, pandas' NA and NaT)."""
    try:
        if isinstance(given, pl.Series):
            return given.alias(name)
        values = np.asarray(given.to_numpy() if hasattr(given, "to_numpy") else given)
        if values.ndim != 1:
            raise DataError(f"{where}: '{name}' has {values.ndim} dimensions; expected one value in a row.")
        if values.dtype.kind != "O":
            return pl.Series(name, values.tolist() if values.dtype.kind in "US" else values)
        plain = [None if _absent(one) else one.item() if isinstance(one, np.generic) else one for one in values.tolist()]
        return pl.Series(name, plain)
    except (TypeError, ValueError, OverflowError, UnicodeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{where}: '{name}' holds values of several kinds ({_first_line(error)}). Convert the column.") from None


def _absent(one: Any) -> bool:
    return one is None or type(one).__name__ in _ABSENT or (isinstance(one, float) and one != one)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]
