"""People in groups that may overlap: a hypergraph, its incidence in compressed sparse rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks, notebook
from tenfold.errors import DataError, SpecError
from tenfold.memory import available_memory
from tenfold.networks.frames import as_frame
from tenfold.networks.graph import Graph
from tenfold.networks.group_files import read_memberships
from tenfold.networks.labels import INT32_MAX, encode_labels, node_count, node_ids
from tenfold.networks.table_files import as_path

__all__ = ["Groups", "read_groups"]

_NO_WEIGHTS = np.zeros(0)


@dataclass(frozen=True, repr=False)
class Groups:
    """People 0..n−1 and the groups they are in: the hyperedges of a hypergraph.

    `start` (groups + 1, int64), the row pointers: the members of group g are entries start[g]..start[g + 1] − 1. `member` (memberships,
    int32): who they are, ascending and each once. `n`: number of people. `labels`, `names`: the ids of people and of groups that were
    given, or None for 0, 1, …. `notes`: sentences on how the input was read.
    """

    start: NDArray[np.int64]
    member: NDArray[np.int32]
    n: int
    labels: pl.Series | None = None
    names: pl.Series | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.start) - 1

    def __repr__(self) -> str:
        """The groups in a line: how many, of how many people, and the first names."""
        noted = f"; {len(self.notes)} notes" if self.notes else ""
        return (
            f"<Groups: {self.groups} groups of {self.n} people, {len(self.member)} memberships; "
            f"names: {notebook.few(self.names)}; labels: {notebook.few(self.labels)}{noted}>"
        )

    def _repr_html_(self) -> str:
        """The groups for a notebook: a table, the distribution of their sizes, and the notes."""
        sizes = self.sizes()
        rows: list[tuple[str, object]] = [
            ("groups", self.groups),
            ("people", self.n),
            ("memberships", len(self.member)),
            ("mean size", f"{sizes.mean() if self.groups else 0:.4g}"),
            ("largest size", int(sizes.max(initial=0))),
            ("names", notebook.few(self.names)),
            ("labels", notebook.few(self.labels)),
        ]
        return notebook.page("Groups", rows, notebook.bars_of_sizes(sizes, "Sizes", "groups"), self.notes)

    def sizes(self) -> NDArray[np.int64]:
        """Members of each group, (groups)."""
        sizes: NDArray[np.int64] = np.diff(self.start)
        return sizes

    def memberships(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The groups of each person, the transposed incidence: row pointers (n + 1), and the groups (memberships), ascending in a row.

        Examples
        --------
        >>> start, group = Groups.from_lists([[0, 1], [1, 2]]).memberships()
        >>> start.tolist(), group.tolist()
        ([0, 1, 3, 4], [0, 0, 1, 1])
        """
        from tenfold.kernels.networks.csr import row_pointers, transpose

        start = row_pointers(self.member, self.member, False, True, self.n)
        return start, transpose(self.start, self.member, _NO_WEIGHTS, start)[0]

    def graph(self) -> Graph:
        """The clique expansion (one-mode projection): everybody tied with everybody of their groups, once.

        Raises
        ------
        DataError
            The graph would have more than 2³¹ − 1 arcs.

        Examples
        --------
        >>> Groups.from_lists([[0, 1, 2], [1, 2, 3]]).graph().degree().tolist()
        [2, 3, 3, 2]
        """
        from tenfold.kernels.networks.groups import clique_expansion, clique_expansion_pointers

        largest = int(self.sizes().max(initial=0))
        if largest * (largest - 1) > INT32_MAX:
            raise DataError(f"groups: one of {largest} members would make more than {INT32_MAX} arcs. Split it or leave it out.")
        own_start, own = self.memberships()
        start = clique_expansion_pointers(self.start, self.member, own_start, own)
        if start[-1] > INT32_MAX:
            raise DataError(f"groups: would make {start[-1]} arcs; at most {INT32_MAX} are allowed. Leave out the largest.")
        checks.memory(4 * int(start[-1]), f"{start[-1]} arcs between the members of groups", "Leave out the largest groups")
        other = clique_expansion(self.start, self.member, own_start, own, start)
        return Graph(start, other, None, False, self.labels)

    @classmethod
    def from_pairs(cls, person: ArrayLike, group: ArrayLike, n: int | None = None) -> Groups:
        """Groups from memberships: somebody, and a group they are in. A membership given twice counts once.

        Parameters
        ----------
        person, group
            Whole numbers from 0.
        n
            Number of people; by default the largest person plus one.

        Raises
        ------
        DataError
            Numbers that are out of range or do not pair up, or more than 2³¹ − 1 memberships.

        Examples
        --------
        >>> groups = Groups.from_pairs([2, 0, 1, 1], [0, 0, 1, 1])
        >>> groups.groups, groups.member.tolist(), groups.sizes().tolist()
        (2, [0, 2, 1], [2, 1])
        """
        people, groups = node_ids(person, "person", "groups"), node_ids(group, "group", "groups")
        if len(people) != len(groups):
            raise DataError(f"groups: person has {len(people)} rows and group {len(groups)}; expected as many.")
        size, count = node_count(n, "groups", people), node_count(None, "groups", groups)
        return cls._from_incidence(people, groups, size, count)

    @classmethod
    def from_lists(cls, lists: Iterable[Iterable[int]], n: int | None = None) -> Groups:
        """Groups from one list of members for each; a list may be empty.

        Raises
        ------
        DataError
            Something that is no list of lists of whole numbers from 0 on, or is out of range.

        Examples
        --------
        >>> Groups.from_lists([[2, 0], [], [1, 1]]).sizes().tolist()
        [2, 0, 1]
        """
        try:
            rows = [list(one) for one in lists]
        except TypeError:
            raise DataError("groups: is no list of lists; expected one list of people for each group.") from None
        people = node_ids(list(chain.from_iterable(rows)), "member", "groups")
        sizes = [len(one) for one in rows]
        if len(people) != sum(sizes):
            raise DataError("groups: a member is no whole number; expected one list of people for each group.")
        groups = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
        return cls._from_incidence(people, groups, node_count(n, "groups", people), len(rows))

    @classmethod
    def circles(cls, n: int, size: int = 10) -> Groups:
        """Everybody in one group, with those next in number; the last one may be smaller.

        Examples
        --------
        >>> Groups.circles(25).sizes().tolist()
        [10, 10, 5]
        """
        people, each = checks.whole(n, "n", low=1, high=2**31 - 2), checks.whole(size, "size", low=1)
        checks.memory(4 * people + 24 * (people // each + 1), f"{people} people in circles", "Take fewer")
        start = np.append(np.arange(0, people, each, dtype=np.int64), people)
        return cls(start, np.arange(people, dtype=np.int32), people)

    @classmethod
    def from_table(cls, frame: Any, *, person: str, group: str) -> Groups:
        """Groups from a table of memberships with any ids; `labels` and `names` keep them, sorted. Tables are as in `Graph.from_table`.

        Examples
        --------
        >>> frame = pl.DataFrame({"who": ["ana", "binh", "ana"], "team": ["red", "red", "blue"]})
        >>> groups = Groups.from_table(frame, person="who", group="team")
        >>> groups.labels.to_list(), groups.names.to_list(), groups.sizes().tolist()
        (['ana', 'binh'], ['blue', 'red'], [1, 2])
        """
        table = as_frame(frame, [person, group], "groups")
        labels, (people,) = encode_labels("groups", table[person])
        names, (groups,) = encode_labels("groups", table[group])
        made = cls._from_incidence(people, groups, len(labels), len(names))
        return replace(made, labels=labels, names=names.alias("group"))

    @classmethod
    def cliques(cls, graph: Graph, size: int = 3) -> Groups:
        """All cliques of a graph with that many people: triangles if three, up to five.

        Raises
        ------
        SpecError
            The graph is directed, or the size is not 3, 4 or 5.
        DataError
            There are too many.

        Examples
        --------
        >>> Groups.cliques(Graph.from_edges([0, 1, 2, 2], [1, 2, 0, 3])).member.tolist()
        [0, 1, 2]
        """
        from tenfold.kernels.networks.groups import extend_cliques

        largest = checks.whole(size, "size", low=3, high=5)
        if graph.directed:
            raise SpecError("cliques: the graph is directed; expected one that is not. Make it with directed=False.")
        simple = graph.simple()
        by_degree = np.argsort(simple.degree(), kind="stable").astype(np.int32)  # so that nobody has many later neighbours
        rank = np.empty(graph.n, np.int32)
        rank[by_degree] = np.arange(graph.n, dtype=np.int32)
        source, target = np.repeat(rank, simple.degree()), rank[simple.other]
        oriented = Graph.from_edges(source[source < target], target[source < target], graph.n, directed=True)
        cliques = np.column_stack([np.repeat(np.arange(graph.n, dtype=np.int32), oriented.degree()), oriented.other])
        for members in range(3, largest + 1):
            limit = min(INT32_MAX, available_memory() // 16) // members  # the kernel's copy, its result, and their sorting
            cliques = extend_cliques(oriented.start, oriented.other, np.ascontiguousarray(cliques), limit)
            if cliques.shape[1] != members:
                raise DataError(f"cliques: there are more than {limit} of {members} people. Take a smaller size.")
        cliques = np.sort(by_degree[cliques], axis=1)
        cliques = cliques[np.lexsort(cliques.T[::-1])]
        return cls(np.arange(len(cliques) + 1, dtype=np.int64) * largest, cliques.ravel(), graph.n, graph.labels)

    @classmethod
    def _from_incidence(cls, person: NDArray[np.int32], group: NDArray[np.int32], n: int, groups: int) -> Groups:
        """Groups from an incidence list: `person` and `group` (memberships) are sorted into rows, and each membership is kept once."""
        from tenfold.kernels.networks.csr import has_parallel_arcs, row_pointers, sort_by_target, transpose, unique_arcs

        checks.memory(
            16 * (n + groups) + 16 * len(person), f"{n} people in {groups} groups", "Number them from 0 on, without gaps"
        )
        start, own_start = row_pointers(group, group, False, True, groups), row_pointers(person, person, False, True, n)
        own, _ = sort_by_target(group, person, _NO_WEIGHTS, False, True, own_start)
        member, _ = transpose(own_start, own, _NO_WEIGHTS, start)
        if has_parallel_arcs(start, member):
            start, first = unique_arcs(start, member)
            member = member[first]
        return cls(start, member, n)


def read_groups(path: str | Path, *, header: bool | None = None, person: str | None = None, group: str | None = None) -> Groups:
    """Read groups: HIF (Hypergraph Interchange Format, JSON), or a table with the columns person and group.

    Parameters
    ----------
    path
        The file: HIF, or a table in CSV, Parquet, or text with tabs or blanks. Person, group and status are found by the names of their
        columns; without names, the first column is the person and the second the group. Who was not there, as a status says, is left out.
    header
        Whether the first row of a table names its columns; by default that is found out, and asked where it cannot be known.
    person, group
        The columns of the person and the group, where their names are not known ones.

    Returns
    -------
    Groups
        `labels` and `names` hold the ids; those of HIF in their order there, with the nodes and edges that have no incidence. `notes` says
        what each column was taken for, and what is not used.

    Raises
    ------
    DataError
        The file cannot be read as groups, or which columns hold what cannot be known.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "g.csv").write_text("person,group\\nana,red\\nbinh,red\\n")
    ...     groups = read_groups(Path(folder, "g.csv"))
    >>> groups.names.to_list(), groups.sizes().tolist()
    (['red'], [2])
    """
    found = read_memberships(as_path(path), header, person, group)
    groups = Groups._from_incidence(found.person, found.group, len(found.labels), len(found.names))
    return replace(groups, labels=found.labels, names=found.names, notes=found.notes)
