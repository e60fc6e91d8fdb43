"""What came of a call: its result, or what Tenfold said."""

from collections.abc import Callable
from typing import TypeVar

from tenfold.errors import TenfoldError

Result = TypeVar("Result")


def outcome(call: Callable[[], Result]) -> tuple[Result | None, str]:
    """The result and no words, or no result and the words of the error; any other error is one of the test."""
    try:
        return call(), ""
    except TenfoldError as error:
        return None, str(error)
