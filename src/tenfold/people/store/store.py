"""The community file as an object: queries, and the changes that commands make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tenfold.errors import DataError, StoreError
from tenfold.people.contacts import Contacts
from tenfold.people.printable import printable
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.roster import PEOPLE_SCHEMA, People
from tenfold.people.store import decisions, duplicates, history, identity, tasks
from tenfold.people.store.backup import copy_into
from tenfold.people.store.decisions import Decision
from tenfold.people.store.forget import Labels, forget_person, labels_of, lift_marks, rows_about
from tenfold.people.store.identity import person_key
from tenfold.people.store.imports import insert_attendance, insert_contacts, record_import, upsert_people
from tenfold.people.store.merge import merge_people
from tenfold.people.store.pending import PendingOutput, add_pending_output, delete_pending_output, output_folders, pending_outputs
from tenfold.people.store.plans import SavedPlan, plan_numbers, read_plan, save_plan
from tenfold.people.store.tasks import PlannedTask
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader
from tenfold.people.store.values import TABLES

__all__ = ["ImportCounts", "Store"]

NO_END = date(9999, 12, 31)  # of a pause
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


class Store:
    """The community file within one transaction; made by `open_store`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db, self.path = connection, path
        self._reader = ValidatedReader(connection, path)
        self.staged_outputs: list[PendingOutput] = []  # of this transaction
        self.words = ""  # what this transaction does, for the history
        self._undone: int | None = None
        self.compacts = False  # whether the file is written anew after the commit

    def import_file(self, parsed: ParsedFile, *, at: datetime, strict: bool = False) -> ImportCounts:
        """Import a parsed file; rows that are there already are left as they are.

        Equal contacts within one file are repeats and all count: they are told apart by their number among their equals.
        """
        key = record_import(self._db, parsed, at)
        if parsed.what == "people":
            stored = upsert_people(self._reader, parsed)
        elif parsed.what == "contacts":
            stored = insert_contacts(self._reader, parsed, key, strict=strict)
        else:
            stored = insert_attendance(self._reader, parsed, key, strict=strict)
        self._db.execute("UPDATE import SET kept = ?, known = ? WHERE key = ?", (stored.kept, stored.known, key))
        left_out = {"may be of several people": stored.unclear, "about people who were forgotten": stored.forgotten}
        skipped = dict(parsed.skipped) | {why: count for why, count in left_out.items() if count}
        return ImportCounts(parsed.read, stored.kept, stored.known, skipped, stored.new, stored.questions, stored.guesses)

    def copy_to(self, other: sqlite3.Connection) -> None:
        """Copy the whole community into another, empty database."""
        self._db.backup(other)

    def people(self) -> People:
        """Everybody on the list, in the order of import."""
        table = self._reader.read("person", *PEOPLE_SCHEMA, order="key")
        booleans = [pl.col(name).cast(pl.Boolean) for name, kind in PEOPLE_SCHEMA.items() if kind == pl.Boolean]
        try:
            return People.from_table(table.with_columns(*booleans))
        except DataError as error:  # an id that stands twice, in spite of the index
            raise StoreError(self._reader.said("person", str(error).rstrip("."))) from None

    def contacts(self, *, details: bool = True) -> Contacts:
        """All contacts in the order of their time, and all gatherings; without `details` no `kind` and `minutes`, which is quicker."""
        reader, people = self._reader, self._reader.read("person", "key", "id")
        needed, more = ("time", "a", "b"), ("kind", "minutes")
        table = reader.read("contact", *needed, *more) if details else reader.read_whole("contact", *needed)
        if (table["a"] == table["b"]).any():
            raise StoreError(reader.said("contact", "somebody is in contact with oneself"))
        ids, order = people["id"], people["id"].arg_sort()
        rank = pl.Series(np.argsort(order.to_numpy()))  # by id, so that numbers are sorted and not texts
        for end in ("a", "b"):
            table = table.with_columns(rank.gather(reader.places(table, "contact", end, people["key"])).alias(end))
        table = table.sort(pl.col("a") * len(ids) + pl.col("b"), maintain_order=True).sort("time", maintain_order=True)
        by_rank = ids.gather(order)
        table = table.with_columns(_utc("time"), *(by_rank.gather(table[end]).alias(end) for end in ("a", "b")))
        return Contacts(table, self._gatherings(people))

    def _gatherings(self, people: pl.DataFrame) -> pl.DataFrame:
        """Who was at what, in the order of time."""
        reader = self._reader
        gatherings = reader.read("gathering", "key", "event", "time").with_columns(_utc("time")).sort("time", "event")
        attended = reader.read_whole("attendance", "gathering", "person")
        attended = attended.select(
            place=reader.places(attended, "attendance", "gathering", gatherings["key"]),
            person=people["id"].gather(reader.places(attended, "attendance", "person", people["key"])),
        ).sort("place", "person")
        label = pl.format("{} @ {}", "event", pl.col("time").dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
        found = gatherings.select("time", gathering=label)[attended["place"]]
        return found.select("gathering", "time").with_columns(attended["person"])

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
        columns = ("path", "sha256", "what", "format", "read", "kept", "known", "skipped", "at")
        return self._reader.read("import", *columns, order="key").with_columns(_utc("at"))

    def find_person(self, text: str) -> str:
        """The id of the person with that id, name, alias or email."""
        return identity.find_person(self.people().table, text)

    def name_of(self, person: str) -> str:
        """What a person is called; the id where there is no name."""
        row = self._db.execute("SELECT name FROM person WHERE id = ?", (person,)).fetchone()
        return str(row[0]) if row and row[0] else person

    def log_contact(self, a: str, b: str, *, time: datetime, kind: str, minutes: float | None = None) -> None:
        """Record one contact."""
        one, other = person_key(self._db, a), person_key(self._db, b)
        when = epoch_microseconds(time)
        for name, value in {"time": when, "kind": kind, "minutes": minutes}.items():
            if TABLES["contact"].columns[name].fault(value):
                shown = time.isoformat() if name == "time" else printable(value)
                raise DataError(f"contact: {name} is '{shown}'; expected {TABLES['contact'].columns[name].words()}.")
        same = "SELECT coalesce(max(nth) + 1, 0) FROM contact WHERE a = ? AND b = ? AND time = ? AND kind = ?"
        nth = self._db.execute(same, (one, other, when, kind)).fetchone()[0]
        self._db.execute(
            "INSERT INTO contact (a, b, time, kind, nth, minutes, source) VALUES (?, ?, ?, ?, ?, ?, 'log')",
            (one, other, when, kind, nth, minutes),
        )
        history.record_insert(self._db, "contact", (one, other, when, kind, nth))

    def has_contact(self, a: str, b: str, *, time: datetime, kind: str) -> bool:
        """Whether a contact of the two at that time and of that kind is on record, whoever began it."""
        one, other = person_key(self._db, a), person_key(self._db, b)
        sql = "SELECT 1 FROM contact WHERE ((a = ?1 AND b = ?2) OR (a = ?2 AND b = ?1)) AND time = ?3 AND kind = ?4 LIMIT 1"
        return self._db.execute(sql, (one, other, epoch_microseconds(time), kind)).fetchone() is not None

    def pause(self, person: str, until: date | None) -> None:
        """Pause a person until the day `until`, exclusive; None: until they resume."""
        self._db.execute("UPDATE person SET paused_until = ? WHERE id = ?", ((until or NO_END).isoformat(), person))

    def resume(self, person: str) -> None:
        """End a pause."""
        self._db.execute("UPDATE person SET paused_until = NULL WHERE id = ?", (person,))

    def merge(self, keep: str, drop: str) -> None:
        """Move the contacts, attendance and names of `drop` to `keep`; later imports that name `drop` mean `keep`."""
        self.people()  # all values are checked before they are put together
        merge_people(self._db, keep, drop)

    def labels_of(self, person: str) -> Labels:
        """What names a person, in the list and in texts."""
        return labels_of(self._db, person)

    def rows_about(self, person: str) -> dict[str, int]:
        """How many rows are about a person, by table."""
        return rows_about(self._db, person)

    def forget(self, person: str) -> dict[str, int]:
        """Remove a person from everything, for good; returns how many rows that were, by table. The file is then written anew, so that its
        free space holds nothing of them either."""
        self.people()
        self.compacts = True
        return forget_person(self._db, person)

    def lift(self, text: str) -> int:
        """Let imports bring back whom `text` names of those who were forgotten; returns how many people that are."""
        return lift_marks(self._db, text)

    def output_folders(self) -> list[Path]:
        """All folders into which commands have put files of this community."""
        return output_folders(self._reader)

    def save_plan(self, tables: dict[str, pl.DataFrame], settings: dict[str, Any], at: datetime) -> int:
        """Save a plan, and shorten the one before it (see `SavedPlan`); returns its number."""
        return save_plan(self._db, tables, settings, at)

    def last_plan(self) -> SavedPlan | None:
        """The plan that was saved last."""
        return read_plan(self._db)

    def plan_numbers(self) -> list[int]:
        """The numbers of all plans, the oldest first."""
        return plan_numbers(self._db)

    def plan(self, number: int) -> SavedPlan | None:
        """The plan of that number, with what is kept of it; None if there is none."""
        return read_plan(self._db, number)

    def decisions(self) -> list[Decision]:
        """What the organiser decided, undone decisions too, in their order."""
        return decisions.decisions(self._reader)

    def add_decision(self, decision: Decision) -> int:
        """Keep a decision; returns its number. One that contradicts another is refused."""
        return decisions.add_decision(self._db, self._reader, decision)

    def undo_decision(self, number: int, at: datetime) -> None:
        """Let a decision hold no longer."""
        decisions.undo_decision(self._db, number, at)

    def tasks(self) -> pl.DataFrame:
        """Every planned contact, and what became of it."""
        return tasks.tasks(self._reader)

    def plan_tasks(self, planned: Iterable[PlannedTask], plan: int, at: datetime) -> None:
        """Open the tasks of a plan; those that are open go on."""
        tasks.plan_tasks(self._db, planned, plan, at)

    def set_task(self, number: int, state: str, *, at: datetime, due: date | None = None, note: str | None = None) -> None:
        """Say what became of a task."""
        tasks.set_task(self._db, number, state, at=at, due=due, note=note)

    def close_tasks(self) -> int:
        """Close the tasks of all who have been in contact since; returns how many."""
        return tasks.close_by_contacts(self._db)

    def history(self) -> pl.DataFrame:
        """What was changed, command by command, the newest last."""
        return history.batches(self._reader)

    def undo(self, number: int) -> str:
        """Take back what a batch did; returns its words."""
        self._undone = number
        return history.undo_batch(self._db, number)

    def keep_batch(self, command: str) -> int | None:
        """Keep what this transaction has changed as a batch; returns its number."""
        return history.keep_batch(self._db, command, self.words[:2000], self._undone)

    def plan_moments(self) -> list[datetime]:
        """The moments that the plans are for, the oldest first."""
        return [EPOCH + timedelta(microseconds=at) for at in self._reader.read("plan", "at", order="number")["at"]]

    def backup(self, target: Path, *, replace: bool = False) -> None:
        """Copy the community as this transaction sees it into the file `target`, which is not to be there unless `replace` is set."""
        if target.exists() and target.samefile(self.path):
            raise StoreError(f"{target}: is the community file itself; name another file for the backup.")
        copy_into(self._db, target, replace=replace)

    def pending_outputs(self) -> list[PendingOutput]:
        """Files of committed commands that are still to be put into their places, the oldest first."""
        return pending_outputs(self._reader)

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
