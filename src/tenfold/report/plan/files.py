"""The files of a plan: page, workbook, CSV and calendars, all replaced together."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.report.atomic_files import write_atomically
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.tables import write_csv

__all__ = ["write_plan_files"]

STALE_AFTER = 3600
"""Age in seconds at which a temporary folder is taken to be left by a killed process."""


def write_plan_files(folder: Path, report: PlanReport, *, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write plan.html, plan.xlsx, csv/ and calendar/ into `folder`; calendars of circles and people that are not in the plan are removed.

    All files are written to a temporary folder first and then renamed into place, so that an error, a full disk or a kill leaves the
    files of the last plan as they are.

    Parameters
    ----------
    folder
        Made if it is not there; other files in it stay.
    report
        The data that the files show.
    progress
        Called with a few words at each step.

    Returns
    -------
    list of Path
        The files, `plan.html` last.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    from tenfold.report.plan.calendar_files import calendar_files
    from tenfold.report.plan.page import plan_page
    from tenfold.report.workbook import make_workbook

    advance = progress or (lambda _: None)
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; expected a folder for the plan. Choose another with --out.")
    advance("drawing the page")
    html = plan_page(report).encode("utf-8", "replace")
    advance("making the workbook")
    book = make_workbook(report.tables, title=report.title, created=report.at)
    advance("making the calendars")
    calendars = dict(calendar_files(report))
    advance("writing")
    temporary = folder / f".fresh-{os.getpid()}"
    try:
        for name, frame in report.tables.items():
            write_csv(temporary / "csv" / f"{name}.csv", frame)
        for name, data in calendars.items():
            write_atomically(temporary / "calendar" / name, data)
        write_atomically(temporary / "plan.xlsx", book)
        write_atomically(temporary / "plan.html", html)
        written = _move(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for pattern in ("circle-*.ics", "person-*.ics"):
        for old in (folder / "calendar").glob(pattern):
            if old.name not in calendars:
                old.unlink(missing_ok=True)
    _remove_stale(folder)
    return written


def _remove_stale(folder: Path) -> None:
    """Remove temporary folders that killed processes left; a younger one may belong to a process at work."""
    for left in folder.glob(".fresh-*"):
        if time.time() - left.stat().st_mtime > STALE_AFTER:
            shutil.rmtree(left, ignore_errors=True)


def _move(temporary: Path, folder: Path) -> list[Path]:
    """Rename all files into place; the page comes last, so that it never names files that are not there yet."""
    written = []
    for path in sorted((one for one in temporary.rglob("*") if one.is_file()), key=lambda one: (one.name == "plan.html", one)):
        place = folder / path.relative_to(temporary)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        except OSError as error:
            raise StoreError(
                f"{place}: cannot be written ({error.strerror}). Close it where it is open, and run the command again."
            ) from None
        written.append(place)
    return written
