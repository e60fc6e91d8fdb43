"""The owner of the write lock on the community file: a record beside it, so that a process that waits can say for whom."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["LockOwner"]


class LockOwner:
    """The record ``<file>-holder``. SQLite holds the lock itself; this names the process that has it.

    The process is identified by its number and its start time, so a record that a killed process left behind is recognised as stale.
    """

    def __init__(self, db: Path) -> None:
        self.path = db.with_name(db.name + "-holder")

    def record(self, command: str) -> None:
        """Record this process as the owner: it has the lock. Failing to write the record is no reason to stop."""
        pid = os.getpid()
        entry = {"pid": pid, "began": _start_time(pid), "command": command, "since": datetime.now(UTC).strftime("%H:%M:%S UTC")}
        fresh = self.path.with_name(f"{self.path.name}.part")
        try:
            fresh.unlink(missing_ok=True)  # what a killed process left; a link there is not followed
            with open(fresh, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
                stream.write(json.dumps(entry))
            fresh.replace(self.path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete the record."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return

    def clear_own(self) -> None:
        """Delete the record if it names this process."""
        if self.describe().startswith(f"process {os.getpid()} "):
            self.clear()

    def describe(self) -> str:
        """The owner in words; "another process" where the record is missing, stale or unreadable."""
        try:
            entry = json.loads(self.path.open(encoding="utf-8").read(2000))
            pid, began, command, since = int(entry["pid"]), entry["began"], str(entry["command"])[:80], str(entry["since"])[:20]
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
        if _start_time(pid) is None or _start_time(pid) != began:
            return "another process"
        return f"process {pid} ({command}, since {since})"


def _start_time(pid: int) -> str | None:
    """When a process started, in the clock of its system; None if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        pass
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return "running"
