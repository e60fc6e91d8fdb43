"""Contacts in time from files: tables whose columns are found by their names, SocioPatterns, SNAP, and dynamic GEXF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.columns import column_named, find_column, find_ends, is_known, listed
from tenfold.networks.edge_lists import SURELY_TIMESTAMPS, ends_of, filled, unused_note
from tenfold.networks.heading import Body, body_of
from tenfold.networks.labels import encode_labels
from tenfold.networks.table_files import TextTable, as_integers, parse_table, read_bytes
from tenfold.networks.times import seconds_of

__all__ = ["ContactRows", "read_contact_rows"]

_EXPECTED = "expected a time and two people"
_COLUMNS = ("time", "a", "b", "end")


@dataclass(frozen=True)
class ContactRows:
    """What a file says: `begin` and perhaps `end` (contacts, seconds), `a`, `b` (contacts, int32) as positions in `labels`.

    `directed`: whether contacts have a direction, or None where the file does not say. `notes`: how it was read.
    """

    begin: NDArray[np.float64]
    end: NDArray[np.float64] | None
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    labels: pl.Series
    directed: bool | None
    notes: tuple[str, ...]


def read_contact_rows(path: Path, *, header: bool | None, columns: Mapping[str, str], directed: bool) -> ContactRows:
    """The contacts in a file; see `read_temporal`. `directed`: what the caller said, for a note where the file says otherwise."""
    if wrong := [one for one in columns if one not in _COLUMNS]:
        raise SpecError(f"columns: names '{wrong[0]}'; expected some of {', '.join(_COLUMNS)}.")
    data, where = read_bytes(path), path.name
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _from_xml(data, where, directed=directed)
    table = parse_table(data, where)
    if table.frame.width < 3:
        raise DataError(f"{where}: a row has {table.frame.width} fields; {_EXPECTED}.")
    body = body_of(table, where, header if not columns else header is not False, "contact")
    names = body.names if body.names is not None else _from_comment(table)
    time, one, two, end, guess = _columns(body, names, where, columns)
    if names is not None and body.names is None:
        body = Body(body.frame, names, 0, ("Header: the last comment above the rows.",))
    picked = [body.frame.columns[k] for k in (one, two)]
    frame = as_integers(body.frame, picked)
    if guess:
        _refuse_trailing_times(frame, where)
    ends = [filled(frame[:, k], where, body.above, _EXPECTED) for k in (one, two)]
    try:
        labels, (a, b) = encode_labels("contacts", *ends)
        seconds, note = seconds_of(frame[:, time])
        last = None if end is None else seconds_of(frame[:, end])[0]
    except DataError as error:
        raise DataError(f"{where}: {error}") from None
    said = "" if not guess else ", as no row names the columns"
    notes = [
        *table.notes,
        *body.notes,
        f"Time: {body.name(time)}; people: {body.name(one)} and {body.name(two)}{said}.",
        note,
    ]
    if end is not None:
        notes.append(f"End: {body.name(end)}; a contact is there in each window from its time to its end.")
    unused = unused_note(body, {time, one, two, end})
    return ContactRows(seconds, last, a, b, labels, None, (*notes, *([unused] if unused else [])))


def _from_comment(table: TextTable) -> list[str] | None:
    """The names of columns in the last comment above, if it names a time and two people."""
    words = table.comment
    known = len(words) == table.frame.width and find_ends(words, "") is not None and any(is_known(word, "time") for word in words)
    return words if known else None


def _columns(body: Body, names: list[str] | None, where: str, said: Mapping[str, str]) -> tuple[int, int, int, int | None, bool]:
    """The columns of time, two people and end, and whether they are a guess."""
    if names is None:
        return 0, 1, 2, None, True
    found = {what: column_named(names, name, what, where) for what, name in said.items()}
    if len(set(found.values())) < len(found):
        raise SpecError("columns: names a column twice; expected different ones.")
    taken = set(found.values())
    if "time" not in found:
        at = find_column(names, "time", taken)
        if at is None:
            raise DataError(
                f"{where}: which column holds the time is not known (the columns are {listed(names)}). "
                "Call it time in the first row, or say columns={'time': '…'}."
            )
        found["time"] = at
    taken.add(found["time"])
    if "end" not in found:
        at = find_column(names, "end", taken)
        if at is not None and not _is_one_of_ends(names, at, taken, where):
            found["end"] = at
    if ("a" in found) != ("b" in found):
        raise SpecError("columns: names only one of a and b; expected both.")
    if "a" not in found:
        skipped = [found[what] for what in ("time", "end") if what in found]
        try:
            found["a"], found["b"], _ = ends_of(Body(body.frame, names, body.above, ()), where, False, skipped)
        except DataError as error:
            raise DataError(str(error).replace("a='…', b='…'", "columns={'a': '…', 'b': '…'}")) from None
    return found["time"], found["a"], found["b"], found.get("end"), False


def _is_one_of_ends(names: list[str], at: int, taken: set[int], where: str) -> bool:
    """Whether a name such as "end" is that of one of the two people here."""
    ends = find_ends(["" if k in taken else name for k, name in enumerate(names)], where)
    return ends is not None and at in ends


def _refuse_trailing_times(frame: pl.DataFrame, where: str) -> None:
    """Refuse a table without names whose third column, not the first, holds times."""
    if not frame[:, 2].dtype.is_integer():
        return
    first, third = frame[:, 0].cast(pl.Float64, strict=False), frame[:, 2]
    low, high = third.min(), first.max()
    if isinstance(low, int) and isinstance(high, float) and low > SURELY_TIMESTAMPS > high:
        raise DataError(f"{where}: the third column seems to hold the times, not the first. Put a row 'src dst time' above.")


def _from_xml(data: bytes, where: str, *, directed: bool) -> ContactRows:
    """The contacts of a dynamic GEXF: the edge, from the beginning to the end of each of its spells."""
    from tenfold.networks.graphml_gexf import parse_xml

    builder, default = parse_xml(data, where)
    if not builder.spells:
        raise DataError(f"{where}: its edges have no times (start, end, spells). Read it with read_graph.")
    if builder.declared.find(0) >= 0:
        builder.build(default)  # names the node that is not there
    edge = np.array([number for number, _, _ in builder.spells], np.int64)
    given = [[begin or None for _, begin, _ in builder.spells], [end or None for _, _, end in builder.spells]]
    if any(one is None for column in given for one in column):
        known = [one for column in given for one in column if one is not None]
        if len({type(_number(one)) for one in known}) > 1:
            raise DataError(f"{where}: its times are of several kinds; expected numbers or dates. Export it again.")
        least, largest = (choose(known, key=lambda one: (_number(one) or 0.0, one)) for choose in (min, max))
        given = [[least if one is None else one for one in given[0]], [largest if one is None else one for one in given[1]]]
        builder.notes.append("Edges without a start or an end are there from the first or to the last time in the file.")
    try:
        both, note = seconds_of(pl.Series("time", given[0] + given[1], pl.String))
        begin, end = both[: len(edge)], both[len(edge) :]
        one, two = np.frombuffer(builder.a, np.int32)[edge], np.frombuffer(builder.b, np.int32)[edge]
        kinds = np.frombuffer(builder.directed, np.bool_)[edge]
        if kinds.any() and not kinds.all():
            raise DataError("some edges are directed and some are not; expected one kind.")
        labels = as_integers(pl.DataFrame({"id": list(builder.index)}, {"id": pl.String}), ["id"])["id"]
    except DataError as error:
        raise DataError(f"{where}: {error}") from None
    notes = [*builder.notes, "An edge is there in each window from its start to its end.", note]
    if directed and not kinds.all():
        notes.append("The file says that it is not directed, so directed=True does not count.")
    always = len(builder.a) - len(set(edge.tolist()))
    if always:
        notes.append(f"Left out: {always} edges without any time.")
    return ContactRows(begin, end, one, two, labels, bool(kinds.all()), tuple(notes))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
