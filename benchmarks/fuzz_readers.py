"""What the fuzzer reads: every reader, with valid examples that are made here."""

from __future__ import annotations

import hashlib
import io
import random
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import fuzz_examples as given
import tenfold as tf
from fuzz_mutations import make_parquet, mutate_bytes, mutate_json, odd_array, repack
from tenfold.people.readers import read_file
from tenfold.people.store import open_store
from tenfold.report.manifest import MANIFEST, read_manifest
from tenfold.spread.spec import read_experiment

NOW = datetime(2026, 11, 24, tzinfo=UTC)
Make = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Reader:
    """`make` draws an input, `suffixes` are the endings of its name, `read` reads it: it returns, or raises a TenfoldError."""

    name: str
    suffixes: tuple[str, ...]
    make: Make
    read: Callable[[Path, random.Random], object]


WORLD = tf.World.lived(1000)


def _bytes(*examples: bytes) -> Make:
    def make(rng: random.Random) -> bytes:
        return mutate_bytes(rng.choice(examples), rng, list(examples))

    return make


def _json(*examples: bytes) -> Make:
    def make(rng: random.Random) -> bytes:
        data = rng.choice(examples)
        return mutate_json(data, rng) if rng.random() < 0.6 else mutate_bytes(data, rng, list(examples))

    return make


def _parquet(names: tuple[str, ...]) -> Make:
    def make(rng: random.Random) -> bytes:
        data = make_parquet(names, rng)
        return mutate_bytes(data, rng, []) if rng.random() < 0.3 else data

    return make


def _workbook() -> Make:
    import xlsxwriter

    found = io.BytesIO()
    book = xlsxwriter.Workbook(found)
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        (("time", "a", "b", "minutes"), (46000.5, "ana", "binh", 20), ("2026-03-01", "chi", "ana", True))
    ):
        sheet.write_row(row, 0, cells)
    sheet.write_datetime(3, 0, datetime(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_formula(3, 1, "=1+1")
    book.close()
    data = found.getvalue()
    parts = ("xl/worksheets/sheet1.xml",) * 5 + (
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
    )

    def make(rng: random.Random) -> bytes:
        if rng.random() < 0.2:
            return mutate_bytes(data, rng, [])
        return repack(data, rng, rng.choice(parts), lambda part: mutate_bytes(part, rng, []))

    return make


def _archives(originals: list[bytes]) -> Make:
    """Checkpoints: arrays are changed, left out, or the file's bytes."""

    def make(rng: random.Random) -> bytes:
        data = rng.choice(originals)
        if rng.random() < 0.3:
            return mutate_bytes(data, rng, originals)
        with np.load(io.BytesIO(data)) as file:
            arrays = dict(file)
        for _ in range(rng.choice((1, 1, 2))):
            name = rng.choice(sorted(arrays))
            if rng.random() < 0.15:
                del arrays[name]
            else:
                arrays[name] = odd_array(rng, arrays[name])
        found = io.BytesIO()
        np.savez(found, **arrays)
        return found.getvalue()

    return make


def _saved_graph() -> Make:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "g")
        tf.read_graph(_written(Path(folder, "e.csv"), given.GRAPHS[0])).save(path)
        data = path.read_bytes()
    first, second, rest = data.split(b"\n", 2)

    def make(rng: random.Random) -> bytes:
        if rng.random() < 0.3:
            return mutate_bytes(data, rng, [])
        length = int(second.split()[1])
        header, arrays = rest[:length], rest[length:]
        if rng.random() < 0.6:
            header = mutate_json(header, rng)
        else:
            arrays = mutate_bytes(arrays, rng, [])
        digest = hashlib.sha256(header + arrays).hexdigest().encode()
        return first + b"\n" + digest + f" {len(header):09d}\n".encode() + header + arrays

    return make


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _community() -> Make:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "c.db")
        with open_store(path, command="import", write=True, create=True) as store:
            for name, data in (("p.csv", given.PEOPLE[1]), ("c.csv", given.CONTACTS[0]), ("a.csv", given.ATTENDANCE[0])):
                store.import_file(read_file(_written(Path(folder, name), data), now=NOW), at=NOW)
        return _bytes(path.read_bytes())


def _world_checkpoints() -> Make:
    found: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "w.npz")
        from tenfold.world import checkpoint

        before, checkpoint.INTERVAL = checkpoint.INTERVAL, -1.0
        tf.run_world(
            WORLD,
            steps=3,
            seed=1,
            checkpoint=path,
            progress=lambda *_: found.append(path.read_bytes()) if path.exists() else None,
        )
        tf.run_world(WORLD, steps=3, seed=1, checkpoint=path, keep_checkpoint=True)
        checkpoint.INTERVAL = before
        return _archives([*found, path.read_bytes()])


def _wave_checkpoints() -> Make:
    found: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "v.npz")
        tf.run_wave(
            200,
            ties=6,
            checkpoint=path,
            every=1,
            threads=1,
            progress=lambda *_: found.append(path.read_bytes()) if path.exists() else None,
        )
    return _archives(found)


