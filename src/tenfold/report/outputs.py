"""All files of a plan, each written whole or not at all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.report.sources import Sources
from tenfold.report.tables import write_bytes, write_csv

__all__ = ["Sources", "write_outputs"]

ABANDONED = 3600
"""Seconds after which unfinished files are nobody's."""


def write_outputs(folder: Path, sources: Sources, *, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write plan.html, plan.xlsx, csv/ and calendar/ into `folder`; calendars of circles and people that are no longer there are removed.

    Everything is made and written beside its place before anything is put there, so that an error, a full disk or a kill leaves
    the files of the last plan as they are.

    Parameters
    ----------
    folder
        Made if it is not there; other files in it stay.
    sources
        What the files show.
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
    fresh = folder / f".fresh-{os.getpid()}"
    try:
        for name, frame in sources.tables.items():
            write_csv(fresh / "csv" / f"{name}.csv", frame)
        for name, data in dates.items():
            write_bytes(fresh / "calendar" / name, data)
        write_bytes(fresh / "plan.xlsx", book)
        write_bytes(fresh / "plan.html", html)
        written = _move(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for pattern in ("circle-*.ics", "person-*.ics"):
        for old in (folder / "calendar").glob(pattern):
            if old.name not in dates:
                old.unlink(missing_ok=True)
    _sweep(folder)
    return written


def _sweep(folder: Path) -> None:
    """Remove what a killed run left long ago; a younger one may be another process at work."""
    for left in folder.glob(".fresh-*"):
        if time.time() - left.stat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def _move(fresh: Path, folder: Path) -> list[Path]:
    """Put all that was written into its place; the page comes last, so that it never speaks of files that are not there."""
    written = []
    for path in sorted((one for one in fresh.rglob("*") if one.is_file()), key=lambda one: (one.name == "plan.html", one)):
        place = folder / path.relative_to(fresh)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        except OSError as error:
            raise StoreError(
                f"{place}: cannot be written ({error.strerror}). Close it where it is open, and run the command again."
            ) from None
        written.append(place)
    return written
