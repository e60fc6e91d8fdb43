"""Node ids and labels: what a person gives (names, numbers, any node) as node numbers 0..n−1, and the encoding of labels of any kind."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError, SpecError

__all__ = [
    "INT32_MAX",
    "Labelled",
    "Positions",
    "as_labels",
    "encode_labels",
    "label_text",
    "node_count",
    "node_ids",
    "node_labels",
    "node_numbers",
    "node_values",
]

_WHOLE_NUMBER = r"^-?[0-9]+$"

INT32_MAX = 2**31 - 1
"""The most arcs, memberships or people that a network may hold: they are numbered in 32 bits."""


def node_ids(given: ArrayLike, name: str, where: str) -> NDArray[np.int32]:
    """Whole numbers from 0 on as int32, without a copy where they are int32 already. `name`, `where`: for error messages."""
    try:
        ids = np.asarray(given)
    except (ValueError, TypeError):
        raise DataError(f"{where}: {name} is no list of whole numbers.") from None
    if ids.size == 0:
        return np.zeros(0, np.int32)
    if ids.ndim != 1 or ids.dtype.kind not in "iu":
        raise DataError(f"{where}: {name} holds {ids.dtype} in {ids.ndim} dimensions; expected a list of whole numbers.")
    if ids.size > INT32_MAX:
        raise DataError(f"{where}: {name} holds {ids.size} numbers; at most {INT32_MAX} are allowed. Split the network.")
    if ids.min() < 0 or ids.max() >= INT32_MAX:
        wrong = ids.min() if ids.min() < 0 else ids.max()
        raise DataError(f"{where}: {name} holds {wrong}; expected 0 to {INT32_MAX - 1}.")
    return np.ascontiguousarray(ids, np.int32)


def node_count(n: int | None, where: str, *columns: NDArray[np.int32]) -> int:
    """The number of nodes: n, if all ids are below it, or the largest id plus one if n is None."""
    least = max((int(ids.max()) + 1 for ids in columns if len(ids)), default=0)
    count = least if n is None else checks.whole(n, "n", low=0, high=INT32_MAX)
    if least > count:
        raise DataError(f"{where}: end {least - 1} is out of range; expected whole numbers from 0 to {count - 1}.")
    return count


def encode_labels(where: str, *columns: pl.Series) -> tuple[pl.Series, list[NDArray[np.int32]]]:
    """The distinct labels of all columns, sorted, and each column as positions among them (node ids)."""
    for column in columns:
        if column.null_count() or (column.dtype.is_float() and column.is_nan().any()):
            raise DataError(f"{where}: '{column.name}' is empty in a row; every row needs all its ids. Fill it or drop the row.")
    try:
        plain = [_plain_dtype(column) for column in columns]
        kinds = {str(column.dtype) for column in plain if len(column)}
        if len(kinds) > 1:
            raise DataError(f"{where}: ids are of the kinds {' and '.join(sorted(kinds))}; expected one kind. Convert a column.")
        filled = [column.alias("id") for column in plain if len(column)] or [plain[0].alias("id")]
        labels = pl.concat(filled).unique().sort()
        return labels, [_positions(labels, column) for column in plain]
    except pl.exceptions.PolarsError:
        raise DataError(f"{where}: ids are of the kind {columns[0].dtype}; expected numbers or text.") from None


def as_labels(ids: list[Any], where: str, name: str = "id") -> pl.Series:
    """The ids of people as labels, in their order: numbers if all of them are whole, else their text.

    Raises
    ------
    DataError
        Two ids have the same text, such as 1 and "1".
    """
    if ids and all(isinstance(one, Integral) and not isinstance(one, bool) and abs(int(one)) < 2**63 for one in ids):
        labels = pl.Series(name, [int(one) for one in ids], pl.Int64)
    else:
        try:
            labels = pl.Series(name, [_text(one) for one in ids], pl.String)
        except UnicodeError:
            raise DataError(f"{where}: an id holds half a character (a lone surrogate). Rename it.") from None
    if labels.n_unique() < len(labels):
        twice = labels.filter(labels.is_duplicated())[0]
        raise DataError(
            f"{where}: two ids are written {_shown(twice)} alike, such as a number and the same number as text. Rename one."
        )
    return labels


def _plain_dtype(column: pl.Series) -> pl.Series:
    """Whole numbers in 64 bits, categories as text, all else as it is."""
    if column.dtype.is_nested() or column.dtype == pl.Object:
        raise DataError(f"ids: '{column.name}' holds {column.dtype}; expected numbers or text.")
    if column.dtype.is_integer() and column.dtype not in (pl.UInt64, pl.Int128):
        return column.cast(pl.Int64)
    return column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column


def _positions(labels: pl.Series, column: pl.Series) -> NDArray[np.int32]:
    """The position of each entry of `column` in `labels`, which are sorted and distinct."""
    if not len(column):
        return np.zeros(0, np.int32)
    if labels.dtype == pl.String:
        return np.asarray(column.cast(pl.Enum(labels)).to_physical().to_numpy(), np.int32)
    if labels.dtype == pl.Int64 and int(labels[-1]) - int(labels[0]) == len(labels) - 1:  # no gaps
        return np.asarray(column.to_numpy() - labels[0], np.int32)
    return np.asarray(labels.search_sorted(column).to_numpy(), np.int32)


class Labelled(Protocol):
    """What has people 0..n−1 and perhaps labels: `Graph`, `Temporal`, `Groups`."""

    @property
    def n(self) -> int:
        """Number of people."""
        ...

    @property
    def labels(self) -> pl.Series | None:
        """The ids of people, or None for 0..n−1."""
        ...


@dataclass(frozen=True)
class Positions:
    """Node numbers 0..n−1, for a network whose labels are numbers too: there a plain number means a label.

    Examples
    --------
    >>> from tenfold.networks.graph import Graph
    >>> frame = pl.DataFrame({"a": [10, 20], "b": [20, 30]})
    >>> graph = Graph.from_table(frame, a="a", b="b")
    >>> node_numbers(graph, [10, 30]).tolist(), node_numbers(graph, Positions([0, 2])).tolist()
    ([0, 2], [0, 2])
    """

    numbers: Any


@dataclass(frozen=True)
class _Unlabelled:
    """A network without labels: only its number of people."""

    n: int
    labels: pl.Series | None = None


def node_numbers(network: Labelled | int, people: Any, name: str = "people", *, distinct: bool = True) -> NDArray[np.int64]:
    """The node numbers of people, in the order given.

    Parameters
    ----------
    network
        A `Graph`, `Temporal` or `Groups`; or the number of people, where there are no labels.
    people
        A list, set, array or series of people: labels (text, whole numbers, tuples or any other node of NetworkX); or `Positions`, or
        what holds some: `Seeds`, `Anchors`.
        Where labels are numbers, or text that writes one, a whole number means the label; in all other networks it means a position.
        A mapping such as ``{"positions": [0, 1]}`` is taken as `Positions`, so that a TOML file can say it.
    name
        What the people are for, such as "required"; the errors begin with it.
    distinct
        Whether nobody may be named twice.

    Returns
    -------
    NDArray[np.int64]
        Whole numbers from 0 to n − 1.

    Raises
    ------
    SpecError
        Something that is no list of people, or somebody who is not in the network, is named twice, or whose name is that of several.

    Examples
    --------
    >>> from tenfold.networks.graph import Graph
    >>> graph = Graph.from_table(pl.DataFrame({"a": ["ana", "binh"], "b": ["binh", "chi"]}), a="a", b="b")
    >>> node_numbers(graph, ["chi", "ana"], "required").tolist(), node_numbers(graph, [1]).tolist()
    ([2, 0], [1])
    """
    known: Labelled = _Unlabelled(int(network)) if isinstance(network, int | np.integer) else network
    if isinstance(people, Mapping) and list(people) == ["positions"]:
        people = Positions(people["positions"])
    people = getattr(people, "positions", people)
    if known.labels is None and isinstance(people, np.ndarray):
        people = Positions(people)
    if isinstance(people, Positions):
        whole = isinstance(people.numbers, np.ndarray) and people.numbers.ndim == 1 and people.numbers.dtype.kind in "iu"
        listed = people.numbers if whole else _listed(people.numbers, name, None)
        numbers = _in_range(listed, known.n, name)
    else:
        given = _listed(people, name, known.labels)
        if known.labels is None or (not _numeric(known.labels) and all(_is_whole(one) for one in given)):
            if (text := next((one for one in given if not _is_whole(one)), None)) is not None:
                raise SpecError(
                    f"{name} names {_shown(text)}, and the network has no names; expected whole numbers from 0 to {known.n - 1}."
                )
            numbers = _in_range(given, known.n, name)
        else:
            numbers = _by_label(known.labels, given, name)
    if distinct and len(np.unique(numbers)) < len(numbers):
        values, count = np.unique(numbers, return_counts=True)
        twice = label_text(known, int(values[count > 1][0]))
        raise SpecError(f"{name} names somebody twice ({twice[:60]}); expected different people.")
    return numbers


def node_labels(network: Labelled | int) -> pl.Series:
    """What people are called: the labels, or their numbers 0..n−1 where there are none.

    Examples
    --------
    >>> node_labels(3).to_list()
    [0, 1, 2]
    """
    if isinstance(network, int | np.integer):
        return pl.Series("id", np.arange(int(network)))
    return pl.Series("id", np.arange(network.n)) if network.labels is None else network.labels


def label_text(network: Labelled, number: int) -> str:
    """What somebody is called, as text."""
    return str(number if network.labels is None else network.labels[number])


def node_values(
    network: Labelled | int, values: Mapping[Any, Any] | ArrayLike, name: str = "values", *, default: float | None = None
) -> NDArray[np.float64]:
    """A number for each person, (n), from a mapping of people to numbers, or from a list in the order of the network.

    Parameters
    ----------
    network
        A `Graph`, `Temporal` or `Groups`; or the number of people.
    values
        A mapping, whose keys mean people as in `node_numbers`; or n numbers.
    name
        What the values are, such as "costs"; the errors begin with it.
    default
        The number of those whom a mapping leaves out; without it, it has to name everybody.

    Raises
    ------
    SpecError
        Values that are no numbers, do not fit the people, or leave somebody out.

    Examples
    --------
    >>> from tenfold.networks.graph import Graph
    >>> graph = Graph.from_table(pl.DataFrame({"a": [10, 20], "b": [20, 30]}), a="a", b="b")
    >>> node_values(graph, {20: 5.0, 10: 1.0}, "costs", default=2.0).tolist()
    [1.0, 5.0, 2.0]
    """
    known: Labelled = _Unlabelled(int(network)) if isinstance(network, int | np.integer) else network
    wanted = f"{name}: expected a number for each of {known.n} people, or a mapping of people to numbers."
    numbers = np.arange(known.n) if not isinstance(values, Mapping) else node_numbers(known, list(values), name)
    try:
        found = np.asarray(list(values.values()) if isinstance(values, Mapping) else values, np.float64)
    except (ValueError, TypeError, OverflowError):
        raise SpecError(wanted) from None
    if found.shape != (len(numbers),):
        raise SpecError(wanted)
    if len(numbers) < known.n and default is None:
        absent = label_text(known, int(np.setdiff1d(np.arange(known.n), numbers)[0]))
        raise SpecError(f"{name} leaves out {absent[:60]}; expected a number for each of {known.n} people. Name everybody.")
    complete = np.full(known.n, np.nan if default is None else default)
    complete[numbers] = found
    return complete


def _listed(people: Any, name: str, labels: pl.Series | None) -> list[Any]:
    """The people as plain Python values, in a list."""
    if isinstance(people, str | bytes | Real) or people is None or not isinstance(people, Iterable):
        raise SpecError(f"{name} is {_shown(people)}; expected a list of people.")
    if isinstance(people, Mapping):
        raise SpecError(f"{name} is a mapping; expected a list of people.")
    if isinstance(people, tuple) and people and labels is not None and _text(people) in labels.cast(pl.String):
        raise SpecError(f"{name} is {_shown(people)}, which is one person; expected a list of people, such as [{_text(people)}].")
    listed = people.tolist() if hasattr(people, "tolist") else list(people)
    if not isinstance(listed, list):
        raise SpecError(f"{name} is {_shown(listed)}; expected a list of people.")
    if isinstance(people, np.ndarray) and people.ndim == 2:
        listed = [tuple(one) for one in listed]
    plain = [_plain(one) for one in listed]
    if isinstance(people, set | frozenset):
        plain.sort(key=lambda one: (str(type(one)), one) if isinstance(one, str | int) else (str(type(one)), str(one)))
    for one in plain:
        if one is None or isinstance(one, bool) or (isinstance(one, float) and one != one) or not isinstance(one, Hashable):
            raise SpecError(f"{name} names {_shown(one)}; expected people: labels or whole numbers.")
    return plain


def _plain(one: Any) -> Any:
    """A person without NumPy's types: text, number, tuple of such, or what it was."""
    if isinstance(one, tuple):
        return tuple(_plain(part) for part in one)
    if isinstance(one, bytes):
        return one.decode(errors="replace")
    return one.item() if isinstance(one, np.generic) else one


