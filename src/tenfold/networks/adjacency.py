"""Adjacency lists (somebody and all their neighbours in a row), adjacency matrices, SIF, and lists of NetworkX with data."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from tenfold import checks
from tenfold.errors import DataError
from tenfold.networks.columns import is_known, listed, plain_name
from tenfold.networks.graph import Graph
from tenfold.networks.labels import encode_labels
from tenfold.networks.table_files import TextTable, as_integers
from tenfold.notebook import one_line

__all__ = [
    "edges_with_data",
    "looks_like_adjacency",
    "looks_like_matrix",
    "read_adjacency",
    "read_cytoscape",
    "read_matrix",
    "read_sif",
]

MAX_DATA = 10_000
"""The most characters that the data of an edge may have."""

_DATA_LINE = re.compile(r"^(.*?)[\s,;]*(\{.*\})\s*$")


def looks_like_adjacency(table: TextTable) -> bool:
    """Whether rows of different lengths are adjacency lists: whoever stands third or later is somebody who stands first or second too."""
    if not table.ragged or table.frame.width < 3:
        return False
    first = set(table.frame[:, 0].drop_nulls().to_list())
    rest = {cell for k in range(2, table.frame.width) for cell in table.frame[:, k].drop_nulls().to_list() if cell}
    known = first | set(table.frame[:, 1].drop_nulls().to_list())
    return bool(rest) and rest <= known and not all(re.fullmatch(r"[-+.0-9eE]+", cell) for cell in rest)


def read_adjacency(table: TextTable, where: str, *, directed: bool) -> Graph:
    """The graph of adjacency lists. In one that is not directed, a pair counts once, whether one row names it or both do."""
    columns = [table.frame[:, k] for k in range(table.frame.width)]
    if columns and columns[0].null_count():
        raise DataError(f"{where}: row {int(columns[0].is_null().arg_max() or 0) + 1} does not begin with somebody.")
    a = pl.concat([columns[0].alias("a") for _ in columns[1:]] or [pl.Series("a", [], pl.String)])
    b = pl.concat([column.alias("b") for column in columns[1:]] or [pl.Series("b", [], pl.String)])
    there = (b.is_not_null() & (b != "")).fill_null(False)
    alone = columns[0].alias("a") if columns else a
    pairs = pl.DataFrame([pl.concat([a.filter(there), alone]), pl.concat([b.filter(there).alias("b"), alone.alias("b")])])
    note = "Adjacency lists: each row is somebody and their neighbours."
    return _pairs_graph(pairs, where, directed=directed, notes=(*table.notes, note))


def _pairs_graph(pairs: pl.DataFrame, where: str, *, directed: bool, notes: tuple[str, ...]) -> Graph:
    """A graph without weights from pairs; those of somebody with themselves stand for people without an edge."""
    pairs = as_integers(pairs, ["a", "b"])
    if pairs["a"].dtype != pairs["b"].dtype:
        pairs = pairs.cast(pl.String)
    labels, (one, two) = encode_labels(where, pairs["a"], pairs["b"])
    other = one != two
    one, two = one[other], two[other]
    ends = (one, two) if directed else (np.minimum(one, two), np.maximum(one, two))
    _, first = np.unique(np.column_stack(ends).astype(np.int64) @ np.array([len(labels), 1]), return_index=True)
    made = Graph.from_edges(one[np.sort(first)], two[np.sort(first)], len(labels), directed=directed)
    return replace(made, labels=labels, notes=notes)


def looks_like_matrix(table: TextTable) -> bool:
    """Whether a table is an adjacency matrix: the same names above and at the left, or numbers that are symmetric around zeros."""
    frame = table.frame
    if table.ragged or frame.width < 3:
        return False
    if len(frame) == frame.width and not table.named:
        first = table.first_row()
        left = [(cell or "").strip() for cell in frame[:, 0].to_list()]
        if first[1:] == left[1:] and len(set(left)) == len(left):
            return True
    if len(frame) != frame.width or frame.width > 1000:
        return False
    values = [frame[:, k].cast(pl.Float64, strict=False) for k in range(frame.width)]
    if any(one.null_count() for one in values):
        return False
    matrix = np.column_stack([one.to_numpy() for one in values])
    return bool((matrix == matrix.T).all() and (np.diag(matrix) == 0).all() and matrix.any())


def read_matrix(table: TextTable, where: str, *, directed: bool) -> Graph:
    """The graph of an adjacency matrix: a number above 0 is the weight of the arc from its row to its column; empty is 0."""
    frame, names = table.frame, None
    first = table.first_row()
    if any(cell and not re.fullmatch(r"[-+.,0-9eE]+", cell) for cell in first[1:]) or (first and not first[0]):
        names, frame = first[1:], frame.slice(0 if table.named else 1)
        left = [(cell or "").strip() for cell in frame[:, 0].cast(pl.String).to_list()]
        if left != names:
            raise DataError(f"{where}: the names above the matrix ({listed(names)}) are not those at its left ({listed(left)}).")
        frame = frame[:, 1:]
    if len(frame) != frame.width:
        raise DataError(f"{where}: the matrix has {len(frame)} rows and {frame.width} columns; expected as many.")
    values = np.zeros((len(frame), frame.width))
    for k in range(frame.width):
        numbers = frame[:, k].cast(pl.Float64, strict=False)
        wrong = (numbers.is_null() & frame[:, k].is_not_null()) | ~(
            numbers.fill_null(0).is_finite() & (numbers.fill_null(0) >= 0)
        )
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            raise DataError(
                f"{where}: row {row + 1 + (names is not None)}: {one_line(frame[row, k])!r}; expected a number from 0 on."
            )
        values[:, k] = numbers.fill_null(0).to_numpy()
    symmetric = bool((values == values.T).all())
    one, two = np.nonzero(np.triu(values) if symmetric and not directed else values)
    weight = values[one, two]
    weighted = bool((weight != 1).any())
    made = Graph.from_edges(one, two, len(values), weight=weight if weighted else None, directed=directed or not symmetric)
    notes = (
        *table.notes,
        f"Matrix of {len(values)} people; a number above 0 is an edge from the row to the column.",
        *(() if symmetric or directed else ("Directed, as the matrix is not symmetric.",)),
        *(() if weighted else ("No weights, as all numbers are 0 or 1.",)),
    )
    labels = None if names is None else pl.Series("id", names)
    return replace(made, labels=labels, notes=(*notes, *made.notes))


def read_sif(text: str, where: str, *, directed: bool) -> Graph:
    """The graph of a SIF file (Cytoscape): somebody, a relation, and one or more others in a row."""
    needed = 150 * (text.count(" ") + text.count("\t") + text.count("\n")) + 3 * len(text)
    checks.reading(needed, len(text), where, "Save its ties as CSV or Parquet")
    a, b, relations = [], [], set()
    for row, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
        if not cells or not cells[0]:
            continue
        if len(cells) == 2:
            raise DataError(f"{where}: row {row} has 2 fields; expected somebody, a relation, and one or more others.")
        a += [cells[0]] * max(len(cells) - 2, 1)
        b += cells[2:] or [cells[0]]
        relations |= set(cells[1:2])
    pairs = pl.DataFrame({"a": a, "b": b}, {"a": pl.String, "b": pl.String})
    return _pairs_graph(pairs, where, directed=directed, notes=(f"SIF: relations ({listed(sorted(relations))}) are not used.",))


def read_cytoscape(table: TextTable, names: list[str]) -> tuple[TextTable, str] | None:
    """A table of edges of Cytoscape, whose names are "ana (interacts with) binh", with columns source and target; None if it is none."""
    plain = [plain_name(name) for name in names]
    at = next((plain.index(name) for name in ("sharedname", "name") if name in plain), None)
    if at is None or not {"interaction", "sharedinteraction", "suid"} & set(plain):
        return None
    body = table.frame if table.named else table.frame.slice(1)
    parts = body[:, at].str.extract_groups(r"^(.+) \([^()]*\) (.+)$").struct.unnest()
    if not len(parts) or parts.to_series(0).null_count():
        return None
    keep = [k for k, name in enumerate(names) if k != at and not is_known(name, "type") and plain[k] not in ("source", "target")]
    frame = pl.DataFrame([parts.to_series(0).alias("source"), parts.to_series(1).alias("target")])
    frame = frame.hstack([body[:, k].alias(names[k] if plain.count(plain[k]) == 1 else f"{names[k]} {k}") for k in keep])
    return replace(table, frame=frame, named=True), f"Ends: from {listed([names[at]])}, as Cytoscape writes edges."


def edges_with_data(text: str, where: str) -> TextTable | None:
    """The table of an edge list with data in braces, as `networkx.write_edgelist` writes it; None if the text is none.

    Each name in the data becomes a column.
    """
    checks.reading(
        600 * text.count("{") + 80 * text.count("\n") + 3 * len(text), len(text), where, "Save its ties as CSV or Parquet"
    )
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines or not all(_DATA_LINE.match(line) for line in lines[:20]):
        return None
    rows: list[tuple[str, str]] = []
    data: list[dict[str, Any]] = []
    for row, line in enumerate(lines, 1):
        match = _DATA_LINE.match(line)
        ends = re.split(r"\s*[\t,;]\s*|\s+", match[1].strip()) if match else []
        if match is None or len(ends) != 2 or len(match[2]) > MAX_DATA:
            raise DataError(f"{where}: row {row} is no edge with data; expected two ends and {{…}}, as NetworkX writes it.")
        rows.append((ends[0], ends[1]))
        found = _data(match[2])
        if found is None:
            raise DataError(
                f"{where}: row {row}: {one_line(match[2], 40)!r} is no data that can be read; expected {{'weight': 2}}."
            )
        data.append(found)
    names = _in_order(name for one in data for name in one)
    frame = pl.DataFrame({"source": [one for one, _ in rows], "target": [two for _, two in rows]})
    columns = [pl.Series(name, [None if one.get(name) is None else str(one[name]) for one in data], pl.String) for name in names]
    return TextTable(frame.hstack(columns), [], named=True, notes=("Edges with data, as NetworkX writes them.",))


def _in_order(names: Iterable[str]) -> list[str]:
    """Different names, but for those of the ends."""
    return [name for name in dict.fromkeys(names) if name not in ("source", "target")][:1000]


@lru_cache(maxsize=10_000)
def _data(text: str) -> dict[str, Any] | None:
    """The data in braces, of JSON or of Python; nothing in it is ever run."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            return None
    if not isinstance(found, dict):
        return None
    return {one_line(name): value for name, value in found.items()}
