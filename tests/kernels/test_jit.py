"""How kernels are compiled: both ways give the same bits, and an untried numba is compiled the plain way."""

import os
import subprocess
import sys

import numba
import numpy as np
import pytest

import tenfold as tf
from tenfold.kernels import jit
from tenfold.kernels.rng import bernoulli_bits, draw, uniform_integer

SAMPLE = """
import numpy as np
import tenfold as tf
from tenfold.kernels import jit
from tenfold.kernels.rng import bernoulli_bits, draw, uniform_integer
print(jit.PLAIN)
print(sample())
"""


def sample() -> str:
    """Draws, a network, an epidemic in steps and one on the continuous clock, as text."""
    words = [int(draw(1, 2, 3, 4, who, 6)) for who in range(5)]
    words += [int(uniform_integer(10, 1, 0, 2, 3, who, 0)) for who in range(5)]
    words += [int(bernoulli_bits(np.uint64(1 << 30), np.uint64(0xFFFFFFFF), 1, 2, who, 0, 5, 6)) for who in range(5)]
    graph = tf.generators.watts_strogatz(300, 6, 0.1, seed=3)
    counts = []
    for model, clock in ((tf.models.sir(), "steps"), (tf.models.sir(rate=1.0, recovery_rate=0.5), "continuous")):
        found = tf.simulate(model, graph, steps=12, start={"I": [0, 5]}, replicates=3, seed=4, clock=clock)
        counts.append(found.counts.tolist())
    return f"{words} {counts}"


def test_the_plain_way_gives_the_same_bits(tmp_path):
    import inspect

    code = inspect.getsource(sample) + SAMPLE
    lines = {}
    for way in ("plain", ""):
        environment = os.environ | {"TENFOLD_JIT": way}
        if way:
            environment["TENFOLD_CACHE"] = str(tmp_path)
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        lines[way] = ran.stdout.splitlines()
    assert lines["plain"][0] == "True"
    assert lines[""][0] == str(not jit.TRIED[0] <= tuple(map(int, numba.__version__.split(".")[:2])) <= jit.TRIED[1])
    assert lines["plain"][1] == lines[""][1] == sample()


LEAKS = """
from numba.core.runtime import rtsys
def held() -> int:
    stats = rtsys.get_allocation_stats()
    return stats.mi_alloc - stats.mi_free
sample()
before, made = held(), rtsys.get_allocation_stats().mi_alloc
sample()
print(rtsys.get_allocation_stats().mi_alloc > made, held() - before)
"""


def test_kernels_that_borrow_arrays_leave_none_behind():
    """A part that counts no references must not take an array from a call, as nobody would give that one back."""
    import inspect

    code = inspect.getsource(sample) + SAMPLE.replace("print(sample())", "") + LEAKS
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"NUMBA_NRT_STATS": "1"}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "True 0"


@pytest.mark.parametrize(
    ("version", "plain"), [("0.60.1", True), ("0.61.0", False), ("0.68.1", False), ("0.69.0rc1", True), ("1.0.0", True)]
)
def test_a_numba_that_was_not_tried_is_used_the_plain_way(monkeypatch, version, plain):
    monkeypatch.delenv("TENFOLD_JIT", raising=False)
    monkeypatch.setattr(numba, "__version__", version)
    assert jit._is_plain() is plain
    monkeypatch.setenv("TENFOLD_JIT", "plain")
    assert jit._is_plain()
