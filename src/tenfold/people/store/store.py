"""The community file as an object: queries, and the changes that commands make."""

from __future__ import annotations

import io
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tenfold.people.contacts import Contacts
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.roster import PEOPLE_SCHEMA, People
from tenfold.people.store import duplicates, identity
from tenfold.people.store.identity import person_key
from tenfold.people.store.imports import insert_attendance, insert_contacts, record_import, upsert_people
from tenfold.people.store.merge import merge_people
from tenfold.people.store.pending import PendingOutput, add_pending_output, delete_pending_output, pending_outputs
from tenfold.people.store.schema import epoch_microseconds

__all__ = ["ImportCounts", "SavedPlan", "Store"]

KEPT_PLANS = 10
NO_END = date(9999, 12, 31)  # of a pause


@dataclass(frozen=True)
class ImportCounts:
    """Rows of an import: `read`, `kept` (new), `known` (there before), `skipped` by reason; and `new_people`, who were not on the list.

    `questions`: names of which nobody can tell whom they mean. `guesses`: names that were taken for similar ones. `may_be`: of a
    preview, whom on the list a new person may be, and why.
    """

    read: int
    kept: int
    known: int
    skipped: dict[str, int]
    new_people: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    may_be: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SavedPlan:
    """A plan in the community file: its number, the moment it is for, its settings and its tables."""

    number: int
    at: datetime
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]


