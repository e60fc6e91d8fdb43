"""Groups of people, in any of the ways in which they can be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.labels import node_numbers

__all__ = ["GivenGroups", "GroupMembers", "connected_components", "group_members"]

GivenGroups = Groups | Sequence[object] | ArrayLike | Mapping[str, Any]
"""A name (or number, None: in no group) for each person, a mapping of names to people, or `Groups`."""


@dataclass(frozen=True)
class GroupMembers:
    """People in groups, in compressed sparse rows.

    `names` (groups); `start` (groups + 1) and `member` (memberships): group g has the people `member[start[g]:start[g + 1]]`.
    """

    names: list[str]
    start: NDArray[np.int64]
    member: NDArray[np.int32]

    def of(self, group: int) -> NDArray[np.int32]:
        """The people of a group."""
        return self.member[self.start[group] : self.start[group + 1]]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """People in each group, (groups)."""
        found: NDArray[np.int64] = np.diff(self.start)
        return found


def group_members(graph: Graph, groups: GivenGroups) -> GroupMembers:
    """The groups that were given, checked.

    Raises
    ------
    SpecError
        Groups that do not fit the people, or that are empty.
    """
    if isinstance(groups, Groups):
        if groups.n != graph.n:
            raise SpecError(f"groups: are of {groups.n} people; the network has {graph.n}.")
        names = [str(name) for name in (range(groups.groups) if groups.names is None else groups.names)]
        found = GroupMembers(names, groups.start.astype(np.int64), groups.member.astype(np.int32))
    elif isinstance(groups, Mapping):
        members = [node_numbers(graph, people, f"groups: '{name}'") for name, people in groups.items()]
        start = np.cumsum([0, *map(len, members)]).astype(np.int64)
        found = GroupMembers([str(name) for name in groups], start, np.concatenate([*members, np.zeros(0, int)]).astype(np.int32))
    else:
        found = _by_name(graph, groups)
    if not found.names:
        raise SpecError("groups: there is none; expected at least one group with somebody in it.")
    if (empty := np.flatnonzero(found.sizes == 0)).size:
        raise SpecError(f"groups: nobody is in '{found.names[int(empty[0])]}'; expected somebody in each. Leave it out.")
    return found


def _by_name(graph: Graph, groups: Any) -> GroupMembers:
    """Groups from one name for each person, in the order of the names."""
    given = groups.to_list() if isinstance(groups, pl.Series) else np.asarray(groups, dtype=object).ravel().tolist()
    if len(given) != graph.n:
        raise SpecError(f"groups: has {len(given)} names; expected one for each of {graph.n} people.")
    names = sorted({one for one in given if one is not None}, key=lambda one: (str(type(one)), one))
    number = {name: k for k, name in enumerate(names)}
    group = np.array([-1 if one is None else number[one] for one in given], np.int64)
    member = np.argsort(group, kind="stable")[int((group < 0).sum()) :]
    start = np.concatenate([[0], np.cumsum(np.bincount(group[group >= 0], minlength=len(names)))]).astype(np.int64)
    return GroupMembers([str(name) for name in names], start, member.astype(np.int32))


def connected_components(graph: Graph) -> GroupMembers:
    """The connected components as groups, the largest first."""
    from tenfold.networks.measures import components

    return group_members(graph, components(graph))
