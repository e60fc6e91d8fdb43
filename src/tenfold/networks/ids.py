"""Ids and numbers: whole numbers that are checked, and numbers for ids of any kind."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError

__all__ = ["MOST", "ends", "number", "size_for"]

MOST = 2**31 - 1
"""As many arcs, memberships or people a network may hold: their numbers fit 32 bits."""


def ends(given: ArrayLike, name: str, where: str) -> NDArray[np.int32]:
    """Whole numbers from 0 on, as they are if they have 32 bits already."""
    try:
        found = np.asarray(given)
    except (ValueError, TypeError):
        raise DataError(f"{where}: {name} is no list of whole numbers.") from None
    if found.size == 0:
        return np.zeros(0, np.int32)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise DataError(f"{where}: {name} holds {found.dtype} in {found.ndim} dimensions; expected a list of whole numbers.")
    if found.size > MOST:
        raise DataError(f"{where}: {name} holds {found.size} numbers; at most {MOST} are allowed. Split the network.")
    if found.min() < 0 or found.max() >= MOST:
        raise DataError(f"{where}: {name} holds {found.min() if found.min() < 0 else found.max()}; expected 0 to {MOST - 1}.")
    return np.ascontiguousarray(found, np.int32)


def size_for(n: int | None, where: str, *numbers: NDArray[np.int32]) -> int:
    """The number of people: as given, if all numbers are below it, or the largest plus one."""
    most = max((int(one.max()) + 1 for one in numbers if len(one)), default=0)
    size = most if n is None else checks.whole(n, "n", low=0, high=MOST)
    if most > size:
        raise DataError(f"{where}: end {most - 1} is out of range; expected whole numbers from 0 to {size - 1}.")
    return size


def number(where: str, *columns: pl.Series) -> tuple[pl.Series, list[NDArray[np.int32]]]:
    """The ids in all columns, sorted and each once, and every column as places among them."""
    for one in columns:
        if one.null_count() or (one.dtype.is_float() and one.is_nan().any()):
            raise DataError(f"{where}: '{one.name}' is empty in a row; every row needs all its ids. Fill it or drop the row.")
    try:
        plain = [_plain(one) for one in columns]
        kinds = {str(one.dtype) for one in plain if len(one)}
        if len(kinds) > 1:
            raise DataError(f"{where}: ids are of the kinds {' and '.join(sorted(kinds))}; expected one kind. Convert a column.")
        labels = pl.concat([one.alias("id") for one in plain if len(one)] or [plain[0].alias("id")]).unique().sort()
        return labels, [_places(labels, one) for one in plain]
    except pl.exceptions.PolarsError:
        raise DataError(f"{where}: ids are of the kind {columns[0].dtype}; expected numbers or text.") from None


def _plain(ids: pl.Series) -> pl.Series:
    """Whole numbers in 64 bits, categories as text, all else as it is."""
    if ids.dtype.is_nested() or ids.dtype == pl.Object:
        raise DataError(f"ids: '{ids.name}' holds {ids.dtype}; expected numbers or text.")
    if ids.dtype.is_integer() and ids.dtype not in (pl.UInt64, pl.Int128):
        return ids.cast(pl.Int64)
    return ids.cast(pl.String) if ids.dtype in (pl.Categorical, pl.Enum) else ids


def _places(labels: pl.Series, ids: pl.Series) -> NDArray[np.int32]:
    if not len(ids):
        return np.zeros(0, np.int32)
    if labels.dtype == pl.String:
        return np.asarray(ids.cast(pl.Enum(labels)).to_physical().to_numpy(), np.int32)
    if labels.dtype == pl.Int64 and int(labels[-1]) - int(labels[0]) == len(labels) - 1:  # no gaps
        return np.asarray(ids.to_numpy() - labels[0], np.int32)
    return np.asarray(labels.search_sorted(ids).to_numpy(), np.int32)
