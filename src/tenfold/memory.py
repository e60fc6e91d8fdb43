"""Memory: how much is free for this process, and how much of it a file that is read may take."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["available_memory", "bytes_in_words", "reading_limit"]

READING_SHARE, READING_LEAST = 8, 1_000_000_000
"""Reading a file takes at most so many times its size, or so many bytes, whichever is larger."""

_NO_LIMIT = 2**60  # cgroup v1 writes a number near 2**63 where there is no limit


def available_memory() -> int:
    """Bytes that can be taken now, as far as the system says; all of the machine's memory where it says nothing.

    The least of: what the machine has free, what the control groups of this process have left, and what its own limit of address space
    (``ulimit -v``) leaves.
    """
    found = [*_machine(), *_control_groups(), *_address_space()]
    if not found and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return max(min(found, default=2**62), 0)


def reading_limit(size: int) -> int:
    """Bytes of memory that reading a file of `size` bytes may take.

    Examples
    --------
    >>> reading_limit(1000), reading_limit(10**9)
    (1000000000, 8000000000)
    """
    return max(READING_SHARE * size, READING_LEAST)


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


def _text(path: str | Path) -> str:
    """The text of a small file of the system; empty where there is none."""
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _machine() -> list[int]:
    lines = _text("/proc/meminfo").splitlines()
    return [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]


def _control_groups(root: str = "/sys/fs/cgroup", own: str = "/proc/self/cgroup") -> list[int]:
    """What each control group that this process is in, and those above it, leave: their limit without what is used, caches apart."""
    found = []
    for line in _text(own).splitlines():
        _, kinds, inside = [*line.split(":", 2), "", ""][:3]
        if not kinds or "memory" in kinds.split(","):
            version = 2 if not kinds else 1
            top = Path(root) if version == 2 else Path(root, "memory")
            names = ("memory.max", "memory.current") if version == 2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
            parts = [one for one in inside.split("/") if one and one != ".."]
            for depth in range(len(parts) + 1):
                folder = top.joinpath(*parts[:depth])
                limit, used = (_text(folder / name).strip() for name in names)
                if limit.isdecimal() and used.isdecimal() and int(limit) < _NO_LIMIT:
                    found.append(int(limit) - int(used) + _reclaimable(folder))
    return found


def _reclaimable(folder: Path) -> int:
    """Bytes of files that a control group caches and that make room when memory is asked for."""
    lines = (line.split() for line in _text(folder / "memory.stat").splitlines())
    stat = {name: int(value) for name, value in (line for line in lines if len(line) == 2) if value.isdecimal()}
    return stat.get("total_inactive_file", stat.get("inactive_file", 0))


def _address_space() -> list[int]:
    if sys.platform == "win32":
        return []
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    pages = _text("/proc/self/statm").split()
    if limit == resource.RLIM_INFINITY or not pages:
        return [] if limit == resource.RLIM_INFINITY else [limit]
    return [limit - int(pages[0]) * os.sysconf("SC_PAGE_SIZE")]
