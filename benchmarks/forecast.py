"""Forecasts replayed on communities whose later fate is known: every cut, and each measure beside its bar.

`python benchmarks/forecast.py [SET …]` reads the folder that TENFOLD_SHARED names, or ../shared.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

import machine
from tenfold.forecast.backtest import same_cases
from tenfold.forecast.bond_features import add_ends, neighbourhood
from tenfold.forecast.direct import forecast_bonds, forecast_people
from tenfold.forecast.features import Cases, Target, measure_cases, windows_of
from tenfold.forecast.histories import DAY, Community, community_of
from tenfold.forecast.models.logistic import fit_logistic
from tenfold.forecast.origins import past_of
from tenfold.forecast.scores import Score, area_under_curve, score
from tenfold.forecast.statements import WEEK, came, make_statement
from tenfold.people.contacts import Contacts

Floats = NDArray[np.float64]
Observe = Callable[[int], tuple[Cases, NDArray[np.bool_]]]
DATA = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
COLLEGE = 1082040961
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str) -> int:
    """Seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


CUTS = {
    "lean_chat": [moment(d) for d in ("2020-08-01", "2021-08-01", "2022-08-01", "2023-02-01", "2023-08-01", "2024-02-01")],
    "r_devel": [moment(f"{year}-01-01") for year in (2003, 2006, 2009, 2012, 2015, 2018)],
    "r_sig_geo": [moment(f"{year}-01-01") for year in (2009, 2011, 2013, 2015, 2017)],
    "collegemsg": [COLLEGE + DAY * day for day in (45, 75, 100)],
}
SHORT = {"sfhh": [DAY], "invs13": [DAY * (day + 1) for day in (0, 1, 2, 3, 7, 8, 9, 10)]}


def load(name: str) -> Contacts:
    """Contacts of a set; a message is a contact with its parent, or with the last one of somebody else in the topic, within a day."""
    if name == "lean_chat":
        bots = [int(line) for line in (DATA / "messages/lean_chat_bots.txt").read_text().split()]
        table = pl.read_csv(DATA / "messages/lean_chat_until_2025-02.csv.gz").filter(~pl.col("user").is_in(bots))
        topic = ("stream", "topic")
        table = table.sort(*topic, "t", maintain_order=True).with_columns(
            before=pl.col("user").shift(1).over(topic), since=pl.col("t").shift(1).over(topic)
        )
        changed = pl.when(pl.col("before") != pl.col("user"))
        table = table.with_columns(
            other=changed.then("before").forward_fill().over(topic), when=changed.then("since").forward_fill().over(topic)
        )
        table = table.filter((pl.col("other") != pl.col("user")) & (pl.col("t") - pl.col("when") <= DAY))
        table = table.select(time="t", a="user", b="other")
    elif name.startswith("r_"):
        table = pl.read_csv(DATA / f"messages/{name}_list.csv.gz")
        answered = table.select(pl.col("msg").alias("parent"), b="user")
        table = table.join(answered, on="parent").filter(pl.col("user") != pl.col("b")).select(time="t", a="user", b="b")
    elif name == "collegemsg":
        rows = np.loadtxt(DATA / "messages/collegemsg.txt.gz", dtype=np.int64)
        table = pl.DataFrame({"time": rows[:, 2], "a": rows[:, 0], "b": rows[:, 1]})
    else:
        file = {"sfhh": "sfhh_conference", "invs13": "invs13_workplace"}[name]
        rows = np.loadtxt(DATA / f"contacts/{file}.tij.dat.gz", dtype=np.int64, usecols=(0, 1, 2))
        table = pl.DataFrame({"time": rows[:, 0], "a": rows[:, 1], "b": rows[:, 2]})
    return Contacts.from_table(table, time="time", a="a", b="b")


def line_of_people(known: Community, target: Target) -> Floats:
    """The logistic line on (n, recency, tenure, n30, n90, n365), from three origins a horizon apart."""
    people, windows = known.people, (30 * DAY, 90 * DAY, 365 * DAY)

    def observe(at: int) -> tuple[Cases, NDArray[np.bool_]]:
        part = measure_cases(people, at, windows, DAY)
        return part, target.came(people, at, part.case)

    now = observe(people.last)[0]
    wanted = ("silence", "tenure", "events", *(f"events_{window}" for window in windows))
    return _fitted(now, wanted, people.last, people.epoch, target, observe)


