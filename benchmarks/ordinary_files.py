"""Ordinary files of a congregation, made up here, imported without an option: file, seconds, what was asked.

python benchmarks/ordinary_files.py
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tenfold.app.actions.import_files import read_files, store_files

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def main() -> None:
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from made_up_congregation import congregation_files

    with tempfile.TemporaryDirectory() as folder:
        print(f"{'file':52} {'seconds':>8}  what  rows kept  questions")
        (Path(folder) / "files").mkdir()
        files = congregation_files(Path(folder) / "files")
        order = sorted(files, key=lambda path: (not path.name.startswith(("members", "signup")), path.name))
        for path in order:
            begin = time.perf_counter()
            tables = read_files([path], {"now": NOW}, progress=lambda _: None)
            counts = store_files(Path(folder) / "t.db", tables, strict=False, progress=lambda _: None, on_note=print)
            seconds = time.perf_counter() - begin
            for table, count in zip(tables, counts, strict=True):
                asked = [*table.understanding.questions, *count.questions]
                print(f"{path.name:52} {seconds:8.2f}  {table.what:10} {count.kept:6}  {len(asked)}")


if __name__ == "__main__":
    main()
