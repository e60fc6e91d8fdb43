"""Languages by name or code, in the languages of the vocabulary, as their English names."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["language_names", "split_list"]

SPOKEN_IN = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "he", "ar", "vi")
_PREFIX = re.compile(r"^(?:tiếng|język|язык|мова|lingua|langue|idioma) ")
_SEPARATORS = re.compile(r"\s*[|;,/、،؛\n]\s*")


def split_list(text: str) -> list[str]:
    """The parts of a cell that lists several things, between ``|``, ``;``, ``,`` or ``/``; each once."""
    return list(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def language_names(text: str) -> str:
    """The languages of a cell as English names, the first one best, with ``|`` between; what is none that is known stays as it is.

    Examples
    --------
    >>> language_names("EN; vietnamesisch / pt-BR")
    'English|Vietnamese|Portuguese'
    """
    known = _known()
    found = (known.get(_key(part)) or known.get(re.split(r"[-_(]", _key(part))[0].strip()) or part for part in split_list(text))
    return "|".join(dict.fromkeys(found))


def _key(text: str) -> str:
    return _PREFIX.sub("", " ".join(text.casefold().split()))


@cache
def _known() -> dict[str, str]:
    """English name by code and by name in any of the languages."""
    from babel import Locale

    english = Locale("en").languages
    known: dict[str, str] = {}
    for code, name in english.items():
        if "_" not in code:
            known[code.casefold()] = name
    for three, two in _three_letters().items():
        known.setdefault(three, english[two])
    for spoken in SPOKEN_IN:
        for code, name in Locale(spoken).languages.items():
            if "_" not in code and code in english:
                known.setdefault(_key(name), english[code])
    return known


def _three_letters() -> dict[str, str]:
    """Codes of three letters that spreadsheets and exports use for languages of two."""
    return {
        "eng": "en",
        "deu": "de",
        "ger": "de",
        "fra": "fr",
        "fre": "fr",
        "spa": "es",
        "por": "pt",
        "ita": "it",
        "nld": "nl",
        "dut": "nl",
        "pol": "pl",
        "rus": "ru",
        "ukr": "uk",
        "heb": "he",
        "ara": "ar",
        "vie": "vi",
        "zho": "zh",
        "chi": "zh",
    }
