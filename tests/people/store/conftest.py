"""A community file in a fresh folder."""

from datetime import UTC, datetime

import pytest

from tenfold.people.readers import read_file
from tenfold.people.store import open_store

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def add(tmp_path):
    def command(text: str, name: str = "f.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with open_store(tmp_path / "t.db", command="test", write=True, create=True) as store:
            return store.import_file(read_file(path, now=AT), at=AT, **options)

    return command


@pytest.fixture
def look(tmp_path):
    return lambda: open_store(tmp_path / "t.db", command="test", write=False)
