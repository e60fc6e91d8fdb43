"""Edge lists: tables with a row for each edge, whose ends, weights and directions are found by the names of the columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.networks.columns import column_named, find_column, find_ends, is_known, listed, words_for
from tenfold.networks.graph import Graph
from tenfold.networks.heading import Body, body_of
from tenfold.networks.labels import encode_labels
from tenfold.networks.table_files import TextTable, as_integers, cell_text
from tenfold.networks.times import finite_numbers
from tenfold.notebook import one_line

__all__ = ["SURELY_TIMESTAMPS", "ColumnNames", "ends_of", "filled", "read_edge_list", "unused_note"]

SURELY_TIMESTAMPS = 10**8
"""Seconds since 1970 have been above this since 1973; weights and ids of people seldom all are."""


@dataclass(frozen=True)
class ColumnNames:
    """What the caller says: whether there is a header, and the columns of the ends and the weight."""

    header: bool | None = None
    a: str | None = None
    b: str | None = None
    weight: str | None = None


def read_edge_list(table: TextTable, where: str, said: ColumnNames, *, directed: bool) -> Graph:
    """The graph of an edge list.

    Raises
    ------
    DataError
        It cannot be known which columns hold the ends, or a row is wrong.
    """
    if not table.frame.width:
        raise DataError(f"{where}: is empty; expected a row for each tie: two ends, and perhaps a weight.")
    if table.frame.width < 2:
        raise DataError(f"{where}: a row has {table.frame.width} fields; expected two ends, and perhaps a weight.")
    header = said.header if said.a is None and said.b is None and said.weight is None else said.header is not False
    counts = _counts(table) if header is None else None
    if counts is not None:
        table = replace(table, frame=table.frame.slice(1), notes=(*table.notes, counts))
        header = False
    body = body_of(table, where, header, "edge")
    above = body.above + (counts is not None)
    a, b, guess = _ends(body, where, said, header is not None)
    frame = as_integers(body.frame, [body.frame.columns[a], body.frame.columns[b]])
    ends = [filled(frame[:, k], where, above, "expected two ends, and perhaps a weight") for k in (a, b)]
    notes = [*table.notes, *body.notes, f"Ends: {body.name(a)} and {body.name(b)}{guess}."]
    weights, weight, note = _weights(replace(body, frame=frame, above=above), where, said, (a, b))
    notes += [note] if note else []
    kinds, direction, note = _directions(frame, body, where, {a, b} | ({weight} if weight is not None else set()), above)
    if kinds is not None and directed and not kinds.all():
        note += " So it is not directed=True that counts."
    notes += [note] if note else []
    unused = unused_note(body, {a, b, weight, direction})
    notes += [unused] if unused else []
    graph = _built(ends, weights, kinds, where, directed)
    if (pairs := _repeated(graph)) and not graph.directed:
        notes.append(
            f"There more than once: {pairs} edges, or both ways round; each counts. `graph.simple()` keeps one of a pair."
        )
    return replace(graph, notes=(*notes, *graph.notes))


def _ends(body: Body, where: str, said: ColumnNames, surely: bool) -> tuple[int, int, str]:
    """The columns of the two ends, and words if they are a guess."""
    if body.names is None:
        _refuse_relations(body.frame, where)
        _refuse_leading_times(body.frame, where)
        return 0, 1, ", as no row names the columns"
    if said.a is not None and said.b is not None:
        return column_named(body.names, said.a, "a", where), column_named(body.names, said.b, "b", where), ""
    if said.a is not None or said.b is not None:
        raise DataError(f"{where}: only one end is named; expected a='…' and b='…', out of {listed(body.names)}.")
    return ends_of(body, where, surely, [])


def ends_of(body: Body, where: str, surely: bool, taken: list[int]) -> tuple[int, int, str]:
    """The columns of the two ends by their names; else the only two that hold whole numbers. `taken`: columns of something else."""
    names = body.names or []
    found = find_ends(["" if k in taken else name for k, name in enumerate(names)], where)
    if found is not None:
        return (*found, "")
    others = [
        k
        for k, name in enumerate(names)
        if k not in taken and not is_known(name, "weight", "time", "end", "duration", "type", "row") and name
    ]
    whole = [
        k
        for k in others
        if as_integers(body.frame.select(body.frame.columns[k]), [body.frame.columns[k]])[:, 0].dtype.is_integer()
    ]
    if len(whole) == 2 and len(body.frame):
        return whole[0], whole[1], ", as only these hold whole numbers; their names are not known"
    if surely and len(names) == 2:
        return 0, 1, ", the only columns"
    raise DataError(
        f"{where}: which columns hold the two ends is not known (the columns are {listed(names)}). "
        "Call them source and target in the first row, or say which they are: a='…', b='…'."
    )


def _refuse_relations(frame: pl.DataFrame, where: str) -> None:
    """Refuse rows such as "ana knows binh", whose second column names the relation."""
    if frame.width < 3 or any(frame[:, k].dtype != pl.String for k in range(3)):
        return
    one, two, three = (set(frame[:, k].drop_nulls().head(100_000).to_list()) for k in range(3))
    if three & one and not two & (one | three) and not all(_is_number(cell) for cell in three):
        raise DataError(
            f"{where}: the second column ({listed(sorted(two)[:3])}) seems to name relations, as in SIF, not people. "
            "Say format='sif', or name the columns in the first row."
        )


def _refuse_leading_times(frame: pl.DataFrame, where: str) -> None:
    """Refuse rows whose first column holds times, as SocioPatterns has them: seconds since 1970, or ticks of 20 s, before two people."""
    if frame.width < 3 or len(frame) < 3:
        return
    times, one, two = (frame[:, k].head(100_000).cast(pl.Float64, strict=False) for k in range(3))
    if times.null_count() or one.null_count() or not times.is_sorted():
        return
    people = set(one.to_list()) | set(two.to_list())
    since_1970 = (times > SURELY_TIMESTAMPS).all() and (one < SURELY_TIMESTAMPS).all()
    overlap = bool(set(one.to_list()) & set(two.to_list()))
    ticks = bool((times % 20 == 0).all()) and overlap and not set(times.to_list()) & people and bool((times > 20).any())
    if since_1970 or ticks:
        raise DataError(
            f"{where}: the first column seems to hold times, as in contacts. "
            "Read it with read_temporal, or name the columns in the first row."
        )


def _counts(table: TextTable) -> str | None:
    """A note, if the first row counts people and edges, as some collections do: if both numbers equal what follows."""
    cells = [cell for cell in table.first_row() if cell]
    if table.named or len(cells) != 2 or not all(cell.isascii() and cell.isdigit() and len(cell) < 11 for cell in cells):
        return None
    below = table.frame.slice(1)
    if int(cells[1]) != len(below):
        return None
    people = pl.concat([below[:, 0].alias("id"), below[:, 1].alias("id")]).drop_nulls().n_unique()
    if people != int(cells[0]):
        return None
    return f"Counts: the first row says {cells[0]} people and {cells[1]} edges, as there are."


def _weights(
    body: Body, where: str, said: ColumnNames, ends: tuple[int, int]
) -> tuple[NDArray[np.float64] | None, int | None, str]:
    """The weights of edges, their column, and a note."""
    names, frame = body.names, body.frame
    if said.weight is not None and names is not None:
        at: int | None = column_named(names, said.weight, "weight", where)
    elif names is not None:
        at = find_column(names, "weight", set(ends))
    else:
        at = _third_column(frame)
        if at is None and frame.width > 2 and frame[:, 2].dtype == pl.String:
            sample = frame[:, 2].drop_nulls().head(1000).cast(pl.Float64, strict=False)
            if len(sample) and not sample.null_count():
                return (
                    None,
                    None,
                    "Times: column 3, as its numbers are so large; they are not used. Contacts are read with read_temporal.",
                )
    if at is None or not len(frame):
        return None, at, ""
    column = frame[:, at]
    if names is not None and said.weight is None and column.null_count() == len(column):
        return None, at, f"Not used: {body.name(at)}, which is empty."
    plain, comma = column, ""
    if column.dtype == pl.String and column.str.contains(r"^\s*[0-9]+,[0-9]+\s*$").any() and not column.str.contains(r"\.").any():
        plain, comma = column.str.replace(",", ".", literal=True), ", with decimal commas"
    weights = (
        plain.cast(pl.Float64, strict=False)
        if plain.dtype.is_numeric() or plain.dtype == pl.String
        else pl.Series([None] * len(plain), dtype=pl.Float64)
    )
    wrong = ~(weights.is_finite() & (weights >= 0)).fill_null(False)
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        got = "empty" if column.is_null()[row] else repr(one_line(cell_text(column, row)))
        raise DataError(f"{where}: row {row + 1 + body.above}: the weight is {got}; expected a finite number from 0 on.")
    guess = ", as it holds numbers; no row names the columns" if names is None else ""
    return finite_numbers(weights.to_numpy(), "weight"), at, f"Weight: {body.name(at)}{guess}{comma}."


def _third_column(frame: pl.DataFrame) -> int | None:
    """The third column of a table without names, if it holds numbers only (or nothing) that are no times."""
    if frame.width < 3:
        return None
    column = frame[:, 2].drop_nulls()
    numbers = column.cast(pl.Float64, strict=False) if column.dtype == pl.String else column
    if not len(numbers) or not numbers.dtype.is_numeric() or numbers.null_count():
        return None
    least = numbers.min()
    return None if isinstance(least, float | int) and least > SURELY_TIMESTAMPS else 2


def _directions(
    frame: pl.DataFrame, body: Body, where: str, taken: set[int], above: int
) -> tuple[NDArray[np.bool_] | None, int | None, str]:
    """Which edges are directed, the column that says so, and a note."""
    names = body.names or []
    yes, no = words_for("types", "directed"), words_for("types", "undirected")
    for k, name in enumerate(names):
        if k in taken or not is_known(name, "type") or frame[:, k].dtype not in (pl.String, pl.Boolean):
            continue
        words = frame[:, k].cast(pl.String).str.to_lowercase()
        known = words.is_in(list(yes | no)).fill_null(False)
        if not known.any():
            continue
        if not known.all():
            row = int((~known).arg_max() or 0)
            got = "empty" if words[row] is None else repr(one_line(words[row]))
            raise DataError(
                f"{where}: row {row + 1 + above}: {body.name(k)} is {got}; expected directed or undirected, as in other rows."
            )
        kinds: NDArray[np.bool_] = words.is_in(list(yes)).to_numpy()
        return kinds, k, f"Direction: {body.name(k)}; {int(kinds.sum())} of {len(kinds)} edges are directed."
    return None, None, ""


def _built(
    ends: list[pl.Series], weights: NDArray[np.float64] | None, kinds: NDArray[np.bool_] | None, where: str, directed: bool
) -> Graph:
    """The graph of edges, some of which may have a direction."""
    try:
        labels, (one, two) = encode_labels(where, *ends)
        if kinds is not None:
            directed = bool(kinds.any())
            if directed and not kinds.all():
                both = ~kinds
                one, two = np.concatenate([one, two[both]]), np.concatenate([two, one[both]])
                weights = None if weights is None else np.concatenate([weights, weights[both]])
        graph = Graph.from_edges(one, two, len(labels), weight=weights, directed=directed)
    except DataError as error:
        text = str(error)
        raise DataError(text if text.startswith(where) else f"{where}: {text}") from None
    return replace(graph, labels=labels)


def _repeated(graph: Graph) -> int:
    """How many arcs lead from and to the same people as the arc before them; in edges, if the graph is not directed."""
    if not graph.arcs:
        return 0
    same = graph.other[1:] == graph.other[:-1]
    first = graph.start[1:-1]
    same[first[(first > 0) & (first < graph.arcs)] - 1] = False
    return int(same.sum()) // (1 if graph.directed else 2)


def filled(column: pl.Series, where: str, above: int, expected: str) -> pl.Series:
    """A column of ids, once no row lacks one."""
    empty = column.is_null() | (column.cast(pl.String) == "" if column.dtype == pl.String else column.is_null())
    if empty.any():
        row = int(empty.arg_max() or 0) + 1 + above
        raise DataError(f"{where}: row {row} has 1 field or an empty one; {expected}.")
    return column


def unused_note(body: Body, used: set[int | None]) -> str:
    """The columns that are not used, in a sentence; nothing if all are."""
    rest = [k for k in range(body.frame.width) if k not in used]
    if not rest:
        return ""
    if body.names is None:
        return f"Not used: {', '.join(f'column {k + 1}' for k in rest[:8])}{' and more' if len(rest) > 8 else ''}."
    return f"Not used: {listed([body.names[k] for k in rest])}."


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
