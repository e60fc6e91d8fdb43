"""What is learned of planned contacts, in made-up communities where their effect is known: python benchmarks/learning.py [RUNS]."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np

import machine
from planned_communities import planned_community
from tenfold.forecast.planned_bonds import associate_planned

EFFECTS = {"none": 0.0, "half": 0.5, "full": 1.0}


def main(runs: int) -> None:
    """Print one row for each effect."""
    print(machine.name())
    print("| effect | points more alive, true | learned | interval covers | interval above 0 | bonds planned | runs |")
    print("|---|---|---|---|---|---|---|")
    for name, effect in EFFECTS.items():
        made = [planned_community(seed, effect) for seed in range(runs)]
        found = [associate_planned(one.contacts, one.tasks).row(0, named=True) for one in made]
        truth = float(np.mean([one.truth for one in made]))
        covers = np.mean([row["low"] <= truth <= row["high"] for row in found])
        above = np.mean([row["low"] > 0 for row in found])
        mean, planned = (np.mean([row[what] for row in found]) for what in ("difference", "planned"))
        cells = (name, f"{100 * truth:+.1f}", f"{100 * mean:+.1f}", f"{covers:.1%}", f"{above:.0%}", f"{planned:.0f}", str(runs))
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
