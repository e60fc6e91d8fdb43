"""Node ids and labels: whole numbers that are checked, and the encoding of labels of any kind as node ids 0..n−1."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError

__all__ = ["INT32_MAX", "encode_labels", "node_count", "node_ids"]

INT32_MAX = 2**31 - 1
"""The most arcs, memberships or people that a network may hold: they are numbered in 32 bits."""


def node_ids(given: ArrayLike, name: str, where: str) -> NDArray[np.int32]:
    """Whole numbers from 0 on as int32, without a copy where they are int32 already. `name`, `where`: for error messages."""
    try:
        ids = np.asarray(given)
    except (ValueError, TypeError):
        raise DataError(f"{where}: {name} is no list of whole numbers.") from None
    if ids.size == 0:
        return np.zeros(0, np.int32)
    if ids.ndim != 1 or ids.dtype.kind not in "iu":
        raise DataError(f"{where}: {name} holds {ids.dtype} in {ids.ndim} dimensions; expected a list of whole numbers.")
    if ids.size > INT32_MAX:
        raise DataError(f"{where}: {name} holds {ids.size} numbers; at most {INT32_MAX} are allowed. Split the network.")
    if ids.min() < 0 or ids.max() >= INT32_MAX:
        wrong = ids.min() if ids.min() < 0 else ids.max()
        raise DataError(f"{where}: {name} holds {wrong}; expected 0 to {INT32_MAX - 1}.")
    return np.ascontiguousarray(ids, np.int32)


def node_count(n: int | None, where: str, *columns: NDArray[np.int32]) -> int:
    """The number of nodes: n, if all ids are below it, or the largest id plus one if n is None."""
    least = max((int(ids.max()) + 1 for ids in columns if len(ids)), default=0)
    count = least if n is None else checks.whole(n, "n", low=0, high=INT32_MAX)
    if least > count:
        raise DataError(f"{where}: end {least - 1} is out of range; expected whole numbers from 0 to {count - 1}.")
    return count


def encode_labels(where: str, *columns: pl.Series) -> tuple[pl.Series, list[NDArray[np.int32]]]:
    """The distinct labels of all columns, sorted, and each column as positions among them (node ids)."""
    for column in columns:
        if column.null_count() or (column.dtype.is_float() and column.is_nan().any()):
            raise DataError(f"{where}: '{column.name}' is empty in a row; every row needs all its ids. Fill it or drop the row.")
    try:
        plain = [_plain_dtype(column) for column in columns]
        kinds = {str(column.dtype) for column in plain if len(column)}
        if len(kinds) > 1:
            raise DataError(f"{where}: ids are of the kinds {' and '.join(sorted(kinds))}; expected one kind. Convert a column.")
        filled = [column.alias("id") for column in plain if len(column)] or [plain[0].alias("id")]
        labels = pl.concat(filled).unique().sort()
        return labels, [_positions(labels, column) for column in plain]
    except pl.exceptions.PolarsError:
        raise DataError(f"{where}: ids are of the kind {columns[0].dtype}; expected numbers or text.") from None


def _plain_dtype(column: pl.Series) -> pl.Series:
    """Whole numbers in 64 bits, categories as text, all else as it is."""
    if column.dtype.is_nested() or column.dtype == pl.Object:
        raise DataError(f"ids: '{column.name}' holds {column.dtype}; expected numbers or text.")
    if column.dtype.is_integer() and column.dtype not in (pl.UInt64, pl.Int128):
        return column.cast(pl.Int64)
    return column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column


def _positions(labels: pl.Series, column: pl.Series) -> NDArray[np.int32]:
    """The position of each entry of `column` in `labels`, which are sorted and distinct."""
    if not len(column):
        return np.zeros(0, np.int32)
    if labels.dtype == pl.String:
        return np.asarray(column.cast(pl.Enum(labels)).to_physical().to_numpy(), np.int32)
    if labels.dtype == pl.Int64 and int(labels[-1]) - int(labels[0]) == len(labels) - 1:  # no gaps
        return np.asarray(column.to_numpy() - labels[0], np.int32)
    return np.asarray(labels.search_sorted(column).to_numpy(), np.int32)
