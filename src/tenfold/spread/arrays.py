"""A model and its networks, checked against each other, as the arrays that the kernels work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.temporal import Temporal
from tenfold.spread.model import Model
from tenfold.spread.network_arrays import Layers, arc_weights, joined, network_arrays, row_pointers
from tenfold.spread.rules import Contact, Group, Imitation, Move, Rule, Threshold, by_weight

if TYPE_CHECKING:
    from tenfold.kernels.spread.reaction_clocks import Clocks
    from tenfold.kernels.spread.state import Networks, People, Rules

__all__ = ["LONGEST", "ModelArrays", "Network", "clock_arrays", "model_arrays", "replicate_arrays"]

Network = Graph | Temporal | Groups
LONGEST = 2**26 - 1  # time units of the continuous clock
KINDS: dict[type, tuple[type, ...]] = {Contact: (Graph, Temporal), Threshold: (Graph,), Imitation: (Graph,), Group: (Groups,)}
WORDS = {Graph: "graph", Temporal: "network in time", Groups: "layer of groups"}


@dataclass(frozen=True)
class ModelArrays:
    """What all replicates share.

    `graphs` are those that rules act on; `rules` and `networks` the kernels' arrays; `list_of` (states) the row of each state's index
    list.
    """

    model: Model
    n: int
    graphs: list[Graph]
    rules: Rules
    list_of: NDArray[np.int64]
    networks: Networks


def model_arrays(
    model: Model, networks: Mapping[str, Network], n: int, traits: Mapping[str, ArrayLike], clock: str
) -> ModelArrays:
    """Check everything against everything, and turn it into arrays.

    Raises
    ------
    SpecError, DataError
        What does not fit, in which rule, network or trait.
    """
    from tenfold.kernels.spread.state import UNTIL

    _check_clock(model, clock)
    names = [_network_name(model, number, networks, clock) for number in range(len(model.rules))]
    personal = _personal_values(model, traits, n)
    layers = Layers.of_rules(names, networks)
    rules, list_of = _rule_table(model, layers, list(personal))
    if clock == "continuous":  # times are whole numbers of 2⁻³⁶
        rules.table[:, UNTIL] = np.minimum(rules.table[:, UNTIL], LONGEST)
    return ModelArrays(model, n, layers.graphs, rules, list_of, network_arrays(model, layers, n, personal))


def replicate_arrays(given: ModelArrays, first_time: bool) -> tuple[People, Networks]:
    """Memory for one replicate at a time: its people, and networks with counters of its own; the networks themselves are shared."""
    from tenfold.kernels.spread.state import ALWAYS_LISTED, NO_STATE, Networks, People

    n, networks = given.n, given.networks
    lists, counted = int(given.list_of.max(initial=-1)) + 1, 0
    thresholds, hyperedges = networks.thresholds, networks.hyperedges
    if thresholds is not None:
        shape = thresholds.required.shape
        counted += shape[0]
        thresholds = thresholds._replace(
            missing=np.empty(shape, np.int32), met=np.empty(shape, np.int32), is_listed=np.zeros(shape, np.uint8)
        )
    if hyperedges is not None:
        shape = sum(isinstance(rule, Group) for rule in given.model.rules), hyperedges.members.start.shape[1] - 1
        counted += shape[0]
        hyperedges = hyperedges._replace(
            members=hyperedges.members._replace(active=np.empty(shape, np.int32)),
            occupancy=np.zeros(shape, np.int32),
            is_listed=np.zeros(shape, np.uint8),
        )
    padded = np.full(-(-n // 32) * 32, NO_STATE, np.uint8)
    people = People(
        state=padded[:n],
        state_words=padded.view(np.uint64),
        fired=np.empty(n, np.uint8),
        counts=np.zeros(len(given.model.states), np.int64),
        list_of=given.list_of,
        index_list=np.empty((lists, n if n <= ALWAYS_LISTED else n // 8), np.int32),
        list_length=np.zeros(max(1, lists + counted), np.int64),
        first_time=np.empty((len(given.model.states), n if first_time else 0), np.int32),
    )
    adjacency = networks.adjacency._replace(active=people.index_list)
    return people, Networks(adjacency, thresholds, hyperedges, networks.extensions)


def clock_arrays(given: ModelArrays, people: People) -> Clocks:
    """What the continuous clock needs besides, for one replicate at a time."""
    from tenfold.kernels.spread.reaction_clocks import Clocks, RatedArcs, Versions

    n, rules = given.n, given.model.rules
    weighted = any(by_weight(rule) for rule in rules)
    counted = any(isinstance(rule, Threshold | Group) for rule in rules)
    hyperedges = given.networks.hyperedges
    most = max(n, 0 if hyperedges is None else hyperedges.members.start.shape[1] - 1)
    arcs = [
        RatedArcs(
            row_pointers([graph.start for graph in graphs], n + 1),
            joined([graph.other for graph in graphs], np.int32),
            joined([arc_weights(graph) for graph in graphs], np.float64) if weighted else np.zeros(0),
        )
        for graphs in (given.graphs, [graph.reversed() for graph in given.graphs])
    ]
    return Clocks(
        versions=Versions(people.state, np.zeros(n, np.int32)),
        out_arcs=arcs[0],
        in_arcs=arcs[1],
        tries=np.zeros((len(rules), most) if counted else (0, 0), np.int64),
        changed=np.empty(n, np.int32),
    )


def _check_clock(model: Model, clock: str) -> None:
    """Chances with steps, rates with the continuous clock."""
    for number, rule in enumerate(model.rules, start=1):
        where = f"model {model.name}, rule {number}"
        rate = getattr(rule, "rate", None)
        if clock == "steps" and rate is not None:
            raise SpecError(
                f"{where}: has the rate {rate!r}; expected a chance with clock='steps'. Use clock='continuous' for rates."
            )
        if clock == "continuous" and rate is None and not isinstance(rule, Move):
            raise SpecError(f"{where}: has a chance; expected a rate with clock='continuous'. Use clock='steps' for chances.")


def _network_name(model: Model, number: int, networks: Mapping[str, Network], clock: str) -> str | None:
    """The name of the network that a rule acts on; None where it needs none."""
    rule = model.rules[number]
    kinds = KINDS.get(type(rule))
    if kinds is None:
        return None
    where = f"model {model.name}, rule {number + 1}"
    expected = " or ".join(WORDS[kind] for kind in kinds)
    fitting = [name for name, one in networks.items() if isinstance(one, kinds)]
    name = getattr(rule, "layer", None)
    if name is None:
        if len(fitting) != 1:
            given = ", ".join(fitting) or "none"
            raise SpecError(f"{where}: a {rule.kind} rule acts on a {expected}; given: {given}. Name one with layer.")
        name = fitting[0]
    if name not in fitting:
        raise SpecError(f"{where}: layer '{name}' is no {expected}; expected one of {', '.join(fitting) or 'none'}.")
    network = networks[name]
    if isinstance(network, Temporal):
        if clock != "steps" or by_weight(rule):
            raise SpecError(f"{where}: on a network in time a contact has a chance, with clock='steps'.")
    elif isinstance(network, Graph) and (by_weight(rule) or getattr(rule, "weighted", False)):
        if network.weight is None:
            raise SpecError(f"{where}: asks for the edge's weight, and the graph has none. Give it weights from 0 to 1.")
        if getattr(rule, "rate", None) is None and len(network.weight) and network.weight.max() > 1:
            raise SpecError(f"{where}: the graph's weight {network.weight.max():g} is no chance; expected 0 to 1.")
    return str(name)


def _personal_values(model: Model, traits: Mapping[str, ArrayLike], n: int) -> dict[str, NDArray[np.float64]]:
    """The traits that rules name: a number from 0 to 1 for each person."""
    asked: list[str] = []
    for rule in model.rules:
        given = [getattr(rule, "chance", None), getattr(rule, "fraction", None)]
        asked += [one for one in given if isinstance(one, str) and one not in ("weight", "random", *asked)]
    found = {}
    for name in asked:
        if name not in traits:
            raise SpecError(f"model {model.name}: asks for the trait '{name}'; given: {', '.join(traits) or 'none'}.")
        try:
            values = np.asarray(traits[name], dtype=float)
        except (TypeError, ValueError):
            raise DataError(f"trait '{name}': is no list of numbers.") from None
        if values.shape != (n,) or not ((values >= 0) & (values <= 1)).all():
            raise DataError(f"trait '{name}': expected a number from 0 to 1 for each of {n} people, in the shape ({n},).")
        found[name] = values
    return found


def _rule_table(model: Model, layers: Layers, traits: list[str]) -> tuple[Rules, NDArray[np.int64]]:
    """The rules, a row each, and the row of the index list of each state (−1: none)."""
    from tenfold.kernels.spread import state as column

    kinds = {
        "spontaneous": column.SPONTANEOUS,
        "contact": column.CONTACT,
        "threshold": column.THRESHOLD,
        "group": column.GROUP,
        "mixing": column.MIXING,
        "imitation": column.IMITATION,
        "move": column.MOVE,
    }
    index = {state: k for k, state in enumerate(model.states)}
    table = np.zeros((len(model.rules), column.COLUMNS), np.int64)
    list_of = np.full(len(model.states), -1, np.int64)
    counted: list[int] = []
    for number, rule in enumerate(model.rules):
        own = table[number]
        kind = column.TEMPORAL_CONTACT if number in layers.in_time else kinds[rule.kind]
        chance = getattr(rule, "share", None) if isinstance(rule, Move) else getattr(rule, "chance", 1.0)
        own[column.KIND] = kind
        own[column.SOURCE], own[column.TARGET] = index[rule.source], index[rule.target]
        own[column.VIA] = index[getattr(rule, "via", rule.source)]
        own[column.CHANCE] = _stored(chance, rule) if isinstance(chance, int | float) else 0
        own[column.SINCE], own[column.UNTIL] = getattr(rule, "at", rule.since), getattr(rule, "at", rule.until)
        own[column.LAYER] = layers.of.get(number, 0)
        own[column.WEIGHTED] = by_weight(rule) or getattr(rule, "weighted", False)
        own[column.TRAIT] = traits.index(chance) if isinstance(chance, str) and chance in traits else -1
        own[column.AMOUNT] = _amount(rule)
        own[column.ROW] = sum(type(one) is type(rule) for one in model.rules[:number])
        if kind in (column.THRESHOLD, column.GROUP):
            counted.append(number)
        elif kind not in (column.TEMPORAL_CONTACT, column.MOVE):
            visited = own[column.VIA if kind == column.CONTACT else column.SOURCE]
            if list_of[visited] < 0:
                list_of[visited] = list_of.max() + 1
            own[column.LIST] = list_of[visited]
    lists = list_of.max(initial=-1) + 1
    for number in sorted(counted, key=lambda number: table[number, column.KIND]):  # thresholds, then groups
        table[number, column.LIST], lists = lists, lists + 1
    rates = [getattr(rule, "rate", None) for rule in model.rules]
    return column.Rules(table, np.array([1.0 if one == "weight" else float(one or 0.0) for one in rates])), list_of


def _stored(chance: float, rule: Rule) -> int:
    """A chance as draws are compared with it; the share of people whom a move takes in 2⁻³²."""
    from tenfold.kernels.chances import chance_codes, decoded_chance

    return round(chance * 2**32) if isinstance(rule, Move) else int(decoded_chance(chance_codes(np.array([float(chance)]))[0]))


def _amount(rule: Rule) -> int:
    """What a rule counts: members, people looked at, people moved (−1: a share, −2: those named)."""
    if isinstance(rule, Group):
        return rule.least
    if isinstance(rule, Imitation):
        return rule.sample
    if isinstance(rule, Move):
        return rule.count if rule.count is not None else -1 if rule.share is not None else -2
    return 0
