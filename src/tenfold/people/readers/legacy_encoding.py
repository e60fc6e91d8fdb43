"""Text that is not UTF-8: the encoding of Western European Windows, where the letters say so."""

from __future__ import annotations

import codecs

__all__ = ["legacy_encoding", "looks_like_cp1252"]

_LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŠšŽžŒœŸ")
_SIGNS = frozenset("€‚„…‘’“”–—‹›«»¡¿°§·•™©®´º¨ª½¼¾£²³±×\u00a0")
SHARE = 0.25  # of the letters: in Cyrillic or Greek read as cp1252, all words are made of such letters


PIECE = 1 << 22  # bytes that are looked at together


def legacy_encoding(data: bytes) -> str:
    """UTF-8 if that is what a text is, or if nobody can tell; else cp1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), PIECE):
            decoder.decode(data[at : at + PIECE], at + PIECE >= len(data))
    except UnicodeDecodeError:
        return "cp1252" if looks_like_cp1252(data) else "utf-8"
    return "utf-8"


def looks_like_cp1252(data: bytes) -> str | None:
    """The first word with a letter beyond ASCII if the text can be cp1252: such letters stand among plain ones; else None."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [one for one in text if one > "\x7f"]
    if any(one not in _LETTERS and one not in _SIGNS for one in beyond):
        return None
    letters = sum(one.isalpha() for one in text)
    odd = [k for k, one in enumerate(text) if one in _LETTERS]
    if not odd or len(odd) > SHARE * letters:
        return None
    lonely = sum(not (text[max(k - 1, 0) : k].isalpha() or text[k + 1 : k + 2].isalpha()) for k in odd[:1000])
    if lonely > 0.1 * len(odd[:1000]):
        return None
    return next(
        word
        for word in text[max(odd[0] - 40, 0) : odd[0] + 40].replace(";", " ").replace(",", " ").split()
        if text[odd[0]] in word
    )
