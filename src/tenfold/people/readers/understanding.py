"""How a file was understood: what each column was taken for, how words were counted, what is a guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenfold.people.printable import printable
from tenfold.people.readers.statuses import StatusWord

__all__ = ["ColumnReading", "Remarks", "Understanding"]


@dataclass(frozen=True)
class ColumnReading:
    """One header: the canonical column that it was taken for (None: not used), and whether that is a guess."""

    header: str
    column: str | None
    guess: bool = False


@dataclass(frozen=True)
class Understanding:
    """How a file was understood.

    `sheet`: the name of the sheet, where there are several. `heading_row`: the row of the header, counted as an editor does; None where
    there is none. `columns`: what each header was taken for. `statuses`: the words of attendance. `date_order`: what "03/04" means, where
    that had to be decided. `zone`: the zone of times that name none. `guesses`: what was not said by the file and is taken to be so.
    `questions`: what cannot be told, and what was done about it.
    """

    sheet: str | None = None
    heading_row: int | None = None
    columns: tuple[ColumnReading, ...] = ()
    statuses: tuple[StatusWord, ...] = ()
    date_order: str | None = None
    zone: str | None = None
    guesses: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def unused(self) -> list[str]:
        """Headers of columns that are not used."""
        return [one.header for one in self.columns if one.column is None]

    def status_line(self) -> str | None:
        """How the words of status were counted, in one line."""
        if not self.statuses:
            return None
        parts = []
        for there, words in ((True, "there"), (False, "not there")):
            counted = [one for one in self.statuses if one.there is there]
            if counted:
                listed = ", ".join(
                    f"{printable(one.word, 30) or '(empty)'} {one.rows:,}{' (a guess)' if one.guess else ''}"
                    for one in counted[:12]
                )
                more = f" and {len(counted) - 12} more" if len(counted) > 12 else ""
                parts.append(f"{words}: {listed}{more}")
        return "; ".join(parts)


@dataclass
class Remarks:
    """What is found out while a file is read."""

    statuses: list[StatusWord] = field(default_factory=list)
    date_order: str | None = None
    zone: str | None = None
    guesses: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
