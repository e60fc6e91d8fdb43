"""Bonds among the people of a plan as ties between rows, and numbers for pairs of people with or without a bond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Pairs", "Ties", "number_pairs"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ties:
    """Bonds among people 0..n−1: `a`, `b` (m) the two people of each, and `table` (one row a bond, as in `Bonds.table`)."""

    a: Ints
    b: Ints
    table: pl.DataFrame

    @classmethod
    def among(cls, ids: pl.Series, bonds: pl.DataFrame) -> Ties:
        """Those of `bonds` that have both ends in `ids`, strongest first."""
        rows = pl.DataFrame({"id": ids, "row": np.arange(len(ids))})
        table = (
            bonds.with_columns(pl.col("a", "b").cast(pl.String))
            .join(rows.rename({"id": "a", "row": "row_a"}), on="a", maintain_order="left")
            .join(rows.rename({"id": "b", "row": "row_b"}), on="b", maintain_order="left")
        )
        return cls(table["row_a"].to_numpy(), table["row_b"].to_numpy(), table.drop("row_a", "row_b"))

    def __len__(self) -> int:
        return len(self.a)

    @property
    def strength(self) -> NDArray[np.float64]:
        """Strength of each bond, (m)."""
        return self.table["strength"].to_numpy()

    @property
    def living(self) -> NDArray[np.bool_]:
        """Whether each bond is not lost, (m)."""
        return (self.table["standing"] != "lost").to_numpy()

    def only_living(self) -> Ties:
        """The bonds that are not lost."""
        rows = np.flatnonzero(self.living)
        return Ties(self.a[rows], self.b[rows], self.table[rows])


@dataclass(frozen=True)
class Pairs:
    """Pairs of people, numbered: those with a bond first, in the order of the ties, then others in the order of the contacts.

    `a`, `b` (pairs): the two people of each, the smaller row first. `of_contact` (contacts): the pair of each contact.
    """

    a: Ints
    b: Ints
    of_contact: Ints

    def __len__(self) -> int:
        return len(self.a)


def number_pairs(ties: Ties, n: int, initiator: Ints, recipient: Ints) -> Pairs:
    """Number the pairs of all ties and all contacts among n people."""
    one, other = np.concatenate([ties.a, initiator]), np.concatenate([ties.b, recipient])
    key = np.minimum(one, other) * n + np.maximum(one, other)
    unique, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    number = np.empty(len(unique), np.int64)
    number[by_appearance] = np.arange(len(unique))
    unique = unique[by_appearance]
    return Pairs(unique // n, unique % n, number[inverse[len(ties) :]])
