"""Mutations for the fuzzer: bytes, text, JSON documents, Parquet tables, archives and arrays, all drawn from one generator."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

MOST = 60_000  # bytes of an input, but for the few that are long on purpose
_ODD_BYTES = (
    rb'|\n|\r|\r\n|\t| |,|;|"|\'|""|#|%|=|[|]|{|}|<|>|&|\\|\x00|\xff|\xfe\xff|\xff\xfe|\xef\xbb\xbf|\x1b[31m|\x07|\x7f|\xc2\x85|\xc2\x9b'
    rb"|\xed\xa0\x80|0|-0|-1|+1|007|1e400|-1e400|1e-400|1e5|0x10|1_000|nan|NaN|inf|-Infinity|2147483647|2147483648|4294967296|1.5|0.1"
    rb"|9223372036854775807|9999999999|true|false|null|None|[]|{}|[1]|[[1], [2]]|0000-00-00|0001-01-01|9999-12-31T23:59:59Z|10000-01-01"
    rb"|-0001-01-01|2026-02-30|2026-W01-1|31/02/2026|03/04/2026|13/13/2026|1/1/1|2026-01-01T00:00:00+99:99|2026-01-01T25:61|24:00|1e11"
    rb"|20260230|1900-02-29|Europe/Lisbon|../../etc/passwd|Mon-Fri 18-22|Mon 99-1|../|/dev/zero"
)
_ODD_TEXT = "٣|１２|²|½|Ⅷ|\u202e|\u2028|\u200b|e\u0301|ﬀ|İ|ß|🜁|\U000e0041|\\n|\\ud800|\\u0000"
ODD = [
    *(one.decode("unicode_escape").encode("latin-1") for one in _ODD_BYTES.split(b"|")),
    *(one.encode() for one in _ODD_TEXT.split("|")),
    *(b"|", b"9" * 20, b"9" * 400, b"9" * 5000, b"a" * 300, "é".encode() * 11_000),
]
_NUMBERS = [0, 1, -1, 2, 10, 2**31 - 1, 2**31, 2**63, 10**30, 10**400, 0.0, 0.5, -0.5, 1.5, 1e308, float("inf"), float("nan")]
_TEXTS = ["", "x", "S", "I", "1", "\x00", "\x1b[2J", "\u202e", "\ud800", "9" * 400, "é" * 3000, "2026-01-01", "weight", "circle"]
_LISTS = [[], [[]], [1], [1, 2], ["I"], [None], [-1], [2**70], [0.5, "x"]]
_TABLES = [{}, {"a": 1}, {"low": 0, "high": 1}, {"I": 1}, {"": {"": []}}]
VALUES: list[Any] = [None, True, False, *_NUMBERS, *_TEXTS, *_LISTS, *_TABLES]
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?")
_WORD = re.compile(rb"[A-Za-z_]{2,}")
NESTED = (
    (b"[", b"]"),
    (b'{"a":', b"}"),
    (b"<a>", b"</a>"),
    (b"<node>", b"</node>"),
    (b"graph [ a ", b"]"),
    (b"(", b")"),
    (b'[{"x":[', b"]}]"),
)


def mutate_bytes(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """One to four changes of bytes or text; now and then of the whole."""
    if rng.random() < 0.02:
        return _whole(data, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        data = _splice(data, rng, others) if rng.random() < 0.1 else rng.choice(_CHANGES)(data, rng)
        if len(data) > 20 * MOST:
            data = data[: 20 * MOST]
    return data


def _whole(data: bytes, rng: random.Random) -> bytes:
    """The file as a whole: empty, another encoding, packed, noise, deep nesting, one long line, many times over."""
    way = rng.randrange(10)
    text = data.decode(errors="replace")
    if way == 0:
        return rng.choice((b"", b"\n", b"\n" * 5000, b"," * 5000, b"\xef\xbb\xbf", b"\x00" * 50))
    if way == 1:
        return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig")))
    if way == 2:
        return text.encode("latin-1", "replace")
    if way == 3:
        packed = gzip.compress(data, 1)
        return packed if rng.random() < 0.5 else flip(packed, rng)
    if way == 4:
        return rng.randbytes(rng.randrange(2000))
    if way == 5:
        opened, closed = rng.choice(NESTED)
        depth = rng.choice((60, 300, 1000, 5000, 20_000))
        return opened * depth + (b"1" + closed * depth if rng.random() < 0.5 else b"")
    if way == 6:
        opened, closed = rng.choice(NESTED)
        at, depth = rng.randrange(len(data) + 1), rng.choice((60, 1000, 5000))
        return data[:at] + opened * depth + b"1" + closed * depth + data[at:]
    if way == 7:
        return rng.choice((b"a", b"1 ", b"1,", b"x\n", b'"', b"*arcs\n", "é".encode())) * rng.randrange(1, 40_000)
    return (data * rng.choice((2, 10, 100)))[: 4 * MOST]


def flip(data: bytes, rng: random.Random) -> bytes:
    """A few bytes become others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] = (
                rng.randrange(256) if rng.random() < 0.5 else rng.choice(b" ,;\t\n0159-._\"'[]{}<>=aZ")
            )
    return bytes(changed)


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(ODD) + data[at:]


