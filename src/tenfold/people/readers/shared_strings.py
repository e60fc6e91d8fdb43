"""Workbooks keep a text once, however many cells hold it; the parser copies it into each. So the text of all cells is counted first."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from tenfold import checks
from tenfold.memory import reading_limit

__all__ = ["check_shared_strings"]

PART = "xl/sharedStrings.xml"


def check_shared_strings(packed: zipfile.ZipFile, size: int, name: str) -> None:
    """Refuse a workbook of `size` bytes whose cells hold more text than may be read.

    Raises
    ------
    DataError
        How much it would take.
    """
    if PART not in packed.namelist():
        return
    lengths = _Lengths()
    _parse(packed.read(PART), lengths)
    longest = max(lengths.found, default=0)
    text = 0
    for part in packed.namelist():
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            sheet = packed.read(part)
            cells = sheet.count(b't="s"') + sheet.count(b"t='s'")
            if 2 * (text + cells * longest) > reading_limit(size) // 2:
                counter = _Counter(lengths.found)
                _parse(sheet, counter)
                text += counter.total
            else:
                text += cells * longest
    checks.reading(4 * text, size, name, "Shorten its cells, or save the sheet as CSV")


class _Lengths:
    """The length of each shared text."""

    def __init__(self) -> None:
        self.found: list[int] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        del attributes
        if element.rpartition(":")[2] == "si":
            self.found.append(0)

    def text(self, text: str) -> None:
        if self.found:
            self.found[-1] += len(text)


class _Counter:
    """The length of all shared texts that the cells of a sheet hold."""

    def __init__(self, lengths: list[int]) -> None:
        self.lengths, self.total, self.shared, self.inside = lengths, 0, False, ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        local = element.rpartition(":")[2]
        if local == "c":
            self.shared = attributes.get("t") == "s"
        self.inside = local

    def text(self, text: str) -> None:
        if self.shared and self.inside == "v" and text.isascii() and text.isdecimal() and len(text) < 10:
            at = int(text)
            self.total += self.lengths[at] if at < len(self.lengths) else 0


def _parse(data: bytes, handler: _Lengths | _Counter) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = handler.start, handler.text
    parser.Parse(data, True)
