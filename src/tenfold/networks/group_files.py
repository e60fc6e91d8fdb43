"""Groups from files: HIF (Hypergraph Interchange Format, JSON), and tables of person and group."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.documents import parse_json
from tenfold.errors import DataError, SpecError
from tenfold.networks.columns import column_named, find_column, is_known, listed, words_for
from tenfold.networks.edge_lists import filled, unused_note
from tenfold.networks.heading import Body, body_of
from tenfold.networks.labels import as_labels, encode_labels
from tenfold.networks.table_files import as_integers, parse_table, read_bytes
from tenfold.notebook import one_line

__all__ = ["Memberships", "read_memberships"]

_EXPECTED = "expected a person and a group"


@dataclass(frozen=True)
class Memberships:
    """What a file says: `person`, `group` (memberships, int32) as positions in `labels` and `names`; and notes on how it was read."""

    person: NDArray[np.int32]
    group: NDArray[np.int32]
    labels: pl.Series
    names: pl.Series
    notes: tuple[str, ...]


def read_memberships(path: Path, header: bool | None, person: str | None, group: str | None) -> Memberships:
    """The memberships in a file; see `read_groups`."""
    data, where = read_bytes(path), path.name
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix.casefold() in (".json", ".hif") or data.lstrip()[:1] == b"{":
        return _read_hif(data, where)
    table = parse_table(data, where)
    if table.frame.width < 2:
        raise DataError(f"{where}: a row has {table.frame.width} fields; {_EXPECTED}.")
    if (person is None) != (group is None):
        raise SpecError("only one of person and group is named; expected both columns.")
    if table.ragged and table.frame.width > 2 and header is None and person is None and not _names_both(table.first_row()):
        raise DataError(f"{where}: its rows have different numbers of fields; expected a person and a group in each.")
    body = body_of(table, where, header if person is None else header is not False, "membership")
    notes = [*table.notes, *body.notes]
    who, what, guess = _columns(body, where, person, group)
    notes.append(f"Person: {body.name(who)}; group: {body.name(what)}{guess}.")
    frame, status = body.frame, None
    if body.names is not None:
        frame, status, note = _those_present(body, where, {who, what})
        notes += [note] if note else []
    for k in (who, what):
        frame = as_integers(frame, [frame.columns[k]])
    columns = [filled(frame[:, k], where, body.above, _EXPECTED) for k in (who, what)]
    try:
        labels, (people,) = encode_labels("groups", columns[0])
        names, (groups,) = encode_labels("groups", columns[1])
    except DataError as error:
        raise DataError(f"{where}: {error}") from None
    unused = unused_note(body, {who, what, status})
    return Memberships(people, groups, labels, names.alias("group"), (*notes, *([unused] if unused else [])))


def _names_both(names: list[str]) -> bool:
    return find_column(names, "person", set()) is not None and find_column(names, "group", set()) is not None


def _columns(body: Body, where: str, person: str | None, group: str | None) -> tuple[int, int, str]:
    """The columns of the person and the group, and words if they are a guess."""
    names = body.names
    if names is None:
        return 0, 1, ", as no row names the columns"
    if person is not None and group is not None:
        return column_named(names, person, "person", where), column_named(names, group, "group", where), ""
    who = find_column(names, "person", set())
    what = find_column(names, "group", set() if who is None else {who})
    if who is not None and what is not None:
        return who, what, ""
    whole = [k for k in range(len(names)) if not is_known(names[k], "row") and _is_whole(body.frame, k)]
    if len(names) == 2 and (
        len(whole) == 2 or (who is None) != (what is None) or not all(_is_text(body.frame, k) for k in range(2))
    ):
        first = who if who is not None else 0 if what is None else 1 - what
        return first, 1 - first, ", the only columns; their names are not both known"
    raise DataError(
        f"{where}: which columns hold the person and the group is not known (the columns are {listed(names)}). "
        "Call them person and group in the first row, or say person='…', group='…'."
    )


def _is_whole(frame: pl.DataFrame, k: int) -> bool:
    name = frame.columns[k]
    return len(frame) > 0 and as_integers(frame.select(name), [name])[:, 0].dtype.is_integer()


def _is_text(frame: pl.DataFrame, k: int) -> bool:
    return frame[:, k].dtype == pl.String and not _is_whole(frame, k)


def _those_present(body: Body, where: str, taken: set[int]) -> tuple[pl.DataFrame, int | None, str]:
    """The rows of those who were there, where a column says so; the column, and a note.

    Raises
    ------
    DataError
        A status that is not known.
    """
    at = find_column(body.names or [], "status", taken)
    if at is None or not len(body.frame):
        return body.frame, None, ""
    words = body.frame[:, at].cast(pl.String).str.to_lowercase().str.replace(r"\s*[(\[,:;].*$", "").str.strip_chars()
    present, absent = (words.is_in(list(words_for("statuses", which))).fill_null(False) for which in ("present", "absent"))
    if not (present | absent).any():
        return body.frame, None, ""
    unknown = ~(present | absent) & words.is_not_null() & (words != "")
    if unknown.any():
        row = int(unknown.arg_max() or 0)
        raise DataError(
            f"{where}: row {row + 1 + body.above}: {body.name(at)} is {one_line(words[row])!r}; "
            "whether that is there or not is not known. Expected words such as present and absent."
        )
    empty = int((words.is_null() | (words == "")).sum())
    there = f"{int(present.sum())} there, {int(absent.sum())} not there and left out"
    note = f"Status: {body.name(at)}; {there}{f', {empty} empty and left out' if empty else ''}."
    return body.frame.filter(present), at, note


def _read_hif(data: bytes, where: str) -> Memberships:
    """Groups from the nodes, edges and incidences of a HIF file (Hypergraph Interchange Format)."""
    content = parse_json(data, where, DataError)
    if not isinstance(content, dict) or not isinstance(content.get("incidences"), list):
        raise DataError(f"{where}: holds no list of incidences; expected HIF. Export it again.")
    kind = content.get("network-type", "undirected")
    if kind not in ("undirected", "asc"):
        raise DataError(f"{where}: network-type is {str(kind)[:60]!r}; expected undirected or asc, as groups have no direction.")
    people: dict[str | int, int] = {}
    names: dict[str | int, int] = {}
    for part, key, known in (("nodes", "node", people), ("edges", "edge", names)):
        listed = content.get(part)
        if not isinstance(listed, (list, type(None))):
            raise DataError(f"{where}: {part} is no list; expected one object for each.")
        for row, one in enumerate(listed or []):
            known.setdefault(_id(one, key, f"{where}: {part}[{row}]"), len(known))
    memberships = len(content["incidences"])
    person, group = np.empty(memberships, np.int32), np.empty(memberships, np.int32)
    for row, one in enumerate(content["incidences"]):
        at = f"{where}: incidences[{row}]"
        person[row] = people.setdefault(_id(one, "node", at), len(people))
        group[row] = names.setdefault(_id(one, "edge", at), len(names))
    labels, groups = as_labels(list(people), where), as_labels(list(names), where, "group")
    return Memberships(person, group, labels, groups, _hif_notes(content))


def _hif_notes(content: dict[str, Any]) -> tuple[str, ...]:
    """What of a HIF file is not used."""
    parts = [
        part
        for part in ("nodes", "edges", "incidences")
        if any(isinstance(one, dict) and (one.get("weight") is not None or one.get("attrs")) for one in content.get(part) or [])
    ]
    return (f"Not used: weights and attributes of {', '.join(parts)}.",) if parts else ()


def _id(one: Any, key: str, where: str) -> str | int:
    """The id in an object: text or a whole number."""
    identifier = one.get(key) if isinstance(one, dict) else None
    if isinstance(identifier, bool) or not isinstance(identifier, (str, int)):
        raise DataError(f"{where}: has no {key}; expected text or a whole number.")
    return identifier
