"""The implicit network of nested tens: ties that are computed, not stored, from the number of a person; the same from both ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world.address import MAX_PEOPLE, height

if TYPE_CHECKING:
    from tenfold.kernels.world.ties import ImplicitNetwork
    from tenfold.networks.graph import Graph

__all__ = ["ALPHA", "Ties"]

ALPHA = 1.0
"""The default decay of the number of ties with the level."""
MIN_ALPHA, MAX_ALPHA = -2.5, 2.3
MAX_GRAPH = 50_000_000  # people of the largest world that `graph` is made of
GRAPH_BATCH = 1_000_000  # people at a time


@dataclass(frozen=True)
class Ties:
    """The ties of `people` in nested tens: each person has `ties` of them, at level x with chance P(x) ∝ e^(−`alpha`·x).

    A tie at level x leads to someone in the person's group of 10^x people: at level 1 in their circle, at the top level anyone. The
    partner is uniform within that group. In each of the slots everyone has one tie: a perfect matching, so that the partner's partner
    is the person. All full groups of a level have the same even number of ties at each level, so the shares are those of P(x) to within
    the nearest even number (`level_shares`). Two people may be tied in more than one slot.

    Parameters
    ----------
    people
        From 1 to 10¹¹.
    ties
        Slots a person, from 1 to 32.
    alpha
        From −2.5 (about −ln 10: the whole world as one group) to 2.3 (ln 10: above it a wide group has no way out).
    lowest
        The lowest level at which there are ties, from 1 (the circle) to the height of the world.
    seed
        Which of the worlds, a whole number from 0 on.

    Raises
    ------
    SpecError
        An argument out of its range.

    References
    ----------
    Watts, Dodds, Newman 2002, doi:10.1126/science.1070120.

    Examples
    --------
    >>> ties = Ties(600_000, seed=1)
    >>> other = ties.partners([0, 599_999])
    >>> other.shape, bool((ties.partners(other[0]) == 0).any(axis=1).all())
    ((2, 10), True)
    """

    people: int
    ties: int = 10
    alpha: float = ALPHA
    lowest: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        checks.whole(self.people, "people", low=1, high=MAX_PEOPLE)
        checks.whole(self.ties, "ties", low=1, high=32)
        checks.whole(self.lowest, "lowest", low=1, high=self.levels)
        checks.whole(self.seed, "seed", low=0, high=2**64 - 1)
        steep = self.alpha
        if isinstance(steep, bool) or not isinstance(steep, int | float) or not MIN_ALPHA <= steep <= MAX_ALPHA:
            raise SpecError(f"alpha is {steep!r}; expected a number from {MIN_ALPHA} to {MAX_ALPHA}.")

    @property
    def levels(self) -> int:
        """Levels of groups; the top one is everyone."""
        return max(height(self.people), 1)

    @property
    def wanted_shares(self) -> NDArray[np.float64]:
        """P(x) for x = 1 … levels."""
        level = np.arange(1, self.levels + 1)
        weight = np.where(level >= self.lowest, np.exp(-float(self.alpha) * level), 0)
        found: NDArray[np.float64] = weight / weight.sum()
        return found

    @cached_property
    def network(self) -> ImplicitNetwork:
        """The tables that the kernels compute ties from."""
        from tenfold.world.matchings import build_network

        return build_network(self.people, self.ties, self.wanted_shares, self.seed)

    @property
    def level_shares(self) -> NDArray[np.float64]:
        """The share of ties at each level in full groups, as whole numbers allow, (levels)."""
        beyond = self.network.unmatched[:, :, 0].sum(axis=0) / self.ties / 10.0 ** np.arange(self.levels + 1)
        beyond[-1] = 0
        found: NDArray[np.float64] = -np.diff(beyond)
        return found

    @cached_property
    def left_over(self) -> NDArray[np.int64]:
        """Who has no tie in some slot, one person for each such slot: an odd number at the top leaves one unmatched."""
        from tenfold.kernels.world.ties import FULL, PARTIAL, person_at, unmatched_place

        network, top = self.network, self.levels
        kind = PARTIAL if network.partial_group[top] >= 0 else FULL
        slots = np.nonzero(network.unmatched[:, top, kind])[0].tolist()
        if top == 1:
            row, column = np.nonzero(self.partners(np.arange(self.people)) < 0)
            return row[np.argsort(column, kind="stable")]
        places = [unmatched_place(network, slot, top, 0, 0) for slot in slots]
        return np.array([person_at(network, slot, top, 0, place) for slot, place in zip(slots, places, strict=True)], np.int64)

    def partners(self, ids: ArrayLike) -> NDArray[np.int64]:
        """The people whom each of some people is tied to, (people, ties); −1 where a slot leaves somebody over.

        Raises
        ------
        SpecError
            Somebody who is not there.
        """
        return self._ties_of(ids)[0]

    def levels_of(self, ids: ArrayLike) -> NDArray[np.uint8]:
        """The level of each tie of some people, (people, ties), from 1; 0 where there is none."""
        return self._ties_of(ids)[1]

    def _ties_of(self, ids: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """The partner of some people in each slot, and the level of the tie."""
        from tenfold.kernels.world.ties import partners
        from tenfold.world.address import group

        who = np.atleast_1d(group(ids, 0))
        if who.ndim > 1 or (who.size and who.max() >= self.people):
            raise SpecError(f"ids reach {who.max()}; expected a list of whole numbers from 0 to {self.people - 1}.")
        other, levels = np.empty((len(who), self.ties), np.int64), np.empty((len(who), self.ties), np.uint8)
        partners(self.network, who, other, levels)
        return other, levels

    def graph(self) -> Graph:
        """The same ties as a graph, for worlds small enough. Two people who are tied in several slots have as many edges.

        Raises
        ------
        SpecError
            A world of more than 50,000,000 people.

        Examples
        --------
        >>> graph = Ties(1000, ties=4).graph()
        >>> graph.n, graph.arcs
        (1000, 4000)
        """
        from tenfold.networks.graph import Graph

        if self.people > MAX_GRAPH:
            raise SpecError(
                f"people is {self.people}; a graph is made of at most {MAX_GRAPH}. Use partners() for the ties of some."
            )
        one: list[NDArray[np.int64]] = []
        two: list[NDArray[np.int64]] = []
        for low in range(0, self.people, GRAPH_BATCH):
            who = np.arange(low, min(low + GRAPH_BATCH, self.people))
            other = self.partners(who)
            row, slot = np.nonzero(other > who[:, np.newaxis])
            one.append(who[row])
            two.append(other[row, slot])
        return Graph.from_edges(np.concatenate(one), np.concatenate(two), self.people)
