"""Memory: what there is, and a clear word before more is taken than that."""

from __future__ import annotations

import os
from pathlib import Path

from tenfold.errors import BackendError

__all__ = ["available", "claim", "size_words"]


def available() -> int:
    """Bytes that can be taken now, as far as the system says; without a word from it, all that it has."""
    found = []
    for name, scale in (("/proc/meminfo", 1024), ("/sys/fs/cgroup/memory.max", 1)):
        try:
            text = Path(name).read_text(encoding="ascii")
        except OSError:
            continue
        if scale == 1024:
            found += [int(line.split()[1]) * scale for line in text.splitlines() if line.startswith("MemAvailable:")]
        elif text.strip().isdigit():
            found.append(int(text))
    if not found and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=2**62)


def claim(wanted: int, what: str) -> None:
    """Refuse what needs more memory than there is.

    Raises
    ------
    BackendError
        What was asked for, how much it needs, and how much there is.
    """
    there = available()
    if wanted > there:
        raise BackendError(f"{what} need {size_words(wanted)} of memory; {size_words(there)} are free. Ask for fewer.")


def size_words(count: float) -> str:
    """Bytes as people read them.

    Examples
    --------
    >>> size_words(600_000), size_words(8.2e9)
    ('600 kB', '8.2 GB')
    """
    unit = "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if count < 1000 or unit == "TB":
            break
        count /= 1000
    return f"{count:.2g} {unit}" if count < 100 else f"{count:.0f} {unit}"
