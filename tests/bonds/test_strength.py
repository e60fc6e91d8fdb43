"""Tie decay: the published totals, the definition, and gatherings that stay gatherings."""

import gzip
import time
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.bonds.strength import measure_bonds
from tenfold.errors import DataError, SpecError
from tenfold.people.contacts import PAIRS_UP_TO, Contacts

PEOPLE = st.sampled_from(["ana", "binh", "chi", "دانا", "eve"])
ROWS = st.lists(st.tuples(st.integers(0, 10**7), PEOPLE, PEOPLE), min_size=1, max_size=60)


def contacts_of(rows) -> Contacts:
    frame = pl.DataFrame(rows, schema={"t": pl.Int64, "a": pl.String, "b": pl.String}, orient="row")
    return Contacts.from_table(frame, time="t", a="a", b="b")


@pytest.fixture(scope="module")
def sfhh(shared_data) -> Contacts:
    with gzip.open(shared_data / "contacts" / "sfhh_conference.tij.dat.gz", "rt") as lines:
        rows = [line.split()[:3] for line in lines]
    return contacts_of([(int(t), a, b) for t, a, b in rows])


@pytest.mark.parametrize(("half_life", "total", "largest"), [(3600, 2742.858, 217.222), ("1d", 43230.218, 724.400)])
def test_sfhh_conference(sfhh, half_life, total, largest):
    bonds = measure_bonds(sfhh, half_life=half_life).table
    assert bonds["strength"].sum() == pytest.approx(total, abs=0.001)
    assert bonds.row(0)[:2] == ("1669", "1754")
    assert bonds["strength"][0] == pytest.approx(largest, abs=0.001)
    assert bonds.height == 9565


@settings(deadline=None)
@given(ROWS, st.floats(10, 10**7), st.integers(0, 10**7))
def test_equals_the_definition(rows, half_life, at):
    rows = [row for row in rows if row[1] != row[2]]
    expected = oracle.tie_strength(rows, half_life, at)
    found = measure_bonds(contacts_of(rows), half_life, at).table if rows else pl.DataFrame({"a": [], "b": [], "strength": []})
    assert {(a, b): s for a, b, s in found.select("a", "b", "strength").iter_rows()} == pytest.approx(
        expected, rel=1e-9, abs=1e-10
    )


def test_integers_and_text_give_the_same(sfhh):
    numbers = Contacts(sfhh.table.with_columns(pl.col("a", "b").cast(pl.Int64)))
    one, other = measure_bonds(sfhh, "1h").table, measure_bonds(numbers, "1h").table
    assert other["a"].dtype == pl.Int64
    assert one["strength"].to_list() == pytest.approx(other["strength"].to_list())
    assert one["a"].to_list() == [str(a) for a in other["a"]]


def test_large_and_negative_numbers_are_ids_too():
    frame = pl.DataFrame({"t": [0, 1], "a": [2**40, -5], "b": [-5, 7]})
    table = measure_bonds(Contacts.from_table(frame, time="t", a="a", b="b"), "1h").table
    assert {frozenset(pair) for pair in table.select("a", "b").iter_rows()} == {frozenset((2**40, -5)), frozenset((-5, 7))}


def gathering(sizes: dict[str, int], day: int = 0) -> pl.DataFrame:
    rows = [(day * 86400, name, f"p{k}") for name, size in sizes.items() for k in range(size)]
    return pl.DataFrame(rows, schema=["t", "what", "who"], orient="row")


def test_a_small_gathering_weighs_one_over_n_minus_one_a_pair():
    frame = gathering({"tea": 5})
    bonds = measure_bonds(Contacts.from_gatherings(frame, time="t", person="who", gathering="what")).table
    assert bonds.height == 10
    assert bonds["strength"].to_list() == pytest.approx([0.25] * 10)


def test_five_thousand_at_one_event_make_no_pairs_but_strengthen_bonds():
    frame = gathering({"plenary": 5000})
    held = Contacts.from_gatherings(frame, time="t", person="who", gathering="what")
    direct = contacts_of([(0, "p1", "p2"), (0, "p1", "outsider")])
    began = time.perf_counter()
    bonds = measure_bonds(Contacts(direct.table, held.gatherings)).table
    assert held.gatherings.height == 5000
    assert {tuple(row[:2]): row[2] for row in bonds.iter_rows()} == pytest.approx(
        {("p1", "p2"): 1 + 1 / 4999, ("outsider", "p1"): 1.0}
    )
    assert time.perf_counter() - began < 60  # 12 million pairs would not fit


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_gatherings_of_all_sizes_equal_the_definition(seed):
    rng = np.random.default_rng(seed)
    sizes = {f"g{k}": int(rng.integers(2, 45)) for k in range(6)}
    frame = pl.concat([gathering({name: size}, day) for day, (name, size) in enumerate(sizes.items())])
    held = Contacts.from_gatherings(frame, time="t", person="who", gathering="what")
    table = measure_bonds(held, half_life="2d", at=6 * 86400).table
    expected: dict[tuple[str, str], float] = {}
    for limit in (range(2, PAIRS_UP_TO + 1), range(PAIRS_UP_TO + 1, 10**6)):
        for day, size in enumerate(sizes.values()):
            if size in limit:
                for i in range(size):
                    for j in range(i + 1, size):
                        pair = tuple(sorted((f"p{i}", f"p{j}")))
                        if size <= PAIRS_UP_TO or pair in expected:
                            expected[pair] = expected.get(pair, 0) + 2.0 ** (-(6 - day) / 2) / (size - 1)
    assert {(a, b): s for a, b, s in table.select("a", "b", "strength").iter_rows()} == pytest.approx(expected)


def test_poisson_contacts_have_the_mean_and_variance_of_the_theory():
    """Mean λ/α and variance λ/(2α), 4,000 bonds: z-scores of both."""
    rng = np.random.default_rng(11)
    n, rate, half_life, span = 4000, 1 / 20, 30.0, 1000.0
    counts = rng.poisson(rate * span, n)
    times = rng.random(counts.sum()) * span
    frame = pl.DataFrame({"t": times, "a": np.repeat(np.arange(n), counts), "b": np.repeat(np.arange(n) + n, counts)})
    strength = measure_bonds(Contacts.from_table(frame, time="t", a="a", b="b"), half_life, at=span).table["strength"].to_numpy()
    alpha = np.log(2) / half_life
    assert abs(strength.mean() - rate / alpha) < 4 * np.sqrt(rate / (2 * alpha) / n)
    assert strength.var() == pytest.approx(rate / (2 * alpha), rel=0.12)


def test_later_contacts_do_not_count():
    rows = [(0, "ana", "binh"), (100, "ana", "binh"), (200, "ana", "chi")]
    table = measure_bonds(contacts_of(rows), 100, at=100).table
    assert table.select("a", "b", "strength", "contacts").rows() == [("ana", "binh", 1.5, 2)]


@pytest.mark.parametrize("half_life", [0, -1, "soon", None, float("nan"), timedelta(0), True])
def test_a_half_life_that_is_none_is_refused(half_life):
    with pytest.raises(SpecError, match=r"half_life is .*expected a positive duration"):
        measure_bonds(contacts_of([(0, "a", "b")]), half_life)


def test_no_contacts_need_a_moment():
    with pytest.raises(DataError, match="there are none"):
        measure_bonds(contacts_of([]))
    assert len(measure_bonds(contacts_of([]), at="2026-01-01")) == 0