def line_of_bonds(known: Community, target: Target) -> Floats:
    """A logistic on the pair (n, recency, tenure), degrees, Adamic–Adar and Jaccard, from three origins a horizon apart."""
    pairs, people, around = known.pairs, known.people, neighbourhood(known)
    windows, unit = windows_of(target, max(pairs.last - pairs.epoch, 1)), DAY

    def observe(at: int) -> tuple[Cases, NDArray[np.bool_]]:
        own, ends = (measure_cases(one, at, windows, unit) for one in (pairs, people))
        part = add_ends(own, ends, np.zeros(len(ends)), around, at, target)
        return part, target.came(pairs, at, part.case)

    now = observe(pairs.last)[0]
    wanted = ("silence", "events", "tenure", "smaller_degree", "larger_degree", "adamic_adar", "jaccard")
    return _fitted(now, wanted, pairs.last, pairs.epoch, target, observe)


def _fitted(now: Cases, wanted: tuple[str, ...], at: int, first: int, target: Target, observe: Observe) -> Floats:
    """Chances of a logistic line on the `wanted` features, (cases), learned at three earlier moments; NaN where there is none."""
    moments = tuple(at - k * target.horizon for k in (1, 2, 3) if at - k * target.horizon > first + target.horizon // 4)
    if not moments:
        return np.full(len(now), np.nan)
    past = past_of(moments, target, 1e18, observe)
    return fit_logistic(past, tuple(now.names.index(one) for one in wanted), hinges=0).chances(now)


@dataclass
class Rows:
    """Rows of the tables: people, page totals, bonds, short records."""

    people: list[dict[str, object]] = field(default_factory=list)
    page: list[dict[str, object]] = field(default_factory=list)
    bonds: list[dict[str, object]] = field(default_factory=list)
    short: list[dict[str, object]] = field(default_factory=list)


def main() -> None:
    """Every cut, then the summary."""
    wanted, rows = sys.argv[1:] or [*CUTS, *SHORT], Rows()
    print(machine.name())
    for name in wanted:
        contacts = load(name)
        full = community_of(contacts)
        for at in CUTS.get(name, []):
            known = community_of(contacts, datetime.fromtimestamp(at, UTC))
            for what, row in _long(name, full, known, at):
                getattr(rows, what).append(row)
                print(what, *(f"{value:.4g}" if isinstance(value, float) else value for value in row.values()), flush=True)
        for at in SHORT.get(name, []):
            known = community_of(contacts, datetime.fromtimestamp(at, UTC))
            row = _short(name, full, known, at)
            rows.short.append(row)
            print("short", *(f"{value:.4g}" if isinstance(value, float) else value for value in row.values()), flush=True)
    summarise(rows)


def _long(name: str, full: Community, known: Community, at: int) -> Iterator[tuple[str, dict[str, object]]]:
    """People within 90 and 365 days (CollegeMsg: 30), page totals at 12 and 52 weeks (4), bonds within 90 days (30)."""
    date, short = datetime.fromtimestamp(at, UTC).date().isoformat(), name == "collegemsg"
    for days in (30,) if short else (90, 365):
        target = Target(days * DAY)
        if at + target.horizon > full.people.last:
            continue
        found = forecast_people(known, at, target)
        truth = target.came(full.people, at, same_cases(full, known, found.case, bonds=False))
        line = line_of_people(known, target)
        loss = (found.chance - truth) ** 2 - (line - truth) ** 2
        yield (
            "people",
            {"set": name, "at": date, "days": days}
            | _beside(score(found.chance, truth), score(line, truth))
            | {
                "auc_error": _error_of_auc(found.chance, line, truth),
                "brier_error": float(loss.std() / len(loss) ** 0.5),
                "model": found.model,
            },
        )
    for weeks in (4,) if short else (12, 52):
        if at + weeks * WEEK <= full.people.last:
            said = make_statement(known, at, weeks)
            got = came(full, at, said.end, said.window)
            mean, low, high = said.band
            yield (
                "page",
                {
                    "set": name,
                    "at": date,
                    "weeks": weeks,
                    "window": said.window,
                    "came": got,
                    "mean": mean,
                    "low": low,
                    "high": high,
                    "held": low <= got <= high,
                    "ln": float(np.log((mean + 0.5) / (got + 0.5))),
                    "drift": "; ".join(said.drift),
                },
            )
    target = Target((30 if short else 90) * DAY)
    found = forecast_bonds(known, at, target)
    truth = target.came(full.pairs, at, same_cases(full, known, found.case, bonds=True))
    yield (
        "bonds",
        {"set": name, "at": date}
        | _beside(score(found.chance, truth), score(line_of_bonds(known, target), truth))
        | {"model": found.model},
    )


def _beside(mine: Score, line: Score) -> dict[str, object]:
    return {
        "came": mine.came,
        "expected": mine.expected,
        "auc": mine.auc,
        "line_auc": line.auc,
        "brier": mine.brier,
        "line_brier": line.brier,
        "ece": mine.ece,
        "ln": mine.log_ratio,
        "line_ln": line.log_ratio,
    }


def _error_of_auc(one: Floats, other: Floats, truth: NDArray[np.bool_], rounds: int = 40) -> float:
    """Standard error of the difference of two areas: bootstrap over cases."""
    rng, found = np.random.default_rng(0), []
    for _ in range(rounds):
        rows = rng.integers(0, len(truth), len(truth))
        found.append(area_under_curve(one[rows], truth[rows]) - area_under_curve(other[rows], truth[rows]))
    return float(np.nanstd(found))


def _short(name: str, full: Community, known: Community, at: int) -> dict[str, object]:
    """The next day, beside the best single feature, which is chosen with hindsight."""
    target = Target(DAY)
    found = forecast_people(known, at, target)
    truth = target.came(full.people, at, same_cases(full, known, found.case, bonds=False))
    mine = score(found.chance, truth)
    cases = measure_cases(known.people, known.people.last, windows_of(target, known.people.last - known.people.epoch), DAY // 100)
    single = [area_under_curve(sign * column.astype(float), truth) for column in cases.features.T for sign in (1, -1)]
    return {
        "set": name,
        "day": at // DAY,
        "came": mine.came,
        "expected": mine.expected,
        "auc": mine.auc,
        "best_single": max(single),
        "ln": mine.log_ratio,
        "model": found.model,
    }


def summarise(rows: Rows) -> None:
    """Each measure beside its bar."""
    people, page, bonds, short = (
        pl.DataFrame(one, infer_schema_length=None) for one in (rows.people, rows.page, rows.bonds, rows.short)
    )
    for days in (30, 90, 365) if people.height else ():
        part = people.filter(days=days)
        below = (pl.col("line_auc") - pl.col("auc") > 2 * pl.col("auc_error")) | (
            pl.col("brier") - pl.col("line_brier") > 2 * pl.col("brier_error")
        )
        if part.height:
            mean = {name: part[name].mean() for name in ("auc", "line_auc", "brier", "line_brier", "ece")}
            totals = [part[name].abs().mean() for name in ("ln", "line_ln")]
            print(
                f"| people {days} d, {part.height} cuts | AUC {mean['auc']:.4f} (line {mean['line_auc']:.4f}),",
                f"Brier {mean['brier']:.4f} ({mean['line_brier']:.4f}), below beyond doubt on {part.filter(below).height};",
                f"ECE {mean['ece']:.3f}; totals {totals[0]:.3f} (line {totals[1]:.3f}) | ECE .03, .045; totals .06, .09 |",
            )
    for weeks, bar in ((4, "–"), (12, ".06"), (52, ".12")) if page.height else ():
        part = page.filter(weeks=weeks)
        if part.height:
            out = part.filter((pl.col("ln").abs() > np.log(1.25)) & (pl.col("drift") == "")).height
            median = part["ln"].abs().median()
            print(
                f"| page totals, {weeks} weeks, {part.height} cuts | median {median:.3f}; outside 1.25 unannounced: {out} | {bar} |"
            )
    if page.height:
        print(f"| bands of 90 %, {page.height} | {page['held'].mean():.0%} hold | 80 to 97 % |")
    if bonds.height:
        gain, above = (bonds["auc"] - bonds["line_auc"]).mean(), (bonds["brier"] > bonds["line_brier"]).sum()
        brier = f"Brier {bonds['brier'].mean():.4f} ({bonds['line_brier'].mean():.4f}), above on {above}"
        print(
            f"| bonds, {bonds.height} cuts | AUC {bonds['auc'].mean():.4f}, {gain:+.4f} on the line; {brier} | +.02; not above |"
        )
    if short.height:
        best = (short["auc"] >= short["best_single"] - 1e-9).sum()
        held = (short["ln"].abs() < np.log(1.3)).sum()
        means = f"mean {short['auc'].mean():.3f} ({short['best_single'].mean():.3f})"
        print(
            f"| short, {short.height} cuts | AUC not below the best single feature's: {best}, {means}; within 1.3: {held} | all |"
        )


if __name__ == "__main__":
    main()