def _text(one: Any) -> str:
    """The text of a label, as `Graph.from_networkx` keeps it."""
    return str(_plain(one))


def _shown(one: Any) -> str:
    """A value for a message: in one line, and short."""
    try:
        words = repr(one)
    except Exception:  # a repr of somebody else may fail in any way
        words = f"a {type(one).__name__}"
    words = " ".join(words.split())
    return words if len(words) <= 60 else words[:57] + "…"


def _is_whole(one: Any) -> bool:
    return isinstance(one, Integral) and not isinstance(one, bool)


def _numeric(labels: pl.Series) -> bool:
    """Whether labels are numbers, or some of them are the text of one; so a whole number has to mean a label."""
    if labels.dtype == pl.String:
        return bool(labels.str.contains(_WHOLE_NUMBER).any())
    return labels.dtype.is_numeric()


def _in_range(given: Any, n: int, name: str) -> NDArray[np.int64]:
    """Positions, once they are in range; an array of whole numbers is not looked at one by one."""
    if isinstance(given, np.ndarray) and given.size and given.min() >= 0 and given.max() < n:
        return given.astype(np.int64)
    for one in given.tolist() if isinstance(given, np.ndarray) else given:
        if not _is_whole(one) or not 0 <= one < n:
            raise SpecError(f"{name} names {_shown(one)}; expected whole numbers from 0 to {n - 1}.")
    return np.array([int(one) for one in given], np.int64)


