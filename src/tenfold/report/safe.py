"""Names from a list are hostile: in file names, in spreadsheets."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import polars as pl

__all__ = ["file_name", "neutral"]

_FORMULA = r"^[=+\-@\t\r]"


def file_name(text: str) -> str:
    """A file name that is safe on every system: small ASCII letters and digits, and eight characters of a hash."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:40] or "person"
    return f"{slug}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def neutral(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before each text, headers too, that a spreadsheet would take for a formula."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    mended = frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )
    return mended.rename({name: f"'{name}" if re.match(_FORMULA, name) else name for name in frame.columns})
