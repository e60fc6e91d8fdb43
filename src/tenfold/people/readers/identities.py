"""Who is meant in one file: names from their parts, and labels for people who have no id of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from tenfold.people.names import clean_labels, name_key
from tenfold.people.readers.raw_table import ROW_NUMBER

__all__ = ["Identified", "identify_list", "identify_mentions", "with_full_name"]

TELLING = ("email", "phone", "joined", "place")
"""What tells two people of one name apart, the most telling first."""


@dataclass(frozen=True)
class Identified:
    """Labels of people by row, null where a row names nobody or cannot be told; `repeats`: rows that say nothing new of a person who was
    named before; `open_rows`: rows of which nobody can tell whom they mean; and what the person who imports should know."""

    labels: pl.Series
    repeats: pl.Series
    open_rows: pl.Series
    questions: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


def with_full_name(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a clean `name`, made of first and last name where there is none; `Nguyen, Linh` becomes `Linh Nguyen`."""
    if "name" in frame.columns:
        name = clean_labels(frame["name"])
    elif "first_name" in frame.columns or "last_name" in frame.columns:
        parts = [clean_labels(frame[one]) for one in ("first_name", "last_name") if one in frame.columns]
        name = clean_labels(pl.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series())
    else:
        return frame
    if name.str.contains(",", literal=True).any():
        name = name.str.replace(r"^([^,;|]+), *([^,;|]+)$", "${2} ${1}")
    return frame.drop("first_name", "last_name", strict=False).with_columns(name.alias("name"))


def identify_list(frame: pl.DataFrame) -> Identified:
    """Labels for the rows of a list of people without ids: the name, and where two share it, what tells them apart.

    Rows of one name are one person where nothing contradicts it.
    """
    rows, columns = frame.height, [name for name in (*TELLING, "name") if name in frame.columns]
    name = clean_labels(frame["name"]) if "name" in frame.columns else pl.Series("name", [None] * rows, pl.String)
    email = clean_labels(frame["email"]) if "email" in frame.columns else pl.Series("email", [None] * rows, pl.String)
    labels = pl.select(pl.coalesce(name, email)).to_series().to_list()
    groups: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        if label is not None:
            groups.setdefault(name_key(label), []).append(row)
    telling = {column: _telling(frame[column], column) for column in columns if column != "name"}
    repeats, questions, guesses = [False] * rows, [], []
    numbers = frame[ROW_NUMBER].to_list() if ROW_NUMBER in frame.columns else list(range(1, rows + 1))
    for members in (group for group in groups.values() if len(group) > 1):
        who = labels[members[0]]
        listed = ", ".join(str(numbers[row]) for row in members[:5]) + (", …" if len(members) > 5 else "")
        column = next((one for one in telling if _tells_apart([telling[one][row] for row in members])), None)
        if column is None:
            for row in members[1:]:
                labels[row], repeats[row] = who, True
            guesses.append(f"rows {listed} are all taken as one person, {who}: nothing tells them apart")
            continue
        seen: dict[str, int] = {}
        for row in members:
            value = telling[column][row] or ""
            labels[row] = f"{who} ({_tag(column, value)})"
            repeats[row] = value in seen
            seen.setdefault(value, row)
        questions.append(f"rows {listed}: {len(seen)} people are called {who}; they are told apart by {column}")
    taken = pl.Series("id", labels, pl.String)
    return Identified(taken, pl.Series(repeats, dtype=pl.Boolean), taken.is_null(), questions, guesses)


def _telling(column: pl.Series, name: str) -> list[str | None]:
    """The cells of a column that tells people apart, as they are compared."""
    text = clean_labels(column)
    if name == "phone":
        digits = text.str.replace_all(r"[^0-9]", "").str.tail(9)
        return [one or None for one in digits.to_list()]
    return [None if one is None else name_key(one) for one in text.to_list()]


def _tells_apart(values: Sequence[str | None]) -> bool:
    """Whether every row has a value, and not all the same."""
    return None not in values and len(set(values)) > 1


def _tag(column: str, value: str) -> str:
    return f"…{value[-3:]}" if column == "phone" else value


def identify_mentions(frame: pl.DataFrame, naming: Mapping[str, str]) -> pl.DataFrame:
    """The people whom a table of attendance names, once each: `label`, `name`, `email`.

    `naming`: the columns of the frame that hold label, name and email, as far as there are such. People of one name with different e-mail
    addresses are different labels.
    """
    columns = {key: clean_labels(frame[column]) for key, column in naming.items()}
    named = pl.DataFrame(columns).unique(maintain_order=True).filter(pl.col("label").is_not_null())
    for key in ("name", "email"):
        if key not in named.columns:
            named = named.with_columns(pl.lit(None, pl.String).alias(key))
    return named.group_by("label", maintain_order=True).agg(
        pl.col("name").drop_nulls().first(), pl.col("email").drop_nulls().first()
    )
