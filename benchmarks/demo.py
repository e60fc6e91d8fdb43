"""`tenfold demo`: seconds of the first run (an empty kernel cache) and of later ones; and of one small command, warm."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

import machine

TENFOLD = [sys.executable, "-c", "from tenfold.app.cli import main; main()"]


def main() -> None:
    """Once with an empty cache, then five times with a full one."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TENFOLD_CACHE": folder}

        def demo() -> float:
            with tempfile.TemporaryDirectory() as place:
                command = [*TENFOLD, "demo", "--no-open", "--folder", f"{place}/demo"]
                return machine.seconds(lambda: subprocess.run(command, check=True, capture_output=True, env=environment))

        first, later = demo(), [demo() for _ in range(5)]
        helps = [machine.seconds(lambda: subprocess.run([*TENFOLD, "--help"], check=True, capture_output=True)) for _ in range(5)]
    print(machine.name())
    print(
        f"first run {first:.1f} s (bar: 25), later {statistics.median(later):.1f} s (bar: 10); --help {statistics.median(helps):.2f} s"
    )


if __name__ == "__main__":
    main()
