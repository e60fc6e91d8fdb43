"""Bad rows: refused with one clear line, or left out and counted."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.files import shown
from tenfold.people.readers.sheets import ROW

__all__ = ["Rows"]


class Rows:
    """A table on its way to the canonical form; rows are refused or left out as it goes."""

    def __init__(self, frame: pl.DataFrame, where: str, *, skip_bad: bool, spreadsheet: bool = False) -> None:
        self.frame, self.where, self.skip_bad, self.spreadsheet = frame, where, skip_bad, spreadsheet
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
            value = self.frame[column].slice(at, 1).cast(pl.String, strict=False)[0]  # as text: Python knows fewer years
            what = column if value is None else f"{column} '{shown(value)}'"
            self.fail(at, f"{what} {reason}; {allowed}.", int(bad.sum()))
        self.drop(bad, f"{column} {reason}")

    def refuse_values(self, wrong: Mapping[str, str], column: str) -> None:
        """Refuse the first row whose value is a key of `wrong`, with what that says, or leave all of them out."""
        bad = self.frame[column].is_in(list(wrong)).fill_null(False)
        if not bad.any():
            return
        if not self.skip_bad:
            at = int(bad.arg_true()[0])
            self.fail(at, wrong[self.frame[column][at]], int(bad.sum()))
        self.drop(bad, f"{column} is not understood")

    def fail(self, at: int, what: str, rows: int) -> None:
        """Refuse the file for the row at index `at`, one of `rows` like it."""
        more = f"{rows - 1:,} more like it; " if rows > 1 else ""
        them = "them" if rows > 1 else "it"
        raise DataError(f"{self.where} row {self.frame[ROW][at]}: {what} ({more}--skip-bad leaves {them} out)")

    def drop(self, out: pl.Series, reason: str) -> None:
        """Leave rows out and count them."""
        out = out.fill_null(False)
        if out.any():
            self.skipped[reason] = self.skipped.get(reason, 0) + int(out.sum())
            self.frame = self.frame.filter(~out)

    def set(self, column: pl.Series) -> None:
        """Replace one column."""
        self.frame = self.frame.with_columns(column)
