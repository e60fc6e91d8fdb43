"""Pseudonyms under a key: the same person has the same one in every copy that is made with that key, and nobody else can tell who it is.

A pseudonym is no anonymity: whoever knows a few contacts of somebody can find them in a network, above all where people have more than
ten bonds (Narayanan and Shmatikov 2009; de Montjoye et al. 2013: four moments suffice for most).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

import polars as pl

from tenfold.errors import DataError

__all__ = ["FEWEST", "fresh_key", "pseudonym", "pseudonymise_tables", "read_key"]

FEWEST = 5
"""Groups of fewer people than this are not told: a language, a place or a zone that fewer have is left out."""
DROPPED = ("name", "aliases", "email", "availability", "paused_until", "consent")
BYTES = 32


def fresh_key() -> str:
    """A new key, as text."""
    return secrets.token_hex(BYTES)


def read_key(text: str, where: str) -> bytes:
    """The key in a text; DataError if it is none."""
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != BYTES:
        raise DataError(
            f"{where}: holds no key; expected {2 * BYTES} digits from 0 to f, as tenfold pseudonymise writes them. Name another file."
        )
    return found


def pseudonym(key: bytes, kind: str, text: str) -> str:
    """A name of letters and digits for a text: 65 bits, so that two of 8 billion have the same with a chance below one half."""
    digest = hmac.new(key, f"{kind}\n{text}".encode(), hashlib.sha256).digest()
    return f"{kind}-{base64.b32encode(digest).decode()[:13].lower()}"


def pseudonymise_tables(tables: dict[str, pl.DataFrame], key: bytes, *, every: timedelta) -> dict[str, pl.DataFrame]:
    """People, contacts and attendance under pseudonyms, in the columns of the canonical files.

    Parameters
    ----------
    tables
        `people`, `contacts` and `attendance`, as `Store.canonical_tables` gives them.
    key
        32 bytes.
    every
        Times are cut to multiples of this; days of joining to months.

    Returns
    -------
    dict
        The same tables without names, addresses, free hours and sources. Rows are ordered by pseudonym and time. Languages, zones and
        places that fewer than five people have are left out.
    """
    people = tables["people"].drop(one for one in DROPPED if one in tables["people"].columns)
    for column in ("language", "timezone", "place", "role"):
        counts = people[column].drop_nulls().value_counts()
        rare = counts.filter(pl.col("count") < FEWEST)[column].to_list()
        people = people.with_columns(pl.when(pl.col(column).is_in(rare)).then(None).otherwise(pl.col(column)).alias(column))
    people = people.with_columns(_named(people["id"], key, "person"), _named(people["place"], key, "place"))
    people = people.with_columns(pl.col("joined").dt.truncate("1mo")).sort("id")
    cut = f"{int(every.total_seconds())}s"
    contacts = tables["contacts"].drop("source")
    contacts = contacts.with_columns(
        pl.col("time").dt.truncate(cut),
        *(_named(contacts[end], key, "person") for end in ("a", "b")),
        _named(contacts["group"], key, "group"),
    ).sort("time", "a", "b", "kind")
    attendance = tables["attendance"].with_columns(pl.col("start").dt.truncate(cut))
    attendance = attendance.with_columns(_named(attendance["event"], key, "event"), _named(attendance["person"], key, "person"))
    return {"people": people, "contacts": contacts, "attendance": attendance.sort("start", "event", "person")}


def _named(column: pl.Series, key: bytes, kind: str) -> pl.Series:
    """A column under pseudonyms."""
    labels: Iterable[str] = column.drop_nulls().unique().to_list()
    names = {one: pseudonym(key, kind, one) for one in labels}
    return pl.Series(column.name, [None if one is None else names[one] for one in column], dtype=pl.String)
