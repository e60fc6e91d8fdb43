"""How much memory there is, and that it is asked for before it is taken."""

import numpy as np
import pytest

import tenfold as tf
from tenfold import checks, memory
from tenfold.errors import BackendError, DataError
from tenfold.networks import generators
from tenfold.spread.library import sir


def test_control_groups_of_both_versions(tmp_path):
    """The least of the groups above counts; what they cache makes room."""
    for folder, limit, used in (("", None, None), ("a", "5000", "1000"), ("a/b", "max", "900")):
        group = tmp_path / folder
        group.mkdir(exist_ok=True)
        if limit:
            (group / "memory.max").write_text(limit)
            (group / "memory.current").write_text(used)
    (tmp_path / "a" / "memory.stat").write_text("anon 1\ninactive_file 300\n")
    (tmp_path / "own").write_text("0::/a/b\n")
    assert memory._control_groups(str(tmp_path), str(tmp_path / "own")) == [4300]
    old = tmp_path / "memory"
    (old / "c").mkdir(parents=True)
    (old / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    (old / "memory.usage_in_bytes").write_text("1\n")
    (old / "c" / "memory.limit_in_bytes").write_text("7000\n")
    (old / "c" / "memory.usage_in_bytes").write_text("500\n")
    (tmp_path / "own").write_text("4:memory:/c\n3:cpu,cpuacct:/\n")
    assert memory._control_groups(str(tmp_path), str(tmp_path / "own")) == [6500]


def test_a_limit_of_address_space_counts():
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (2**40, before[1]))
        assert 0 < memory._address_space()[0] < 2**40
        assert memory.available_memory() < 2**40
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


RING = tf.Graph.from_edges([0, 1, 2], [1, 2, 0])


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: tf.simulate(sir(), RING, steps=2**31 - 1, start={"I": 1}), "fewer steps or replicates"),
        (lambda: tf.simulate(sir(), RING, steps=9, start={"I": 1}, replicates=2**31), "fewer steps or replicates"),
        (lambda: tf.simulate(sir(), 2**31 - 2, steps=9, start={"I": 1}), "fewer people"),
        (lambda: generators.erdos_renyi(10**8, 10.0), "500000000 edges need"),
        (lambda: generators.regular(10**8, 20), "people of degree 20 need"),
        (lambda: generators.stochastic_block([10**8], [[10.0]]), "Lower sizes or mean_degree"),
        (lambda: generators.configuration(np.full(10**6, 200)), "stubs need"),
        (lambda: tf.Graph.from_edges([0], [1], 2**31 - 2), "2147483646 people"),
        (lambda: tf.Groups.circles(2**31 - 2), "people in circles need"),
        (lambda: tf.Temporal.from_contacts([0, 9 * 10**7], [0, 1], [1, 2], window=1), "Take longer windows"),
        (lambda: tf.Temporal.from_intervals([0], [9 * 10**7], [0], [1], window=1), "Take longer windows"),
        (lambda: tf.run_world(tf.World(1000), steps=2**31 - 2), "Ask for fewer"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_taken(monkeypatch, ask, words):
    monkeypatch.setattr(memory, "available_memory", lambda: 500_000_000)
    with pytest.raises(BackendError, match=f"of memory; 500 MB are free.*|{words}") as error:
        ask()
    assert words in str(error.value)


def test_reading_takes_eight_times_the_file_or_a_gigabyte():
    checks.reading(10**9, 10, "x.csv", "Split it")
    checks.reading(16 * 10**9, 2 * 10**9, "x.csv", "Split it")
    with pytest.raises(
        DataError, match=r"x.csv: takes about 1.1 GB of memory to read; at most 1 GB are taken for 10 bytes. Split it."
    ):
        checks.reading(11 * 10**8, 10, "x.csv", "Split it")
