"""The plan as a workbook: a sheet a table."""

from __future__ import annotations

import io
from importlib import import_module

import polars as pl

from tenfold.report.safe import neutral
from tenfold.report.sources import Sources

__all__ = ["workbook"]

xlsxwriter = import_module("xlsxwriter")  # it has no types
MOST_ROWS = 100_000  # of a sheet; what is longer is in the CSV files


def workbook(sources: Sources) -> bytes:
    """An XLSX file; every text is text, never a formula or a link."""
    data = io.BytesIO()
    text_is_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"in_memory": True, "nan_inf_to_errors": True, **text_is_text}
    book = xlsxwriter.Workbook(data, options)
    book.set_properties({"title": sources.title, "created": sources.at.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    number = book.add_format({"num_format": "0.00"})
    for title, table in sources.tables.items():
        sheet = book.add_worksheet(title.replace("_", " ")[:31])
        frame = neutral(table.head(MOST_ROWS))
        sheet.freeze_panes(1, 0)
        for column, (name, kind) in enumerate(frame.schema.items()):
            sheet.write_string(0, column, name.replace("_", " "), head)
            cells = frame[name]
            if isinstance(kind, pl.Datetime):
                cells, style = cells.dt.replace_time_zone(None), moment
            else:
                style = day if kind == pl.Date else number if kind == pl.Float64 else None
            longest = max([len(name), *(len(str(cell)) for cell in cells.head(200))])
            sheet.set_column(column, column, min(max(longest + 2, 8), 60))
            sheet.write_column(1, column, cells.to_list(), style)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)
    book.close()
    return data.getvalue()
