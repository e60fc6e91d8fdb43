"""The networks that a model's rules act on, as the arrays that the kernels work on: those of a kind behind one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.temporal import Temporal
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Move, Threshold, by_weight

if TYPE_CHECKING:
    from tenfold.kernels.spread.state import Adjacency, Extensions, Hyperedges, Networks, Thresholds

__all__ = ["Layers", "arc_weights", "joined", "network_arrays", "row_pointers"]

UNIT = 2.0**30  # weights that thresholds add up are stored in 2⁻³⁰


@dataclass(frozen=True)
class Layers:
    """The networks that rules act on, by kind, and for each rule that needs one which of its kind (`of`); `in_time`: rules on contacts in
    time."""

    graphs: list[Graph]
    temporal: list[Temporal]
    groups: list[Groups]
    of: dict[int, int]
    in_time: set[int]

    @classmethod
    def of_rules(cls, names: list[str | None], networks: Mapping[str, Graph | Temporal | Groups]) -> Layers:
        """From the name of each rule's network (None: it needs none), and all networks by name."""
        order: dict[type, list[str]] = {
            kind: [name for name, one in networks.items() if isinstance(one, kind) and name in names]
            for kind in (Graph, Temporal, Groups)
        }
        graphs, temporal, groups = ([networks[name] for name in same] for same in order.values())
        named = {number: name for number, name in enumerate(names) if name is not None}
        return cls(
            [one for one in graphs if isinstance(one, Graph)],
            [one for one in temporal if isinstance(one, Temporal)],
            [one for one in groups if isinstance(one, Groups)],
            {number: order[type(networks[name])].index(name) for number, name in named.items()},
            {number for number, name in named.items() if isinstance(networks[name], Temporal)},
        )


def network_arrays(model: Model, layers: Layers, n: int, personal: Mapping[str, NDArray[np.float64]]) -> Networks:
    """All networks. `personal`: the traits that rules name, (n) each."""
    from tenfold.kernels.spread.state import Networks

    weighted = any(by_weight(rule) and isinstance(rule, Contact) for rule in model.rules)
    kinds = {type(rule) for rule in model.rules}
    extended = layers.temporal or personal or kinds & {Move, Imitation}
    return Networks(
        _adjacency(layers.graphs, n, weighted),
        _thresholds(model, layers, n, personal) if Threshold in kinds else None,
        _hyperedges(layers.groups, n) if Group in kinds else None,
        _extensions(model, layers, n, personal) if extended else None,
    )


def row_pointers(starts: list[NDArray[np.int64]], width: int) -> NDArray[np.int64]:
    """Row pointers of several networks whose rows lie behind one another, (networks, width)."""
    if len(starts) == 1:
        return starts[0].reshape(1, -1)
    offsets = np.cumsum([0, *(one[-1] for one in starts)])
    return np.array([one + offset for one, offset in zip(starts, offsets, strict=False)], np.int64).reshape(len(starts), width)


def joined(parts: list[Any], kind: Any) -> Any:
    """One array; not a copy where there is only one part."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])


def arc_weights(graph: Graph) -> NDArray[np.float64]:
    """The weight of each arc; 0 where the graph has none."""
    return np.zeros(graph.arcs) if graph.weight is None else graph.weight


def _stored_chances(values: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Chances as arcs and traits keep them, in the shape of the values."""
    from tenfold.kernels.chances import chance_codes

    codes: NDArray[np.uint32] = chance_codes(np.ascontiguousarray(values, np.float64).ravel())
    return codes.reshape(values.shape)


def _adjacency(graphs: list[Graph], n: int, weighted: bool) -> Adjacency:
    """All arcs, and their chances, if a rule asks for them."""
    from tenfold.kernels.spread.state import Adjacency
    from tenfold.kernels.spread.weighted_bernoulli import weight_planes

    start, neighbour = row_pointers([graph.start for graph in graphs], n + 1), joined([graph.other for graph in graphs], np.int32)
    none = np.zeros((0, 0), np.int32)  # in its place each replicate has lists of its own
    if not weighted:
        return Adjacency(none, start, neighbour, np.zeros(0, np.uint32), np.zeros((0, 0), np.uint32))
    weight = _stored_chances(joined([arc_weights(graph) for graph in graphs], np.float64))
    return Adjacency(none, start, neighbour, weight, weight_planes(start, weight))


