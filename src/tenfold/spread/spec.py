"""A whole experiment as one TOML file: model, networks, start, steps."""

from __future__ import annotations

import hashlib
import inspect
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.documents import parse_json, read_document, read_toml
from tenfold.errors import DataError, SpecError
from tenfold.kernels.streams import TRAITS
from tenfold.networks import generators
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph
from tenfold.networks.groups import Groups, read_groups
from tenfold.networks.temporal import Temporal, read_temporal
from tenfold.spread.arrays import Network
from tenfold.spread.library import MODELS
from tenfold.spread.model import Model

__all__ = ["Experiment", "fingerprint", "read_experiment"]

GENERATORS: dict[str, Callable[..., Graph]] = {name: getattr(generators, name) for name in generators.__all__}
Made = TypeVar("Made")
FIELDS = ("steps", "replicates", "seed", "clock", "people", "start", "graph", "groups", "traits", "model")
GROUPS = ("file", "circles", "cliques")


@dataclass(frozen=True)
class Experiment:
    """What `simulate` needs, and `record`: the plain data that it came from (`spec`), the `folder` of its files, and a digest of each
    network, with which it can be run again."""

    model: Model
    graph: Graph | Temporal | Mapping[str, Network] | int
    groups: Groups | None
    traits: dict[str, NDArray[np.float64]]
    start: Any
    steps: int
    replicates: int
    seed: int
    clock: str
    people: int
    record: dict[str, Any]


def read_experiment(path: str | Path, *, seed: int | None = None) -> Experiment:
    """Read ``steps``, ``replicates``, ``seed``, ``clock`` and the tables ``[model]``, ``[graph]``, ``[groups]``, ``[traits]``, ``[start]``.

    ``[model]`` holds states and rules, or ``library`` (a name of `MODELS`) with its parameters. ``[graph]`` holds ``file`` (relative to
    the TOML file, with ``directed``), or ``generator`` with its parameters; with ``window`` the file is a network in time; with
    ``chance_by_degree`` each edge has one over the degree of whom it reaches; ``[graph.NAME]`` makes several, which rules name by
    ``layer``. ``people`` in place of a graph is a number. ``[groups]`` holds ``file``, ``circles`` (a size: everybody in one), or
    ``cliques`` (of a size, in the graph). ``[traits]`` holds numbers by name: one for all, a list, or ``{low, high}`` to draw from.
    A ``.json`` is the record that a run has left behind, and is run again with its seed. `seed` is used in place of the file's, for
    traits that are drawn too.

    Raises
    ------
    SpecError, DataError
        What is wrong, in which table and field; or a network is not what it was when the record was written.
    """
    path = Path(path)
    data, record = _replayed(path) if path.suffix.lower() == ".json" else (read_toml(path), {})
    path = Path(record.get("folder", path.parent)) / path.name
    unknown = [name for name in data if name not in FIELDS]
    if unknown:
        raise SpecError(f"{path.name}: '{unknown[0]}' is no field; expected {', '.join(FIELDS)}.")
    needed = ("steps", "start", "model", "graph" if "people" not in data else "people")
    if missing := [name for name in needed if name not in data]:
        raise SpecError(f"{path.name}: '{missing[0]}' is missing; expected steps, start, model, and graph or people.")
    for name in ("graph", "groups", "traits", "model"):
        if not isinstance(data.get(name, {}), dict):
            raise SpecError(f"{path.name}: {name} is {data[name]!r}; expected a table [{name}].")
    own = checks.whole(data.get("seed", 0), f"{path.name}: seed", low=0, high=2**32 - 1)
    seed = own if seed is None else checks.whole(seed, "seed", low=0, high=2**32 - 1)
    graph = _networks(data, path)
    people = graph if isinstance(graph, int) else next(iter(graph.values())).n if isinstance(graph, dict) else graph.n
    groups = _groups(data["groups"], graph, people, path) if "groups" in data else None
    traits = {name: _trait(value, name, people, seed, path.name) for name, value in data.get("traits", {}).items()}
    named = graph if isinstance(graph, dict) else {} if isinstance(graph, int) else {"graph": graph}
    digests = {name: fingerprint(one) for name, one in (named | ({} if groups is None else {"groups": groups})).items()}
    for name, digest in record.get("networks", {}).items():
        if digests.get(name) != digest:
            raise DataError(
                f"{path.name}: the network '{name}' is not what it was in that run; its file or the generator has changed."
            )
    return Experiment(
        model=_model(data["model"], path.name),
        graph=graph,
        groups=groups,
        traits=traits,
        start=data["start"],
        steps=data["steps"],
        replicates=data.get("replicates", 1),
        seed=seed,
        clock=data.get("clock", "steps"),
        people=people,
        record={"spec": data, "folder": str(path.parent.resolve()), "networks": digests},
    )


def fingerprint(network: Network) -> str:
    """SHA-256 of a network's arrays.

    Examples
    --------
    >>> fingerprint(Graph.from_edges([0], [1])) == fingerprint(Graph.from_edges([1], [0]))
    True
    """
    digest = hashlib.sha256(type(network).__name__.encode())
    for one in fields(network):
        value = getattr(network, one.name)
        if isinstance(value, np.ndarray):
            digest.update(np.ascontiguousarray(value).data)
        elif one.name not in ("labels", "notes"):
            digest.update(str(value).encode())
    return digest.hexdigest()


