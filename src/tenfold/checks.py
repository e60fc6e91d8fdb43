"""One function per kind of argument. The wording of the errors about arguments lives here and nowhere else."""

from __future__ import annotations

import difflib
import inspect
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from numbers import Integral, Real

import polars as pl

from tenfold import memory as machine
from tenfold.errors import BackendError, DataError, SpecError

__all__ = ["columns", "keywords", "memory", "moment", "options", "positive", "reading", "seconds", "share", "whole"]

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31557600}
_LITTLE = 10_000_000  # bytes that there always are: to ask would take as long as to use them
_DURATION = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(s|min|h|d|w|y)\s*")


def whole(value: object, name: str, *, low: int, high: int | None = None) -> int:
    """A whole number from `low` to `high`, both included."""
    allowed = f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise SpecError(f"{name} is {value!r}; expected {allowed}.")
    number = int(value)
    if number < low or (high is not None and number > high):
        raise SpecError(f"{name} is {number}; expected {allowed}.")
    return number


def share(value: object, name: str) -> float:
    """A number from 0 to 1."""
    number = _number(value)
    if not 0 <= number <= 1:
        raise SpecError(f"{name} is {_shown(value)}; expected a share from 0 to 1.")
    return number


def positive(value: object, name: str) -> float:
    """A finite number above 0."""
    number = _number(value)
    if not 0 < number < math.inf:
        raise SpecError(f"{name} is {_shown(value)}; expected a number above 0.")
    return number


def _number(value: object) -> float:
    """A number as a float; infinite where it is too large for one, and not a number where it is none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _shown(value: object) -> str:
    """A value for a message; a whole number of thousands of digits by how many it has."""
    if isinstance(value, int) and abs(value) > 10**40:
        return f"a whole number of {math.ceil(math.log10(2) * value.bit_length())} digits"
    return repr(value)


def seconds(value: object, name: str) -> float:
    """A positive duration in seconds, from a number of seconds, a timedelta, or text such as ``"30d"`` or ``"1.5h"``."""
    allowed = f"a positive duration: seconds, a timedelta, or text with one of {', '.join(UNITS)} such as '30d'"
    if isinstance(value, timedelta):
        found = value.total_seconds()
    elif isinstance(value, Real) and not isinstance(value, bool):
        found = _number(value)
    elif isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        found = float(match[1]) * UNITS[match[2]]
    else:
        raise SpecError(f"{name} is {value!r}; expected {allowed}.")
    if not math.isfinite(found) or found <= 0:
        raise SpecError(f"{name} is {value!r}; expected {allowed}.")
    return found


def moment(value: object, name: str) -> datetime:
    """A moment in UTC, from a datetime (naive: taken as UTC), a date, ISO 8601 text, or seconds since 1970."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(_number(value)):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(value))
    if isinstance(value, str):
        try:
            return moment(datetime.fromisoformat(value.strip()), name)
        except ValueError:
            pass
    raise SpecError(f"{name} is {value!r}; expected a date, a time, ISO 8601 text such as '2026-03-01', or seconds since 1970.")


def memory(needed: float, what: str, lower: str) -> None:
    """No more memory is asked for than is free. `what`: that needs it, in the plural; `lower`: what to do about it.

    Raises
    ------
    BackendError
        How much is needed, and how much is free.
    """
    if needed < _LITTLE:
        return
    free = machine.available_memory()
    if needed > free:
        words = f"{what} need {machine.bytes_in_words(needed)} of memory; {machine.bytes_in_words(free)} are free"
        raise BackendError(f"{words}. {lower}.")


def reading(needed: float, size: int, where: str, remedy: str) -> None:
    """A file of `size` bytes takes no more memory to read than is allowed for its size.

    Raises
    ------
    DataError
        How much it would take, and how much is allowed.
    """
    limit = machine.reading_limit(size)
    if needed > limit:
        words = (
            f"{where}: takes about {machine.bytes_in_words(needed)} of memory to read; at most {machine.bytes_in_words(limit)}"
        )
        raise DataError(f"{words} are taken for {machine.bytes_in_words(size)}. {remedy}.")


def columns(frame: pl.DataFrame, needed: list[str], where: str) -> None:
    """Every column of `needed` is in `frame`."""
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        have = ", ".join(frame.columns) or "none"
        raise DataError(f"{where}: no column '{missing[0]}'; the columns are {have}. Name the right one.")


def options(given: Mapping[str, object], known: type, what: str) -> None:
    """Every keyword that `what` was given is one of the keys of the TypedDict `known`."""
    allowed = list(known.__annotations__)
    for name in given:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise SpecError(f"{what} takes no '{name}'; expected some of {', '.join(allowed)}.{meant}")


def keywords(function: Callable[..., object]) -> dict[str, object]:
    """The arguments of a function, each with its default (`inspect.Parameter.empty`: none).

    Keywords that it takes by a TypedDict stand with the others; their default is None.
    """
    found: dict[str, object] = {}
    for one in inspect.signature(function).parameters.values():
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            listed = getattr(inspect.getmodule(function), str(one.annotation).removeprefix("Unpack[").removesuffix("]"))
            found |= dict.fromkeys(listed.__annotations__)
        else:
            found[one.name] = one.default
    return found
