"""The edge to the terminal: all that any command prints goes through here.

Names, paths, arguments and messages come from files that others wrote. So control characters are shown escaped, and letters that the
terminal lacks as well. A report that cannot be written never changes what is said of the work: see `Reports.close`.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

from tenfold.control_characters import printable

__all__ = ["REPORTS", "Reports", "escape_json", "printable"]

_HIDDEN_IN_JSON = re.compile(
    "[\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff]"
)


def escape_json(document: str) -> str:
    """A JSON document with the control characters that JSON allows escaped as well; it means the same."""
    return _HIDDEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


class Reports:
    """What a command prints, and whether it could be written."""

    def __init__(self) -> None:
        self.failed: OSError | None = None

    def write(self, text: str) -> None:
        """Print text that is printable already to stdout, with a line feed; after a failure nothing more is tried."""
        if self.failed is None:
            self.failed = _write(sys.stdout, text)

    def note(self, text: str) -> None:
        """Print text to stderr, where that can be done."""
        _write(sys.stderr, text)

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
    """Write a line as far as the stream has the letters; the error if it cannot be written."""
    if stream is None:  # closed before the program began
        return None
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
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
