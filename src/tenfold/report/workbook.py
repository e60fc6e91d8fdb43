"""Tables as an XLSX workbook, a sheet each."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module

import polars as pl

from tenfold.report.escaping import escape_formulas

__all__ = ["make_workbook"]

xlsxwriter = import_module("xlsxwriter")  # it has no types
MAX_ROWS = 100_000  # of a sheet; what is longer is in the CSV files


def make_workbook(tables: Mapping[str, pl.DataFrame], *, title: str, created: datetime) -> bytes:
    """The bytes of a workbook; every text is a text, never a formula or a link.

    Parameters
    ----------
    tables
        The frames by the names of their sheets, in order.
    title, created
        Properties of the workbook; `created` in UTC.
    """
    data = io.BytesIO()
    text_is_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"in_memory": True, "nan_inf_to_errors": True, **text_is_text}
    book = xlsxwriter.Workbook(data, options)
    book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    number = book.add_format({"num_format": "0.00"})
    for key, table in tables.items():
        sheet = book.add_worksheet(key.replace("_", " ")[:31])
        frame = escape_formulas(table.head(MAX_ROWS))
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