def _by_label(labels: pl.Series, given: list[Any], name: str) -> NDArray[np.int64]:
    """The positions of labels. All are compared as text, so that the label 7 is found by 7 and "7"."""
    if not given:
        return np.zeros(0, np.int64)
    keys = [_key(one, labels) for one in given]
    texts = labels.cast(pl.String)
    try:
        wanted = pl.Series("label", keys, pl.String)
    except UnicodeError:
        raise SpecError(f"{name} names somebody with half a character (a lone surrogate), who is not in the network.") from None
    at = pl.DataFrame({"label": texts}).with_row_index("position").filter(pl.col("label").is_in(wanted.unique().implode()))
    position = dict(zip(at["label"].to_list(), at["position"].to_list(), strict=True))
    if len(position) < len(at):
        several = at.filter(at["label"].is_duplicated())["label"]
        count = int((several == several[0]).sum())
        raise SpecError(f"{name} names {_shown(several[0])}, who are {count} people; give Positions([…]) instead.")
    for one, key in zip(given, keys, strict=True):
        if key not in position:
            raise SpecError(f"{name} names {_shown(one)}, who is not in the network; {_known(labels)}.")
    return np.array([position[key] for key in keys], np.int64)


def _key(one: Any, labels: pl.Series) -> str:
    """The text under which a label is looked up."""
    if _is_whole(one) and labels.dtype.is_float():
        return str(float(one))
    if isinstance(one, float) and one.is_integer() and labels.dtype.is_integer():
        return str(int(one))
    text = str(one)
    return text.strip() if labels.dtype.is_numeric() else text


def _known(labels: pl.Series) -> str:
    """A few labels, for a message."""
    few = ", ".join(_shown(one) for one in labels.head(3).to_list())
    if _numeric(labels):
        return f"its people are called {few}, … and a whole number means such a label; Positions([…]) takes positions"
    return f"its people are called {few}, …"
