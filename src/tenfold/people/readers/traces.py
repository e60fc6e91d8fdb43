"""Traces of research: SocioPatterns ``t i j [class_i class_j]`` and SNAP ``i j t``, blanks between the fields, no header."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.rows import Rows
from tenfold.people.readers.sheets import ROW

__all__ = ["is_trace", "parse_trace"]

_SNIFFED = re.compile(r"\d+(\.\d+)?[ \t]+\d+[ \t]+\d+(\.\d+)?(([ \t]+(?=\S*[A-Za-z])\S+){2})?")
_FIELDS = r"^(\S+)\s+(\S+)\s+(\S+)(\s+\S+)?(\s+\S+)?$"
_SINCE_1970, _MILLISECONDS, _MOST = (
    1e8,
    1e11,
    1e14,
)  # seconds from the first on are dates, numbers from the second on milliseconds


def is_trace(data: bytes) -> bool:
    """Whether the first line is three numbers with blanks between, and perhaps two classes after them."""
    lines = data[:65_536].decode("latin-1").split("\n")
    if len(data) > 65_536:
        lines.pop()
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "%"))]
    return bool(lines) and _SNIFFED.fullmatch(lines[0].strip()) is not None


def parse_trace(text: str, form: str | None, where: str, now: datetime, *, skip_bad: bool) -> tuple[Rows, str]:
    """Rows of `time`, `a`, `b` as text ids, and the form: ``sociopatterns`` or ``snap``.

    Seconds are taken as seconds since 1970, also where a study counts from its own start. Contacts with oneself are left out and counted.
    """
    lines = pl.DataFrame({"line": [text]}).select(pl.col("line").str.split("\n")).explode("line")
    lines = lines.with_row_index(ROW, offset=1).with_columns(pl.col("line").str.strip_chars())
    lines = lines.filter((pl.col("line") != "") & ~pl.col("line").str.contains("^[#%]"))
    rows = Rows(lines, where, skip_bad=skip_bad)
    fields = lines["line"].str.extract_groups(_FIELDS).struct.unnest()
    rows.frame = lines.with_columns(
        first=fields["1"], second=fields["2"], third=fields["3"], fourth=fields["4"], fifth=fields["5"]
    )
    rows.refuse(rows.frame["first"].is_null(), "is no contact", "line", "expected three fields, t i j or i j t. Correct it")
    if not rows.frame.height:
        raise DataError(f"{where}: holds no contact; expected lines of t i j or i j t.")
    form = form or _form(rows.frame, where)
    time, a, b = ("first", "second", "third") if form == "sociopatterns" else ("third", "first", "second")
    number = rows.frame[time].cast(pl.Float64, strict=False)
    rows.set(number.alias("seconds"))
    expected = (
        "expected " + ("t i j" if form == "sociopatterns" else "i j t") + ", with t in seconds. Correct it, or say --format"
    )
    rows.refuse(~number.is_between(0, _MOST).fill_null(False), "holds no time", "line", expected)
    if rows.frame["fourth"].null_count() < rows.frame.height:
        rows.notes.append("the fields after the third are not used")
    scale = pl.when(pl.col("seconds") < _MILLISECONDS).then(1e6).otherwise(1e3)
    rows.frame = rows.frame.select(
        ROW,
        "line",
        (pl.col("seconds") * scale).round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("time"),
        pl.col(a).alias("a"),
        pl.col(b).alias("b"),
    )
    late = rows.frame["time"] > now + timedelta(days=1)
    rows.refuse(late, "is in the future", "line", f"expected a time up to now ({now:%Y-%m-%d}). Correct it, or say --format")
    rows.drop(rows.frame["a"] == rows.frame["b"], "with oneself")
    rows.frame = rows.frame.select("time", "a", "b")
    return rows, form


def _form(frame: pl.DataFrame, where: str) -> str:
    """Which field is the time: the one that alone looks like a date, alone never falls, or is alone far larger than the other two."""
    if frame["fifth"].null_count() == 0:
        return "sociopatterns"
    first, middle, last = (frame[name].cast(pl.Float64, strict=False).fill_nan(None) for name in ("first", "second", "third"))
    if not first.null_count() and not last.null_count():
        low = [float(frame.select(column.min()).item()) for column in (first, last)]
        high = [float(frame.select(column.max()).item()) for column in (first, last)]
        ids = float(frame.select(middle.max()).item() or 0)
        if low[1] >= _SINCE_1970 > max(high[0], ids):
            return "snap"
        if low[0] >= _SINCE_1970 > max(high[1], ids):
            return "sociopatterns"
        rises = [_rises(column) for column in (first, last)]
        if rises[0] >= 0.99 and rises[1] < 0.9:
            return "sociopatterns"
        if rises[1] >= 0.99 and rises[0] < 0.9:
            return "snap"
        if low[0] > 10_000 and low[0] > 10 * max(high[1], ids):
            return "sociopatterns"
        if low[1] > 10_000 and low[1] > 10 * max(high[0], ids):
            return "snap"
    raise DataError(f"{where}: may be 't i j' or 'i j t'; nothing tells which. Say --format sociopatterns or --format snap.")


def _rises(column: pl.Series) -> float:
    """Share of the steps on which a column does not fall."""
    steps = column.diff().drop_nulls()
    return float((steps >= 0).sum()) / len(steps) if len(steps) else 1.0
