"""The workbook."""

import zipfile

import polars as pl


def test_workbook(report, outputs):
    path = outputs / "plan.xlsx"
    week = pl.read_excel(path, sheet_name="this week")
    assert week.height == report.plan.this_week.height
    assert week["due"].dtype in (pl.Date, pl.Datetime)
    assert set(pl.read_excel(path, sheet_name="standing")["person name"]) >= {"<script>alert(1)</script>"}
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(report.tables)
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert all("<pane " in sheet for sheet in sheets)
