"""The edge to the terminal: all that any command prints goes through here.

Names, paths, arguments and messages come from files that others wrote. So control characters are shown escaped, and letters that the
terminal lacks as well. A report that cannot be written never changes what is said of the work: see `Reports.close`.
"""

from __future__ import annotations

import io
import os
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO

from tenfold.control_characters import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["REPORTS", "Reports", "escape_json", "printable", "progress_console", "rendered"]

PAGE_WIDTH = 140  # letters in a line, where stdout is no terminal

_HIDDEN_IN_JSON = re.compile(
    "[\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff]"
)


def escape_json(document: str) -> str:
    """A JSON document with the control characters that JSON allows escaped as well; it means the same."""
    return _HIDDEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def rendered(what: RenderableType) -> str:
    """What Rich draws, as text for stdout. It is drawn away from stdout, which may be closed, full, or without a reader."""
    from rich.console import Console

    terminal = sys.stdout is not None and sys.stdout.isatty()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    data = io.BytesIO()
    paper = io.TextIOWrapper(data, encoding, "backslashreplace", newline="", write_through=True)
    Console(file=paper, force_terminal=terminal, width=None if terminal else PAGE_WIDTH).print(what)
    return data.getvalue().decode(encoding).removesuffix("\n")


def progress_console() -> Console:
    """Where progress is drawn: stderr, which may lack letters, or be gone."""
    from rich.console import Console

    encoding = sys.stderr.encoding or "utf-8"
    edge = io.TextIOWrapper(_Stderr(encoding), encoding, "backslashreplace", newline="", write_through=True)
    return Console(file=edge, force_terminal=True)


class _Stderr(io.BytesIO):
    """Bytes for stderr; what cannot be written there is dropped."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def write(self, data: Any, /) -> int:
        _write(sys.stderr, bytes(data).decode(self._encoding))
        return len(data)


class Reports:
    """What a command prints: whether anything was (`wrote`), and what kept it from being written (`failed`)."""

    failed: OSError | None = None
    wrote = False

    def begin(self) -> None:
        """Forget what was printed: another command begins."""
        self.failed, self.wrote = None, False

    def write(self, text: str) -> None:
        """Print text that is printable already to stdout, with a line feed; after a failure nothing more is tried."""
        self.wrote = True
        if self.failed is None:
            self.failed = _write(sys.stdout, text + "\n")

    def note(self, text: str) -> None:
        """Print text to stderr, where that can be done."""
        _write(sys.stderr, text + "\n")

    def close(self) -> int:
        """The exit code of a command that did its work: 0, or 3 where its report could not be written.

        A reader who went away (a closed pipe, as in ``tenfold bonds | head``) or was never there is no failure.
        """
        if self.failed is None and sys.stdout is not None:
            try:
                sys.stdout.flush()
            except (OSError, ValueError) as error:
                self.failed = error if isinstance(error, OSError) else None
        if self.failed is None:
            return 0
        _abandon_stdout()
        if isinstance(self.failed, BrokenPipeError):
            return 0
        what = self.failed.strerror or type(self.failed).__name__
        self.note(f"tenfold: the command is done, but its report could not be written ({what}).")
        return 3


REPORTS = Reports()
"""Those of this process."""


def _write(stream: TextIO | None, text: str) -> OSError | None:
    """Write text, with what the stream lacks escaped; the error if it cannot be written."""
    if stream is None:  # closed before the program began
        return None
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError as error:
        return error
    except ValueError:  # closed meanwhile
        return None
    return None


def _abandon_stdout() -> None:
    """Nothing more can be written there: what is left in the buffer goes nowhere, so that the interpreter's end does not fail over it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
