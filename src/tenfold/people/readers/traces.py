"""Traces of research: SocioPatterns ``t i j [class_i class_j]`` and SNAP ``i j t``, blanks between the fields, no header."""

from __future__ import annotations

import io
import re

import polars as pl

from tenfold.errors import DataError

__all__ = ["is_trace", "parse_trace"]

_LINE = re.compile(r"-?\d+(\.\d+)?[ \t]+\S+[ \t]+\S+([ \t]+\S+){0,2}\s*")


def is_trace(text: str) -> bool:
    """Whether the first lines are three to five fields with blanks between, the first one a number."""
    lines = [line for line in text[:20_000].splitlines()[:50] if line.strip() and not line.startswith(("#", "%"))]
    return bool(lines) and all(_LINE.fullmatch(line) for line in lines[: max(1, len(lines) - 1)])


def parse_trace(text: str, form: str | None, where: str) -> tuple[pl.DataFrame, str, int, dict[str, int]]:
    """`time`, `a`, `b`; the format; the number of rows read; and what was skipped.

    Seconds are taken as seconds since 1970, also where a study counts from its own start.
    """
    body = "".join(line + "\n" for line in text.splitlines() if line.strip() and not line.startswith(("#", "%")))
    body = re.sub(r"[ \t]+", " ", body).replace(" \n", "\n")
    width = body.split("\n", 1)[0].count(" ") + 1
    names = [f"f{k}" for k in range(width)]
    try:
        frame = pl.read_csv(
            io.StringIO(body), separator=" ", has_header=False, new_columns=names, infer_schema=False, quote_char=None
        )
    except pl.exceptions.PolarsError as error:
        raise DataError(
            f"{where}: its lines do not all have {width} fields ({str(error).splitlines()[0][:80]}); expected t i j or i j t."
        ) from None
    form = form or _form(frame, where)
    time, a, b = ("f0", "f1", "f2") if form == "sociopatterns" else ("f2", "f0", "f1")
    number = frame[time].cast(pl.Float64, strict=False)
    wrong = number.is_null() | frame[a].is_null() | frame[b].is_null() | (number.abs() > 1e11)
    if wrong.any():
        at = int(wrong.arg_true()[0])
        line = " ".join(str(value) for value in frame.row(at) if value is not None)
        fields = "t i j" if form == "sociopatterns" else "i j t"
        raise DataError(f"{where} row {at + 1}: '{line[:60]}' is no contact; expected {fields}, with t in seconds.")
    table = frame.select(
        (number * 1_000_000).round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("time"),
        pl.col(a).alias("a"),
        pl.col(b).alias("b"),
    )
    kept = table.filter(pl.col("a") != pl.col("b"))
    skipped = {"with oneself": table.height - kept.height} if kept.height < table.height else {}
    return kept, "SocioPatterns t i j" if form == "sociopatterns" else "SNAP i j t", table.height, skipped


def _form(frame: pl.DataFrame, where: str) -> str:
    """Which column is the time: the one whose numbers never fall, or, if that does not decide, the one with the larger numbers."""
    if frame.width > 3:
        return "sociopatterns"
    first, last = (frame[name].cast(pl.Float64, strict=False) for name in ("f0", "f2"))
    first_rises = not first.null_count() and frame.height > 1 and bool((first.diff().drop_nulls() >= 0).all())
    last_rises = not last.null_count() and frame.height > 1 and bool((last.diff().drop_nulls() >= 0).all())
    if first_rises != last_rises:
        return "sociopatterns" if first_rises else "snap"
    if not last.null_count() and not first.null_count():
        low_first, low_last = float(first.abs().median() or 0), float(last.abs().median() or 0)  # type: ignore[arg-type]
        if max(low_first, low_last) > 10_000 and max(low_first, low_last) > 10 * min(low_first, low_last):
            return "sociopatterns" if low_first > low_last else "snap"
    raise DataError(f"{where}: may be 't i j' or 'i j t'; nothing tells which. Say --format sociopatterns or --format snap.")
