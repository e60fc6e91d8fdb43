"""Graphs from files: edge lists, GraphML and GEXF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.labels import encode_labels
from tenfold.networks.table_files import TextTable, as_integers, as_path, read_table

__all__ = ["END_NAMES", "read_graph"]

END_NAMES = {"source", "target", "from", "to", "a", "b", "i", "j", "node1", "node2", "ego", "alter", "person", "friend"}
WEIGHT_NAMES = {"weight", "strength"}
"""Names of columns, in lower case: the two ends of an edge, and its weight."""


def read_graph(path: str | Path, *, directed: bool = False) -> Graph:
    """Read a graph: GraphML, GEXF, or an edge list in CSV, Parquet, or text with blanks (SNAP), packed with gzip or not.

    An edge list has two ends and perhaps a weight in a row. A first row that names the columns, or counts people and edges, is
    understood; so are comments, lines that begin with # or %.

    Parameters
    ----------
    path
        The file; .graphml, .xml and .gexf are read as such, .parquet as Parquet, and all else as text.
    directed
        Whether an edge of a list leads from the first end to the second only. GraphML and GEXF say so themselves.

    Returns
    -------
    Graph
        `labels` holds the ids: numbers if all of them are, else text. In a GraphML or GEXF file that has edges of both kinds, one that
        is not directed becomes two arcs.

    Raises
    ------
    DataError
        The file cannot be read as one.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ties.csv").write_text("source,target\\nana,binh\\nbinh,chi\\n")
    ...     graph = read_graph(Path(folder, "ties.csv"))
    >>> graph.labels.to_list(), graph.arcs
    (['ana', 'binh', 'chi'], 4)
    """
    path = as_path(path)
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix.casefold() in (".graphml", ".gexf", ".xml"):
        from tenfold.networks.graphml_gexf import read_graphml_gexf

        return read_graphml_gexf(path)
    return _read_edge_list(path, directed=directed)


def _read_edge_list(path: Path, *, directed: bool) -> Graph:
    """The graph of an edge list: a row for each edge, with two ends and perhaps a weight."""
    table = read_table(path)
    frame = table.frame
    if not frame.width:
        raise DataError(f"{path.name}: is empty; expected a row for each tie: two ends, and perhaps a weight.")
    if frame.width < 2:
        raise DataError(f"{path.name}: a row has {frame.width} fields; expected two ends, and perhaps a weight.")
    header = table.header()
    has_header = table.named or _is_header(table)
    frame = as_integers(table.below_header() if has_header else frame, frame.columns[:2])
    if not has_header and len(frame) > 1 and all(column.dtype == pl.String for column in frame.get_columns()[:2]):
        below = as_integers(frame.slice(1), frame.columns[:2])  # names of columns that are not known, above numbers
        if below.dtypes[0] == pl.Int64 and not any(cell.lstrip("-").isdigit() for cell in header[:2]):
            frame, has_header = below, True
    a, b = frame.columns[:2]
    if frame[b].null_count():
        row = int(frame[b].is_null().arg_max() or 0) + 1 + has_header
        raise DataError(f"{path.name}: row {row} has 1 field or an empty one; expected two ends, and perhaps a weight.")
    weight = _weight_column(frame, header if has_header else [], path.name)
    try:
        labels, (one, two) = encode_labels(path.name, frame[a], frame[b])
        weights = None if weight is None else frame[weight].to_numpy()
        graph = Graph.from_edges(one, two, len(labels), weight=weights, directed=directed)
    except DataError as error:
        text = str(error)
        raise DataError(text if text.startswith(path.name) else f"{path.name}: {text}") from None
    return replace(graph, labels=labels)


def _weight_column(frame: pl.DataFrame, names: list[str], where: str) -> str | None:
    """Which column holds the weights: the one with that name, or else the third, if it holds numbers only.

    The column is turned into numbers in place.
    """
    named = next((k for k, name in enumerate(names) if k > 1 and name in WEIGHT_NAMES), None)
    if named is None and (frame.width < 3 or not len(frame)):
        return None
    name = frame.columns[2 if named is None else named]
    column = frame[name]
    if not (column.dtype.is_numeric() or column.dtype == pl.String):
        return None
    weights = column.cast(pl.Float64, strict=False)
    if weights.null_count() and named is None:
        return None
    wrong = ~(weights.is_finite() & (weights >= 0)).fill_null(False)
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        row = at + 1 + bool(names)
        raise DataError(f"{where}: row {row}: the weight is {column[at]!r}; expected a finite number from 0 on.")
    frame.replace_column(frame.get_column_index(name), weights)
    return name


def _is_header(table: TextTable) -> bool:
    """Whether the first row names the columns, or counts people and edges, as some collections do."""
    header = table.header()
    if any(cell in END_NAMES for cell in header[:2]):
        return True
    cells = [cell for cell in header if cell]
    counts = len(cells) == 2 and all(cell.isascii() and cell.isdigit() for cell in cells)
    return counts and int(cells[1]) == len(table.frame) - 1 and int(cells[0]) != int(cells[1])
