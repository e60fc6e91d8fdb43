"""Bad rows: refused with one clear line, or left out and counted."""

from __future__ import annotations

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.sheets import ROW

__all__ = ["Rows"]


class Rows:
    """A table on its way to the canonical form; rows are refused or left out as it goes."""

    def __init__(self, frame: pl.DataFrame, where: str, *, skip_bad: bool) -> None:
        self.frame, self.where, self.skip_bad = frame, where, skip_bad
        self.read = frame.height
        self.skipped: dict[str, int] = {}
        self.notes: list[str] = []

    def refuse(self, bad: pl.Series, reason: str, column: str, allowed: str) -> None:
        """Refuse the first row where `bad` is true, or leave all of them out if that was asked for."""
        bad = bad.fill_null(False)
        if not bad.any():
            return
        if not self.skip_bad:
            at = int(bad.arg_true()[0])
            value = self.frame[column][at]
            shown = "" if value is None else f" '{str(value)[:60]}'"
            more = int(bad.sum()) - 1
            others = (
                f" ({more} more row{'s' if more > 1 else ''} like it; --skip-bad leaves them out)"
                if more
                else " (--skip-bad leaves it out)"
            )
            raise DataError(f"{self.where} row {self.frame[ROW][at]}: {column}{shown} {reason}; {allowed}.{others}")
        self.drop(bad, f"{column} {reason}")

    def drop(self, out: pl.Series, reason: str) -> None:
        """Leave rows out and count them."""
        out = out.fill_null(False)
        if out.any():
            self.skipped[reason] = self.skipped.get(reason, 0) + int(out.sum())
            self.frame = self.frame.filter(~out)

    def set(self, column: pl.Series) -> None:
        """Replace one column."""
        self.frame = self.frame.with_columns(column)
