"""Files made to hurt, or hurt on the way: a reading or one clear line, never anything else."""

import gzip
import io
import re
import zipfile
from datetime import UTC, datetime

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.errors import DataError
from tenfold.people.readers import read_file

NOW = datetime(2026, 6, 1, tzinfo=UTC)
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLE = pl.DataFrame({"time": [datetime(2026, 3, 1, 10, k) for k in range(8)], "a": "ana", "b": [f"p{k}" for k in range(8)]})
PEOPLE = "id;name;time zone;availability;joined;can mentor;capacity\n1;Ana;Europe/Lisbon;Mon-Fri 18-22;2025-01-01;yes;3\n"


def outcome(path, **options) -> str:
    """What comes of reading: the empty text, or the message."""
    try:
        reading = read_file(path, now=NOW, **options)
    except DataError as error:
        return str(error)
    return "" if reading.frame.height > 0 or "has a header and no rows" in reading.notes else "an empty reading"


def workbook(cells: dict[tuple[int, int], object]) -> bytes:
    found = io.BytesIO()
    book = xlsxwriter.Workbook(found)
    sheet = book.add_worksheet()
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    book.close()
    return found.getvalue()


def with_part(data: bytes, part: str, change) -> bytes:
    """A workbook with one of its parts changed."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if name == part else source.read(name))
    return found.getvalue()


def is_one_line(message: str, name: str) -> bool:
    return message == "" or (name in message and message.isprintable() and len(message) < 700)


@QUICK
@given(
    data=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(str.encode), st.binary(max_size=200).map(lambda b: b"time,a,b\n" + b)
    )
)
def test_any_bytes(tmp_path, data):
    path = tmp_path / "h.csv"
    path.write_bytes(data)
    assert is_one_line(outcome(path), "h.csv")


EDITS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 6),
        st.sampled_from(
            [b"", b'"', b"\n", b"\r", b";", b"|", b"\x00", b"\x1b[31m", b"\xff", b"1e400", b"-", b"\xe2\x80\xa8", b"9" * 20]
        ),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits) -> bytes:
    for at, cut, new in edits:
        at %= len(data) + 1
        data = data[:at] + new + data[at + cut :]
    return data


@QUICK
@given(edits=EDITS, kind=st.sampled_from(["people", "contacts", "trace", "gzip", "workbook"]), skip_bad=st.booleans())
def test_damaged_files(tmp_path, edits, kind, skip_bad):
    contacts = TABLE.write_csv().encode()
    if kind == "gzip":
        data = edited(gzip.compress(contacts), edits)
    elif kind == "workbook":
        cells = {(i, j): str(value) for i, row in enumerate([TABLE.columns, *TABLE.rows()]) for j, value in enumerate(row)}
        data = with_part(workbook(cells), "xl/worksheets/sheet1.xml", lambda part: edited(part, edits))
    else:
        data = edited({"people": PEOPLE.encode(), "contacts": contacts, "trace": b"20 1 2\n40 2 3\n60 1 3\n"}[kind], edits)
    path = tmp_path / "h.dat"
    path.write_bytes(data)
    assert is_one_line(outcome(path, skip_bad=skip_bad), "h.dat")


def test_a_stray_cell_far_away_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook({(0, 0): "id", (1, 0): "1", (1_048_575, 16_383): "x"}))
    message = outcome(path)
    assert "reach to row 1,048,576 and column 16,384" in message
    assert "Remove the stray cells" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A2"', b'r="A99999999999"'),
        (b'r="A2"', b'r="2A"'),
        (b'<row r="2"', b'<row r="-2"'),
        (b"</sheetData>", b""),
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY y "z">]><worksheet'),
    ],
)
def test_a_workbook_with_false_places_or_entities(tmp_path, old, new):
    path = tmp_path / "w.xlsx"
    path.write_bytes(
        with_part(workbook({(0, 0): "id", (1, 0): "1"}), "xl/worksheets/sheet1.xml", lambda part: part.replace(old, new))
    )
    assert "w.xlsx: the workbook is cut off or damaged" in outcome(path)


def test_other_zips_are_no_workbooks(tmp_path):
    for name, part in (("a.zip", "readme.txt"), ("a.ods", "content.xml"), ("a.xlsb", "xl/workbook.bin")):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            packed.writestr(part, "x")
        assert re.search("expected XLSX|is no XLSX workbook|is an archive|is a Word document", outcome(tmp_path / name))


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"time,a,b\n2026-01-02,x\x00,y\n", "row 2: holds a NUL byte"),
        ("id,name\n1,Ana\n".encode("utf-16-le"), "looks like UTF-16 without its byte-order mark"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b'time,a,b\n2026-01-02,x,y\n2026-01-03,"x,y\n2026-01-04,x,y\n', 'row 3: a quote " is opened and never closed'),
        (b'time,a,b\n2026-01-02,"x"z,y\n', "row 2: cannot be read as CSV"),
        (b"time|a|b\n2026-01-02|x|y\n", "separated by '|'; expected a comma, semicolon or tab"),
        (b'time,a,b\n2026-01-02,x,"' + b"y" * 1_000_000 + b'"\n', "row 2: column 'b' holds over 100,000 characters"),
        (b"x" * 20_000 + b",a\n1,2\n", "the header of column 1 holds 20,000 characters"),
        (b'time,a,b\n"so\x1b[31m\non",x,y\n', "row 2: time 'so [31m on' is no date"),
        (b"20 1 2\n40 1 2 3 4 5 6\n", "row 2: line '40 1 2 3 4 5 6' is no contact"),
        (b"# tij\n20 1 2 a b\n\nx 1 2 a b\n", "row 4: line 'x 1 2 a b' holds no time"),
        (b"1 2 1682040961\n3 4 99682040961\n", "row 2: line '3 4 99682040961' is in the future"),
        (b"# nothing\n% here\n", "h.csv"),
        (b"00004 0001 19970101 2 29.33\n", "looks like data, not like a header"),
        (b"101,Ana,ana@example.org\n102,Binh,b@example.org\n", "looks like data, not like a header"),
    ],
)
def test_one_clear_line(tmp_path, data, part):
    path = tmp_path / "h.csv"
    path.write_bytes(data)
    message = outcome(path)
    assert part in message
    assert is_one_line(message, "h.csv")


def test_parquet_of_odd_types(tmp_path):
    path = tmp_path / "p.parquet"
    nested = TABLE.with_columns(more=pl.lit([1, 2]), raw=pl.lit(b"x"), group=pl.lit("g").cast(pl.Categorical))
    nested.with_columns(b=pl.int_range(8)).write_parquet(path)
    reading = read_file(path, now=NOW)
    assert reading.frame.columns == ["time", "a", "b", "group"]
    assert reading.frame["b"].to_list() == [str(k) for k in range(8)]
    assert reading.notes == []
    TABLE.with_columns(b=pl.int_range(8) + 0.5).write_parquet(path)
    assert "p.parquet row 1: b '0.5' is no id" in outcome(path)
    TABLE.with_columns(time=pl.lit(True)).write_parquet(path)
    assert "p.parquet: time holds Boolean, no dates" in outcome(path)
    TABLE.with_columns(time=pl.lit(2**62).cast(pl.Datetime("us"))).write_parquet(path)
    assert "p.parquet row 1: time holds a time outside of the years 1 to 9999" in outcome(path)
    pl.DataFrame({f"c{k}": [1] for k in range(2001)}).write_parquet(path)
    assert "has 2,001 columns; at most 2,000 are read" in outcome(path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "the Parquet file is damaged" in outcome(path)
