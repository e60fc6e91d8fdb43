"""Tables of a plan as bytes: the columns as JSON, compressed.

Whoever made the file, reading them takes no more than a bounded amount of memory and runs no code: unlike Arrow, whose buffers say for
themselves how large they are.
"""

from __future__ import annotations

import json
import math
import zlib
from typing import Any

import polars as pl

__all__ = ["decode_table", "encode_table"]

MOST_BYTES = 512 << 20  # of a table, unpacked
MOST_RATIO, ALWAYS_ALLOWED = 200, 4 << 20
TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "yes or no": pl.Boolean(),
    "day": pl.Date(),
    "time": pl.Datetime("us", "UTC"),
    "nothing": pl.Null(),
}
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_DAYS = (-25_567, 2_932_896)  # 1900 to 9999, since 1970
_MICROSECONDS = (_DAYS[0] * 86_400_000_000, _DAYS[1] * 86_400_000_000)
_MOST_WHOLE = 2**53


def encode_table(frame: pl.DataFrame) -> bytes:
    """A table as bytes. Integers of all sizes become those of 64 bits."""
    columns = []
    for series in frame.iter_columns():
        kind = _kind_of(series)
        values = series.to_list() if kind not in ("day", "time") else series.to_physical().to_list()
        if kind == "number":
            values = [one if one is None or math.isfinite(one) else str(one) for one in values]
        columns.append([series.name, kind, values])
    return zlib.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(), 9)


def decode_table(data: object) -> pl.DataFrame:
    """The table that `encode_table` made bytes of.

    Raises
    ------
    ValueError
        The bytes are none that it made; the message says why.
    """
    if not isinstance(data, bytes):
        raise ValueError("it holds no bytes")
    columns = _unpack(data)
    if not isinstance(columns, list) or len(columns) > 100:
        raise ValueError("it is no list of columns")
    found: dict[str, pl.Series] = {}
    for one in columns:
        if not isinstance(one, list) or len(one) != 3 or not isinstance(one[0], str) or one[0] in found:
            raise ValueError("a column has no name of its own, type and values")
        name, kind, values = one
        if kind not in TYPES or not isinstance(values, list):
            raise ValueError("a column is of no type that is allowed")
        found[name] = _column(name[:100], kind, values)
    if len({len(one) for one in found.values()}) > 1:
        raise ValueError("its columns differ in length")
    return pl.DataFrame(list(found.values()))


def _kind_of(series: pl.Series) -> str:
    """The name of the type of a column."""
    if series.dtype.is_integer():
        return "whole"
    if series.dtype.is_float():
        return "number"
    found = next((name for name, kind in TYPES.items() if series.dtype == kind), None)
    if found is None:
        raise TypeError(f"column '{series.name}' holds {series.dtype}, which no table of a plan may")
    return found


def _unpack(data: bytes) -> Any:
    """The JSON in the bytes, which may not unpack to many times their size."""
    most = min(MOST_BYTES, max(ALWAYS_ALLOWED, MOST_RATIO * len(data)))
    unpack = zlib.decompressobj()
    try:
        text = unpack.decompress(data, most)
        if not unpack.eof:
            raise ValueError("it unpacks to more than is allowed" if unpack.unconsumed_tail else "its end is missing")
        return json.loads(text, parse_constant=_no_constant)
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError("it cannot be unpacked") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _no_constant(text: str) -> None:
    raise ValueError(f"it holds the number {text}")


def _column(name: str, kind: str, values: list[Any]) -> pl.Series:
    """A column of checked values."""
    types = set(map(type, values)) - {type(None)}
    if kind == "number":
        if str in types:
            values = [_SPECIAL.get(one, one) if isinstance(one, str) else one for one in values]
            types = set(map(type, values)) - {type(None)}
        values = (
            [float(one) if type(one) is int and abs(one) <= _MOST_WHOLE else one for one in values] if int in types else values
        )
        types = set(map(type, values)) - {type(None)}
    expected = {"text": str, "number": float, "yes or no": bool, "nothing": type(None)}.get(kind, int)
    if not types <= {expected}:
        raise ValueError(f"column '{name}' holds values of another type than {kind}")
    if expected is int and types:
        low, high = {"day": _DAYS, "time": _MICROSECONDS}.get(kind, (-_MOST_WHOLE, _MOST_WHOLE))
        if any(one is not None and not low <= one <= high for one in values):
            raise ValueError(f"column '{name}' holds values out of range")
    physical = {"day": pl.Int32(), "time": pl.Int64()}.get(kind)
    if kind == "text" and any(one is not None and _is_odd(one) for one in values):
        raise ValueError(f"column '{name}' holds texts that are none")
    series = pl.Series(name, values, dtype=physical or TYPES[kind])
    return (
        series.cast(TYPES[kind])
        if physical is None or kind == "day"
        else series.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )


def _is_odd(text: str) -> bool:
    """Whether a text has a NUL or half of a letter."""
    return "\x00" in text or (not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text))
