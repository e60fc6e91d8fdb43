"""JSON and TOML that were made to hurt: one clear line, whatever they hold."""

import pytest

from tenfold.documents import parse_json, parse_toml, read_toml
from tenfold.errors import DataError, SpecError, TenfoldError


@pytest.mark.parametrize("data", [b"[" * 5000 + b"]" * 5000, b'{"a":' * 70 + b"1" + b"}" * 70, b"[" * 200_000])
def test_json_that_is_too_deep(data):
    with pytest.raises(DataError, match=r"x\.json: holds lists or tables in each other, more than 60 deep"):
        parse_json(data, "x.json", DataError)


@pytest.mark.parametrize("data", [b"{", b"\xff", b"", b"9" * 5000])
def test_what_is_no_json(data):
    with pytest.raises(SpecError, match=r"x\.json: is no JSON that can be read"):
        parse_json(data, "x.json", SpecError)


def test_json_that_takes_more_memory_than_its_file_may():
    with pytest.raises(DataError, match="of memory to read; at most 1 GB are taken for 12 MB"):
        parse_json(b"[" + b"{}," * 4_000_000 + b"0]", "x.json", DataError)
    assert parse_json(b"[" * 60 + b"]" * 60, "x.json", DataError) is not None


@pytest.mark.parametrize(
    "data",
    [b"a = " + b"[" * 5000, b"a." * 5000 + b"a = 1", b"[" + b"a." * 61 + b"a]", b"a = " + b"{a=" * 300 + b"1" + b"}" * 300],
)
def test_toml_that_is_too_deep(data):
    with pytest.raises(SpecError, match="more than 60 deep"):
        parse_toml(data, "x.toml")


def test_toml_that_is_none(tmp_path):
    for data in (b"a = ", b"\xff", b"a = " + b"9" * 5000, b"a = 2026-02-30"):
        with pytest.raises(SpecError, match=r"x\.toml: is no TOML"):
            parse_toml(data, "x.toml")
    with pytest.raises(SpecError, match="at most 8 MiB"):
        parse_toml(b" " * (9 << 20), "x.toml")
    with pytest.raises(SpecError, match="is no file"):
        read_toml(tmp_path)
    with pytest.raises(SpecError, match="cannot be read"):
        read_toml(tmp_path / "none.toml")


def test_a_message_is_one_line_whatever_it_quotes():
    message = str(TenfoldError("names '" + "\x1b[2J\u202e" * 300 + "\nx'; expected a name. Correct it."))
    assert message.isprintable()
    assert len(message) == 599
    assert message.startswith("names '\\x1b[2J\\u202e")
    assert message.endswith("expected a name. Correct it.")
