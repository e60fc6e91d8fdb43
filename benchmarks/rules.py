"""Random communities, each planned twice, and the rules of the plan checked by code of its own: python benchmarks/rules.py [COUNT]."""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from plan_communities import DAY, random_community
from plan_rules import broken_rules
from tenfold.plan.plan import make_plan


def main(count: int) -> None:
    """Print what was broken and unsaid, and how many communities there were."""
    rng, broken = random.Random(0), 0
    for seed in range(count):
        people, contacts, load = random_community(rng.choice([2, 3, 5, 11, 13, 20, 40, 80, 200]), seed)
        plan = make_plan(people, contacts, at=61 * DAY, replicates=2, load=load)
        again = make_plan(people, contacts, at=62 * DAY, replicates=2, load=load, previous=plan.tables())
        found = [*broken_rules(people, plan, load), *broken_rules(people, again, load)]
        broken += bool(found)
        if found:
            print(f"community {seed}, {len(people)} people: {'; '.join(found[:5])}", flush=True)
        if seed % 50 == 49:
            print(f"{seed + 1} communities so far, {broken} broken", flush=True)
    print(f"{count} communities: {broken} with a rule that is broken and unsaid")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
