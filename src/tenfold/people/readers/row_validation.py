"""Validation of rows: a bad row is rejected with one line that names it, or skipped and counted."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.understanding import Remarks

__all__ = ["RowValidator"]


class RowValidator:
    """A table while it is brought into its canonical form: `frame` holds the rows that are valid so far.

    `skipped`: rows left out, by reason. `notes`: what the person who imports should know. `spreadsheet`: whether bare numbers may be days,
    which count from 1904 if `epoch_1904`.
    """

    def __init__(
        self, frame: pl.DataFrame, where: str, context: ReadContext, *, spreadsheet: bool = False, epoch_1904: bool = False
    ) -> None:
        self.frame, self.where, self.context, self.skip_bad = frame, where, context, context.skip_bad
        self.spreadsheet, self.epoch_1904 = spreadsheet, epoch_1904
        self.read = frame.height
        self.skipped: dict[str, int] = {}
        self.notes: list[str] = []
        self.remarks = Remarks()

    def reject(self, bad: pl.Series, reason: str, column: str, allowed: str) -> None:
        """Raise for the first row where `bad` is true; with `skip_bad`, skip all of these rows."""
        bad = bad.fill_null(False)
        if not bad.any():
            return
        if not self.skip_bad:
            at = int(bad.arg_true()[0])
            value = self.frame[column].slice(at, 1).cast(pl.String, strict=False)[0]  # as text: Python knows fewer years
            what = column if value is None else f"{column} '{printable(value)}'"
            self._raise(at, f"{what} {reason}; {allowed}.", int(bad.sum()))
        self.skip(bad, f"{column} {reason}")

    def reject_values(self, wrong: Mapping[str, str], column: str) -> None:
        """Raise for the first row whose value is a key of `wrong`, with its message; with `skip_bad`, skip all of these rows."""
        bad = self.frame[column].is_in(list(wrong)).fill_null(False)
        if not bad.any():
            return
        if not self.skip_bad:
            at = int(bad.arg_true()[0])
            self._raise(at, wrong[self.frame[column][at]], int(bad.sum()))
        self.skip(bad, f"{column} is not understood")

    def _raise(self, at: int, what: str, rows: int) -> None:
        """Raise for the row at index `at`, one of `rows` with the same fault."""
        more = f"{rows - 1:,} more like it; " if rows > 1 else ""
        them = "them" if rows > 1 else "it"
        raise DataError(f"{self.where} row {self.frame[ROW_NUMBER][at]}: {what} ({more}--skip-bad leaves {them} out)")

    def skip(self, rows: pl.Series, reason: str) -> None:
        """Leave rows out and count them under their reason."""
        rows = rows.fill_null(False)
        if rows.any():
            self.skipped[reason] = self.skipped.get(reason, 0) + int(rows.sum())
            self.frame = self.frame.filter(~rows)

    def set_column(self, column: pl.Series) -> None:
        """Replace one column."""
        self.frame = self.frame.with_columns(column)
