"""Escaping of names, which may be hostile: for file names, spreadsheets (formula injection) and calendars."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import polars as pl

__all__ = ["escape_formulas", "readable_file_name", "safe_file_name", "single_line"]

_FORMULA = r"^[=+\-@\t\r]"


def safe_file_name(text: str) -> str:
    """A file name that is valid on every system: lower-case ASCII letters and digits, and eight characters of a hash."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:40] or "person"
    return f"{slug}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def readable_file_name(text: str) -> str:
    """A file name that people recognise: the letters and digits of any script, at most forty; not for telling two of one name apart.

    Examples
    --------
    >>> readable_file_name("Ana  Lúcia/../ & sons"), readable_file_name("///")
    ('ana-lúcia-sons', 'nameless')
    """
    kept = "".join(one if one.isalnum() else "-" for one in unicodedata.normalize("NFC", text).lower())
    return "-".join(part for part in kept.split("-") if part)[:40].strip("-") or "nameless"


def single_line(text: str) -> str:
    """The text without line breaks and other control characters, which calendars do not allow.

    Examples
    --------
    >>> single_line("Ana\\n Maria\\x07")
    'Ana Maria'
    """
    return " ".join("".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text).split())


def escape_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before each text and header that a spreadsheet would run as a formula."""
    columns = []
    for column in frame:
        if column.dtype == pl.String:
            risky = column.str.contains(_FORMULA)
            column = pl.select(pl.when(risky).then("'" + column).otherwise(column)).to_series()
        columns.append(column)
    headers = [f"'{name}" if re.match(_FORMULA, name) else name for name in frame.columns]
    return pl.DataFrame(dict(zip(headers, columns, strict=True)))