def _thresholds(model: Model, layers: Layers, n: int, personal: Mapping[str, NDArray[np.float64]]) -> Thresholds:
    """How many active neighbours, or how much active weight, each threshold requires of each person."""
    from tenfold.kernels.spread.state import RANDOM, Thresholds

    rules = [(layers.of[number], rule) for number, rule in enumerate(model.rules) if isinstance(rule, Threshold)]
    required = np.zeros((len(rules), n), np.int32)
    for row, (layer, rule) in enumerate(rules):
        if rule.fraction == "random":
            required[row] = RANDOM
            continue
        if rule.count is not None:
            required[row] = rule.count + rule.strict
            continue
        fraction = personal[rule.fraction] if isinstance(rule.fraction, str) else float(rule.fraction or 0.0)
        in_degree = layers.graphs[layer].in_degree()
        if rule.weighted:  # less what the rounding of the weights may have taken: three of .1 are .3
            required[row] = np.maximum(np.rint(fraction * UNIT) - (in_degree + 1) // 2, 1)
            continue
        exact = fraction * in_degree
        required[row] = np.maximum(np.floor(exact + 1e-9) + 1 if rule.strict else np.ceil(exact - 1e-9), 1)
    weighted = {layer for layer, rule in rules if rule.weighted}
    weights = [_in_weights(graph, n) if k in weighted else np.zeros(graph.arcs) for k, graph in enumerate(layers.graphs)]
    weight = np.rint(joined(weights if weighted else [], np.float64) * UNIT).astype(np.int32)
    none = np.zeros((0, 0), np.int32)
    return Thresholds(required, weight, none, none, np.zeros((0, 0), np.uint8))


def _in_weights(graph: Graph, n: int) -> NDArray[np.float64]:
    """The weight of each arc, where those into one person add up to at most 1."""
    weight = arc_weights(graph)
    if weight.size and np.bincount(graph.other, weight, n).max() > 1 + 1e-6:
        raise DataError(
            "graph: the weights of those who can reach somebody add up to more than 1; a weighted threshold expects at most 1."
        )
    return weight


def _hyperedges(layers: list[Groups], n: int) -> Hyperedges:
    """All groups, those of a layer behind those of another."""
    from tenfold.kernels.spread.state import Adjacency, Hyperedges

    groups, none = _one_layer(layers, n), np.zeros((0, 0), np.int32)
    start, member = groups.start.reshape(1, -1), groups.member
    return Hyperedges(
        Adjacency(none, start, member, np.zeros(0, np.uint32), np.zeros((0, 0), np.uint32)),
        *groups.memberships(),
        layer_start=np.cumsum([0, *(one.groups for one in layers)]).astype(np.int64),
        occupancy=none,
        is_listed=np.zeros((0, 0), np.uint8),
    )


def _one_layer(layers: list[Groups], n: int) -> Groups:
    """All layers of groups as one."""
    if len(layers) == 1:
        return layers[0]
    offsets = np.cumsum([0, *(len(one.member) for one in layers)])
    starts = [one.start[:-1] + offset for one, offset in zip(layers, offsets, strict=False)]
    return Groups(joined([*starts, offsets[-1:]], np.int64), joined([one.member for one in layers], np.int32), n)


def _extensions(model: Model, layers: Layers, n: int, personal: Mapping[str, NDArray[np.float64]]) -> Extensions:
    """Contacts in time, personal chances, people who are moved by name, and, for imitation, who can reach whom."""
    from tenfold.kernels.spread.state import Extensions

    windows = max((one.windows for one in layers.temporal), default=0)
    named = [np.array(rule.people or (), np.int64) for rule in model.rules if isinstance(rule, Move)]
    if any(len(one) and one.max() >= n for one in named):
        raise SpecError(f"model {model.name}: a move names somebody beyond {n - 1}; expected whole numbers from 0 to {n - 1}.")
    imitates = any(isinstance(rule, Imitation) for rule in model.rules)
    reversed_graphs = [graph.reversed() for graph in layers.graphs] if imitates else []
    starts = [np.pad(one.start, (0, windows - one.windows), mode="edge") for one in layers.temporal]
    return Extensions(
        window=row_pointers(starts, windows + 1),
        contact_a=joined([one.a for one in layers.temporal], np.int32),
        contact_b=joined([one.b for one in layers.temporal], np.int32),
        one_way=np.array([one.directed for one in layers.temporal], np.uint8),
        trait=_stored_chances(np.array(list(personal.values())).reshape(len(personal), n)),
        move_start=np.cumsum([0, *(len(one) for one in named)]).astype(np.int64),
        moved=joined([one.astype(np.int32) for one in named], np.int32),
        in_start=row_pointers([graph.start for graph in reversed_graphs], n + 1),
        in_neighbour=joined([graph.other for graph in reversed_graphs], np.int32),
    )
