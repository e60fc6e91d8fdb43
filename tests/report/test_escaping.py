"""Escaping of names for files, spreadsheets and calendars."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.report.escaping import escape_formulas, safe_file_name, single_line


@given(st.text(max_size=30))
def test_escape_formulas_only_adds_an_apostrophe(text):
    found = escape_formulas(
        pl.DataFrame({text or "x": [text], "n": [-1.5]}) if text != "n" else pl.DataFrame({"m": [text], "n": [-1.5]})
    )
    value = found.row(0)[0]
    assert value in (text, "'" + text)
    assert (value != text) == (text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "")
    assert found.row(0)[-1] == -1.5
    assert not found.columns[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(max_size=400), st.text(max_size=400))
def test_file_names_differ_as_the_texts_do(one, other):
    assert re.fullmatch(r"[a-z0-9-]{1,49}", safe_file_name(one))
    assert (safe_file_name(one) == safe_file_name(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "line"), [("a\nb", "a b"), ("\ta\r\n\x00b ", "a b"), ("a\u2028b", "a b"), ("مريم عبد", "مريم عبد"), ("", "")]
)
def test_single_line(text, line):
    assert single_line(text) == line
