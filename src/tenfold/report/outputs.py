"""All files of a plan, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.report.sources import Sources
from tenfold.report.tables import write_bytes, write_csv

__all__ = ["Sources", "write_outputs"]


def write_outputs(folder: Path, sources: Sources, *, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write plan.html, plan.xlsx, csv/ and calendar/ into `folder`; calendars of circles and people that are no longer there are removed.

    Everything is made before anything is written, so that an error leaves the files of the last plan as they are.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    from tenfold.report.calendar import calendars
    from tenfold.report.page import page
    from tenfold.report.workbook import workbook

    tell = progress or (lambda _: None)
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; expected a folder for the plan. Choose another with --out.")
    tell("drawing the page")
    html = page(sources).encode("utf-8", "replace")
    tell("making the workbook")
    book = workbook(sources)
    tell("making the calendars")
    dates = dict(calendars(sources))
    tell("writing")
    written = [write_csv(folder / "csv" / f"{name}.csv", frame) for name, frame in sources.tables.items()]
    written += [write_bytes(folder / "calendar" / name, data) for name, data in dates.items()]
    written.append(write_bytes(folder / "plan.xlsx", book))
    written.append(write_bytes(folder / "plan.html", html))
    for pattern in ("circle-*.ics", "person-*.ics"):
        for old in (folder / "calendar").glob(pattern):
            if old.name not in dates:
                old.unlink(missing_ok=True)
    return written
