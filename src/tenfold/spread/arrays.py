"""A model and its networks as the arrays that the kernels work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.temporal import Temporal
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Move, Rule, Threshold

if TYPE_CHECKING:
    from tenfold.kernels.spread.clocks import Clocks
    from tenfold.kernels.spread.state import Networks, Rules, World

__all__ = ["LONGEST", "Network", "Setting", "clocks", "inhabited", "setting"]

Network = Graph | Temporal | Groups
WHOLE, ALWAYS, UNIT = 2.0**32, 2**32 - 1, 2.0**30
LONGEST = 2**26 - 1  # time units of the continuous clock
KINDS: dict[type, tuple[type, ...]] = {Contact: (Graph, Temporal), Threshold: (Graph,), Imitation: (Graph,), Group: (Groups,)}
WORDS = {Graph: "graph", Temporal: "network in time", Groups: "layer of groups"}


@dataclass(frozen=True)
class Setting:
    """What all replicates share: `graphs` are those that rules act on, `rules` and `networks` the kernels' arrays."""

    model: Model
    n: int
    graphs: list[Graph]
    rules: Rules
    networks: Networks


def setting(model: Model, networks: Mapping[str, Network], n: int, traits: Mapping[str, ArrayLike], clock: str) -> Setting:
    """Check everything against everything, and turn it into arrays.

    Raises
    ------
    SpecError, DataError
        What does not fit, in which rule, network or trait.
    """
    from tenfold.kernels.spread.state import LAST

    _check_clock(model, clock)
    of = {number: _layer(model, number, networks, clock) for number in range(len(model.rules))}
    named = {number: name for number, name in of.items() if name is not None}
    order = {kind: [name for name, one in networks.items() if isinstance(one, kind) and name in named.values()] for kind in WORDS}
    personal = _traits(model, traits, n)
    layers = {number: order[type(networks[name])].index(name) for number, name in named.items()}
    rules = _rules(model, {number: networks[name] for number, name in named.items()}, layers, list(personal))
    graphs = [one for one in (networks[name] for name in order[Graph]) if isinstance(one, Graph)]
    if clock == "continuous":  # times are whole numbers of 2⁻³⁶
        rules.table[:, LAST] = np.minimum(rules.table[:, LAST], LONGEST)
    all_networks = _together(model, graphs, n, networks, order, personal, layers)
    return Setting(model, n, graphs, rules, all_networks)


