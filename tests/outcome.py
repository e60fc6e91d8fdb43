"""The outcome of a call: its result, or the message of its error."""

from collections.abc import Callable
from typing import TypeVar

from tenfold.errors import TenfoldError

Result = TypeVar("Result")


def outcome(call: Callable[[], Result]) -> tuple[Result | None, str]:
    """The result and an empty message, or None and the message of a `TenfoldError`; any other error fails the test."""
    try:
        return call(), ""
    except TenfoldError as error:
        return None, str(error)
