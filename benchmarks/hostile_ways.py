"""Ways in which a community file is damaged or hostile: each changes a whole file, by a random draw."""

from __future__ import annotations

import json
import random
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hostile_side_files import change, journals_of_others, random_side_files

__all__ = ["WAYS"]

Way = Callable[[Path, random.Random], None]
PAGE = 4096
TABLES = {
    "person": (
        "id",
        "name",
        "aliases",
        "email",
        "language",
        "timezone",
        "joined",
        "can_mentor",
        "capacity",
        "availability",
        "paused_until",
    ),
    "contact": ("a", "b", "time", "kind", "nth", "minutes", "import"),
    "gathering": ("event", "time"),
    "attendance": ("gathering", "person", "minutes"),
    "import": ("path", "sha256", "read", "kept", "skipped", "at"),
    "plan": ("at", "settings"),
    "plan_table": ("name", "data"),
}
ODD: tuple[object, ...] = (
    None,
    -1,
    0,
    2**62,
    -(2**63),
    1.5,
    -0.25,
    9e999,
    -9e999,
    1e300,
    "",
    "x",
    "9" * 400,
    "\x1b[2J\x1b]0;x\x07",
    "a\x00b",
    "\u202egnp",
    b"",
    b"\xff\xfe",
    b"x" * 5000,
    "2026-13-45",
    "9999-99-99",
    "١٢",
    "é" * 20_000,
    "{}",
    "[" * 50_000,
    "null",
    '{"seed": 1e999}',
    253402300800000000,
)


def edit_schema(path: Path, *statements: str) -> None:
    """Edit the schema itself."""
    change(path, "PRAGMA writable_schema = ON", *statements)


def bytes_of(path: Path, edit: Callable[[bytearray], bytearray | None]) -> None:
    """Edit the bytes of the file."""
    data = bytearray(path.read_bytes())
    path.write_bytes(edit(data) or data)


def flip_bits(path: Path, draw: random.Random) -> None:
    def edit(data: bytearray) -> None:
        for _ in range(draw.choice((1, 3, 30, 300))):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)

    bytes_of(path, edit)