def _read_table(path: Path, rng: random.Random) -> object:
    what = rng.choice((None, None, None, "people", "contacts", "attendance"))
    dayfirst, skip_bad = rng.choice((None, True, False)), rng.random() < 0.5
    encoding = rng.choice((None,) * 8 + ("latin-1", "utf-16", "utf-7", "cp1252", "no-such"))
    mapping = rng.choice((None,) * 6 + ({"name": "id"}, {"Mood": "kind"}, {"x": "y"}))
    parsed = read_file(path, what=what, dayfirst=dayfirst, skip_bad=skip_bad, encoding=encoding, mapping=mapping, now=NOW)
    return str(parsed.preview), parsed.notes


def _read_graph(path: Path, rng: random.Random) -> object:
    header, directed = rng.choice((None, None, None, True, False)), rng.random() < 0.5
    return repr(tf.read_graph(path, directed=directed, header=header))


def _read_temporal(path: Path, rng: random.Random) -> object:
    return repr(tf.read_temporal(path, window=rng.choice((1, "1d", 20.0, 1e-9)), header=rng.choice((None, None, True, False))))


def _read_spec(path: Path, _: random.Random) -> object:
    made = read_experiment(path)
    small = made.people <= 200 and isinstance(made.steps, int) and isinstance(made.replicates, int)
    if small and made.steps <= 20 and made.replicates <= 5 and made.clock != "continuous":
        return tf.simulate(
            made.model,
            made.graph,
            steps=made.steps,
            start=made.start,
            groups=made.groups,
            traits=made.traits,
            replicates=made.replicates,
            seed=1,
        )
    return made


def _read_community(path: Path, _: random.Random) -> object:
    with open_store(path, command="status", write=False) as store:
        return store.people(), store.contacts(), store.imports(), store.last_plan(), store.data_quality()


def _read_manifest(path: Path, _: random.Random) -> object:
    path.replace(path.with_name(MANIFEST))
    try:
        return read_manifest(path.parent)
    finally:
        path.with_name(MANIFEST).unlink(missing_ok=True)


def _read_wave(path: Path, _: random.Random) -> object:
    return tf.run_wave(200, ties=6, checkpoint=path, every=1000, threads=1)


def readers() -> dict[str, Reader]:
    """Every reader by its name."""
    found = [
        Reader("tables", (".csv", ".tsv", ".txt"), _bytes(*given.CONTACTS, *given.ATTENDANCE, *given.PEOPLE), _read_table),
        Reader("traces", (".dat",), _bytes(*given.TRACES), _read_table),
        Reader("workbooks", (".xlsx",), _workbook(), _read_table),
        Reader("parquet", (".parquet",), _parquet(given.NAMES), _read_table),
        Reader("edge lists", (".csv", ".txt", ".sif", ".adj", ".edges"), _bytes(*given.GRAPHS), _read_graph),
        Reader("GraphML, GEXF", (".graphml", ".gexf", ".xml", ""), _bytes(*given.GRAPHML), _read_graph),
        Reader("GML", (".gml", ""), _bytes(*given.GML), _read_graph),
        Reader("Pajek", (".net", ""), _bytes(*given.PAJEK), _read_graph),
        Reader("graphs in JSON", (".json", ""), _json(*given.JSONS), _read_graph),
        Reader("graphs in Parquet", (".parquet",), _parquet(given.GRAPH_NAMES), _read_graph),
        Reader("contacts in time", (".csv", ".dat", ".gexf"), _bytes(*given.TIMED), _read_temporal),
        Reader("contacts in Parquet", (".parquet",), _parquet(given.GRAPH_NAMES), _read_temporal),
        Reader("groups", (".csv", ".txt"), _bytes(*given.MEMBERS), lambda path, _: repr(tf.read_groups(path))),
        Reader("groups in HIF", (".json",), _json(*given.HIF), lambda path, _: repr(tf.read_groups(path))),
        Reader("saved graphs", (".graph",), _saved_graph(), lambda path, _: repr(tf.Graph.open(path))),
        Reader("specifications", (".toml",), _bytes(*given.SPECS), _read_spec),
        Reader("models", (".toml",), _bytes(*given.SPECS, given.MODEL), lambda path, _: tf.Model.from_toml(path)),
        Reader("records of runs", (".json",), _json(given.RECORD), _read_spec),
        Reader("locks", (".csv",), _bytes(*given.LOCKS), lambda path, _: tf.read_locks(path, given.ROSTER)),
        Reader(
            "world checkpoints",
            (".npz",),
            _world_checkpoints(),
            lambda path, _: tf.run_world(WORLD, steps=3, seed=1, checkpoint=path),
        ),
        Reader("wave checkpoints", (".npz",), _wave_checkpoints(), _read_wave),
        Reader("community files", (".db",), _community(), _read_community),
        Reader("manifests", (".json",), _json(*given.MANIFESTS), _read_manifest),
    ]
    return {one.name: one for one in found}


def warm() -> None:
    """Load and compile what the valid specifications need, which takes longer than an input may."""
    with tempfile.TemporaryDirectory() as folder:
        for data in given.SPECS:
            try:
                _read_spec(_written(Path(folder, "warm.toml"), data), random.Random(0))
            except tf.TenfoldError:
                continue


def is_clear(message: str) -> str:
    """What is wrong with a message: the empty text if it is one line of fewer than 600 printable characters."""
    if len(message) >= 600:
        return f"a message of {len(message)} characters"
    if not message.strip():
        return "an empty message"
    hidden = re.search(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff]", message)
    return f"a message with {hidden[0]!r}" if hidden else ""
