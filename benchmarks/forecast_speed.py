"""Time and memory of forecasts of a large community: `python benchmarks/forecast_speed.py [PEOPLE CONTACTS]` (100,000 and 10 million)."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl

import machine
from tenfold.forecast.future import foresee
from tenfold.forecast.predict import predict_bonds, predict_people
from tenfold.people.contacts import Contacts

DAY = 86400
DAYS = 730


def community(people: int, contacts: int, seed: int = 0) -> Contacts:
    """Pairs near each other on a ring, of very unlike strength; each person is there from a day of their own to another."""
    rng = np.random.default_rng(seed)
    joined = rng.uniform(0, DAYS * 0.7, people)
    stays = rng.exponential(DAYS / 2, people) + 7
    pairs = people * 6
    a = rng.integers(0, people, pairs)
    b = (a + 1 + rng.geometric(0.05, pairs)) % people
    weight = rng.lognormal(0, 1.5, pairs)
    which = np.repeat(np.arange(pairs), rng.multinomial(contacts, weight / weight.sum()))
    begin = np.maximum(joined[a], joined[b])[which]
    end = np.minimum(np.minimum((joined + stays)[a], (joined + stays)[b])[which], DAYS)
    when = begin + rng.random(len(which)) * np.maximum(end - begin, 1)
    frame = pl.DataFrame({"t": (when * DAY).astype(np.int64), "a": a[which], "b": b[which]})
    return Contacts.from_table(frame.sample(fraction=1.0, shuffle=True, seed=seed), time="t", a="a", b="b")


def main() -> None:
    """Seconds of each forecast, and the most memory so far."""
    people, contacts = (int(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 10_000_000)
    record = community(people, contacts)
    at = record.last()
    print(machine.name())
    print(f"{people:,} people, {len(record):,} contacts; made with {_memory():.2f} GB")
    total = 0.0
    forecasts: tuple[tuple[str, Callable[..., pl.DataFrame]], ...] = (("people", predict_people), ("bonds", predict_bonds))
    for name, forecast in forecasts:
        begin, work = time.perf_counter(), time.process_time()
        found = forecast(record, at=at, horizon="90d")
        took, worked = time.perf_counter() - begin, time.process_time() - work
        total += took
        print(
            f"{name}: {found.height:,} chances in {took:.1f} s ({worked:.1f} s of processors); most memory so far {_memory():.2f} GB",
            flush=True,
        )
    print(f"both: {total:.1f} s (bar: 30 s and 3 GB)")
    small = community(people // 10, contacts // 10)
    begin, work = time.perf_counter(), time.process_time()
    foresee(small, small.last())
    took, worked = time.perf_counter() - begin, time.process_time() - work
    print(
        f"fit of a plan, {people // 10:,} people, {len(small):,} contacts: {took:.1f} s ({worked:.1f} s of processors; bar: 3 s)"
    )


def _memory() -> float:
    """Most resident memory of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