def flip_bits_of_one_page(path: Path, draw: random.Random) -> None:
    def edit(data: bytearray) -> None:
        page = draw.randrange(len(data) // PAGE) * PAGE
        for _ in range(draw.choice((1, 5, 50))):
            data[page + draw.choice((draw.randrange(100), draw.randrange(PAGE)))] = draw.choice((0, 255, draw.randrange(256)))

    bytes_of(path, edit)


def flip_the_header(path: Path, draw: random.Random) -> None:
    def edit(data: bytearray) -> None:
        for _ in range(draw.choice((1, 2, 6))):
            data[draw.randrange(16, 108)] = draw.choice((0, 1, 255, draw.randrange(256)))

    bytes_of(path, edit)


def cut(path: Path, draw: random.Random) -> None:
    bytes_of(
        path,
        lambda data: data[
            : draw.choice((0, 1, 50, 99, 100, 512, PAGE, draw.randrange(len(data)), len(data) // PAGE // 2 * PAGE))
        ],
    )


def lengthen(path: Path, draw: random.Random) -> None:
    bytes_of(path, lambda data: data + bytes(draw.choice((1, 100, PAGE, 50 * PAGE))))


def swap_pages(path: Path, draw: random.Random) -> None:
    def edit(data: bytearray) -> None:
        for _ in range(draw.choice((1, 1, 5))):
            one, other = (draw.randrange(1, len(data) // PAGE) * PAGE for _ in range(2))
            data[one : one + PAGE], data[other : other + PAGE] = data[other : other + PAGE], data[one : one + PAGE]

    bytes_of(path, edit)


def blank_pages(path: Path, draw: random.Random) -> None:
    def edit(data: bytearray) -> None:
        for _ in range(draw.choice((1, 3))):
            page = draw.randrange(len(data) // PAGE) * PAGE
            data[page : page + PAGE] = bytes([draw.choice((0, 0, 255))]) * PAGE

    bytes_of(path, edit)


def lead_back(path: Path, draw: random.Random) -> None:
    """Inner pages whose children are one page, again and again: a tree that is small and never ends."""
    with closing(sqlite3.connect(path)) as db:
        roots = [row[0] for row in db.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1")]
    root, table = draw.choice(roots), draw.random() < 0.5

    def edit(data: bytearray) -> bytearray:
        pages = len(data) // PAGE
        levels, leaf = 15, draw.choice(roots)
        chain = [root, *range(pages + 1, pages + levels)]
        data += bytes(PAGE * (levels - 1))
        for number, child in zip(chain, [*chain[1:], leaf], strict=True):
            _inner_page(data, number, child, is_table=table)
        data[28:32] = (len(data) // PAGE).to_bytes(4, "big")
        return data

    bytes_of(path, edit)


def _inner_page(data: bytearray, number: int, child: int, *, is_table: bool) -> None:
    start, cells = (number - 1) * PAGE, 300
    page = bytearray(PAGE)
    page[0] = 5 if is_table else 2
    cell = child.to_bytes(4, "big") + (b"\x01" if is_table else b"\x04\x02\x01\x01\x01")
    first = PAGE - len(cell)
    page[3:5], page[5:7], page[8:12] = cells.to_bytes(2, "big"), first.to_bytes(2, "big"), child.to_bytes(4, "big")
    page[first:] = cell
    for k in range(cells):
        page[12 + 2 * k : 14 + 2 * k] = first.to_bytes(2, "big")
    data[start : start + PAGE] = page


def long_overflow(path: Path, draw: random.Random) -> None:
    """Overflow pages that lead back to themselves, under values that say they are long."""
    size = draw.choice((200_000, 900_000, 60_000_000))
    change(path, "UPDATE person SET name = ? WHERE key % 2 = 0", "UPDATE plan_table SET data = ?", values=("x" * 9000,))

    def edit(data: bytearray) -> None:
        for page in range(1, len(data) // PAGE):
            if bytes(data[page * PAGE + 4 : page * PAGE + 12]) == b"x" * 8:
                data[page * PAGE : page * PAGE + 4] = (page + 1).to_bytes(4, "big")
        at = data.find(b"\xc6\x28")  # 9000 as SQLite writes it
        if at > 0 and size < 2**21:
            data[at : at + 2] = bytes([0x80 | (size >> 7) & 0x7F, size & 0x7F])

    bytes_of(path, edit)


def odd_values(path: Path, draw: random.Random) -> None:
    for _ in range(draw.choice((1, 1, 4))):
        table = draw.choice(list(TABLES))
        column, value = draw.choice(TABLES[table]), draw.choice(ODD)
        where = (
            draw.choice(("", " WHERE rowid IN (SELECT rowid FROM {} LIMIT 1)")).format(table)
            if table in ("person", "gathering", "import")
            else ""
        )
        change(path, f'UPDATE OR REPLACE {table} SET "{column}" = ?{where}', values=(value,))


def odd_plans(path: Path, draw: random.Random) -> None:
    """Tables of plans that are none, or unpack to gigabytes."""
    rows = draw.choice((1, 100, 100_000))
    columns = draw.choice(
        (
            [["person", "text", ["x"] * rows]],
            [["person", "number", [1.5, None]], ["week", "whole", [2**70]]],
            [["date", "time", [253402300799999999]], ["window", "whole", [2**52]]],
            [["due", "day", [-700_000]]],
            [["a", "whole", [True]]],
            [["a", "text", ["\ud800"]]],
            {"a": 1},
            [],
            [["x", "list", [[]]]],
            [[["x"], "text", []]],
            [["who", "text", ["p1"]], ["whom", "text", []]],
        )
    )
    data = zlib.compress(json.dumps(columns).encode())
    bomb = zlib.compress(b"[" + b" " * (64 << 20) + b"]", 9)
    chosen = draw.choice(
        (
            data,
            data,
            data,
            bomb,
            zlib.compress(b"[" * 100_000),
            zlib.compress(b'[["a","number",[NaN]]]'),
            b"ARROW1\x00\x00" + bytes(90),
        )
    )
    one = draw.choice(("this_week", "statements", "forecast", "circles", "circle_table", "left_out", "risks", "hazards"))
    where = draw.choice((f" WHERE name = '{one}'", ""))
    change(path, f"UPDATE plan_table SET data = ?{where}", values=(chosen,))
    if draw.random() < 0.2:
        change(path, f"DELETE FROM plan_table WHERE name = '{one}'")


def dangling(path: Path, draw: random.Random) -> None:
    change(
        path,
        draw.choice(
            (
                "DELETE FROM person WHERE key % 3 = 0",
                "DELETE FROM gathering",
                "DELETE FROM plan",
                "DELETE FROM import",
                "UPDATE contact SET b = a",
                "UPDATE OR IGNORE contact SET a = -5",
                "UPDATE OR IGNORE attendance SET person = 2147483648",
                "INSERT INTO plan (number, at, settings) VALUES (9223372036854775807, 0, '{}')",
                "INSERT INTO merged VALUES ('p001', 'nobody', 0)",
                "INSERT INTO pending_output VALUES ('../../x', CAST('relative' AS BLOB), 'x', 0)",
                "INSERT INTO pending_output VALUES ('abc', X'2F746D7000', 'x', 9223372036854775807)",
            )
        ),
    )


EXTRA = (
    "CREATE TRIGGER t AFTER INSERT ON contact BEGIN DELETE FROM person; END",
    "CREATE TRIGGER t AFTER UPDATE ON person BEGIN UPDATE person SET name = name || name; END",
    "CREATE TABLE more (x)",
    "CREATE INDEX more ON contact (kind)",
    "CREATE INDEX more ON person (length(name || name)) WHERE abs(key) > 1",
    "ALTER TABLE person ADD COLUMN more TEXT",
    "ALTER TABLE person ADD COLUMN more TEXT GENERATED ALWAYS AS (printf('%.9000000c', name)) VIRTUAL",
    "ALTER TABLE contact RENAME TO contacts",
    "DROP TABLE attendance",
    "DROP INDEX contact_b",
    "CREATE VIRTUAL TABLE more USING fts5 (x)",
    "CREATE VIRTUAL TABLE more USING rtree (a, b, c)",
    "CREATE VIEW more AS SELECT * FROM person",
)
VIEWS = (
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS key, x AS id, 1 AS a, 2 AS b, x AS time FROM c",
    "SELECT * FROM contact, contact, contact, contact",
    "SELECT printf('%.1000000000c', 'x') AS id, key FROM merged",
    "SELECT load_extension('x') AS id, 1 AS key",
    "SELECT * FROM person",
)


def other_schema(path: Path, draw: random.Random) -> None:
    change(path, *draw.sample(EXTRA, draw.choice((1, 1, 3))))


def views_for_tables(path: Path, draw: random.Random) -> None:
    name = draw.choice(("person", "contact", "gathering", "plan", "merged"))
    change(path, f"ALTER TABLE {name} RENAME TO other", f"CREATE VIEW {name} AS {draw.choice(VIEWS)}")


def edited_schema(path: Path, draw: random.Random) -> None:
    edit_schema(
        path,
        draw.choice(
            (
                "UPDATE sqlite_schema SET rootpage = 3 WHERE type = 'table'",
                "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'person'",
                "UPDATE sqlite_schema SET rootpage = 99999999 WHERE name = 'contact'",
                "UPDATE sqlite_schema SET rootpage = -1 WHERE name = 'contact'",
                "UPDATE sqlite_schema SET sql = 'CREATE TABLE person (a' || hex(zeroblob(400000)) || ')' WHERE name = 'person'",
                "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (a <> b)', 'CHECK (randomblob(1000000000) IS NULL)')",
                "UPDATE sqlite_schema SET sql = replace(sql, 'id TEXT NOT NULL UNIQUE', 'id TEXT')",
                "UPDATE sqlite_schema SET sql = NULL",
                "UPDATE sqlite_schema SET type = 'view'",
                "UPDATE sqlite_schema SET name = name || char(27)",
                "DELETE FROM sqlite_schema WHERE type = 'index'",
                "DELETE FROM sqlite_schema",
                "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 30000) INSERT INTO sqlite_schema "
                "SELECT 'table', 't' || x, 't' || x, 5, 'CREATE TABLE t' || x || ' (a, b)' FROM c",
                "UPDATE sqlite_schema SET sql = sql || ' -- ' || char(10)",
            )
        ),
    )


def other_programs(path: Path, draw: random.Random) -> None:
    what = draw.randrange(5)
    if what == 0:
        change(path, f"PRAGMA application_id = {draw.choice((0, 1, 2**31 - 1, -1))}")
    elif what == 1:
        change(path, f"PRAGMA user_version = {draw.choice((0, 1, 2, 4, 99, -1, 2**31 - 1))}")
    elif what == 2:
        path.write_bytes(draw.choice((b"", b"PK\x03\x04", b"SQLite format 3\x00", b"\x00" * 9000, b"{}", b"id,name\n1,x\n" * 99)))
    elif what == 3:
        path.unlink()
        change(
            path,
            "PRAGMA encoding = 'UTF-16'",
            "PRAGMA application_id = 1952804454",
            f"PRAGMA user_version = {draw.randrange(5)}",
            "CREATE TABLE t (x)",
        )
    else:
        change(
            path,
            f"PRAGMA journal_mode = {draw.choice(('WAL', 'PERSIST', 'TRUNCATE'))}",
            "UPDATE person SET name = 'x' WHERE key = 1",
        )


WAYS: dict[str, Way] = {
    "bits flipped": flip_bits,
    "bits of one page": flip_bits_of_one_page,
    "bits of the header": flip_the_header,
    "cut short": cut,
    "lengthened": lengthen,
    "pages swapped": swap_pages,
    "pages blanked": blank_pages,
    "trees without end": lead_back,
    "overflow without end": long_overflow,
    "odd values": odd_values,
    "more odd values": odd_values,
    "odd plans": odd_plans,
    "dangling keys": dangling,
    "another schema": other_schema,
    "views for tables": views_for_tables,
    "the schema edited": edited_schema,
    "other programs": other_programs,
    "journals of others": journals_of_others,
    "random side files": random_side_files,
}
"""A name for each way."""