def inhabited(given: Setting, first_time: bool) -> World:
    """The world with room for one replicate at a time; the networks are shared."""
    from tenfold.kernels.spread.state import NOTHING, SMALL, People, World

    n, rules = given.n, given.rules
    lists, counted = int(rules.slot_of.max(initial=-1)) + 1, [0, 0]
    graphs, needs, crowds, others = given.networks
    if needs is not None:
        shape = counted[0], _ = needs.need.shape
        needs = needs._replace(left=np.empty(shape, np.int32), queue=np.empty(shape, np.int32), queued=np.zeros(shape, np.uint8))
    if crowds is not None:
        counted[1] = sum(isinstance(rule, Group) for rule in given.model.rules)
        shape = (counted[1], crowds.start.shape[1] - 1)
        inside, ready = np.zeros(shape, np.int32), np.empty(shape, np.int32)
        crowds = crowds._replace(inside=inside, ready=ready, is_ready=np.zeros(shape, np.uint8))
    padded = np.full(-(-n // 32) * 32, NOTHING, np.uint8)
    people = People(
        state=padded[:n],
        wide=padded.view(np.uint64),
        mark=np.empty(n, np.uint8),
        counts=np.zeros(len(given.model.states), np.int64),
        listed=np.empty((lists, n if n <= SMALL else n // 8), np.int32),
        size=np.zeros(lists + sum(counted), np.int64),
        first_time=np.empty((len(given.model.states), n if first_time else 0), np.int32),
    )
    return World(people, graphs, needs, crowds, others)


def clocks(given: Setting) -> Clocks:
    """What the continuous clock needs beside the world."""
    from tenfold.kernels.spread.clocks import Clocks

    n, rules = given.n, given.model.rules
    backs = [graph.reversed() for graph in given.graphs]
    paced = any(_by_weight(rule) for rule in rules)
    counted = any(isinstance(rule, Threshold | Group) for rule in rules)
    crowds = given.networks[2]
    most = max(n, 0 if crowds is None else crowds.start.shape[1] - 1)
    none = np.zeros(0)
    return Clocks(
        visit=np.zeros(n, np.int32),
        tries=np.zeros((len(rules), most) if counted else (0, 0), np.int64),
        pace=_joined([_weights(graph) for graph in given.graphs], np.float64) if paced else none,
        back=_behind([graph.start for graph in backs], np.cumsum([0, *(graph.arcs for graph in backs)]), n + 1),
        back_other=_joined([graph.other for graph in backs], np.int32),
        back_pace=_joined([_weights(graph) for graph in backs], np.float64) if paced else none,
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


def _layer(model: Model, number: int, networks: Mapping[str, Network], clock: str) -> str | None:
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
        if clock != "steps" or "weight" in (getattr(rule, "chance", 1.0), getattr(rule, "rate", None)):
            raise SpecError(f"{where}: on a network in time a contact has a chance, with clock='steps'.")
    elif isinstance(network, Graph) and (_by_weight(rule) or getattr(rule, "weighted", False)):
        if network.weight is None:
            raise SpecError(f"{where}: asks for the edge's weight, and the graph has none. Give it weights from 0 to 1.")
        if getattr(rule, "rate", None) is None and len(network.weight) and network.weight.max() > 1:
            raise SpecError(f"{where}: the graph's weight {network.weight.max():g} is no chance; expected 0 to 1.")
    return str(name)


def _by_weight(rule: Rule) -> bool:
    return "weight" in (getattr(rule, "chance", 1.0), getattr(rule, "rate", None))


def _traits(model: Model, traits: Mapping[str, ArrayLike], n: int) -> dict[str, NDArray[np.float64]]:
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


def _rules(model: Model, network: Mapping[int, Network], layers: Mapping[int, int], traits: list[str]) -> Any:
    """The rules, a row each."""
    from tenfold.kernels.spread import state as spread

    kinds = {
        "spontaneous": spread.SPONTANEOUS, "contact": spread.CONTACT, "threshold": spread.THRESHOLD, "group": spread.GROUP,
        "mixing": spread.MIXING, "imitation": spread.IMITATION, "move": spread.MOVE,
    }  # fmt: skip
    index = {state: k for k, state in enumerate(model.states)}
    table = np.zeros((len(model.rules), spread.FIELDS), np.int64)
    slot_of = np.full(len(model.states), -1, np.int64)
    counted: list[int] = []
    for number, rule in enumerate(model.rules):
        own = table[number]
        kind = spread.WINDOWS if isinstance(network.get(number), Temporal) else kinds[rule.kind]
        chance = getattr(rule, "share", None) if isinstance(rule, Move) else getattr(rule, "chance", 1.0)
        own[spread.KIND] = kind
        own[spread.SOURCE], own[spread.TARGET] = index[rule.source], index[rule.target]
        own[spread.VIA] = index[getattr(rule, "via", rule.source)]
        own[spread.CHANCE] = round(chance * WHOLE) if isinstance(chance, int | float) else 0
        own[spread.FIRST], own[spread.LAST] = getattr(rule, "at", rule.since), getattr(rule, "at", rule.until)
        own[spread.LAYER] = layers.get(number, 0)
        own[spread.WEIGHTED] = _by_weight(rule) or getattr(rule, "weighted", False)
        own[spread.TRAIT] = traits.index(chance) if isinstance(chance, str) and chance in traits else -1
        own[spread.COUNT] = _count(rule)
        own[spread.ROW] = sum(type(one) is type(rule) for one in model.rules[:number])
        if kind in (spread.THRESHOLD, spread.GROUP):
            counted.append(number)
        elif kind not in (spread.WINDOWS, spread.MOVE):
            visited = own[spread.VIA if kind == spread.CONTACT else spread.SOURCE]
            if slot_of[visited] < 0:
                slot_of[visited] = slot_of.max() + 1
            own[spread.SLOT] = slot_of[visited]
    lists = slot_of.max(initial=-1) + 1
    for number in sorted(counted, key=lambda number: table[number, spread.KIND]):  # thresholds, then groups
        table[number, spread.SLOT], lists = lists, lists + 1
    rates = [getattr(rule, "rate", None) for rule in model.rules]
    return spread.Rules(table, np.array([1.0 if one == "weight" else float(one or 0.0) for one in rates]), slot_of)


def _count(rule: Rule) -> int:
    """What a rule counts: members, people looked at, people moved (−1: a share, −2: those named)."""
    if isinstance(rule, Group):
        return rule.least
    if isinstance(rule, Imitation):
        return rule.sample
    if isinstance(rule, Move):
        return rule.count if rule.count is not None else -1 if rule.share is not None else -2
    return 0


def _together(
    model: Model, graphs: list[Graph], n: int, networks: Mapping[str, Network], order: Mapping[type, list[str]],
    personal: Mapping[str, NDArray[np.float64]], layers: Mapping[int, int],
) -> Any:  # fmt: skip
    """All networks, those of a kind behind one another."""

    by_weight = any(_by_weight(rule) and isinstance(rule, Contact) for rule in model.rules)
    groups = [one for one in (networks[name] for name in order[Groups]) if isinstance(one, Groups)]
    in_time = [one for one in (networks[name] for name in order[Temporal]) if isinstance(one, Temporal)]
    kinds = {type(rule) for rule in model.rules}
    return (
        _graphs(graphs, n, by_weight),
        _needs(model, graphs, n, personal, layers) if Threshold in kinds else None,
        _crowds(groups, n) if Group in kinds else None,
        _others(model, graphs, in_time, n, personal) if in_time or personal or kinds & {Move, Imitation} else None,
    )


def _graphs(graphs: list[Graph], n: int, by_weight: bool) -> Any:
    """All arcs, and what their weights are, if a rule asks for them."""
    from tenfold.kernels.spread.rules import weigh_planes
    from tenfold.kernels.spread.state import Graphs

    arcs = np.cumsum([0, *(graph.arcs for graph in graphs)])
    start, other = _behind([graph.start for graph in graphs], arcs, n + 1), _joined([graph.other for graph in graphs], np.int32)
    if not by_weight:
        return Graphs(start, other, np.zeros(0, np.uint32), np.zeros((0, 0), np.uint32))
    weight = _chances(_joined([_weights(graph) for graph in graphs], np.float64))
    return Graphs(start, other, weight, weigh_planes(start, weight))


def _crowds(layers: list[Groups], n: int) -> Any:
    """All groups, those of a layer behind those of another."""
    from tenfold.kernels.spread.state import Crowds

    merged, none = _merged(layers, n), np.zeros((0, 0), np.int32)
    span = np.cumsum([0, *(one.groups for one in layers)]).astype(np.int64)
    return Crowds(merged.start.reshape(1, -1), merged.member, *merged.memberships(), span, none, none, np.zeros((0, 0), np.uint8))


def _others(
    model: Model, graphs: list[Graph], in_time: list[Temporal], n: int, personal: Mapping[str, NDArray[np.float64]]
) -> Any:
    """Networks in time, personal chances, people who are moved by name, and whom somebody may look at."""
    from tenfold.kernels.spread.state import Others

    windows = max((one.windows for one in in_time), default=0)
    contacts = np.cumsum([0, *(one.contacts for one in in_time)])
    named = [np.array(rule.people or (), np.int64) for rule in model.rules if isinstance(rule, Move)]
    if any(len(one) and one.max() >= n for one in named):
        raise SpecError(f"model {model.name}: a move names somebody beyond {n - 1}; expected whole numbers from 0 to {n - 1}.")
    backs = [graph.reversed() for graph in graphs] if any(isinstance(rule, Imitation) for rule in model.rules) else []
    return Others(
        window=_behind([np.pad(one.start, (0, windows - one.windows), mode="edge") for one in in_time], contacts, windows + 1),
        one=_joined([one.a for one in in_time], np.int32),
        two=_joined([one.b for one in in_time], np.int32),
        one_way=np.array([one.directed for one in in_time], np.uint8),
        trait=_chances(np.array(list(personal.values())).reshape(len(personal), n)),
        moved=np.cumsum([0, *(len(one) for one in named)]).astype(np.int64),
        named=_joined([one.astype(np.int32) for one in named], np.int32),
        back=_behind([graph.start for graph in backs], np.cumsum([0, *(graph.arcs for graph in backs)]), n + 1),
        back_other=_joined([graph.other for graph in backs], np.int32),
    )


def _behind(rows: list[NDArray[np.int64]], offsets: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Row pointers of several networks whose rows lie behind one another."""
    if len(rows) == 1:
        return rows[0].reshape(1, -1)
    return np.array([one + offset for one, offset in zip(rows, offsets, strict=False)], np.int64).reshape(len(rows), width)


def _joined(parts: list[Any], kind: Any) -> Any:
    """One array; not a copy where there is only one part."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, kind), *parts])


def _weights(graph: Graph) -> NDArray[np.float64]:
    return np.zeros(graph.arcs) if graph.weight is None else graph.weight


def _chances(values: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Chances in 2⁻³²; what rounds to one is ALWAYS."""
    return np.minimum(np.rint(np.minimum(values, 1.0) * WHOLE), ALWAYS).astype(np.uint32)


def _amounts(weights: list[NDArray[np.float64]]) -> NDArray[np.int32]:
    """Weights that thresholds add up, in 2⁻³⁰."""
    amounts: NDArray[np.int32] = np.rint(_joined(weights, np.float64) * UNIT).astype(np.int32)
    return amounts


def _sums(graph: Graph, n: int) -> NDArray[np.float64]:
    """Weights that may be added up for each person."""
    weight = _weights(graph)
    if weight.size and np.bincount(graph.other, weight, n).max() > 1 + 1e-6:
        raise DataError(
            "graph: the weights of those who can reach somebody add up to more than 1; a weighted threshold expects at most 1."
        )
    return weight


def _needs(
    model: Model, graphs: list[Graph], n: int, personal: Mapping[str, NDArray[np.float64]], layers: Mapping[int, int]
) -> Any:
    """How many neighbours, or how much weight, each threshold takes."""
    from tenfold.kernels.spread.state import RANDOM, Needs

    rules = [(number, rule) for number, rule in enumerate(model.rules) if isinstance(rule, Threshold)]
    need = np.zeros((len(rules), n), np.int32)
    for row, (number, rule) in enumerate(rules):
        if rule.fraction == "random":
            need[row] = RANDOM
            continue
        if rule.count is not None:
            need[row] = rule.count + rule.strict
            continue
        fraction = personal[rule.fraction] if isinstance(rule.fraction, str) else float(rule.fraction or 0.0)
        reach = graphs[layers[number]].in_degree()
        if rule.weighted:  # less what the rounding of the weights may have taken: three of .1 are .3
            need[row] = np.maximum(np.rint(fraction * UNIT) - (reach + 1) // 2, 1)
            continue
        exact = fraction * reach
        need[row] = np.maximum(np.floor(exact + 1e-9) + 1 if rule.strict else np.ceil(exact - 1e-9), 1)
    none = np.zeros((0, 0), np.int32)
    summed = {layers[number] for number, rule in rules if rule.weighted}
    amounts = [_sums(graph, n) if k in summed else np.zeros(graph.arcs) for k, graph in enumerate(graphs)] if summed else []
    return Needs(need, _amounts(amounts), none, none, np.zeros((0, 0), np.uint8))


def _merged(layers: list[Groups], n: int) -> Groups:
    """All layers of groups as one."""
    if len(layers) == 1:
        return layers[0]
    offsets = np.cumsum([0, *(len(one.member) for one in layers)])
    starts = [one.start[:-1] + offset for one, offset in zip(layers, offsets, strict=False)]
    return Groups(_joined([*starts, offsets[-1:]], np.int64), _joined([one.member for one in layers], np.int32), n)
