"""Reading a text as a file."""

from datetime import UTC, datetime

import pytest

from tenfold.people.readers import read_file

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    def command(content: str, name: str = "f.csv", **options):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", newline="")
        return read_file(path, now=NOW, **options)

    return command
