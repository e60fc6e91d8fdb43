"""Mentors of a community: the few from whom a practice reaches the most people, or every place, over the bonds that live."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tenfold import checks
from tenfold.bonds.strength import Bonds
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.people.roster import People
from tenfold.plan.circles import Ties

__all__ = ["GROUPED_BY", "OUTREACH", "Outreach", "place_mentors"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
OUTREACH = ("reach", "everyone", "worst_group")
GROUPED_BY = ("place", "language")
NO_GROUP = "(not on record)"
_LIVE, _RANDOM = 71, 72  # streams
RUNS, MOST_DRAWS = 400, 40_000_000
"""Simulations of who is reached; fewer where bonds times runs are more than this."""


@dataclass(frozen=True)
class Outreach:
    """Who should be a mentor, and why; people by id.

    Attributes
    ----------
    mentors
        `mentor`, `group`, `reaches` (people expected, by this mentor alone), `adds` (beside those before), `together`, `only` (people
        expected whom no other mentor reaches), `only_in` (the group where most of these are), `only_there` (how many), `looks_after`,
        `capacity`, `backup` (where everybody able is chosen, the mentor who is nearest), `reason` (words).
    care
        `mentor`, `person`, `steps` (bonds between them; null: none).
    groups
        `group`, `people`, `mentors`, `with_mentors`, `at_random` (people expected to be reached from these mentors, and from as many
        drawn at random among those who could be, on the same luck), `low`, `high` (95 % of the difference's mean).
    left
        `person`, `why`: whom no mentor reaches in any run, or whom nobody has room to look after.
    reach, low, high
        People expected to be reached, and what `choose_seeds` says for sure about them. `guarantee` in words; `people`: of how many.
    at_random
        People expected to be reached from as many mentors drawn at random among those who could be.
    all_chosen
        Whether nobody else could be a mentor, so that there was nothing to choose.
    """

    mentors: pl.DataFrame
    care: pl.DataFrame
    groups: pl.DataFrame
    left: pl.DataFrame
    reach: float
    low: float
    high: float
    at_random: float
    people: int
    all_chosen: bool
    guarantee: str
    settings: dict[str, object]

    def sentence(self) -> str:
        """What an organiser should know first."""
        few, many = self.mentors.head(10), self.mentors.height
        mine = float(self.groups["with_mentors"].sum())
        first = f"{many} {'mentor reaches' if many == 1 else 'mentors reach'} {mine:,.0f} of {self.people:,} people expected"
        if few.height < many:
            first += f"; the first {few.height} alone {few['together'][-1]:,.0f}"
        if self.all_chosen:
            return f"{first}. These are all who can be mentors."
        return f"{first}. As many drawn at random among those who could be would reach {self.at_random:,.0f}."

    def tables(self) -> dict[str, pl.DataFrame]:
        """All frames by name."""
        return {"reach_mentors": self.mentors, "reach_care": self.care, "reach_groups": self.groups, "reach_left": self.left}


def place_mentors(
    people: People,
    bonds: Bonds,
    *,
    standing: pl.DataFrame,
    k: int | None = None,
    objective: str = "reach",
    by: str = "place",
    target: float = 0.5,
    chance: float = 0.05,
    capacity: int = 10,
    seed: int = 0,
) -> Outreach:
    """Choose mentors on the network of living bonds.

    Parameters
    ----------
    people, bonds, standing
        The roster, its bonds, and `measure_standing` of both. Who is gone or paused is left out; who is lost, who has a capacity
        of 0, or, where the roster marks people who can mentor, who is not marked, cannot be chosen.
    k
        How many mentors; by default as many as it takes to look after everybody within capacity, or, for ``"everyone"``, as few
        as are needed.
    objective
        ``"reach"``: the most people; ``"everyone"``: the fewest so that the share `target` of each group is reached;
        ``"worst_group"``: the largest share of the group that is worst off.
    by
        What makes a group: ``"place"`` or ``"language"`` (the first one).
    chance
        That a bond as strong as one fresh contact passes the practice on; of a bond of strength s: 1 − (1 − chance)^s. By
        default what was fitted to villages for people who had not taken part themselves (Banerjee et al. 2013,
        doi:10.1126/science.1236498).
    capacity
        People that a mentor looks after, where the roster does not say.

    Raises
    ------
    PlanError
        Nobody can be chosen, there are fewer than k, or the target cannot be met.
    SpecError
        An argument is out of range.

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
    from tenfold.seeds.choose import choose_seeds
    from tenfold.spread.library import independent_cascade

    if objective not in OUTREACH:
        raise SpecError(f"objective is {objective!r}; expected one of {', '.join(OUTREACH)}.")
    if by not in GROUPED_BY:
        raise SpecError(f"by is {by!r}; expected one of {', '.join(GROUPED_BY)}.")
    checks.share(chance, "chance")
    checks.whole(capacity, "capacity", low=1, high=150)
    checks.whole(seed, "seed", low=0, high=2**32 - 1)
    table = people.table.join(
        standing.select("person", "standing", "reason"), left_on="id", right_on="person", maintain_order="left"
    )
    table = table.filter(~pl.col("standing").is_in(["gone", "paused"]))
    if not table.height:
        raise PlanError("nobody is to be reached: all on the list are gone or paused, or it is empty. Import people.")
    carries = table["capacity"].fill_null(capacity).clip(0, None).to_numpy().astype(np.int64)
    able = _able(table, carries)
    n, many = table.height, int(able.sum())
    if not many:
        raise PlanError(
            "nobody can be a mentor: none of those marked as able is in touch and has a capacity above 0. Mark more with can_mentor."
        )
    ties = _living(Ties.among(table["id"], bonds.table))
    passes = -np.expm1(np.log1p(-min(chance, 1 - 1e-12)) * ties.strength())
    graph = Graph.from_edges(ties.a, ties.b, n, weight=passes)
    if k is None and objective != "everyone":
        room = np.cumsum(np.sort(carries[able])) + np.arange(1, many + 1)  # mentors need no mentor
        k = min(many, int(np.searchsorted(room, n)) + 1)
    if k is not None and checks.whole(k, "k", low=1) > many:
        raise PlanError(f"k is {k}, and {many} people can be mentors; ask for at most as many, or mark more with can_mentor.")
    group = _group(table, by)
    tied = graph.degree() > 0
    counts = [has and name != NO_GROUP for name, has in zip(group, tied | able, strict=True)]  # no bond: not reached over one
    if objective != "reach" and not any(counts):
        raise PlanError(f"nobody's {by} is on the list; add it to the people, or ask for the objective reach.")
    named = [name if one else None for name, one in zip(group, counts, strict=True)]
    found = choose_seeds(
        graph, k, model=independent_cascade(chance="weight"), objective=objective, excluded=np.flatnonzero(~able),
        groups=None if objective == "reach" else named, target=target, seed=seed,
    )  # fmt: skip
    nodes = found.nodes.astype(np.int64)
    backups = np.full(len(nodes), -1, np.int64) if found.backups is None else found.backups.astype(np.int64)
    tries = _Tries(ties, passes, n, nodes, able, seed)
    far, hops = _ways(ties, passes, nodes, n)
    backups = np.where(backups < 0, _nearest(far[:, nodes], nodes), backups)
    carer, steps = _care(table, far, hops, nodes, carries)
    ids = table["id"]
    mentors = _mentor_table(ids, group, nodes, backups, tries, carer, carries)
    return Outreach(
        mentors=mentors,
        care=pl.DataFrame(
            {
                "mentor": ids.gather(nodes[carer[carer >= 0]]),
                "person": ids.gather(np.flatnonzero(carer >= 0)),
                "steps": pl.Series(steps[carer >= 0]).set(pl.Series(steps[carer >= 0] < 0), None),
            }
        ).sort("mentor", "steps", "person", nulls_last=True),
        groups=_group_table(group, nodes, tries),
        left=_left(table, tied, carer, nodes, tries),
        reach=float(tries.reached.sum(axis=1).mean()),
        low=found.low,
        high=found.high,
        at_random=float(tries.random.sum(axis=1).mean()),
        people=n,
        all_chosen=len(nodes) == many,
        guarantee=found.guarantee,
        settings={
            "k": len(nodes),
            "objective": objective,
            "by": by,
            "chance": chance,
            "capacity": capacity,
            "seed": seed,
            "runs": tries.runs,
        },
    )


def _able(table: pl.DataFrame, carries: Ints) -> NDArray[np.bool_]:
    """Who can be chosen."""
    marked = table["can_mentor"].fill_null(False).to_numpy()
    here = (table["standing"] != "lost").to_numpy()
    able: NDArray[np.bool_] = (marked if marked.any() else np.ones(table.height, np.bool_)) & here & (carries > 0)
    return able


def _living(ties: Ties) -> Ties:
    """The bonds that are not lost."""
    rows = np.flatnonzero((ties.table["standing"] != "lost").to_numpy())
    return Ties(ties.a[rows], ties.b[rows], ties.table[rows])


def _group(table: pl.DataFrame, by: str) -> list[str]:
    """The place or the first language of each."""
    column = table[by] if by == "place" else table[by].str.split("|").list.first().str.strip_chars()
    return [NO_GROUP if one is None or one == "" else str(one) for one in column]


class _Tries:
    """Who is reached in each of a number of runs in which every bond passes the practice on, or does not.

    In a network of mutual bonds those reached are those in one piece with a mentor (Kempe, Kleinberg, Tardos 2003). `reached`,
    `random` (runs, n):
    from the mentors, and from as many drawn at random; `alone`, `adds` (mentors): people each reaches, and beside those before;
    `only` (mentors, n): by that one
    and no other.
    """

    def __init__(self, ties: Ties, passes: Floats, n: int, nodes: Ints, able: NDArray[np.bool_], seed: int) -> None:
        self.runs = int(np.clip(MOST_DRAWS // max(len(passes), 1), 20, RUNS))
        self.reached, self.random = np.zeros((self.runs, n), np.bool_), np.zeros((self.runs, n), np.bool_)
        self.alone, self.adds, self.only = np.zeros(len(nodes)), np.zeros(len(nodes)), np.zeros((len(nodes), n))
        could = np.flatnonzero(able)
        for run in range(self.runs):
            luck = np.random.Generator(np.random.Philox(key=[seed, _LIVE], counter=[0, 0, 0, run]))
            lives = luck.random(len(passes)) < passes
            matrix = sparse.coo_array((np.ones(int(lives.sum()), np.int8), (ties.a[lives], ties.b[lives])), shape=(n, n))
            count, piece = csgraph.connected_components(matrix, directed=False)
            sizes, mentors = np.bincount(piece, minlength=count), np.bincount(piece[nodes], minlength=count)
            self.reached[run] = mentors[piece] > 0
            self.alone += sizes[piece[nodes]]
            owner = np.full(count, -1)
            owner[piece[nodes[::-1]]] = np.arange(len(nodes))[::-1]  # the first of those in one piece
            self.adds[owner[owner >= 0]] += sizes[owner >= 0]
            single = np.flatnonzero(mentors[piece] == 1)
            self.only[owner[piece[single]], single] += 1
            drawn = np.random.Generator(np.random.Philox(key=[seed, _RANDOM], counter=[0, 0, 0, run]))
            others = np.zeros(count, np.bool_)
            others[piece[drawn.permutation(could)[: len(nodes)]]] = True
            self.random[run] = others[piece]
        self.alone /= self.runs
        self.adds /= self.runs
        self.only /= self.runs


def _ways(ties: Ties, passes: Floats, nodes: Ints, n: int) -> tuple[Floats, Floats]:
    """How far everybody is from each mentor, (mentors, n): −ln of the chance of the best way, and bonds on the shortest; inf: no way."""
    ends, others = np.concatenate([ties.a, ties.b]), np.concatenate([ties.b, ties.a])
    cost = np.tile(-np.log(np.maximum(passes, 1e-12)) + 1e-9, 2)
    matrix = sparse.csr_array((cost, (ends, others)), shape=(n, n))
    return csgraph.dijkstra(matrix, indices=nodes), csgraph.dijkstra(matrix, indices=nodes, unweighted=True)


def _nearest(far: Floats, nodes: Ints) -> Ints:
    """The other mentor who is nearest to each, −1: there is no way to one."""
    if len(nodes) < 2:
        return np.full(len(nodes), -1, np.int64)
    far = far.copy()
    np.fill_diagonal(far, np.inf)
    found: Ints = np.where(np.isfinite(far.min(axis=1)), nodes[far.argmin(axis=1)], -1)
    return found


def _care(table: pl.DataFrame, far: Floats, hops: Floats, nodes: Ints, carries: Ints) -> tuple[Ints, Ints]:
    """Who of the mentors looks after each (position, −1: nobody) and how many bonds are between them (−1: no way).

    The nearest pairs first, by the chance of the best way between them; then, for whom there is no way, the same place, then
    whoever has room.
    """
    n = table.height
    place = table["place"].to_list()
    near = np.array([[place[i] is not None and place[i] == place[m] for i in range(n)] for m in nodes]).reshape(len(nodes), n)
    beyond = 1e6
    far = np.where(np.isfinite(far), far, beyond + np.where(near, 0.0, 1.0))
    mentor, person = np.unravel_index(np.argsort(far, axis=None, kind="stable"), far.shape)
    room, carer = carries[nodes].copy(), np.full(n, -1, np.int64)
    chosen = np.zeros(n, np.bool_)
    chosen[nodes] = True
    for m, i in zip(mentor.tolist(), person.tolist(), strict=True):
        if not chosen[i] and carer[i] < 0 and room[m] > 0:
            carer[i] = m
            room[m] -= 1
    steps = np.full(n, -1, np.int64)
    rows = np.flatnonzero(carer >= 0)
    way = hops[carer[rows], rows]
    steps[rows] = np.where(np.isfinite(way), way, -1)
    return carer, steps


def _mentor_table(
    ids: pl.Series, group: list[str], nodes: Ints, backups: Ints, tries: _Tries, carer: Ints, carries: Ints
) -> pl.DataFrame:
    """One row a mentor, with the reason in words."""
    rows = []
    loads = np.bincount(carer[carer >= 0], minlength=len(nodes))
    names = sorted(set(group))
    number = np.array([names.index(one) for one in group])
    for m, node in enumerate(nodes.tolist()):
        mine = np.bincount(number, weights=tries.only[m], minlength=len(names))
        most = int(mine.argmax())
        where, there = names[most], float(mine[most])
        reason = f"reaches {_people(tries.alone[m])} expected"
        if there >= 0.5:
            place = "" if where == NO_GROUP else f" in {where}"
            reason += f", {there:.0f}{place} whom no other mentor reaches"
        rows.append(
            {
                "mentor": ids[node],
                "group": group[node],
                "reaches": float(tries.alone[m]),
                "adds": float(tries.adds[m]),
                "together": float(tries.adds[: m + 1].sum()),
                "only": float(mine.sum()),
                "only_in": where,
                "only_there": there,
                "looks_after": int(loads[m]),
                "capacity": int(carries[node]),
                "backup": ids[int(backups[m])] if backups[m] >= 0 else None,
                "reason": reason,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"backup": pl.String})


def _group_table(group: list[str], nodes: Ints, tries: _Tries) -> pl.DataFrame:
    """People expected to be reached in each group, the one that is worst off first."""
    rows = []
    for name in sorted(set(group)):
        inside = np.array([one == name for one in group])
        mine, other = tries.reached[:, inside].sum(axis=1), tries.random[:, inside].sum(axis=1)
        gain = (mine - other).astype(float)
        half = 1.96 * float(gain.std(ddof=1)) / math.sqrt(tries.runs)
        rows.append(
            {
                "group": name,
                "people": int(inside.sum()),
                "mentors": int(inside[nodes].sum()),
                "with_mentors": float(mine.mean()),
                "at_random": float(other.mean()),
                "difference": float(gain.mean()),
                "low": float(gain.mean()) - half,
                "high": float(gain.mean()) + half,
            }
        )
    return pl.DataFrame(rows).sort(pl.col("with_mentors") / pl.col("people"), "group")


def _left(table: pl.DataFrame, tied: NDArray[np.bool_], carer: Ints, nodes: Ints, tries: _Tries) -> pl.DataFrame:
    """Whom no mentor reaches, and whom nobody looks after, with the reason."""
    ids, chosen = table["id"].to_list(), set(nodes.tolist())
    found = []
    for i in np.flatnonzero(~tries.reached.any(axis=0) | (carer < 0)).tolist():
        if i in chosen:
            continue
        why = []
        if not tied[i]:
            why.append("no living bond with anybody: needs a first contact")
        elif not tries.reached[:, i].any():
            why.append("no way over living bonds leads here from a mentor that was ever open")
        if carer[i] < 0:
            why.append("no mentor has room: raise a capacity, or choose more")
        found.append({"person": ids[i], "why": "; ".join(why)})
    return pl.DataFrame(found, schema={"person": pl.String, "why": pl.String})


def _people(number: float) -> str:
    whole = round(number)
    return f"{whole:,} {'person' if whole == 1 else 'people'}"
