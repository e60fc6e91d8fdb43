"""Files that hold no table which can be read, recognised by their first bytes: said to be what they are, with what to do."""

from __future__ import annotations

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.archives import is_zip, zip_names
from tenfold.people.readers.raw_file import RawFile

__all__ = ["refuse_other_files"]

_TABLE = "Copy its table into a spreadsheet, and save that as .xlsx or .csv"
BEGINNINGS: dict[bytes, tuple[str, str]] = {
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file (.xls, .doc)", "Open it and save it as .xlsx or .csv"),
    b"%PDF-": ("a PDF document", _TABLE),
    b"{\\rtf": ("a text document (RTF)", _TABLE),
    b"\xff\xd8\xff": ("a picture (JPEG)", "Ask for the list that was photographed, or type it into a spreadsheet"),
    b"\x89PNG": ("a picture (PNG)", "Ask for the list that was photographed, or type it into a spreadsheet"),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "Unpack it, and name the files in it"),
    b"Rar!": ("a RAR archive", "Unpack it, and name the files in it"),
}
MEMBERS: dict[str, tuple[str, str]] = {
    "word/document.xml": ("a Word document", _TABLE),
    "ppt/presentation.xml": ("a PowerPoint presentation", _TABLE),
    "index/document.iwa": ("a file of Apple's Pages, Numbers or Keynote", "Export it as .xlsx or .csv"),
}


def refuse_other_files(raw: RawFile) -> None:
    """Raise if a file is a document, a picture or an archive of another kind.

    Raises
    ------
    DataError
        What the file is, and how its table can be brought.
    """
    kind = next((kind for begins, kind in BEGINNINGS.items() if raw.data.startswith(begins)), None)
    if kind is None and is_zip(raw):
        inside = {one.lower() for one in zip_names(raw)}
        kind = next((kind for member, kind in MEMBERS.items() if member in inside), None)
        if kind is None and not any(one.startswith("xl/") or one == "mimetype" for one in inside):
            kind = "an archive, and no export that is known", "Unpack it, and name the files in it"
    if kind is not None:
        raise DataError(f"{printable(raw.path.name)}: is {kind[0]}; expected a table or an export. {kind[1]}.")