class Store:
    """The community file within one transaction; made by `open_store`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db, self.path = connection, path
        self.staged_outputs: list[PendingOutput] = []  # of this transaction

    def import_file(self, parsed: ParsedFile, *, at: datetime, strict: bool = False) -> ImportCounts:
        """Import a parsed file; rows that are there already are left as they are.

        Equal contacts within one file are repeats and all count: they are told apart by their number among their equals.
        """
        key = record_import(self._db, parsed, at)
        if parsed.what == "people":
            stored = upsert_people(self._db, parsed)
        elif parsed.what == "contacts":
            stored = insert_contacts(self._db, parsed, key, strict=strict)
        else:
            stored = insert_attendance(self._db, parsed, key, strict=strict)
        self._db.execute("UPDATE import SET kept = ?, known = ? WHERE key = ?", (stored.kept, stored.known, key))
        skipped = dict(parsed.skipped) | ({"may be of several people": stored.unclear} if stored.unclear else {})
        return ImportCounts(parsed.read, stored.kept, stored.known, skipped, stored.new, stored.questions, stored.guesses)

    def copy_to(self, other: sqlite3.Connection) -> None:
        """Copy the whole community into another, empty database."""
        self._db.backup(other)

    def people(self) -> People:
        """Everybody on the list, in the order of import."""
        found = self._db.execute(f"SELECT {', '.join(PEOPLE_SCHEMA)} FROM person ORDER BY key").fetchall()
        kinds = {
            name: pl.String if kind == pl.Date else pl.Int64 if kind == pl.Boolean else kind
            for name, kind in PEOPLE_SCHEMA.items()
        }
        table = pl.DataFrame(found, schema=kinds, orient="row")
        days = [pl.col(name).str.to_date() for name, kind in PEOPLE_SCHEMA.items() if kind == pl.Date]
        booleans = [pl.col(name).cast(pl.Boolean) for name, kind in PEOPLE_SCHEMA.items() if kind == pl.Boolean]
        return People.from_table(table.with_columns(*days, *booleans))

    def contacts(self) -> Contacts:
        """All contacts in the order of their time, and all gatherings."""
        ids = pl.DataFrame(
            self._db.execute("SELECT key, id FROM person").fetchall(), schema={"key": pl.Int64, "id": pl.String}, orient="row"
        )
        schema = {"time": pl.Int64, "a": pl.Int64, "b": pl.Int64, "kind": pl.String, "minutes": pl.Float64}
        found = self._db.execute("SELECT time, a, b, kind, minutes FROM contact").fetchall()
        table = pl.DataFrame(found, schema=schema, orient="row")
        for end in ("a", "b"):
            table = table.join(ids.rename({"key": end, "id": f"{end}_id"}), on=end, how="left", maintain_order="left")
        table = table.select(_utc("time"), a="a_id", b="b_id", kind="kind", minutes="minutes")
        rows = self._db.execute(
            "SELECT event, time, id FROM attendance JOIN gathering ON gathering.key = gathering "
            "JOIN person ON person.key = person ORDER BY time, event, id"
        ).fetchall()
        events = {"event": pl.String, "time": pl.Int64, "person": pl.String}
        attended = pl.DataFrame(rows, schema=events, orient="row").with_columns(_utc("time"))
        label = pl.format("{} @ {}", "event", pl.col("time").dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
        table = table.sort("time", "a", "b", "kind", maintain_order=True)
        return Contacts(table, attended.select(gathering=label, time="time", person="person"))

    def canonical_tables(self) -> dict[str, pl.DataFrame]:
        """People, contacts and attendance in the columns of the canonical files, with all that is kept of them: importing them gives the
        same community."""
        contacts = (
            "SELECT time, p.id, q.id, nullif(kind, ''), minutes, circle, source FROM contact "
            "JOIN person AS p ON p.key = a JOIN person AS q ON q.key = b ORDER BY time, p.id, q.id, kind, nth"
        )
        attendance = (
            "SELECT event, time, id, minutes, status FROM attendance JOIN gathering ON gathering.key = gathering "
            "JOIN person ON person.key = person ORDER BY time, event, id"
        )
        text, number = pl.String(), pl.Float64()
        columns: dict[str, pl.DataType] = {"time": pl.Int64(), "a": text, "b": text, "kind": text, "minutes": number}
        columns |= {"group": text, "source": text}
        found = pl.DataFrame(self._db.execute(contacts).fetchall(), schema=columns, orient="row").with_columns(_utc("time"))
        columns = {"event": text, "start": pl.Int64(), "person": text, "minutes": number, "status": text}
        attended = pl.DataFrame(self._db.execute(attendance).fetchall(), schema=columns, orient="row").with_columns(_utc("start"))
        return {"people": self.people().table, "contacts": found, "attendance": attended}

    def imports(self) -> pl.DataFrame:
        """One row a file that was imported."""
        schema = {
            "path": pl.String,
            "sha256": pl.String,
            "what": pl.String,
            "format": pl.String,
            "read": pl.Int64,
            "kept": pl.Int64,
            "known": pl.Int64,
            "skipped": pl.String,
            "at": pl.Int64,
        }
        found = self._db.execute(f"SELECT {', '.join(schema)} FROM import ORDER BY key").fetchall()
        return pl.DataFrame(found, schema=schema, orient="row").with_columns(_utc("at"))

    def find_person(self, text: str) -> str:
        """The id of the person with that id, name, alias or email."""
        return identity.find_person(self.people().table, text)

    def log_contact(self, a: str, b: str, *, time: datetime, kind: str, minutes: float | None = None) -> None:
        """Record one contact."""
        one, other = person_key(self._db, a), person_key(self._db, b)
        when = epoch_microseconds(time)
        same = "SELECT coalesce(max(nth) + 1, 0) FROM contact WHERE a = ? AND b = ? AND time = ? AND kind = ?"
        nth = self._db.execute(same, (one, other, when, kind)).fetchone()[0]
        self._db.execute(
            "INSERT INTO contact (a, b, time, kind, nth, minutes, source) VALUES (?, ?, ?, ?, ?, ?, 'log')",
            (one, other, when, kind, nth, minutes),
        )

    def pause(self, person: str, until: date | None) -> None:
        """Pause a person until the day `until`, exclusive; None: until they resume."""
        self._db.execute("UPDATE person SET paused_until = ? WHERE id = ?", ((until or NO_END).isoformat(), person))

    def resume(self, person: str) -> None:
        """End a pause."""
        self._db.execute("UPDATE person SET paused_until = NULL WHERE id = ?", (person,))

    def merge(self, keep: str, drop: str) -> None:
        """Move the contacts, attendance and names of `drop` to `keep`; later imports that name `drop` mean `keep`."""
        merge_people(self._db, keep, drop)

    def save_plan(self, tables: dict[str, pl.DataFrame], settings: dict[str, Any], at: datetime) -> int:
        """Save a plan and delete all but the nine before it; returns its number."""
        row = (epoch_microseconds(at), json.dumps(settings, default=str))
        cursor = self._db.execute("INSERT INTO plan (at, settings) VALUES (?, ?)", row)
        number = int(cursor.lastrowid or 0)
        for name, frame in tables.items():
            data = io.BytesIO()
            frame.write_ipc(data, compression="zstd")
            self._db.execute("INSERT INTO plan_table (plan, name, data) VALUES (?, ?, ?)", (number, name, data.getvalue()))
        self._db.execute("DELETE FROM plan WHERE number <= ?", (number - KEPT_PLANS,))
        return number

    def last_plan(self) -> SavedPlan | None:
        """The plan that was saved last."""
        row = self._db.execute("SELECT number, at, settings FROM plan ORDER BY number DESC LIMIT 1").fetchone()
        if row is None:
            return None
        found = self._db.execute("SELECT name, data FROM plan_table WHERE plan = ?", (row[0],)).fetchall()
        tables = {name: pl.read_ipc(io.BytesIO(data)) for name, data in found}
        return SavedPlan(row[0], datetime.fromtimestamp(row[1] / 1e6, UTC), json.loads(row[2]), tables)

    def pending_outputs(self) -> list[PendingOutput]:
        """Files of committed commands that are still to be put into their places, the oldest first."""
        return pending_outputs(self._db)

    def add_pending_output(self, token: str, folder: Path, command: str) -> None:
        """Record files that are staged in the absolute path `folder`: they are placed when this transaction is committed."""
        output = PendingOutput(token, folder, command, datetime.now(UTC))
        add_pending_output(self._db, output, epoch_microseconds(output.at))
        self.staged_outputs.append(output)

    def delete_pending_output(self, token: str) -> None:
        """Say that the files are in their places."""
        delete_pending_output(self._db, token)

    def data_quality(self) -> dict[str, int]:
        """Counts of rows, and of what is missing in them."""
        count = self._count
        wanted = {
            "name": "a name",
            "language": "a language",
            "timezone": "a time zone",
            "place": "a place",
            "availability": "free hours",
        }
        without = {f"people without {words}": count(f"person WHERE {column} IS NULL") for column, words in wanted.items()}
        isolated = (
            "person WHERE key NOT IN (SELECT a FROM contact UNION SELECT b FROM contact UNION SELECT person FROM attendance)"
        )
        return {
            "people": count("person"),
            "contacts": count("contact"),
            "gatherings": count("gathering"),
            "attendances": count("attendance"),
            "files imported": count("import"),
            **without,
            "people who can mentor": count("person WHERE can_mentor"),
            "people without any contact": count(isolated),
        }

    def probable_duplicates(self) -> pl.DataFrame:
        """Pairs that may be one person: `a`, `b` (ids), `score` (0 to 100), `why`."""
        return duplicates.probable_duplicates(self.people().table)

    def likely_same(self, new: list[str]) -> pl.DataFrame:
        """People on the list whom some new ones may be: `a` (the new id), `b`, `score` (0 to 100), `why`."""
        return duplicates.likely_same(self.people().table, new)

    def _count(self, what: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


def _utc(name: str) -> pl.Expr:
    """Microseconds as times."""
    return pl.col(name).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
