"""Control characters in text that others wrote: shown escaped, so that no terminal acts on them and no line hides a part of itself."""

from __future__ import annotations

import re

__all__ = ["printable"]

# C0 and C1 controls, DEL, line and paragraph separators, bidi controls, lone surrogates, the byte-order mark
_HIDDEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff]"
)


def printable(text: str, *, keep: str = "") -> str:
    """The text with control characters escaped, but for those in `keep`.

    Examples
    --------
    >>> printable("Ana\\x1b[2J\\u202eBinh")
    'Ana\\\\x1b[2J\\\\u202eBinh'
    """
    return _HIDDEN.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(letter) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
