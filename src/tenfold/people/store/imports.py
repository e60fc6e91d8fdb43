"""Imports: the rows of a parsed file are inserted, or update those that are there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from tenfold.errors import DataError
from tenfold.people.names import name_key
from tenfold.people.printable import printable
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.readers.vocabulary import fold_words
from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.store.forget import Marks
from tenfold.people.store.mentions import Mention, PeopleIndex, Resolved, resolve_mentions
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader
from tenfold.people.store.values import CONTROLS

__all__ = ["Stored", "insert_attendance", "insert_contacts", "record_import", "upsert_people"]

Db = sqlite3.Connection
MANY = 100_000  # contacts


def record_import(db: Db, parsed: ParsedFile, at: datetime) -> int:
    """Record the file as a batch; returns the primary key of the import."""
    row = (
        parsed.path.name.encode("utf-8", "backslashreplace").decode("utf-8"),  # a name may hold bytes that are no letters
        parsed.sha256,
        parsed.what,
        parsed.format,
        parsed.read,
        json.dumps(parsed.skipped),
        epoch_microseconds(at),
    )
    cursor = db.execute(
        "INSERT INTO import (path, sha256, what, format, read, kept, known, skipped, at) VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)", row
    )
    return int(cursor.lastrowid or 0)


@dataclass
class Stored:
    """Rows that were new, rows that were known, could not be told or are about people who were forgotten; and what was found out."""

    kept: int
    known: int
    new: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    unclear: int = 0
    forgotten: int = 0


def upsert_people(reader: ValidatedReader, parsed: ParsedFile) -> Stored:
    """Insert or update people; an empty cell changes nothing. Made ids are first resolved, as the names of a file are."""
    _refuse_odd_labels(parsed, "id")
    columns = [name for name in PEOPLE_SCHEMA if name in parsed.frame.columns]
    db, merged = reader.db, dict(reader.read("merged", "dropped", "kept").rows())
    before = _rows_by_id(reader)
    frame = parsed.frame.select(columns)
    stored = Stored(0, 0)
    frame = _with_known_ids(reader, parsed, frame, stored) if parsed.made_ids else _without_forgotten(db, frame, stored)
    if not parsed.made_ids and "name" in columns:
        _adopt_ids(reader, frame, before)
    if "place" in columns:
        frame = frame.with_columns(_one_spelling_of_places(reader, frame["place"]))
    for row in frame.iter_rows(named=True):
        if row["id"] not in merged:
            _upsert(db, {name: one.isoformat() if isinstance(one, date) else one for name, one in row.items()})
    stored.kept = sum(before.get(one) != row for one, row in _rows_by_id(reader).items())
    stored.known = max(parsed.frame.height - stored.kept - stored.unclear - stored.forgotten, 0)
    return stored


def _without_forgotten(db: Db, frame: pl.DataFrame, stored: Stored) -> pl.DataFrame:
    """The rows of a list with ids, but for those of people who were forgotten."""
    marks = Marks(db)
    if not marks:
        return frame
    cells = [
        frame[one] if one in frame.columns else pl.Series([None] * frame.height, dtype=pl.String) for one in ("name", "email")
    ]
    gone = pl.Series([marks.cover(*row) for row in zip(frame["id"], *cells, strict=True)], dtype=pl.Boolean)
    stored.forgotten = int(gone.sum())
    return frame.filter(~gone)


def _rows_by_id(reader: ValidatedReader) -> dict[str, tuple[object, ...]]:
    """What the list says of each person."""
    return {row[0]: row for row in reader.read("person", *PEOPLE_SCHEMA).rows()}


def _one_spelling_of_places(reader: ValidatedReader, places: pl.Series) -> pl.Series:
    """Places as the list spells them, or as most rows do: without regard to capitals and accents, `ashford` is Ashford."""
    listed, counted = (
        one.drop_nulls().value_counts().sort(["count", "place"], descending=[True, False])["place"].to_list()
        for one in (reader.read("person", "place")["place"], places)
    )
    spelling: dict[str, str] = {}
    for place in (*listed, *counted):
        spelling.setdefault(fold_words(place), place)
    return places.replace({place: spelling[fold_words(place)] for place in counted})


def _upsert(db: Db, row: dict[str, object]) -> None:
    """Insert a person, or change what a row says of them."""
    others = [name for name in row if name != "id"]
    update = ", ".join(f"{name} = coalesce(excluded.{name}, {name})" for name in others)
    differs = " OR ".join(f"(excluded.{name} IS NOT NULL AND excluded.{name} IS NOT person.{name})" for name in others)
    change = f"DO UPDATE SET {update} WHERE {differs}" if others else "DO NOTHING"
    statement = f"INSERT INTO person ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) ON CONFLICT (id) {change}"
    db.execute(statement, list(row.values()))


def _with_known_ids(reader: ValidatedReader, parsed: ParsedFile, frame: pl.DataFrame, stored: Stored) -> pl.DataFrame:
    """The rows with the ids of the people on the list whom their names mean; rows of which nobody can tell are left out."""
    index = _people_index(reader)
    known = set(index.id_by_key)
    emails = frame["email"] if "email" in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)
    names = frame["name"] if "name" in frame.columns else frame["id"]
    mentions = [Mention(*row) for row in zip(frame["id"], names, emails, strict=True)]
    resolved = resolve_mentions(reader.db, index, mentions, file_name=parsed.path.name, strict=False)
    stored.new, stored.questions, stored.guesses = resolved.new, resolved.questions, resolved.guesses
    ids = [None if (key := resolved.keys[label]) is None else index.id_by_key[key] for label in frame["id"]]
    stored.forgotten = sum(label in resolved.forgotten for label in frame["id"])
    stored.unclear = ids.count(None) - stored.forgotten
    there = pl.Series([key in known for key in (resolved.keys[label] for label in frame["id"])], dtype=pl.Boolean)
    frame = frame.with_columns(pl.Series("id", ids, pl.String))
    if "name" in frame.columns:  # the list keeps its own spelling
        frame = frame.with_columns(name=pl.when(there).then(None).otherwise(pl.col("name")))
    return frame.filter(pl.col("id").is_not_null())


def _adopt_ids(reader: ValidatedReader, frame: pl.DataFrame, before: Iterable[str]) -> None:
    """Give people who are known by name alone the ids of the file, where one person and one row have the name."""
    index = _people_index(reader)
    once = frame.filter(pl.col("name").is_not_null() & ~pl.col("name").is_duplicated() & ~pl.col("id").is_in(list(before)))
    db, now = reader.db, epoch_microseconds(datetime.now(UTC))
    for one, name in once.select("id", "name").iter_rows():
        found = index.by_name(name)
        known = index.id_by_key[next(iter(found))] if len(found) == 1 else None
        if known is not None and name_key(known) == name_key(name) and index.by_id(one) is None:
            db.execute("UPDATE person SET id = ? WHERE id = ?", (one, known))
            db.execute("UPDATE merged SET kept = ? WHERE kept = ?", (one, known))
            db.execute("INSERT OR REPLACE INTO merged (dropped, kept, at) VALUES (?, ?, ?)", (known, one, now))


def _people_index(reader: ValidatedReader) -> PeopleIndex:
    people = reader.read("person", "key", "id", "name", "aliases", "email", order="key").rows()
    return PeopleIndex(people, dict(reader.read("merged", "dropped", "kept").rows()))


def _resolve(reader: ValidatedReader, parsed: ParsedFile, labels: pl.Series, *, strict: bool) -> tuple[pl.DataFrame, Resolved]:
    """The person of each label, `label` and `key`; labels of which nobody can tell are left out."""
    said = {} if parsed.named is None else {row["label"]: Mention(**row) for row in parsed.named.iter_rows(named=True)}
    mentions = [*said.values(), *(Mention(label) for label in labels.unique(maintain_order=True) if label not in said)]
    resolved = resolve_mentions(reader.db, _people_index(reader), mentions, file_name=parsed.path.name, strict=strict)
    named = [(label, key) for label, key in resolved.keys.items() if key is not None]
    return pl.DataFrame(named, schema={"label": pl.String, "key": pl.Int64}, orient="row"), resolved


def _stored(parsed: ParsedFile, resolved: Resolved, rows: int, kept: int) -> Stored:
    """The counts of a file of which `rows` rows were stored or known, `kept` of them new; refused if nobody can tell whom any row means."""
    named = ("person",) if parsed.what == "attendance" else ("a", "b")
    gone = int(parsed.frame.select(pl.any_horizontal(pl.col(named).is_in(list(resolved.forgotten)))).to_series().sum())
    unclear = parsed.frame.height - rows - gone
    if parsed.frame.height and not rows and resolved.questions:
        raise DataError(resolved.questions[0] + ".")
    return Stored(kept, rows - kept, resolved.new, resolved.questions, resolved.guesses, unclear, gone)


def insert_contacts(reader: ValidatedReader, parsed: ParsedFile, key: int, *, strict: bool) -> Stored:
    """Insert contacts; rows of which nobody can tell whom they mean are left out."""
    _refuse_odd_labels(parsed, "a", "b")
    db, frame = reader.db, parsed.frame
    people, resolved = _resolve(reader, parsed, pl.concat([frame["a"], frame["b"]]), strict=strict)
    for end in ("a", "b"):
        frame = frame.join(people.rename({"label": end, "key": f"{end} key"}), on=end, maintain_order="left")
    rows = frame.height
    optional = {"minutes": pl.Float64, "group": pl.String, "source": pl.String}
    frame = frame.select(
        a=pl.col("a key"),
        b=pl.col("b key"),
        time=frame["time"].dt.epoch("us"),
        kind=(frame["kind"].cast(pl.String).fill_null("") if "kind" in frame.columns else pl.lit("")),
        **{name: frame[name].cast(kind) if name in frame.columns else pl.lit(None, kind) for name, kind in optional.items()},
    )
    frame = frame.filter(pl.col("a") != pl.col("b"))  # two labels of one person
    frame = frame.with_columns(nth=pl.int_range(pl.len()).over("a", "b", "time", "kind")).sort("a", "b", "time", "kind", "nth")
    before = db.total_changes
    with _index_made_afterwards(db, frame.height):
        db.executemany(
            "INSERT OR IGNORE INTO contact (a, b, time, kind, nth, minutes, circle, source, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            frame.select("a", "b", "time", "kind", "nth", "minutes", "group", "source", pl.lit(key)).iter_rows(),
        )
    return _stored(parsed, resolved, rows, db.total_changes - before)


@contextmanager
def _index_made_afterwards(db: Db, rows: int) -> Iterator[None]:
    """Where many contacts come into a file that has few, the index is made in one go from all of them: quicker than row by row."""
    there = db.execute("SELECT coalesce(sum(kept), 0) FROM import WHERE what = 'contacts'").fetchone()[0]
    found = db.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'contact_b'").fetchone()
    if rows < MANY or rows < there or found is None:
        yield
        return
    db.execute("DROP INDEX contact_b")
    yield
    db.execute(found[0])


def insert_attendance(reader: ValidatedReader, parsed: ParsedFile, key: int, *, strict: bool) -> Stored:
    """Insert attendance of gatherings; rows of which nobody can tell whom they mean are left out."""
    _refuse_odd_labels(parsed, "event", "person")
    db = reader.db
    people, resolved = _resolve(reader, parsed, parsed.frame["person"], strict=strict)
    frame = parsed.frame.join(people.rename({"label": "person", "key": "person key"}), on="person", maintain_order="left")
    frame = frame.select(
        "event",
        time=pl.col("start").dt.epoch("us"),
        person=pl.col("person key"),
        minutes=pl.col("minutes") if "minutes" in frame.columns else pl.lit(None, pl.Float64),
        status=pl.col("status") if "status" in frame.columns else pl.lit(None, pl.String),
    )
    events = frame.select("event", "time").unique(maintain_order=True)
    db.executemany("INSERT OR IGNORE INTO gathering (event, time) VALUES (?, ?)", events.iter_rows())
    before = db.total_changes
    db.executemany(
        "INSERT OR IGNORE INTO attendance (gathering, person, minutes, status, import) "
        "SELECT key, ?3, ?4, ?5, ?6 FROM gathering WHERE event = ?1 AND time = ?2",
        frame.with_columns(key=pl.lit(key)).iter_rows(),
    )
    return _stored(parsed, resolved, frame.height, db.total_changes - before)


def _refuse_odd_labels(parsed: ParsedFile, *columns: str) -> None:
    """Raise for an id or the name of a gathering that the community file would refuse when it is read."""
    for column in columns:
        labels = parsed.frame[column]
        bad = labels.filter(labels.str.contains(CONTROLS) | (labels == ""))
        if len(bad):
            raise DataError(
                f"{parsed.path.name}: {column} '{printable(bad[0])}' holds control characters, such as a tab or a line feed; "
                "expected letters, digits and signs. Correct it in the file."
            )
