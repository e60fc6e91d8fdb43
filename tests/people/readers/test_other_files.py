"""What is no table is called by its name, with what to do."""

import io
import zipfile

import pytest

from tenfold.errors import DataError
from tenfold.people.readers import read_file


def packed(*members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "is a PDF document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "is a picture (JPEG)"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture (PNG)"),
        (b"{\\rtf1\\ansi Members}", "is a text document (RTF)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is an old Excel or Word file"),
        (b"Rar!\x1a\x07\x00", "is a RAR archive"),
        (packed("[Content_Types].xml", "word/document.xml"), "is a Word document"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "is a PowerPoint presentation"),
        (packed("holiday/1.jpg", "holiday/2.jpg"), "is an archive, and no export that is known"),
    ],
)
@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "list"])
def test_what_is_no_table_is_called_by_its_name(tmp_path, data, words, name):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_file(tmp_path / name)
    assert str(caught.value).startswith(f"{name}: {words}")
    assert "; expected a table or an export. " in str(caught.value)
