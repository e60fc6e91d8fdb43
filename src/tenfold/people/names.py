"""Names of people as text: without invisible characters, and in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

__all__ = ["clean_labels", "compatible_names", "name_key", "name_keys"]

_BLANKS = r"[\s\u00A0\u200B\u2028\u2029\u202F\u3000\x1C-\x1F\x85]+"
_INVISIBLE = (
    r"[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F"
    r"\uFEFF\uFFA0\uFFF9-\uFFFB]"
)
_JOINERS = r"[\u200C\u200D]+(\s|$)|(^|\s|[\x21-\x7E])[\u200C\u200D]+"
"""Joiners shape letters of some scripts; at the edge of a word and after a Latin letter they do nothing."""
_APOSTROPHES = re.compile("['’‘ʼ‛`´ʻʹ′＇]")
_HYPHENS = re.compile("[‐‑‒–—−﹣－]")


def clean_labels(column: pl.Series) -> pl.Series:
    """Labels in Unicode normal form C, with single blanks and without characters that nobody sees; null where nothing is left."""
    text = column.cast(pl.String)
    if (text.str.len_bytes() != text.str.len_chars()).any():
        text = text.str.replace_all(_INVISIBLE, "").str.replace_all(_JOINERS, "${1}${2}").str.normalize("NFC")
    text = text.str.replace_all(_BLANKS, " ").str.strip_chars()
    return text.set(text == "", None) if (text == "").any() else text


def name_key(text: str) -> str:
    """The form in which names are compared: compatible letters, case-folded, single blanks, one kind of apostrophe and hyphen.

    Examples
    --------
    >>> name_key("Ａna\\u00adO’Brien ") == name_key("ana o'brien".replace(" ", ""))
    True
    """
    if text.isascii():
        return " ".join(text.replace("'", "").replace("`", "").lower().split())
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u200b", " ")
    plain = "".join(one for one in plain if unicodedata.category(one) != "Cf")
    plain = _HYPHENS.sub("-", _APOSTROPHES.sub("", plain))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def name_keys(text: str) -> list[str]:
    """The forms under which a name may be known: a blank without width between two letters may part words or stand within one."""
    return list(dict.fromkeys((name_key(text), name_key(text.replace("\u200b", ""))))) if "\u200b" in text else [name_key(text)]


def compatible_names(one: str, other: str) -> bool:
    """Whether two names can be one person's: the same words in any order, or all words of one, or their initials, among the other's."""
    first, second = (sorted(re.findall(r"\w+", name_key(name).replace("-", " "))) for name in (one, other))
    few, many = sorted((first, second), key=len)
    rest = list(many)
    for word in few:
        match = next(
            (
                other
                for other in rest
                if other == word or (len(word) == 1 and other.startswith(word)) or (word.startswith(other) and len(other) == 1)
            ),
            None,
        )
        if match is None:
            return False
        rest.remove(match)
    return bool(few)