def _replace(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    """One number, or one word, or all that are the same, becomes something odd, or another of the file."""

    def change(data: bytes, rng: random.Random) -> bytes:
        places = list(pattern.finditer(data[:MOST]))
        if not places:
            return _insert(data, rng)
        one, new = rng.choice(places), rng.choice(ODD) if rng.random() < 0.7 else rng.choice(places)[0]
        if rng.random() < 0.1:
            return data.replace(one[0], new)[: 4 * MOST]
        return data[: one.start()] + new + data[one.end() :]

    return change


def _cut(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] if rng.random() < 0.2 else data[:at] + data[at + rng.randrange(1, 40) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    piece = data[at : at + rng.randrange(1, 80)]
    return data[:at] + piece * rng.choice((2, 2, 3, 50, 700)) + data[at:]


def _splice(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    other = rng.choice(others) if others else data
    at, into = rng.randrange(len(other) + 1), rng.randrange(len(data) + 1)
    piece = other[at:] if rng.random() < 0.3 else other[at : at + rng.randrange(1, 200)]
    return data[:into] + piece + (b"" if rng.random() < 0.3 else data[into:])


def _lines(data: bytes, rng: random.Random) -> bytes:
    """Lines change places, are doubled, left out, or lose or gain a cell."""
    lines = data.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    way = rng.randrange(5)
    if way == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif way == 1:
        lines.insert(one, lines[two])
    elif way == 2:
        del lines[one]
    elif way == 3:
        lines[one] = lines[one] + rng.choice((b",", b";", b"\t", b" ", b"|")) * rng.choice((1, 1, 2, 3000))
    else:
        lines[one] = lines[one].replace(rng.choice((b",", b" ", b"\t", b"=")), rng.choice((b";", b"\t", b"|", b" ", b",", b"")))
    return b"\n".join(lines)


_CHANGES = (flip, _insert, _insert, _replace(_NUMBER), _replace(_NUMBER), _replace(_WORD), _cut, _repeat, _lines)


def mutate_json(data: bytes, rng: random.Random) -> bytes:
    """A JSON document with values, keys or members changed."""
    document = json.loads(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        holders: list[Any] = []
        _collect([document], holders)
        holder = rng.choice(holders)
        if not holder:
            continue
        key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
        way = rng.random()
        if way < 0.6:
            holder[key] = rng.choice(VALUES)
        elif way < 0.75:
            del holder[key]
        elif isinstance(holder, dict):
            holder[rng.choice(("", "id", "nodes", "weight", "x", "\x1b", "length", "at"))] = holder[key]
        else:
            holder.append(rng.choice(VALUES))
    try:
        return json.dumps(document).encode()
    except (ValueError, RecursionError):  # it holds itself
        return b"{}"


def _collect(value: Any, into: list[Any]) -> None:
    """All objects and lists in a document, however deep, each once."""
    waiting, seen = [value], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            into.append(one)
            waiting += reversed(list(one.values() if isinstance(one, dict) else one))


def odd_column(rng: random.Random, rows: int) -> pl.Series:
    """A column of some type with ordinary and odd values."""
    way = rng.randrange(14) if rng.random() < 0.5 else 11 + 3 * (rng.random() < 0.7)
    if way == 14:
        return pl.Series([rng.choice("abcde") for _ in range(rows)], dtype=pl.String)
    texts = [
        "1",
        "ana",
        "2026-01-01",
        "03/04/2026",
        "",
        "x\x00",
        "\x1b[2J",
        "9" * 400,
        "é" * 11_000,
        None,
        "1e400",
        "٣",
        "1.5",
        "-1",
    ]
    if way < 5:
        return pl.Series([rng.choice(texts) for _ in range(rows)], dtype=pl.String)
    numbers = [0, 1, 2, -1, 2**31, 2**63 - 1, -(2**63), 1_700_000_000, 1_700_000_000_000, 20260101, 10**14, None]
    whole = pl.Series([rng.choice(numbers) for _ in range(rows)], dtype=pl.Int64)
    if way == 5:
        return whole
    if way == 6:
        kind = rng.choice((pl.Int8, pl.UInt8, pl.UInt32, pl.UInt64, pl.Float32, pl.Boolean, pl.Date, pl.Time, pl.Int128))
        return whole.cast(kind, strict=False, wrap_numerical=True)
    if way == 7:
        return pl.Series(
            [rng.choice((0.0, 1.5, -1.0, float("nan"), float("inf"), 1e300, None)) for _ in range(rows)], dtype=pl.Float64
        )
    if way == 8:
        return whole.cast(pl.Datetime(rng.choice(("ms", "us", "ns")), rng.choice((None, "UTC", "Asia/Tokyo"))))
    if way == 9:
        return whole.cast(pl.Duration(rng.choice(("ms", "us", "ns"))))
    if way == 10:
        odd = rng.choice(
            ([1, 2], [[1], []], [{"a": 1}], [b"x", b"\xff"], [time(1), time(2)], [timedelta(days=1)], [date(1, 1, 1)])
        )
        return pl.Series((odd * rows)[:rows])
    if way == 11:
        return pl.Series([datetime(2026, 3, 1 + k % 20, k % 24) for k in range(rows)])
    if way == 12:
        return pl.Series(["a", "b"] * rows, dtype=pl.Categorical)[:rows]
    return pl.Series([None] * rows, dtype=pl.Null)


def make_parquet(names: tuple[str, ...], rng: random.Random) -> bytes:
    """A table with some of these columns, of odd types and values, as Parquet."""
    rows = rng.choice((0, 1, 2, 5))
    chosen = [name for name in names if rng.random() < 0.8] + (["more"] if rng.random() < 0.2 else [])
    frame = pl.DataFrame([odd_column(rng, rows).alias(name) for name in chosen])
    found = io.BytesIO()
    frame.write_parquet(found, compression="uncompressed", statistics=False)
    return found.getvalue()


def repack(data: bytes, rng: random.Random, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip archive with one part changed."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(found, "w", rng.choice((0, 8)), compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, change(source.read(name)) if name == part else source.read(name))
    return found.getvalue()


def odd_array(rng: random.Random, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An array of another type, shape or content."""
    way = rng.randrange(7)
    if way == 0 and array.dtype.kind not in "US":
        return array.astype(rng.choice(("i1", "i4", "i8", "u8", "f8", "bool", "U5", "S3", "c16", ">i4")), casting="unsafe")
    if way == 1:
        return np.concatenate([array.ravel(), array.ravel()])
    if way == 2:
        return array[..., :0] if array.ndim else np.zeros((0, 3))
    if way == 3:
        return np.full_like(array, rng.choice((0, 1, 127))) if array.dtype.kind in "iufb" else array
    if way == 4:
        return np.array(rng.choice((0, -1, 2**40, 1.5, "x", "{}", "[" * 3000)))
    return array.reshape(-1, 1) if way == 5 else np.zeros((1, 2, 0))
