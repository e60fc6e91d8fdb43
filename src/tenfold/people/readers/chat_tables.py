"""Messages as contacts: who wrote to whom and when, and who wrote in one group on one day. No text of a message comes here."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from tenfold.people.names import name_key
from tenfold.people.readers.source_table import SourceTable

__all__ = ["ChatTables", "ChatUser"]

DAY = 86_400_000_000


def _whole(text: str) -> str:
    """Text without halves of characters, which JSON can hold and a table cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class ChatUser:
    """Somebody of a chat: the handle by which messages name them, and what the export says of them."""

    handle: str
    name: str | None = None
    email: str | None = None


@dataclass
class ChatTables:
    """Collects contacts and presence message by message, in little memory; times in microseconds since 1970."""

    users: dict[str, ChatUser] = field(default_factory=dict)
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    _numbers: dict[str, int] = field(default_factory=dict)
    _words: dict[str, int] = field(default_factory=dict)
    _time: array[int] = field(default_factory=lambda: array("q"))
    _a: array[int] = field(default_factory=lambda: array("l"))
    _b: array[int] = field(default_factory=lambda: array("l"))
    _kind: array[int] = field(default_factory=lambda: array("l"))
    _group: array[int] = field(default_factory=lambda: array("l"))
    _present: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def add_user(self, user: ChatUser) -> None:
        """Say who a handle is."""
        self.users[_whole(user.handle)] = ChatUser(
            _whole(user.handle), user.name and _whole(user.name), user.email and _whole(user.email)
        )

    def contact(self, time: int, a: str, b: str, kind: str, group: str = "") -> None:
        """Somebody wrote to somebody else; with oneself nothing happens."""
        if a == b:
            return
        self._time.append(time)
        self._a.append(self._number(a))
        self._b.append(self._number(b))
        self._kind.append(self._words.setdefault(kind, len(self._words)))
        self._group.append(self._words.setdefault(_whole(group), len(self._words)))

    @property
    def contacts(self) -> int:
        """How many contacts there are so far."""
        return len(self._time)

    def presence(self, time: int, person: str, group: str) -> None:
        """Somebody wrote in a group; all who did on one day are a gathering at the time of the first message."""
        self._present.setdefault((_whole(group), time // DAY, self._number(person)), time)

    def skip(self, reason: str) -> None:
        """A message that is no contact."""
        self.skipped[reason] += 1

    def _number(self, handle: str) -> int:
        return self._numbers.setdefault(_whole(handle), len(self._numbers))

    def labels(self) -> list[str]:
        """The label of each handle by its number: the name, where one user has it; else the e-mail address, or the handle."""
        users = [self.users.get(handle, ChatUser(handle)) for handle in self._numbers]
        names = Counter(name_key(user.name or user.handle) for user in self.users.values())
        return [
            (user.name or user.handle)
            if names[name_key(user.name or user.handle)] <= 1
            else user.email or f"{user.name} ({user.handle})"
            for user in users
        ]

    def tables(
        self, source: str, mapping: dict[str, str], *, guesses: Sequence[str] = (), people: bool = True
    ) -> list[SourceTable]:
        """The contacts, the gatherings, and with `people` the users as a list of people: of these, the tables that have rows."""
        for handle in self.users if people else ():
            self._number(handle)
        labels = self.labels()
        words = {number: word for word, number in self._words.items()}
        shown = dict(zip(self._numbers, labels, strict=True))
        users = [(shown[handle], user.name, user.email) for handle, user in self.users.items() if handle in shown]
        named = pl.DataFrame(users, schema={"label": pl.String, "name": pl.String, "email": pl.String}, orient="row").unique(
            "label", maintain_order=True
        )
        found: list[SourceTable] = []
        if len(self._time):
            by_number, by_word = (
                pl.Series(labels, dtype=pl.String),
                pl.Series([words[k] for k in range(len(words))], dtype=pl.String),
            )
            frame = pl.DataFrame(
                {
                    "time": pl.Series(self._time, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
                    "a": by_number.gather(pl.Series(self._a, dtype=pl.UInt32)),
                    "b": by_number.gather(pl.Series(self._b, dtype=pl.UInt32)),
                    "kind": by_word.gather(pl.Series(self._kind, dtype=pl.UInt32)),
                    "group": by_word.gather(pl.Series(self._group, dtype=pl.UInt32)).replace("", None),
                    "source": pl.repeat(source, len(self._time), eager=True),
                }
            )
            found.append(SourceTable("contacts", frame, mapping, named, self.read, dict(self.skipped), guesses=guesses))
        if self._present:
            found.append(
                SourceTable(
                    "attendance", self._gatherings(labels), mapping, named, self.read, dict(self.skipped), guesses=guesses
                )
            )
        if people and named.height:
            listed = named.select(pl.coalesce("name", "label").alias("name"), "email")
            found.append(SourceTable("people", listed, {"name": "name", "email": "email"}))
        return found

    def _gatherings(self, labels: Sequence[str]) -> pl.DataFrame:
        first: dict[tuple[str, int], int] = {}
        for (group, day, _), time in self._present.items():
            first[group, day] = min(first.get((group, day), time), time)
        rows = [
            (group, datetime.fromtimestamp(first[group, day] / 1e6, UTC), labels[person]) for group, day, person in self._present
        ]
        schema: dict[str, pl.DataType] = {"event": pl.String(), "start": pl.Datetime("us", "UTC"), "person": pl.String()}
        return pl.DataFrame(rows, schema=schema, orient="row")
