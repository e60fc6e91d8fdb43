"""How long `tenfold claims` takes, and what it finds: the table of `benchmarks/claims.md`.

uv run python benchmarks/claims.py            # --quick: at most 2 minutes on 2 cores
uv run python benchmarks/claims.py --full     # at most 30 minutes
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

import machine
from tenfold import claims

BARS = {"quick": 120, "full": 1800}


def main(mode: str) -> None:
    """Print the machine, the times and the table, as Markdown."""
    began = time.perf_counter()
    found = claims(mode=mode, progress=lambda words: print(words, file=sys.stderr))
    took = time.perf_counter() - began
    print(f"## `tenfold claims --{mode}`\n")
    print(f"{machine.name()}; {datetime.now(UTC):%B %Y}; seed 0, tenfold {found.provenance['tenfold']}.")
    print(
        f"{took:.0f} s (bar: {BARS[mode]} s), {time.process_time():.0f} s of processor time, {machine.peak_gb():.1f} GB at most;"
    )
    print(f"others at work on the machine: load {os.getloadavg()[2]:.1f} in the last quarter of an hour.\n")
    print("| claim | statement | verdict | number | measure | replicates | s |")
    print("|---|---|---|---|---|---|---|")
    for row in found.table.iter_rows(named=True):
        number = f"{row['estimate']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
        cells = [
            row["claim"],
            row["statement"],
            row["verdict"],
            number,
            row["measure"],
            row["replicates"],
            f"{row['seconds']:.1f}",
        ]
        print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main("full" if "--full" in sys.argv[1:] else "quick")
