"""Graphs from files: edge lists, GraphML and GEXF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.ids import number
from tenfold.networks.rows import Rows, as_numbers, as_path, read_rows

__all__ = ["HEADERS", "read_graph"]

HEADERS = {"source", "target", "from", "to", "a", "b", "i", "j", "node1", "node2", "ego", "alter", "person", "friend"}
WEIGHTS = {"weight", "strength"}


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
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if kind.casefold() in (".graphml", ".gexf", ".xml"):
        from tenfold.networks.markup import read_markup

        return read_markup(path)
    rows = read_rows(path)
    frame = rows.frame
    if not frame.width:
        raise DataError(f"{path.name}: is empty; expected a row for each tie: two ends, and perhaps a weight.")
    if frame.width < 2:
        raise DataError(f"{path.name}: a row has {frame.width} fields; expected two ends, and perhaps a weight.")
    first = rows.first()
    head = rows.named or _is_header(rows)
    frame = as_numbers(rows.below() if head else frame, frame.columns[:2])
    if not head and len(frame) > 1 and all(one.dtype == pl.String for one in frame.get_columns()[:2]):
        below = as_numbers(frame.slice(1), frame.columns[:2])  # names of columns that are not known, above numbers
        if below.dtypes[0] == pl.Int64 and not any(cell.lstrip("-").isdigit() for cell in first[:2]):
            frame, head = below, True
    short = int(frame[frame.columns[1]].is_null().arg_max() or 0) if frame[frame.columns[1]].null_count() else None
    if short is not None:
        raise DataError(
            f"{path.name}: row {short + 1 + head} has 1 field or an empty one; expected two ends, and perhaps a weight."
        )
    weight = _weight(frame, first if head else [], path.name)
    try:
        labels, (one, two) = number(path.name, frame[frame.columns[0]], frame[frame.columns[1]])
        graph = Graph.from_edges(
            one, two, len(labels), weight=None if weight is None else frame[weight].to_numpy(), directed=directed
        )
    except DataError as error:
        text = str(error)
        raise DataError(text if text.startswith(path.name) else f"{path.name}: {text}") from None
    return replace(graph, labels=labels)


def _weight(frame: pl.DataFrame, names: list[str], where: str) -> str | None:
    """Which column holds the weights: the one with that name, or else the third, if it holds numbers only."""
    called = next((k for k, name in enumerate(names) if k > 1 and name in WEIGHTS), None)
    if called is None and (frame.width < 3 or not len(frame)):
        return None
    column = frame.columns[2 if called is None else called]
    found = frame[column]
    if not (found.dtype.is_numeric() or found.dtype == pl.String):
        return None
    number = found.cast(pl.Float64, strict=False)
    if number.null_count() and called is None:
        return None
    wrong = ~(number.is_finite() & (number >= 0)).fill_null(False)
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        row = at + 1 + bool(names)
        raise DataError(f"{where}: row {row}: the weight is {found[at]!r}; expected a finite number from 0 on.")
    frame.replace_column(frame.get_column_index(column), number)
    return column


def _is_header(rows: Rows) -> bool:
    """Whether the first row names the columns, or counts people and edges, as some collections do."""
    first = rows.first()
    if any(cell in HEADERS for cell in first[:2]):
        return True
    cells = [cell for cell in first if cell]
    counts = len(cells) == 2 and all(cell.isascii() and cell.isdigit() for cell in cells)
    return counts and int(cells[1]) == len(rows.frame) - 1 and int(cells[0]) != int(cells[1])
