"""Bad files: each gives one clear line that says where, what, what is allowed and what to do."""

import gzip
import zipfile
from datetime import UTC, datetime

import pytest

from tenfold.errors import DataError, SpecError
from tenfold.people.readers import read_contacts, read_file, read_people

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEAD = "time,a,b,minutes\n"
GOOD = "2026-01-02,x,y,5\n"


def refused(path, **options) -> str:
    with pytest.raises(DataError) as caught:
        read_file(path, now=NOW, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["f.csv: is empty", "expected a table"]),
        ("  \n \n", ["f.csv: is empty"]),
        ("when,from,to\n", ["f.csv: has a header and no rows"]),
        (bytes(range(256)) * 20, ["f.csv: holds binary data", "expected CSV, TSV, XLSX"]),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, ["is a picture (PNG)", "spreadsheet"]),
        ("Имя,a,b\n".encode("cp1251"), ["byte 1 (0xc8, in line 1) is not UTF-8", "Save it as UTF-8", "--encoding cp1252"]),
        ("2026-01-02,x,y\n2026-01-03,x,y\n", ["its first row ('2026-01-02', 'x', 'y') looks like data", "time,a,b"]),
        (
            "when,from,minutes\n2026-01-02,x,5\n",
            ["contacts need the column 'b'", "'when', 'from', 'minutes'", '--map "HEADER=b"'],
        ),
        ("Town,Joined\nPorto,2026-01-02\n", ["people need the column 'name'", '--map "HEADER=name"']),
        (HEAD + GOOD + "03/04/2026,x,y,5\n", ["row 3: time '03/04/2026'", "--dayfirst or --monthfirst"]),
        (
            HEAD + "25/12/2025,x,y,5\n12/25/2025,x,y,5\n",
            ["'25/12/2025' (row 2) has the day first", "'12/25/2025' (row 3) the month"],
        ),
        (HEAD + GOOD + "2026-09-01,x,y,5\n", ["row 3: time '2026-09-01' is in the future", "2026-06-01"]),
        (HEAD + GOOD + "31/02/26,x,y,5\n", ["row 3: time '31/02/26' is no date", "ISO 8601"]),
        (HEAD + "yesterday,x,y,5\n" * 3, ["row 2: time 'yesterday' is no date", "2 more like it"]),
        (HEAD + "1804-01-01,x,y,5\n", ["row 2: time '1804-01-01' is before 1900"]),
        (HEAD + ",x,y,5\n", ["row 2: time is empty"]),
        (HEAD + "2026-01-02,x,,5\n", ["row 2: b is empty"]),
        (HEAD + GOOD + "2026-01-02,x,y,-5\n", ["row 3: minutes '-5' is negative", "from 0 on"]),
        (HEAD + "2026-01-02,x,y,inf\n", ["minutes 'inf' is no length of time"]),
        (HEAD + "2026-01-02,x,y,long\n", ["minutes 'long' is no length of time"]),
        (HEAD + GOOD + "2026-01-02,x,x,5\n", ["row 3: a 'x' is in contact with oneself", "two different people"]),
        ("id,name\n1,Ana\n2,Binh\n1,Chi\n", ["row 4: id '1' stands twice", "(rows 2, 4)"]),
        ("id,name\n1,Ana\n,Binh\n", ["row 3: id is empty"]),
        ("id,capacity\n1,many\n", ["row 2: capacity 'many' is no whole number"]),
        ("id,can mentor\n1,perhaps\n", ["row 2: can_mentor 'perhaps' is neither yes nor no"]),
        ("id,timezone\n1,Europe/Lisbonn\n", ["row 2: timezone", "Europe/Lisbon"]),
        ("id,availability\n1,evenings\n", ["row 2: availability", "Mon-Fri 18-22"]),
        (HEAD + "2026-01-02," + "x" * 1_000_000 + ",y,5\n", ["row 2: ", "10,000", "characters"]),
        (HEAD + "2026-01-02," + "x" * 20_000 + ",y,5\n", ["row 2: column 'a' holds 20,000 characters", "10,000"]),
        (HEAD + "2026-01-02,x,y,5,7,8\n", ["row 2: has 6 cells, the header 4"]),
        ("time,a,b,a\n2026-01-02,x,y,z\n", ["names 'a' twice"]),
        (",".join(["time", "a", "b", *(f"c{k}" for k in range(2500))]) + "\n" + "," * 2502, ["columns; at most 2,000"]),
        (HEAD + '2026-01-02,"x\ny",z,5\nsoon,x,y,5\n', ["row 4: time 'soon'"]),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ["old Excel or Word file", ".xlsx or .csv"]),
        (b"PK\x03\x04" + b"\x00" * 50, ["workbook is cut off or damaged"]),
        (b"PAR1" + b"\x01" * 50, ["Parquet file is damaged"]),
        ("1 2\t3\n4 5 6 7 8 9\n", ["f.csv"]),
        ("20 1 2\nx 2 3\n40 1 2\n", ["f.csv"]),
    ],
)
def test_bad_content(tmp_path, content, parts):
    path = tmp_path / "f.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    message = refused(path)
    for part in parts:
        assert part in message, message


def test_missing_file_and_folder(tmp_path):
    assert "there is no such file" in refused(tmp_path / "nobody.csv")
    assert "is a folder; expected a file" in refused(tmp_path)
    assert "no file name" in refused("a\x00b.csv")


def test_truncated_gzip(tmp_path):
    path = tmp_path / "c.csv.gz"
    path.write_bytes(gzip.compress((HEAD + GOOD * 1000).encode())[:-20])
    assert "cut off or damaged" in refused(path)


def test_gzip_bomb(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(HEAD.encode() + b"x" * (65 << 20), 9))
    assert "bomb.csv.gz: unpacks to more than 64 MiB" in refused(path)


def test_workbook_bomb(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (200 << 20))
    assert "unpacks to 200 MiB" in refused(path)


def test_options_that_do_not_fit(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(HEAD + GOOD)
    assert "'Wann', which is not there; the headers are 'time', 'a'" in refused(path, mapping={"Wann": "kind"})
    with pytest.raises(SpecError, match=r"names no column of Tenfold; expected one of a, absent, aliases, .*time"):
        read_file(path, mapping={"time": "zeit"})
    with pytest.raises(SpecError, match="twice"):
        read_file(path, mapping={"time": "a", "a": "a"})
    with pytest.raises(SpecError, match="what is 'folk'; expected one of contacts, attendance, people"):
        read_file(path, what="folk")
    with pytest.raises(SpecError, match="format is 'gexf'; expected one of table, csv"):
        read_file(path, format="gexf")
    for encoding in ("none-such", "base64", "a\x00b"):
        with pytest.raises(SpecError, match="is none that is known"):
            read_file(path, encoding=encoding)
    path.write_text("id\n1\n")
    with pytest.raises(DataError, match="is a list of people"):
        read_contacts(path)
    path.write_text(HEAD + GOOD)
    with pytest.raises(DataError, match="people need the column 'name'"):
        read_people(path)


def test_the_bad_row_is_named_as_an_editor_counts(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("\n" + HEAD + "\n\n" + GOOD + '2026-01-02,"two\nlines",y,5\n' + "never,x,y,5\n")
    assert "row 8: time 'never'" in refused(path)
