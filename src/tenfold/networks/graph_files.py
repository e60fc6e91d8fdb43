"""Graphs from files, found by their content: tables of edges, adjacency lists and matrices, GraphML, GEXF, GML, Pajek, JSON, SIF."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tenfold.errors import DataError, SpecError
from tenfold.networks import adjacency
from tenfold.networks.columns import find_ends
from tenfold.networks.edge_lists import ColumnNames, read_edge_list
from tenfold.networks.gml import looks_like_gml, read_gml
from tenfold.networks.graph import Graph
from tenfold.networks.pajek import looks_like_pajek, read_pajek
from tenfold.networks.table_files import TextTable, as_path, decoded, parse_table, read_bytes
from tenfold.notebook import one_line

__all__ = ["FORMATS", "read_graph"]

FORMATS = ("edges", "adjacency", "matrix", "graphml", "gexf", "gml", "pajek", "json", "sif")
_READ = "edge lists (CSV, Parquet, text), adjacency lists and matrices, GraphML, GEXF, GML, Pajek, JSON and SIF"

_OTHERS = (
    (rb"\s*%%MatrixMarket", "is a MatrixMarket file. Read it with scipy.io.mmread, then Graph.from_scipy"),
    (rb"(?:c [^\n]*\n)*p (?:edge|col|sp|max|min)\b", "is a DIMACS file. Save it as an edge list"),
    (rb"(?i)\s*dl\s+n\s*=", "is a UCINET DL file. Save it as an edge list or for Pajek"),
    (rb"(?i)\s*(?:strict\s+)?(?:di)?graph\s*(?:\"[^\"\n]*\"|\w+)?\s*\{", "is a DOT file (GraphViz). Save it as GraphML or GML"),
    (rb"PK\x03\x04", "is a workbook or another packed file. Save its table as CSV"),
    (rb"\xd0\xcf\x11\xe0", "is an old workbook. Save its table as CSV"),
    (rb"tenfold network [0-9]", "is a graph that Tenfold saved. Open it with Graph.open"),
)
"""How files begin that are known and not read, and what to do with them."""


def read_graph(
    path: str | Path,
    *,
    directed: bool = False,
    format: str | None = None,
    header: bool | None = None,
    a: str | None = None,
    b: str | None = None,
    weight: str | None = None,
) -> Graph:
    """Read a graph from a file, packed with gzip or not.

    What is read: tables of edges (CSV, Parquet, or text; as Gephi, Kumu, Cytoscape, igraph, NetworkX, pandas, R and SNAP
    write them), adjacency lists and matrices, GraphML, GEXF, GML, Pajek, JSON (node-link, adjacency, Cytoscape), and SIF. The format is
    found by the content; see docs/networks.md.

    Parameters
    ----------
    path
        The file.
    directed
        Whether an edge leads from the first end to the second only. Files that say so themselves (GraphML, GEXF, GML, Pajek, JSON, and
        tables with a column such as Gephi's Type) are read as they say.
    format
        One of edges, adjacency, matrix, graphml, gexf, gml, pajek, json, sif, where the content does not say it.
    header
        Whether the first row of a table names its columns; by default that is found out, and asked where it cannot be known.
    a, b, weight
        The columns of the two ends and of the weight, where their names are not known ones.

    Returns
    -------
    Graph
        `labels` holds the ids: numbers if all of them are, else text. `notes` says what each column was taken for, and what is not used.
        In a file that has edges of both kinds, one that is not directed becomes two arcs.

    Raises
    ------
    DataError
        The file cannot be read as one, or which columns hold the ends cannot be known.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ties.csv").write_text("id,source,target,weight\\n1,ana,binh,2\\n2,binh,chi,3\\n")
    ...     graph = read_graph(Path(folder, "ties.csv"))
    >>> graph.labels.to_list(), graph.weight.tolist()
    (['ana', 'binh', 'chi'], [2.0, 2.0, 3.0, 3.0])
    >>> graph.notes[-1]
    "Not used: 'id'."
    """
    path = as_path(path)
    if format is not None and format not in FORMATS:
        raise SpecError(f"format is {format!r}; expected one of {', '.join(FORMATS)}.")
    where, data = path.name, read_bytes(path)
    kind = format or _format_of(data, path)
    said = ColumnNames(header, a, b, weight)
    if kind not in ("edges", None) and any(one is not None for one in (header, a, b, weight)):
        raise SpecError(f"{where}: is read as {kind}, which has no columns to name; leave out header, a, b and weight.")
    if kind in ("graphml", "gexf"):
        from tenfold.networks.graphml_gexf import read_graphml_gexf

        return read_graphml_gexf(data, where, directed=directed)
    if kind == "json":
        from tenfold.networks.graph_json import read_graph_json

        return read_graph_json(data, where, directed=directed)
    if kind in _TEXT_READERS:
        try:
            text = decoded(data, where).decode()
        except UnicodeError:
            raise DataError(f"{where}: is no UTF-8 text; cannot be read. Save it as UTF-8.") from None
        graph = _TEXT_READERS[kind](text, where)
        if directed and not graph.directed:
            return replace(graph, notes=("The file says that it is not directed, so directed=True does not count.", *graph.notes))
        return graph
    return _read_table(data, where, kind, said, directed=directed)


def _read_table(data: bytes, where: str, kind: str | None, said: ColumnNames, *, directed: bool) -> Graph:
    """The graph of a table: of edges, or of neighbours, or a matrix."""
    if kind == "sif":
        return adjacency.read_sif(_text(data, where), where, directed=directed)
    if data[:4] != b"PAR1" and kind is None and b"{" in data[:4096]:
        with_data = adjacency.edges_with_data(_text(data, where), where)
        if with_data is not None:
            return read_edge_list(with_data, where, said, directed=directed)
    table = parse_table(data, where)
    if kind == "adjacency":
        return adjacency.read_adjacency(table, where, directed=directed)
    if kind == "matrix":
        return adjacency.read_matrix(table, where, directed=directed)
    nothing_said = kind is None and said == ColumnNames()
    if nothing_said and not (table.first_row() and find_ends(table.first_row(), where) and not table.ragged):
        if adjacency.looks_like_adjacency(table):
            return adjacency.read_adjacency(table, where, directed=directed)
        _refuse_ragged(table, where)
        if adjacency.looks_like_matrix(table):
            return adjacency.read_matrix(table, where, directed=directed)
        if (edges := adjacency.read_cytoscape(table, table.first_row())) is not None:
            graph = read_edge_list(edges[0], where, said, directed=directed)
            return replace(graph, notes=(edges[1], *graph.notes))
    return read_edge_list(table, where, said, directed=directed)


def _refuse_ragged(table: TextTable, where: str) -> None:
    """Refuse rows of different lengths whose third field and those behind are no numbers: are these neighbours?"""
    if not table.ragged or table.frame.width < 3:
        return
    rest = [cell for k in range(2, table.frame.width) for cell in table.frame[:, k].drop_nulls().head(1000).to_list() if cell]
    if any(not re.fullmatch(r"[-+.0-9eE]+", cell) for cell in rest):
        raise DataError(
            f"{where}: its rows have different numbers of fields. If each is somebody and their neighbours, say format='adjacency'; "
            f"else save it as one of what is read: {_READ}."
        )


def _text(data: bytes, where: str) -> str:
    """The text of a file in UTF-8."""
    try:
        return decoded(data, where).decode()
    except UnicodeError:
        raise DataError(f"{where}: is no UTF-8 text; cannot be read. Save it as UTF-8.") from None


def _format_of(data: bytes, path: Path) -> str | None:
    """The format, by content, then by the ending of the name; None for a table that may be of any kind."""
    suffix = (path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix).casefold()
    for beginning, what in _OTHERS:
        if re.match(beginning, data[:4096]):
            raise DataError(f"{path.name}: {what}. What is read: {_READ}.")
    if suffix in (".graphml", ".gexf", ".xml"):
        return "graphml"
    if data[:4] == b"PAR1":
        return None
    head = data[:65536].decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="ignore")
    if re.match(r"\s*<\?xml|\s*<(?:graphml|gexf)\b", head):
        return "graphml"
    if re.match(r"\s*<(?:!doctype\s+)?(?:html|svg|body|table)\b", head, re.I):
        raise DataError(f"{path.name}: is a page ({one_line(head, 20)!r}), not a graph. What is read: {_READ}.")
    if looks_like_gml(head) or suffix == ".gml":
        return "gml"
    if looks_like_pajek(head) or suffix in (".net", ".paj"):
        return "pajek"
    if suffix in (".json", ".cyjs", ".hif") or re.match(r"\s*[\[{]\s*[\]}\"\[{]", head):
        return "json"
    return {".sif": "sif", ".adj": "adjacency", ".adjlist": "adjacency"}.get(suffix)


_TEXT_READERS = {"gml": read_gml, "pajek": read_pajek}
