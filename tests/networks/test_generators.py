"""Random graphs against the degrees and levels that they promise."""

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.networks.generators import (
    barabasi_albert,
    configuration,
    erdos_renyi,
    nested_tens,
    regular,
    stochastic_block,
    watts_strogatz,
)
from tenfold.networks.graph import Graph


def ends_of(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(graph.n), graph.degree()), graph.other


def test_random_graphs_have_the_degrees_they_promise():
    n = 20_000
    poisson = erdos_renyi(n, 6.0, seed=1).degree()
    assert abs(poisson.mean() - 6) < 0.01
    assert poisson.var() == pytest.approx(6, rel=0.05)
    wanted = np.random.default_rng(0).integers(0, 9, n)
    wanted[0] += wanted.sum() % 2
    found = configuration(wanted, seed=1).degree()
    assert (found <= wanted).all()
    assert (wanted - found).sum() < 60
    assert np.bincount(regular(n, 4, seed=1).degree())[4] > n - 30
    ring = watts_strogatz(n, 6, 0.1, seed=1)
    assert ring.degree().mean() == 6
    blocks = stochastic_block([n // 2, n // 2], [[8, 1], [1, 8]], seed=1)
    inside = np.repeat(np.arange(n) < n // 2, blocks.degree()) == (blocks.other < n // 2)
    assert inside.mean() == pytest.approx(8 / 9, abs=0.01)


def test_preferential_attachment_follows_its_law():
    n, ties = 50_000, 3
    graph = barabasi_albert(n, ties, seed=1)
    assert graph.arcs == 2 * (n - ties) * ties
    assert not graph.parallel()
    near, far = ends_of(graph)
    assert (np.bincount(near[far < near], minlength=n)[ties:] == ties).all()  # everybody ties to `ties` earlier people
    degree = graph.degree()
    for k in (3, 4, 5, 8):  # P(k) = 2m(m + 1) / (k(k + 1)(k + 2)): Bollobás et al. 2001, doi:10.1002/rsa.1009
        share = 2 * ties * (ties + 1) / (k * (k + 1) * (k + 2))
        assert np.mean(degree == k) == pytest.approx(share, abs=4 * np.sqrt(share / n))
    assert barabasi_albert(4, 3).arcs == 6
    assert barabasi_albert(2, 1).arcs == 2


@pytest.mark.parametrize(("alpha", "n"), [(1.0, 1000), (0.0, 1000), (-2.0, 1000), (0.5, 105)])
def test_nested_tens_have_their_levels(alpha, n):
    found, expected = np.zeros(3), np.zeros(3)
    for person in range(n):
        sizes = [min(n, (person // 10**x + 1) * 10**x) - person // 10**x * 10**x for x in range(4)]
        chance = np.array([np.exp(-alpha * x) * (sizes[x] > sizes[x - 1]) for x in (1, 2, 3)])
        expected += chance / chance.sum() / n
    for seed in range(60):  # few edges each, so that hardly one is drawn twice
        graph = nested_tens(n, 0.2, alpha=alpha, seed=seed)
        near, far = ends_of(graph)
        near, far = near[near < far], far[near < far]
        level = 1 + (near // 10 != far // 10) + (near // 100 != far // 100)
        found += np.bincount(level, minlength=4)[1:]
    assert found / found.sum() == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(found.sum()))


def test_nested_tens_reach_everybody_alike():
    graph = nested_tens(1000, 2.0, alpha=-np.log(10), seed=3)
    blocks = np.bincount(graph.other // 100, minlength=10)
    assert blocks == pytest.approx(graph.arcs / 10, abs=5 * np.sqrt(graph.arcs / 10))
    last = nested_tens(101, 4.0, alpha=500.0, seed=1)  # person 100 is alone in the last ten and the last hundred
    assert last.degree()[100] > 0
    assert not last.parallel()
    near, far = ends_of(last)
    assert (near // 10 == far // 10)[(near != 100) & (far != 100)].all()


def test_blocks_may_be_empty():
    assert stochastic_block([0, 4, 0], np.ones((3, 3))).n == 4


@pytest.mark.parametrize(
    "make",
    [
        lambda s: erdos_renyi(500, 5.0, seed=s),
        lambda s: regular(500, 4, seed=s),
        lambda s: watts_strogatz(500, 4, 0.5, seed=s),
        lambda s: barabasi_albert(500, 3, seed=s),
        lambda s: nested_tens(500, 5.0, base=5, seed=s),
    ],
)
def test_same_seed_same_graph(make):
    assert (make(1).other == make(1).other).all()
    assert not np.array_equal(make(1).other, make(2).other)


@pytest.mark.parametrize(
    "make",
    [
        lambda: barabasi_albert(5, 5),
        lambda: barabasi_albert(5, 0),
        lambda: barabasi_albert(2**30, 2**10),
        lambda: nested_tens(1, 0.5),
        lambda: nested_tens(10, 10.0),
        lambda: nested_tens(10, 2.0, alpha=np.nan),
        lambda: nested_tens(10, 2.0, alpha="1"),
        lambda: nested_tens(10, 2.0, base=1),
        lambda: erdos_renyi(1, 1),
        lambda: erdos_renyi(10, -1),
        lambda: erdos_renyi(10, "4"),
        lambda: erdos_renyi(2**31 - 1, 1e6),
        lambda: regular(10, 10),
        lambda: configuration([1]),
        lambda: configuration([[1], [1, 2]]),
        lambda: configuration([2**31, 2**31]),
        lambda: watts_strogatz(10, 4, 2.0),
        lambda: watts_strogatz(2**30, 2**10, 0.1),
        lambda: stochastic_block([[1]], [[1.0]]),
        lambda: stochastic_block([5, "x"], [[1.0]]),
        lambda: stochastic_block([], np.zeros((0, 0))),
        lambda: stochastic_block([2**30, 2**30], [[9.0, 1.0], [1.0, 9.0]]),
    ],
)
def test_bad_arguments(make):
    with pytest.raises(SpecError):
        make()
