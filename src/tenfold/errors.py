"""What can go wrong, and for whom the message is.

::

    Exception
    └── TenfoldError        anything that Tenfold says on purpose; the command line prints it as one line, exit code 1
        ├── DataError       the input: a file, a table, a value in it
        ├── SpecError       an argument, an option, a model's specification
        ├── PlanError       the plan that was asked for cannot be made, or does not win
        ├── StoreError      the community file: missing, foreign, locked, of a newer version, on a full disk
        └── BackendError    the machine: no such device, no compiler cache, an executor that failed

A message says, in this order: where, what was got, what is allowed, what to do. It is one line, whatever it quotes.
"""

from tenfold.control_characters import printable

__all__ = ["BackendError", "DataError", "PlanError", "SpecError", "StoreError", "TenfoldError"]


LONGEST = 599  # characters of a message
_BEGINNING, _END = 400, 198  # of a longer one: where and what was got, and what to do


class TenfoldError(Exception):
    """Anything that Tenfold says on purpose. Control characters in what the message quotes are escaped, and a long message is cut.

    Examples
    --------
    >>> str(TenfoldError("names 'ana\\x1b[2J'; expected a name."))
    "names 'ana\\\\x1b[2J'; expected a name."
    """

    def __init__(self, message: object = "") -> None:
        text = printable(str(message).replace("\n", " "))
        super().__init__(text if len(text) <= LONGEST else f"{text[:_BEGINNING]}…{text[-_END:]}")

    exit_code = 1
    """Of a command that ends with it."""


class DataError(TenfoldError):
    """The input is wrong: a file, a table, or a value in it."""


class SpecError(TenfoldError):
    """An argument, an option or a specification is wrong."""


class PlanError(TenfoldError):
    """The plan that was asked for cannot be made, or does not win."""


class StoreError(TenfoldError):
    """The community file cannot be used."""


class BackendError(TenfoldError):
    """The machine cannot do what was asked."""
