"""Long text in pieces, so that reading it takes memory for what is kept of it and not for what is fed."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.errors import DataError
from tenfold.memory import bytes_in_words, reading_limit

__all__ = ["Kept", "pieces_of_lines"]

PIECE = 1 << 22
"""Characters of a piece: large enough that the parser is worth its call."""

MAX_LINE = 20_000_000
"""Characters of a line: a row of the most columns of the longest cells."""


def pieces_of_lines(text: str, name: str, *, start: int = 0, line: int = 1) -> Iterator[tuple[int, str]]:
    """Whole lines of a text from `start` on, without the last line feed; each piece with the number of its first line.

    Raises
    ------
    DataError
        A line is longer than any row can be.
    """
    while start < len(text):
        end = text.rfind("\n", start, start + PIECE)
        if end < 0 or start + PIECE >= len(text):
            end = text.find("\n", start + PIECE) if start + PIECE < len(text) else len(text)
            end = len(text) if end < 0 else end
        if end - start > MAX_LINE:
            raise DataError(
                f"{name} row {line}: is a line of {end - start:,} characters; at most {MAX_LINE:,} are read. Check how its lines end."
            )
        piece = text[start:end]
        yield line, piece.removesuffix("\n")
        line += piece.count("\n") + 1
        start = end + 1


class Kept:
    """What is kept of a file of `size` bytes so far, in bytes; more than reading it may take is refused."""

    def __init__(self, size: int, name: str) -> None:
        self.bytes, self.limit, self.size, self.name = (
            0,
            reading_limit(size) // 3,
            size,
            name,
        )  # the rest is for what is made of it

    def add(self, count: int) -> None:
        """Count bytes in.

        Raises
        ------
        DataError
            There are too many.
        """
        self.bytes += count
        if self.bytes > self.limit:
            raise DataError(
                f"{self.name}: its cells take more than {bytes_in_words(self.limit)} of memory, as most of them are empty or short; "
                f"the file holds {bytes_in_words(self.size)}. Leave out columns and rows that hold nothing."
            )
