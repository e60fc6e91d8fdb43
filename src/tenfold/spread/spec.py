"""A whole experiment as one TOML file: model, graph, start, steps."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tenfold.errors import SpecError
from tenfold.networks import generators
from tenfold.networks.graph import Graph, read_graph
from tenfold.spread.library import MODELS
from tenfold.spread.model import Model

__all__ = ["Experiment", "read_experiment"]

GENERATORS: dict[str, Callable[..., Graph]] = {name: getattr(generators, name) for name in generators.__all__}
Made = TypeVar("Made")
FIELDS = ("steps", "replicates", "seed", "start", "graph", "model")


@dataclass(frozen=True)
class Experiment:
    """What `simulate` needs, and the plain data that it came from."""

    model: Model
    graph: Graph
    start: dict[str, Any]
    steps: int
    replicates: int
    seed: int
    data: dict[str, Any]


def read_experiment(path: str | Path) -> Experiment:
    """Read ``steps``, ``replicates``, ``seed`` and the tables ``[model]``, ``[graph]``, ``[start]``.

    ``[model]`` holds states and rules, or ``library`` (a name of `MODELS`) with its parameters. ``[graph]`` holds ``file`` (an edge list,
    relative to the TOML file, with ``directed``), or ``generator`` with its parameters.

    Raises
    ------
    SpecError, DataError
        What is wrong, in which table and field.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(f"{path}: cannot be read ({error.strerror}). Check the name.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path.name}: is no TOML ({error}).") from None
    unknown = [name for name in data if name not in FIELDS]
    if unknown:
        raise SpecError(f"{path.name}: '{unknown[0]}' is no field; expected {', '.join(FIELDS)}.")
    missing = [name for name in ("steps", "start", "graph", "model") if name not in data]
    if missing:
        raise SpecError(f"{path.name}: '{missing[0]}' is missing; expected steps, start, graph and model.")
    for name in ("start", "graph", "model"):
        if not isinstance(data[name], dict):
            raise SpecError(f"{path.name}: {name} is {data[name]!r}; expected a table [{name}].")
    model, graph = _model(data["model"], path.name), _graph(data["graph"], path)
    return Experiment(model, graph, data["start"], data["steps"], data.get("replicates", 1), data.get("seed", 0), data)


def _model(data: dict[str, Any], where: str) -> Model:
    if "library" not in data:
        return Model.from_dict(data)
    name = data["library"]
    if name not in MODELS:
        raise SpecError(f"{where}: [model] library is {name!r}; expected one of {', '.join(MODELS)}.")
    return _call(MODELS[name], {key: value for key, value in data.items() if key != "library"}, f"{where}: [model] {name}")


def _graph(data: dict[str, Any], path: Path) -> Graph:
    if "file" in data:
        unknown = [key for key in data if key not in ("file", "directed")]
        if unknown:
            raise SpecError(f"{path.name}: [graph] '{unknown[0]}' is no field beside file; expected directed.")
        return read_graph(path.parent / str(data["file"]), directed=bool(data.get("directed", False)))
    name = data.get("generator")
    if name not in GENERATORS:
        raise SpecError(f"{path.name}: [graph] generator is {name!r}; expected a file, or one of {', '.join(GENERATORS)}.")
    return _call(
        GENERATORS[name], {key: value for key, value in data.items() if key != "generator"}, f"{path.name}: [graph] {name}"
    )


def _call(make: Callable[..., Made], given: dict[str, Any], where: str) -> Made:
    """Call with the parameters given, and say which are wrong."""
    known = inspect.signature(make).parameters
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SpecError(f"{where}: '{unknown[0]}' is no parameter; expected {', '.join(known) or 'none'}.")
    missing = [name for name, one in known.items() if one.default is inspect.Parameter.empty and name not in given]
    if missing:
        raise SpecError(f"{where}: '{missing[0]}' is missing; expected {', '.join(known)}.")
    try:
        return make(**given)
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from None
    except (TypeError, ValueError):
        raise SpecError(f"{where}: a parameter is of the wrong kind; got {given}.") from None
