"""measure_bonds on 10 million contacts among 100,000 people (Parquet), against a bare Polars group_by over the same file."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

import machine
import tenfold as tf

N, PEOPLE, HALF_LIFE = 10_000_000, 100_000, 30 * 86400


def write(path: Path) -> None:
    """Contacts with near neighbours on a ring, over a year."""
    rng = np.random.default_rng(0)
    a = rng.integers(0, PEOPLE, N)
    b = (a + 1 + np.minimum(rng.geometric(1 / 200, N), PEOPLE - 2)) % PEOPLE
    time = np.sort(rng.integers(1_700_000_000, 1_731_536_000, N))
    frame = pl.DataFrame({"time": time, "a": a, "b": b})
    frame.with_columns(pl.from_epoch("time").cast(pl.Datetime("us", "UTC"))).write_parquet(path)


def bare(path: Path) -> pl.DataFrame:
    """The least that Polars does for the same columns."""
    frame = pl.read_parquet(path)
    age = (pl.col("time") - frame["time"].max()).dt.total_microseconds() / (HALF_LIFE * 1e6)
    return frame.group_by("a", "b").agg(
        strength=(age * math.log(2)).exp().sum(), contacts=pl.len(), first=pl.col("time").min(), last=pl.col("time").max()
    )


def ours(path: Path) -> tf.Bonds:
    """Ours, from the same file."""
    return tf.measure_bonds(tf.Contacts.from_table(pl.read_parquet(path), time="time", a="a", b="b"), HALF_LIFE)


def main() -> None:
    """Time both in turn, then ours alone in a process of its own for its memory."""
    if len(sys.argv) > 1:
        ours(Path(sys.argv[1]))
        print(machine.peak_gb())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.parquet"
        write(path)
        theirs, mine = machine.alternate(lambda: bare(path), lambda: ours(path), 5)
        memory = float(subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, check=True).stdout)
    print(f"{machine.name()}, Polars {pl.__version__}")
    print(
        f"bare group_by {theirs:.2f} s; measure_bonds {mine:.2f} s; ratio {mine / theirs:.2f} (bar: 3); {memory:.2f} GB (bar: 4)"
    )


if __name__ == "__main__":
    main()
