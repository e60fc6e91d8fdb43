"""Choose the mentors of a community: the few from whom a practice reaches the most people, or every place, over the living bonds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.bonds.strength import Bonds
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.people.roster import People
from tenfold.plan.mentors.assignment import assign_people, find_paths, nearest_mentor
from tenfold.plan.mentors.result import MentorPlacement
from tenfold.plan.mentors.simulated_reach import LivingNetwork, simulate_reach
from tenfold.plan.mentors.tables import NO_GROUP, Chosen, care_table, group_table, left_table, mentor_table
from tenfold.plan.situation import AWAY
from tenfold.plan.ties import Ties

if TYPE_CHECKING:
    from tenfold.seeds.result import Seeds

__all__ = ["GROUPED_BY", "OBJECTIVES", "MentorOptions", "place_mentors"]

Ints = NDArray[np.int64]
OBJECTIVES = ("reach", "everyone", "worst_group")
GROUPED_BY = ("place", "language")


class MentorOptions(TypedDict, total=False):
    """The further keywords of `place_mentors`."""

    target: float
    chance: float
    capacity: int


@dataclass(frozen=True)
class Request:
    """What was asked for: the keywords of `place_mentors`."""

    k: int | None
    objective: str
    by: str
    seed: int
    target: float = 0.5
    chance: float = 0.05
    capacity: int = 10

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise SpecError(f"objective is {self.objective!r}; expected one of {', '.join(OBJECTIVES)}.")
        if self.by not in GROUPED_BY:
            raise SpecError(f"by is {self.by!r}; expected one of {', '.join(GROUPED_BY)}.")
        checks.share(self.chance, "chance")
        checks.whole(self.capacity, "capacity", low=1, high=150)
        checks.whole(self.seed, "seed", low=0, high=2**32 - 1)


@dataclass(frozen=True)
class Community:
    """People 0..n−1 who may be reached: their `table`, `group` (n), `capacity` (n), and who is `able` to be a mentor (n).

    `network`: the living bonds among them; `graph`: the same, weighted by the chance that they pass the practice on.
    """

    table: pl.DataFrame
    group: list[str]
    capacity: Ints
    able: NDArray[np.bool_]
    network: LivingNetwork
    graph: Graph


def place_mentors(
    people: People,
    bonds: Bonds,
    *,
    standing: pl.DataFrame,
    k: int | None = None,
    objective: str = "reach",
    by: str = "place",
    seed: int = 0,
    **options: Unpack[MentorOptions],
) -> MentorPlacement:
    """Choose mentors on the network of living bonds.

    Parameters
    ----------
    people, bonds, standing
        The roster, its bonds, and `measure_standing` of both. Who is gone or paused is left out. Who is lost, who has a capacity
        of 0, or, where the roster marks people who can mentor, who is not marked, cannot be chosen.
    k
        How many mentors; by default as many as it takes to look after everybody within capacity, or, for ``"everyone"``, as few
        as are needed.
    objective
        ``"reach"``: the most people; ``"everyone"``: the fewest so that the share `target` of each group is reached;
        ``"worst_group"``: the largest share of the group that is worst off.
    by
        What makes a group: ``"place"`` or ``"language"`` (the first one).
    seed
        Same seed, same mentors.
    target
        Share of each group that is to be reached, for ``"everyone"``; by default 0.5.
    chance
        That a bond as strong as one fresh contact passes the practice on, 0.05 by default; of a bond of strength s: 1 − (1 − chance)^s.
        The default was fitted to villages for people who had not taken part themselves (Banerjee et al. 2013, doi:10.1126/science.1236498).
    capacity
        People that a mentor looks after, where the roster does not say; by default 10.

    Raises
    ------
    PlanError
        Nobody can be chosen, there are fewer than k, or the target cannot be met.
    SpecError
        An argument is out of range or unknown.

    Examples
    --------
    >>> from tenfold.bonds.standing import measure_standing
    >>> from tenfold.bonds.strength import measure_bonds
    >>> from tenfold.people.contacts import Contacts
    >>> frame = pl.DataFrame({"t": [0] * 5, "a": ["hub"] * 4 + ["ana"], "b": ["binh", "chi", "dov", "eva", "finn"]})
    >>> contacts = Contacts.from_table(frame, time="t", a="a", b="b")
    >>> people, bonds = People.from_ids(contacts.people()), measure_bonds(contacts)
    >>> place_mentors(people, bonds, standing=measure_standing(people, contacts, bonds), k=1).mentors["mentor"].to_list()
    ['hub']
    """
    checks.options(options, MentorOptions, "place_mentors")
    asked = Request(k, objective, by, seed, **options)
    community = _community(people, bonds, standing, asked)
    seeds = _choose(community, asked)
    mentors, network = seeds.nodes.astype(np.int64), community.network
    reach = simulate_reach(network, mentors, community.able, seed)
    paths = find_paths(network, mentors)
    care = assign_people(paths, mentors, community.table["place"].to_list(), community.capacity)
    backups = np.full(len(mentors), -1, np.int64) if seeds.backups is None else seeds.backups.astype(np.int64)
    backups = np.where(backups < 0, nearest_mentor(paths, mentors), backups)
    chosen = Chosen(community.table["id"], community.group, community.capacity, mentors, backups)
    return MentorPlacement(
        mentors=mentor_table(chosen, reach, care),
        care=care_table(chosen, care),
        groups=group_table(chosen, reach),
        left=left_table(chosen, reach, care, community.graph.degree() > 0),
        reach=float(reach.reached.sum(axis=1).mean()),
        low=seeds.low,
        high=seeds.high,
        at_random=float(reach.at_random.sum(axis=1).mean()),
        people=network.n,
        all_chosen=len(mentors) == int(community.able.sum()),
        guarantee=seeds.guarantee,
        settings={
            "k": len(mentors),
            "objective": objective,
            "by": by,
            "chance": asked.chance,
            "capacity": asked.capacity,
            "seed": seed,
            "runs": reach.runs,
        },
    )


def _community(people: People, bonds: Bonds, standing: pl.DataFrame, asked: Request) -> Community:
    """Who may be reached, and who can be a mentor."""
    table = people.table.join(
        standing.select("person", "standing", "reason"), left_on="id", right_on="person", maintain_order="left"
    )
    table = table.filter(~pl.col("standing").is_in(AWAY))
    if not table.height:
        raise PlanError("nobody is to be reached: all on the list are gone or paused, or it is empty. Import people.")
    capacity = table["capacity"].fill_null(asked.capacity).clip(0, None).to_numpy().astype(np.int64)
    marked = table["can_mentor"].fill_null(False).to_numpy()
    in_touch = (table["standing"] != "lost").to_numpy()
    able = (marked if marked.any() else np.ones(table.height, np.bool_)) & in_touch & (capacity > 0)
    if not able.any():
        raise PlanError(
            "nobody can be a mentor: none of those marked as able is in touch and has a capacity above 0. Mark more with can_mentor."
        )
    network = LivingNetwork.of(table.height, Ties.among(table["id"], bonds.table), asked.chance)
    graph = Graph.from_edges(network.ties.a, network.ties.b, network.n, weight=network.transmission)
    return Community(table, _groups(table, asked.by), capacity, able, network, graph)


def _groups(table: pl.DataFrame, by: str) -> list[str]:
    """The place or the first language of each person."""
    column = table[by] if by == "place" else table[by].str.split("|").list.first().str.strip_chars()
    return [NO_GROUP if one is None or one == "" else str(one) for one in column]


def _choose(community: Community, asked: Request) -> Seeds:
    """The mentors, by influence maximisation."""
    from tenfold.networks.labels import Positions
    from tenfold.seeds.choose import choose_seeds
    from tenfold.spread.library import independent_cascade

    able, n, k = community.able, community.network.n, asked.k
    many = int(able.sum())
    if k is None and asked.objective != "everyone":
        cared = np.cumsum(np.sort(community.capacity[able])) + np.arange(1, many + 1)  # mentors need no mentor
        k = min(many, int(np.searchsorted(cared, n)) + 1)
    if k is not None and checks.whole(k, "k", low=1) > many:
        raise PlanError(f"k is {k}, and {many} people can be mentors; ask for at most as many, or mark more with can_mentor.")
    graph = community.graph
    can_be_reached = (graph.degree() > 0) | able
    groups = [name if yes and name != NO_GROUP else None for name, yes in zip(community.group, can_be_reached, strict=True)]
    if asked.objective != "reach" and not any(groups):
        raise PlanError(f"nobody's {asked.by} is on the list; add it to the people, or ask for the objective reach.")
    return choose_seeds(
        graph,
        k,
        model=independent_cascade(chance="weight"),
        objective=asked.objective,
        excluded=Positions(np.flatnonzero(~able)),
        groups=None if asked.objective == "reach" else groups,
        target=asked.target,
        seed=asked.seed,
    )
