"""Memory: how much is free, and a clear error before more is taken than that."""

from __future__ import annotations

import os
from pathlib import Path

from tenfold.errors import BackendError

__all__ = ["available_memory", "bytes_in_words", "require_memory"]


def available_memory() -> int:
    """Bytes that can be taken now, as far as the system says; all of the machine's memory where it says nothing."""
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


def require_memory(needed: int, what: str) -> None:
    """Refuse what needs more memory than is free.

    Raises
    ------
    BackendError
        What was asked for, how much it needs, and how much is free.
    """
    free = available_memory()
    if needed > free:
        raise BackendError(f"{what} need {bytes_in_words(needed)} of memory; {bytes_in_words(free)} are free. Ask for fewer.")


def bytes_in_words(count: float) -> str:
    """A number of bytes with its unit.

    Examples
    --------
    >>> bytes_in_words(600_000), bytes_in_words(8.2e9)
    ('600 kB', '8.2 GB')
    """
    unit = "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if count < 1000 or unit == "TB":
            break
        count /= 1000
    return f"{count:.2g} {unit}" if count < 100 else f"{count:.0f} {unit}"
