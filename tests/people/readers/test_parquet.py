"""Typed tables: values that no calendar holds, lengths of time, and a NUL are one clear line or what they mean."""

import polars as pl
import pytest

from tenfold.errors import DataError
from tenfold.people.readers import read_file


def written(tmp_path, frame):
    frame.write_parquet(tmp_path / "table.parquet")
    return tmp_path / "table.parquet"


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("ms"), pl.Datetime("us")])
@pytest.mark.parametrize("sign", [1, -1])
def test_times_that_no_calendar_holds(tmp_path, kind, sign):
    most = 2**31 - 1 if kind == pl.Date else 2**62
    time = pl.Series("time", [0, sign * most], dtype=pl.Int32 if kind == pl.Date else pl.Int64).cast(kind)
    file = written(tmp_path, pl.DataFrame({"time": time, "a": ["ana", "ana"], "b": ["binh", "chi"]}))
    with pytest.raises(DataError, match=r"table\.parquet row 2: time holds a time outside of the years 1 to 9999"):
        read_file(file)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_lengths_of_time_are_minutes(tmp_path, unit):
    frame = pl.DataFrame({"time": ["2026-03-01"], "a": ["ana"], "b": ["binh"]})
    frame = frame.with_columns(minutes=pl.duration(minutes=90).cast(pl.Duration(unit)))
    assert read_file(written(tmp_path, frame)).frame["minutes"].to_list() == [90.0]


def test_a_nul_in_a_name(tmp_path):
    file = written(tmp_path, pl.DataFrame({"id": ["ana", "b\x00inh"], "name": ["Ana", "Binh"]}))
    with pytest.raises(DataError, match=r"table\.parquet row 2: column 'id' holds a NUL character"):
        read_file(file)


def test_a_row_that_could_be_a_header_is_a_row(tmp_path):
    """The columns of Parquet have names of their own: no row below is taken for the header."""
    file = written(tmp_path, pl.DataFrame({"b": ["x", "x"], "start": ["ana", "id"], "kind": ["binh", "name"]}))
    with pytest.raises(DataError, match=r"the headers are 'b', 'start', 'kind'"):
        read_file(file, what="people")
