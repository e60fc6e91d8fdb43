"""The files of a plan: page, workbook, sheets, CSV and calendars, all replaced together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tenfold.report.folder import OutputFolder
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.tables import csv_bytes

__all__ = ["PLAN_FILES", "plan_files", "write_plan_files"]

PLAN_FILES = ("plan.xlsx", "plan.html")
"""Files that every plan has."""


def plan_files(report: PlanReport, *, progress: Callable[[str], None] | None = None) -> Iterator[tuple[str, bytes]]:
    """The names and contents of csv/, calendar/, the sheets, plan.xlsx and plan.html.

    The page comes last, so that it never names files that are not there yet. `progress` is called with a few words at each step.
    """
    from tenfold.report.plan.calendar_files import calendar_files
    from tenfold.report.plan.page import plan_page
    from tenfold.report.plan.sheets import mail_merge, sheet_files
    from tenfold.report.workbook import make_workbook

    advance = progress or (lambda _: None)
    for name, frame in report.tables.items():
        yield f"csv/{name}.csv", csv_bytes(frame)
    advance("making the calendars")
    for name, data in dict(calendar_files(report)).items():
        yield f"calendar/{name}", data
    for name, data in sheet_files(report):
        yield name, data
    yield "mail-merge.csv", csv_bytes(mail_merge(report))
    advance("making the workbook")
    yield "plan.xlsx", make_workbook(report.tables, title=report.title, created=report.at)
    advance("drawing the page")
    yield "plan.html", plan_page(report).encode("utf-8", "replace")
    advance("writing")


def write_plan_files(
    folder: Path, report: PlanReport, *, force: bool = False, progress: Callable[[str], None] | None = None
) -> list[Path]:
    """Write the files of a plan into `folder`; those of the last plan that this one has not are removed.

    Parameters
    ----------
    folder
        Made if it is not there; files that Tenfold did not write stay.
    report
        The data that the files show.
    force
        Whether files are replaced that Tenfold did not write, or that were changed.
    progress
        Called with a few words at each step.

    Returns
    -------
    list of Path
        The files, `plan.html` last.

    Raises
    ------
    StoreError
        The folder cannot be written, or a file is in the way; the files of the last plan are as they were.
    """
    return OutputFolder(folder, command="plan", force=force).write(plan_files(report, progress=progress))[0]
