"""Contact traces of research, without a header: SocioPatterns ``t i j [class_i class_j]`` and SNAP ``i j t``."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.text_pieces import Kept, pieces_of_lines

__all__ = ["is_trace", "parse_trace"]

_FIRST_LINE = re.compile(r"[0-9]+(\.[0-9]+)?[ \t]+[0-9]+[ \t]+[0-9]+(\.[0-9]+)?(([ \t]+(?=\S*[A-Za-z])\S+){2})?")
FIELDS_BYTES = 40  # of the fields of a line, beyond the line, with what `Kept` leaves for working on them
_FIELDS = r"^(\S+)\s+(\S+)\s+(\S+)(\s+\S+)?(\s+\S+)?$"
_SINCE_1970, _MILLISECONDS, _MOST = 1e8, 1e11, 1e14  # from the first on: seconds that are dates; from the second on: milliseconds


def is_trace(data: bytes) -> bool:
    """Whether the first line is three numbers with blanks between, and perhaps two classes after them."""
    lines = data[:65_536].decode("latin-1").split("\n")
    if len(data) > 65_536:
        lines.pop()
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "%"))]
    return bool(lines) and _FIRST_LINE.fullmatch(lines[0].strip()) is not None


def parse_trace(text: str, layout: str | None, where: str, context: ReadContext) -> tuple[RowValidator, str]:
    """Rows of `time`, `a`, `b` (ids as text), and the layout: ``sociopatterns`` or ``snap``.

    Seconds are taken as seconds since 1970, also where a study counts from its own start. Contacts with oneself are left out and counted.
    """
    lines = _data_lines(text, where)
    rows = RowValidator(lines, where, context)
    now = context.now
    fields = lines["line"].str.extract_groups(_FIELDS).struct.unnest()
    rows.frame = lines.with_columns(
        first=fields["1"], second=fields["2"], third=fields["3"], fourth=fields["4"], fifth=fields["5"]
    )
    rows.reject(rows.frame["first"].is_null(), "is no contact", "line", "expected three fields, t i j or i j t. Correct it")
    if not rows.frame.height:
        raise DataError(f"{where}: holds no contact; expected lines of t i j or i j t.")
    layout = layout or _detect_layout(rows.frame, where)
    time, a, b = ("first", "second", "third") if layout == "sociopatterns" else ("third", "first", "second")
    number = rows.frame[time].cast(pl.Float64, strict=False)
    rows.set_column(number.alias("seconds"))
    expected = (
        "expected " + ("t i j" if layout == "sociopatterns" else "i j t") + ", with t in seconds. Correct it, or say --format"
    )
    rows.reject(~number.is_between(0, _MOST).fill_null(False), "holds no time", "line", expected)
    if rows.frame["fourth"].null_count() < rows.frame.height:
        rows.notes.append("the fields after the third are not used")
    scale = pl.when(pl.col("seconds") < _MILLISECONDS).then(1e6).otherwise(1e3)
    rows.frame = rows.frame.select(
        ROW_NUMBER,
        "line",
        (pl.col("seconds") * scale).round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("time"),
        pl.col(a).alias("a"),
        pl.col(b).alias("b"),
    )
    late = rows.frame["time"] > now + timedelta(days=1)
    rows.reject(late, "is in the future", "line", f"expected a time up to now ({now:%Y-%m-%d}). Correct it, or say --format")
    rows.skip(rows.frame["a"] == rows.frame["b"], "with oneself")
    rows.frame = rows.frame.select("time", "a", "b")
    return rows, layout


def _data_lines(text: str, where: str) -> pl.DataFrame:
    """The lines with their numbers, without blank ones and comments."""
    kept, found = Kept(len(text), where), [pl.DataFrame(schema={ROW_NUMBER: pl.Int64, "line": pl.String})]
    for number, piece in pieces_of_lines(text, where):
        lines = pl.DataFrame({"line": piece.split("\n")}).with_row_index(ROW_NUMBER, offset=number)
        lines = lines.with_columns(pl.col(ROW_NUMBER).cast(pl.Int64), pl.col("line").str.strip_chars())
        found.append(lines.filter((pl.col("line") != "") & ~pl.col("line").str.contains("^[#%]")))
        kept.add(int(found[-1].estimated_size()) + FIELDS_BYTES * found[-1].height)
    return pl.concat(found)


def _detect_layout(frame: pl.DataFrame, where: str) -> str:
    """Find the field of the time: the only one that looks like a date, or never falls, or is far larger than the other two."""
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
        rising = [_share_not_falling(column) for column in (first, last)]
        if rising[0] >= 0.99 and rising[1] < 0.9:
            return "sociopatterns"
        if rising[1] >= 0.99 and rising[0] < 0.9:
            return "snap"
        if low[0] > 10_000 and low[0] > 10 * max(high[1], ids):
            return "sociopatterns"
        if low[1] > 10_000 and low[1] > 10 * max(high[0], ids):
            return "snap"
    raise DataError(f"{where}: may be 't i j' or 'i j t'; nothing tells which. Say --format sociopatterns or --format snap.")


def _share_not_falling(column: pl.Series) -> float:
    """Share of the steps on which a column does not fall."""
    steps = column.diff().drop_nulls()
    return float((steps >= 0).sum()) / len(steps) if len(steps) else 1.0
