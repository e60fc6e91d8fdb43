"""Who holds the community file: a note beside it, so that whoever waits can be told."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["Holder"]


class Holder:
    """The note ``<file>-holder``. It names a process by number and start, so that one left by a killed process deceives nobody."""

    def __init__(self, db: Path) -> None:
        self.path = db.with_name(db.name + "-holder")

    def write(self, command: str) -> None:
        """Say that this process holds the file; a note that cannot be written is no reason to stop."""
        pid = os.getpid()
        note = {"pid": pid, "began": _began(pid), "command": command, "since": datetime.now(UTC).strftime("%H:%M:%S UTC")}
        fresh = self.path.with_name(f"{self.path.name}.{pid}")
        try:
            fresh.write_text(json.dumps(note), encoding="utf-8")
            fresh.replace(self.path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def clear(self) -> None:
        """Take the note away."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return

    def who(self) -> str:
        """Who holds the file, in words."""
        try:
            note = json.loads(self.path.read_text(encoding="utf-8"))
            pid, began, command, since = int(note["pid"]), note["began"], str(note["command"])[:80], str(note["since"])[:20]
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
        if _began(pid) is None or _began(pid) != began:
            return "another process"
        return f"process {pid} ({command}, since {since})"


def _began(pid: int) -> str | None:
    """When a process began, as its system counts; None if there is none."""
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