def _replayed(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data of a run that is to be run again, and its record."""
    record = parse_json(read_document(path), path.name, SpecError)
    parts = {"spec": dict, "seed": int, "folder": str, "networks": dict}
    if not isinstance(record, dict) or not all(isinstance(record.get(name), kind) for name, kind in parts.items()):
        raise SpecError(f"{path.name}: is no record of a run; expected the provenance.json that `tenfold simulate` writes.")
    try:
        Path(record["folder"]).resolve()
    except (ValueError, OSError, RuntimeError):  # no path: with a NUL, half a letter, a link to itself
        raise SpecError(
            f"{path.name}: folder is no path; expected the folder of the specification, as `tenfold simulate` writes it."
        ) from None
    return record["spec"] | {"seed": record["seed"]}, record


def _networks(data: dict[str, Any], path: Path) -> Graph | Temporal | dict[str, Network] | int:
    """The network, several by name, or the number of people."""
    if "graph" not in data:
        return checks.whole(data["people"], f"{path.name}: people", low=1, high=2**31 - 2)
    table = data["graph"]
    if table and all(isinstance(value, dict) for value in table.values()):
        return {name: _graph(one, path) for name, one in table.items()}
    return _graph(table, path)


def _groups(data: dict[str, Any], graph: object, people: int, path: Path) -> Groups:
    where = f"{path.name}: [groups]"
    if len(data) != 1 or next(iter(data)) not in GROUPS:
        raise SpecError(f"{where}: has {', '.join(data) or 'no field'}; expected one of {', '.join(GROUPS)}.")
    if "file" in data:
        return read_groups(path.parent / str(data["file"]))
    if "circles" in data:
        return Groups.circles(people, checks.whole(data["circles"], f"{where}: circles", low=1))
    if not isinstance(graph, Graph):
        raise SpecError(f"{where}: cliques are those of a single [graph]; there is none.")
    return Groups.cliques(graph, checks.whole(data["cliques"], f"{where}: cliques", low=3, high=5))


def _trait(value: object, name: str, people: int, seed: int, where: str) -> NDArray[np.float64]:
    """A number for each person: the same, those listed, or drawn."""
    if isinstance(value, dict) and set(value) == {"low", "high"}:
        low, high = (checks.share(value[end], f"{where}: trait '{name}', {end}") for end in ("low", "high"))
        rng = np.random.Generator(np.random.Philox(key=[seed, TRAITS << 32 | zlib.crc32(name.encode())]))
        return low + (high - low) * rng.random(people)
    if isinstance(value, list):
        return np.array([checks.share(one, f"{where}: trait '{name}'") for one in value])
    return np.full(people, checks.share(value, f"{where}: trait '{name}'"))


def _model(data: dict[str, Any], where: str) -> Model:
    if "library" not in data:
        return Model.from_dict(data)
    name = data["library"]
    if not isinstance(name, str) or name not in MODELS:
        raise SpecError(f"{where}: [model] library is {name!r}; expected one of {', '.join(MODELS)}.")
    return _call(MODELS[name], {key: value for key, value in data.items() if key != "library"}, f"{where}: [model] {name}")


def _graph(data: dict[str, Any], path: Path) -> Graph | Temporal:
    data = dict(data)
    by_degree = data.pop("chance_by_degree", False)
    if not isinstance(by_degree, bool):
        raise SpecError(f"{path.name}: [graph] chance_by_degree is {by_degree!r}; expected true or false.")
    found = _file(data, path) if "file" in data else _generated(data, path)
    if not by_degree:
        return found
    if isinstance(found, Temporal):
        raise SpecError(f"{path.name}: [graph] a network in time has no chance_by_degree.")
    return found.with_chance_by_degree()


def _file(data: dict[str, Any], path: Path) -> Graph | Temporal:
    unknown = [key for key in data if key not in ("file", "directed", "window")]
    if unknown:
        raise SpecError(
            f"{path.name}: [graph] '{unknown[0]}' is no field beside file; expected directed, window, chance_by_degree."
        )
    file, directed = path.parent / str(data["file"]), bool(data.get("directed", False))
    return (
        read_temporal(file, window=data["window"], directed=directed) if "window" in data else read_graph(file, directed=directed)
    )


def _generated(data: dict[str, Any], path: Path) -> Graph:
    name = data.pop("generator", None)
    if not isinstance(name, str) or name not in GENERATORS:
        raise SpecError(f"{path.name}: [graph] generator is {name!r}; expected a file, or one of {', '.join(GENERATORS)}.")
    return _call(GENERATORS[name], data, f"{path.name}: [graph] {name}")


def _call(make: Callable[..., Made], given: dict[str, Any], where: str) -> Made:
    """Call with the parameters given, and say which are wrong."""
    known = checks.keywords(make)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SpecError(f"{where}: '{unknown[0]}' is no parameter; expected {', '.join(known) or 'none'}.")
    missing = [name for name, default in known.items() if default is inspect.Parameter.empty and name not in given]
    if missing:
        raise SpecError(f"{where}: '{missing[0]}' is missing; expected {', '.join(known)}.")
    try:
        return make(**given)
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from None
    except (TypeError, ValueError):
        raise SpecError(f"{where}: a parameter is of the wrong kind; got {given}.") from None
